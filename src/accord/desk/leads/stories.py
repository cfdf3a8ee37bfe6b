"""The pages of one lead, one account and one deal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accord.desk.leads.address import NEW, address_of, shown_row, stage_titles
from accord.desk.leads.advice import advice
from accord.desk.leads.happenings import Words
from accord.desk.leads.receipt import receipts
from accord.desk.leads.timeline import timeline
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.words import reason_words, segment_words
from accord.insight.explain import UnknownAccount, UnknownDeal, UnknownLead


@needs(Right.LEADS)
def lead(request: HttpRequest, name: str) -> HttpResponse:
    """One lead's whole story; for htmx an earlier page of its timeline alone."""
    reading = _built(request)
    try:
        story = reading.lead(name, before=request.GET.get("before"))
    except UnknownLead:
        raise Http404 from None
    stays = _lasting(story)
    if stays != name:
        return redirect(_lasting_address(request, story, name, stays))
    zone = reading.agreement.calendar.zone
    titles = stage_titles(reading.judged_by)
    htmx = bool(request.htmx)  # type: ignore[attr-defined]
    until = _moment(request.GET.get("until"))
    words = Words(titles, reading.campaigns, reason_words(reading.judged_by))
    told = timeline(story, words, zone, until, continues=htmx)
    asked = {"cycle": request.GET["cycle"]} if "cycle" in request.GET else {}
    shown: dict[str, Any] = {"timeline": told, "earlier": told.earlier and urlencode(asked | told.earlier)}
    if htmx:
        return render(request, "leads/timeline.html", shown)
    shown |= {"story": story, "name": name, "titles": titles, "later": "before" in request.GET}
    if story["cycles"]:
        shown |= _judged(reading, story, asked.get("cycle"), titles, zone)
    return page(request, "leads/lead.html", filters_of(request, reading), **shown)


@needs(Right.LEADS)
def account(request: HttpRequest, name: str) -> HttpResponse:
    """An account: its leads, its deals, and how much went on."""
    reading = _built(request)
    number = request.GET.get("page", "1")
    shown = int(number) if number.isdecimal() and 0 < len(number) < 7 else 1
    try:
        story = reading.account(name, page=max(shown, 1))
    except UnknownAccount:
        raise Http404 from None
    stays = story["account"].get("account_id") or str(story["account"]["account"])
    if stays != name:
        return redirect("account", stays)
    found = story["leads"]
    return page(
        request,
        "leads/account.html",
        filters_of(request, reading),
        story=story,
        rows=[shown_row(row) for row in found.rows],
        pages=-(-found.total // found.size),
        stages=stage_titles(reading.judged_by),
        reasons=reason_words(reading.judged_by),
        personal=reading.may(Right.PERSONAL),
    )


@needs(Right.LEADS)
def deal(request: HttpRequest, name: str) -> HttpResponse:
    """A deal: what it is worth, where it stands, who takes part."""
    reading = _built(request)
    try:
        story = reading.deal(name)
    except UnknownDeal:
        raise Http404 from None
    stays = story["deal_id"] or str(story["deal"])
    if stays != name:
        return redirect("deal", stays)
    people = [person | {"address": f"person={person['person']}"} for person in story["people"]]
    return page(request, "leads/deal.html", filters_of(request, reading), deal=story | {"people": people})


def _built(request: HttpRequest) -> Reading:
    reading = reading_of(request)
    if not reading.has_build:
        raise Http404
    return reading


def _lasting(story: dict[str, Any]) -> str:
    """What the lead is called in an address that builds do not change, as far as there is such a name."""
    newest = story["cycles"][-1]["lead"] if story["cycles"] else None
    person = story["person"]
    key = f"person={person['person']}" if newest is None else f"lead={newest}"
    return address_of({"person_id": person.get("person_id")}, key)


def _lasting_address(request: HttpRequest, story: dict[str, Any], name: str, stays: str) -> str:
    """The lasting address with what else was asked; the key of an earlier lead asks for that one."""
    query = request.GET.copy()
    for cycle in story["cycles"][:-1]:
        if name == f"lead={cycle['lead']}":
            query.setdefault("cycle", str(cycle["cycle_no"]))
    return f"{reverse('lead', args=[stays])}?{query.urlencode()}".rstrip("?")


def _judged(
    reading: Reading, story: dict[str, Any], asked: str | None, titles: dict[str, str], zone: str
) -> dict[str, Any]:
    """What the page says of one cycle: the one asked for, else the newest."""
    cycles = story["cycles"]
    cycle = next((c for c in cycles if str(c["cycle_no"]) == asked), cycles[-1])
    return {
        "cycle": cycle,
        "stage": titles.get(cycle["stage"], cycle["stage"]),
        "segment": segment_words(reading.judged_by).get(cycle["segment"], cycle["segment"]),
        "campaign": reading.campaigns.get(cycle["campaign"], cycle["campaign"]),
        "receipts": receipts(reading.judged_by, cycle),
        "stages": _both_readings(cycle, titles),
        "advice": advice(story, cycle, titles, zone),
    }


def _both_readings(cycle: dict[str, Any], titles: dict[str, str]) -> list[dict[str, Any]]:
    """By stage when it was entered by the agreement and when as the tools recorded it."""
    return [
        {
            "title": title,
            **{
                basis: next(
                    (row for row in cycle["stages"] if row["stage"] == name and row["basis"] == basis), None
                )
                for basis in ("agreement", "tools")
            },
        }
        for name, title in titles.items()
        if name != NEW
    ]


def _moment(given: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(given) if given else None
    except ValueError:
        return None
