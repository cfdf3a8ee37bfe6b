"""A clock of the desk as the arithmetic of promises reads it, and what follows from it: due moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from accord.agreement.durations import Duration
from accord.desk.handoff.models import Assignment, Clock, Handoff
from accord.desk.hours.calendars import aware, naive, open_time_of
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

    def of(self, user: User | None) -> OpenTime:
        """The working time of a person; of the pool for None."""
        return self._of(user)


def counted(row: Clock, calendars: Calendars) -> counting.Clock:
    """The clock with the turns and holds of its handoff."""
    handoff = row.handoff
    started = naive(row.started_at)
    return counting.Clock(
        Duration(row.within_seconds, row.business),
        started,
        _turns(list(handoff.assignments.all()), started, calendars),
        tuple(
            counting.Hold(naive(hold.since), naive(hold.until) if hold.until else None, hold.reason)
            for hold in handoff.holds.all()
        ),
    )


def schedule(handoff: Handoff, calendars: Calendars) -> None:
    """Store anew when the handoff's running clocks and their undone rungs are due; what is broken stays."""
    running = handoff.clocks.filter(state=Clock.State.RUNNING).prefetch_related("rungs")
    for row in running:
        clock = counted(row, calendars)
        if row.noticed_at is None:
            due = clock.due_at()
            row.due_at = aware(due) if due else None
            row.save(update_fields=["due_at"])
        for rung in row.rungs.all():
            if rung.done_at is None:
                at = clock.due_at(rung.percent / 100)
                rung.due_at = aware(at) if at else None
                rung.save(update_fields=["due_at"])


def _turns(
    assignments: Sequence[Assignment], started: datetime, calendars: Calendars
) -> tuple[counting.Turn, ...]:
    """Whose time counts from when: the last assignment before the start, then each later one."""
    turns = [
        counting.Turn(naive(a.at), a.owner.email if a.owner else None, calendars.of(a.owner))
        for a in assignments
    ]
    before = [turn for turn in turns if turn.since <= started]
    after = [turn for turn in turns if turn.since > started]
    first = before[-1] if before else counting.Turn(started, None, calendars.of(None))
    return (counting.Turn(started, first.owner, first.open_time), *after)
