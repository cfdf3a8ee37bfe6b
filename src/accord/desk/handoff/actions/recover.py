"""After the desk's database came back from an older copy: what it has forgotten, told again by the ledger.

Each fact is applied as what it says happened, at its own moment; nobody is told anew, and no fact is put into
the outbox again. Not in the facts, and so not brought back: who covered for whom (the lead stays with who has
it), how often somebody's turn came, and whether anybody had tried before a return.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.handoff.actions.assign import team_of
from accord.desk.handoff.actions.contests import DAYS
from accord.desk.handoff.actions.make import Qualified, qualified
from accord.desk.handoff.actions.start import start_clocks
from accord.desk.handoff.actions.verdicts import ENDING, fulfil, stop
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.models import Assignment, Clock, Contest, Handoff, Hold, Rung, Verdict
from accord.desk.hours.calendars import aware, naive, open_time_of
from accord.desk.teams.models import Team, User

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.outbox.models import OutboxFact
    from accord.ledger.engine import Engine

OWNER = "accord:owner:"

log = logging.getLogger("accord.desk.handoff")


def recover(facts: Sequence[OutboxFact], engine: Engine | None, agreement: Agreement, now: datetime) -> int:
    """Apply forgotten facts to the handoffs they tell of, the oldest first; how many handoffs.

    `engine` reads the published build, if there is one. Within the transaction that remembers the facts.
    """
    recovery = _Recovery(engine, agreement, now)
    by_time = sorted(facts, key=lambda fact: fact.occurred_at)
    # First of all, for a promise may have been broken before its lead was given out.
    for do in (recovery.make, recovery.apply):
        for fact in by_time:
            _try(do, fact)
    for handoff in recovery.touched.values():
        if handoff.is_open:
            schedule(handoff, recovery.calendars)
    if facts:
        log.warning("%s facts the desk had forgotten: %s handoffs", len(facts), len(recovery.touched))
    return len(recovery.touched)


def _try(do: Callable[[OutboxFact], None], fact: OutboxFact) -> None:
    """One that cannot be applied keeps no other waiting, nor the desk from its work."""
    try:
        with transaction.atomic():
            do(fact)
    except Exception:
        log.exception("the forgotten fact %s cannot be applied", fact.key)


class _Recovery:
    """The handoffs as far as they have been brought back."""

    def __init__(self, engine: Engine | None, agreement: Agreement, now: datetime) -> None:
        self.agreement, self.calendars = agreement, Calendars(agreement, now)
        self.touched: dict[int, Handoff] = {}
        leads = qualified(engine, live=True) if engine else []
        self._qualified = {lead.key: lead for lead in leads}

    def make(self, fact: OutboxFact) -> None:
        """Make the handoff that a fact says was given out, unless there is one."""
        if fact.row.get("move") != "assigned" or self._named(fact) is not None:
            return
        lead, owner = self._qualified.get(_key(fact)), _user(fact.row.get("owner_id"))
        handoff = Handoff.objects.create(
            person=fact.row["actor"],
            cycle_no=fact.row["cycle_no"],
            stage=fact.row["stage"],
            decided_at=aware(lead.decided_at) if lead else fact.occurred_at,
            version=lead.version if lead else self.agreement.behaviour_hash,
            origin=Handoff.Origin.RECOVERED,
            team=self._team(lead, owner),
            owner=owner,
            state_at=fact.occurred_at,
        )
        self._assigned(handoff, fact, owner)
        start_clocks([handoff], self.calendars)
        self.touched[handoff.pk] = handoff

    def apply(self, fact: OutboxFact) -> None:
        """Apply a fact to the handoff it tells of; none, if there is no such handoff."""
        said = fact.table == "feedback"
        handoff = self._last(fact) if said else self._named(fact)
        what = fact.row["verdict"] if said else fact.row["move"]
        do = _VERDICT if said else _STEPS.get(what)
        if handoff is not None and do is not None:
            do(self, handoff, fact, _user(fact.row.get("owner_id")))
            self.touched[handoff.pk] = handoff

    def _last(self, fact: OutboxFact) -> Handoff | None:
        """The handoff that a verdict is about: the person's last one by then."""
        before = Handoff.objects.filter(person=fact.row["actor"], decided_at__lte=fact.occurred_at)
        return before.order_by("decided_at").last()

    def _named(self, fact: OutboxFact) -> Handoff | None:
        person, cycle_no, stage = _key(fact)
        return Handoff.objects.filter(person=person, cycle_no=cycle_no, stage=stage).first()

    def _team(self, lead: Qualified | None, owner: User | None) -> Team:
        """By the route; of a lead the build no longer has open, its owner's team."""
        own = owner.teams.filter(side=Team.Side.SALES).order_by("pk").first() if owner else None
        if lead is None and own is not None:
            return own
        return team_of(self.agreement, lead.route_no if lead else 0)[0]

    def _assigned(self, handoff: Handoff, fact: OutboxFact, owner: User | None) -> None:
        if handoff.assignments.filter(at=fact.occurred_at).exists():
            return
        handoff.owner, handoff.covers, handoff.returns_at = owner, None, None
        handoff.save(update_fields=["owner", "covers", "returns_at"])
        rule = (fact.row.get("reason") or "")[:400]
        Assignment.objects.create(handoff=handoff, owner=owner, rule=rule, at=fact.occurred_at)

    def _paused(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        reason = (fact.row.get("reason") or "")[:200]
        if not handoff.holds.filter(until=None).exists():
            Hold.objects.create(handoff=handoff, since=fact.occurred_at, reason=reason, by=by)

    def _resumed(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        """A hold ended; or the lead is in hand again, with fresh clocks."""
        if handoff.holds.filter(until=None).update(until=fact.occurred_at) or handoff.is_open:
            return
        _set_state(handoff, Handoff.State.WAITING, fact.occurred_at)
        start_clocks([handoff], self.calendars, naive(fact.occurred_at))

    def _breached(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        clock = _clock(handoff, fact.row.get("reason") or "", fact.occurred_at)
        if clock is not None and clock.broken_at is None:
            clock.broken_at = clock.noticed_at = fact.occurred_at
            clock.due_at, clock.unconfirmed = fact.occurred_at, False
            clock.save(update_fields=["broken_at", "noticed_at", "due_at", "unconfirmed"])

    def _escalated(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        promise, percent, action = _rung(fact.row.get("reason") or "")
        clock = _clock(handoff, promise, fact.occurred_at)
        if clock is not None:
            undone = Rung.objects.filter(clock=clock, percent=percent, action=action, done_at=None)
            undone.update(done_at=fact.occurred_at)

    def _contacted(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        clock = _clock(handoff, fact.row.get("reason") or "", fact.occurred_at)
        if clock is not None and clock.state == Clock.State.RUNNING:
            clock.state, clock.met_at, clock.ended_at = Clock.State.MET, fact.occurred_at, fact.occurred_at
            clock.save(update_fields=["state", "met_at", "ended_at"])

    def _contested(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        returned = handoff.verdicts.filter(verdict="returned", at__lte=fact.occurred_at).last()
        if returned is None or Contest.objects.filter(verdict=returned).exists():
            return
        at = naive(fact.occurred_at)
        due = open_time_of(None, self.agreement, at).end_of_working_day(at, DAYS)
        reason = fact.row.get("reason") or ""
        Contest.objects.create(
            handoff=handoff, verdict=returned, reason=reason, by=by, at=fact.occurred_at, due_at=aware(due)
        )

    def _decided(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        outcome = {"delivered": Contest.Outcome.LAPSED}.get(fact.row["move"], fact.row["move"])
        handoff.contests.filter(outcome=Contest.Outcome.OPEN).update(
            outcome=outcome,
            decided_at=fact.occurred_at,
            decided_by=by,
            answer=(fact.row.get("reason") or "") if by else "",
        )

    def _closed(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        _set_state(handoff, Handoff.State.CLOSED, fact.occurred_at)
        stop(handoff, naive(fact.occurred_at))

    def _said(self, handoff: Handoff, fact: OutboxFact, by: User | None) -> None:
        at, verdict = fact.occurred_at, fact.row["verdict"]
        if handoff.verdicts.filter(at=at, verdict=verdict).exists():
            return
        reason, note = fact.row.get("reason") or "", fact.row.get("note") or ""
        Verdict.objects.create(handoff=handoff, verdict=verdict, reason=reason, note=note, by=by, at=at)
        fulfil(handoff, (Clock.Promise.ACCEPT,), naive(at))
        state = ENDING.get(verdict, Handoff.State.ACCEPTED)
        if state == Handoff.State.RECYCLED:
            rest = self.agreement.detours.recycled.again_after
            handoff.again_at = at + timedelta(seconds=rest.seconds if rest else 0)
        _set_state(handoff, state, at)
        if not handoff.is_open:
            stop(handoff, naive(at))


_Step = Callable[[_Recovery, Handoff, "OutboxFact", User | None], None]
_VERDICT: _Step = _Recovery._said
_STEPS: dict[str, _Step] = {
    "assigned": _Recovery._assigned,
    "reassigned": _Recovery._assigned,
    "paused": _Recovery._paused,
    "resumed": _Recovery._resumed,
    "breached": _Recovery._breached,
    "escalated": _Recovery._escalated,
    "contacted": _Recovery._contacted,
    "contested": _Recovery._contested,
    "upheld": _Recovery._decided,
    "given_back": _Recovery._decided,
    "delivered": _Recovery._decided,
    "closed": _Recovery._closed,
}


def _key(fact: OutboxFact) -> tuple[str, int, str]:
    return fact.row["actor"], fact.row["cycle_no"], fact.row["stage"]


def _user(owner_id: str | None) -> User | None:
    """Whom of the desk the ledger names."""
    number = (owner_id or "").removeprefix(OWNER)
    return User.objects.filter(pk=int(number)).first() if number.isdecimal() else None


def _clock(handoff: Handoff, promise: str, at: datetime) -> Clock | None:
    """The handoff's clock of a promise that ran at a moment."""
    return handoff.clocks.filter(promise=promise, started_at__lte=at).order_by("started_at").last()


def _rung(reason: str) -> tuple[str, int, str]:
    """Promise, percent and action of an escalation, as its fact words them."""
    step, _, action = reason.partition(": ")
    promise, _, percent = step.partition(" ")
    number = percent.removesuffix("%")
    return promise, int(number) if number.isdecimal() else 0, action


def _set_state(handoff: Handoff, state: str, at: datetime) -> None:
    handoff.state, handoff.state_at = state, at
    handoff.save(update_fields=["state", "state_at", "again_at"])
