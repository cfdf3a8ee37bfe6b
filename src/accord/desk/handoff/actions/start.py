"""The clocks of sales' promises are started, each with its escalation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects

from accord.desk.handoff.clocks import Calendars, course_of, set_due
from accord.desk.handoff.models import Clock, Handoff, Rung
from accord.desk.hours.calendars import aware

if TYPE_CHECKING:
    from accord.agreement import Agreement


def start_clocks(handoffs: Sequence[Handoff], calendars: Calendars, at: datetime | None = None) -> None:
    """Start the clocks of sales' promises, each with its escalation: at a moment (naive UTC), or when each of
    the leads qualified."""
    run(
        handoffs,
        calendars,
        lambda handoff: _clocks(handoff, calendars.agreement, aware(at) if at else handoff.decided_at),
    )


def run(
    handoffs: Sequence[Handoff], calendars: Calendars, begun: Callable[[Handoff], Iterable[Clock]]
) -> list[Clock]:
    """Store the clocks that begin on each of the handoffs, with their due moments and escalations."""
    prefetch_related_objects(handoffs, "assignments__owner", "holds")
    clocks: list[Clock] = []
    rungs: list[Rung] = []
    for handoff in handoffs:
        course = course_of(handoff, calendars)
        for clock in begun(handoff):
            steps = [
                Rung(clock=clock, percent=rung.at, action=rung.do or f"tell {rung.tell}")
                for rung in calendars.agreement.sla.escalate
            ]
            set_due(clock, steps, course.clock(clock))
            clocks.append(clock)
            rungs += steps
    Clock.objects.bulk_create(clocks)
    Rung.objects.bulk_create(rungs)
    return clocks


def _clocks(handoff: Handoff, agreement: Agreement, started_at: datetime) -> Iterator[Clock]:
    """A clock for each of sales' promises, unsaved."""
    sales = agreement.sla.sales
    clauses: dict[str, Any] = {
        Clock.Promise.ACCEPT: sales.accept,
        Clock.Promise.FIRST_CONTACT: sales.first_contact,
        Clock.Promise.FOLLOW_UP: sales.follow_up,
    }
    for promise, clause in clauses.items():
        if clause is not None:
            yield Clock(
                handoff=handoff,
                promise=promise,
                within_seconds=clause.within.seconds,
                business=clause.within.business,
                evidence=getattr(clause, "evidence", ""),
                attempts=getattr(clause, "attempts", None),
                version=agreement.behaviour_hash,
                started_at=started_at,
            )
