"""How a promised number stands in a running period, and where it ends at the present rate.

The rate is per open time of the agreement's calendar, so that a week-end or a holiday is no slack.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from accord.promises.open_time import OpenTime

State = Literal["kept", "ok", "risk", "broken"]


@dataclass(frozen=True)
class Pace:
    """`done` of `owed`, when `gone` of the period's `whole` open time has passed."""

    owed: int
    done: int
    gone: timedelta
    whole: timedelta

    @property
    def due(self) -> int:
        """How many should be done by now, at an even pace; nobody owes a part of one."""
        return self.owed * min(self.gone, self.whole) // self.whole if self.whole else self.owed

    @property
    def short(self) -> int:
        """How many are missing of those due by now."""
        return max(0, self.due - self.done)

    @property
    def forecast(self) -> int | None:
        """How many it will be at the period's end at the present rate; None before any open time."""
        return self.done * max(self.gone, self.whole) // self.gone if self.gone else None

    @property
    def state(self) -> State:
        """Kept already, or on track, at risk by the forecast, broken once the period is over."""
        if self.done >= self.owed:
            return "kept"
        if self.gone >= self.whole:
            return "broken"
        return "ok" if self.forecast is None or self.forecast >= self.owed else "risk"


def pace(owed: int, done: int, open_time: OpenTime, start: datetime, end: datetime, now: datetime) -> Pace:
    """The pace at `now` of what is owed in [start, end)."""
    until = max(start, min(now, end))
    return Pace(owed, done, open_time.elapsed(start, until), open_time.elapsed(start, end))


def debt_after(periods: Iterable[tuple[int, int]]) -> int:
    """What is still owed after periods of (owed, done) in order: what is short in one carries into the next;
    what is done beyond pays it back, and nothing is saved up."""
    debt = 0
    for owed, done in periods:
        debt = max(0, debt + owed - done)
    return debt
