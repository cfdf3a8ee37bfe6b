"""The calendars that agreements had one after the other: what clocks have counted by a former one stays."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accord.agreement.agreement import Calendar
from accord.agreement.models import OpenBlock
from accord.desk.hours.models import CompanyCalendar

if TYPE_CHECKING:
    from collections.abc import Mapping


def former_calendars() -> list[tuple[datetime, Calendar]]:
    """Each calendar that is no longer in force, with when it ended (aware UTC), in order."""
    ended = CompanyCalendar.objects.filter(until__isnull=False).order_by("until", "pk")
    return [(row.until, _calendar(row.calendar)) for row in ended if row.until]


@transaction.atomic
def in_force(calendar: Calendar, at: datetime) -> CompanyCalendar:
    """Note which calendar the agreement has at a moment (aware UTC); one that it had before ends then.

    The row's `followed` says whether everything has followed it yet.
    """
    plain = _plain(calendar)
    last = CompanyCalendar.objects.select_for_update().filter(until__isnull=True).first()
    if last is not None and last.calendar == plain:
        return last
    if last is not None:
        last.until = at
        last.save(update_fields=["until"])
    return CompanyCalendar.objects.create(calendar=plain, followed=last is None)


def followed(row: CompanyCalendar) -> None:
    """Note that everything has followed a calendar."""
    CompanyCalendar.objects.filter(pk=row.pk).update(followed=True)


def _plain(calendar: Calendar) -> dict[str, Any]:
    blocks = {
        str(day): [[block.opens.isoformat(), block.closes.isoformat()] for block in blocks]
        for day, blocks in sorted(calendar.open.items())
    }
    return {
        "zone": calendar.zone,
        "open": blocks,
        "holidays": list(calendar.holidays),
        "closed": [day.isoformat() for day in calendar.closed],
    }


def _calendar(plain: Mapping[str, Any]) -> Calendar:
    return Calendar(
        zone=plain["zone"],
        open={
            int(day): tuple(OpenBlock(time.fromisoformat(a), time.fromisoformat(b)) for a, b in blocks)
            for day, blocks in plain["open"].items()
        },
        holidays=tuple(plain["holidays"]),
        closed=tuple(date.fromisoformat(day) for day in plain["closed"]),
    )
