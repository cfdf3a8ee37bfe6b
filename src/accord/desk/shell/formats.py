"""How values are written for the reader: numbers, money, shares, times. None is a dash, never zero."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

from accord.desk.shell import locales

NOTHING = "–"

Number = Decimal | int | float


def exact(value: Number | None, unit: str, currency: str = "") -> str:
    """The value in full: money to the cent where it has cents, shares to a tenth of a per cent."""
    if value is None:
        return NOTHING
    number, locale = Decimal(str(value)), locales.current()
    if unit == "money":
        whole = number == int(number) or abs(number) >= 1000
        return _money(number, currency, locale, 0 if whole else 2)
    return _plain(number, unit, locale)


def compact(value: Number | None, unit: str, currency: str = "") -> str:
    """The value in little room: €1.06M, 12.4K."""
    if value is None:
        return NOTHING
    size, locale = abs(Decimal(str(value))), locales.current()
    if unit == "money" and size >= 10_000:
        digits = 2 if size >= 1_000_000 else 1
        shown = numbers.format_compact_currency(value, currency, locale=locale, fraction_digits=digits)
        return shown.replace("-", "−")
    if unit == "count" and size >= 100_000:
        return numbers.format_compact_decimal(value, locale=locale, fraction_digits=1)
    return exact(value, unit, currency)


def _plain(value: Decimal, unit: str, locale: Locale) -> str:
    if unit == "share":
        return numbers.format_percent(value, format=_percent(locale), locale=locale)
    if unit == "hours":
        return duration(value)
    if unit == "days":
        return f"{numbers.format_decimal(round(value, 1), locale=locale)} d"
    if unit == "tenths":
        return numbers.format_decimal(value, format="#,##0.0", locale=locale).replace("-", "−")
    if unit == "points":
        return numbers.format_decimal(value, format="#,##0.#", locale=locale).replace("-", "−")
    if unit == "ratio":
        return numbers.format_decimal(value, format="+0.00;-0.00", locale=locale).replace("-", "−")
    digits = "#,##0" if value == int(value) else "#,##0.##"
    return numbers.format_decimal(value, format=digits, locale=locale).replace("-", "−")


def duration(hours: Number) -> str:
    """Hours as people say them: 42 min, 3 h 12 min, 4 d 6 h."""
    minutes = round(float(hours) * 60)
    days, rest = divmod(minutes, 24 * 60)
    whole, left = divmod(rest, 60)
    if days >= 2:
        return f"{days} d {whole} h" if whole else f"{days} d"
    whole += days * 24
    if whole:
        return f"{whole} h {left} min" if left else f"{whole} h"
    return f"{left} min"


def day(value: date | datetime | None, form: str = "medium") -> str:
    """A day in the reader's words: Nov 24, 2026."""
    return dates.format_date(value, format=form, locale=locales.current()) if value else NOTHING


def near_day(value: datetime | None, zone: str, now: datetime) -> str:
    """The local day of a moment of naive UTC, without the year where it is this one: Nov 24."""
    if value is None:
        return NOTHING
    on = local(value, zone).date()
    if on.year != local(now, zone).year:
        return day(on)
    return dates.format_skeleton("MMMd", on, locale=locales.current())


def moment(value: datetime | None, zone: str) -> str:
    """A moment, aware or of naive UTC, in the company's zone, to the minute."""
    if value is None:
        return NOTHING
    return dates.format_datetime(local(value, zone), format="d MMM y, HH:mm", locale=locales.current())


def local(value: datetime, zone: str) -> datetime:
    """The moment, aware or of naive UTC, on the clocks of the zone; naive, so that templates leave it."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def ago(value: datetime | None, now: datetime) -> str:
    """How long before `now`: 3 hours ago."""
    if value is None:
        return NOTHING
    return dates.format_timedelta(value - now, add_direction=True, locale=locales.current())


def symbol(currency: str) -> str:
    """The currency's sign for the reader."""
    return numbers.get_currency_symbol(currency, locale=locales.current())


def _money(value: Decimal, currency: str, locale: Locale, digits: int) -> str:
    shown = numbers.format_currency(
        value, currency, format=_pattern(locale, digits), locale=locale, currency_digits=False
    )
    return shown.replace("-", "−")


@lru_cache(maxsize=256)
def _pattern(locale: Locale, digits: int) -> str:
    """The locale's own way of writing money, with so many digits after the point."""
    pattern = str(locale.currency_formats["standard"].pattern)
    return pattern.replace(".00", "." + "0" * digits if digits else "")


@lru_cache(maxsize=256)
def _percent(locale: Locale) -> str:
    return str(locale.percent_formats[None].pattern).replace("0", "0.#", 1)
