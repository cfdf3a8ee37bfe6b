"""What was learned as rules of fit: the planted causes, readable, and as good as the score itself."""

from __future__ import annotations

import random
from typing import Any

import pytest

from accord.agreement import parse
from accord.insight.learning.definition import LEAST_POINTS, MOST_RULES, Definition, definition
from accord.insight.learning.score import Examples
from example import EXAMPLE
from proof import SEED

TEXT = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8")
FIELDS = ["role", "employees", "country", "budget", "touches", "rule webinar"]


def world(count: int = 1500) -> Examples:
    """Leads whose chance depends on an approved budget, on size, and against one role; on nothing else."""
    dice = random.Random(SEED)
    rows: list[dict[str, Any]] = []
    outcomes = []
    for _ in range(count):
        row = {
            "role": dice.choice(["operations", "chef d'atelier", "student", None]),
            "employees": float(dice.randint(1, 1000)),
            "country": dice.choice(["DE", "FR"]),
            "budget": dice.choice([True, False, None]),
            "touches": dice.randint(1, 20),
            "rule webinar": float(dice.choice([0, 20])),
        }
        rows.append(row)
        chance = 0.15 + 0.35 * (row["budget"] is True) + 0.25 * (row["employees"] >= 500)
        outcomes.append(dice.random() < chance * (0.2 if row["role"] == "student" else 1))
    return Examples(rows, outcomes)


@pytest.fixture(scope="module")
def found() -> Definition:
    made = definition(world(), FIELDS, parse(TEXT), TEXT, None)
    assert made is not None
    return made


def test_the_planted_causes_have_the_points(found: Definition) -> None:
    points = {rule.where: rule.points for rule in found.rules}
    assert max(points, key=lambda where: points[where]) == "budget"
    assert points["role = 'student'"] < -LEAST_POINTS
    assert any(where.startswith("employees >=") and worth > 0 for where, worth in points.items())
    assert not any("touches" in where or "webinar" in where for where in points)
    assert len(points) <= MOST_RULES and all(abs(worth) >= LEAST_POINTS for worth in points.values())


def test_it_ranks_the_latest_leads_and_keeps_those_with_the_outcome(found: Definition) -> None:
    _, late = world().split()
    assert found.auc > 0.7
    assert found.kept.of == late.positive and found.spared.of == late.negative
    assert (found.kept.share or 0) > 0.8 and (found.spared.share or 0) > 0.25


def test_the_draft_is_the_agreement_with_these_rules_alone(found: Definition) -> None:
    draft, now = parse(found.draft), parse(TEXT)
    assert {rule.name: rule.points for rule in found.rules} == {
        name: rule.points for name, rule in draft.scoring.fit.items()
    }
    assert draft.scoring.engagement == now.scoring.engagement
    assert draft.scoring.caps.fit == sum(max(0, rule.points) for rule in found.rules)
    [gate] = [stage.when.text for stage in draft.stages if stage.name == "mql" and stage.when]
    assert gate == f"(fit >= {found.threshold} and engagement >= 30) or (hand_raiser and fit > 0)"
    kept = [
        line
        for line in TEXT.splitlines()
        if "where" not in line and "mql:" not in line and "caps" not in line
    ]
    assert set(kept) <= set(found.draft.splitlines())


def test_a_value_with_a_quote_in_it_is_written_as_one() -> None:
    examples = world()
    outcomes = [row["role"] == "chef d'atelier" for row in examples.rows]
    made = definition(Examples(examples.rows, outcomes), ["role"], parse(TEXT), TEXT, None)
    assert made is not None and made.auc == 1
    assert made.rules[0].where == "role = 'chef d''atelier'"
    assert made.rules[0].name == "learned_role_chef_d_atelier"


@pytest.mark.parametrize(
    ("fields", "gate"),
    [
        (["touches"], "fit >= 40 and engagement >= 30"),
        (["country"], "fit >= 40 and engagement >= 30"),
        (FIELDS, "engagement >= 30"),
        (FIELDS, "hand_raiser and fit > 0"),
    ],
)
def test_without_anything_to_learn_or_any_fit_asked_for_there_is_none(fields: list[str], gate: str) -> None:
    text = TEXT.replace("(fit >= 40 and engagement >= 30) or (hand_raiser and fit > 0)", gate)
    assert gate in text
    assert definition(world(), fields, parse(text), text, None) is None
