"""The words of first contact: leads never contacted, and calls that come late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accord.insight.exceptions.parts import Language, Part, count, sentence, share, time, together
from accord.insight.exceptions.words.told import Told


def never_contacted(data: Mapping[str, Any], language: Language) -> Told:
    """Leads past first contact."""
    title = sentence(
        language.ngettext(
            "{count} lead past first contact; {over} over",
            "{count} leads past first contact; the oldest {over} over",
            data["count"],
        ),
        count=count(data["count"], data.get("rows")),
        over=time(data["oldest_hours"]),
    )
    of = sentence(
        language.gettext("Of {of} leads qualified in {days} days nobody has called these."),
        of=count(data["of"]),
        days=count(data["days"]),
    )
    theirs = {"page": "leads", "filters": data["owner_filters"]} if data["owner_filters"] else None
    if data["owner"] is None:
        owner = sentence(language.gettext("They have no owner."))
        step = sentence(language.gettext("Give each of them an owner."))
    else:
        owner = sentence(
            language.ngettext("{number} is with {owner}.", "{number} are with {owner}.", data["owner_count"]),
            number=count(data["owner_count"], theirs),
            owner=data["owner_name"],
        )
        step = sentence(
            language.gettext("Have {owner} call them today, or give them to somebody else."),
            owner=data["owner_name"],
        )
    return Told(title, together(of, owner), step)


def slow_contact(data: Mapping[str, Any], language: Language) -> Told:
    """First contact that comes late."""
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
