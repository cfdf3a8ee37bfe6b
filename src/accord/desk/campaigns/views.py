"""Campaigns: what they cost, whom they bring, what comes back under every model, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.advice import advice, lede
from accord.desk.campaigns.chosen import (
    MODELS,
    chosen_model,
    last_stage,
    lead_stages,
    model_choices,
    read_lines,
)
from accord.desk.campaigns.lines import Line, ordered, sort_keys, totals
from accord.desk.campaigns.names import CHANNELS
from accord.desk.campaigns.one import campaign
from accord.desk.campaigns.plots import plots
from accord.desk.campaigns.unmatched import missing
from accord.desk.reading import Reading, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.filters import Filters, filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv
from accord.insight.metrics.kpis import stage_kpi

DEFAULT_ORDER = "-cost"
NO_CAMPAIGN = "(not set)"


@needs(Right.NUMBERS)
def campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns of a period under one model, `?model=`, ordered by `?sort=` (`-`: falling).

    With `?campaign=` that one campaign alone.
    """
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Campaigns"))
    filters = filters_of(request, reading, keep=("model", "sort", "campaign"))
    if label := request.GET.get("campaign"):
        return campaign(request, reading, filters, label)
    model = chosen_model(reading, filters)
    stages = lead_stages(reading)
    names = [stage["stage"] for stage in stages]
    found = read_lines(reading, filters, model)
    keys = sort_keys(names)
    asked = filters.kept.get("sort", DEFAULT_ORDER)
    order = asked if asked.removeprefix("-") in keys else DEFAULT_ORDER
    found = ordered(found, order, keys)
    if wants_csv(request):
        return _csv(request, filters, found)
    last = last_stage(reading, filters)
    advised = advice(found, last) if stages else []
    sums = totals(found, names)
    return page(
        request,
        "campaigns/campaigns.html",
        filters,
        lines=found,
        totals=sums,
        stage_totals=[(stage_kpi(stage).name, sums[stage["stage"]]) for stage in stages],
        returned_share=sums["returned"] / sums["leads"] if sums["returned"] and sums["leads"] else None,
        credited=sum((line.shown["won_value"] or Decimal(0) for line in found if line.is_named), Decimal(0)),
        without_campaign=next(
            (line for line in found if line.label == NO_CAMPAIGN and line.row["cost"]), None
        ),
        missing=missing(reading.unmatched(filters)),
        stages=stages,
        last=last,
        columns=_columns(stages, order, filters),
        advised=advised,
        lede=lede(advised),
        models=model_choices(reading, model, filters),
        model=MODELS.get(model, model),
        model_names=[MODELS.get(name, name) for name in reading.models],
        by_model=plots([line for line in found if line.is_named and line.row["cost"]], reading.models),
        channels=_channels(reading, filters, model),
    )


@dataclass(frozen=True)
class Column:
    """A sortable column's head: the address that sorts by it, and how it is sorted now, if it is."""

    label: Any
    address: str
    sorted: str
    number: bool = True


def _columns(stages: list[dict[str, Any]], order: str, filters: Filters) -> list[Column]:
    heads = [
        ("name", _("Campaign")),
        ("cost", _("Cost")),
        ("leads", _("Leads")),
        ("in_audience", _("Meant for")),
    ]
    heads += [("returned", _("Returned"))]
    heads += [(stage["stage"], stage["label"]) for stage in stages]
    heads += [("cost_each", _("Cost / %s") % stages[-1]["label"])] if stages else []
    heads += [("pipeline", _("Pipeline")), ("won_value", _("Won")), ("roi", _("ROI"))]
    return [_column(name, label, order, filters) for name, label in heads]


def _column(name: str, label: Any, order: str, filters: Filters) -> Column:
    """A first click on numbers sorts them falling, on names rising; a second turns it round."""
    falling = f"-{name}"
    first, other = (name, falling) if name == "name" else (falling, name)
    asked = other if order == first else first
    state = "descending" if order == falling else "ascending" if order == name else ""
    return Column(label, filters.address(sort=asked), state, name != "name")


def _channels(reading: Reading, filters: Filters, model: str) -> list[dict[str, Any]]:
    """Channels with what they cost and what was won by them, the best paying first."""
    rows = reading.credits(filters, by="channel", models=(model,))
    named = [{**row, "name": CHANNELS.get(row["channel"], row["channel"])} for row in rows]
    return sorted(named, key=lambda row: (row["roi"] is None, -(row["roi"] or 0), -(row["value"] or 0)))


def _csv(request: HttpRequest, filters: Filters, found: list[Line]) -> HttpResponse:
    """The table as a file: each line exact, and its return under every model."""
    rows = [line.row | {f"roi_{name}": value for name, value in line.returns.items()} for line in found]
    return csv_response(request, f"campaigns-{filters.period.label}", rows)
