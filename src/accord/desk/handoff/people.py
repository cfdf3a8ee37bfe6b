"""The members of a team as routing sees them, and who may answer for a lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from accord.desk.handoff.models import Assignment, Debt, Handoff
from accord.desk.hours.calendars import aware, away_until
from accord.desk.hours.models import WorkingTime
from accord.desk.rights import Role
from accord.desk.shell.formats import local
from accord.desk.teams.models import Team, User
from accord.desk.teams.owners import holder
from accord.insight.periods import midnight
from accord.promises import routing
from accord.promises.routing import Member, Pool
from accord.promises.turns import Turns

if TYPE_CHECKING:
    from accord.agreement import Agreement


class Pools:
    """The teams' pools while one lead after another is routed: each read once, then as the last one left it.

    `without`: somebody who gets none of them.
    """

    def __init__(self, agreement: Agreement, now: datetime, without: User | None = None) -> None:
        self._agreement, self._now, self._without = agreement, now, without
        self._of: dict[int, Pool] = {}
        self._holder = cache(self._read_holder)

    def route(self, team: Team, rule: str, owner_email: str | None = None) -> routing.Assignment:
        """The decision who gets the next lead; `owner_email` is whose account it is already."""
        pool = self._of.get(team.pk) or pool_of(team, self._agreement, self._now, self._without)
        decided = routing.route(pool, rule, self._holder(owner_email) if owner_email else None)
        members = [replace(m, taken=m.taken + 1) if m.name == decided.owner else m for m in pool.members]
        self._of[team.pk] = Pool(team.slug, members, decided.turns)
        return decided

    def _read_holder(self, email: str) -> Member:
        """The owner of an account; one without an account here is known by name alone."""
        user = User.objects.filter(email=email).first()
        return member_of(user, self._agreement, self._now) if user else Member(email, known=False)


def pool_of(team: Team, agreement: Agreement, now: datetime, without: User | None = None) -> Pool:
    """The team's reps in a fixed order as they stand at `now` (naive UTC), with what its turns owe them."""
    reps = team.members.filter(role=Role.REP).order_by("email")
    members = [member_of(rep, agreement, now) for rep in reps if rep != without]
    owed = {debt.user.email: Fraction(debt.owed) for debt in team.debts.select_related("user")}
    return Pool(team.slug, members, Turns(owed))


def member_of(user: User, agreement: Agreement, now: datetime) -> Member:
    """One person as routing sees them."""
    own = WorkingTime.objects.filter(user=user).first()
    return Member(
        user.email,
        weight=own.weight if own else 1,
        capacity=own.capacity if own else None,
        taken=_taken(user, agreement, now),
        active=user.is_active,
        paused=bool(own and own.paused_since),
        away_until=away_until(user, now),
    )


def holder_of(row: Mapping[str, Any], said: Mapping[str, str]) -> str | None:
    """The name of the owner of a lead: of its account, else of its person; `said`: matched by hand."""
    return holder(
        said,
        (row["account_owner"], row["account_owner_email"]),
        (row["person_owner"], row["person_owner_email"]),
    )


def keep_debts(team: Team, turns: Turns) -> None:
    """Store what the team's turns owe."""
    users = {user.email: user for user in User.objects.filter(email__in=turns.owed)}
    Debt.objects.bulk_create(
        [Debt(team=team, user=users[e], owed=str(owed)) for e, owed in turns.owed.items() if e in users],
        update_conflicts=True,
        unique_fields=["team", "user"],
        update_fields=["owed"],
    )


def may_answer(user: User, handoff: Handoff) -> bool:
    """Whether somebody may say a verdict: the owner, and the reps and managers of the lead's team."""
    if not may_take(user):
        return False
    return handoff.owner_id == user.pk or handoff.team.members.filter(pk=user.pk).exists()


def may_take(user: User) -> bool:
    """Whether somebody may be given leads by hand."""
    return user.role in (Role.REP, Role.MANAGER) and user.is_active


def may_assign(user: User, handoff: Handoff) -> bool:
    """Whether somebody may give a lead to another: its team's managers, and operations."""
    if user.role == Role.OPERATIONS:
        return user.is_active
    return may_decide(user, handoff)


def may_contest(user: User) -> bool:
    """Whether somebody may contest returns: marketing."""
    return user.role in (Role.MARKETER, Role.MARKETING_MANAGER) and user.is_active


def may_decide(user: User, handoff: Handoff) -> bool:
    """Whether somebody may uphold a return of the lead or give it back: its team's managers."""
    return user.role == Role.MANAGER and user.is_active and handoff.team.members.filter(pk=user.pk).exists()


def week_begins(agreement: Agreement, now: datetime) -> datetime:
    """When the week of a moment began in the agreement's zone; both naive UTC."""
    zone = agreement.calendar.zone
    today = local(now, zone).date()
    return midnight(today - timedelta(days=today.weekday()), zone)


def _taken(user: User, agreement: Agreement, now: datetime) -> int:
    """The leads given to somebody this week."""
    given = Assignment.objects.filter(owner=user, at__gte=aware(week_begins(agreement, now)))
    return given.values("handoff").distinct().count()
