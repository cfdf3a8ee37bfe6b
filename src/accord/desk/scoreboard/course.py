"""How revenue came in over the period, against even pace to its target and against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accord.desk.shell import formats
from accord.desk.shell.charts import ROWS, chart

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters


@dataclass(frozen=True)
class Course:
    """Revenue of the asked period: its chart, and the booking days as rows `{at, booked, total}`."""

    chart: dict[str, Any]
    rows: list[dict[str, Any]]


def course(reading: Reading, filters: Filters, target: Decimal | None) -> Course | None:
    """The course of revenue; None if nothing was booked in the period or the one before."""
    rows = reading.booked(filters)
    before = _before(reading, filters)
    if not rows and not before:
        return None
    start, end = filters.period.start, filters.period.end
    until = min(filters.now, end)
    lines = [_line(_("Booked"), start, until, rows)]
    if before:
        lines.append(_line(_("Period before"), start, end, before))
    if target:
        lines.append([_point(_("Even pace"), start, 0), _point(_("Even pace"), end, target)])
    total = rows[-1]["total"] if rows else Decimal(0)
    label = _("Revenue booked in %(period)s: %(total)s") % {
        "period": filters.title,
        "total": formats.exact(total, "money", reading.agreement.currency),
    }
    points = [point for line in lines for point in line]
    return Course(chart(_spec(), points, label), rows)


def _before(reading: Reading, filters: Filters) -> list[dict[str, Any]]:
    """The period before, laid over the asked one day by day."""
    if filters.previous is None:
        return []
    shift = filters.period.start - filters.previous.start
    rows = reading.booked(filters, start=filters.previous.start, end=filters.previous.end)
    return [{**row, "at": row["at"] + shift} for row in rows if row["at"] + shift < filters.period.end]


def _line(name: str, start: datetime, until: datetime, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A line that begins at nothing, steps up at each day's end and reaches to `until`."""
    line, total = [_point(name, start, 0)], Decimal(0)
    for row in rows:
        at = min(row["at"] + timedelta(days=1), until)
        line += [_point(name, at, total), _point(name, at, row["total"])]
        total = row["total"]
    return [*line, _point(name, until, total)]


def _point(name: str, at: datetime, total: Decimal | int) -> dict[str, Any]:
    return {"line": name, "at": at, "total": total}


@lru_cache(maxsize=1)
def _spec() -> dict[str, Any]:
    import altair as alt

    names = [_("Booked"), _("Period before"), _("Even pace")]
    colours, dashes = ["#5d676f", "#9aa3aa", "#9aa3aa"], [[1, 0], [1, 0], [4, 4]]
    spec: dict[str, Any] = (
        alt.Chart(alt.NamedData(ROWS))
        .mark_line()
        .encode(
            x=alt.X("at:T", title=None, axis=alt.Axis(format="%-d %b", tickCount=6)),
            y=alt.Y("total:Q", title=None, axis=alt.Axis(format="~s", tickCount=4)),
            color=alt.Color("line:N", title=None, scale=alt.Scale(domain=names, range=colours)),
            strokeDash=alt.StrokeDash("line:N", title=None, scale=alt.Scale(domain=names, range=dashes)),
            strokeWidth=alt.condition(alt.datum.line == names[0], alt.value(2.5), alt.value(1.5)),
        )
        .properties(width="container", height=260)
        .to_dict()
    )
    return spec
