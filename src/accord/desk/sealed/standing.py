"""How the numbers of sealed reports stand against the build that is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accord.insight.restatement import Cause, Restated, itemise

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters
    from accord.insight.restatement import Numbers
    from accord.sealing import Sealed


@dataclass(frozen=True)
class Standing:
    """A sealed report with those of its numbers that differ now, yet without their causes."""

    sealed: Sealed
    changed: list[Restated]


def standing(reading: Reading, sealed: Sealed) -> Standing:
    """All numbers of a sealed report against the build."""
    now = reading.sealable(sealed.start_at, sealed.end_at)
    return Standing(sealed, itemise(sealed.numbers, [(Cause.NOT_ITEMISED, now)]))


def of_scoreboard(reading: Reading, filters: Filters, rows: Iterable[dict[str, Any]]) -> list[Standing]:
    """The sealed reports of the very period of a scoreboard, against its rows; none if it is filtered."""
    if filters.channel or filters.segment or reading.as_if:
        return []
    asked = (filters.first_day, filters.day_after)
    now: dict[str, Decimal | None] = {row["kpi"]: row["value"] for row in rows}
    return [
        Standing(sealed, itemise(_board(sealed.numbers), [(Cause.NOT_ITEMISED, _now(sealed.numbers, now))]))
        for sealed in reading.workspace.seals.all()
        if (sealed.start, sealed.end) == asked
    ]


def _board(sealed: Numbers) -> Numbers:
    return {number: value for number, value in sealed.items() if number.report == "scoreboard"}


def _now(sealed: Numbers, now: dict[str, Decimal | None]) -> Numbers:
    return {number: now.get(number.of) for number in _board(sealed)}
