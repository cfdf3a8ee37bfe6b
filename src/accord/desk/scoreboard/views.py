"""The Scoreboard: exceptions first, then both teams' numbers side by side, leading and lagging apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.scoreboard.course import course
from accord.desk.scoreboard.summary import summary
from accord.desk.scoreboard.tiles import TILES, tiles
from accord.desk.shell.filters import KINDS, Filters, filters_of
from accord.desk.shell.funnel import funnel_stages
from accord.desk.shell.pages import page
from accord.desk.shell.places import page_address
from accord.desk.shell.tables import csv_response, wants_csv

if TYPE_CHECKING:
    from accord.insight.metrics.targets import Period

TREND = 12
"""How many periods a sparkline shows."""


@needs(Right.NUMBERS)
def scoreboard(request: HttpRequest) -> HttpResponse:
    """The scoreboard of a period."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "scoreboard/nothing.html")
    filters = filters_of(request, reading)
    rows = reading.scoreboard(filters)
    if wants_csv(request):
        return csv_response(request, f"scoreboard-{filters.period.label}".replace("/", "_"), rows)
    trend, before = _trend(reading, filters), _before(reading, filters)
    made = tiles(reading.kpis, rows, trend, before, filters, reading.agreement.currency)
    exceptions = [
        {**row, "address": page_address(row["page"], row["filters"])} for row in reading.exceptions()
    ]
    revenue = made.get("revenue")
    return page(
        request,
        "scoreboard/scoreboard.html",
        filters,
        exceptions=exceptions,
        summary=summary(exceptions, revenue, filters, reading.agreement.currency),
        course=course(reading, filters, revenue.row["target"] if revenue else None),
        freshness=reading.freshness(),
        sections=[(kind, _seam(kind, made)) for kind in TILES],
        tiles=made,
        funnel=funnel_stages(reading.agreement, reading.funnel(filters)),
    )


def _seam(kind: str, made: dict[str, Any]) -> dict[str, list[Any]]:
    return {owner: [made[name] for name in names if name in made] for owner, names in TILES[kind].items()}


def _trend(reading: Reading, filters: Filters) -> list[dict[str, Any]]:
    """The rows of the last periods of the asked kind, up to the asked one."""
    last = _last_periods(reading, filters)
    if not last:
        return []
    return reading.scoreboard(filters, start=last[0].start, end=last[-1].end, by=filters.period.kind)


def _last_periods(reading: Reading, filters: Filters) -> list[Period]:
    if filters.period.kind not in KINDS:
        return []
    kin = [
        p
        for p in reading.periods
        if p.kind == filters.period.kind and p.end <= filters.period.end and p.end > reading.first_known
    ]
    return kin[-TREND:]


def _before(reading: Reading, filters: Filters) -> list[dict[str, Any]]:
    if filters.previous is None:
        return []
    return reading.scoreboard(filters, start=filters.previous.start, end=filters.previous.end)
