"""A time zone as stretches in which local time runs evenly, so that daylight saving needs no special case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def pieces(zone: str, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """[start, end) in naive UTC, cut where the zone's offset changes: (from, until, offset to local)."""
    while start < end:
        until = min(end, _year(start.year + 1))
        for change in _changes(zone, start.year):
            if start < change < end:
                until = min(until, change)
        yield start, until, offset(zone, start)
        start = until


def offset(zone: str, at: datetime) -> timedelta:
    """What is added to the moment of naive UTC for local time."""
    found = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return found or timedelta()


@lru_cache(maxsize=4096)
def _changes(zone: str, year: int) -> tuple[datetime, ...]:
    """The moments of the year at which the zone's offset changes."""
    found, day, last = [], _year(year), _year(year + 1)
    while day < last:
        if offset(zone, day) != offset(zone, day + DAY):
            found.append(_change(zone, day, day + DAY))
        day += DAY
    return tuple(found)


def _change(zone: str, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes between two moments with different offsets."""
    old = offset(zone, before)
    while after - before > SECOND:
        middle = before + ((after - before) / 2 // SECOND) * SECOND
        before, after = (middle, after) if offset(zone, middle) == old else (before, middle)
    return after


def _year(number: int) -> datetime:
    return datetime(number, 1, 1)
