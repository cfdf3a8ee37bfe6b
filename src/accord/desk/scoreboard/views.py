"""The Scoreboard: exceptions first, then both teams' numbers side by side, leading and lagging apart."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accord import workspace
from accord.desk.proposals.review import overdue
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.scoreboard.course import course
from accord.desk.scoreboard.periods import scoreboards
from accord.desk.scoreboard.summary import summary
from accord.desk.scoreboard.tiles import TILES, tiles
from accord.desk.sealed.standing import of_scoreboard
from accord.desk.shell.filters import filters_of
from accord.desk.shell.formats import local
from accord.desk.shell.funnel import funnel_stages
from accord.desk.shell.pages import page
from accord.desk.shell.places import page_address
from accord.desk.shell.tables import csv_response, wants_csv


@needs(Right.NUMBERS)
def scoreboard(request: HttpRequest) -> HttpResponse:
    """The scoreboard of a period."""
    reading = reading_of(request)
    if not reading.has_build:
        return redirect("start") if reading.may(Right.IMPORT) else page(request, "scoreboard/nothing.html")
    filters = filters_of(request, reading)
    if wants_csv(request):
        name = f"scoreboard-{filters.period.label}"
        return csv_response(request, name, reading.scoreboard(filters))
    boards = scoreboards(reading, filters)
    made = tiles(reading.kpis, boards, filters, reading.agreement.currency)
    exceptions = [
        {**row, "address": page_address(row["page"], row["filters"])} for row in reading.exceptions()
    ]
    revenue = made.get("revenue")
    return page(
        request,
        "scoreboard/scoreboard.html",
        filters,
        exceptions=exceptions,
        review_due=overdue(local(workspace.now(), filters.zone).date()),
        sealed=of_scoreboard(reading, filters, boards.asked),
        summary=summary(exceptions, revenue, filters, reading.agreement.currency),
        course=course(reading, filters, revenue.row["target"] if revenue else None),
        freshness=reading.freshness(),
        sections=[(kind, _seam(kind, made)) for kind in TILES],
        tiles=made,
        funnel=funnel_stages(reading.agreement, reading.funnel(filters)),
    )


def _seam(kind: str, made: dict[str, Any]) -> dict[str, list[Any]]:
    return {owner: [made[name] for name in names if name in made] for owner, names in TILES[kind].items()}
