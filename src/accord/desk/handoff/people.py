"""The members of a team as routing sees them, and who may answer for a lead."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from accord.desk.handoff.models import Assignment, Debt, Handoff
from accord.desk.hours.calendars import aware, away_until
from accord.desk.hours.models import WorkingTime
from accord.desk.rights import Role
from accord.desk.shell.formats import local
from accord.desk.teams.models import Team, User
from accord.insight.periods import midnight
from accord.promises.routing import Member, Pool
from accord.promises.turns import Turns

if TYPE_CHECKING:
    from accord.agreement import Agreement


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


def keep_debts(team: Team, turns: Turns) -> None:
    """Store what the team's turns owe."""
    users = {user.email: user for user in User.objects.filter(email__in=turns.owed)}
    for email, owed in turns.owed.items():
        if email in users:
            Debt.objects.update_or_create(team=team, user=users[email], defaults={"owed": str(owed)})


def may_answer(user: User, handoff: Handoff) -> bool:
    """Whether somebody may say a verdict: the owner, and the reps and managers of the lead's team."""
    if user.role not in (Role.REP, Role.MANAGER) or not user.is_active:
        return False
    return handoff.owner_id == user.pk or handoff.team.members.filter(pk=user.pk).exists()


def week_begins(agreement: Agreement, now: datetime) -> datetime:
    """When the week of a moment began in the agreement's zone; both naive UTC."""
    zone = agreement.calendar.zone
    today = local(now, zone).date()
    return midnight(today - timedelta(days=today.weekday()), zone)


def _taken(user: User, agreement: Agreement, now: datetime) -> int:
    """The leads given to somebody this week."""
    given = Assignment.objects.filter(owner=user, at__gte=aware(week_begins(agreement, now)))
    return given.values("handoff").distinct().count()
