"""Influence: in how many conversions a channel, campaign, piece, team or person had a touch, or the first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.asked import Asked, choices
from accord.desk.campaigns.names import BY, is_named, named
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import Filters, filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.insight.attribution.report import EXPANSION

SHOWN = 50
"""How many lines the page has; the file has all."""


@dataclass(frozen=True)
class Line:
    """One channel, campaign, piece, team or person: `row` of the report, and its shares of all conversions
    with a touch. `opens`: the campaign whose page tells more."""

    row: dict[str, Any]
    name: Any
    influenced: float
    sourced: float
    opens: str | None

    @property
    def widths(self) -> tuple[float, float]:
        """Both shares as drawn, in per cent."""
        return round(100 * self.influenced, 1), round(100 * self.sourced, 1)


@needs(Right.NUMBERS)
def influence(request: HttpRequest) -> HttpResponse:
    """Who had any touch, and who the first, in the conversions of a period: `?by=` what, to `?milestone=`."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Influence"))
    filters = filters_of(request, reading, keep=("by", "milestone"))
    asked = Asked(request, filters)
    bys, milestones = _bys(reading), _milestones(reading)
    by = asked.one_of("by", bys, "channel")
    milestone = asked.one_of("milestone", milestones, reading.stages[-1]["stage"])
    rows = reading.influenced(filters, by=by, milestone=milestone)
    if wants_csv(request):
        return csv_response(request, f"influence-{filters.period.label}", rows)
    touched, value = _touched(reading, filters, milestone)
    lines = [_line(reading, by, row, touched) for row in rows]
    named_ones = [line for line in lines if is_named(by, line.row[by])]
    return page(
        request,
        "campaigns/influence.html",
        filters,
        segment_only=True,
        wrong=asked.wrong,
        lines=lines[:SHOWN],
        more=max(len(lines) - SHOWN, 0),
        most=max(named_ones, key=lambda line: line.influenced, default=None),
        first=max(named_ones, key=lambda line: line.sourced, default=None),
        touched=touched,
        value=value,
        is_whole=sum(row["sourced"] for row in rows) == touched,
        by=by,
        by_word=BY[by],
        bys=choices(filters, "by", bys, by),
        milestone=milestones[milestone],
        milestones=choices(filters, "milestone", milestones, milestone),
    )


def _bys(reading: Reading) -> dict[str, Any]:
    """What to count by; by person for whoever may see names."""
    return {by: word for by, word in BY.items() if by != "person" or reading.may(Right.PERSONAL)}


def _milestones(reading: Reading) -> dict[str, Any]:
    """The stages, and deals won with who was a customer before."""
    stages = {stage["stage"]: stage["label"] for stage in reading.stages}
    return {**stages, EXPANSION: stages.get(EXPANSION, _("Expansion"))}


def _touched(reading: Reading, filters: Filters, milestone: str) -> tuple[int, Decimal | None]:
    """The conversions with any touch, and their value: each has one first touch, of one of the teams."""
    teams = reading.influenced(filters, by="team", milestone=milestone)
    known = [row["sourced_value"] for row in teams if row["sourced_value"] is not None]
    return sum(row["sourced"] for row in teams), sum(known, Decimal(0)) if known else None


def _line(reading: Reading, by: str, row: dict[str, Any], touched: int) -> Line:
    label = row[by]
    opens = label if by == "campaign" and is_named(by, label) else None
    return Line(row, named(reading, by, label), row["influenced"] / touched, row["sourced"] / touched, opens)
