"""Who a lead is with: routed, covered for, given back, given to somebody else."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.handoff.actions.moves import move
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.models import Assignment, Handoff
from accord.desk.handoff.people import keep_debts, member_of, pool_of
from accord.desk.hours.calendars import aware, naive
from accord.desk.teams.actions import note
from accord.desk.teams.models import Team, User
from accord.errors import AccordError
from accord.promises import routing

if TYPE_CHECKING:
    from accord.agreement import Agreement

ROUTED, GIVEN, BACK = "routed", "given by hand", "back from cover"


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


def choose(
    agreement: Agreement,
    team: Team,
    rule: str,
    owner_email: str | None,
    now: datetime,
    without: User | None = None,
) -> routing.Assignment:
    """The decision who would get a lead at `now` (naive UTC); nothing is written."""
    owner = User.objects.filter(email=owner_email).first() if owner_email and without is None else None
    holder = member_of(owner, agreement, now) if owner else None
    if owner_email and owner is None and without is None:
        holder = routing.Member(owner_email, active=False)  # a seller of the tools who is not of the desk
    return routing.route(pool_of(team, agreement, now, without), rule, holder)


def assign(handoff: Handoff, decided: routing.Assignment, now: datetime, by: User | None = None) -> None:
    """Carry out a routing decision, within the transaction that locks the team's turns."""
    people = {user.email: user for user in User.objects.filter(email__in=[decided.owner, decided.covers])}
    keep_debts(handoff.team, decided.turns)
    handoff.owner = people.get(decided.owner or "")
    handoff.covers = people.get(decided.covers or "")
    handoff.returns_at = aware(decided.returns_at) if decided.returns_at else None
    handoff.save(update_fields=["owner", "covers", "returns_at"])
    considered = [asdict(candidate) for candidate in decided.considered]
    _note_assignment(handoff, decided.rule, considered, now, by)
    move(handoff, "assigned", aware(now), handoff.owner, decided.rule)


@transaction.atomic
def give(handoff: Handoff, to: User, now: datetime, *, by: User | None, rule: str = GIVEN) -> None:
    """Give a lead to somebody; its clocks go on with what they have counted, by the new owner's hours."""
    handoff.owner, handoff.covers, handoff.returns_at = to, None, None
    handoff.save(update_fields=["owner", "covers", "returns_at"])
    _note_assignment(handoff, rule, [], now, by)
    move(handoff, "reassigned", aware(now), to, rule)
    note(by, "lead given", f"handoff {handoff.pk} to user {to.pk}")


@transaction.atomic
def route_again(handoff: Handoff, agreement: Agreement, now: datetime, *, rule: str) -> bool:
    """Give a lead to another of its team, by turns; whether there was anybody. A cover stays a cover."""
    lock(handoff.team)
    decided = choose(agreement, handoff.team, rule, None, now, without=handoff.owner)
    if decided.owner is None:
        return False
    if handoff.covers and handoff.returns_at:
        decided = replace(decided, covers=handoff.covers.email, returns_at=naive(handoff.returns_at))
    assign(handoff, decided, now)
    schedule(handoff, Calendars(agreement, now))
    return True


@transaction.atomic
def give_back(handoff: Handoff, agreement: Agreement, now: datetime) -> None:
    """End a cover: the lead goes back to whose it is."""
    if handoff.covers is None:
        return
    give(handoff, handoff.covers, now, by=None, rule=BACK)
    schedule(handoff, Calendars(agreement, now))


def lock(team: Team) -> None:
    """Let nobody else take the team's turns until the transaction ends."""
    Team.objects.select_for_update().get(pk=team.pk)


def _note_assignment(
    handoff: Handoff, rule: str, considered: list[dict[str, str]], now: datetime, by: User | None
) -> None:
    Assignment.objects.create(
        handoff=handoff,
        owner=handoff.owner,
        covers=handoff.covers,
        rule=rule[:400],
        considered=considered,
        by=by,
        at=aware(now),
    )
