"""What an exception says: what changed, why, and what to do next; one function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any

from accord.insight.exceptions.parts import Language, Part, count, sentence, share, time, together

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


SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Language], Told]] = {
    "never_contacted": _never_contacted,
    "slow_contact": _slow_contact,
    "source_silent": _source_silent,
}
"""The function of each kind, worst kind first: the order of exceptions of equal state."""
