"""What sales' answers teach, and the button that makes a suggestion a proposal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.jobs.models import Job
from accord.desk.lessons import actions
from accord.desk.lessons.models import Look
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.formats import local
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.desk.proposals.models import Proposal

LEADS = 20
"""So many leads are listed with their learned score."""


@needs(Right.NUMBERS)
def lessons(request: HttpRequest) -> HttpResponse:
    """The last look, and how far the one under way is."""
    reading = reading_of(request)
    last = Look.objects.exclude(found__isnull=True).first()
    found: dict[str, Any] = (last.found or {}) if last else {}
    if wants_csv(request) and found:
        return csv_response(request, "lessons", [_plain(debit) for debit in found["lessons"]["debits"]])
    running = Job.objects.filter(kind=actions.JOB).order_by("-pk").first()
    return page(
        request,
        "lessons/lessons.html",
        look=last,
        job=running if running and (running.is_open or running.state == Job.State.FAILED) else None,
        has_build=reading.has_build,
        **(_shown(reading, found) if found else {}),
    )


@needs(Right.PROPOSE)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Looks now."""
    actions.look(workspace.now(), by=reading_of(request).user)
    return redirect("lessons")


@needs(Right.PROPOSE)
@require_POST
def propose(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Makes a suggestion a proposal, and shows it; what was refused is told."""
    return _proposed(
        request,
        pk,
        lambda seen, *given, by: actions.propose_suggestion(settings.WORKSPACE, seen, number, *given, by=by),
    )


@needs(Right.PROPOSE)
@require_POST
def propose_learned(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes the learned rules of fit a proposal, and shows it; what was refused is told."""
    return _proposed(
        request, pk, lambda seen, *given, by: actions.propose_learned(settings.WORKSPACE, seen, *given, by=by)
    )


def _proposed(request: HttpRequest, pk: int, propose: Callable[..., Proposal]) -> HttpResponse:
    seen = get_object_or_404(Look, pk=pk)
    try:
        made = propose(seen, _today(request), workspace.now(), by=reading_of(request).user)
    except AccordError as error:
        messages.error(request, str(error))
        return redirect("lessons")
    return redirect("proposal", made.pk)


def _shown(reading: Reading, found: dict[str, Any]) -> dict[str, Any]:
    """A look as its reader may see it: sellers with the right to see teams, leads with that to see all."""
    told, score = found["lessons"], found["score"]
    suggestions = list(zip(told["suggestions"], map(_tried, found["backtests"]), strict=True))
    sees_leads = reading.may(Right.ALL_LEADS) and reading.may(Right.PERSONAL)
    return {
        "suggestions": suggestions,
        "debits": told["debits"],
        "reasons": told["reasons"] if reading.may(Right.TEAM) else None,
        "won_later": told["reasons"]["won"] if sees_leads else None,
        "score": score,
        "qualities": [("learned", score["score"]), ("points", score["points"])] if score else [],
        "definition": score.get("definition") if score else None,
        "leads": score["leads"][:LEADS] if score and sees_leads else None,
    }


def _tried(backtest: dict[str, Any]) -> dict[str, Any]:
    """A backtest in the few numbers a suggestion is judged by."""
    if "error" in backtest:
        return backtest
    accepted = {side: backtest["precision"][side]["accepted"]["worked"] for side in ("draft", "baseline")}
    return {**backtest, "accepted": accepted}


def _plain(debit: dict[str, Any]) -> dict[str, Any]:
    told = {name: debit[name] for name in ("half", "rule", "let_in", "debit")}
    return {**told, "judged": debit["returned"]["of"], "returned": debit["returned"]["count"]}


def _today(request: HttpRequest) -> date:
    return local(workspace.now(), reading_of(request).agreement.calendar.zone).date()
