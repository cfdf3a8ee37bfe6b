"""Working time: one's own, and that of the people one keeps it for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord import workspace
from accord.agreement.models import DAYS
from accord.desk.hours import actions, feeds, forms
from accord.desk.hours import roster as rosters
from accord.desk.hours.calendars import open_time_of, week_of
from accord.desk.hours.keepers import kept_by, may_set_share
from accord.desk.hours.models import Absence, CalendarFeed, WorkingTime
from accord.desk.hours.words import away, opening_hours
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.desk.teams.models import User
from accord.errors import AccordError

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = ("zone", "hours", *DAYS, "holidays", "weight", "capacity")
ABSENCE = ("first", "begins", "last", "ends", "note")


@needs(Right.HOURS)
def roster(request: HttpRequest) -> HttpResponse:
    """The people whose working time one keeps: when they work, who is away, what they take."""
    reading = reading_of(request)
    lines = rosters.lines(kept_by(reading.user), reading.agreement, workspace.now())
    if wants_csv(request):
        return csv_response(request, "working-time", [rosters.row(line) for line in lines])
    gone = [line for line in lines if line.away_now]
    return page(request, "hours/roster.html", lines=lines, gone=gone)


@needs(Right.OWN_SETTINGS)
def me(request: HttpRequest) -> HttpResponse:
    """One's own working time."""
    return _hours(request, reading_of(request).user)


@needs(Right.OWN_SETTINGS)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The working time of somebody one keeps it for."""
    return _hours(request, _kept(request, pk))


@needs(Right.OWN_SETTINGS)
@require_POST
def add_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes an absence."""
    reading, found = reading_of(request), _kept(request, pk)
    given = {name: request.POST.get(name, "") for name in ABSENCE}
    zone = open_time_of(found, reading.agreement, workspace.now()).zone
    try:
        since, until = forms.span(given, zone)
        actions.add_absence(found, since, until, given["note"].strip(), by=reading.user)
    except AccordError as error:
        return _show(request, found, absence=given, absence_error=error)
    messages.success(request, _("The absence is noted; clocks do not count in it."))
    return _to(request, found)


@needs(Right.OWN_SETTINGS)
@require_POST
def remove_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an absence back."""
    user = reading_of(request).user
    absence = get_object_or_404(Absence, pk=pk, user__in=kept_by(user))
    try:
        actions.remove_absence(absence, by=user)
    except AccordError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The absence is taken back."))
    return _to(request, absence.user)


@needs(Right.OWN_SETTINGS)
@require_POST
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads absences from the address of a calendar, or no more."""
    found, by, now = _kept(request, pk), reading_of(request).user, workspace.now()
    if "remove" in request.POST:
        feeds.remove_feed(found, now, by=by)
        messages.success(request, _("The calendar is read no more; its absences to come are forgotten."))
        return _to(request, found)
    try:
        feeds.set_feed(found, request.POST.get("address", ""), now, by=by)
    except AccordError as error:
        return _show(request, found, feed_error=error)
    messages.success(request, _("The calendar is read, and again every quarter of an hour."))
    return _to(request, found)


@needs(Right.HOURS)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives somebody no new leads, or gives them some again."""
    found = _kept(request, pk)
    paused = "resume" not in request.POST
    actions.pause_new_leads(found, by=reading_of(request).user, paused=paused)
    done = _("%(name)s gets no new leads.") if paused else _("%(name)s gets new leads again.")
    messages.success(request, done % {"name": found.name})
    return _to(request, found)


def _hours(request: HttpRequest, found: User) -> HttpResponse:
    if request.method != "POST":
        return _show(request, found)
    user = reading_of(request).user
    given = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        wanted = forms.working_time(given, share=may_set_share(user))
        actions.set_working_time(found, by=user, **wanted)
    except AccordError as error:
        return _show(request, found, given=given, error=error)
    messages.success(request, _("Saved. Running clocks count by these hours from now on."))
    return _to(request, found)


def _show(request: HttpRequest, found: User, **shown: Any) -> HttpResponse:
    """The page of somebody's working time; `shown` is what was refused, with the error."""
    reading, now = reading_of(request), workspace.now()
    own = WorkingTime.objects.filter(user=found).first()
    open_time = open_time_of(found, reading.agreement, now)
    coming = Absence.objects.filter(user=found, until__gt=rosters.recently(now))
    context: dict[str, Any] = {
        "person": found,
        "mine": found == reading.user,
        "own": own,
        "given": _standing(own),
        "may_set_share": may_set_share(reading.user),
        "zones": rosters.zones(),
        "works": opening_hours(open_time.hours),
        "their_zone": open_time.zone,
        "agreed": reading.agreement.calendar,
        "agreed_hours": opening_hours(reading.agreement.calendar.open),
        "absences": [away(absence, open_time.zone, now) for absence in coming],
        "absence": {},
        "feed": CalendarFeed.objects.filter(user=found).first(),
    } | shown
    context["week"] = [
        (day, name, context["given"].get(day, ""))
        for day, name in zip(DAYS, rosters.day_names(), strict=True)
    ]
    refused = bool({"error", "absence_error", "feed_error"} & set(shown))
    return page(request, "hours/person.html", status=422 if refused else 200, **context)


def _standing(own: WorkingTime | None) -> Mapping[str, Any]:
    """What the form says before anything is changed."""
    if own is None:
        return {"weight": 1}
    return {
        **week_of(own.hours),
        "zone": own.zone,
        "hours": "own" if own.hours else "",
        "holidays": ", ".join(own.holidays),
        "weight": own.weight,
        "capacity": own.capacity,
    }


def _kept(request: HttpRequest, pk: int) -> User:
    """Somebody whose working time the signed-in person keeps; of others they learn nothing."""
    return get_object_or_404(kept_by(cast(User, request.user)), pk=pk)


def _to(request: HttpRequest, found: User) -> HttpResponse:
    return redirect("me") if found == request.user else redirect("person-hours", found.pk)
