"""A person's working time as the arithmetic of promises reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from accord.agreement.models import DAYS, CalendarRule, OpenBlock, days_of
from accord.desk.hours.company_calendar import former_calendars
from accord.desk.hours.models import Absence, FormerHours, WorkingTime
from accord.errors import AccordError
from accord.promises.holidays import holidays_of
from accord.promises.open_time import OpenTime, Span

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.agreement.agreement import Calendar
    from accord.desk.teams.models import User

T = TypeVar("T")

YEARS_AHEAD = 2
"""For how many years after the present one holidays are known."""

LONG_AGO = datetime(1, 1, 1)


class HoursRefused(AccordError):
    """A person's working time is not one."""

    code = "hours_refused"


def open_time_of(user: User | None, agreement: Agreement, now: datetime) -> OpenTime:
    """The working time of a person at their own hours, else by the agreement's; None is the pool's."""
    return _open_time(_own(user), agreement.calendar, now, _absences(user, now) if user else ())


def open_times_of(
    user: User | None, agreement: Agreement, now: datetime
) -> tuple[tuple[datetime, OpenTime], ...]:
    """The same for each stretch of time in which somebody or the company had other hours, and from when on.

    In order; the first holds from LONG_AGO on.
    """
    away = _absences(user, now) if user else ()
    former = list(FormerHours.objects.filter(user=user)) if user else []
    own = _stretches([(naive(hours.until), hours) for hours in former], _own(user))
    shared = _stretches([(naive(at), one) for at, one in former_calendars()], agreement.calendar)
    begins = sorted({since for since, _ in (*own, *shared)})
    return tuple((since, _open_time(_then(own, since), _then(shared, since), now, away)) for since in begins)


def _stretches(ended: Sequence[tuple[datetime, T]], present: T) -> list[tuple[datetime, T]]:
    """What held from when on, from what held until when."""
    begins = [LONG_AGO, *(until for until, _ in ended)]
    return list(zip(begins, [*(one for _, one in ended), present], strict=True))


def _then(stretches: Sequence[tuple[datetime, T]], moment: datetime) -> T:
    """What held at a moment."""
    return [one for since, one in stretches if since <= moment][-1]


def hours_of(written: Mapping[str, str]) -> dict[int, tuple[OpenBlock, ...]]:
    """Open time by weekday from hours as written (`{"mon-fri": "09:00-17:30"}`). Raises HoursRefused."""
    return {day: blocks for days, text in written.items() for day, blocks in _days(days, text).items()}


def own_week(days: Mapping[str, str]) -> dict[str, str]:
    """Somebody's own hours from a text for each weekday, empty for days off. Raises HoursRefused."""
    written = {day: text.strip() for day, text in days.items() if day in DAYS and text.strip()}
    hours_of(written)
    if not written:
        raise HoursRefused(
            "Working hours without any open time would never let a clock run.",
            mend="Give at least one day hours, or use the agreement's.",
            field=DAYS[0],
        )
    return written


def week_of(written: Mapping[str, str]) -> dict[str, str]:
    """The text for each weekday of hours as written, empty where closed."""
    texts = {DAYS[day]: text for days, text in written.items() for day in days_of(days)}
    return {day: texts.get(day, "") for day in DAYS}


def _days(days: str, text: str) -> dict[int, tuple[OpenBlock, ...]]:
    """The open time of the weekdays of one key."""
    try:
        rule = CalendarRule.model_validate({"zone": "UTC", days: text})
        return dict.fromkeys(days_of(days), rule.days[days])
    except ValidationError as error:
        wrong = error.errors()[0]
        mend = str(wrong.get("ctx", {}).get("mend", "")) or 'Write hours like "09:00-12:00, 13:00-17:30".'
        raise HoursRefused(wrong["msg"], mend=mend, field=days) from error
    except (ValueError, KeyError) as error:
        raise HoursRefused(
            f"{days!r} is not a day of the week.", mend='Write days like mon-fri: "09:00-17:30".', field=days
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


def _open_time(
    own: WorkingTime | FormerHours | None, shared: Calendar, now: datetime, away: tuple[Span, ...]
) -> OpenTime:
    years = range(now.year - 1, now.year + YEARS_AHEAD + 1)
    return OpenTime(
        zone=own.zone if own and own.zone else shared.zone,
        hours=hours_of(own.hours) if own and own.hours else shared.open,
        holidays=_closed(own, shared, years),
        away=away,
    )


def _closed(own: WorkingTime | FormerHours | None, shared: Calendar, years: range) -> frozenset[date]:
    codes = own.holidays if own and own.holidays else shared.holidays
    return holidays_of(codes, years) | frozenset(shared.closed)


def _absences(user: User, now: datetime) -> tuple[Span, ...]:
    """Absences that may matter to a clock still running: those of the last year and all to come."""
    recent = Absence.objects.filter(user=user, until__gt=aware(now - timedelta(days=366)))
    return tuple(Span(naive(absence.since), naive(absence.until)) for absence in recent)
