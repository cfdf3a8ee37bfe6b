"""Who a lead is with: routed, covered for, given back, given to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.handoff import announce
from accord.desk.handoff.actions.moves import move, step
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.models import Assignment, Clock, Handoff, Rung
from accord.desk.handoff.people import Pools, keep_debts, pool_of
from accord.desk.hours.calendars import aware, naive
from accord.desk.outbox.actions import put_all
from accord.desk.teams.actions import note
from accord.desk.teams.models import Team, User
from accord.errors import AccordError
from accord.promises import routing
from accord.promises.turns import give_turn_back

if TYPE_CHECKING:
    from accord.agreement import Agreement

ROUTED, GIVEN, BACK = "routed", "given by hand", "back from cover"
TAKEN_BACK = "given by hand, taken back"
UNDONE = "reassignment undone: the promise was kept in time"


class UnknownTeam(AccordError):
    """The agreement names a team that the desk does not have."""

    code = "unknown_team"


def team_of(agreement: Agreement, route_no: int) -> tuple[Team, str]:
    """The team a route (1 is the first, 0 none) leads to, and the rule in words. Raises UnknownTeam."""
    handoff = agreement.handoff
    if handoff is None:
        raise UnknownTeam("The agreement has no handoff.", mend="Write a section `handoff`.")
    route = handoff.route[route_no - 1] if route_no else None
    slug, rule = (route.to, route.where.text) if route else (handoff.otherwise, "otherwise")
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise UnknownTeam(
            f"The agreement hands leads to the team {slug}, which does not exist.",
            mend="Add the team on the page People, or correct the agreement.",
        )
    return team, rule


def assign(handoff: Handoff, decided: routing.Assignment, now: datetime, by: User | None = None) -> None:
    """Carry out a routing decision, within the transaction that locks the team's turns."""
    set_owners([handoff], [decided])
    handoff.save(update_fields=["owner", "covers", "returns_at"])
    note_assigned(handoff.team, [handoff], [decided], now, by)
    announce.given(handoff, now, by)


def set_owners(handoffs: Sequence[Handoff], decisions: Sequence[routing.Assignment]) -> None:
    """Put who was decided on into the handoffs, unsaved."""
    emails = {email for decided in decisions for email in (decided.owner, decided.covers) if email}
    people = {user.email: user for user in User.objects.filter(email__in=emails)}
    for handoff, decided in zip(handoffs, decisions, strict=True):
        handoff.owner = people.get(decided.owner or "")
        handoff.covers = people.get(decided.covers or "")
        handoff.returns_at = aware(decided.returns_at) if decided.returns_at else None


def note_assigned(
    team: Team,
    handoffs: Sequence[Handoff],
    decisions: Sequence[routing.Assignment],
    now: datetime,
    by: User | None = None,
) -> None:
    """Keep one decision after another of a team: its turns, everybody considered, and the facts."""
    both = list(zip(handoffs, decisions, strict=True))
    keep_debts(team, decisions[-1].turns)
    Assignment.objects.bulk_create(
        _assignment(handoff, decided.rule, [asdict(candidate) for candidate in decided.considered], now, by)
        for handoff, decided in both
    )
    put_all(step(handoff, "assigned", aware(now), handoff.owner, decided.rule) for handoff, decided in both)


@transaction.atomic
def give(handoff: Handoff, to: User, now: datetime, *, by: User | None, rule: str = GIVEN) -> None:
    """Give a lead to somebody; its clocks go on with what they have counted, by the new owner's hours."""
    handoff.owner, handoff.covers, handoff.returns_at = to, None, None
    handoff.save(update_fields=["owner", "covers", "returns_at"])
    _assignment(handoff, rule, [], now, by).save()
    move(handoff, "reassigned", aware(now), to, rule)
    note(by, "lead given", f"handoff {handoff.pk} to user {to.pk}")
    announce.given(handoff, now, by)


@transaction.atomic
def route_again(handoff: Handoff, agreement: Agreement, now: datetime, *, rule: str) -> bool:
    """Give a lead to another of its team, by turns; whether there was anybody. A cover stays a cover."""
    lock_turns(handoff.team)
    decided = Pools(agreement, now, without=handoff.owner).route(handoff.team, rule)
    if decided.owner is None:
        return False
    if handoff.covers and handoff.returns_at:
        decided = replace(decided, covers=handoff.covers.email, returns_at=naive(handoff.returns_at))
    assign(handoff, decided, now)
    schedule(handoff, Calendars(agreement, now))
    return True


def reassigned_by(rung: Rung) -> str:
    """The rule of an assignment that a rung of a clock has made."""
    return f"{rung.clock.promise} at {rung.percent}%"


@transaction.atomic
def undo_reassignment(clock: Clock, agreement: Agreement, now: datetime) -> bool:
    """Give a lead back that was taken from its owner for a breach now withdrawn; whether it was.

    Only while nobody has acted on it since (no verdict, no hold, no move by hand) and the owner is here.
    """
    handoff = clock.handoff
    last = handoff.assignments.order_by("at", "id").last()
    rules = {reassigned_by(rung) for rung in clock.rungs.filter(action="reassign", done_at__isnull=False)}
    if last is None or last.by_id is not None or last.rule not in rules or not handoff.is_open:
        return False
    acted = (
        handoff.verdicts.filter(at__gte=last.at).exists() or handoff.holds.filter(since__gte=last.at).exists()
    )
    before = handoff.assignments.exclude(pk=last.pk).order_by("at", "id").last()
    if acted or before is None or before.owner is None or not before.owner.is_active:
        return False
    lock_turns(handoff.team)
    if last.owner is not None:
        _return_turn(last, agreement, now)
    give(handoff, before.owner, now, by=None, rule=UNDONE)
    schedule(handoff, Calendars(agreement, now))
    return True


@transaction.atomic
def undo_given(handoff: Handoff, agreement: Agreement, now: datetime, *, by: User) -> None:
    """Note that the last assignment was taken back: the handoff stands with who had it before already."""
    last = handoff.assignments.order_by("at", "id").last()
    if last is not None and last.considered and last.owner is not None:
        lock_turns(handoff.team)
        _return_turn(last, agreement, now)
    _assignment(handoff, TAKEN_BACK, [], now, by).save()
    move(handoff, "reassigned", aware(now), handoff.owner, TAKEN_BACK)
    schedule(handoff, Calendars(agreement, now))
    announce.given(handoff, now, by)


def _return_turn(taken: Assignment, agreement: Agreement, now: datetime) -> None:
    """The turn that an assignment cost is not owed."""
    team, owner = taken.handoff.team, taken.owner
    took_part = {c["name"] for c in taken.considered if c["reason"] in ("turn", "not_their_turn")}
    pool = pool_of(team, agreement, now)
    weights = [(m.name, m.weight) for m in pool.members if m.name in took_part and m.weight > 0]
    if owner is not None and any(name == owner.email for name, _ in weights):
        keep_debts(team, give_turn_back(pool.turns, weights, owner.email))


@transaction.atomic
def give_back(handoff: Handoff, agreement: Agreement, now: datetime) -> None:
    """End a cover: the lead goes back to whose it is."""
    if handoff.covers is None:
        return
    give(handoff, handoff.covers, now, by=None, rule=BACK)
    schedule(handoff, Calendars(agreement, now))


def lock_turns(team: Team) -> None:
    """Let nobody else take the team's turns until the transaction ends."""
    Team.objects.select_for_update().get(pk=team.pk)


def _assignment(
    handoff: Handoff, rule: str, considered: list[dict[str, str]], now: datetime, by: User | None
) -> Assignment:
    return Assignment(
        handoff=handoff,
        owner=handoff.owner,
        covers=handoff.covers,
        rule=rule[:400],
        considered=considered,
        by=by,
        at=aware(now),
    )
