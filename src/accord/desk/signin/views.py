"""Signing in and out, the code after the password, and the first account."""

from __future__ import annotations

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord.desk.signin import attempts, second_factor
from accord.desk.signin.entering import enter, half_way, let_in, local
from accord.desk.signin.oidc_views import offered
from accord.desk.teams.actions import PersonRefused, make_first_account


def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a right password leads to where one was going."""
    going_to = local(request, request.GET.get("next", ""))
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(going_to)
        return render(request, "signin/sign_in.html", {"email": "", "oidc": offered(), "going_to": going_to})
    email = request.POST.get("email", "").strip().lower()
    if not attempts.begin(request, email):
        return _again(request, email, _too_many())
    user = authenticate(request, username=email, password=request.POST.get("password", ""))
    if user is None:
        return _again(request, email, _("E-mail and password do not belong together."))
    attempts.succeeded(request, email)
    return enter(request, user, going_to)


def code(request: HttpRequest) -> HttpResponse:
    """Asks whoever has shown their password for the code on their phone."""
    person = half_way(request)
    if person is None:
        return redirect("sign-in")
    if request.method != "POST":
        return render(request, "signin/code.html")
    account = f"code of {person.pk}"
    if not attempts.begin(request, account):
        return render(request, "signin/code.html", {"error": _too_many()}, status=422)
    try:
        second_factor.use(person, request.POST.get("code", ""))
    except second_factor.CodeRefused as error:
        return render(request, "signin/code.html", {"error": str(error)}, status=422)
    attempts.succeeded(request, account)
    return let_in(request, person, local(request, request.GET.get("next", "")))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


def first_account(request: HttpRequest, token: str) -> HttpResponse:
    """Makes the first account, by the link that the server printed."""
    given = {name: request.POST.get(name, "") for name in ("email", "name")}
    if request.method == "POST":
        try:
            user = make_first_account(token, given["email"], given["name"], request.POST.get("password", ""))
        except PersonRefused as error:
            return render(request, "signin/first_account.html", given | {"error": str(error)}, status=422)
        return enter(request, user)
    return render(request, "signin/first_account.html", given)


def _again(request: HttpRequest, email: str, error: str) -> HttpResponse:
    shown = {"email": email, "error": error, "oidc": offered()}
    return render(request, "signin/sign_in.html", shown, status=422)


def _too_many() -> str:
    return _("Too many tries. Wait a quarter of an hour, then try again.")
