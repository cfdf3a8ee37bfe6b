"""What leads said brought them, against the channel that was tracked: a matrix of leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.asked import Asked, choices
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.insight.attribution.self_reported import NO_TOUCH, NOT_SAID

Row = dict[str, Any]

SHOWN = 20
"""How many answers have a line of their own; the others share one."""


@dataclass(frozen=True)
class Cell:
    """The leads of one answer and channel; `share`: of all with that answer; `agrees`: both are the same."""

    leads: int
    share: float
    agrees: bool


@dataclass(frozen=True)
class Line:
    """One answer: a cell for each channel, None where it has no lead, and the sums of them all."""

    name: Any
    cells: list[Cell | None]
    leads: int
    qualified: int
    won_value: Decimal


@needs(Right.NUMBERS)
def said(request: HttpRequest) -> HttpResponse:
    """What the leads of a period answered, in the source their tool keeps or in the agreement's `?field=`."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("What leads said"))
    filters = filters_of(request, reading, keep=("field",))
    asked = Asked(request, filters)
    fields = _fields(reading)
    field = asked.one_of("field", fields, "")
    rows = reading.self_reported(filters, field or None)
    if wants_csv(request):
        return csv_response(request, f"said-{filters.period.label}", rows)
    channels = _in_order(rows, "tracked", NO_TOUCH)
    both = [row for row in rows if row["agree"] is not None]
    return page(
        request,
        "campaigns/said.html",
        filters,
        segment_only=True,
        wrong=asked.wrong,
        rows=rows,
        is_answered=any(row["reported"] != NOT_SAID for row in rows),
        channels=[_("No touch") if name == NO_TOUCH else name for name in channels],
        lines=_lines(rows, channels),
        sums=_line(_("Sum"), rows, channels),
        both=_leads(both),
        agreed=_leads(row for row in both if row["agree"]) / _leads(both) if both else None,
        apart=next((row for row in both if not row["agree"]), None),
        field=fields[field],
        fields=choices(filters, "field", fields, field) if len(fields) > 1 else [],
    )


def _fields(reading: Reading) -> dict[str, Any]:
    """Where an answer may stand, by name; the source the tool keeps has none."""
    fields = reading.agreement.fields
    own = {name: fields[name].label or name.replace("_", " ") for name in reading.answer_fields}
    return {"": _("Lead source"), **own}


def _lines(rows: Sequence[Row], channels: Sequence[str]) -> list[Line]:
    """A line for each answer, most leads first; beyond `SHOWN` the others as one, and those without last."""
    answers = _in_order(rows, "reported", NOT_SAID)
    named = [answer for answer in answers if answer != NOT_SAID]
    lines = [
        _line(answer, [row for row in rows if row["reported"] == answer], channels)
        for answer in named[:SHOWN]
    ]
    if len(named) > SHOWN:
        others = [row | {"agree": None} for row in rows if row["reported"] in named[SHOWN:]]
        lines.append(_line(_("Other answers"), others, channels))
    if NOT_SAID in answers:
        lines.append(_line(_("No answer"), [row for row in rows if row["reported"] == NOT_SAID], channels))
    return lines


def _line(name: Any, rows: Sequence[Row], channels: Sequence[str]) -> Line:
    leads = _leads(rows)
    return Line(
        name,
        [_cell([row for row in rows if row["tracked"] == channel], leads) for channel in channels],
        leads,
        sum(row["qualified"] for row in rows),
        sum((row["won_value"] for row in rows), Decimal(0)),
    )


def _cell(rows: Sequence[Row], of: int) -> Cell | None:
    leads = _leads(rows)
    return Cell(leads, leads / of, bool(rows[0]["agree"])) if rows else None


def _in_order(rows: Sequence[Row], name: str, last: str) -> list[str]:
    """The values of a column, most leads first, and `last` at the end."""
    leads = Counter[str]()
    for row in rows:
        leads[row[name]] += row["leads"]
    return sorted(leads, key=lambda value: (value == last, -leads[value], value))


def _leads(rows: Any) -> int:
    return sum(row["leads"] for row in rows)
