"""What two agreements differ in, in plain words: nothing that changed is left out, nothing else told."""

from __future__ import annotations

import pytest

from accord.agreement import parse
from accord.agreement.differences import differences
from accord.agreement.plain_words import sentences
from example import EXAMPLE

TEXT = (EXAMPLE / "agreement.yaml").read_text()


def told(*changes: tuple[str, str]) -> list[str]:
    """The sentences for the example's agreement with words exchanged."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [words for words, _ in sentences(parse(TEXT), parse(text))]


def test_the_same_agreement_differs_in_nothing() -> None:
    assert told() == []
    assert differences(parse(TEXT), parse(f"# a comment\n{TEXT}")) == []


RULES = {
    "pricing page: 14 points instead of 10, 4 more.": ("10, half_life: 14d, cap", "14, half_life: 14d, cap"),
    "trade fair: 5 points instead of 25, 20 less.": ("{on: event, points: 25", "{on: event, points: 5"),
    "pricing page fades twice as fast: half is gone after 7 days instead of 14 days.": ("14d, c", "7d, c"),
    "trade fair fades twice as slowly: half is gone after 90 days instead of 45 days.": ("45d", "90d"),
    "trade fair: its points do not fade any more.": ("points: 25, half_life: 45d", "points: 25"),
    "webinar: at most 30 points instead of 40.": ("cap: 40", "cap: 30"),
    "webinar: as many points as come, no longer at most 40.": (", cap: 40", ""),
    "engagement: at most 80 points instead of 100.": ("engagement: 100", "engagement: 80"),
}
PROMISES = {
    "accept: within 2 business hours instead of 4 business hours.": ("4 business", "2 business"),
    "targets › revenue 2026Q2 › value: 120000 instead of 90000.": ("revenue: 90000", "revenue: 120000"),
    "sla › marketing › mql › deliver: 3 instead of 2.": ("deliver: 2", "deliver: 3"),
    "handoff › otherwise: reps instead of sdr-pool.": ("otherwise: sdr-pool", "otherwise: reps"),
    "verdicts › returns › bad data › debits: fit instead of none.": ("a, debits: none", "a, debits: fit"),
}


@pytest.mark.parametrize("sentence", [*RULES, *PROMISES])
def test_each_change_has_its_sentence(sentence: str) -> None:
    assert told((RULES | PROMISES)[sentence]) == [sentence]


def test_what_a_stage_asks_for_is_told_by_its_numbers() -> None:
    assert told(("engagement >= 30", "engagement >= 44")) == [
        "MQL asks for engagement at least 44 instead of 30."
    ]
    assert told(("fit >= 40 and engagement >= 30", "fit >= 50 and engagement >= 20")) == [
        "MQL asks for fit at least 50 instead of 40 and engagement at least 20 instead of 30."
    ]


def test_what_comes_and_goes_is_told_as_a_whole() -> None:
    webinar = "    webinar:      {on: webinar, points: 20, half_life: 30d, cap: 40}\n"
    chat = "    chat: {on: chat, points: 5}\n"
    assert told((webinar, chat)) == ["chat: a new rule, 5 points.", "webinar: gives no points any more."]
    assert told(("targets: [{revenue: 90000, quarter: 2026Q2}, ", "targets: [")) == [
        "No longer a target: 90000 revenue in 2026Q2."
    ]
    segment = "{revenue: 50000, quarter: 2026Q2, segment: mid_market}"
    channel = "{revenue: 9000, quarter: 2026Q2, channel: Email}"
    assert told(("targets: [", f"targets: [{segment}, {channel}, ")) == [
        "A new target: 9000 revenue of Email in 2026Q2.",
        "A new target: 50000 revenue of mid market in 2026Q2.",
    ]


def test_another_condition_is_shown_with_both() -> None:
    (sentence,) = told(("(hand_raiser and fit > 0)", "hand_raiser"))
    assert sentence.startswith("MQL: when ") and ", instead of " in sentence


def test_only_words_are_said_to_be_so() -> None:
    labelled = TEXT.replace("{on: webinar, points: 20", "{on: webinar, label: Online talk, points: 20")
    old, new = parse(TEXT), parse(labelled)
    assert old.behaviour_hash == new.behaviour_hash
    assert [only for _, only in sentences(old, new)] == [True]
    renamed = parse(TEXT.replace("agreement: Northwind Robotics", "agreement: Northwind"))
    assert [only for _, only in sentences(old, renamed)] == [True]


def test_behaviour_differs_when_and_only_when_something_else_than_words_does() -> None:
    old = parse(TEXT)
    for change in (("cap: 40", "cap: 30"), ("agreement: Northwind Robotics", "agreement: N")):
        new = parse(TEXT.replace(*change))
        assert (old.behaviour_hash != new.behaviour_hash) == any(not only for _, only in sentences(old, new))
