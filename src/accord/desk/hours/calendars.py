"""A person's working time as the arithmetic of promises reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import ValidationError

from accord.agreement.models import CalendarRule, OpenBlock, days_of
from accord.desk.hours.models import Absence, WorkingTime
from accord.errors import AccordError
from accord.promises.holidays import holidays_of
from accord.promises.open_time import OpenTime, Span

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.agreement.agreement import Calendar
    from accord.desk.teams.models import User

YEARS_AHEAD = 2
"""For how many years after the present one holidays are known."""


class HoursRefused(AccordError):
    """A person's working time is not one."""

    code = "hours_refused"


def open_time_of(user: User | None, agreement: Agreement, now: datetime) -> OpenTime:
    """The working time of a person at their own hours, else by the agreement's; None is the pool's."""
    own = _own(user)
    shared = agreement.calendar
    years = range(now.year - 1, now.year + YEARS_AHEAD + 1)
    return OpenTime(
        zone=own.zone if own and own.zone else shared.zone,
        hours=hours_of(own.hours) if own and own.hours else shared.open,
        holidays=_closed(own, shared, years),
        away=_absences(user, now) if user else (),
    )


def hours_of(written: Mapping[str, str]) -> dict[int, tuple[OpenBlock, ...]]:
    """Open time by weekday from hours as written. Raises HoursRefused with the mend."""
    try:
        rule = CalendarRule.model_validate({"zone": "UTC", **written})
        return {day: blocks for key, blocks in rule.days.items() for day in days_of(key)}
    except (ValidationError, ValueError) as error:
        raise HoursRefused(
            f"These are not working hours: {written}.",
            mend='Write them like mon-fri: "09:00-12:00, 13:00-17:30".',
        ) from error


def away_until(user: User, now: datetime) -> datetime | None:
    """Until when somebody is away at the moment `now` (naive UTC); None if they are not."""
    spans = sorted(_absences(user, now), key=lambda span: span.since)
    until: datetime | None = None
    for span in spans:
        if span.since <= (until or now) < span.until:
            until = span.until
    return until


def naive(moment: datetime) -> datetime:
    """A moment of the desk database as naive UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """A moment of naive UTC for the desk database."""
    return moment.replace(tzinfo=UTC)


def _own(user: User | None) -> WorkingTime | None:
    return WorkingTime.objects.filter(user=user).first() if user else None


def _closed(own: WorkingTime | None, shared: Calendar, years: range) -> frozenset[date]:
    codes = own.holidays if own and own.holidays else shared.holidays
    return holidays_of(codes, years) | frozenset(shared.closed)


def _absences(user: User, now: datetime) -> tuple[Span, ...]:
    """Absences that may matter to a clock still running: those of the last year and all to come."""
    recent = Absence.objects.filter(user=user, until__gt=aware(now - timedelta(days=366)))
    return tuple(Span(naive(absence.since), naive(absence.until)) for absence in recent)
