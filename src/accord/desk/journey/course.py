"""How the stages' conversion went over the last months: a chart and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accord.desk.shell.charts import ROWS, chart

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters
    from accord.insight.metrics.targets import Period

MONTHS = 12

COLOURS = ("#6a46a8", "#9a78ea", "#2a8f8a", "#c48000", "#5d676f", "#1d4fb8")
"""One for each line, told apart also by their dashes."""

DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3])


@dataclass(frozen=True)
class Course:
    """The chart, its months as rows (`label`, the funnel's `stages`), and the stages' names in order."""

    chart: dict[str, Any]
    months: list[dict[str, Any]]
    stages: list[str]


def course(reading: Reading, filters: Filters, labels: Sequence[str]) -> Course | None:
    """Conversion by month of entering, over the year up to the asked period; None with less than two months.

    `labels` are the stages' names, of the first to the last.
    """
    months = _months(reading, filters)
    if len(months) < 2:
        return None
    rows = reading.funnel(filters, start=months[0].start, end=months[-1].end, by="month")
    starts = {month.label: month.start for month in months}
    found, points = [], []
    for label, stages in groupby(
        (row for row in rows if row["month"] in starts), key=lambda row: row["month"]
    ):
        of_month = list(stages)
        found.append({"label": label, "stages": of_month[:-1]})
        points += [
            {
                "month": starts[label] + timedelta(days=14),
                "stage": labels[place],
                "conversion": row["conversion"],
            }
            for place, row in enumerate(of_month[:-1])
            if row["conversion"] is not None
        ]
    said = _("The share of leads that went on from each stage, by the month they entered it")
    return Course(chart(_spec(tuple(labels[:-1])), points, said), found, list(labels[:-1]))


def _months(reading: Reading, filters: Filters) -> list[Period]:
    latest = min(filters.period.end, filters.now)
    known = [p for p in reading.periods if p.kind == "month" and reading.first_known < p.end]
    return [p for p in known if p.start < latest][-MONTHS:]


@lru_cache(maxsize=8)
def _spec(stages: tuple[str, ...]) -> dict[str, Any]:
    import altair as alt

    names = list(stages)
    spec: dict[str, Any] = (
        alt.Chart(alt.NamedData(ROWS))
        .mark_line(point=True)
        .encode(
            x=alt.X("month:T", title=None, axis=alt.Axis(format="%b %y", tickCount="month")),
            y=alt.Y("conversion:Q", title=None, axis=alt.Axis(format="%", tickCount=5)),
            color=alt.Color("stage:N", title=None, scale=alt.Scale(domain=names, range=list(COLOURS))),
            strokeDash=alt.StrokeDash(
                "stage:N", title=None, scale=alt.Scale(domain=names, range=list(DASHES))
            ),
        )
        .properties(width="container", height=260)
        .to_dict()
    )
    return spec
