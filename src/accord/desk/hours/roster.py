"""The working time of several people as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from babel.dates import get_day_names

from accord.desk.handoff.load import Load, loads
from accord.desk.hours.calendars import aware
from accord.desk.hours.models import Absence
from accord.desk.hours.words import Away, away, hours_words
from accord.desk.shell import locales

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accord.agreement import Agreement
    from accord.desk.hours.models import WorkingTime
    from accord.desk.teams.models import User


@dataclass(frozen=True)
class Line:
    """One person: `hours` in words (empty: the agreement's), their next absence, what they take and have."""

    person: User
    teams: list[str]
    own: WorkingTime | None
    zone: str
    hours: str
    next_away: Away | None
    load: Load

    @property
    def away_now(self) -> bool:
        """Whether they are away."""
        return self.next_away is not None and self.next_away.now

    @property
    def weight(self) -> int:
        """Their share of the turns."""
        return self.own.weight if self.own else 1

    @property
    def capacity(self) -> int | None:
        """The most leads they take in a week; None: any number."""
        return self.own.capacity if self.own else None

    @property
    def paused(self) -> bool:
        """Whether they get no new leads."""
        return bool(self.own and self.own.paused_since)


def lines(people: QuerySet[User], agreement: Agreement, now: datetime) -> list[Line]:
    """A line for each of the people who can sign in and have a role, by name; `now` is naive UTC."""
    known = people.filter(is_active=True).exclude(role="").select_related("working_time")
    absences: dict[int, Absence] = {}
    for absence in Absence.objects.filter(until__gt=aware(now), user__in=people).order_by("-since"):
        absences[absence.user_id] = absence
    taken = loads(agreement, now)
    return [
        _line(person, absences.get(person.pk), taken.get(person.pk, Load()), agreement, now)
        for person in known.prefetch_related("teams").order_by("name", "pk")
    ]


def row(line: Line) -> dict[str, Any]:
    """The line of a downloaded table."""
    return {
        "name": line.person.name,
        "email": line.person.email,
        "teams": ", ".join(line.teams),
        "zone": line.zone,
        "hours": line.hours,
        "away": line.next_away.span if line.next_away else "",
        "away_now": line.away_now,
        "weight": line.weight,
        "capacity": line.capacity,
        "in_hand": line.load.in_hand,
        "this_week": line.load.this_week,
        "new_leads": not line.paused,
    }


def recently(now: datetime) -> datetime:
    """From when on absences are shown."""
    return aware(now - timedelta(days=14))


def day_names() -> list[str]:
    """The days of the week in the reader's words, Monday first."""
    names = get_day_names("wide", locale=locales.current())
    return [names[day] for day in range(7)]


@lru_cache(maxsize=1)
def zones() -> list[str]:
    """The time zones that are named after a place."""
    places = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return sorted(zone for zone in available_timezones() if zone.startswith(places))


def _line(person: User, absence: Absence | None, load: Load, agreement: Agreement, now: datetime) -> Line:
    own = getattr(person, "working_time", None)
    zone = own.zone if own and own.zone else agreement.calendar.zone
    return Line(
        person,
        sorted(team.name for team in person.teams.all()),
        own,
        zone,
        hours_words(own.hours) if own and own.hours else "",
        away(absence, zone, now) if absence else None,
        load,
    )
