"""Absences from the address of a calendar: kept, read again and again, and followed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accord.desk.hours.actions import LONGEST
from accord.desk.hours.calendars import HoursRefused, aware, open_time_of
from accord.desk.hours.followers import follow
from accord.desk.hours.ics import Away, absences
from accord.desk.hours.models import Absence, CalendarFeed
from accord.desk.reading import agreement_of, settings_of
from accord.desk.teams.actions import note
from accord.desk.vault.secrets import forget, keep, taken_out
from accord.errors import AccordError
from accord.outgoing import call

if TYPE_CHECKING:
    from accord.desk.teams.models import User

EVERY = timedelta(minutes=15)
AHEAD = timedelta(days=400)
"""So far ahead absences are read."""
LARGEST = 5_000_000
"""Bytes of a calendar."""


def set_feed(user: User, address: str, now: datetime, *, by: User) -> CalendarFeed:
    """Read somebody's absences from an address from now on, and now; `now` naive UTC.

    Raises HoursRefused, or what the calendar could not be read for, and then changes nothing.
    """
    address = address.strip().replace("webcal://", "https://", 1)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise HoursRefused(
            "This is no address of a calendar.", mend="It begins with https:// or webcal://.", field="address"
        )
    found = _fetched(user, address, now)
    with transaction.atomic():
        feed, _ = CalendarFeed.objects.update_or_create(
            user=user, defaults={"host": parts.hostname[:255], "due_at": aware(now), "error": ""}
        )
        keep(feed.secret, address)
        _take_in(feed, found, now)
        note(by, "calendar set", f"user {user.pk}")
    return feed


@transaction.atomic
def remove_feed(user: User, now: datetime, *, by: User) -> None:
    """Read the calendar no more; what it said of the time to come is forgotten."""
    feed = CalendarFeed.objects.filter(user=user).first()
    if feed is None:
        return
    forget(feed.secret)
    feed.delete()
    Absence.objects.filter(user=user, until__gt=aware(now)).exclude(uid="").delete()
    follow(user)
    note(by, "calendar removed", f"user {user.pk}")


def read_due(now: datetime) -> bool:
    """Read one calendar that is due, if there is one; whether there was. `now` naive UTC."""
    due = CalendarFeed.objects.filter(due_at__lte=aware(now), user__is_active=True)
    feed = due.order_by("due_at").select_related("user").first()
    if feed is None or not _claimed(feed, now):
        return False
    try:
        found = _fetched(feed.user, taken_out(feed.secret) or "", now)
    except AccordError as error:
        CalendarFeed.objects.filter(pk=feed.pk).update(error=str(error)[:300])
        return True
    with transaction.atomic():
        _take_in(feed, found, now)
    return True


def _claimed(feed: CalendarFeed, now: datetime) -> bool:
    """Whether it is this worker that reads it now."""
    mine = CalendarFeed.objects.filter(pk=feed.pk, due_at=feed.due_at)
    return bool(mine.update(due_at=aware(now + EVERY)))


def _fetched(user: User, address: str, now: datetime) -> list[Away]:
    """The absences to come, and those of now. Raises what speaks against the call or the calendar."""
    answer = call("GET", address, reach=settings_of(settings.WORKSPACE).reach, limit=LARGEST)
    if answer.status != 200:
        raise HoursRefused(f"The calendar's host answers {answer.status}.", mend="Publish it anew.")
    zone = open_time_of(user, agreement_of(settings.WORKSPACE), now).zone
    return [away for away in absences(answer.body, zone, now, now + AHEAD) if _is_one(away)]


def _is_one(away: Away) -> bool:
    return timedelta() < away.until - away.since <= LONGEST


def _take_in(feed: CalendarFeed, found: Sequence[Away], now: datetime) -> None:
    """Let the absences be those of the calendar; what is over stays as it was."""
    feed.read_at, feed.due_at, feed.error = aware(now), aware(now + EVERY), ""
    feed.save()
    wanted = {away.uid: (aware(away.since), aware(away.until)) for away in found}
    known = Absence.objects.filter(Q(until__gt=aware(now)) | Q(uid__in=wanted), user=feed.user).exclude(
        uid=""
    )
    had = {absence.uid: (absence.since, absence.until) for absence in known}
    if had == wanted:
        return
    known.exclude(uid__in=wanted).delete()
    for uid, (since, until) in wanted.items():
        if had.get(uid) != (since, until):
            Absence.objects.update_or_create(
                user=feed.user, uid=uid, defaults={"since": since, "until": until}
            )
    follow(feed.user)
