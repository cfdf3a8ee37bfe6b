"""Signing in and out, and the first account."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord.desk.teams import attempts
from accord.desk.teams.actions import PersonRefused, make_first_account, note


def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a right password leads to where one was going."""
    going_to = _local(request, request.GET.get("next", ""))
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(going_to)
        return render(request, "teams/sign_in.html", {"email": ""})
    email = request.POST.get("email", "").strip().lower()
    if not attempts.begin(request, email):
        return _again(request, email, _("Too many tries. Wait a quarter of an hour, then try again."))
    user = authenticate(request, username=email, password=request.POST.get("password", ""))
    if user is None:
        return _again(request, email, _("E-mail and password do not belong together."))
    attempts.succeeded(request, email)
    login(request, user)
    note(user, "signed in")
    return redirect(going_to)


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
            return render(request, "teams/first_account.html", given | {"error": str(error)}, status=422)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("scoreboard")
    return render(request, "teams/first_account.html", given)


def _again(request: HttpRequest, email: str, error: str) -> HttpResponse:
    return render(request, "teams/sign_in.html", {"email": email, "error": error}, status=422)


def _local(request: HttpRequest, address: str) -> str:
    """The address if it is one of this site, else the scoreboard."""
    hosts = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, hosts, request.is_secure()) else "/"
