"""The pages that change many leads: choose, look at what would happen, do it, and take it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.bulk import actions
from accord.desk.bulk.models import Bulk, BulkItem
from accord.desk.bulk.selection import selectable
from accord.desk.hours.calendars import aware
from accord.desk.notify.envelopes import lead_names
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, Role, needs
from accord.desk.shell.pages import page
from accord.desk.teams.actions import ANSWERING
from accord.desk.teams.models import User
from accord.errors import AccordError
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.desk.handoff.models import Handoff

SHOWN = 200
"""So many leads are listed one by one; all that match can be chosen."""
TURNS = "turns"
FIELDS = ("action", "to", "reason", "note", "again", "all", "typed")


@needs(Right.QUEUE)
def several(request: HttpRequest) -> HttpResponse:
    """Chooses leads and what becomes of them; a POST shows what would happen or, with `do`, does it."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "handoff/nothing.html")
    found = selectable(request, reading)
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
    if request.method != "POST":
        return _choose(request, reading, found, {**given, "all": "1"}, [])
    chosen = _chosen(request, found)
    around = actions.Around(workspace.now(), reading.agreement, reading.engine, reading.user)
    try:
        wanted = _wanted(given, reading)
        if "do" in request.POST:
            bulk = actions.carry_out(wanted, chosen, given["typed"], around)
            return redirect("bulk", bulk.pk)
        items = actions.preview(wanted, chosen, around)
    except AccordError as error:
        return _choose(request, reading, found, given, chosen, error)
    return _previewed(request, given, chosen, items)


@needs(Right.QUEUE)
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done, lead by lead, and for ten minutes the way back."""
    found = _mine(request, pk)
    items = list(found.items.select_related("handoff__team", "handoff__owner")[: actions.MOST])
    left = found.at + actions.UNDO - aware(workspace.now())
    return page(
        request,
        "bulk/bulk.html",
        bulk=found,
        changed=sum(not item.why for item in items),
        reasons=_reasons(items),
        rows=_rows([item for item in items if not item.why][:SHOWN]),
        minutes=max(0, -(-int(left.total_seconds()) // 60)),
    )


@require_POST
@needs(Right.QUEUE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes it back."""
    found, reading = _mine(request, pk), reading_of(request)
    around = actions.Around(workspace.now(), reading.agreement, reading.engine, reading.user)
    try:
        done = actions.undo(found, around)
    except actions.BulkRefused as error:
        messages.error(request, str(error))
        return redirect("bulk", pk)
    count = done.pop("", 0)
    said = ngettext("%(n)d lead is as it was.", "%(n)d leads are as they were.", count) % {"n": count}
    messages.success(request, said)
    for why, stay in done.items():
        messages.warning(request, _("%(n)d stay changed: %(why)s.") % {"n": stay, "why": why})
    return redirect("bulk", pk)


def _mine(request: HttpRequest, pk: int) -> Bulk:
    """Somebody's own change: it names leads that others may not see."""
    return get_object_or_404(Bulk.objects.select_related("by"), pk=pk, by=reading_of(request).user)


def _chosen(request: HttpRequest, found: Sequence[Handoff]) -> list[int]:
    """The keys of the chosen leads, none that may not be chosen."""
    if request.POST.get("all"):
        return [handoff.pk for handoff in found]
    asked = set(request.POST.getlist("lead"))
    return [handoff.pk for handoff in found if str(handoff.pk) in asked]


def _wanted(given: dict[str, Any], reading: Reading) -> actions.Wanted:
    to = None
    if given["action"] == Bulk.Action.ASSIGN and given["to"] != TURNS:
        to = User.objects.filter(pk=given["to"]).first() if given["to"].isdecimal() else None
        if to is None:
            raise actions.BulkRefused("Nobody was chosen.", mend="Choose a person, or by turns.")
    again = _day(given["again"], reading.agreement.calendar.zone)
    return actions.Wanted(given["action"], to, given["reason"], given["note"], again)


def _day(text: str, zone: str) -> datetime | None:
    try:
        return midnight(date.fromisoformat(text), zone) if text else None
    except ValueError:
        raise actions.BulkRefused(f"{text} is not a day.", mend="Write it like 2026-05-01.") from None


def _choose(
    request: HttpRequest,
    reading: Reading,
    found: Sequence[Handoff],
    given: dict[str, Any],
    chosen: Sequence[int],
    error: AccordError | None = None,
) -> HttpResponse:
    shown = found[:SHOWN]
    names = lead_names(handoff.person for handoff in shown)
    everybody = User.objects.filter(is_active=True, role__in=ANSWERING).order_by("name")
    mine = everybody.filter(teams__in=reading.user.teams.all()).distinct()
    return page(
        request,
        "bulk/choose.html",
        status=422 if error else 200,
        rows=[(handoff, names.get(handoff.person, handoff.person)) for handoff in shown],
        total=len(found),
        given=given,
        chosen=set(chosen),
        error=error,
        actions=_may(reading),
        people=everybody if reading.user.role == Role.OPERATIONS else mine,
        reasons=reading.agreement.verdicts.returns,
    )


def _may(reading: Reading) -> list[tuple[str, str]]:
    """What somebody may do with leads: operations give them, reps answer them, managers do both."""
    gives = reading.user.role in (Role.OPERATIONS, Role.MANAGER)
    answers = reading.user.role in ANSWERING
    return [
        (action.value, str(action.label))
        for action in Bulk.Action
        if (gives if action == Bulk.Action.ASSIGN else answers)
    ]


def _previewed(
    request: HttpRequest, given: dict[str, Any], chosen: Sequence[int], items: Sequence[BulkItem]
) -> HttpResponse:
    changed = [item for item in items if not item.why]
    return page(
        request,
        "bulk/preview.html",
        given=given,
        chosen=chosen,
        action=Bulk.Action(given["action"]).label,
        changed=len(changed),
        reasons=_reasons(items),
        rows=_rows(changed[:SHOWN]),
        asked=len(chosen) if len(chosen) > actions.ASKED else 0,
    )


def _reasons(items: Sequence[BulkItem]) -> list[tuple[str, int]]:
    """Why leads stay as they are, with how many of them."""
    return Counter(item.why for item in items if item.why).most_common()


def _rows(items: Sequence[BulkItem]) -> list[dict[str, Any]]:
    names = lead_names(item.handoff.person for item in items)
    keys = {item.after["owner_id"] for item in items} | {item.before["owner_id"] for item in items}
    people = {user.pk: user.name for user in User.objects.filter(pk__in=keys - {None})}
    return [
        {
            "name": names.get(item.handoff.person, item.handoff.person),
            "person": item.handoff.person,
            "team": item.handoff.team.name,
            "before": people.get(item.before["owner_id"]),
            "after": people.get(item.after["owner_id"]),
        }
        for item in items
    ]
