"""A KPI over the last periods of the asked kind: a chart and its table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accord.desk.shell.charts import ROWS, chart
from accord.desk.shell.filters import title

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.scoreboard.periods import Rows
    from accord.desk.shell.filters import Filters
    from accord.insight.metrics import Kpi


@dataclass(frozen=True)
class Trend:
    """The chart, and its periods, oldest first: the scoreboard's rows with the period's title and address."""

    chart: dict[str, Any]
    rows: list[dict[str, Any]]


def trend(reading: Reading, filters: Filters, kpi: Kpi, rows: Rows) -> Trend | None:
    """The trend from the rows of the last periods; None with fewer than two."""
    periods = {p.label: p for p in reading.periods if p.kind == filters.period.kind}
    found = [
        {
            **row,
            "title": title(periods[row["period"]], filters.zone),
            "address": filters.address(period=row["period"]),
        }
        for row in rows
        if row["kpi"] == kpi.name
    ]
    if len(found) < 2:
        return None
    points = [{"period": row["title"], "value": row["value"], "target": row["target"]} for row in found]
    label = _("%(kpi)s over the last %(number)s periods") % {"kpi": kpi.label, "number": len(found)}
    promised = any(row["target"] is not None for row in found)
    spec = _spec(kpi.unit in ("count", "money"), kpi.unit == "share", promised)
    return Trend(chart(spec, points, label), found)


@lru_cache(maxsize=8)
def _spec(sums: bool, share: bool, promised: bool) -> dict[str, Any]:
    """Bars for what sums, a line for what does not; a dash where something was promised."""
    import altair as alt

    axis = alt.Axis(labelAngle=0, labelOverlap=True)
    base = alt.Chart(alt.NamedData(ROWS)).encode(x=alt.X("period:N", title=None, sort=None, axis=axis))
    value = alt.Y("value:Q", title=None, axis=alt.Axis(format="%" if share else "~s", tickCount=5))
    shape = (base.mark_bar() if sums else base.mark_line(point=True)).encode(y=value)
    goal = base.mark_tick(thickness=2, color="#c48000").encode(y="target:Q")
    shown = alt.layer(shape, goal) if promised else alt.layer(shape)
    spec: dict[str, Any] = shown.properties(width="container", height=240).to_dict()
    return spec
