"""The words of leads two work on, records, content and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accord.insight.exceptions.parts import (
    Language,
    count,
    money,
    sentence,
    share,
    time,
)
from accord.insight.exceptions.words.told import Told


def source_silent(data: Mapping[str, Any], language: Language) -> Told:
    """A source that has fallen silent."""
    days = time(data["days"] * 24)
    if data["source"] is None:
        title = sentence(language.gettext("Nothing from any source for {days}"), days=days)
    else:
        template = language.gettext("Nothing from {source} for {days}")
        title = sentence(template, source=data["source"], days=days)
    why = sentence(
        language.gettext("Usually something comes every {usual}. Numbers that rest on it stand still."),
        usual=time(data["usual_days"] * 24),
    )
    return Told(title, why, sentence(language.gettext("Load the newest export, or look at the connection.")))


def worked_by_two(data: Mapping[str, Any], language: Language) -> Told:
    """Open leads that two sellers work on."""
    title = sentence(
        language.ngettext(
            "Two sellers work on {count} lead at once",
            "Two sellers work on {count} leads at once",
            data["count"],
        ),
        count=count(data["count"], data.get("rows")),
    )
    why = sentence(language.gettext("Both contacted the same person within 30 days of one another."))
    step = sentence(language.gettext("Agree on one owner for each, and tell the other."))
    return Told(title, why, step)


def split_records(data: Mapping[str, Any], language: Language) -> Told:
    """People kept as several records with different owners."""
    title = sentence(
        language.ngettext(
            "{count} person is kept as several records with different owners",
            "{count} people are kept as several records with different owners",
            data["count"],
        ),
        count=count(data["count"]),
    )
    one, other = data["owners"]
    why = sentence(
        language.gettext("The same person is with {one} and with {other}, in {records} records."),
        one=one,
        other=other,
        records=count(data["records"], data.get("rows")),
    )
    step = sentence(language.gettext("Merge the records in their tool, and leave one owner."))
    return Told(title, why, step)


def unused_content(data: Mapping[str, Any], language: Language) -> Told:
    """Pieces of content nobody uses any more."""
    title = sentence(
        language.ngettext(
            "{count} of {of} pieces of content has not been used for {days} days",
            "{count} of {of} pieces of content have not been used for {days} days",
            data["count"],
        ),
        count=count(data["count"]),
        of=count(data["of"]),
        days=count(data["days"]),
    )
    why = sentence(
        language.gettext("Neither sent nor shown by a seller, nor downloaded; longest: {examples}."),
        examples=", ".join(data["examples"]),
    )
    step = sentence(language.gettext("Ask sales what is missing in them, then mend or retire them."))
    return Told(title, why, step)


def unfounded_verdicts(data: Mapping[str, Any], language: Language) -> Told:
    """Verdicts without the evidence the stage asks for."""
    title = sentence(
        language.gettext("{count} of {of} verdicts for {label} have no {evidence} on record"),
        count=count(data["count"]),
        of=count(data["of"]),
        label=data["label"],
        evidence=data["evidence"].replace("_", " "),
    )
    why = sentence(
        language.gettext("By the agreement they enter nothing, so {label} counts fewer than sales does."),
        label=data["label"],
    )
    step = sentence(
        language.gettext("Record the {evidence} in its tool, or change what the agreement asks for."),
        evidence=data["evidence"].replace("_", " "),
    )
    return Told(title, why, step)


def nameless_facts(data: Mapping[str, Any], language: Language) -> Told:
    """Facts that name nobody."""
    title = sentence(
        language.gettext("{count} of {of} {table} name nobody"),
        count=count(data["count"]),
        of=count(data["of"]),
        table=data["table"].replace("_", " "),
    )
    why = sentence(language.gettext("They are in no timeline, score nothing and earn no credit."))
    step = sentence(language.gettext("Look in the mapping at the column that says whose they are."))
    return Told(title, why, step)


def loose_spend(data: Mapping[str, Any], language: Language) -> Told:
    """Spend without a campaign."""
    title = sentence(
        language.gettext("{amount} of the spend of {days} days names no campaign ({share})"),
        amount=money(data["amount"], data["currency"], {"kpi": "spend"}),
        days=count(data["days"]),
        share=share(data["share"]),
    )
    why = sentence(language.gettext("No campaign's return takes it into account."))
    step = sentence(language.gettext("Give each cost its campaign, where it has one."))
    return Told(title, why, step)
