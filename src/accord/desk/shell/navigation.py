"""The ways through the desk, for the signed-in person: what they may not open is not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right
from accord.desk.start.steps import finished

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Place:
    """One page in the navigation: `name` of its address, the right it needs, and when it is shown at all."""

    name: str
    label: Any
    icon: str
    right: Right
    group: Any
    shown: Callable[[Reading], bool] = lambda reading: True


TODAY, WHY, TOGETHER = _("Today"), _("Why"), _("Together")

PLACES = (
    Place(
        "start", _("First steps"), "flag", Right.IMPORT, TODAY, shown=lambda reading: not finished(reading)
    ),
    Place("scoreboard", _("Scoreboard"), "gauge", Right.NUMBERS, TODAY),
    Place("queue", _("My leads"), "list-checks", Right.QUEUE, TODAY),
    Place("team", _("Team"), "users", Right.TEAM, TODAY),
    Place("promises", _("Promises"), "scale", Right.NUMBERS, TODAY),
    Place("leads", _("Leads"), "contact", Right.LEADS, TODAY),
    Place("journey", _("Journey"), "route", Right.NUMBERS, WHY),
    Place("campaigns", _("Campaigns"), "megaphone", Right.NUMBERS, WHY),
    Place("content", _("Content"), "files", Right.NUMBERS, WHY),
    Place("plan", _("Plan"), "target", Right.NUMBERS, TOGETHER),
    Place("agreement", _("Agreement"), "signature", Right.NUMBERS, TOGETHER),
    Place("imports", _("Import"), "upload", Right.IMPORT, TOGETHER),
    Place("connections", _("Connections"), "plug", Right.IMPORT, TOGETHER),
    Place("hours", _("Working time"), "calendar", Right.HOURS, TOGETHER),
    Place("people", _("People"), "users", Right.PEOPLE, TOGETHER),
    Place("messages", _("Messages"), "inbox", Right.MESSAGES, TOGETHER),
    Place("channels", _("Channels"), "message-square", Right.MESSAGES, TOGETHER),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`places` by group for the layout, and the company's name. Empty for who is not signed in."""
    if not request.user.is_authenticated:
        return {}
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    reading = reading_of(request)
    here = request.resolver_match.view_name.split(":")[0] if request.resolver_match else ""
    places = [
        {"url": url, "label": p.label, "icon": p.icon, "group": p.group, "here": _leads_to(url, request.path)}
        for p in PLACES
        for url in [reverse(p.name)]
        if reading.may(p.right) and p.shown(reading)
    ]
    return {
        "here": here,
        "places": places,
        "company": reading.company,
        "may": {str(r): True for r in reading.rights},
    }


def _leads_to(place: str, page: str) -> bool:
    """Whether the page is that of the place, or lies below it."""
    return page == place or page.startswith(f"{place}/")
