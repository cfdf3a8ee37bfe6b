"""When somebody works: open time from weekly hours, holidays and absences, and what of a span is open.

Moments are naive UTC. Hours are local wall-clock time, so a night on which clocks change is an hour shorter
or longer, and nothing else needs to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from accord.errors import AccordError
from accord.promises.zones import offset, pieces

if TYPE_CHECKING:
    from accord.agreement.models import OpenBlock

LONGEST = timedelta(days=5 * 366)
"""How far ahead a due moment is looked for."""


class NoOpenTime(AccordError):
    """A calendar never opens, or not for years."""

    code = "no_open_time"


class Why(StrEnum):
    """Why a stretch of time counts or does not."""

    OPEN = "open"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"
    AWAY = "away"


@dataclass(frozen=True)
class Span:
    """A stretch [since, until) of naive UTC."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since


@dataclass(frozen=True)
class Stretch(Span):
    """A stretch of time of which all counts, or nothing does, with the reason."""

    why: Why


@dataclass(frozen=True)
class OpenTime:
    """Somebody's working time. `hours` by weekday (0 is Monday) and `holidays` are local to `zone`."""

    zone: str
    hours: Mapping[int, tuple[OpenBlock, ...]]
    holidays: frozenset[date] = frozenset()
    away: tuple[Span, ...] = field(default=())

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """[start, end) without gaps, in order, neighbours of the same kind joined."""
        yield from _joined(self._with_absences(start, end))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much of [start, end) is open."""
        return sum((s.length for s in self.stretches(start, end) if s.why is Why.OPEN), timedelta())

    def end_of_working_day(self, start: datetime, number: int) -> datetime:
        """When the `number`-th working day after the local day of `start` closes. Raises NoOpenTime.

        A working day is a local day with any open time.
        """
        ends: dict[date, datetime] = {}
        first, at = (start + offset(self.zone, start)).date(), start
        while at - start <= LONGEST:
            for stretch in self.stretches(at, at + timedelta(days=14)):
                day = (stretch.since + offset(self.zone, stretch.since)).date()
                if stretch.why is Why.OPEN and day > first:
                    ends[day] = stretch.until
            at += timedelta(days=14)
            if len(ends) > number:  # one more, for the last may go on after this fortnight
                return ends[sorted(ends)[number - 1]]
        raise NoOpenTime(
            f"There are not {number} working days in the five years after {start:%Y-%m-%d}.",
            mend="Give the calendar working hours.",
        )

    def _with_absences(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """The stretches; open ones during an absence are cut out of it."""
        gone = sorted((a for a in self.away if a.until > start and a.since < end), key=lambda a: a.since)
        for stretch in self._calendar(start, end):
            if stretch.why is not Why.OPEN:
                yield stretch
                continue
            at = stretch.since
            for absence in gone:
                since, until = max(absence.since, at), min(absence.until, stretch.until)
                if since < until:
                    if at < since:
                        yield Stretch(at, since, Why.OPEN)
                    yield Stretch(since, until, Why.AWAY)
                    at = until
            if at < stretch.until:
                yield Stretch(at, stretch.until, Why.OPEN)

    def _calendar(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """The stretches of weekly hours and holidays."""
        for since, until, shift in pieces(self.zone, start, end):
            at = since
            while at < until:
                day = (at + shift).date()
                midnight = datetime.combine(day, time.min) - shift
                day_ends = min(midnight + timedelta(days=1), until)
                yield from self._day(day, midnight, at, day_ends)
                at = day_ends

    def _day(self, day: date, midnight: datetime, since: datetime, until: datetime) -> Iterator[Stretch]:
        """The stretches of [since, until), all on one local day that began, by its clocks, at `midnight`."""
        if day in self.holidays:
            yield Stretch(since, until, Why.HOLIDAY)
            return
        at = since
        for opens, closes in sorted(block.minutes for block in self.hours.get(day.weekday(), ())):
            first = max(at, midnight + timedelta(minutes=opens))
            last = min(until, midnight + timedelta(minutes=closes))
            if first < last:
                if at < first:
                    yield Stretch(at, first, Why.OUTSIDE_HOURS)
                yield Stretch(first, last, Why.OPEN)
                at = last
        if at < until:
            yield Stretch(at, until, Why.OUTSIDE_HOURS)


def _joined(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Neighbours of the same kind as one."""
    last: Stretch | None = None
    for stretch in stretches:
        if last is not None and last.why is stretch.why:
            last = Stretch(last.since, stretch.until, last.why)
            continue
        if last is not None:
            yield last
        last = stretch
    if last is not None:
        yield last
