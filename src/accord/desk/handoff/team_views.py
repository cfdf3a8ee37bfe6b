"""The page Team: how the work is spread, for whoever answers for it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from accord import workspace
from accord.desk.handoff import teams_now
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv


@needs(Right.TEAM)
def team(request: HttpRequest) -> HttpResponse:
    """The teams somebody answers for, person by person."""
    reading = reading_of(request)
    shown = _shown(reading)
    if wants_csv(request):
        return csv_response(request, "team", teams_now.rows(shown["teams"]))
    return page(request, "handoff/team.html", **shown)


@needs(Right.TEAM)
@cache_control(private=True, no_cache=True)
def team_list(request: HttpRequest) -> HttpResponse:
    """The teams alone, for the page that asks again; 304 while they read as before."""
    reading = reading_of(request)
    shown = {**_shown(reading), "zone": reading.agreement.calendar.zone}
    answer = render(request, "handoff/team_list.html", shown)
    etag = f'"{sha256(answer.content).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    answer["ETag"] = etag
    return answer


def _shown(reading: Reading) -> dict[str, Any]:
    now = workspace.now()
    teams = [teams_now.spread(team, reading.agreement, now) for team in teams_now.teams_of(reading.user)]
    lines = [line for spread in teams for line in spread.lines]
    return {
        "teams": teams,
        "late": sum(spread.late for spread in teams),
        "pooled": sum(spread.pool.open for spread in teams),
        "away": [line.user.name for line in lines if line.away_until],
        "keeps_hours": reading.may(Right.HOURS),
    }
