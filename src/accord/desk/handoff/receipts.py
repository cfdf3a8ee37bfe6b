"""A clock's receipt for people and programs: each interval counted or not, adding up to the number."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accord.desk.handoff.clocks import Calendars, counted
from accord.desk.handoff.models import Clock
from accord.desk.hours.calendars import naive

MINUTE = timedelta(minutes=1)


def receipt(clock: Clock, calendars: Calendars, now: datetime) -> dict[str, Any]:
    """`{promise, started_at, due_at, until, lines, counted_seconds, passed_seconds}`; moments naive UTC.

    A line is `{since, until, owner, why, note, counts, seconds}`. It ends when the clock did, else at `now`.
    The seconds of the lines that count add up to `counted_seconds`, those of all to `passed_seconds`.
    """
    until = naive(clock.ended_at) if clock.ended_at else max(now, naive(clock.started_at))
    lines = [
        {
            "since": line.since,
            "until": line.until,
            "owner": line.owner,
            "why": line.why,
            "note": line.note,
            "counts": line.counts,
            "seconds": int(line.length.total_seconds()),
        }
        for line in counted(clock, calendars).receipt(until)
    ]
    return {
        "promise": clock.promise,
        "version": clock.version,
        "within_seconds": clock.within_seconds,
        "business": clock.business,
        "started_at": naive(clock.started_at),
        "due_at": naive(clock.due_at) if clock.due_at else None,
        "until": until,
        "lines": lines,
        "counted_seconds": sum(line["seconds"] for line in lines if line["counts"]),
        "passed_seconds": sum(line["seconds"] for line in lines),
    }
