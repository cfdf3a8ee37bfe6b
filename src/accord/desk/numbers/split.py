"""A KPI by channel and by segment, each with the number of facts that stand behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accord.desk.shell.words import segment_words

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters
    from accord.insight.metrics import Kpi


def split(reading: Reading, filters: Filters, kpi: Kpi, by: str) -> list[dict[str, Any]]:
    """Rows `{name, value, volume, address}` of each channel or segment (`by`) with any facts, the most first.

    Empty where the page is filtered by it already.
    """
    if getattr(filters, by):
        return []
    names = {name: name for name in reading.channels} if by == "channel" else segment_words(reading.agreement)
    rows = []
    for value, name in names.items():
        found = next(r for r in reading.scoreboard(filters, **{by: value}) if r["kpi"] == kpi.name)
        volume = max(found["facts"].values(), default=0)
        if volume:
            address = filters.address(**{by: value})
            rows.append({"name": name, "value": found["value"], "volume": volume, "address": address})
    return sorted(rows, key=lambda row: -row["volume"])
