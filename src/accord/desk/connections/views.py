"""The page Connections: how each stands, what it brought last, and trying again what failed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.connections import watching
from accord.desk.connections.models import Delivery
from accord.desk.connections.standing import standings
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.teams.actions import note

LAST = 5
"""So many of a connection's last entries are listed."""


@needs(Right.IMPORT)
def connections(request: HttpRequest) -> HttpResponse:
    """Every connection, with what it brought last."""
    own = reading_of(request).settings
    found = standings(settings.WORKSPACE, own, workspace.now())
    rows: list[dict[str, Any]] = [
        {
            "standing": one,
            "last": Delivery.objects.filter(connection=one.name).order_by("-until", "-pk")[:LAST],
        }
        for one in found
    ]
    return page(request, "connections/connections.html", rows=rows, build_every=own.build_every)


@require_POST
@needs(Right.IMPORT)
def again(request: HttpRequest, name: str) -> HttpResponse:
    """Loads what has failed once more."""
    reading = reading_of(request)
    if name not in reading.settings.connections:
        raise Http404
    count = watching.try_again(name)
    note(reading.user, "connection tried again", name)
    said = ngettext("%(n)d entry is loaded again.", "%(n)d entries are loaded again.", count)
    messages.success(request, said % {"n": count} if count else _("Nothing has failed."))
    return redirect("connections")
