"""Time in the demo company: its eighteen months, its business hours and its fiscal quarters.

The simulation counts local seconds: seconds since 1970 as a clock on the wall in Berlin shows them. They
become UTC when they are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from accord.sources.demo.chance import Draws, Floats, Ints

DAY = 86_400
HOUR = 3_600
OPENS, CLOSES = 9 * HOUR, 17 * HOUR + 1_800
OPEN = CLOSES - OPENS
HISTORY_DAYS = 548
AHEAD_DAYS = 200
"""Days after the last one that business time still knows, for what is planned beyond it and then cut."""
ZONE = ZoneInfo("Europe/Berlin")
HOLIDAYS = {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}
FISCAL_START = 2
"""The fiscal year begins in February."""
EPOCH = date(1970, 1, 1)

SEASON = (0.92, 1.0, 1.12, 1.18, 1.05, 1.0, 0.82, 0.72, 1.12, 1.12, 1.08, 0.66)
"""Interest by month."""
WEEKEND = 0.22
GROWTH = 0.35
"""How much more interest there is at the end than at the beginning."""
WEB_HOURS = (2, 1, 1, 1, 1, 2, 5, 14, 34, 52, 58, 55, 42, 50, 58, 55, 48, 36, 24, 18, 18, 16, 10, 5)


@dataclass(frozen=True)
class Quarter:
    """A fiscal quarter: its name, first day and the day after its last."""

    name: str
    starts: date
    ends: date


@dataclass
class Clock:
    """The eighteen months that end with the day `until`, as local seconds from `starts` to `ends`."""

    until: date
    first_day: int = field(init=False)
    starts: int = field(init=False)
    ends: int = field(init=False)

    def __post_init__(self) -> None:
        self.first_day = (self.until - EPOCH).days - HISTORY_DAYS + 1
        self.starts = self.first_day * DAY
        self.ends = (self.first_day + HISTORY_DAYS) * DAY
        days = [EPOCH + timedelta(self.first_day + n) for n in range(HISTORY_DAYS + AHEAD_DAYS)]
        self.days = days
        self.weekday = np.array([day.weekday() for day in days])
        closed = np.array([(day.month, day.day) in HOLIDAYS for day in days])
        self.is_open = (self.weekday < 5) & ~closed
        self._opened = np.concatenate([[0], np.cumsum(self.is_open * OPEN)])
        self._offsets = np.array([_offset(day) for day in days])

    @property
    def interest(self) -> Floats:
        """How much interest each day of the eighteen months brings."""
        season = np.array([SEASON[day.month - 1] for day in self.days[:HISTORY_DAYS]])
        week = np.where(self.is_open[:HISTORY_DAYS], 1.0, WEEKEND)
        return season * week * np.linspace(1.0, 1.0 + GROWTH, HISTORY_DAYS)

    def at(self, day: date) -> int:
        """The local second at which a day begins."""
        return (day - EPOCH).days * DAY

    def day_of(self, moment: Ints) -> Ints:
        """Which day, counted from the first."""
        return np.clip(moment // DAY - self.first_day, 0, len(self.days) - 1)

    def on_web(self, moment: Ints, draws: Draws) -> Ints:
        """The same days at hours when people look at the web; most of a weekend's visits wait for Monday or
        Tuesday."""
        day = self.day_of(moment)
        late = np.where(draws.yes(1 - WEEKEND, len(day)), 7 - self.weekday[day], 0)
        day = np.where(self.weekday[day] >= 5, day + late, day)
        hour = draws.pick(WEB_HOURS, len(day))
        return (self.first_day + day) * DAY + hour * HOUR + draws.whole(0, HOUR - 1, len(day))

    def work(self, moment: Ints) -> Ints:
        """Business seconds from the first day to each moment."""
        day = self.day_of(moment)
        today = np.clip(moment % DAY - OPENS, 0, OPEN)
        return np.asarray(self._opened[day] + np.where(self.is_open[day], today, 0))

    def after_work(self, moment: Ints, seconds: Floats) -> Ints:
        """The moment at which so many business seconds have passed since."""
        work = self.work(moment) + seconds.astype(np.int64)
        day = np.clip(np.searchsorted(self._opened, work, side="right") - 1, 0, len(self.days) - 1)
        return np.asarray((self.first_day + day) * DAY + OPENS + work - self._opened[day])

    def utc(self, moment: Ints) -> Ints:
        """Seconds since 1970 in UTC."""
        return np.asarray(moment - self._offsets[self.day_of(moment)])

    @property
    def missed(self) -> Quarter:
        """The last complete fiscal quarter: the one whose revenue target is missed."""
        return self.quarter(-1)

    @property
    def troubled(self) -> date:
        """The day two months before the missed quarter, from which on things go wrong: what a quarter sells
        was begun before it."""
        starts = self.missed.starts
        return _month(starts.year * 12 + starts.month - FISCAL_START - 2)

    def quarter(self, steps: int = 0) -> Quarter:
        """The fiscal quarter of the day after the last one, or one so many quarters from it."""
        day = self.until + timedelta(1)
        months = day.year * 12 + day.month - FISCAL_START
        first = months - months % 3 + 3 * steps
        year, number = divmod(first, 12)
        return Quarter(f"{year}Q{number // 3 + 1}", _month(first), _month(first + 3))


def _month(months: int) -> date:
    """The first day of a month, counted from the first month of the fiscal year 0."""
    years, month = divmod(months + FISCAL_START - 1, 12)
    return date(years, month + 1, 1)


def _offset(day: date) -> int:
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE).utcoffset()
    return int(offset.total_seconds()) if offset else 0
