"""Cohorts: each month's spend beside what the leads of that month have won since, and when it came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.asked import Asked, choices
from accord.desk.campaigns.names import BY, SPENT_BY, named
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import Filters, filters_of, title
from accord.desk.shell.pages import page
from accord.desk.shell.rounding import apportion
from accord.desk.shell.tables import csv_response, wants_csv
from accord.insight.attribution.cohorts import AGES

AGED = tuple(f"value_{months}m" for months in AGES)
MONEY = ("cost", *AGED, "value")

Sums = dict[str, Decimal | None]


@dataclass(frozen=True)
class Cohort:
    """Leads that came together; `shown`: amounts rounded so that columns sum."""

    name: Any
    shown: Sums

    @property
    def aged(self) -> list[Decimal | None]:
        """What was won at each age; None where that is not over yet."""
        return [self.shown[name] for name in AGED]


@dataclass(frozen=True)
class Line(Cohort):
    """A channel's or campaign's cohort; `row` of the report, exact."""

    row: dict[str, Any]


@dataclass(frozen=True)
class Month(Cohort):
    """All cohorts of one month, and their sums."""

    lines: list[Line]


@needs(Right.NUMBERS)
def cohorts(request: HttpRequest) -> HttpResponse:
    """The cohorts of the months that begin in a period, `?by=` channel or campaign."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Cohorts"))
    filters = filters_of(request, reading, keep=("by",))
    asked = Asked(request, filters)
    by = asked.one_of("by", SPENT_BY, "channel")
    rows = reading.cohorts(filters, by)
    if wants_csv(request):
        return csv_response(request, f"cohorts-{filters.period.label}", rows)
    lines = _lines(reading, rows, by)
    return page(
        request,
        "campaigns/cohorts.html",
        filters,
        segment_only=True,
        wrong=asked.wrong,
        months=list(_months(reading, filters, lines)),
        sums=_sums(lines),
        ages=AGES,
        by_word=BY[by],
        bys=choices(filters, "by", SPENT_BY, by),
    )


def _lines(reading: Reading, rows: Sequence[dict[str, Any]], by: str) -> list[Line]:
    columns = {name: apportion([row[name] for row in rows]) for name in MONEY}
    return [
        Line(named(reading, by, row[by]), {name: columns[name][place] for name in MONEY}, row)
        for place, row in enumerate(rows)
    ]


def _months(reading: Reading, filters: Filters, lines: Iterable[Line]) -> Iterable[Month]:
    names = {p.label: title(p, filters.zone) for p in reading.periods if p.kind == "month"}
    for month, found in groupby(lines, key=lambda line: str(line.row["month"])):
        of_month = list(found)
        yield Month(names[month], _sums(of_month), of_month)


def _sums(lines: Sequence[Line]) -> Sums:
    """The sums of the columns as printed, None where nothing is known; `roas` of the whole."""
    sums: Sums = {name: _sum([line.shown[name] for line in lines]) for name in MONEY}
    sums |= {name: _sum([Decimal(line.row[name]) for line in lines]) for name in ("leads", "customers")}
    cost, value = sums["cost"], sums["value"]
    return sums | {"roas": value / cost if cost and value is not None else None}


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
