"""Finds people, accounts, campaigns and deals by what they are called, within what one may see."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.shell.places import page_address

KINDS = {
    "person": (_("People"), "contact"),
    "account": (_("Accounts"), "building-2"),
    "campaign": (_("Campaigns"), "megaphone"),
    "deal": (_("Deals"), "handshake"),
}
"""What can be found, in the order in which it is shown."""

IN_BOX, ON_PAGE = 5, 20
LONGEST = 200


@needs(Right.LEADS)
def search(request: HttpRequest) -> HttpResponse:
    """What `q` finds: a page, or for the search box the results alone."""
    reading = reading_of(request)
    query = request.GET.get("q", "")[:LONGEST].strip()
    in_box = bool(request.htmx)  # type: ignore[attr-defined]
    rows = reading.search(query, limit=IN_BOX if in_box else ON_PAGE) if reading.has_build else []
    shown: dict[str, Any] = {"query": query, "hits": _groups(rows), "count": len(rows)}
    if in_box:
        return render(request, "search/results.html", shown | {"in_box": True})
    names = reading.may(Right.PERSONAL)
    return page(request, "search/search.html", **shown, names=names, has_build=reading.has_build)


def _groups(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups = []
    for kind, (label, icon) in KINDS.items():
        found = [row | {"address": _address(row)} for row in rows if row["kind"] == kind]
        if found:
            groups.append({"kind": kind, "label": label, "icon": icon, "rows": found})
    return groups


def _address(row: dict[str, Any]) -> str:
    kind, key = row["kind"], row["key"]
    if kind == "person":
        return reverse("lead", args=[f"person={key}"])
    if kind == "campaign":
        filters = {"campaign": key}
        return page_address("campaigns", filters) or f"{reverse('leads')}?{urlencode(filters)}"
    return reverse(kind, args=[key])
