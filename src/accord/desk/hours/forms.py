"""What a page or a file says of working time and absences, read; nothing is changed here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accord.agreement.models import DAYS
from accord.desk.hours.calendars import HoursRefused, own_week

NUMBERS = ("weight", "capacity")


def working_time(given: Mapping[str, str], *, share: bool) -> dict[str, Any]:
    """The arguments of `set_working_time`. `hours` is `own` or empty; `share`: also weight and capacity.

    Raises HoursRefused.
    """
    codes = given.get("holidays", "").upper().replace(",", " ").split()
    days = {day: given.get(day, "") for day in DAYS}
    read: dict[str, Any] = {
        "zone": given.get("zone", "").strip(),
        "hours": own_week(days) if given.get("hours") == "own" else {},
        "holidays": list(dict.fromkeys(codes)),
    }
    if share:
        read["weight"] = _number(given, "weight", empty=1)
        read["capacity"] = _number(given, "capacity", empty=None)
    return read


def span(given: Mapping[str, str], zone: str) -> tuple[datetime, datetime]:
    """Beginning and end of an absence, naive UTC, from `first` and `last` day and times `begins` and `ends`.

    Without a time whole days are meant; without a last day, the first. Raises HoursRefused.
    """
    first = _day(given, "first")
    last = _day(given, "last") if given.get("last") else first
    begins, ends = _time(given, "begins"), _time(given, "ends")
    since = datetime.combine(first, begins or time.min)
    until = datetime.combine(last, ends) if ends else datetime.combine(last + timedelta(days=1), time.min)
    return moment(since, zone), moment(until, zone)


def moment(local: datetime, zone: str) -> datetime:
    """A moment on the clocks of a zone as naive UTC."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def _day(given: Mapping[str, str], name: str) -> date:
    try:
        day = date.fromisoformat(given.get(name, ""))
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2100:
        raise HoursRefused(
            f"{given.get(name) or 'Nothing'} is not a day.", mend="Write it like 2026-12-24.", field=name
        )
    return day


def _time(given: Mapping[str, str], name: str) -> time | None:
    text = given.get(name, "")
    try:
        return time.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        raise HoursRefused(f"{text} is not a time of day.", mend="Write it like 13:30.", field=name) from None


def _number(given: Mapping[str, str], name: str, empty: int | None) -> int | None:
    text = given.get(name, "").strip()
    if not text:
        return empty
    try:
        return int(text)
    except ValueError:
        raise HoursRefused(f"{text} is not a number.", mend="Write digits alone.", field=name) from None
