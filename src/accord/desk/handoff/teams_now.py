"""How the work is spread over a team now: load, what is late or due, breaches, turns, who is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from accord.desk.handoff.models import Assignment, Clock, Handoff
from accord.desk.handoff.people import week_begins
from accord.desk.hours.calendars import aware, away_until, naive
from accord.desk.hours.models import Absence, WorkingTime
from accord.desk.rights import Right, Role, rights_of
from accord.desk.shell.formats import local
from accord.desk.teams.models import Team, User
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.agreement import Agreement

AHEAD = timedelta(days=14)
"""Absences that begin within this are shown."""


@dataclass(frozen=True)
class Work:
    """What somebody has in hand, or what lies in the pool: numbers of leads.

    `waiting` have not been answered, `late` are past a promise, `today` have a promise due by midnight in the
    company's zone; `broken` counts promises broken since the week began.
    """

    open: int = 0
    waiting: int = 0
    late: int = 0
    today: int = 0
    broken: int = 0


@dataclass(frozen=True)
class Line:
    """One person of a team. `taken`: leads given to them this week, of at most `capacity`, if that is set;
    `owed`: what the team's turns owe them, in turns (less than one either way when the spread is fair)."""

    user: User
    work: Work
    taken: int
    capacity: int | None
    weight: int
    owed: float
    paused: bool
    away_until: datetime | None
    next_absence: Absence | None

    @property
    def owed_in_words(self) -> str:
        """What the turns owe, with its sign."""
        return f"{self.owed:+.2f}" if abs(self.owed) >= 0.005 else "0"


@dataclass(frozen=True)
class Spread:
    """A team with its people, by name, and what lies in its pool."""

    team: Team
    lines: tuple[Line, ...]
    pool: Work

    @property
    def late(self) -> int:
        """Leads of the team past a promise."""
        return self.pool.late + sum(line.work.late for line in self.lines)

    @property
    def open(self) -> int:
        """Leads the team has in hand."""
        return self.pool.open + sum(line.work.open for line in self.lines)


def teams_of(user: User) -> list[Team]:
    """The sales teams whose work somebody may see: their own; operations and marketing's managers, all
    that take leads."""
    if Right.TEAM not in rights_of(user):
        return []
    teams = Team.objects.filter(side=Team.Side.SALES).order_by("name")
    if user.role == Role.MANAGER:
        return list(teams.filter(members=user))
    return list(teams.filter(Q(members__role=Role.REP) | Q(handoffs__state__in=Handoff.OPEN)).distinct())


def spread(team: Team, agreement: Agreement, now: datetime) -> Spread:
    """A team's people and pool at `now` (naive UTC). Whoever has its leads belongs to it, too."""
    work = _work(team, agreement, now)
    people = User.objects.filter(
        Q(teams=team, role=Role.REP, is_active=True) | Q(pk__in=[k for k in work if k])
    )
    users = list(people.distinct().order_by("name", "pk"))
    lines = _lines(users, work, team, agreement, now)
    return Spread(team, tuple(lines), work.get(None, Work()))


def _lines(
    users: list[User], work: Mapping[int | None, Work], team: Team, agreement: Agreement, now: datetime
) -> Iterable[Line]:
    own = {row.user_id: row for row in WorkingTime.objects.filter(user__in=users)}
    owed = {debt.user_id: float(Fraction(debt.owed)) for debt in team.debts.all()}
    taken = _taken(users, agreement, now)
    coming: dict[int, Absence] = {}
    soon = Absence.objects.filter(user__in=users, since__gt=aware(now), since__lt=aware(now + AHEAD))
    for absence in soon.order_by("-since"):
        coming[absence.user_id] = absence
    for user in users:
        hours = own.get(user.pk)
        yield Line(
            user=user,
            work=work.get(user.pk, Work()),
            taken=taken.get(user.pk, 0),
            capacity=hours.capacity if hours else None,
            weight=hours.weight if hours else 1,
            owed=owed.get(user.pk, 0.0),
            paused=bool(hours and hours.paused_since),
            away_until=away_until(user, now),
            next_absence=coming.get(user.pk),
        )


def _work(team: Team, agreement: Agreement, now: datetime) -> dict[int | None, Work]:
    """The team's work by who has it; None: nobody."""
    zone = agreement.calendar.zone
    midnight_next = midnight(local(now, zone).date() + timedelta(days=1), zone)
    running = Q(clocks__state=Clock.State.RUNNING)
    is_broken = running & Q(clocks__broken_at__isnull=False, clocks__withdrawn_at__isnull=True)
    is_due = running & Q(clocks__broken_at__isnull=True, clocks__due_at__lt=aware(midnight_next))
    rows = Handoff.objects.filter(team=team, state__in=Handoff.OPEN).values("owner")
    found = rows.annotate(
        leads=Count("pk", distinct=True),
        waiting=Count("pk", distinct=True, filter=Q(state=Handoff.State.WAITING)),
        late=Count("pk", distinct=True, filter=is_broken),
        today=Count("pk", distinct=True, filter=is_due),
    ).order_by()
    broken = _broken(team, agreement, now)
    work: dict[int | None, Work] = {
        row["owner"]: Work(
            row["leads"], row["waiting"], row["late"], row["today"], broken.get(row["owner"], 0)
        )
        for row in found
    }
    for owner, count in broken.items():
        if owner is not None and owner not in work:
            work[owner] = Work(broken=count)
    return work


def _broken(team: Team, agreement: Agreement, now: datetime) -> dict[int | None, int]:
    """Promises broken since the week began, by who has the lead now."""
    since = aware(week_begins(agreement, now))
    clocks = Clock.objects.filter(handoff__team=team, broken_at__gte=since, withdrawn_at__isnull=True)
    rows = clocks.values("handoff__owner").annotate(n=Count("pk")).order_by()
    return {row["handoff__owner"]: row["n"] for row in rows}


def _taken(users: list[User], agreement: Agreement, now: datetime) -> dict[int, int]:
    since = aware(week_begins(agreement, now))
    given = Assignment.objects.filter(owner__in=users, at__gte=since).values("owner")
    rows = given.annotate(n=Count("handoff", distinct=True)).order_by()
    return {row["owner"]: row["n"] for row in rows}


def rows(found: Iterable[Spread]) -> list[dict[str, Any]]:
    """One row a person, and one a pool, for a file."""
    return [row for spread in found for row in _rows(spread)]


def _rows(spread: Spread) -> Iterable[dict[str, Any]]:
    for line in spread.lines:
        yield _row(spread.team, line.user.name, line.work, line)
    yield _row(spread.team, "(pool)", spread.pool, None)


def _row(team: Team, who: str, work: Work, line: Line | None) -> dict[str, Any]:
    absence = line.next_absence if line else None
    return {
        "team": team.name,
        "person": who,
        "email": line and line.user.email,
        **vars(work),
        "given_this_week": line and line.taken,
        "capacity": line and line.capacity,
        "weight": line and line.weight,
        "turns_owed": line and round(line.owed, 3),
        "paused": line and line.paused,
        "away_until": line and line.away_until,
        "next_absence": absence and naive(absence.since),
    }
