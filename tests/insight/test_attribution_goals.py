"""Credit by content and by person, for expansion, and what of spend and campaigns finds no match."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from read_models import agreement, read_models

from accord.insight import attribution, metrics
from accord.ledger.engine import DuckDBEngine
from world import rows

# Account 1 bought in March (300 EUR) after the guide, a page without a name and Rita's call, and again in
# June (600 EUR) after the guide and another call. Account 2 bought in March (100 EUR) and no more; account 3
# lost an expansion.
MAIL = {"channel": "Email", "campaign": "spring"}
BRAND = {"campaign_id": "brand", "channel": "Paid Search"}
TIMELINE: list[dict[str, Any]] = [
    {
        "person": 1,
        "account": 1,
        "at": "2026-03-01",
        "channel": "Email",
        "asset": "guide",
        "campaign": "spring",
    },
    {"person": 1, "account": 1, "at": "2026-03-02", "channel": "Paid Search", "campaign": "brand"},
    {"person": 1, "account": 1, "at": "2026-03-03", "team": "sales", "owner_id": "crm:owner:1"},
    {
        "person": 1,
        "account": 1,
        "at": "2026-06-01",
        "channel": "Email",
        "asset": "guide",
        "campaign": "spring",
    },
    {"person": 1, "account": 1, "at": "2026-06-02", "team": "sales", "owner_id": "crm:owner:2"},
    {"person": 2, "account": 2, "at": "2026-06-03", "channel": "Email", "asset": "price list"},
    {"person": 3, "account": 3, "at": "2026-06-03", "channel": "Paid Search", "campaign": "brand"},
]
SPEND: list[dict[str, Any]] = [
    {
        "occurred_at": "2026-03-05",
        "campaign_id": "brand",
        "channel": "Paid Search",
        "cost": 60,
        "currency": "EUR",
    },
    {"occurred_at": "2026-03-06", "channel": "Display", "cost": 40, "currency": "EUR"},
    {"occurred_at": "2026-03-07", "channel": "Display", "cost": 5, "currency": "EUR"},
    {"occurred_at": "2026-03-08", "campaign_id": "fair", "cost": 70, "currency": "EUR"},
    {
        "occurred_at": "2026-03-09",
        "campaign_id": "brand",
        "channel": "Paid Search",
        "cost": 9,
        "currency": "XXX",
    },
]


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    first = {"status": "won", "kind": "new"}
    again = {"kind": "expansion", "created_at": "2026-06-03", "closed_at": "2026-06-30"}
    made = read_models(
        {"spend": [{**row, "cost": Decimal(row["cost"])} for row in SPEND]},
        timeline=TIMELINE,
        owner_names=[{"owner_id": "crm:owner:1", "name": "Rita Roe"}],
        leads=[
            {"lead": n, "person": n, "account": n, "opened_at": "2026-03-01", "segment": segment}
            for n, segment in ((1, "big"), (2, "small"), (3, "small"))
        ],
        deals_counted=[
            {"deal": 1, "account": 1, "person": 1, "amount": 300, "closed_at": "2026-03-30", **first},
            {"deal": 2, "account": 1, "person": 1, "amount": 600, "status": "won", **again},
            {"deal": 3, "account": 2, "person": 2, "amount": 100, "closed_at": "2026-03-31", **first},
            {"deal": 4, "account": 3, "person": 3, "amount": 900, "status": "lost", **again},
        ],
    )
    models = ("linear", "last", "markov")
    made.run([*metrics.steps(), *attribution.steps(agreement(models)), *metrics.board_steps()])
    return made


def credited(
    engine: DuckDBEngine, by: Any, model: str = "linear", **asked: Any
) -> dict[str, tuple[Any, Any]]:
    found = attribution.report(engine, by=by, models=(model,), **asked)
    return {row[by]: (round(row["conversions"], 6), row["value"]) for row in found if row["conversions"]}


def test_by_content_every_touch_gives_its_share_to_the_piece(engine: DuckDBEngine) -> None:
    march = {"start": datetime(2026, 3, 1), "end": datetime(2026, 4, 1)}
    third = Decimal("0.333333")
    assert credited(engine, "content", **march) == {
        "guide": (third, Decimal(100)),
        "(not set)": (third, Decimal(100)),
        "(sales)": (third, Decimal(100)),
        "(none)": (Decimal(1), Decimal(100)),
    }


def test_by_person_sellers_stand_beside_marketing(engine: DuckDBEngine) -> None:
    assert credited(engine, "person", "last") == {
        "crm:owner:2": (Decimal(1), Decimal(600)),  # a user the tool's list does not have
        "Rita Roe": (Decimal(1), Decimal(300)),
        "(none)": (Decimal(1), Decimal(100)),
    }
    assert set(credited(engine, "person")) == {"(marketing)", "Rita Roe", "crm:owner:2", "(none)"}


@pytest.mark.parametrize("by", ["content", "person"])
def test_they_sum_to_what_was_won(engine: DuckDBEngine, by: str) -> None:
    for model in ("linear", "last"):
        found = credited(engine, by, model)
        assert round(sum(count for count, _ in found.values()), 4) == 3
        assert sum(value for _, value in found.values()) == 1000
    assert sum(value for _, value in credited(engine, by, segment="big").values()) == 900
    assert credited(engine, by, channel="Email").keys() <= {"guide", "price list", "(marketing)"}


def test_data_is_too_thin_for_content_and_person(engine: DuckDBEngine) -> None:
    with pytest.raises(attribution.ModelError, match="too thin"):
        attribution.report(engine, by="content", models=("markov",))


def test_expansion_is_won_with_who_was_a_customer(engine: DuckDBEngine) -> None:
    assert credited(engine, "channel", milestone="expansion") == {
        "Email": (Decimal("0.5"), Decimal(300)),
        "(sales)": (Decimal("0.5"), Decimal(300)),
    }


def test_expansion_from_data_reads_those_lost_and_customers_without_one(engine: DuckDBEngine) -> None:
    found = rows(
        engine, "SELECT account, outcome FROM journey_ends WHERE milestone = 'expansion' ORDER BY account"
    )
    assert found == [(1, "converted"), (2, "open"), (3, "lost")]
    credit = credited(engine, "channel", "markov", milestone="expansion")
    assert sum(value for _, value in credit.values()) == 600
    assert credit.keys() == {"Email", "(sales)"}  # the expansion after a paid search was lost


def test_a_stage_of_that_name_is_the_stage() -> None:
    stages = [{"stage_no": 1, "stage": "expansion", "enter": "deal_won"}]
    deals = [
        {"deal": 1, "account": 1, "amount": 5, "status": "won", "kind": "new", "closed_at": "2026-03-30"}
    ]
    made = read_models({}, stages=stages, deals_counted=deals)
    made.run([*metrics.steps(), *attribution.steps(agreement(("linear",))), *metrics.board_steps()])
    assert credited(made, "channel", milestone="expansion") == {"(none)": (Decimal(1), Decimal(5))}


def test_influenced_counts_whole_and_sourced_adds_up(engine: DuckDBEngine) -> None:
    rows_ = attribution.influenced(engine, by="channel")
    assert [tuple(row.values()) for row in rows_] == [
        ("(sales)", 2, 900, 0, None),
        ("Email", 2, 900, 2, 900),
        ("Paid Search", 1, 300, 0, None),
    ]
    teams = {row["team"]: row["sourced"] for row in attribution.influenced(engine, by="team")}
    assert teams == {"marketing": 2, "sales": 0}
    people = [row["person"] for row in attribution.influenced(engine, by="person")]
    assert set(people) == {"(marketing)", "Rita Roe", "crm:owner:2"}
    leads = attribution.influenced(engine, by="content", milestone="opportunity", segment="small")
    assert [tuple(row.values()) for row in leads] == [("(not set)", 1, 900, 1, 900)]


def test_campaigns_have_no_line_for_expansion_alone(engine: DuckDBEngine) -> None:
    june = {"start": datetime(2026, 6, 1), "end": datetime(2026, 7, 1)}
    found = {row["campaign"]: row["customer"] for row in attribution.campaigns(engine, **june)}
    assert found["spring"] == Decimal("0.5") and "expansion" not in attribution.campaigns(engine, **june)[0]


def test_what_finds_no_match_is_listed(engine: DuckDBEngine) -> None:
    found = [
        (row["what"], row["campaign"], row["rows"], row["amount"], row["value"])
        for row in attribution.unmatched(engine)
    ]
    assert found == [
        ("spend on a campaign without a touch", "fair", 1, 70, 70),
        ("spend without a campaign", "(not set)", 2, 45, 45),
        ("spend without a channel", "fair", 1, 70, 70),
        ("spend without a rate", "brand", 1, 9, None),
        ("touches of a campaign without spend", "spring", 2, None, None),
    ]
    assert attribution.unmatched(engine, start=datetime(2027, 1, 1)) == []


@pytest.mark.parametrize("end", [datetime(2026, 7, 1), datetime(2026, 6, 2, 12)])
def test_touches_without_spend_are_of_the_span_asked_for(engine: DuckDBEngine, end: datetime) -> None:
    june = datetime(2026, 6, 1)
    found = {row["campaign"]: row for row in attribution.unmatched(engine, start=june, end=end)}
    assert found.keys() == ({"spring", "brand"} if end.month == 7 else {"spring"})
    spring = found["spring"]
    assert (spring["rows"], spring["first_at"], spring["last_at"]) == (1, june, june)
