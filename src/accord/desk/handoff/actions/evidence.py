"""What the tools show of the promises: clocks met by activities, breaches taken back, leads that ended.

Read from a build, so the order in which facts arrived plays no part: a call found late, but made in time,
takes the breach back visibly.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from accord.desk.handoff import announce
from accord.desk.handoff.actions.assign import undo_reassignment
from accord.desk.handoff.actions.breaches import break_those_late
from accord.desk.handoff.actions.moves import move
from accord.desk.handoff.actions.verdicts import stop
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.hours.calendars import aware, naive
from accord.promises.evidence import Event, attempts_made, attempts_so_far, first_shown

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

BY_ACTIVITY = (Clock.Promise.FIRST_CONTACT, Clock.Promise.FOLLOW_UP)

_EVENTS = """
SELECT actors.actor AS name, events.at, events.kind, events.direction, events.outcome,
       events.quality = 'human' AS human
FROM actors
JOIN timeline AS events ON actors.person = events.person
WHERE actors.actor IN (SELECT unnest(?)) AND events.team = 'sales' AND events.counted AND events.at >= ?
"""
_ENDED = """
SELECT actors.actor AS name, leads.cycle_no, leads.closed_at, leads.closed_by
FROM actors
JOIN leads ON actors.person = leads.person
WHERE actors.actor IN (SELECT unnest(?)) AND leads.closed_at IS NOT NULL
"""


def events_of(engine: Engine, people: list[str], since: datetime) -> dict[str, list[Event]]:
    """What sellers did with each of the people since a moment (naive UTC), by their handoff's name."""
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for row in engine.query(_EVENTS, [people, since]).to_pylist():
        found[row.pop("name")].append(Event(**row))
    return found


def attempted(engine: Engine, handoff: Handoff, now: datetime) -> bool:
    """Whether the tools show that anybody has tried to reach the lead's person since it qualified."""
    since = naive(handoff.decided_at)
    return attempts_so_far(events_of(engine, [handoff.person], since)[handoff.person], since, now) > 0


def take_in(engine: Engine, agreement: Agreement, now: datetime) -> int:
    """Apply what a build shows to all clocks it may matter to; how many changed.

    A breach that is taken back undoes the reassignment it caused, unless somebody has acted on it.
    """
    clocks = list(_clocks().select_related("handoff", "handoff__owner"))
    if not clocks:
        return 0
    people = sorted({clock.handoff.person for clock in clocks})
    events = events_of(engine, people, min(naive(clock.started_at) for clock in clocks))
    return sum(apply(clock, _shown(clock, events[clock.handoff.person]), agreement, now) for clock in clocks)


def close_ended(engine: Engine, now: datetime) -> int:
    """Close the handoffs whose lead has ended in the tools: won, lost, disqualified there; how many.

    A lead that rests until its return, or has come back from it, ends with a later cycle of its person, too.
    """
    resting = Q(state=Handoff.State.RECYCLED, again_at__isnull=False)
    handoffs = list(Handoff.objects.filter(Q(state__in=Handoff.OPEN) | resting).prefetch_related("verdicts"))
    if not handoffs:
        return 0
    ended: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in engine.query(_ENDED, [sorted({handoff.person for handoff in handoffs})]).to_pylist():
        ended[row["name"]].append(row)
    return sum(
        _close(handoff, why, now)
        for handoff in handoffs
        if (why := _ending(handoff, ended[handoff.person])) is not None
    )


def _ending(handoff: Handoff, ended: list[dict[str, Any]]) -> str | None:
    """How the lead ended, if it did. Having been recycled by a verdict is a rest and no end."""
    recycled = any(verdict.verdict == "recycled" for verdict in handoff.verdicts.all())
    for row in sorted(ended, key=lambda row: row["cycle_no"]):
        same = row["cycle_no"] == handoff.cycle_no
        later = recycled and row["cycle_no"] > handoff.cycle_no
        if (same or later) and not (recycled and row["closed_by"] == "recycled"):
            return row["closed_by"] or ""
    return None


def _clocks() -> QuerySet[Clock]:
    """Clocks that activities may still change: those running, and broken ones that a late call may clear."""
    by_activity = Clock.objects.filter(promise__in=BY_ACTIVITY)
    running = by_activity.filter(state=Clock.State.RUNNING)
    broken = by_activity.filter(broken_at__isnull=False, withdrawn_at__isnull=True)
    return running | broken


@transaction.atomic
def apply(clock: Clock, shown: datetime | None, agreement: Agreement, now: datetime) -> int:
    """A clock's promise was fulfilled at `shown` (naive UTC), late or not; how many clocks changed.

    A breach it was in time for is taken back, and a reassignment for it undone.
    """
    if shown is None:
        return 0
    if clock.state == Clock.State.RUNNING:
        break_those_late(Clock.objects.filter(pk=clock.pk, state=clock.state), shown, now)
        clock.refresh_from_db(fields=["broken_at", "noticed_at", "unconfirmed"])
    changes: dict[str, object] = {}
    if clock.state == Clock.State.RUNNING:
        changes |= {"state": Clock.State.MET, "ended_at": aware(now), "unconfirmed": False}
    if clock.met_at is None or aware(shown) < clock.met_at:
        changes["met_at"] = aware(shown)
    in_time = clock.broken_at is not None and aware(shown) <= clock.broken_at
    if in_time and clock.withdrawn_at is None:
        changes["withdrawn_at"] = aware(now)
    if not changes or Clock.objects.filter(pk=clock.pk, state=clock.state).update(**changes) != 1:
        return 0
    if clock.promise in BY_ACTIVITY:
        move(clock.handoff, "contacted", aware(shown), clock.handoff.owner, clock.promise)
    if "withdrawn_at" in changes:
        move(
            clock.handoff,
            "resumed",
            aware(now),
            clock.handoff.owner,
            f"{clock.promise} was in time after all",
        )
        announce.withdrawn(clock, now)
        undo_reassignment(clock, agreement, now)
    return 1


def _shown(clock: Clock, events: list[Event]) -> datetime | None:
    """When the events show that the promise was kept, late or not."""
    since = naive(clock.started_at)
    if clock.promise == Clock.Promise.FOLLOW_UP:
        return attempts_made(events, clock.attempts or 1, since)
    return first_shown(events, clock.evidence, since)


@transaction.atomic
def _close(handoff: Handoff, why: str | None, now: datetime) -> int:
    asked = Handoff.objects.filter(pk=handoff.pk, state=handoff.state)
    if asked.update(state=Handoff.State.CLOSED, state_at=aware(now), again_at=None) != 1:
        return 0
    stop(handoff, now)
    move(handoff, "closed", aware(now), handoff.owner, why or "")
    if why == "won":
        announce.won(handoff, now)
    return 1
