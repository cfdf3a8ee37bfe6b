"""Somebody leaves: what they hold, who would get it, and moving it with one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accord import workspace
from accord.desk.handoff.actions import leaving
from accord.desk.handoff.holding import held_by
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.teams import owners, roster
from accord.desk.teams.actions import ANSWERING, PersonRefused
from accord.desk.teams.models import User
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.desk.handoff.actions.leaving import Moved

TURNS = "turns"


@needs(Right.PEOPLE)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody holds and, with `?to=`, who would get it; a POST moves it and ends their access."""
    reading, person, now = reading_of(request), get_object_or_404(User, pk=pk), workspace.now()
    asked = (request.POST if request.method == "POST" else request.GET).get("to", "")
    working = roster.owners(reading.tool_users, owners.by_hand())
    records = next((owner for owner in working if owner.email == person.email), None)
    ids = records.ids if records else []
    moved: Moved | None = None
    error: AccordError | None = None
    if asked:
        do = leaving.leave if request.method == "POST" else leaving.preview
        try:
            moved = do(person, _heir(asked), ids, now, reading.agreement, by=reading.user)
        except AccordError as refused:
            error = refused
    if moved is not None and request.method == "POST":
        done = _("%(name)s has left; %(n)s leads have moved.") % {"name": person.name, "n": moved.total()}
        messages.success(request, done)
        return redirect("people")
    held = list(held_by(person).select_related("team", "owner", "covers"))
    return page(
        request,
        "teams/leave.html",
        status=422 if error else 200,
        person=person,
        held=held,
        open=sum(handoff.is_open and handoff.owner == person for handoff in held),
        resting=sum(not handoff.is_open and handoff.owner == person for handoff in held),
        covered=sum(handoff.covers == person for handoff in held),
        records=records,
        heirs=User.objects.filter(is_active=True, role__in=ANSWERING).exclude(pk=pk).order_by("name"),
        asked=asked,
        moved=sorted(moved.items(), key=lambda item: (item[0][0], item[0][1] or "")) if moved else [],
        previewed=moved is not None,
        error=error,
    )


def _heir(asked: str) -> User | None:
    """Whom an address or form names; None for turns. Raises PersonRefused for nobody."""
    if asked == TURNS:
        return None
    found = User.objects.filter(pk=asked).first() if asked.isdecimal() else None
    if found is None:
        raise PersonRefused("There is no such person.", mend="Choose one of the list.")
    return found
