"""My settings, how I sign in: the second factor, turned on and off by its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp
import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.signin import attempts, second_factor
from accord.desk.signin.models import SecondFactor
from accord.desk.teams.models import User

if TYPE_CHECKING:
    from accord.errors import AccordError

ISSUER = "Accord"


@needs(Right.OWN_SETTINGS)
def mine(request: HttpRequest) -> HttpResponse:
    """Whether a code is asked for after my password."""
    return _mine(request, reading_of(request).user)


@require_POST
@needs(Right.OWN_SETTINGS)
def turn_on(request: HttpRequest) -> HttpResponse:
    """Shows what the phone has to scan; with its first code, turns the second factor on."""
    person = reading_of(request).user
    try:
        seed = second_factor.prepare(person)
    except second_factor.CodeRefused as error:
        return _mine(request, person, error)
    if "code" not in request.POST:
        return _scan(request, person, seed)
    try:
        recovery = second_factor.turn_on(person, request.POST["code"])
    except second_factor.CodeRefused as error:
        return _scan(request, person, seed, error)
    return page(request, "signin/recovery.html", recovery=recovery)


@require_POST
@needs(Right.OWN_SETTINGS)
def turn_off(request: HttpRequest) -> HttpResponse:
    """Turns the second factor off, with a code: a screen left open is not enough."""
    person = reading_of(request).user
    account = f"code of {person.pk}"
    if not attempts.begin(request, account):
        too_many = second_factor.CodeRefused(_("Too many tries."), mend=_("Wait a quarter of an hour."))
        return _mine(request, person, too_many)
    try:
        second_factor.use(person, request.POST.get("code", ""))
    except second_factor.CodeRefused as error:
        return _mine(request, person, error)
    attempts.succeeded(request, account)
    second_factor.turn_off(person, by=person)
    messages.success(request, _("The second factor is off."))
    return redirect("my-sign-in")


@require_POST
@needs(Right.PEOPLE)
def take_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Turns off the second factor of somebody who has lost phone and recovery codes."""
    person = get_object_or_404(User, pk=pk)
    second_factor.turn_off(person, by=reading_of(request).user)
    messages.success(request, _("%(name)s signs in by password alone.") % {"name": person.name})
    return redirect("people:person", pk)


def _mine(request: HttpRequest, person: User, error: AccordError | None = None) -> HttpResponse:
    factor = SecondFactor.objects.filter(user=person, confirmed_at__isnull=False).first()
    return page(request, "signin/mine.html", status=422 if error else 200, factor=factor, error=error)


def _scan(request: HttpRequest, person: User, seed: str, error: AccordError | None = None) -> HttpResponse:
    address = pyotp.TOTP(seed).provisioning_uri(name=person.email, issuer_name=ISSUER)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    grouped = " ".join(seed[at : at + 4] for at in range(0, len(seed), 4))
    return page(
        request,
        "signin/scan.html",
        status=422 if error else 200,
        picture=picture,
        seed=grouped,
        error=error,
    )
