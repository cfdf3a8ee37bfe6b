"""The scoreboard of a period, of the one before it, and of the last ones of its kind, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.desk.shell.filters import KINDS

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters
    from accord.insight.metrics.targets import Period

TREND = 12
"""How many periods a sparkline shows."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Scoreboards:
    """Rows of the asked period, of the period before (none if it is not known), and of the last ones."""

    asked: Rows
    before: Rows
    trend: Rows


def scoreboards(reading: Reading, filters: Filters) -> Scoreboards:
    """The scoreboards a page shows for its filters."""
    last = _last_periods(reading, filters)
    if filters.period not in last:
        return Scoreboards(reading.scoreboard(filters), [], [])
    trend = reading.scoreboard(filters, start=last[0].start, end=last[-1].end, by=filters.period.kind)
    by_label: dict[str, Rows] = {}
    for row in trend:
        by_label.setdefault(row["period"], []).append(row)
    before = by_label.get(filters.previous.label, []) if filters.previous else []
    return Scoreboards(by_label[filters.period.label], before, trend)


def _last_periods(reading: Reading, filters: Filters) -> list[Period]:
    """The last periods of the asked kind with anything known, up to the asked one."""
    kind = filters.period.kind
    if kind not in KINDS:
        return []
    kin = [p for p in reading.periods if p.kind == kind and p.end <= filters.period.end]
    return [p for p in kin if p.end > reading.first_known][-TREND:]
