"""One campaign: its standing, its months, whom it brought, why sales returned them, its deals."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accord.desk.campaigns.advice import advise
from accord.desk.campaigns.chosen import (
    MODELS,
    chosen_model,
    last_stage,
    model_choices,
    read_lines,
)
from accord.desk.campaigns.plots import plots
from accord.desk.shell.charts import ROWS, chart
from accord.desk.shell.pages import page
from accord.desk.shell.picker import span_of
from accord.desk.shell.tables import csv_response, wants_csv
from accord.desk.shell.words import reason_words, segment_words

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters

MONTHS = 12
SHOWN = 50
"""How many deals the page lists; the file has all."""


def campaign(request: HttpRequest, reading: Reading, filters: Filters, label: str) -> HttpResponse:
    """The page of the campaign reports know by `label`; `?format=csv` gives its months, or `?table=deals`."""
    model = chosen_model(reading, filters)
    months = _months(reading, filters, label, model)
    found = read_lines(reading, filters, model)
    line = next((each for each in found if each.label == label and each.is_named), None)
    if line is None and not any(_is_something(month) for month in months):
        raise Http404
    deals = reading.campaign_deals(filters, label, model)
    if wants_csv(request):
        table = deals if request.GET.get("table") == "deals" else months
        return csv_response(request, f"campaign-{filters.period.label}", table)
    last = last_stage(reading, filters)
    advised = advise(line, found, last) if line else None
    return page(
        request,
        "campaigns/campaign.html",
        filters,
        name=line.name if line else label,
        line=line,
        advised=advised,
        last=last,
        models=model_choices(reading, model, filters),
        model=MODELS.get(model, model),
        model_names=[MODELS.get(each, each) for each in reading.models],
        by_model=plots([line], reading.models) if line and line.row["cost"] else [],
        months=months,
        chart=_chart(months, str(line.name if line else label)),
        brought=_brought(reading, filters, label),
        stages=[{"stage": "new", "label": _("New")}, *reading.stages],
        returns=_returns(reading, filters, label),
        span=urlencode(span_of(filters)),
        deals=deals[:SHOWN],
        more=max(len(deals) - SHOWN, 0),
    )


def _months(reading: Reading, filters: Filters, label: str, model: str) -> list[dict[str, Any]]:
    """The last months up to the asked period's end."""
    latest = min(filters.period.end, filters.now)
    months = [p for p in reading.periods if p.kind == "month" and reading.first_known < p.end]
    last = [p for p in months if p.start < latest][-MONTHS:]
    return reading.campaign_course(label, model=model, start=last[0].start, end=last[-1].end) if last else []


def _is_something(month: dict[str, Any]) -> bool:
    return bool(month["cost"] or month["leads"] or month["pipeline"] or month["won_value"])


def _brought(reading: Reading, filters: Filters, label: str) -> list[dict[str, Any]]:
    """A row for every segment: its name, and its leads by the stage they have reached, in order."""
    found: dict[str | None, dict[str, int]] = {}
    for row in reading.campaign_stages(filters, label):
        found.setdefault(row["segment"], {})[row["stage"]] = row["leads"]
    words = segment_words(reading.agreement)
    names = ["new", *(stage["stage"] for stage in reading.stages)]
    rows = [
        {
            "name": words.get(segment or "", segment or _("no segment")),
            "stages": [leads.get(name, 0) for name in names],
            "leads": sum(leads.values()),
        }
        for segment, leads in found.items()
    ]
    return sorted(rows, key=lambda row: -row["leads"])


def _returns(reading: Reading, filters: Filters, label: str) -> list[dict[str, Any]]:
    words = reason_words(reading.agreement)
    return [
        {"name": words.get(row["reason"], row["reason"] or _("no reason")), "leads": row["leads"]}
        for row in reading.campaign_returns(filters, label)
    ]


def _chart(months: list[dict[str, Any]], name: str) -> dict[str, Any]:
    cost, won = _("Cost"), _("Won")
    points = [
        {"month": month["month"], "what": what, "amount": month[column]}
        for month in months
        for what, column in ((cost, "cost"), (won, "won_value"))
    ]
    said = _("%(name)s: cost and value won by month") % {"name": name}
    return chart(_spec(cost, won), points, said)


@lru_cache(maxsize=4)
def _spec(cost: str, won: str) -> dict[str, Any]:
    import altair as alt

    colours = alt.Scale(domain=[cost, won], range=["#c48000", "#2a8f8a"])
    spec: dict[str, Any] = (
        alt.Chart(alt.NamedData(ROWS))
        .mark_bar()
        .encode(
            x=alt.X("month:N", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            xOffset=alt.XOffset("what:N", scale=alt.Scale(domain=[cost, won])),
            y=alt.Y("amount:Q", title=None, axis=alt.Axis(format="~s", tickCount=4)),
            color=alt.Color("what:N", title=None, scale=colours),
        )
        .properties(width="container", height=240)
        .to_dict()
    )
    return spec
