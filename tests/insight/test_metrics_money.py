"""Amounts in one currency: which rate counts, and what is left out."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from read_models import fill, read_models

from accord.insight import metrics
from accord.ledger.engine import DuckDBEngine
from proof import EXAMPLES
from world import rows

RATES: list[dict[str, Any]] = [
    {"occurred_at": "2026-01-10", "currency": "USD", "to_currency": "EUR", "rate": 0.5},
    {"occurred_at": "2026-01-20T08:00", "currency": "USD", "to_currency": "EUR", "rate": 0.75},
    # The other way round: one EUR is 4 PLN, so one PLN is 0.25 EUR.
    {"occurred_at": "2026-01-01", "currency": "EUR", "to_currency": "PLN", "rate": 4.0},
    # Both ways on one day: the direct rate counts.
    {"occurred_at": "2026-01-01", "currency": "CHF", "to_currency": "EUR", "rate": 1.25},
    {"occurred_at": "2026-01-01", "currency": "EUR", "to_currency": "CHF", "rate": 10.0},
    # Neither side is the workspace's currency.
    {"occurred_at": "2026-01-01", "currency": "GBP", "to_currency": "USD", "rate": 1.5},
    {"occurred_at": "2026-01-01", "currency": "SEK", "to_currency": "EUR", "rate": 0.0},
]


def spent(*costs: tuple[str, str]) -> list[tuple[Any, ...]]:
    """(value, reason left out) of 100.00 spent on a day in a currency."""
    spend = [
        {"source_id": str(n), "occurred_at": day, "currency": currency, "cost": Decimal(100)}
        for n, (day, currency) in enumerate(costs)
    ]
    engine = read_models({"rates": RATES, "spend": spend})
    engine.run(metrics.steps())
    query = 'SELECT s.value, s.unvalued FROM spend_values AS s ORDER BY s."at", s.currency'
    return rows(engine, query)


def test_a_cost_takes_the_latest_rate_at_or_before_its_day() -> None:
    assert spent(("2026-01-10", "USD"), ("2026-01-19T23:59", "USD"), ("2026-01-20T01:00", "USD")) == [
        (Decimal(50), None),
        (Decimal(50), None),
        (Decimal(75), None),
    ]


def valued(rates: list[dict[str, Any]], *costs: str, **tables: Any) -> list[tuple[Any, ...]]:
    """(value, reason left out) of costs in USD on the 10th, under these rates of that day."""
    spend = [
        {"source_id": str(n), "occurred_at": "2026-01-10", "currency": "USD", "cost": Decimal(cost)}
        for n, cost in enumerate(costs)
    ]
    given = [{"occurred_at": "2026-01-10", "currency": "USD", "to_currency": "EUR", **r} for r in rates]
    engine = read_models({"rates": given, "spend": spend}, **tables)
    engine.run(metrics.steps())
    return rows(engine, "SELECT value, unvalued FROM spend_values ORDER BY amount")


def test_a_high_rate_counts_and_one_no_currency_has_stops_nothing() -> None:
    assert valued([{"rate": 2_000_000.0}], "100") == [(Decimal(200_000_000), None)]
    unusable = [(None, "without a usable rate")]
    for rate in (2e7, 1e300, float("inf"), float("nan"), 1e-14):
        assert valued([{"rate": rate}], "100") == unusable, rate
    assert valued([{"currency": "EUR", "to_currency": "USD", "rate": 1e-300}], "100") == unusable
    # 2 million times 90,000,000,000,000.00 is more money than an amount can hold.
    assert valued([{"rate": 2_000_000.0}], "1", "90000000000000") == [(Decimal(2_000_000), None), *unusable]


def test_a_deal_and_a_booking_too_large_to_convert_are_left_out() -> None:
    huge = {"amount": Decimal(90_000_000_000_000), "currency": "USD"}
    rate = {"occurred_at": "2026-01-01", "currency": "USD", "to_currency": "EUR", "rate": 5e6}
    engine = read_models(
        {"rates": [rate], "revenue": [{"occurred_at": "2026-01-02", **huge}]},
        deals_counted=[{"deal": 1, "created_at": "2026-01-02", **huge}],
    )
    engine.run(metrics.steps())
    query = "SELECT value, unvalued FROM deal_values UNION ALL SELECT value, unvalued FROM revenue_values"
    assert rows(engine, query) == [(None, "without a usable rate")] * 2


def test_a_rate_holds_for_the_local_day() -> None:
    """In Auckland (13 hours ahead in January) the 20th begins at 11:00 on the 19th in UTC."""
    days = [
        {
            "kind": "day",
            "label": f"2026-01-{n}",
            "starts_utc": f"2026-01-{n - 1}T11",
            "ends_utc": f"2026-01-{n}T11",
        }
        for n in range(18, 22)
    ]
    rates = [
        # Noon in Auckland of the 19th and of the 20th.
        {"occurred_at": "2026-01-18T23:00", "currency": "USD", "to_currency": "EUR", "rate": 0.5},
        {"occurred_at": "2026-01-19T23:00", "currency": "USD", "to_currency": "EUR", "rate": 0.75},
    ]
    spend = [
        {"source_id": at, "occurred_at": f"2026-01-{at}", "currency": "USD", "cost": Decimal(100)}
        for at in ("18T10:59", "18T11:00", "19T10:59", "19T11:00")
    ]
    engine = read_models({"rates": rates, "spend": spend}, periods=days)
    engine.run(metrics.steps())
    query = 'SELECT s.value, s.rate_day::VARCHAR FROM spend_values AS s ORDER BY s."at"'
    assert rows(engine, query) == [
        (None, None),
        (Decimal(50), "2026-01-19"),
        (Decimal(50), "2026-01-19"),
        (Decimal(75), "2026-01-20"),
    ]


def test_a_cost_before_the_first_rate_is_left_out() -> None:
    assert spent(("2026-01-09", "USD")) == [(None, "without a rate")]


def test_own_currency_needs_no_rate_and_an_inverse_rate_is_turned_round() -> None:
    assert spent(("2025-01-01", "EUR"), ("2026-01-02", "CHF"), ("2026-01-02", "PLN")) == [
        (Decimal(100), None),
        (Decimal(125), None),
        (Decimal(25), None),
    ]


def test_no_rate_is_made_from_two_others_or_from_zero() -> None:
    assert spent(("2026-02-01", "GBP"), ("2026-02-01", "SEK")) == [(None, "without a rate")] * 2


def test_a_cost_without_a_channel_takes_the_one_most_touches_of_its_campaign_came_by() -> None:
    spend = [
        {"campaign_id": f"ads:campaign:{n}", "currency": "EUR", "cost": Decimal(1), "source_id": str(n)}
        for n in (1, 2, 3)
    ]
    campaigns = [
        {"source": "ads", "source_id": "1", "name": "Spring"},
        {"source": "ads", "source_id": "2", "name": "Fair", "channel": "Event"},
    ]
    touches = [
        ("spring", "Email"),
        ("spring", "Paid Social"),
        ("ads:campaign:1", "Paid Social"),
        ("fair", "Email"),
    ]
    engine = read_models(
        {"spend": spend, "campaigns": campaigns},
        timeline=[{"at": "2026-01-01", "campaign": name, "channel": channel} for name, channel in touches],
    )
    engine.run(metrics.steps())
    assert rows(engine, "SELECT campaign, channel FROM spend_values ORDER BY campaign_id") == [
        ("spring", "Paid Social"),
        ("fair", "Event"),
        ("ads:campaign:3", None),
    ]


def deal_values(*deals: dict[str, Any]) -> list[tuple[Any, ...]]:
    given = [
        {"deal": n, "amount": 100, "created_at": "2026-01-01", **deal} for n, deal in enumerate(deals, 1)
    ]
    engine = read_models({"rates": RATES}, deals_counted=given)
    engine.run(metrics.steps())
    return rows(engine, "SELECT value, unvalued FROM deal_values ORDER BY deal")


def test_closed_deals_take_the_rate_of_their_closing_day_and_open_ones_the_latest() -> None:
    closed = {"currency": "USD", "closed_at": "2026-01-12"}
    assert deal_values({**closed, "status": "won"}, {**closed, "status": "lost"}, {"currency": "USD"}) == [
        (Decimal(50), None),
        (Decimal(50), None),
        (Decimal(75), None),
    ]


def test_a_deal_without_a_currency_is_in_the_workspaces_where_its_source_knows_no_other() -> None:
    assert deal_values({"currency": None}, {"currency": "EUR"}) == [(Decimal(100), None)] * 2
    assert deal_values({"currency": None}, {"currency": "USD"}) == [
        (None, "without a currency"),
        (Decimal(75), None),
    ]
    # Another source's currencies say nothing about this one's.
    assert deal_values({"currency": None}, {"currency": "USD", "deal_id": "shop:deal:9"}) == [
        (Decimal(100), None),
        (Decimal(75), None),
    ]


def test_a_deal_without_an_amount_is_left_out() -> None:
    assert deal_values({"amount": None}) == [(None, "without an amount")]


def test_revenue_finds_its_account_by_any_name_of_it_or_of_its_deal() -> None:
    booked = {"amount": Decimal(10), "currency": "EUR"}
    revenue = [
        {"source_id": "1", "account_id": "crm:account:7", **booked},
        {"source_id": "2", "deal_id": "crm:deal:1", **booked},
        {"source_id": "3", "account_id": "shop:account:x", **booked},
        {"source_id": "4", "account_id": "erp:account:a", **booked},
        {"source_id": "5", "deal_id": "erp:deal:z", **booked},
    ]
    engine = read_models(
        {"revenue": revenue},
        name_accounts=[
            {"account": 1, "account_id": "crm:account:7"},
            {"account": 1, "account_id": "erp:account:a"},
        ],
        deal_aliases=[{"deal_id": "crm:deal:1", "deal": 1}, {"deal_id": "erp:deal:z", "deal": 1}],
        deals_counted=[{"deal": 1, "account": 1, "amount": 1}],
    )
    engine.run(metrics.steps())
    assert rows(engine, "SELECT account, customer FROM revenue_values ORDER BY customer, account") == [
        *[(1, "account 1")] * 4,
        (None, "shop:account:x"),
    ]


@cache
def prepared() -> DuckDBEngine:
    """One engine for all examples; each replaces its deals."""
    engine = read_models()
    engine.run(metrics.steps())
    return engine


@settings(max_examples=EXAMPLES, deadline=None)
@given(cents=st.lists(st.integers(min_value=0, max_value=10**12), max_size=8))
def test_the_pipeline_is_the_sum_of_its_deals_to_the_last_digit(cents: list[int]) -> None:
    engine = prepared()
    deals = [
        {"deal": n, "amount": Decimal(c) / 10_000, "created_at": "2026-01-01"} for n, c in enumerate(cents, 1)
    ]
    fill(engine, deals_counted=deals)
    engine.run(step for step in metrics.steps() if step.name == "deal_values")
    total = rows(engine, "SELECT coalesce(sum(value), 0) FROM deal_values")[0][0]
    assert total == Decimal(sum(cents)) / 10_000
