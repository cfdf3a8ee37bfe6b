"""A clock of the desk as the arithmetic of promises reads it, and what follows from it: due moments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from accord.agreement.durations import Duration
from accord.desk.handoff.models import Clock, Handoff, Rung
from accord.desk.hours.calendars import aware, naive, open_time_of, open_times_of
from accord.promises import clock as counting
from accord.promises.open_time import OpenTime

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.teams.models import User


class Calendars:
    """Everybody's working time, each read once."""

    def __init__(self, agreement: Agreement, now: datetime) -> None:
        self.agreement, self.now = agreement, now
        self._of = cache(lambda user: open_time_of(user, agreement, now))
        self._over_time = cache(lambda user: open_times_of(user, agreement, now))

    def of(self, user: User | None) -> OpenTime:
        """The working time of a person; of the pool for None."""
        return self._of(user)

    def over_time(self, user: User | None) -> tuple[tuple[datetime, OpenTime], ...]:
        """The working times somebody has had one after the other, each with the moment it begins to hold."""
        return self._over_time(user)


@dataclass(frozen=True)
class Course:
    """To whom a handoff was given at which moments, and its holds: what its clocks count by."""

    given: tuple[tuple[datetime, User | None], ...]
    holds: tuple[counting.Hold, ...]
    calendars: Calendars

    def clock(self, row: Clock) -> counting.Clock:
        """A clock of the handoff."""
        started = naive(row.started_at)
        turns = _turns(self.given, started, self.calendars)
        return counting.Clock(Duration(row.within_seconds, row.business), started, turns, self.holds)


def course_of(handoff: Handoff, calendars: Calendars) -> Course:
    """The handoff's course, from its assignments and holds."""
    given = tuple((naive(assignment.at), assignment.owner) for assignment in handoff.assignments.all())
    holds = tuple(
        counting.Hold(naive(hold.since), naive(hold.until) if hold.until else None, hold.reason)
        for hold in handoff.holds.all()
    )
    return Course(given, holds, calendars)


def counted(row: Clock, calendars: Calendars) -> counting.Clock:
    """The clock with the turns and holds of its handoff."""
    return course_of(row.handoff, calendars).clock(row)


def schedule(handoff: Handoff, calendars: Calendars) -> None:
    """Store anew when the handoff's running clocks and their undone rungs are due; what is broken stays."""
    course = course_of(handoff, calendars)
    running = handoff.clocks.select_for_update().filter(state=Clock.State.RUNNING).prefetch_related("rungs")
    for row in running:
        rungs = [rung for rung in row.rungs.all() if rung.done_at is None]
        set_due(row, rungs, course.clock(row))
        row.save(update_fields=["due_at"])
        Rung.objects.bulk_update(rungs, ["due_at"])


def set_due(row: Clock, rungs: Iterable[Rung], clock: counting.Clock) -> None:
    """Put when they are due into a clock and its undone rungs, unsaved."""
    if row.noticed_at is None:
        row.due_at = _moment(clock.due_at())
    for rung in rungs:
        rung.due_at = _moment(clock.due_at(rung.percent / 100))


def _moment(due: datetime | None) -> datetime | None:
    return aware(due) if due else None


def _turns(
    given: Sequence[tuple[datetime, User | None]], started: datetime, calendars: Calendars
) -> tuple[counting.Turn, ...]:
    """Whose time counts from when: the last assignment before the start, then each later one.

    A turn ends, too, when its owner gets other hours: what was counted by the former ones stays.
    """
    before = [owner for since, owner in given if since <= started]
    held = [(started, before[-1] if before else None), *(one for one in given if one[0] > started)]
    ends = [*(since for since, _owner in held[1:]), counting.FOREVER]
    return tuple(
        turn
        for (since, owner), end in zip(held, ends, strict=True)
        for turn in _turns_of(owner, since, end, calendars)
    )


def _turns_of(
    owner: User | None, since: datetime, end: datetime, calendars: Calendars
) -> Iterator[counting.Turn]:
    """One owner's turn from `since` until `end`, cut where their hours changed."""
    hours = calendars.over_time(owner)
    for (begins, open_time), until in zip(hours, [*(b for b, _ in hours[1:]), counting.FOREVER], strict=True):
        first = max(since, begins)
        if first < min(end, until):
            yield counting.Turn(first, owner.email if owner else None, open_time)
