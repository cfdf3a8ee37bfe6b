"""Plan: a revenue target ahead, with what if; or behind, with where the miss arose."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from accord.desk.planning import shown
from accord.desk.planning.asked import asked_of, knobs
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.errors import AccordError
from accord.insight.planning import Asked, Outlook, outlook


@needs(Right.NUMBERS)
def plan(request: HttpRequest) -> HttpResponse:
    """The outlook of one period; what is asked wrongly is told, and the plan without it shown."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "planning/nothing.html")
    found, error = _found(request, reading)
    if found is None:
        return page(request, "planning/nothing.html", error=error)
    if wants_csv(request):
        return csv_response(request, f"plan-{found.label}", _rows(found))
    status = 422 if error else 200
    return page(request, "planning/plan.html", status=status, error=error, **_shown(request, reading, found))


def _found(request: HttpRequest, reading: Reading) -> tuple[Outlook | None, AccordError | None]:
    """The outlook asked for; else the usual one, None where there is no target, with what was wrong."""
    try:
        return outlook(reading.engine, reading.agreement, asked_of(request.GET)), None
    except AccordError as error:
        try:
            return outlook(reading.engine, reading.agreement, Asked()), error
        except AccordError:
            return None, error


def _shown(request: HttpRequest, reading: Reading, found: Outlook) -> dict[str, Any]:
    given = [(knob, request.GET.get(knob.name) or f"{knob.usual:g}") for knob in knobs()]
    made, gap = found.plan, found.gap
    return {
        "found": found,
        "plan": made,
        "gap": gap,
        "parts": shown.sources_of_money(made.forecast) if made else [],
        "factors": shown.factors(gap) if gap else [],
        "missed": gap.actual - gap.target if gap else None,
        "bands": shown.bands(found),
        "scenario": given[:3],
        "assumed": given[3:],
        "target": request.GET.get("target", ""),
        "build_id": reading.build.build_id,
        "version": reading.build.about["version"],
        "built_at": reading.now,
    }


def _rows(found: Outlook) -> list[dict[str, Any]]:
    """The weeks of a plan, or the parts of a gap."""
    if found.plan:
        return [
            {"week": found.day(one.start), "chance": one.chance, "share": one.share, "needed": one.needed}
            for one in found.plan.weeks
        ]
    parts = found.gap.parts if found.gap else []
    names = ("factor", "part", "low", "high", "planned", "actual")
    return [{name: getattr(part, name) for name in names} for part in parts]
