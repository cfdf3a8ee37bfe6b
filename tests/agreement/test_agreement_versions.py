"""Behaviour and wording hashes: the same meaning has the same hash, another meaning another one."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from accord.agreement import Agreement, parse, starter_files
from proof import EXAMPLES

STARTER = starter_files()["agreement.yaml"]
EXAMPLE = (Path(__file__).parent / "design_example.yaml").read_text(encoding="utf-8")


def hashes(agreement: Agreement) -> tuple[str, str]:
    return agreement.behaviour_hash, agreement.wording_hash


def test_a_hash_is_16_hexadecimal_characters() -> None:
    for found in hashes(parse(EXAMPLE)):
        assert len(found) == 16
        assert int(found, 16) >= 0


def test_the_hash_of_the_design_example_is_pinned() -> None:
    """Decisions keep their version for good: a change of this number orphans every decision made before."""
    assert parse(EXAMPLE).behaviour_hash == "13a9118e98dce226"


def plain(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def shuffled(value: Any, dice: random.Random, free: bool = True) -> Any:
    """The same content with the keys of every mapping whose order means nothing shuffled."""
    if isinstance(value, list):
        return [shuffled(inner, dice) for inner in value]
    if not isinstance(value, dict):
        return value
    items = [(key, shuffled(inner, dice, key != "stages")) for key, inner in value.items()]
    if free:
        dice.shuffle(items)
    return dict(items)


DURATIONS = {
    "14d": "336 hours",
    "30d": "720 hours",
    "90d": "2160h",
    "24 hours": "1 day",
    "14 days": "2 weeks",
}


def rewritten(value: Any, dice: random.Random) -> Any:
    """Equal durations and equal conditions, written in another way."""
    if isinstance(value, list):
        return [rewritten(inner, dice) for inner in value]
    if isinstance(value, dict):
        return {
            key: respaced(inner, dice) if key in ("where", "when") else rewritten(inner, dice)
            for key, inner in value.items()
        }
    return DURATIONS.get(value, value) if isinstance(value, str) and dice.random() < 0.7 else value


def respaced(condition: str, dice: random.Random) -> str:
    """Other white space and letter case outside the quoted texts."""
    parts = condition.split("'")
    for index in range(0, len(parts), 2):
        words = parts[index].replace("(", " ( ").split(" ")
        words = [word.upper() if dice.random() < 0.5 else word for word in words]
        parts[index] = dice.choice([" ", "  ", "\n "]).join(words)
    return "'".join(parts)


@pytest.mark.parametrize("text", [EXAMPLE, STARTER])
@given(st.integers())
@settings(max_examples=EXAMPLES, deadline=None)
def test_another_way_of_writing_is_the_same_version(text: str, seed: int) -> None:
    dice = random.Random(seed)
    # JSON is YAML: other quotes, other layout, no comments.
    again = json.dumps(
        rewritten(shuffled(plain(text), dice), dice), default=str, indent=dice.choice([None, 2])
    )
    assert hashes(parse(again)) == hashes(parse(text))


SAME = [
    ("values: [now, this_quarter, later]", "values: [later, now, this_quarter]"),
    ('mon-fri: "09:00-17:30"', 'mon-thu: "9:00-17:30", fri: "09:00-17:30"'),
    ("touches: [marketing, sales]", "touches: [sales, marketing]"),
    ("models: [first, last,", "models: [last, first,"),
    ("points: 20", "points: 20.0"),
    ("escalate: [{at: 50%", "escalate: [{at: 50 %"),
    ("year_starts: february", "year_starts: February"),
    (", debits: none}, {reason: other, note: required}", "}, {reason: other, note: required}"),
    ("currency: EUR", "schema: 1\ncurrency: EUR"),
    (", evidence: human_outbound", ""),
    ("targets: [{revenue: 1200000, quarter: 2027Q1}, ", "targets: [{quarter: 2027Q1, revenue: 1200000.0}, "),
    ("disqualified: {}", ""),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_what_means_the_same_is_the_same_version(old: str, new: str) -> None:
    assert old in EXAMPLE
    assert hashes(parse(EXAMPLE.replace(old, new, 1))) == hashes(parse(EXAMPLE))


WORDS = [
    ("agreement: Northwind Robotics", "agreement: Northwind"),
    ("pains: [unplanned downtime]", "pains: [scrap]"),
    ("goals: [output per shift], ", ""),
    ("objections: [integration effort]", "objections: [price]"),
    ('buys: "committee', 'buys: "alone'),
    ("mql: {kind: gate,", "mql: {kind: gate, label: Ripe,"),
    ("points: 20}", "points: 20, label: Size}"),
    ("again_after: 30d", "again_after: 30d, label: Later"),
]


@pytest.mark.parametrize(("old", "new"), WORDS)
def test_words_change_only_the_wording(old: str, new: str) -> None:
    assert old in EXAMPLE
    before, after = parse(EXAMPLE), parse(EXAMPLE.replace(old, new, 1))
    assert after.behaviour_hash == before.behaviour_hash
    assert after.wording_hash != before.wording_hash


def test_messages_are_part_of_the_wording() -> None:
    one = parse(EXAMPLE, messages="terms: [{use: lead}]")
    other = parse(EXAMPLE, messages="terms: [{use: prospect}]")
    assert one.behaviour_hash == other.behaviour_hash == parse(EXAMPLE).behaviour_hash
    assert one.wording_hash != other.wording_hash


BEHAVIOUR = [
    ("currency: EUR", "currency: USD"),
    ("year_starts: february", "year_starts: march"),
    ("go_live: 2026-09-01", "go_live: 2026-09-02"),
    ("Europe/Berlin", "Europe/Paris"),
    ("17:30", "17:00"),
    ("DE-BE", "DE"),
    ("type: boolean}", "type: boolean}\n  extra: {on: account, type: number}"),
    ("values: [now, this_quarter, later]", "values: [now, this_quarter, later, never]"),
    ("'c_level')", "'c_level','owner')"),
    ("name: operations_lead", "name: operations"),
    ("between 100", "between 101"),
    ("to: customer_success", "to: success"),
    ("employees >= 100", "employees > 100"),
    ("points: 20", "points: 21"),
    ("on: form_submit", "on: any"),
    ("half_life: 14d", "half_life: 15d"),
    ("half_life: 14d", "expires: 14d"),
    ("cap: 30", "cap: 31"),
    (", cap: 30", ""),
    ("points: 60, half_life: 30d, hand_raiser", "points: 60, hand_raiser"),
    ("engagement: 100}", "engagement: 90}"),
    ("engagement >= 40", "engagement >= 41"),
    ("sal: {kind: sla", "sal: {kind: inventory"),
    (", evidence: meeting_held", ""),
    ("again_after: 30d", "again_after: 31d"),
    ("debits: fit", "debits: none"),
    ("note: required", "note: optional"),
    ("by: weighted", "by: round_robin"),
    ("otherwise: sdr-pool", "otherwise: sdr"),
    ("deliver: 120", "deliver: 121"),
    ("within: 4 business hours", "within: 4 hours"),
    ("attempts: 6", "attempts: 7"),
    ("at: 50%", "at: 60%"),
    ("do: reassign", "do: pause"),
    ("revenue: 1200000", "revenue: 1200001"),
    ("window: 90d", "window: 91d"),
    (", markov]", "]"),
    ("touches: [marketing, sales]", "touches: [marketing]"),
]


@pytest.mark.parametrize(("old", "new"), BEHAVIOUR)
def test_another_behaviour_is_another_version(old: str, new: str) -> None:
    assert old in EXAMPLE
    before, after = parse(EXAMPLE), parse(EXAMPLE.replace(old, new, 1))
    assert after.behaviour_hash != before.behaviour_hash


def test_the_order_of_stages_personas_and_routes_matters() -> None:
    routes = '[{where: "fit > 1", to: a}, {where: "fit > 2", to: b}]'
    other = '[{where: "fit > 2", to: b}, {where: "fit > 1", to: a}]'
    old = EXAMPLE[EXAMPLE.index('[{where: "segment') : EXAMPLE.index("\n  otherwise")]
    one, two = parse(EXAMPLE.replace(old, routes)), parse(EXAMPLE.replace(old, other))
    assert one.behaviour_hash != two.behaviour_hash


@pytest.mark.parametrize("name", ["label", "goals", "values", "name", "models", "where"])
def test_rules_may_be_called_like_words_of_the_file(name: str) -> None:
    changed = EXAMPLE.replace("company_size:", f"{name}:")
    assert parse(changed).behaviour_hash != parse(EXAMPLE).behaviour_hash
    assert parse(changed).behaviour_hash != parse(changed.replace("points: 20", "points: 19")).behaviour_hash
