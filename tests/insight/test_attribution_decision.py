"""Whether models would decide alike: credit with intervals over companies, verdicts, and moves of spend."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from read_models import agreement, read_models

from accord.insight import attribution, metrics
from accord.insight.attribution.asked import Asked
from accord.insight.attribution.decision import NoDecision, decide
from accord.insight.attribution.uncertainty import Draws, draw, drawn_anew
from accord.ledger.engine import DuckDBEngine
from proof import COVERED, SEED

MODELS = ("first", "last", "linear", "markov", "shapley")


def company(
    number: int, channels: list[str], *, value: float | None = 100, deals: int = 1
) -> dict[str, list[dict[str, Any]]]:
    """A company touched by channels day after day; then so many deals, won if they have a value."""
    person = number * 10
    touches = [
        {"person": person, "account": number, "at": f"2026-03-{day:02}", "channel": channel}
        for day, channel in enumerate(channels, start=1)
    ]
    status = "lost" if value is None else "won"
    made = [
        {
            "deal": number * 100 + n,
            "account": number,
            "person": person,
            "status": status,
            "amount": str(value or 1),
        }
        | {"created_at": "2026-04-01", "closed_at": "2026-05-01"}
        for n in range(deals)
    ]
    lead = {"lead": number, "person": person, "account": number, "opened_at": "2026-03-01"}
    return {"timeline": touches, "deals_counted": made, "leads": [lead]}


def market(*companies: dict[str, list[dict[str, Any]]], models: tuple[str, ...] = MODELS) -> DuckDBEngine:
    tables: dict[str, Any] = {"as_of": [{"now": "2026-06-30"}]}
    for each in companies:
        for name, rows in each.items():
            tables.setdefault(name, []).extend(rows)
    engine = read_models(**tables)
    engine.run([*metrics.steps(), *attribution.steps(agreement(models, window=90))])
    return engine


def of(engine: DuckDBEngine, models: tuple[str, ...] = MODELS, draws: int = 200) -> Draws:
    return draw(engine, models, "channel", "customer", Asked(), draws=draws)


def costs(**spent: int) -> dict[str, Decimal]:
    return {channel: Decimal(amount) for channel, amount in spent.items()}


def mixed(size: int = 40) -> list[dict[str, list[dict[str, Any]]]]:
    """Search begins every journey and Email ends it; Fairs meet those who are lost."""
    won = [company(n, ["Search", "Email"], value=100 + n) for n in range(1, size + 1)]
    return won + [company(n + size, ["Search", "Fairs"], value=None) for n in range(1, 6)]


def test_what_was_counted_is_what_the_report_says_and_draws_keep_the_total() -> None:
    engine = market(*mixed(), company(99, [], value=50))
    found = of(engine)
    for row in attribution.report(engine, milestone="customer"):
        place = found.labels.index(row["channel"])
        for name in ("conversions", "value"):
            counted = getattr(found, name)[row["model"]][0, place]
            assert counted == pytest.approx(float(row[name]), abs=1e-6), (row["model"], row["channel"])
    for model in MODELS:
        assert np.allclose(found.conversions[model].sum(axis=1), 41)
        assert np.allclose(found.value[model].sum(axis=1), found.value[model][0].sum())
    assert dict(zip(found.labels, found.journeys, strict=True)) == {
        "(none)": 1, "Email": 40, "Fairs": 0, "Search": 40
    }  # fmt: skip


def test_a_company_is_drawn_with_all_its_deals() -> None:
    """A hundred deals of one company tell as little as one; a hundred companies tell much."""
    few = [company(1, ["Search"], deals=50), company(2, ["Email"], deals=50)]
    many = [company(n, [("Search", "Email")[n % 2]]) for n in range(1, 101)]

    def spread(companies: list[dict[str, list[dict[str, Any]]]]) -> float:
        drawn = of(market(*companies, models=("linear",)), ("linear",), draws=1000)
        return float(np.std(drawn.conversions["linear"][1:, drawn.labels.index("Search")]))

    assert spread(few) > 4 * spread(many)


def test_models_that_contradict_each_other_leave_the_decision_open() -> None:
    found = decide(of(market(*mixed())), costs(Search=500, Email=500), valued=True)
    verdicts = {line.label: line.verdict for line in found.lines}
    assert verdicts["Search"] == verdicts["Email"] == "models_disagree" and found.settled is False
    (search,) = (line for line in found.lines if line.label == "Search")
    assert search.spread == (0, 1) and search.above == []
    assert search.credit["linear"].share.counted == pytest.approx(0.5)


def test_what_every_model_says_is_settled() -> None:
    companies = [company(n, ["Search", "Fairs", "Search"]) for n in range(1, 41)]
    companies += [company(n, ["Search"]) for n in range(41, 81)]
    found = decide(of(market(*companies)), costs(Search=500, Fairs=1500), valued=True)
    fairs, search = found.lines
    assert (fairs.verdict, search.verdict, found.settled) == ("less", "more", True)
    assert search.above == ["Fairs"] and fairs.above == []
    linear = search.credit["linear"]
    value = linear.value.counted
    assert value is not None and linear.roi.counted == pytest.approx(value / 500 - 1)
    assert linear.each.counted == pytest.approx(500 / linear.conversions.counted)  # type: ignore[operator]
    assert linear.value.low < value < linear.value.high  # type: ignore[operator]


def test_too_few_journeys_tell_nothing() -> None:
    found = decide(of(market(*mixed(size=20))), costs(Search=500, Email=500), valued=True)
    assert {line.verdict for line in found.lines if line.cost} == {"thin"} and found.settled is None


def test_a_large_spend_without_a_win_tells_enough() -> None:
    won = [company(n, ["Search"]) for n in range(1, 71)]
    lost = [company(n, ["Fairs"], value=None) for n in range(71, 81)]
    found = decide(of(market(*won, *lost)), costs(Search=500, Fairs=500, Posters=10), valued=True)
    told = {line.label: (line.journeys, line.verdict, line.thin) for line in found.lines}
    assert told["Fairs"] == (0, "less", False) and told["Posters"] == (0, "thin", True)


def test_a_move_gains_the_difference_of_the_returns() -> None:
    draws = of(market(*mixed(), models=("first", "last")), ("first", "last"))
    spent = costs(Search=500, Email=250)
    move = decide(draws, spent, valued=True, part=0.2, source="Search", target="Email").move
    assert move is not None and move.amount == Decimal("100.00")
    won = sum(100 + n for n in range(1, 41))
    assert move.gain["first"].counted == pytest.approx(-100 * won / 500)
    assert move.gain["last"].counted == pytest.approx(100 * won / 250)
    assert decide(draws, costs(Search=500), valued=True).move is None


@pytest.mark.parametrize("given", [{"source": "Radio"}, {"target": "Radio"}])
def test_only_what_has_spend_can_be_moved(given: dict[str, str]) -> None:
    with pytest.raises(NoDecision, match="Radio has no spend"):
        decide(of(market(*mixed())), costs(Search=500, Email=250), valued=True, **given)


def test_nothing_won_and_nothing_spent_says_nothing() -> None:
    engine = market(company(1, ["Search"], value=None))
    found = decide(of(engine), costs(Search=10), valued=True)
    assert [line.verdict for line in found.lines] == ["thin"] and found.settled is None
    assert decide(of(market(*mixed())), {}, valued=True).move is None
    assert attribution.decision(engine, milestone="customer").lines[0].cost is None


def test_nothing_is_spent_by_teams() -> None:
    with pytest.raises(attribution.ModelError, match="Nothing is spent by team"):
        attribution.decision(market(*mixed()), by="team")


CHANNELS = ("Email", "Fairs", "Search", "Social")


def buyers(chance: random.Random, count: int) -> tuple[pa.Table, pa.Table]:
    """So many companies of one to three deals, all of a company won or lost by the same channels in turn:
    their credit by rules, and their paths."""
    credits: dict[tuple[str, int, str], float] = defaultdict(float)
    paths: list[dict[str, Any]] = []
    for unit in range(count):
        liked = chance.choices(CHANNELS, weights=(4, 2, 6, 3), k=chance.randint(1, 4))
        for _ in range(chance.choice((1, 1, 2, 3))):
            path = [channel for channel in liked if chance.random() < 0.8] or liked[:1]
            won = chance.random() < 0.25 + 0.2 * ("Fairs" in path) - 0.1 * ("Social" in path)
            ends = {"conversions": float(won), "nulls": float(not won), "value": 0.0, "open": 0.0}
            paths.append({"unit_no": unit, "path": path} | ends)
            for model, shares in rules(path).items():
                for channel, share in shares.items():
                    credits[model, unit, channel] += share * won
    table = [
        {"model": model, "unit_no": unit, "label": channel, "conversions": share, "value": 0.0, "journeys": 1}
        for (model, unit, channel), share in credits.items()
    ]
    return pa.Table.from_pylist(table), pa.Table.from_pylist(paths)


def rules(path: list[str]) -> dict[str, dict[str, float]]:
    linear: dict[str, float] = defaultdict(float)
    for channel in path:
        linear[channel] += 1 / len(path)
    return {"first": {path[0]: 1.0}, "last": {path[-1]: 1.0}, "linear": linear}


def shares(found: Draws, model: str) -> dict[str, float]:
    counted = found.conversions[model][0]
    return dict(zip(found.labels, counted / counted.sum(), strict=True))


def test_intervals_hold_each_models_own_share_nine_times_in_ten() -> None:
    companies, (fewest, most) = COVERED
    chance = random.Random(SEED)
    whole = drawn_anew(*buyers(chance, 60_000), MODELS, 0)
    truth = {model: shares(whole, model) for model in MODELS}
    covered = dict.fromkeys(MODELS, 0)
    for _ in range(companies):
        found = drawn_anew(*buyers(chance, 600), MODELS, 200)
        assert min(found.journeys) >= 30
        for model in MODELS:
            drawn = found.conversions[model]
            low, high = np.quantile(drawn[1:], (0.05, 0.95), axis=0)
            total = drawn[0].sum()
            covered[model] += sum(
                a <= truth[model][label] * total <= b
                for label, a, b in zip(found.labels, low, high, strict=True)
            )
    for model, count in covered.items():
        assert fewest <= count / (companies * len(CHANNELS)) <= most, (model, covered)
