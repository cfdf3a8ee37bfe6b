"""A number opened: its definition, the agreement version and build behind it, and the facts beneath it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import filters_of
from accord.desk.shell.pages import page


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
    row = next(row for row in reading.scoreboard(filters) if row["kpi"] == kpi)
    facts = [(name.replace(".", ", ").replace("_", " "), count) for name, count in row["facts"].items()]
    return page(request, "numbers/number.html", filters, kpi=found, row=row, facts=facts)
