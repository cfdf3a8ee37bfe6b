"""To the company's identity provider and back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accord.desk.reading import reading_of, settings_of
from accord.desk.rights import Right, needs
from accord.desk.signin import identities
from accord.desk.signin.entering import let_in, local
from accord.desk.signin.oidc import PATIENCE, Attempt, Provider, SignInRefused
from accord.desk.teams.models import User

if TYPE_CHECKING:
    from accord.settings import Oidc

ON_THE_WAY = "on the way to the identity provider"


def offered() -> Oidc | None:
    """The identity provider that the sign-in page offers, if there is one."""
    return settings_of(settings.WORKSPACE).oidc


@require_GET
@never_cache
def go(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the provider."""
    attempt = Attempt(local(request, request.GET.get("next", "")))
    try:
        address = Provider(settings_of(settings.WORKSPACE)).address(attempt)
    except SignInRefused as error:
        return _refused(request, error)
    request.session[ON_THE_WAY] = attempt.kept()
    return HttpResponseRedirect(address)


@require_GET
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """Lets in whom the provider sends back, once for each way there."""
    kept: dict[str, Any] | None = request.session.pop(ON_THE_WAY, None)
    try:
        attempt = _attempt(kept, request.GET.get("state", ""))
        if request.GET.get("error"):
            raise SignInRefused("The identity provider did not let you in.", mend="Try again.")
        provider = Provider(settings_of(settings.WORKSPACE))
        person = identities.person_of(provider.claimed(request.GET.get("code", ""), attempt))
    except SignInRefused as error:
        return _refused(request, error)
    return let_in(request, person, attempt.going_to)


@require_POST
@needs(Right.PEOPLE)
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets somebody's account of the provider."""
    person = get_object_or_404(User, pk=pk)
    identities.forget_identities(person, by=reading_of(request).user)
    messages.success(request, _("%(name)s is found by e-mail the next time.") % {"name": person.name})
    return redirect("people:person", pk)


def _attempt(kept: dict[str, Any] | None, state: str) -> Attempt:
    """The way this browser set out on. Raises SignInRefused."""
    if kept is None or not constant_time_compare(kept["state"], state):
        raise SignInRefused("You did not set out from here.", mend="Try again.")
    attempt = Attempt(**kept)
    if time.time() - attempt.at > PATIENCE:
        raise SignInRefused("That took too long.", mend="Try again.")
    return attempt


def _refused(request: HttpRequest, error: SignInRefused) -> HttpResponse:
    shown = {"email": "", "error": str(error), "oidc": offered()}
    return render(request, "signin/sign_in.html", shown, status=403)
