"""How the numbers of sealed reports stand against the build that is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.insight.restatement import Restated, changed

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters
    from accord.sealing import Sealed


@dataclass(frozen=True)
class Standing:
    """A sealed report with those of its numbers that differ now, yet without their causes."""

    sealed: Sealed
    changed: list[Restated]


def standing(reading: Reading, sealed: Sealed) -> Standing:
    """All numbers of a sealed report against the build."""
    return Standing(sealed, changed(sealed.numbers, reading.sealable(sealed.start_at, sealed.end_at)))


def on_scoreboard(sealed: Sealed, rows: Iterable[dict[str, Any]]) -> Standing:
    """Those of its numbers that a scoreboard of its period has, against the rows of one."""
    now = {row["kpi"]: row["value"] for row in rows}
    board = {number: value for number, value in sealed.numbers.items() if number.report == "scoreboard"}
    return Standing(sealed, changed(board, {number: now.get(number.of) for number in board}))


def of_scoreboard(reading: Reading, filters: Filters, rows: Iterable[dict[str, Any]]) -> list[Standing]:
    """The sealed reports of the very period of a scoreboard, against its rows; none if it is filtered."""
    if filters.channel or filters.segment or reading.as_if:
        return []
    asked = (filters.first_day, filters.day_after)
    every = reading.workspace.seals.all()
    return [on_scoreboard(sealed, rows) for sealed in every if (sealed.start, sealed.end) == asked]
