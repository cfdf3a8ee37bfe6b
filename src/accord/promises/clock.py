"""A clock on one promise: when it is due, how much of its time has passed, and the receipt line by line.

A clock keeps the clause it started under. Time counts by the calendar of whoever the lead is with then
(business hours) or always (elapsed hours), and never while the clock is on hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from accord.agreement.durations import Duration
from accord.promises.open_time import LONGEST, NoOpenTime, OpenTime, Why

FOREVER = datetime(9999, 12, 31)
HOLD = "hold"
COUNTED = frozenset({Why.OPEN.value, "elapsed"})


@dataclass(frozen=True)
class Turn:
    """From `since` on the lead is with `owner` (None: in the pool), whose working time is `open_time`."""

    since: datetime
    owner: str | None
    open_time: OpenTime


@dataclass(frozen=True)
class Hold:
    """From `since` on the clock does not count, until `until` (None: still on hold), for a reason."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True)
class Line:
    """A stretch of a clock's time: whose, whether it counts, and why (`open`, `elapsed`, `outside_hours`,
    `holiday`, `away` or `hold`; `note` is a hold's reason)."""

    since: datetime
    until: datetime
    owner: str | None
    why: str
    note: str = ""

    @property
    def counts(self) -> bool:
        """Whether this time is counted."""
        return self.why in COUNTED

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since

    @property
    def counted(self) -> timedelta:
        """How much of it is counted: all or nothing."""
        return self.length if self.counts else timedelta()


@dataclass(frozen=True)
class Clock:
    """One promise's time. `turns` are in order, the first at or before `started_at`; holds do not overlap."""

    within: Duration
    started_at: datetime
    turns: tuple[Turn, ...]
    holds: tuple[Hold, ...] = ()

    def elapsed(self, at: datetime) -> timedelta:
        """The time counted from the start until `at`: the sum of the receipt's lines."""
        return sum((line.counted for line in self.receipt(at)), timedelta())

    def due_at(self, share: float = 1.0) -> datetime | None:
        """The first moment at which `share` of the time allowed has passed; None while a hold has no end.

        Raises NoOpenTime if that moment is years away.
        """
        left = timedelta(seconds=self.within.seconds) * share
        since = self.started_at
        while since - self.started_at <= LONGEST:
            until = since + timedelta(days=14)
            for line in self._lines(since, until):
                if line.counts and line.length >= left:
                    return line.since + left
                left -= line.counted
            if any(hold.until is None and hold.since <= until for hold in self.holds):
                return None
            since = until
        raise NoOpenTime(
            f"{self.within} after {self.started_at:%Y-%m-%d %H:%M} is years away.",
            mend="Give the owner's calendar working hours, or end the absence.",
        )

    def receipt(self, at: datetime) -> tuple[Line, ...]:
        """Every stretch from the start until `at`, counted or not; neighbours alike are joined."""
        return tuple(_joined(self._lines(self.started_at, at)))

    def _lines(self, start: datetime, end: datetime) -> Iterator[Line]:
        for hold, since, until in self._held(start, end):
            if hold is not None:
                yield Line(since, until, self._owner(since), HOLD, hold.reason)
                continue
            for turn, first, last in self._turns(since, until):
                if not self.within.business:
                    yield Line(first, last, turn.owner, "elapsed")
                    continue
                for stretch in turn.open_time.stretches(first, last):
                    yield Line(stretch.since, stretch.until, turn.owner, stretch.why.value)

    def _held(self, start: datetime, end: datetime) -> Iterator[tuple[Hold | None, datetime, datetime]]:
        """[start, end) cut into holds and what lies between them."""
        at = start
        for hold in sorted(self.holds, key=lambda hold: hold.since):
            since, until = max(hold.since, at), min(hold.until or FOREVER, end)
            if since < until:
                if at < since:
                    yield None, at, since
                yield hold, since, until
                at = until
        if at < end:
            yield None, at, end

    def _turns(self, start: datetime, end: datetime) -> Iterator[tuple[Turn, datetime, datetime]]:
        """[start, end) cut where the lead changes hands."""
        changes = [start, *(turn.since for turn in self.turns[1:]), end]
        for turn, (since, until) in zip(self.turns, pairwise(changes), strict=True):
            first, last = max(start, since), min(end, until)
            if first < last:
                yield turn, first, last

    def _owner(self, at: datetime) -> str | None:
        held = [turn.owner for turn in self.turns if turn.since <= at]
        return held[-1] if held else self.turns[0].owner


def _joined(lines: Iterator[Line]) -> Iterator[Line]:
    last: Line | None = None
    for line in lines:
        same = last is not None and (last.owner, last.why, last.note) == (line.owner, line.why, line.note)
        if last is not None and same and last.until == line.since:
            last = Line(last.since, line.until, line.owner, line.why, line.note)
            continue
        if last is not None:
            yield last
        last = line
    if last is not None:
        yield last


def total(lines: Sequence[Line]) -> timedelta:
    """What the lines of a receipt add up to."""
    return sum((line.counted for line in lines), timedelta())
