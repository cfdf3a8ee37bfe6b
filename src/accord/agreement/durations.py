"""Lengths of time as people write them: `14d`, `24 hours`, `4 business hours`."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNITS: dict[str, int] = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
SHORT: dict[str, str] = {
    "m": "minute",
    "min": "minute",
    "mins": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
}

_FORM = re.compile(r"\s*([0-9]{1,6})\s*(business\s+)?([a-z]+)\s*", re.IGNORECASE)
_LONGEST = 20 * 366 * 86400


@dataclass(frozen=True, order=True)
class Duration:
    """A length of time. `business`: counted in open time of the calendar only."""

    seconds: int
    business: bool = False

    def __str__(self) -> str:
        for unit in ("day", "hour", "minute"):
            if self.business and unit == "day":
                continue
            count, rest = divmod(self.seconds, UNITS[unit])
            if not rest:
                return f"{count} {'business ' if self.business else ''}{unit}{'s' if count != 1 else ''}"
        return f"{self.seconds} seconds"


def parse_duration(text: str) -> Duration:
    """The duration `text` means. Raises ValueError with the mend if it means none."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError("Write a number and a unit, such as 14d, 24 hours or 30 minutes.")
    number, business, word = int(form[1]), form[2] is not None, form[3].lower()
    unit = SHORT.get(word) or word.removesuffix("s")
    if unit in ("month", "quarter", "year", "mo", "y"):
        raise ValueError(f"A {unit} has no fixed length; write days, such as 30d or 90d.")
    if unit not in UNITS:
        raise ValueError(f"The unit {form[3]!r} is not known; use minutes, hours, days or weeks.")
    if business and unit not in ("minute", "hour"):
        raise ValueError(f"A business {unit} has no fixed length; write business hours.")
    seconds = number * UNITS[unit]
    if seconds == 0:
        raise ValueError("It must be longer than nothing.")
    if seconds > _LONGEST:
        raise ValueError("It must not be longer than 20 years.")
    return Duration(seconds, business)
