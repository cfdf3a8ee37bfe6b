"""Credits of random journeys: they sum exactly, agree with a naive solver in fractions, and ignore order."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from read_models import agreement, fill, read_models

from accord.insight import attribution, metrics
from accord.ledger.engine import DuckDBEngine
from proof import EXAMPLES
from world import rows

START = datetime(2026, 1, 1)
WEIGHTS = {"first": 0.25, "lead": 0.0, "deal": 0.35, "won": 0.1, "middle": 0.3}
AGREED = agreement(attribution.RULE_MODELS, window=30, half_life=3, weights=WEIGHTS)
MONEY = ("deal_values", "deal_leads")
CHANNELS = ("Direct", "Email", "Paid Search")

moments = st.integers(min_value=0, max_value=50 * 24).map(lambda hours: START + timedelta(hours=hours))
touches = st.lists(
    st.fixed_dictionaries(
        {
            "at": moments,
            "person": st.integers(min_value=1, max_value=3),
            "channel": st.sampled_from(CHANNELS),
            "quality": st.sampled_from(("human", "human", "human", "machine")),
        }
    ),
    max_size=12,
)
deals = st.fixed_dictionaries(
    {
        "amount": st.integers(min_value=0, max_value=10**14).map(lambda n: Decimal(n) / 10_000),
        "created_at": moments,
        "length": st.integers(min_value=0, max_value=500),
    }
)
journeys = st.fixed_dictionaries(
    {"touches": touches, "deal": deals, "opened_at": moments, "qualified_at": st.none() | moments}
)


@cache
def prepared() -> DuckDBEngine:
    """One engine for all examples; each replaces its journey."""
    engine = read_models()
    engine.run(metrics.steps())
    return engine


def credits_of(journey: dict[str, Any]) -> dict[tuple[str, str], dict[str, tuple[Decimal, Decimal]]]:
    """(share, value) by milestone and model, and by fact id."""
    deal, made = journey["deal"], journey["deal"]["created_at"]
    engine = prepared()
    fill(
        engine,
        timeline=[{"account": 1, **touch} for touch in journey["touches"]],
        leads=[
            {
                "lead": 1,
                "person": 1,
                "account": 1,
                "opened_at": journey["opened_at"],
                "qualified_at": journey["qualified_at"],
            }
        ],
        stage_entries=[
            {"lead": 1, "person": 1, "stage_no": 1, "stage": "mql", "at": journey["qualified_at"]}
            for _ in range(journey["qualified_at"] is not None)
        ],
        deals_counted=[
            {
                "deal": 1,
                "account": 1,
                "person": 1,
                "status": "won",
                "amount": deal["amount"],
                "created_at": made,
                "closed_at": made + timedelta(hours=deal["length"]),
            }
        ],
    )
    engine.run([*(step for step in metrics.steps() if step.name in MONEY), *attribution.steps(AGREED)])
    found: dict[tuple[str, str], dict[str, tuple[Decimal, Decimal]]] = {}
    every = (
        "SELECT c.milestone, k.model, coalesce(t.fact_id, '-') AS fact_id, k.share, k.value "
        "FROM credits AS k JOIN conversions AS c ON c.conversion = k.conversion "
        "LEFT JOIN buying_touches AS t ON t.touch = k.touch"
    )
    for milestone, model, fact, share, value in rows(engine, every):
        found.setdefault((milestone, model), {})[fact] = (share, value)
    return found


def with_ids(journey: dict[str, Any]) -> dict[str, Any]:
    named = [{**touch, "fact_id": f"f{n:02}"} for n, touch in enumerate(journey["touches"])]
    return {**journey, "touches": named}


# The naive solver: one touch after the other, in fractions.


def solve(journey: dict[str, Any], milestone: str, model: str) -> dict[str, tuple[Decimal, Decimal | None]]:
    """An MQL's own person is person 1, and it is worth nothing; the deal is everyone's."""
    if milestone == "mql":
        own = [touch for touch in journey["touches"] if touch["person"] == 1]
        shares = solve_at({**journey, "touches": own}, milestone, journey["qualified_at"], model)
        return {fact: (share, None) for fact, (share, _) in shares.items()}
    made = journey["deal"]["created_at"]
    closed = made + timedelta(hours=journey["deal"]["length"])
    return solve_at(journey, milestone, closed if milestone == "customer" else made, model)


def solve_at(
    journey: dict[str, Any], milestone: str, end: datetime, model: str
) -> dict[str, tuple[Decimal, Decimal]]:
    deal = journey["deal"]
    path = sorted(
        (
            t
            for t in journey["touches"]
            if t["quality"] == "human" and end - timedelta(days=30) <= t["at"] <= end
        ),
        key=lambda t: (t["at"], t["fact_id"]),
    )
    weights = weigh(path, model, moments_of(journey, end, milestone)) if path else []
    total = sum(weights)
    if not total:
        return {"-": (Decimal(1), deal["amount"])}
    return {
        touch["fact_id"]: (share, value)
        for touch, weight, share, value in zip(
            path,
            weights,
            split(Decimal(1), [w / total for w in weights], 9),
            split(deal["amount"], [w / total for w in weights], 4),
            strict=True,
        )
        if weight
    }


def moments_of(journey: dict[str, Any], end: datetime, milestone: str) -> dict[str, datetime | None]:
    """The moment of each position's milestone, none where it was not reached by then."""
    made = journey["deal"]["created_at"]
    lead = journey["qualified_at"] or journey["opened_at"]
    if milestone == "mql":
        return {"lead": lead, "deal": None, "won": None}
    if journey["opened_at"] > made:
        lead = None  # the deal was made before this lead's cycle opened
    return {
        "lead": lead if lead and lead <= end else None,
        "deal": made,
        "won": end if milestone == "customer" else None,
    }


def weigh(path: list[dict[str, Any]], model: str, reached: dict[str, datetime | None]) -> list[Fraction]:
    if model == "time_decay":
        ages = [(path[-1]["at"] - t["at"]).total_seconds() for t in path]
        return [Fraction(int(2.0 ** (-age / (3 * 86400)) * 1_000_000)) for age in ages]
    by_position = attribution.POSITION_WEIGHTS.get(model) or {p: Fraction(str(w)) for p, w in WEIGHTS.items()}
    weights = [Fraction(0)] * len(path)
    for position, weight in by_position.items():
        index = place(path, position, reached)
        if position != "middle" and index is not None:
            weights[index] += weight
    middle = [n for n, weight in enumerate(weights) if not weight]
    for n in middle:
        weights[n] = by_position.get("middle", Fraction(0)) / len(middle)
    return weights


def place(path: list[dict[str, Any]], position: str, reached: dict[str, datetime | None]) -> int | None:
    if position == "first":
        return 0
    if position == "last":
        return len(path) - 1
    if position == "last_non_direct":
        return max((n for n, t in enumerate(path) if t["channel"] != "Direct"), default=len(path) - 1)
    moment = reached.get(position)
    return max((n for n, t in enumerate(path) if t["at"] <= moment), default=None) if moment else None


def split(amount: Decimal, parts: list[Fraction], decimals: int) -> list[Decimal]:
    """Each part rounded down, the remainder to the earliest part above zero."""
    unit = 10**decimals
    whole = int(amount * unit)
    cut = [int(whole * part) for part in parts]
    earliest = next(n for n, part in enumerate(parts) if part)
    cut[earliest] += whole - sum(cut)
    return [Decimal(n) / unit for n in cut]


@settings(max_examples=EXAMPLES, deadline=None)
@given(journey=journeys)
def test_every_model_agrees_with_the_naive_solver_and_sums_exactly(journey: dict[str, Any]) -> None:
    journey = with_ids(journey)
    found = credits_of(journey)
    reached = ["opportunity", "customer", *["mql"] * (journey["qualified_at"] is not None)]
    assert set(found) == {(m, k) for m in reached for k in attribution.RULE_MODELS}
    for (milestone, model), credit in found.items():
        assert credit == solve(journey, milestone, model), (milestone, model)
        assert sum(share for share, _ in credit.values()) == 1
        if milestone != "mql":
            assert sum(value for _, value in credit.values()) == journey["deal"]["amount"]


@settings(max_examples=max(EXAMPLES // 5, 10), deadline=None)
@given(journey=journeys, seed=st.integers())
def test_neither_order_nor_machine_touches_change_a_credit(journey: dict[str, Any], seed: int) -> None:
    journey = with_ids(journey)
    mixed = list(journey["touches"])
    random.Random(seed).shuffle(mixed)
    human = [touch for touch in mixed if touch["quality"] == "human"]
    expected = credits_of(journey)
    assert credits_of({**journey, "touches": mixed}) == expected
    assert credits_of({**journey, "touches": human}) == expected
