"""The page Channels: Slack's connection, and the channels where both teams see the same line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord.desk.notify.actions import channels as actions
from accord.desk.notify.channels.slack.connection import connection
from accord.desk.notify.kinds import SHARED
from accord.desk.notify.models import Destination, Kind
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.teams.models import Team

if TYPE_CHECKING:
    from accord.errors import AccordError

USUAL = (Kind.HOT_LEAD, Kind.BREACH, Kind.RETURNED, Kind.WIN)
"""What a new channel hears of unless somebody chooses otherwise."""
WORDS = {"slack": "Slack", "teams": "Microsoft Teams", "mail": "Mail"}


@needs(Right.MESSAGES)
def channels(request: HttpRequest) -> HttpResponse:
    """The channels there are; a new one is added here."""
    given: dict[str, Any] = {"channel": "slack", "address": "", "team": "", "kinds": USUAL}
    if request.method != "POST":
        return _channels(request, given)
    given = _given(request, "channel", "address", "team")
    try:
        actions.add_channel(
            given["channel"], given["address"], given["team"], given["kinds"], by=reading_of(request).user
        )
    except actions.ChannelRefused as error:
        return _channels(request, given, error)
    flash.success(request, _("The channel is added. Try whether a line arrives."))
    return redirect("channels")


@needs(Right.MESSAGES)
def slack(request: HttpRequest) -> HttpResponse:
    """Connects Slack, another Slack, or none."""
    by = reading_of(request).user
    if request.method == "POST" and "disconnect" in request.POST:
        actions.disconnect_slack(by=by)
        flash.success(request, _("Slack is not used any more; everybody gets mail."))
        return redirect("channels")
    error: AccordError | None = None
    if request.method == "POST":
        try:
            name = actions.connect_slack(
                request.POST.get("token", ""), request.POST.get("signing", ""), by=by
            )
        except actions.ChannelRefused as refusal:
            error = refusal
        else:
            flash.success(request, _("Accord is connected to %(name)s.") % {"name": name})
            return redirect("channels")
    return page(
        request,
        "notify/slack.html",
        status=422 if error else 200,
        error=error,
        connected=connection(),
        hook=reading_of(request).settings.address.rstrip("/") + reverse("slack-hook"),
    )


@needs(Right.MESSAGES)
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One channel: what it hears of, and whose leads."""
    to = _shared(pk)
    given: dict[str, Any] = {"team": to.team.slug if to.team else "", "kinds": to.kinds}
    error: AccordError | None = None
    if request.method == "POST":
        given = _given(request, "team")
        try:
            actions.change_channel(to, given["team"], given["kinds"], by=reading_of(request).user)
        except actions.ChannelRefused as refusal:
            error = refusal
        else:
            flash.success(request, _("The channel is changed."))
            return redirect("channels")
    shown: dict[str, Any] = {
        "to": to,
        "word": WORDS[to.channel],
        "given": given,
        "error": error,
        **_choices(),
    }
    return page(request, "notify/channel.html", status=422 if error else 200, **shown)


@needs(Right.MESSAGES)
@require_POST
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Says a line in the channel."""
    try:
        actions.try_channel(_shared(pk), by=reading_of(request).user)
    except actions.ChannelRefused as error:
        flash.error(request, str(error))
    else:
        flash.success(request, _("A line was sent; look whether it is there."))
    return redirect("channels")


@needs(Right.MESSAGES)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Tells a channel nothing any more."""
    actions.remove_channel(_shared(pk), by=reading_of(request).user)
    flash.success(request, _("The channel is removed."))
    return redirect("channels")


def _shared(pk: int) -> Destination:
    return get_object_or_404(Destination.objects.select_related("team"), pk=pk, user=None)


def _given(request: HttpRequest, *names: str) -> dict[str, Any]:
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in names}
    return given | {"kinds": request.POST.getlist("kinds")}


def _choices() -> dict[str, Any]:
    return {
        "kinds": [(kind, kind.label) for kind in SHARED],
        "teams": list(Team.objects.order_by("side", "name")),
    }


def _channels(request: HttpRequest, given: dict[str, Any], error: AccordError | None = None) -> HttpResponse:
    listed = Destination.objects.filter(user=None).select_related("team").order_by("channel", "pk")
    rows = [(to, WORDS.get(to.channel, to.channel), [Kind(kind).label for kind in to.kinds]) for to in listed]
    return page(
        request,
        "notify/channels.html",
        status=422 if error else 200,
        rows=rows,
        given=given,
        error=error,
        slack=connection(),
        words=WORDS.items(),
        **_choices(),
    )
