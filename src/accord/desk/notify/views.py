"""One's own notifications, and for operations what was sent and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.hours.calendars import aware, open_time_of
from accord.desk.notify.actions import keeping
from accord.desk.notify.actions.reaching import set_way, way_of
from accord.desk.notify.actions.wishes import WishRefused, set_wishes
from accord.desk.notify.channels.slack.connection import connection
from accord.desk.notify.kinds import KINDS, unchosen
from accord.desk.notify.models import Destination, Message, Preference, QuietHours
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page

if TYPE_CHECKING:
    from accord.desk.teams.models import User

WAYS = (("mail", _lazy("By mail")), ("slack", _lazy("By Slack")), ("both", _lazy("By both")))

SHOWN = 100
"""As many of the last messages are listed."""


@needs(Right.OWN_SETTINGS)
def mine(request: HttpRequest) -> HttpResponse:
    """What reaches me, and when."""
    person = reading_of(request).user
    if request.method != "POST":
        return _mine(request, person, _hows(person), _quiet(person), way_of(person))
    kinds = KINDS.get(person.role, ())
    hows: dict[str, str] = {kind: request.POST.get(kind, "") for kind in kinds}
    quiet = request.POST.get("begins", ""), request.POST.get("ends", "")
    way = request.POST.get("way", "mail")
    try:
        set_wishes(person, hows, quiet)
        set_way(person, way)
    except WishRefused as error:
        return _mine(request, person, hows, quiet, way, error)
    flash.success(request, _("Saved. It holds for what happens from now on."))
    return redirect("my-notifications")


@needs(Right.MESSAGES)
def sent(request: HttpRequest) -> HttpResponse:
    """What was sent to whom, what failed, and what waits for somebody to look."""
    reading = reading_of(request)
    known = Message.objects.select_related("to__user", "to__team")
    return page(
        request,
        "notify/messages.html",
        last=known.order_by("-at", "-pk")[:SHOWN],
        held=Message.objects.filter(state=Message.State.HELD).count(),
        failed=Message.objects.filter(state=Message.State.FAILED).count(),
        waiting=Message.objects.filter(state=Message.State.WAITING).count(),
        disabled=Destination.objects.filter(disabled_at__isnull=False).select_related("user", "team"),
        to_folder=not reading.settings.mail.host,
        live=reading.settings.mode == "live",
    )


@needs(Right.MESSAGES)
@require_POST
def held(request: HttpRequest) -> HttpResponse:
    """Sends the held messages, or drops them."""
    by = reading_of(request).user
    if "drop" in request.POST:
        count = keeping.drop(by=by)
        said = ngettext("%(n)d message is dropped.", "%(n)d messages are dropped.", count)
    else:
        count = keeping.release(by=by)
        said = ngettext("%(n)d message goes out now.", "%(n)d messages go out now.", count)
    flash.success(request, said % {"n": count})
    return redirect("messages")


@needs(Right.MESSAGES)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Tries a failed message again."""
    message = get_object_or_404(Message.objects.select_related("to"), pk=pk)
    try:
        keeping.again(message, aware(workspace.now()), by=reading_of(request).user)
    except keeping.NothingToDo as error:
        flash.error(request, str(error))
    else:
        flash.success(request, _("It is tried again."))
    return redirect("messages")


@needs(Right.MESSAGES)
@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends to a disabled address again."""
    try:
        keeping.enable(get_object_or_404(Destination, pk=pk), by=reading_of(request).user)
    except keeping.NothingToDo as error:
        flash.error(request, str(error))
    else:
        flash.success(request, _("Messages go there again. Those that failed can be tried again below."))
    return redirect("messages")


def _mine(
    request: HttpRequest,
    person: User,
    hows: dict[str, str],
    quiet: tuple[str, str],
    way: str,
    error: WishRefused | None = None,
) -> HttpResponse:
    reading = reading_of(request)
    context: dict[str, Any] = {
        "kinds": [(kind, kind.label, hows[kind]) for kind in KINDS.get(person.role, ())],
        "hows": Preference.How.choices,
        "begins": quiet[0],
        "ends": quiet[1],
        "their_zone": open_time_of(person, reading.agreement, workspace.now()).zone,
        "ways": WAYS if connection() else (),
        "way": way,
        "disabled": Destination.objects.filter(user=person, disabled_at__isnull=False),
        "error": error,
    }
    return page(request, "notify/mine.html", status=422 if error else 200, **context)


def _hows(person: User) -> dict[str, str]:
    chosen = dict(Preference.objects.filter(user=person).values_list("kind", "how"))
    return {kind: chosen.get(kind, unchosen(kind)) for kind in KINDS.get(person.role, ())}


def _quiet(person: User) -> tuple[str, str]:
    row = QuietHours.objects.filter(user=person).first()
    return (f"{row.begins:%H:%M}", f"{row.ends:%H:%M}") if row else ("", "")
