"""Public holidays by country or part of one, from the `holidays` library."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from accord.errors import AccordError


class UnknownHolidays(AccordError):
    """There is no holiday calendar of that code."""

    code = "unknown_holidays"


def holidays_of(codes: Iterable[str], years: Iterable[int]) -> frozenset[date]:
    """The days closed in the years by codes such as DE or DE-BE. Raises UnknownHolidays."""
    return frozenset(day for code in codes for year in years for day in _of_year(code, year))


@lru_cache(maxsize=512)
def _of_year(code: str, year: int) -> frozenset[date]:
    import holidays

    country, _, part = code.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError:
        raise UnknownHolidays(
            f"There are no holidays known by {code}.",
            mend="Write a country's two letters (DE), or with a part of it (DE-BE).",
        ) from None
