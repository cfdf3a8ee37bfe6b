"""When something may reach a person: at once, with the hour's digest, or when their quiet hours are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Quiet:
    """Hours of every day on the clocks of a zone; over midnight where `ends` is not after `begins`."""

    begins: time
    ends: time
    zone: str

    def end(self, at: datetime) -> datetime | None:
        """When the quiet hours in which a moment lies are over; None if it lies in none. Both aware UTC."""
        local = at.astimezone(ZoneInfo(self.zone))
        if not self._in(local.time()):
            return None
        day = local.date()
        if self.ends <= local.time():
            day += timedelta(days=1)
        over = [
            datetime.combine(day, self.ends, ZoneInfo(self.zone)).replace(fold=fold).astimezone(UTC)
            for fold in (0, 1)
        ]
        return next((one for one in over if one > at), over[-1])

    def _in(self, clock: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def when(at: datetime, *, hourly: bool, quiet: Quiet | None) -> tuple[datetime, bool]:
    """From when on something may be sent, and whether with all else that waits until then. Aware UTC."""
    due = _next_hour(at) if hourly else at
    over = quiet.end(due) if quiet else None
    return (over, True) if over else (due, hourly)


def _next_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + HOUR
