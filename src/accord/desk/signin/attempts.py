"""How often somebody may try to sign in: some tries for an account and from an address, then a pause."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accord.desk.signin.models import Try

ALLOWED = {"account": 10, "address": 50}
"""Tries within PAUSE; an address is often that of a whole office."""
PAUSE = timedelta(minutes=15)


def begin(request: HttpRequest, account: str) -> bool:
    """Count a try before it is judged, for the account and where it comes from; False: there were too many.

    Counting first leaves no gap in which many tries at once would pass. A try that is refused is not counted,
    so that nobody can keep somebody else out for ever by trying on.
    """
    since = timezone.now() - PAUSE
    Try.objects.filter(at__lt=since).delete()
    made = [Try.objects.create(kind=kind, name=name) for kind, name in _names(request, account).items()]
    if all(_before(one, since) < ALLOWED[one.kind] for one in made):
        return True
    Try.objects.filter(pk__in=[one.pk for one in made]).delete()
    return False


def succeeded(request: HttpRequest, account: str) -> None:
    """The try was right: forget the account's tries, and that one of the address."""
    names = _names(request, account)
    Try.objects.filter(kind="account", name=names["account"]).delete()
    if mine := Try.objects.filter(kind="address", name=names["address"]).order_by("-pk").first():
        mine.delete()


def _before(one: Try, since: object) -> int:
    """How many tries of the same name stand before this one."""
    return Try.objects.filter(kind=one.kind, name=one.name, at__gte=since, pk__lt=one.pk).count()


def _names(request: HttpRequest, account: str) -> dict[str, str]:
    """Account and address, kept so that nobody who reads the table learns either."""
    return {"account": _hidden(account), "address": _hidden(came_from(request))}


def _hidden(name: str) -> str:
    return salted_hmac("accord.sign-in", name, algorithm="sha256").hexdigest()


def came_from(request: HttpRequest) -> str:
    """The address the request comes from; of IPv6 the network of 64 bits, which one line has for itself.

    Behind a proxy (`https = true`) it is the one the proxy saw: the last in X-Forwarded-For.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        address = str(request.META.get("HTTP_X_FORWARDED_FOR", address)).rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
