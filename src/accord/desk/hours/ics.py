"""Absences in a calendar's file (iCalendar, RFC 5545), as Outlook, Google and HR tools publish them.

An event is an absence if it says that its owner is out of office, or if it takes whole days and is not marked
as free. Meetings are none, and neither is what was cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar

from accord.errors import AccordError

Event = Any
"""An event of icalendar's, whose properties are of any kind until they are looked at."""
MOST = 1000
"""As many absences of one calendar are read."""
ONE = "RECURRENCE-ID"
"""What names the one repetition that an event stands for."""
STEPS = 20_000
"""As many repetitions of one event are looked at."""
OUT = "OOF"
"""What Outlook calls being away."""


class UnreadableCalendar(AccordError):
    """What an address gives is no calendar."""

    code = "unreadable_calendar"


@dataclass(frozen=True)
class Away:
    """One absence in naive UTC; `uid` is the same whenever the calendar is read again."""

    uid: str
    since: datetime
    until: datetime


def absences(content: bytes, zone: str, first: datetime, last: datetime) -> list[Away]:
    """The absences that touch the time between two moments of naive UTC, by their beginning.

    Days, and times without a zone, are those of `zone`. Raises UnreadableCalendar.
    """
    try:
        events: list[Event] = list(Calendar.from_ical(content).walk("VEVENT"))
        moved = {(_uid(event), _moment(event[ONE].dt, zone)) for event in events if ONE in event}
        found = [
            away
            for event in events
            if _is_absence(event)
            for away in _each(event, zone, last)
            if away.until > first
            and away.since < last
            and (ONE in event or (_uid(event), away.since) not in moved)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise UnreadableCalendar(
            "This is no calendar that can be read.", mend="Give the address of an iCalendar file (.ics)."
        ) from error
    return sorted(set(found), key=lambda away: (away.since, away.uid))[:MOST]


def _is_absence(event: Event) -> bool:
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or "DTSTART" not in event:
        return False
    busy = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    if busy:
        return busy == OUT
    whole_days = not isinstance(event["DTSTART"].dt, datetime)
    return whole_days and str(event.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT"


def _each(event: Event, zone: str, last: datetime) -> Iterator[Away]:
    """The event, or each of its repetitions that begins before `last`."""
    start, end = event["DTSTART"].dt, _end(event)
    if "RRULE" not in event:
        yield _away(event, _moment(start, zone), _moment(end, zone))
        return
    # Repeated on the clocks of the place, so that a summer's morning is a winter's morning, too.
    local = _local(start)
    lasts = _local(end) - local
    left_out = {_moment(one.dt, zone) for one in _dates(event)}
    place = start.tzinfo if isinstance(start, datetime) else None
    for begins in _repetitions(event, local, zone, last):
        since = _moment(begins.replace(tzinfo=place), zone)
        if since not in left_out:
            yield _away(event, since, _moment((begins + lasts).replace(tzinfo=place), zone))


def _repetitions(event: Event, local: datetime, zone: str, last: datetime) -> Iterator[datetime]:
    rule = event["RRULE"].to_ical().decode()
    until = event["RRULE"].get("UNTIL")
    if until:  # dateutil wants it as it wants the beginning: without a zone
        place = event["DTSTART"].dt.tzinfo if isinstance(event["DTSTART"].dt, datetime) else None
        ends = _local(until[0].astimezone(place) if place else until[0])
        rule = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL"))
        rule += f";UNTIL={ends:%Y%m%dT%H%M%S}"
    for step, begins in enumerate(
        takewhile(lambda at: at < last + timedelta(days=2), rrulestr(rule, dtstart=local))
    ):
        if step >= STEPS:
            raise ValueError("this repeats without end")
        yield begins


def _dates(event: Event) -> Iterator[Any]:
    given = event.get("EXDATE", [])
    for each in given if isinstance(given, list) else [given]:
        yield from each.dts


def _end(event: Event) -> date:
    if "DTEND" in event:
        end: date = event["DTEND"].dt
        return end
    start: date = event["DTSTART"].dt
    if "DURATION" in event:
        lasts: timedelta = event["DURATION"].dt
        return start + lasts
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _away(event: Event, since: datetime, until: datetime) -> Away:
    return Away(f"{_uid(event)}@{since:%Y%m%dT%H%M%S}"[:300], since, until)


def _uid(event: Event) -> str:
    return str(event.get("UID", ""))[:250]


def _local(value: date) -> datetime:
    """A day or moment on the clocks it is written by, without its zone."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value.replace(tzinfo=None)


def _moment(value: date, zone: str) -> datetime:
    """A day (its beginning) or a moment as naive UTC."""
    at = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC).replace(tzinfo=None)
