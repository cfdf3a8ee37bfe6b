"""A score learned from outcomes: how well it tells, what it refuses to read, and why it says so."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accord.insight.learning.features import known_at_qualification
from accord.insight.learning.score import Examples, LearnedScore, out_of_time, quality, usable
from accord.pipeline import Request, judged
from demo_company import UNTIL, demo_workspace
from proof import SEED

CALLS = Path(__file__).parent / "data" / "bank_calls.csv"


def world(count: int = 1200, seed: int = SEED) -> Examples:
    """Leads whose chance depends on their size, their role and nothing else; points that hardly tell."""
    chance = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    outcomes = []
    for _ in range(count):
        row = {
            "employees": float(chance.integers(1, 1000)),
            "role": str(chance.choice(["operations", "finance", "student"])),
            "touches": int(chance.integers(1, 20)),
            "country": str(chance.choice(["DE", "FR", "AT"])) if chance.random() < 0.8 else None,
        }
        rows.append(row)
        outcomes.append(bool(chance.random() < _chance(row)))
    points = [float(row["touches"]) for row in rows]
    return Examples(rows, outcomes, points)


@pytest.fixture(scope="module")
def learned() -> tuple[Examples, LearnedScore]:
    examples = world()
    return examples, LearnedScore(examples, list(examples.rows[0]))


def test_it_tells_the_latest_leads_better_than_points_that_say_little() -> None:
    examples = world()
    score, points = out_of_time(examples, list(examples.rows[0]))
    best = quality(_truth(examples.split()[1]), examples.split()[1].outcomes)
    assert points is not None
    assert score.auc > best.auc - 0.03 and score.auc > points.auc + 0.2
    assert score.brier < points.brier and score.lift > points.lift


def _truth(examples: Examples) -> Any:
    return np.array([_chance(row) for row in examples.rows])


def _chance(row: Any) -> float:
    role = {"operations": 1.0, "finance": 0.0, "student": -2.0}[row["role"]]
    return float(1 / (1 + np.exp(-((row["employees"] - 500) / 250 + role))))


def test_its_probabilities_are_what_comes(learned: tuple[Examples, LearnedScore]) -> None:
    _, score = learned
    fresh = world(2000, SEED + 1)
    told = score.probabilities(fresh.rows)
    came = np.array(fresh.outcomes)
    for low in np.arange(0, 1, 0.25):
        some = (told >= low) & (told < low + 0.25)
        assert abs(told[some].mean() - came[some].mean()) < 0.06


def test_the_strongest_reasons_are_those_that_count(learned: tuple[Examples, LearnedScore]) -> None:
    _, score = learned
    large = {"employees": 950.0, "role": "student", "touches": 5, "country": None}
    [told] = score.tell([large])
    assert told.speaks_for[0].field == "employees" and told.speaks_for[0].value == 950.0
    assert told.speaks_against[0].field == "role" and told.speaks_against[0].value == "student"
    [other] = score.tell([{**large, "role": "operations"}])
    assert other.probability > told.probability
    assert all(len(one) <= 3 for one in (told.speaks_for, told.speaks_against))


def test_a_value_never_seen_and_a_missing_one_are_told_all_the_same(
    learned: tuple[Examples, LearnedScore],
) -> None:
    _, score = learned
    [told] = score.tell([{"employees": None, "role": "astronaut", "touches": None, "country": "NZ"}])
    assert 0 < told.probability < 1


def test_a_field_that_knows_the_outcome_is_refused_by_name() -> None:
    examples = world()
    leaking = [
        {**row, "meeting_notes": 3.0 if came else 0.5 * n / len(examples.rows)}
        for n, (row, came) in enumerate(zip(examples.rows, examples.outcomes, strict=True))
    ]
    fields, refused = usable(Examples(leaking, examples.outcomes), {})
    assert [one.field for one in refused] == ["meeting_notes"] and "meeting_notes" not in fields
    assert "alone it tells more" in refused[0].why
    assert usable(examples, {}) == (["employees", "role", "touches", "country"], [])


def test_a_field_got_only_after_qualifying_is_refused_by_name() -> None:
    fields, refused = usable(world(300), {"role": (10, 90), "country": (90, 10)})
    assert "role" not in fields and "country" in fields
    assert [(one.field, one.why) for one in refused] == [
        ("role", "90 of the 100 leads that have it got it only after qualifying")
    ]


def test_a_field_with_one_value_is_left_out() -> None:
    examples = world(300)
    rows = [{**row, "language": "de"} for row in examples.rows]
    assert "language" not in usable(Examples(rows, examples.outcomes), {})[0]


@pytest.mark.parametrize(
    ("outcomes", "enough"),
    [
        ([True] * 39 + [False] * 200, False),
        ([True, False] * 40, True),
        ([True, False] * 39, False),
        ([True] * 80 + [False] * 80, False),  # the latest leads are all alike: nothing shows how good it is
    ],
)
def test_below_a_stated_number_of_outcomes_nothing_is_learned(outcomes: list[bool], enough: bool) -> None:
    assert Examples([{}] * len(outcomes), outcomes).enough is enough


def test_few_and_random_outcomes_do_not_turn_the_order_round() -> None:
    examples = world(110, 3)
    early, _ = examples.split()
    score = LearnedScore(early, list(early.rows[0]))
    told = score.probabilities(early.rows)
    assert np.corrcoef(told, _truth(early))[0, 1] > 0


def test_how_long_a_call_took_is_refused_and_the_rest_tells_no_worse_than_a_plain_regression() -> None:
    examples = calls()
    early, late = examples.split()
    fields, refused = usable(early, {})
    assert [one.field for one in refused] == ["duration"]
    learned = quality(LearnedScore(early, fields).probabilities(late.rows), late.outcomes)
    assert learned.auc > _plain_regression(early, late, fields) - 0.01
    assert learned.auc > 0.7 and learned.lift > 2


def calls() -> Examples:
    with CALLS.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file, delimiter=";"))
    random.Random(SEED).shuffle(rows)  # the file is in the order of years in which the market turned
    outcomes = [row.pop("y") == "yes" for row in rows]
    return Examples([{name: _value(text) for name, text in row.items()} for row in rows], outcomes)


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text or None


def _plain_regression(early: Examples, late: Examples, fields: list[str]) -> float:
    """The AUC of the library's own defaults on the same columns: nothing chosen, nothing calibrated."""
    import pandas as pd
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    both = pd.get_dummies(pd.DataFrame([*early.rows, *late.rows])[fields], dtype=float).fillna(0)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000))
    model.fit(both[: len(early.rows)], early.outcomes)
    told = model.predict_proba(both[len(early.rows) :])[:, 1]
    return float(roc_auc_score(late.outcomes, told))


def test_what_came_later_changes_nothing_a_lead_is_known_by() -> None:
    space = demo_workspace()
    now = datetime(UNTIL.year, UNTIL.month, UNTIL.day) + timedelta(days=1)
    earlier = now - timedelta(days=120)
    known = []
    for moment in (None, earlier):
        request = Request(space.agreement, space.settings, now, moment)
        with judged(space.ledger, request) as engine:
            known.append(known_at_qualification(engine, space.agreement, "mql"))
    whole, then = known
    assert 20 < len(then.values) < len(whole.values)
    assert {key: whole.values[key] for key in then.values} == then.values
    assert {key: whole.at[key] for key in then.at} == then.at
