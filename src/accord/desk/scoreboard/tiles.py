"""KPI tiles: a row of the scoreboard as people see it, how it stands against its target, and its trend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from accord.desk.shell import formats
from accord.desk.shell.sparks import Spark, spark

if TYPE_CHECKING:
    from accord.desk.scoreboard.periods import Scoreboards
    from accord.desk.shell.filters import Filters
    from accord.insight.metrics import Kpi

State = Literal["ok", "risk", "bad"]

TILES = {
    "leading": {
        "both": ("mql_to_sal", "sal_to_sql", "opportunities", "pipeline"),
        "marketing": ("leads", "mql", "cost_per_mql"),
        "sales": ("first_contact", "never_contacted", "open_pipeline"),
    },
    "lagging": {
        "both": ("revenue", "wins", "cac", "lead_to_customer"),
        "marketing": ("campaign_roi", "roas", "cost_per_sql"),
        "sales": ("win_rate", "sales_cycle", "average_deal"),
    },
}
"""The KPIs shown as tiles, by kind and owner; the table below them has all."""

BESIDE = {"leads": "mql", "mql": "mql_to_sal", "pipeline": "win_rate", "first_contact": "never_contacted"}
"""The quality shown in a tile beside a volume or a speed."""


@dataclass(frozen=True)
class Tile:
    """One KPI: `row` from the scoreboard, `kpi` its definition, `beside` the quality that belongs to it."""

    kpi: Kpi
    row: dict[str, Any]
    state: State | None
    pace: Decimal | None
    before: dict[str, Any] | None
    beside: tuple[Kpi, dict[str, Any]] | None
    spark: Spark | None
    spark_label: str


def tiles(
    kpis: Sequence[Kpi],
    boards: Scoreboards,
    filters: Filters,
    currency: str,
) -> dict[str, Tile]:
    """A tile for every KPI, by name."""
    known = {kpi.name: kpi for kpi in kpis}
    of_now = {row["kpi"]: row for row in boards.asked}
    of_before = {row["kpi"]: row for row in boards.before}
    courses: defaultdict[str, list[Any]] = defaultdict(list)
    for row in boards.trend:
        courses[row["kpi"]].append(row["value"])
    return {
        name: _tile(known[name], row, of_now, known, courses[name], of_before.get(name), filters, currency)
        for name, row in of_now.items()
        if name in known
    }


def _tile(
    kpi: Kpi,
    row: dict[str, Any],
    rows: dict[str, dict[str, Any]],
    known: dict[str, Kpi],
    course: list[Any],
    before: dict[str, Any] | None,
    filters: Filters,
    currency: str,
) -> Tile:
    other = BESIDE.get(kpi.name)
    state, pace = standing(kpi, row, filters)
    line = spark([None if value is None else float(value) for value in course])
    return Tile(
        kpi=kpi,
        row=row,
        state=state,
        pace=pace,
        before=before,
        beside=(known[other], rows[other]) if other in rows and other in known else None,
        spark=line,
        spark_label=_("%(label)s over the last %(number)s periods, now %(value)s")
        % {
            "label": kpi.label,
            "number": len(course),
            "value": formats.exact(row["value"], kpi.unit, currency),
        },
    )


def standing(kpi: Kpi, row: dict[str, Any], filters: Filters) -> tuple[State | None, Decimal | None]:
    """How the value stands against its target, and what even pace would be by now.

    In a running period a sum is held against its share of the target by time gone; a rate against the whole.
    """
    value, target = row["value"], row["target"]
    if value is None or not target:
        return None, None
    sums = kpi.unit in ("count", "money") and kpi.per is None
    share = _gone(filters) if sums and filters.is_running else Decimal(1)
    due = target * share
    kept = value >= due if kpi.better == "higher" else value <= due
    missed: State = "risk" if filters.is_running else "bad"
    return ("ok" if kept else missed), (due if share < 1 else None)


def _gone(filters: Filters) -> Decimal:
    """The share of the period that has passed."""
    whole = filters.period.end - filters.period.start
    return Decimal((filters.now - filters.period.start) / whole)
