"""The last step of signing in: who has shown their password is let in, or asked for a code first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth import login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accord.desk.signin import second_factor
from accord.desk.teams.actions import note
from accord.desk.teams.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF_WAY = "half-way in"
PATIENCE_SECONDS = 10 * 60
"""So long a shown password counts while its code is looked for."""


def enter(request: HttpRequest, person: User, going_to: str = "/") -> HttpResponse:
    """Let somebody in whose password was right; with a second factor, to the page that asks for the code."""
    if not second_factor.is_on(person):
        return let_in(request, person, going_to)
    request.session.cycle_key()
    request.session[HALF_WAY] = [person.pk, time.time(), person.get_session_auth_hash()]
    return redirect(f"{reverse('sign-in-code')}?{urlencode({'next': going_to})}")


def let_in(request: HttpRequest, person: User, going_to: str) -> HttpResponse:
    """Begin the session."""
    request.session.pop(HALF_WAY, None)
    login(request, person, backend=BACKEND)
    note(person, "signed in")
    return redirect(going_to)


def half_way(request: HttpRequest) -> User | None:
    """Who has shown their password here and not yet a code; None if nobody, or too long ago."""
    key, at, proof = request.session.get(HALF_WAY, (None, 0.0, ""))
    if time.time() - at > PATIENCE_SECONDS:
        return None
    person = User.objects.filter(pk=key, is_active=True).first()
    return person if person and person.get_session_auth_hash() == proof else None


def local(request: HttpRequest, address: str) -> str:
    """The address if it is one of this site, else the scoreboard."""
    hosts = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, hosts, request.is_secure()) else "/"
