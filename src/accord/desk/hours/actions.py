"""What changes working time and absences; running clocks follow in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accord import workspace
from accord.desk.hours.calendars import HoursRefused, aware, hours_of
from accord.desk.hours.followers import follow
from accord.desk.hours.models import Absence, FormerHours, WorkingTime
from accord.desk.teams.actions import note
from accord.promises.holidays import holidays_of

if TYPE_CHECKING:
    from accord.desk.teams.models import User

CALENDAR = ("zone", "hours", "holidays")
KNOWN = (*CALENDAR, "weight", "capacity")
MOST = {"weight": 100, "capacity": 10_000}
LONGEST = timedelta(days=2 * 366)
"""The longest absence; whoever is away for longer has left, for the time being."""


@transaction.atomic
def set_working_time(user: User, *, by: User | None, **given: Any) -> WorkingTime:
    """Give somebody their own zone, hours, holidays, weight or capacity.

    What clocks have counted so far stays counted by the hours there were. Raises HoursRefused and
    UnknownHolidays.
    """
    _check(given)
    own, _ = WorkingTime.objects.select_for_update().get_or_create(user=user)
    former = {name: getattr(own, name) for name in CALENDAR}
    for name in KNOWN:
        if name in given:
            setattr(own, name, given[name])
    own.save()
    if former != {name: getattr(own, name) for name in CALENDAR}:
        FormerHours.objects.create(user=user, until=aware(workspace.now()), **former)
        follow(user)
    note(by, "working time set", f"user {user.pk}")
    return own


@transaction.atomic
def add_absence(user: User, since: datetime, until: datetime, text: str = "", *, by: User | None) -> Absence:
    """Note that somebody is away between two moments of naive UTC. Raises HoursRefused."""
    if since >= until:
        raise HoursRefused("An absence ends after it begins.", mend="Give a later end.", field="until")
    if until - since > LONGEST:
        raise HoursRefused(
            "An absence of more than two years is none.", mend="Deactivate the person instead.", field="until"
        )
    absence = Absence.objects.create(user=user, since=aware(since), until=aware(until), note=text[:200])
    follow(user)
    note(by, "absence added", f"user {user.pk}")
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by: User | None) -> None:
    """Take an absence back."""
    note(by, "absence removed", f"user {absence.user_id}")
    absence.delete()
    follow(absence.user)


@transaction.atomic
def pause_new_leads(user: User, *, by: User | None, paused: bool = True) -> None:
    """Give somebody no new leads from now on, or give them some again."""
    since = aware(workspace.now()) if paused else None
    WorkingTime.objects.update_or_create(user=user, defaults={"paused_since": since})
    note(by, "new leads paused" if paused else "new leads resumed", f"user {user.pk}")


def _check(given: dict[str, Any]) -> None:
    """Raises HoursRefused for a zone, hours or numbers that are none, UnknownHolidays for such a calendar."""
    if zone := given.get("zone"):
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
            raise HoursRefused(
                f"There is no time zone {zone}.", mend="Write one like Europe/Berlin.", field="zone"
            ) from None
    hours_of(given.get("hours") or {})
    holidays_of(given.get("holidays") or (), [workspace.now().year])
    for name, most in MOST.items():
        if (number := given.get(name)) is not None and not 0 <= number <= most:
            raise HoursRefused(
                f"{number} is not a {name}.", mend=f"Write a number from 0 to {most}.", field=name
            )
