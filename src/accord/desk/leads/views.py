"""The leads list, and its views kept under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord.desk.leads.actions import ViewRefused, remove_view, save_view
from accord.desk.leads.address import Asked, asked_of, shown_row, stage_titles
from accord.desk.leads.chips import FLAG_WORDS, MOMENT_WORDS, STATUS_WORDS, VERDICT_WORDS, chips
from accord.desk.leads.columns import headings, shown
from accord.desk.leads.models import views_for
from accord.desk.leads.ready import ready_views
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import choices, filters_of, title
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_batches, wants_csv
from accord.desk.shell.words import reason_words, segment_words

if TYPE_CHECKING:
    from accord.desk.shell.filters import Filters
    from accord.insight.leads import LeadPage

SIZE = 50
CHOICES = 100
"""How many values of a filter, besides the chosen one, its menu offers."""


@needs(Right.LEADS)
def leads(request: HttpRequest) -> HttpResponseBase:
    """The list: exceptions in its views, then the leads that match."""
    cleaned = _cleaned(request.GET)
    if cleaned is not None:
        return redirect(f"{request.path}?{cleaned}" if cleaned else "leads")
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Leads"))
    filters = filters_of(request, reading)
    asked = asked_of(request.GET, reading, filters.period)
    if wants_csv(request):
        total = reading.leads(asked.filters, size=1).total
        return csv_batches(request, "leads", reading.all_leads(asked.filters, asked.order), total)
    found = reading.leads(asked.filters, order=asked.order, page=asked.page, size=SIZE)
    if found.total and not found.rows:
        return redirect(f"{request.path}?{asked.address(page=str(_pages(found)))}")
    return page(request, "leads/list.html", filters, **_shown(reading, filters, asked, found))


@require_POST
@needs(Right.LEADS)
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the list's address under a name."""
    reading = reading_of(request)
    asked = asked_of(QueryDict(request.POST.get("query", "")), reading, filters_of(request, reading).period)
    try:
        view = save_view(
            reading.user, request.POST.get("name", ""), asked.address(), shared="shared" in request.POST
        )
        messages.success(request, _("%(name)s is kept among the views.") % {"name": view.name})
    except ViewRefused as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('leads')}?{asked.address()}")


@require_POST
@needs(Right.LEADS)
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of one's own views."""
    remove_view(reading_of(request).user, pk)
    return redirect("leads")


def _shown(reading: Reading, filters: Filters, asked: Asked, found: LeadPage) -> dict[str, Any]:
    stages = stage_titles(reading.judged_by)
    personal = reading.may(Right.PERSONAL)
    views = ready_views(reading, filters, asked)
    one = dict(asked.given)
    return {
        "asked": asked,
        "found": found,
        "rows": [shown_row(row) for row in found.rows],
        "first": (found.page - 1) * found.size + 1,
        "last": (found.page - 1) * found.size + len(found.rows),
        "pages": _pages(found),
        "earlier": found.page > 1 and asked.address(page=str(found.page - 1)),
        "later": found.page * found.size < found.total and asked.address(page=str(found.page + 1)),
        "views": views,
        "numbers": {view["name"]: view["leads"] for view in views},
        "saved": views_for(reading.user),
        "has_team": reading.user.teams.exists(),
        "chips": chips(asked, filters, {"stage": stages, "segment": segment_words(reading.judged_by)}),
        "headings": headings(asked, personal=personal),
        "orders": shown(personal=personal),
        "facets": {name: _choices(rows, one.get(name)) for name, rows in reading.lead_facets.items()},
        "segments": segment_words(reading.judged_by),
        "reasons": reason_words(reading.judged_by),
        "stages": stages,
        "periods": _periods(reading, filters),
        "one": one,
        "words": {
            "flags": FLAG_WORDS,
            "moments": MOMENT_WORDS,
            "statuses": STATUS_WORDS,
            "verdicts": VERDICT_WORDS,
        },
        "csv": asked.address(format="csv"),
        "personal": personal,
    }


def _pages(found: LeadPage) -> int:
    return -(-found.total // found.size)


def _periods(reading: Reading, filters: Filters) -> list[dict[str, str]]:
    """The periods to choose from: months, quarters and years, newest first."""
    return [
        {"value": period.label, "label": title(period, filters.zone)}
        for kind in ("month", "quarter", "year")
        for period in choices(filters, reading.periods, kind)
    ]


def _choices(rows: list[dict[str, Any]], chosen: str | None) -> list[dict[str, Any]]:
    """The values to choose from: those of the most leads, and always the chosen one."""
    return [row for n, row in enumerate(rows) if n < CHOICES or row["value"] == chosen]


def _cleaned(query: QueryDict) -> str | None:
    """The query string as it should be; None if it is. A form sends empty fields, and the days an earlier
    address named beside the period just chosen."""
    given = [(name, value) for name, values in query.lists() for value in values]
    useless = {"from", "to"} if query.get("period") else set()
    kept = [(name, value) for name, value in given if value and name not in useless]
    return None if kept == given else urlencode(kept)
