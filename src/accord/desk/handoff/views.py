"""The queue of who calls, the answers they give, and the receipts of the clocks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from accord import workspace
from accord.csv_text import plain
from accord.desk.handoff.actions import verdicts
from accord.desk.handoff.actions.evidence import attempted
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.on_lead import handoffs_on, may_know
from accord.desk.handoff.queue import Entry, entries, handoffs_for, mark
from accord.desk.handoff.receipts import receipt
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.insight.periods import midnight

GROUPS = (
    ("late", _("Past due"), _("The promise is broken; call first")),
    ("soon", _("Due next"), _("Less than a quarter of the time is left")),
    ("later", _("Later"), _("Nothing at risk")),
    ("held", _("On hold"), _("The clock rests, with a reason")),
)


@needs(Right.QUEUE)
def queue(request: HttpRequest) -> HttpResponse:
    """My leads: what waits for me, by time left."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "handoff/nothing.html")
    return page(request, "handoff/queue.html", **_queue(reading, whole_team=_whole_team(request)))


@needs(Right.QUEUE)
@cache_control(private=True, no_cache=True)
def queue_list(request: HttpRequest) -> HttpResponse:
    """The queue alone, for the page that asks again; 304 while nothing in it has changed."""
    reading = reading_of(request)
    handoffs = handoffs_for(reading.user, whole_team=_whole_team(request))
    etag = f'"{mark(handoffs, reading.build.build_id)}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    shown = _queue(reading, whole_team=_whole_team(request))
    answer = render(request, "handoff/queue_list.html", {**shown, "zone": reading.agreement.calendar.zone})
    answer["ETag"] = etag
    return answer


@needs(Right.QUEUE)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lead."""
    reading, handoff = reading_of(request), handoff_of(request, pk)
    try:
        verdicts.accept(handoff, reading.user, workspace.now(), reading.agreement)
    except verdicts.AnswerRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The lead is yours. The clock for the first contact runs."))
    return back_to(request)


@needs(Right.QUEUE)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A form to return, disqualify or recycle a lead; a GET changes nothing."""
    reading, handoff = reading_of(request), handoff_of(request, pk)
    given = {name: request.POST.get(name, "") for name in ("verdict", "reason", "note", "again")}
    context: dict[str, Any] = {
        "handoff": handoff,
        "reasons": reading.agreement.verdicts.returns,
        "given": given,
        "back": _address_back(request),
    }
    if request.method != "POST":
        return page(request, "handoff/answer.html", **context)
    try:
        _give_up(reading, handoff, given)
    except verdicts.AnswerRefused as error:
        return page(request, "handoff/answer.html", **context, error=str(error), status=422)
    messages.success(request, _("Noted. Marketing sees the reason."))
    return back_to(request)


@needs(Right.QUEUE)
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a lead's clocks rest, or run again."""
    reading, handoff, now = reading_of(request), handoff_of(request, pk), workspace.now()
    try:
        if request.POST.get("resume"):
            verdicts.resume(handoff, reading.user, now, reading.agreement)
        else:
            verdicts.hold(handoff, request.POST.get("reason", ""), reading.user, now, reading.agreement)
    except verdicts.AnswerRefused as error:
        messages.error(request, str(error))
    return back_to(request)


@needs(Right.LEADS)
def receipts(request: HttpRequest, pk: int) -> JsonResponse:
    """The receipts of a handoff's clocks as JSON."""
    reading, handoff, now = reading_of(request), handoff_of(request, pk), workspace.now()
    calendars = Calendars(reading.agreement, now)
    made = [receipt(clock, calendars, now) for clock in handoff.clocks.order_by("started_at", "id")]
    return JsonResponse({"handoff": handoff.pk, "clocks": made}, json_dumps_params={"default": plain})


@needs(Right.LEADS)
@cache_control(private=True, no_cache=True)
def on_lead(request: HttpRequest, name: str) -> HttpResponse:
    """The handoffs on a lead's page alone, for the page that asks again; 304 while nothing has changed."""
    shown = handoffs_on(reading_of(request), name, workspace.now())
    etag = f'"{shown["mark"]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    answer = render(request, "handoff/on_lead_list.html", shown)
    answer["ETag"] = etag
    return answer


def _queue(reading: Reading, *, whole_team: bool) -> dict[str, Any]:
    now = workspace.now()
    found = entries(reading, handoffs_for(reading.user, whole_team=whole_team), now)
    groups = [(name, title, note, [e for e in found if e.group == name]) for name, title, note in GROUPS]
    return {
        "parts": [group for group in groups if group[3]],
        "late": sum(entry.group == "late" for entry in found),
        "soon": sum(entry.group == "soon" for entry in found),
        "first": _first(found),
        "count": len(found),
        "whole_team": whole_team,
        "user": reading.user,
    }


def _first(found: list[Entry]) -> Entry | None:
    """Whom to call first."""
    return next((entry for entry in found if entry.group in ("late", "soon")), None)


def _whole_team(request: HttpRequest) -> bool:
    return request.GET.get("of") == "team"


def handoff_of(request: HttpRequest, pk: int) -> Handoff:
    """A handoff the person may know of: one they may answer, or whose lead they may see. Raises Http404."""
    reading = reading_of(request)
    found = Handoff.objects.select_related("owner", "team", "covers").filter(pk=pk).first()
    if found is None:
        raise Http404
    if not may_know(reading, found):
        raise Http404
    return found


def _give_up(reading: Reading, handoff: Handoff, given: dict[str, str]) -> None:
    verdict = given["verdict"]
    if verdict not in verdicts.ENDING:
        raise verdicts.AnswerRefused("No verdict was chosen.", mend="Choose return, disqualify or recycle.")
    now = workspace.now()
    verdicts.give_up(
        handoff,
        verdict,
        reading.user,
        now,
        reading.agreement,
        reason=given["reason"] if verdict == "returned" else "",
        note=given["note"],
        attempted=attempted(reading.engine, handoff, now),
        again_at=_again(given["again"], reading.agreement.calendar.zone),
    )


def _again(text: str, zone: str) -> datetime | None:
    try:
        return midnight(date.fromisoformat(text), zone) if text else None
    except ValueError:
        raise verdicts.AnswerRefused(f"{text} is not a day.", mend="Write it like 2026-05-01.") from None


def _address_back(request: HttpRequest) -> str:
    wanted = request.POST.get("back") or request.GET.get("back") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else reverse("queue")


def back_to(request: HttpRequest) -> HttpResponse:
    """Back to the page somebody came from, if it is one of the desk's; else to the queue."""
    return redirect(_address_back(request))
