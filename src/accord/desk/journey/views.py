"""Journey: the stages as a map, where leads leave and wait, and where the tools tell it otherwise."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accord.desk.journey.course import course
from accord.desk.journey.splits import MOST, splits
from accord.desk.journey.stages import stage_map
from accord.desk.journey.summary import summary
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import Filters, filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.desk.shell.words import reason_words, segment_words

BY = {"channel": _("Channel"), "campaign": _("Campaign"), "segment": _("Segment"), "month": _("Month")}


@needs(Right.NUMBERS)
def journey(request: HttpRequest) -> HttpResponse:
    """The journey of the leads of a period, split `?by=`; `?format=csv&table=` gives its tables as files."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Journey"))
    filters = filters_of(request, reading, keep=("by",))
    by = filters.kept.get("by", "channel")
    by = by if by in BY else "channel"
    if wants_csv(request):
        return _csv(request, reading, filters, by)
    agreement = reading.agreement
    returned = reading.returned(filters, agreement.handoff.at) if agreement.handoff else []
    stages = stage_map(
        agreement, reading.funnel(filters), reading.leavings(filters), returned, reading.waiting(filters)
    )
    labels = [stage["label"] for stage in stages]
    found = splits(reading.funnel(filters, by=by), by, _names(reading, by))
    words = reason_words(agreement)
    return page(
        request,
        "journey/journey.html",
        filters,
        stages=stages,
        lede=summary(stages, _before(reading, filters)),
        returned=[
            {**row, "name": words.get(row["reason"], row["reason"] or _("no reason"))} for row in returned
        ],
        returned_total=sum(row["leads"] for row in returned),
        differences=_differences(reading, filters),
        by=by,
        by_word=BY[by],
        choices=[{"name": name, "label": label, "here": name == by} for name, label in BY.items()],
        splits=found[:MOST],
        left_out=max(len(found) - MOST, 0),
        course=course(reading, filters, labels),
    )


def _before(reading: Reading, filters: Filters) -> list[dict[str, Any]]:
    if filters.previous is None:
        return []
    return reading.funnel(filters, start=filters.previous.start, end=filters.previous.end)


def _differences(reading: Reading, filters: Filters) -> list[dict[str, Any]]:
    """Agreement against tools, by stage, each with its `label` and the `difference`."""
    labels = {stage["stage"]: stage["label"] for stage in reading.stages}
    return [
        {**row, "label": labels[row["stage"]], "difference": row["agreement"] - row["tools"]}
        for row in reading.differences(filters)
    ]


def _names(reading: Reading, by: str) -> dict[str, str]:
    """What the values of a split are called."""
    if by == "campaign":
        return reading.campaigns
    return segment_words(reading.agreement) if by == "segment" else {}


def _csv(request: HttpRequest, reading: Reading, filters: Filters, by: str) -> HttpResponse:
    """The asked table as a file: the funnel, its split, the differences, or who waits."""
    tables = {
        "split": lambda: reading.funnel(filters, by=by),
        "differences": lambda: reading.differences(filters),
        "waiting": lambda: reading.waiting(filters),
    }
    asked = request.GET.get("table", "")
    rows = tables[asked]() if asked in tables else reading.funnel(filters)
    name = f"journey-{asked if asked in tables else 'funnel'}-{filters.period.label}"
    return csv_response(request, name, rows)
