"""The pages on which a change of the agreement is written, understood, discussed and signed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord import workspace
from accord.agreement.edits import edited
from accord.agreement.plain_words import sentences
from accord.desk.proposals import actions, pilots
from accord.desk.proposals.guided import changed, parts
from accord.desk.proposals.models import Proposal
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.formats import local
from accord.desk.shell.pages import page
from accord.desk.teams.models import Team
from accord.errors import AccordError, MistakesError

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = ("title", "text", "words", "from", "review")
REVIEW = timedelta(days=182)
OUTCOMES = ("accepted", "opportunity", "won")
FLIPS = 20
"""So many flips each way are listed."""


@needs(Right.NUMBERS)
def proposals(request: HttpRequest) -> HttpResponse:
    """All proposals, the newest first."""
    found = Proposal.objects.select_related("by").prefetch_related("signatures")
    return page(request, "proposals/proposals.html", proposals=found)


@needs(Right.PROPOSE)
def add(request: HttpRequest) -> HttpResponse:
    """Writes a proposal, beginning with the agreement as it is."""
    reading, today = reading_of(request), _today(request)
    if request.method != "POST":
        return _form(request, {**_days(request), "title": "", **_in_force()})
    given = _given(request)
    try:
        made = actions.propose(settings.WORKSPACE, _draft(given), today, workspace.now(), by=reading.user)
    except AccordError as error:
        return _form(request, given, error)
    return redirect("proposal", made.pk)


@needs(Right.PROPOSE)
def guided(request: HttpRequest) -> HttpResponse:
    """The agreement as a form; what was changed in it is then a proposal to be read and sent."""
    text = actions.text_in_force(settings.WORKSPACE)
    if request.method != "POST":
        return page(request, "proposals/guided.html", parts=parts(text))
    edits, filled = changed(text, request.POST.dict())
    wrong = [cell for part in filled for row in part.rows for cell in row.cells if cell.error]
    if wrong or not edits:
        return page(request, "proposals/guided.html", status=422, parts=filled, wrong=wrong)
    drafted = {**_in_force(), "text": edited(text, edits)}
    checked = _checked(drafted["text"])
    title = checked["told"][0][0] if checked.get("told") else ""
    return _form(request, {**_days(request), "title": title[:120], **drafted}, checked=checked)


@needs(Right.PROPOSE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a proposal that is open."""
    found = get_object_or_404(Proposal, pk=pk)
    if request.method != "POST":
        days = {"from": found.from_day.isoformat(), "review": str(found.review_day or "")}
        said = {**_in_force(), "title": found.title, "text": found.text}
        words = {} if found.words is None else {"words": found.words}
        return _form(request, {**said, **words, **days}, proposal=found)
    given = _given(request)
    try:
        by = reading_of(request).user
        actions.edit(settings.WORKSPACE, found, _draft(given), _today(request), by=by)
    except AccordError as error:
        return _form(request, given, error, found)
    return redirect("proposal", pk)


@needs(Right.PROPOSE)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with a text being written, or what it changes."""
    given = _given(request)
    return render(request, "proposals/checked.html", _checked(given["text"], given["words"] or None))


@needs(Right.NUMBERS)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what it changes, who signed, what was said, what it would have done."""
    return _shown(request, get_object_or_404(Proposal.objects.select_related("by"), pk=pk))


@needs(Right.SIGN)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs for one's team what was seen."""
    seen, dissent = request.POST.get("seen", ""), request.POST.get("dissent", "")
    return _do(
        request,
        pk,
        lambda found: actions.sign(
            settings.WORKSPACE,
            found,
            seen,
            dissent,
            _today(request),
            workspace.now(),
            by=reading_of(request).user,
        ),
        _("Signed."),
    )


@needs(Right.PROPOSE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a proposal back."""
    by = reading_of(request).user
    return _do(request, pk, lambda found: actions.withdraw(found, by=by), _("It is withdrawn."))


@needs(Right.PROPOSE)
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Says something of a proposal."""
    text, by = request.POST.get("text", ""), reading_of(request).user
    return _do(request, pk, lambda found: actions.comment(found, text, workspace.now(), by=by), "")


@needs(Right.PROPOSE)
@require_POST
def try_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Tries a proposal on the past."""
    by = reading_of(request).user
    return _do(
        request, pk, lambda found: actions.try_on_the_past(found, workspace.now(), by=by), _("It is tried.")
    )


@needs(Right.SIGN)
@require_POST
def start_pilot(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins to hand over a random share of the leads that only a proposal would hand over."""
    reading, now = reading_of(request), workspace.now()
    percent, weeks = (_whole(request.POST.get(name, "")) for name in ("share", "weeks"))
    return _do(
        request,
        pk,
        lambda found: pilots.start_pilot(
            reading.workspace, reading.agreement, found, percent, weeks, now, by=reading.user
        ),
        _("The pilot has begun."),
    )


@needs(Right.SIGN)
@require_POST
def stop_pilot(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a pilot before its time."""
    by = reading_of(request).user
    return _do(
        request,
        pk,
        lambda found: pilots.stop_pilot(found, workspace.now(), by=by),
        _("The pilot is over; what was handed over stays."),
    )


def _whole(text: str) -> int:
    """A number somebody wrote; 0, which is refused, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _do(request: HttpRequest, pk: int, do: Callable[[Proposal], object], done: str) -> HttpResponse:
    """Do something to a proposal, and show it again; what was refused is told on it."""
    try:
        do(get_object_or_404(Proposal, pk=pk))
    except AccordError as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
    return redirect("proposal", pk)


def _shown(request: HttpRequest, found: Proposal) -> HttpResponse:
    reading = reading_of(request)
    trial = found.trials.filter(digest=found.digest).select_related("job").first()
    pilot = found.pilots.first()
    signed = {said.side: said for said in found.signatures.all()}
    side = actions.SIGNS_FOR.get(reading.user.role)
    is_open = found.state == Proposal.State.OPEN
    return page(
        request,
        "proposals/proposal.html",
        proposal=found,
        checked=_checked(found.text, found.words, _former(reading, found)),
        sides=[(label, signed.get(value)) for value, label in Team.Side.choices],
        may_sign=is_open and side is not None and side not in signed,
        side=Team.Side(side).label if side else "",
        may_change=is_open and reading.may(Right.PROPOSE),
        comments=found.comments.select_related("by"),
        pilot=pilot,
        pilot_found=pilots.found_by(pilot) if pilot else None,
        pilot_runs=pilot is not None and pilots.runs(pilot, workspace.now()),
        may_pilot=found.state in pilots.OPEN and reading.may(Right.SIGN),
        trial=trial,
        result=_result(trial.found) if trial and trial.found else None,
    )


def _former(reading: Reading, found: Proposal) -> tuple[str, str] | None:
    """The text and messages a proposal is compared with: of one in force, those it took the place of."""
    if found.state != Proposal.State.IN_FORCE:
        return None
    words = actions.words_in_force(settings.WORKSPACE) if found.words is None else found.words_base
    earlier = Proposal.objects.filter(state=Proposal.State.IN_FORCE, in_force_at__lt=found.in_force_at)
    before = earlier.order_by("-in_force_at").first()
    known = reading.workspace.ledger.versions()
    text = before.text if before else next((row["agreement"] for row in known), None)
    return (text, words) if text else None


def _in_force() -> dict[str, str]:
    """The files as they are."""
    folder = settings.WORKSPACE
    return {"text": actions.text_in_force(folder), "words": actions.words_in_force(folder)}


def _checked(text: str, words: str | None = None, former: tuple[str, str] | None = None) -> dict[str, Any]:
    """The mistakes of a text, or what it changes and whether that is only words."""
    folder = settings.WORKSPACE
    try:
        new = actions.agreement_of_text(folder, text, words)
    except MistakesError as error:
        return {"mistakes": error.mistakes}
    old = actions.agreement_of_text(folder, *(former or (actions.text_in_force(folder),)))
    told = sentences(old, new)
    return {"told": told, "only_words": bool(told) and all(only for _words, only in told)}


def _result(found: dict[str, Any]) -> dict[str, Any]:
    """A backtest as the page shows it."""
    sides = [
        {
            "name": label,
            "qualified": found[name]["qualified"],
            "load": found["load"][name],
            "precision": [found["precision"][name][one]["worked"] for one in OUTCOMES],
            "unworked": found["precision"][name]["accepted"]["unworked"],
            "recall": found["recall"][name],
        }
        for name, label in (("draft", _("Proposed")), ("baseline", _("Now")))
    ]
    flips = [(title, found[name][:FLIPS], len(found[name])) for name, title in _FLIPS]
    return {**found, "sides": sides, "flips": flips, "sensitivity": found.get("sensitivity", [])}


_FLIPS = (("flips_in", _("Would qualify")), ("flips_out", _("Would no longer qualify")))


def _days(request: HttpRequest) -> dict[str, str]:
    """From tomorrow, reviewed in half a year."""
    today = _today(request)
    return {"from": (today + timedelta(days=1)).isoformat(), "review": (today + REVIEW).isoformat()}


def _given(request: HttpRequest) -> dict[str, str]:
    given = {name: request.POST.get(name, "") for name in FIELDS}
    return {**given, **{name: given[name].replace("\r\n", "\n") for name in ("text", "words")}}


def _draft(given: dict[str, str]) -> actions.Draft:
    review = _day(given["review"]) if given["review"] else None
    kept = not given["words"] or given["words"] == actions.words_in_force(settings.WORKSPACE)
    words = None if kept else given["words"]
    return actions.Draft(given["title"], given["text"], _day(given["from"]), review, words)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise actions.ProposalRefused(
            f"{text or 'Nothing'} is not a day.", mend="Write it like 2026-05-01."
        ) from None


def _today(request: HttpRequest) -> date:
    return local(workspace.now(), reading_of(request).agreement.calendar.zone).date()


def _form(
    request: HttpRequest,
    given: dict[str, str],
    error: AccordError | None = None,
    proposal: Proposal | None = None,
    checked: dict[str, Any] | None = None,
) -> HttpResponse:
    """The form; `checked`: what the text changes, or its mistakes, told beside it from the start."""
    mistakes = error.mistakes if isinstance(error, MistakesError) else []
    return page(
        request,
        "proposals/form.html",
        status=422 if error else 200,
        given=given,
        error=None if mistakes else error,
        proposal=proposal,
        **{"mistakes": mistakes, **(checked or {})},
        signed=proposal.signatures.exists() if proposal else False,
    )
