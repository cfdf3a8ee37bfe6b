"""The page Going live: what would happen, and the switch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.handoff.actions import go_live as actions
from accord.desk.jobs.models import Job
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page

HOWS = ("leave", "fresh", "running")
DAYS = (7, 14, 30, 90)


@needs(Right.PEOPLE)
def live(request: HttpRequest) -> HttpResponse:
    """What going live would do with the leads there are; a POST does it."""
    reading, now = reading_of(request), workspace.now()
    if not reading.has_build:
        return page(request, "handoff/nothing.html")
    wanted = _wanted(request)
    planned = actions.plan(reading.engine, reading.agreement, now, wanted)
    context: dict[str, Any] = {
        "plan": planned,
        "wanted": wanted,
        "days": DAYS,
        "is_live": reading.settings.mode == "live",
        "job": _job(),
    }
    if request.method != "POST":
        return page(request, "handoff/live.html", **context)
    try:
        actions.go_live(planned, wanted, request.POST.get("typed", ""), by=reading.user)
    except actions.NotLive as error:
        return page(request, "handoff/live.html", **context, error=str(error), status=422)
    messages.success(request, _("Accord is live."))
    return redirect("live")


@needs(Right.PEOPLE)
@require_POST
def shadow(request: HttpRequest) -> HttpResponse:
    """Back to shadow."""
    try:
        actions.back_to_shadow(by=reading_of(request).user)
    except actions.NotLive as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Accord judges and shows, and touches nobody."))
    return redirect("live")


def _job() -> Job | None:
    """The hand-over that is under way."""
    open_ones = Job.objects.filter(kind=actions.JOB, state__in=(Job.State.WAITING, Job.State.RUNNING))
    return open_ones.order_by("pk").last()


def _wanted(request: HttpRequest) -> actions.TakeOver:
    given = request.POST if request.method == "POST" else request.GET
    how, days = given.get("how", "leave"), given.get("days", "30")
    return actions.TakeOver(
        how=how if how in HOWS else "leave",  # type: ignore[arg-type]
        days=int(days) if days.isdecimal() and int(days) in DAYS else 30,
    )
