"""The words of exceptions: one function a kind, from its data to sentences in parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from accord.insight.exceptions.parts import Language
from accord.insight.exceptions.words import campaigns, contact, machines, pace, records
from accord.insight.exceptions.words.told import ENGLISH, Told

WORDS: Mapping[str, Callable[[Mapping[str, Any], Language], Told]] = {
    "never_contacted": contact.never_contacted,
    "slow_contact": contact.slow_contact,
    "target_missed": pace.target,
    "target_behind": pace.target,
    "delivery_behind": pace.delivery_behind,
    "losing_campaign": campaigns.losing_campaign,
    "returned_campaign": campaigns.returned_campaign,
    "worked_by_two": records.worked_by_two,
    "split_records": records.split_records,
    "unfounded_verdicts": records.unfounded_verdicts,
    "source_silent": records.source_silent,
    "nameless_facts": records.nameless_facts,
    "machine_touches": machines.machine_touches,
    "cheap_channel": campaigns.cheap_channel,
    "mail_scanner": machines.mail_scanner,
    "unused_content": records.unused_content,
    "loose_spend": records.loose_spend,
}
"""The words of each kind, in the order in which exceptions of equal state are told."""


def tell(kind: str, data: Mapping[str, Any], language: Language = ENGLISH) -> Told:
    """The sentences of a finding of that kind with these data. Raises KeyError for an unknown kind.

    `rows` among the data is where the rows behind it are shown: `{"page": name, "filters": {...}}`.
    """
    return WORDS[kind](data, language)
