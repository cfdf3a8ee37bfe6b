"""The page behind a link in a message: it says what the message said, and has one button.

Mail scanners open every link, so nothing changes unless the button is pressed.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accord import workspace
from accord.desk.handoff.actions import by_link
from accord.desk.handoff.actions.evidence import attempted
from accord.desk.handoff.actions.verdicts import AnswerRefused
from accord.desk.notify.envelopes import lead_names
from accord.desk.notify.links import PARAMETER, LinkRefused
from accord.desk.reading import reading_of

PAGE = "handoff/by_link.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int, clock: int, what: str) -> HttpResponse:
    """Accept or return a lead by a link, without signing in."""
    asked = by_link.Asked(request.GET.get(PARAMETER, ""), request.path, pk, clock)
    try:
        link = by_link.opened(asked)
        if request.user.is_authenticated and request.user != link.person:
            raise LinkRefused("This link is for somebody else.", mend="Answer with your own.")
    except LinkRefused as error:
        return render(request, PAGE, {"refused": error}, status=403)
    reading = reading_of(request)
    context: dict[str, Any] = {
        "what": what,
        "lead": lead_names([link.handoff.person]).get(link.handoff.person),
        "reasons": reading.agreement.verdicts.returns,
        "given": {name: request.POST.get(name, "") for name in ("reason", "note")},
    }
    if request.method != "POST":
        return render(request, PAGE, context)
    now = workspace.now()
    try:
        if what == "accept":
            by_link.accept_by_link(asked, now, reading.agreement)
        else:
            tried = attempted(reading.engine, link.handoff, now)
            by_link.return_by_link(asked, now, reading.agreement, **context["given"], attempted=tried)
    except LinkRefused as error:
        return render(request, PAGE, {"refused": error}, status=403)
    except AnswerRefused as error:
        return render(request, PAGE, context | {"error": error}, status=422)
    return render(request, PAGE, context | {"done": True})
