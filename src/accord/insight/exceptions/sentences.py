"""What an exception says: what changed, why, and what to do next; one function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any

from accord.insight.exceptions.parts import (
    Language,
    Part,
    count,
    measure,
    money,
    sentence,
    share,
    time,
    together,
)

ENGLISH: Language = NullTranslations()


@dataclass(frozen=True)
class Told:
    """The three sentences of an exception, in parts."""

    title: list[Part]
    why: list[Part]
    next_step: list[Part]


def tell(kind: str, data: Mapping[str, Any], language: Language = ENGLISH) -> Told:
    """The sentences of a finding of that kind with these data. Raises KeyError for an unknown kind."""
    return SENTENCES[kind](data, language)


def _never_contacted(data: Mapping[str, Any], language: Language) -> Told:
    title = sentence(
        language.ngettext(
            "{count} lead past first contact; {over} over",
            "{count} leads past first contact; the oldest {over} over",
            data["count"],
        ),
        count=count(data["count"], {"kpi": "never_contacted"}),
        over=time(data["oldest_hours"]),
    )
    of = sentence(
        language.gettext("Of {of} leads qualified in {days} days nobody has called these."),
        of=count(data["of"]),
        days=count(data["days"]),
    )
    if data["owner"] is None:
        owner = sentence(language.gettext("They have no owner."))
        step = sentence(language.gettext("Give each of them an owner."))
    else:
        owner = sentence(
            language.gettext("{number} are with {owner}."),
            number=count(data["owner_count"]),
            owner=data["owner_name"],
        )
        step = sentence(
            language.gettext("Have {owner} call them today, or give them to somebody else."),
            owner=data["owner_name"],
        )
    return Told(title, together(of, owner), step)


def _slow_contact(data: Mapping[str, Any], language: Language) -> Told:
    title = sentence(
        language.gettext("First contact within {promised} for {share} of leads in {days} days"),
        promised=time(data["promised_hours"]),
        share=share(data["share"], {"kpi": "first_contact"}),
        days=count(data["days"]),
    )
    counted = sentence(
        language.gettext("{in_time} of {of} leads in time."),
        in_time=count(data["in_time"]),
        of=count(data["of"]),
    )
    before: list[Part] = []
    if data["before_share"] is not None:
        before = sentence(
            language.gettext("In the {days} days before it was {share}."),
            days=count(data["days"]),
            share=share(data["before_share"]),
        )
    step = sentence(language.gettext("See who waits longest, and agree on who calls them."))
    if data["slowest"] is not None:
        template = language.gettext("Slowest is {name}, in time for {share}.")
        slowest = sentence(template, name=data["slowest_name"], share=share(data["slowest_share"]))
        step = sentence(language.gettext("Ask {name} what holds the calls up."), name=data["slowest_name"])
    else:
        slowest = []
    return Told(title, together(counted, _median(data, language), before, slowest), step)


def _median(data: Mapping[str, Any], language: Language) -> list[Part]:
    if data["median_hours"] is None:
        return []
    template = language.gettext("Half of those called waited longer than {median}.")
    return sentence(template, median=time(data["median_hours"]))


def _source_silent(data: Mapping[str, Any], language: Language) -> Told:
    title = sentence(
        language.gettext("Nothing from {source} for {days}"),
        source=data["source"],
        days=time(data["days"] * 24),
    )
    why = sentence(
        language.gettext("Usually something comes every {usual}. Numbers that rest on it stand still."),
        usual=time(data["usual_days"] * 24),
    )
    return Told(title, why, sentence(language.gettext("Load its newest export, or look at its connection.")))


def _target(data: Mapping[str, Any], language: Language) -> Told:
    """A target missed, or behind its pace."""
    number = _number_of(data)
    if data["gone"] >= 1:
        title = sentence(
            language.gettext("{label} of {period} missed by {short}"),
            label=data["label"],
            period=data["period"],
            short=number(data["target"] - data["value"], {"kpi": data["kpi"]}),
        )
        reached = language.gettext("{value} of {target} reached.")
        stands = sentence(reached, value=number(data["value"]), target=number(data["target"]))
        before = _before(data, language, language.gettext("The period before brought {before}."))
        step = language.gettext("Talk about the cause in the review, and agree on what changes.")
    else:
        title = sentence(
            language.gettext("{label} of {period} at {value} of {target}, with {gone} of the time gone"),
            label=data["label"],
            period=data["period"],
            value=number(data["value"], {"kpi": data["kpi"]}),
            target=number(data["target"]),
            gone=share(data["gone"]),
        )
        pace = language.gettext("An even pace would have brought {even} by now.")
        stands = sentence(pace, even=number(data["even"]))
        before = _before(data, language, language.gettext("The period before had {before} at this point."))
        step = language.gettext("Look at what can still close in the period, and at what fell.")
    return Told(title, together(stands, _cause(data, language), before), sentence(step))


def _cause(data: Mapping[str, Any], language: Language) -> list[Part]:
    templates = {
        None: "",
        "leads": language.gettext("Fewer new leads came: {now} after {before} the period before."),
        "qualification": language.gettext("Fewer leads qualified: {now} after {before} the period before."),
        "volume": language.gettext("Fewer leads were handed over: {now} after {before} the period before."),
        "acceptance": language.gettext(
            "Sales accepted fewer of the leads: {now} after {before} the period before."
        ),
        "win_rate": language.gettext("Fewer deals were won: {now} after {before} the period before."),
        "average_deal": language.gettext("Deals were smaller: {now} after {before} the period before."),
    }
    template = templates[data["cause"]]
    if not template:
        return []
    unit, currency = data["cause_unit"], data["currency"]
    return sentence(
        template,
        now=measure(data["cause_now"], unit, currency),
        before=measure(data["cause_before"], unit, currency),
    )


def _before(data: Mapping[str, Any], language: Language, template: str) -> list[Part]:
    if data["before"] is None:
        return []
    return sentence(template, before=_number_of(data)(data["before"]))


def _number_of(data: Mapping[str, Any]) -> Callable[..., Part]:
    """Writes amounts of the data's own KPI."""

    def number(value: float, opens: Mapping[str, Any] | None = None) -> Part:
        return measure(value, data["unit"], data["currency"], opens)

    return number


def _delivery_behind(data: Mapping[str, Any], language: Language) -> Told:
    number = _number_of(data)
    title = sentence(
        language.gettext("{label} in {period}: {value} of {target} delivered, with {gone} of the time gone"),
        label=f"{data['label']} ({data['segment']})" if data["segment"] else data["label"],
        period=data["period"],
        value=number(data["value"], {"kpi": data["kpi"]}),
        target=number(data["target"]),
        gone=share(data["gone"]),
    )
    pace = language.gettext("An even pace would have brought {even} by now.")
    stands = sentence(pace, even=number(data["even"]))
    before = _before(data, language, language.gettext("The period before had {before} at this point."))
    step = sentence(language.gettext("Bring forward what is planned, or tell sales today."))
    if data["returned"]:
        step = sentence(
            language.gettext("Agree with sales on whom {campaign} should reach."), campaign=data["campaign"]
        )
    return Told(title, together(stands, before, _came_back(data, language)), step)


def _came_back(data: Mapping[str, Any], language: Language) -> list[Part]:
    """How many of a campaign's leads sales gave back, and why most of them."""
    if not data["returned"]:
        return []
    opens = {"page": "campaigns", "filters": {"campaign": data["campaign"]}}
    back = sentence(
        language.gettext("Sales gave back {returned} of {qualified} leads from {campaign}."),
        returned=count(data["returned"], opens),
        qualified=count(data["qualified"]),
        campaign=data["campaign"],
    )
    if not data["reason"]:
        return back
    template = language.gettext("{number} of them for \u201c{reason}\u201d.")
    reason = data["reason"].replace("_", " ")
    return together(back, sentence(template, number=count(data["reason_count"]), reason=reason))


def _losing_campaign(data: Mapping[str, Any], language: Language) -> Told:
    title = sentence(
        language.gettext("{campaign} cost {cost} in {days} days and loses under all {models} models"),
        campaign=data["campaign"],
        cost=money(data["cost"], data["currency"], {"kpi": "spend"}),
        days=count(data["days"]),
        models=count(data["models"]),
    )
    best = sentence(
        language.gettext("At best ({model}) it returns {roi} per {currency} spent, cost taken off."),
        model=data["model"],
        roi=measure(data["roi"], "ratio", data["currency"], {"kpi": "campaign_roi"}),
        currency=data["currency"],
    )
    step = sentence(
        language.gettext("Stop or change {campaign}, and say in the review what it was for."),
        campaign=data["campaign"],
    )
    return Told(title, together(best, _meant(data, language), _came_back(data, language)), step)


def _meant(data: Mapping[str, Any], language: Language) -> list[Part]:
    """How many of a campaign's leads belong to the audience it is meant for."""
    if data["audience"] is None or not data["in_segments"]:
        return []
    return sentence(
        language.gettext("{share} of its leads are in {audience}, for whom it is meant."),
        share=share(data["in_audience"] / data["in_segments"]),
        audience=data["audience"].replace("_", " "),
    )


def _returned_campaign(data: Mapping[str, Any], language: Language) -> Told:
    title = sentence(
        language.gettext("Sales gives back {share} of the leads from {campaign}"),
        share=share(data["returned"] / data["qualified"]),
        campaign=data["campaign"],
    )
    others = sentence(
        language.gettext("Of all other leads {share} come back."), share=share(data["others_share"])
    )
    step = sentence(
        language.gettext("Agree with sales on whom {campaign} should reach."), campaign=data["campaign"]
    )
    return Told(title, together(_came_back(data, language), others, _meant(data, language)), step)


def _cheap_channel(data: Mapping[str, Any], language: Language) -> Told:
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


SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Language], Told]] = {
    "never_contacted": _never_contacted,
    "slow_contact": _slow_contact,
    "target_missed": _target,
    "target_behind": _target,
    "delivery_behind": _delivery_behind,
    "losing_campaign": _losing_campaign,
    "returned_campaign": _returned_campaign,
    "source_silent": _source_silent,
    "cheap_channel": _cheap_channel,
}
"""The function of each kind, in the order in which exceptions of equal state are told."""
