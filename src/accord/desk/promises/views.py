"""Promises: what both teams owe each other in a period, how each keeps it, the leads under each number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from accord import workspace
from accord.desk.outbox.models import OutboxFact
from accord.desk.promises import shown
from accord.desk.promises.report import Report, period_of, report
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import Filters, filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv

MOST = 500
"""As many leads are listed on the page; a file has all."""


@needs(Right.NUMBERS)
def promises(request: HttpRequest) -> HttpResponse:
    """Both sides' promises, side by side."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "promises/nothing.html")
    filters, at = _asked(request, reading)
    found = report(reading.engine, reading.agreement, filters.period, at)
    ledger = shown.ledger(found, reading.periods, filters.zone)
    if wants_csv(request):
        rows = ledger if request.GET.get("table") == "ledger" else found.rows()
        return csv_response(request, f"promises-{filters.period.label}", rows)
    return page(request, "promises/promises.html", filters, **_shown(reading, filters, found, at, ledger))


@needs(Right.NUMBERS)
@cache_control(private=True, no_cache=True)
def promises_now(request: HttpRequest) -> HttpResponse:
    """The page's content alone, for the page that asks again; 304 while nothing it tells of has happened."""
    reading = reading_of(request)
    if not reading.has_build:
        raise Http404
    etag = f'"{_mark(reading, workspace.now())}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    filters, at = _asked(request, reading)
    found = report(reading.engine, reading.agreement, filters.period, at)
    ledger = shown.ledger(found, reading.periods, filters.zone)
    context = _shown(reading, filters, found, at, ledger)
    answer = page(request, "promises/promises_now.html", filters, **context)
    answer["ETag"] = etag
    return answer


def _mark(reading: Reading, now: datetime) -> str:
    """What changes with every step of a handoff, for each is a fact, with every build, and every minute."""
    last = OutboxFact.objects.order_by("-pk").values_list("pk", flat=True).first()
    parts = (reading.build.build_id, last, f"{now:%Y%m%d%H%M}", reading.user.pk, reading.user.role)
    return sha256(repr(parts).encode()).hexdigest()[:20]


def _shown(
    reading: Reading, filters: Filters, found: Report, at: datetime, ledger: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "marketing": [shown.marketing_card(n, p, reading) for n, p in enumerate(found.marketing)],
        "sales": [shown.sales_card(promise) for promise in found.sales],
        "debts": _debts(found),
        "ledger": ledger,
        "flags": len(found.flagged()),
        "at": at,
        "as_of": filters.kept.get("at", ""),
    }


@needs(Right.LEADS)
def leads(request: HttpRequest) -> HttpResponse:
    """The leads under a number of the page: `?promise=`, `?applies=`; those that the reader may see."""
    reading = reading_of(request)
    if not reading.has_build:
        raise Http404
    filters, at = _asked(request, reading, "promise", "applies")
    found = report(reading.engine, reading.agreement, filters.period, at)
    rows = shown.leads_of(found, request.GET.get("promise", ""), request.GET.get("applies"))
    if rows is None:
        raise Http404
    visible, hidden = shown.with_names(rows, reading)
    if wants_csv(request):
        return csv_response(request, f"promise-leads-{filters.period.label}", visible)
    return page(
        request, "promises/leads.html", filters, rows=visible[:MOST], total=len(rows), hidden=hidden, at=at
    )


def _asked(request: HttpRequest, reading: Reading, *keep: str) -> tuple[Filters, datetime]:
    """The period asked for, by default the running one of marketing's promise, and the moment looked from."""
    filters = filters_of(request, reading, keep=("at", *keep))
    if not any(name in request.GET for name in ("period", "from")):
        running = period_of(reading.engine, reading.agreement, None, reading.now)
        kin = [p for p in reading.periods if p.kind == running.kind and p.end == running.start]
        filters = replace(filters, period=running, previous=kin[0] if kin else None, following=None)
    now = workspace.now()
    return filters, min(_moment(request.GET.get("at", ""), filters.zone) or now, now)


def _moment(text: str, zone: str) -> datetime | None:
    """A local moment (2026-11-03T12:00) as naive UTC; None for anything else."""
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
        return local.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _debts(found: Report) -> dict[str, object]:
    """Who owes whom now."""
    return {
        "marketing": [(n, promise) for n, promise in enumerate(found.marketing) if promise.debt],
        "sales": [promise for promise in found.sales if promise.owed],
        "answers": found.answers_owed,
    }
