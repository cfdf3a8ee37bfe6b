"""What changes working time and absences."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils import timezone

from accord.desk.hours.calendars import HoursRefused, aware, hours_of
from accord.desk.hours.models import Absence, WorkingTime
from accord.desk.teams.actions import note
from accord.promises.holidays import holidays_of

if TYPE_CHECKING:
    from accord.desk.teams.models import User

KNOWN = ("zone", "hours", "holidays", "weight", "capacity")


@transaction.atomic
def set_working_time(user: User, *, by: User | None, **given: Any) -> WorkingTime:
    """Give somebody their own zone, hours, holidays, weight or capacity. Raises HoursRefused."""
    if zone := given.get("zone"):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise HoursRefused(
                f"There is no time zone {zone}.", mend="Write one like Europe/Berlin."
            ) from None
    if given.get("hours"):
        hours_of(given["hours"])
    holidays_of(given.get("holidays") or (), [timezone.now().year])
    own, _ = WorkingTime.objects.update_or_create(
        user=user, defaults={name: given[name] for name in KNOWN if name in given}
    )
    note(by, "working time set", f"user {user.pk}")
    return own


@transaction.atomic
def add_absence(user: User, since: datetime, until: datetime, text: str = "", *, by: User | None) -> Absence:
    """Note that somebody is away between two moments of naive UTC. Raises HoursRefused."""
    if since >= until:
        raise HoursRefused("An absence ends after it begins.", mend="Give a later end.")
    absence = Absence.objects.create(user=user, since=aware(since), until=aware(until), note=text[:200])
    note(by, "absence added", f"user {user.pk}")
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by: User | None) -> None:
    """Take an absence back."""
    note(by, "absence removed", f"user {absence.user_id}")
    absence.delete()


@transaction.atomic
def pause_new_leads(user: User, *, by: User | None, paused: bool = True) -> None:
    """Give somebody no new leads from now on, or give them some again."""
    since = timezone.now() if paused else None
    WorkingTime.objects.update_or_create(user=user, defaults={"paused_since": since})
    note(by, "new leads paused" if paused else "new leads resumed", f"user {user.pk}")
