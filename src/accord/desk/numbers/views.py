"""A number opened: its definition, agreement version and build, its trend, its split, its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse

from accord.desk.numbers.facts import beneath
from accord.desk.numbers.split import split
from accord.desk.numbers.trend import trend
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.scoreboard.periods import scoreboards
from accord.desk.shell.filters import Filters, filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv

if TYPE_CHECKING:
    from accord.insight.metrics import Kpi


@needs(Right.NUMBERS)
def number(request: HttpRequest, kpi: str) -> HttpResponse:
    """The page of one KPI for the asked period and filters."""
    reading = reading_of(request)
    if not reading.has_build:
        raise Http404
    found = next((known for known in reading.kpis if known.name == kpi), None)
    if found is None:
        raise Http404
    filters = filters_of(request, reading)
    if wants_csv(request):
        return _csv(request, reading, filters, found)
    boards = scoreboards(reading, filters)
    row = next(row for row in boards.asked if row["kpi"] == kpi)
    return page(
        request,
        "numbers/number.html",
        filters,
        kpi=found,
        row=row,
        before=next((old for old in boards.before if old["kpi"] == kpi), None),
        trend=trend(reading, filters, found, boards.trend),
        by_channel=split(reading, filters, found, "channel"),
        by_segment=split(reading, filters, found, "segment"),
        beneath=[] if row["missing"] else beneath(reading, filters, found),
    )


def _csv(request: HttpRequest, reading: Reading, filters: Filters, kpi: Kpi) -> HttpResponse:
    """All facts of one of the KPI's measures, `?facts=`; the first without it."""
    measure = request.GET.get("facts", kpi.facts[0])
    if measure not in kpi.facts:
        raise Http404
    facts = next(found for found in reading.behind(filters, kpi) if found.measure == measure)
    return csv_response(request, f"{measure}-{filters.period.label}", facts.rows)
