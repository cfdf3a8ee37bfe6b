"""Working time and absences in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from babel.dates import format_time, get_day_names
from django.utils.translation import gettext as _

from accord.desk.hours.calendars import hours_of, naive
from accord.desk.shell import formats, locales

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accord.agreement.models import OpenBlock
    from accord.desk.hours.models import Absence

DAY = timedelta(days=1)


def opening_hours(open_time: Mapping[int, tuple[OpenBlock, ...]]) -> list[tuple[str, str]]:
    """Days and their hours; days with the same hours that follow each other are one line."""
    names = get_day_names("abbreviated", locale=locales.current())
    lines = []
    days = [(day, open_time[day]) for day in range(7) if day in open_time]
    for blocks, alike in groupby(days, key=lambda item: item[1]):
        numbers = [day for day, _blocks in alike]
        first, last = names[numbers[0]], names[numbers[-1]]
        lines.append((first if len(numbers) == 1 else f"{first} – {last}", ", ".join(map(_hours, blocks))))
    return lines


def hours_words(written: Mapping[str, str]) -> str:
    """Hours as written, in one line."""
    return "; ".join(f"{days} {hours}" for days, hours in opening_hours(hours_of(written)))


@dataclass(frozen=True)
class Away:
    """An absence as it is shown in a zone."""

    absence: Absence
    span: str
    now: bool


def away(absence: Absence, zone: str, now: datetime) -> Away:
    """The absence in the zone's time; `now` in naive UTC."""
    since, until = (formats.local(naive(moment), zone) for moment in (absence.since, absence.until))
    under_way = naive(absence.since) <= now < naive(absence.until)
    return Away(absence, _span(since, until), under_way)


def _span(since: datetime, until: datetime) -> str:
    if since.time() == until.time() == time.min:
        last = until - DAY
        if last.date() == since.date():
            return formats.day(since)
        return _("%(first)s to %(last)s") % {"first": formats.day(since), "last": formats.day(last)}
    begins, ends = _moment(since), _moment(until)
    if since.date() == until.date():
        ends = _time(until.time())
    return _("%(first)s to %(last)s") % {"first": begins, "last": ends}


def _moment(value: datetime) -> str:
    return f"{formats.day(value)}, {_time(value.time())}"


def _hours(block: OpenBlock) -> str:
    return f"{_time(block.opens)} – {_time(block.closes)}"


def _time(value: time) -> str:
    return str(format_time(value, "short", locale=locales.current()))
