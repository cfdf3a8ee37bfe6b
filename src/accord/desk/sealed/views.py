"""Sealed reports: the numbers that were shown, which of them are others now, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.sealed import actions
from accord.desk.sealed.models import Comparison
from accord.desk.sealed.standing import Standing, on_scoreboard, standing
from accord.desk.sealed.words import CAUSES, MEANT, REPORTS, Words
from accord.desk.shell import formats
from accord.desk.shell.filters import filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.insight.restatement import Cause
from accord.sealing import SealError

if TYPE_CHECKING:
    from accord.insight.restatement import Number
    from accord.sealing import Sealed

COMPARED = 6
"""Of so many of the newest reports the list holds the scoreboard's numbers against the build."""


@needs(Right.NUMBERS)
def reports(request: HttpRequest) -> HttpResponse:
    """The sealed reports, newest first, with how many numbers of the scoreboard are others; and a form."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Sealed reports"))
    filters = filters_of(request, reading)
    newest_first = reading.workspace.seals.all()[::-1]
    if wants_csv(request):
        kept = ("name", "start", "end", "sealed_at", "sealed_by", "build_id", "version")
        return csv_response(
            request, "sealed", [{name: getattr(one, name) for name in kept} for one in newest_first]
        )
    whole: dict[str, Any] = {"channel": None, "segment": None}
    rows = [
        on_scoreboard(sealed, reading.scoreboard(filters, start=sealed.start_at, end=sealed.end_at, **whole))
        for sealed in newest_first[:COMPARED]
    ]
    return page(
        request,
        "sealed/reports.html",
        filters,
        period_only=True,
        rows=rows,
        older=newest_first[COMPARED:],
        name=filters.period.label.lower().replace("/", "-to-"),
    )


@needs(Right.SEAL)
@require_POST
def seal(request: HttpRequest) -> HttpResponse:
    """Seals the period that the address asks for, under the posted name; what is refused is told."""
    reading = reading_of(request)
    filters = filters_of(request, reading)
    try:
        sealed = actions.seal(reading, filters, request.POST.get("name", "").strip())
    except SealError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('sealed')}?{filters.address()}")
    return redirect("sealed-report", sealed.name)


@needs(Right.NUMBERS)
def report(request: HttpRequest, name: str) -> HttpResponse:
    """One sealed report: the numbers that are others now, with their causes once these are found."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Sealed reports"))
    found = standing(reading, _sealed(reading, name))
    asked = Comparison.objects.filter(report=name, build_id=reading.build.build_id).first()
    itemised = (asked.found if asked else None) or {}
    if wants_csv(request):
        return csv_response(request, f"sealed-{name}", _plain(found, itemised))
    words = Words(reading)
    return page(
        request,
        "sealed/report.html",
        sealed=found.sealed,
        changed=[_line(words, reading, one.number, one.was, one.now, itemised) for one in found.changed],
        itemised=bool(itemised),
        job=asked.job if asked and not itemised else None,
        learnt=_learnt(itemised),
        versions=itemised.get("versions", []),
        numbers=[
            _line(words, reading, number, value, None, {}) for number, value in found.sealed.numbers.items()
        ],
    )


@needs(Right.NUMBERS)
@require_POST
def causes(request: HttpRequest, name: str) -> HttpResponse:
    """Has the worker find out why the numbers are others."""
    reading = reading_of(request)
    actions.compare(reading, _sealed(reading, name))
    return redirect("sealed-report", name)


def _sealed(reading: Reading, name: str) -> Sealed:
    try:
        return reading.workspace.seals.get(name)
    except SealError:
        raise Http404 from None


def _line(
    words: Words,
    reading: Reading,
    number: Number,
    was: Decimal | None,
    now: Decimal | None,
    itemised: dict[str, Any],
) -> dict[str, Any]:
    """A number as a row: what it is called, what it was and is, by how much it changed, and through what."""
    currency = reading.agreement.currency
    change = (now or Decimal(0)) - (was or Decimal(0))
    return {
        "report": REPORTS[number.report],
        **words.name(number),
        "was": formats.exact(was, number.unit, currency),
        "now": formats.exact(now, number.unit, currency),
        "change": _signed(change, number.unit, currency),
        "parts": [
            (CAUSES[Cause(part["cause"])], _signed(Decimal(str(part["change"])), number.unit, currency))
            for part in _found(number, itemised).get("parts", [])
        ],
    }


def _found(number: Number, itemised: dict[str, Any]) -> dict[str, Any]:
    """The number as the worker itemised it."""
    same = {**vars(number), "model": number.model or None}
    return next((one for one in itemised.get("numbers", []) if same.items() <= one.items()), {})


def _signed(change: Decimal, unit: str, currency: str) -> str:
    """A change with its sign, whichever unit it is of."""
    amount = formats.exact(abs(change), unit, currency).removeprefix("+")
    return f"{'−' if change < 0 else '+'}{amount}"


def _learnt(itemised: dict[str, Any]) -> list[dict[str, Any]]:
    """What was learnt since, by cause and table."""
    facts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in itemised.get("learnt", []):
        facts.setdefault((one["cause"], one["table"]), []).append(one)
    return [
        {
            "cause": CAUSES[Cause(cause)],
            "meant": MEANT[Cause(cause)],
            "table": table,
            "facts": sum(one["facts"] for one in ones),
            "loads": len(ones),
        }
        for (cause, table), ones in facts.items()
    ]


def _plain(found: Standing, itemised: dict[str, Any]) -> list[dict[str, Any]]:
    """The numbers that differ as plain rows, a column for each cause."""
    rows = []
    for one in found.changed:
        parts = {part["cause"]: part["change"] for part in _found(one.number, itemised).get("parts", [])}
        about = {**vars(one.number), "was": one.was, "now": one.now, "change": one.change}
        rows.append(about | ({cause.value: parts.get(cause) for cause in Cause} if itemised else {}))
    return rows
