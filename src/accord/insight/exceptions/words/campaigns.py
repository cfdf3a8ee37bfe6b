"""The words of campaigns and channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accord.insight.exceptions.parts import (
    Language,
    Part,
    count,
    measure,
    money,
    sentence,
    share,
    together,
)
from accord.insight.exceptions.thresholds import ENOUGH
from accord.insight.exceptions.words.told import Told


def losing_campaign(data: Mapping[str, Any], language: Language) -> Told:
    """A campaign that loses under every model."""
    title = sentence(
        language.gettext("{campaign} cost {cost} in {days} days and loses under all {models} models"),
        campaign=data["name"],
        cost=money(data["cost"], data["currency"], data.get("rows")),
        days=count(data["days"]),
        models=count(data["models"]),
    )
    best = sentence(
        language.gettext("At best ({model}) it returns {roi} per {currency} spent, cost taken off."),
        model=data["model"].replace("_", "-"),
        roi=measure(data["roi"], "ratio", data["currency"], data.get("rows")),
        currency=data["currency"],
    )
    step = sentence(
        language.gettext("Stop or change {campaign}, and say in the review what it was for."),
        campaign=data["name"],
    )
    return Told(title, together(best, _meant(data, language), came_back(data, language)), step)


def returned_campaign(data: Mapping[str, Any], language: Language) -> Told:
    """A campaign whose leads come back."""
    title = sentence(
        language.gettext("Sales gives back {share} of the leads from {campaign}"),
        share=share(data["returned"] / data["handed"], data.get("rows")),
        campaign=data["name"],
    )
    others = sentence(
        language.gettext("Of all other leads {share} come back."), share=share(data["others_share"])
    )
    step = sentence(
        language.gettext("Agree with sales on whom {campaign} should reach."), campaign=data["name"]
    )
    return Told(title, together(came_back(data, language), others, _meant(data, language)), step)


def cheap_channel(data: Mapping[str, Any], language: Language) -> Told:
    """A cheap channel that does better."""
    opens = {"page": "journey", "filters": {"channel": data["channel"]}}
    title = sentence(
        language.gettext("{channel} brings the better leads: {share} make a deal, of all others {others}"),
        channel=data["channel"],
        share=share(data["share"], opens),
        others=share(data["others_share"]),
    )
    numbers = sentence(
        language.gettext("{converted} of {leads} leads in a year."),
        converted=count(data["converted"]),
        leads=count(data["leads"]),
    )
    cost = sentence(
        language.gettext("A deal costs {cost} there, {average} over all channels."),
        cost=money(data["cost_per_deal"], data["currency"]),
        average=money(data["average_cost_per_deal"], data["currency"]),
    )
    step = sentence(
        language.gettext("Try what more {channel} would bring before spending more elsewhere."),
        channel=data["channel"],
    )
    return Told(title, together(numbers, cost), step)


def came_back(data: Mapping[str, Any], language: Language) -> list[Part]:
    """How many of a campaign's leads sales gave back, and why most of them; nothing of a few."""
    if (data["returned"] or 0) < ENOUGH:
        return []
    opens = {"page": "campaigns", "filters": {"campaign": data["campaign"]}}
    back = sentence(
        language.gettext("Sales gave back {returned} of {handed} leads from {campaign}."),
        returned=count(data["returned"], opens),
        handed=count(data["handed"]),
        campaign=data["name"],
    )
    if not data["reason"]:
        return back
    template = language.gettext("{number} of them for \u201c{reason}\u201d.")
    reason = data["reason"].replace("_", " ")
    return together(back, sentence(template, number=count(data["reason_count"]), reason=reason))


def _meant(data: Mapping[str, Any], language: Language) -> list[Part]:
    """How many of a campaign's leads belong to the audience it is meant for."""
    if data["audience"] is None or not data["leads"]:
        return []
    return sentence(
        language.gettext("{share} of its leads are in {audience}, for whom it is meant."),
        share=share(data["in_audience"] / data["leads"]),
        audience=data["audience"].replace("_", " "),
    )
