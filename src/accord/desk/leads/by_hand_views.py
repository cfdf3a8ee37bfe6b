"""The page that adds a lead by hand, and the notes on a lead."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.handoff.actions.moves import owner_id
from accord.desk.leads import by_hand, notes
from accord.desk.leads.happenings import KINDS
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.formats import local
from accord.desk.shell.pages import page
from accord.desk.teams import owners, roster
from accord.insight.explain import UnknownLead
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.errors import AccordError

FIELDS = tuple(asdict(by_hand.Met("")))


@needs(Right.ADD_LEADS)
def add(request: HttpRequest) -> HttpResponse:
    """A form for somebody met; what they did is judged by the agreement with the next build."""
    reading, now = reading_of(request), workspace.now()
    zone = reading.agreement.calendar.zone
    today = local(now, zone).date()
    if request.method != "POST":
        given: dict[str, Any] = {"kind": "event", "day": today.isoformat(), "mine": reading.may(Right.QUEUE)}
        return _form(request, given)
    given = {name: request.POST.get(name, "") for name in (*FIELDS, "day", "mine")}
    try:
        at = _moment(given["day"], today, now, zone)
        met = by_hand.Met(**{name: given[name] for name in FIELDS})
        owner = _own_name(reading) if given["mine"] and reading.may(Right.QUEUE) else None
        by_hand.add_lead(met, at, now, owner=owner, by=reading.user)
    except by_hand.LeadRefused as error:
        return _form(request, given, error)
    messages.success(request, _("The lead is added; it is judged with the build that begins now."))
    return redirect("leads")


@require_POST
@needs(Right.PERSONAL)
def add_note(request: HttpRequest, name: str) -> HttpResponse:
    """Adds a note to a lead one may see."""
    reading = reading_of(request)
    try:
        reading.lead(name)
        notes.add(notes.record_of(reading, name), request.POST.get("text", ""), by=reading.user)
    except UnknownLead:
        raise Http404 from None
    except notes.NoteRefused as error:
        messages.error(request, str(error))
    return redirect("lead", name)


@require_POST
@needs(Right.PERSONAL)
def remove_note(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Removes one of one's own notes."""
    notes.remove(pk, by=reading_of(request).user)
    return redirect("lead", name)


def _own_name(reading: Reading) -> str | None:
    """What the ledger calls somebody as an owner: as a tool does where one knows them, for it tells more."""
    known = roster.owners(reading.tool_users, owners.by_hand())
    return next((one.ids[0] for one in known if one.email == reading.user.email), owner_id(reading.user))


def _moment(day: str, today: date, now: datetime, zone: str) -> datetime:
    """The moment of a day somebody was met: of today's this one, else noon on the company's clocks."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise by_hand.LeadRefused(
            f"{day or 'Nothing'} is not a day.", mend="Write it like 2026-05-01.", field="day"
        ) from None
    return now if on == today else midnight(on, zone) + timedelta(hours=12)


def _form(request: HttpRequest, given: dict[str, Any], error: AccordError | None = None) -> HttpResponse:
    kinds = [(kind, KINDS.get(kind, ("", _("Chat")))[1]) for kind in by_hand.KINDS]
    return page(
        request, "leads/add.html", status=422 if error else 200, given=given, error=error, kinds=kinds
    )
