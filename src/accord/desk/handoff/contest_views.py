"""A contested return: marketing says why it is wrong, the sales manager decides."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.handoff.actions import contests
from accord.desk.handoff.models import Contest
from accord.desk.handoff.people import may_contest, may_decide
from accord.desk.handoff.views import back_to, handoff_of
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs


@needs(Right.LEADS)
@require_POST
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    """Contest the lead's return, with a reason."""
    reading = reading_of(request)
    if not may_contest(reading.user):
        raise PermissionDenied
    handoff, reason = handoff_of(request, pk), request.POST.get("reason", "")
    try:
        contests.contest(handoff, reason, reading.user, workspace.now(), reading.agreement)
    except contests.ContestRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Contested. The sales manager has five working days to answer."))
    return back_to(request)


@needs(Right.QUEUE)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Uphold a contested return, or give the lead back."""
    reading, now = reading_of(request), workspace.now()
    found = Contest.objects.select_related("handoff__team").filter(pk=pk).first()
    if found is None or not may_decide(reading.user, found.handoff):
        raise Http404
    answer = request.POST.get("answer", "")
    try:
        if request.POST.get("decision") == "uphold":
            contests.uphold(found, answer, reading.user, now)
        elif request.POST.get("decision") == "give_back":
            contests.give_lead_back(found, answer, reading.user, now, reading.agreement)
        else:
            raise contests.ContestRefused("Nothing was decided.", mend="Uphold the return or give it back.")
    except contests.ContestRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted. Marketing sees the answer."))
    return back_to(request)
