"""What both pages of campaigns begin with: the model asked for, the stages leads enter, and the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accord.desk.campaigns.advice import Words
from accord.desk.campaigns.asked import choices
from accord.desk.campaigns.lines import Line, lines
from accord.desk.shell.picker import span_of
from accord.desk.shell.words import reason_words, segment_words

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters

MODELS = {
    "first": _("First touch"),
    "last": _("Last touch"),
    "last_non_direct": _("Last but direct"),
    "linear": _("Linear"),
    "u_shaped": _("U-shaped"),
    "w_shaped": _("W-shaped"),
    "z_shaped": _("Full path"),
    "time_decay": _("Time decay"),
    "own": _("Our own weights"),
    "markov": _("Markov, from data"),
    "shapley": _("Shapley, from data"),
}
"""The attribution models in words."""


def chosen_model(reading: Reading, filters: Filters) -> str:
    """The model the address names, else the agreement's first."""
    asked = filters.kept.get("model", "")
    return asked if asked in reading.models else reading.models[0]


def model_choices(reading: Reading, model: str, filters: Filters) -> list[dict[str, Any]]:
    """The models to choose from, each with its address."""
    return choices(filters, "model", {name: MODELS.get(name, name) for name in reading.models}, model)


def lead_stages(reading: Reading) -> list[dict[str, Any]]:
    """The stages that leads enter, before those of deals."""
    return [stage for stage in reading.stages if stage["enter"] not in ("deal_open", "deal_won")]


def read_lines(reading: Reading, filters: Filters, model: str) -> list[Line]:
    """The campaigns of the period under the model, with their return under every one."""
    names = [stage["stage"] for stage in lead_stages(reading)]
    words = segment_words(reading.agreement) | reason_words(reading.agreement)
    report = reading.campaign_report(filters, model=model)
    return lines(report, reading.returns_by_model(filters), names, words)


def last_stage(reading: Reading, filters: Filters) -> Words:
    """The currency, the last stage that leads enter, and the period."""
    stages = lead_stages(reading)
    last = stages[-1] if stages else {"stage": "", "label": ""}
    return Words(reading.agreement.currency, last["stage"], last["label"], dict(span_of(filters)))
