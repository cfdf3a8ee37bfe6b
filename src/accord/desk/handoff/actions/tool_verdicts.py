"""Verdicts given in the tools: a mapped status change is one, with the actor and the time the tool tells.

If the desk and a tool disagree, the later verdict holds, and both are shown.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from accord.desk.handoff import announce
from accord.desk.handoff.actions.assign import undo_reassignment
from accord.desk.handoff.actions.breaches import break_those_late
from accord.desk.handoff.actions.verdicts import ENDING, stop
from accord.desk.handoff.models import Clock, Handoff, Verdict
from accord.desk.hours.calendars import aware, naive
from accord.desk.outbox.actions import SOURCE

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

STATES = {**ENDING, "accepted": Handoff.State.ACCEPTED, "qualified": Handoff.State.ACCEPTED}

_SAID = """
SELECT actors.actor AS name, leads.cycle_no, said.at, said.verdict, said.reason, said.note,
       coalesce(owners.name, said.owner_id, said.source) AS said_by
FROM actors
JOIN leads ON actors.person = leads.person
JOIN lead_verdicts AS said ON leads.lead = said.lead
LEFT JOIN owner_names AS owners ON said.owner_id = owners.owner_id
WHERE actors.actor IN (SELECT unnest(?)) AND said.source <> ?
ORDER BY said.at
"""


def take_verdicts(engine: Engine, agreement: Agreement, now: datetime) -> int:
    """Take in what was said in the tools of the leads in hand since they qualified; how many verdicts."""
    handoffs = list(Handoff.objects.exclude(state=Handoff.State.CLOSED).prefetch_related("verdicts"))
    if not handoffs:
        return 0
    said: defaultdict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in engine.query(_SAID, [sorted({h.person for h in handoffs}), SOURCE]).to_pylist():
        said[row["name"], row["cycle_no"]].append(row)
    return sum(
        _take(handoff, row, agreement, now)
        for handoff in handoffs
        for row in said[handoff.person, handoff.cycle_no]
        if row["at"] >= naive(handoff.decided_at) and row["verdict"] in STATES
    )


@transaction.atomic
def _take(handoff: Handoff, row: dict[str, Any], agreement: Agreement, now: datetime) -> int:
    """One verdict of a tool, once; it decides the state unless something later was said."""
    at = aware(row["at"])
    known = [verdict for verdict in handoff.verdicts.all() if verdict.said_by]
    if any(verdict.at == at and verdict.verdict == row["verdict"] for verdict in known):
        return 0
    said = Verdict.objects.create(
        handoff=handoff,
        verdict=row["verdict"],
        reason=row["reason"] or "",
        note=row["note"] or "",
        said_by=row["said_by"][:200],
        at=at,
    )
    _answered(handoff, at, agreement, now)
    if at >= _in_hand_since(handoff) and not handoff.verdicts.filter(at__gt=at).exists():
        handoff.state, handoff.state_at = STATES[row["verdict"]], at
        handoff.save(update_fields=["state", "state_at"])
        if not handoff.is_open:
            stop(handoff, row["at"])
        if handoff.state == Handoff.State.RETURNED:
            announce.returned(handoff, said, now, agreement)
    return 1


def _in_hand_since(handoff: Handoff) -> datetime:
    """When sales got the lead, or got it again after it had rested: what was said before decides no more."""
    last: datetime | None = handoff.clocks.aggregate(last=Max("started_at"))["last"]
    if last is None or handoff.origin == Handoff.Origin.ADOPTED_FRESH:
        return handoff.decided_at
    return max(last, handoff.decided_at)


def _answered(handoff: Handoff, at: datetime, agreement: Agreement, now: datetime) -> None:
    """The answer's clock ended then; a breach it was in time for is taken back."""
    clock = handoff.clocks.filter(promise=Clock.Promise.ACCEPT).order_by("-started_at").first()
    if clock is None or at < clock.started_at or (clock.met_at is not None and clock.met_at <= at):
        return
    break_those_late(Clock.objects.filter(pk=clock.pk), naive(at), now)
    clock.refresh_from_db(fields=["broken_at", "noticed_at"])
    clock.state, clock.met_at, clock.ended_at, clock.unconfirmed = Clock.State.MET, at, at, False
    withdrawn = clock.broken_at is not None and at <= clock.broken_at and clock.withdrawn_at is None
    if withdrawn:
        clock.withdrawn_at = aware(now)
    clock.save(update_fields=["state", "met_at", "ended_at", "unconfirmed", "withdrawn_at"])
    if withdrawn:
        announce.withdrawn(clock, now)
        undo_reassignment(clock, agreement, now)
