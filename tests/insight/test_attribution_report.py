"""Credits beside cost: by channel, campaign, team and origin, with totals that match the milestone's."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from read_models import agreement, read_models

from accord.insight import attribution, metrics
from accord.ledger.engine import DuckDBEngine

# Deal 1 (account 1, 300 EUR, made 20 March, won 30 March): touches Paid Search/brand, Email/spring,
# sales call. Deal 2 (account 2, 100 EUR, won 31 March): Email/spring only. Deal 3 (account 3, 50 EUR,
# won 2 April): no touch. Spend in March: campaign brand 60 EUR (its campaign says Paid Search), Display
# 40 EUR; in April: Email 10 EUR.
FACTS: dict[str, list[dict[str, Any]]] = {
    "deals": [{"name": "a deal"}],
    "campaigns": [
        {"source": "ads", "source_id": "9", "name": "Brand", "channel": "Paid Search", "audience": "big"}
    ],
    "spend": [
        {
            "occurred_at": "2026-03-05",
            "campaign_id": "ads:campaign:9",
            "cost": Decimal(60),
            "currency": "EUR",
        },
        {"occurred_at": "2026-03-06", "channel": "Display", "cost": Decimal(40), "currency": "EUR"},
        {"occurred_at": "2026-04-06", "channel": "Email", "cost": Decimal(10), "currency": "EUR"},
    ],
}

TIMELINE: list[dict[str, Any]] = [
    {
        "person": 1,
        "account": 1,
        "at": "2026-03-01",
        "channel": "Paid Search",
        "campaign": "brand",
        "origin": "google",
    },
    {
        "person": 1,
        "account": 1,
        "at": "2026-03-02",
        "channel": "Email",
        "campaign": "spring",
        "origin": "mail",
    },
    {"person": 1, "account": 1, "at": "2026-03-03", "channel": "Sales", "team": "sales"},
    {
        "person": 2,
        "account": 2,
        "at": "2026-03-04",
        "channel": "Email",
        "campaign": "spring",
        "origin": "mail",
    },
]

BRAND = {"campaign": "brand", "channel": "Paid Search"}
SPRING = {"campaign": "spring", "channel": "Email"}


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    won = {"status": "won", "created_at": "2026-03-20"}
    made = read_models(
        FACTS,
        timeline=TIMELINE,
        leads=[
            {"lead": 1, "person": 1, "account": 1, "opened_at": "2026-03-01", "segment": "big", **BRAND},
            {"lead": 2, "person": 2, "account": 2, "opened_at": "2026-03-04", "segment": "small", **SPRING},
            {"lead": 3, "person": 3, "account": 4, "opened_at": "2026-03-05", "segment": "small", **BRAND},
            {"lead": 4, "person": 4, "account": 4, "opened_at": "2026-03-06", "segment": "small", **BRAND},
            {"lead": 5, "person": 5, "account": 4, "opened_at": "2026-03-07", "known": False, **BRAND},
            {"lead": 6, "person": 6, "account": 4, "opened_at": "2026-04-07", "segment": "big", **BRAND},
        ],
        lead_returns=[
            {"lead": 3, "at": "2026-03-09", "reason": "too_small"},
            {"lead": 4, "at": "2026-04-09", "reason": "too_small"},
            {"lead": 6, "at": "2026-04-09", "reason": "no_interest"},
        ],
        periods=[
            {"kind": "month", "label": "2026-03", "starts_utc": "2026-03-01", "ends_utc": "2026-04-01"},
            {"kind": "month", "label": "2026-04", "starts_utc": "2026-04-01", "ends_utc": "2026-05-01"},
        ],
        stage_entries=[
            {"lead": 1, "person": 1, "stage_no": 1, "stage": "mql", "at": "2026-03-03"},
            {"lead": 2, "person": 2, "stage_no": 1, "stage": "mql", "at": "2026-03-05"},
        ],
        deals_counted=[
            {"deal": 1, "account": 1, "person": 1, "amount": 300, "closed_at": "2026-03-30", **won},
            {"deal": 2, "account": 2, "person": 2, "amount": 100, "closed_at": "2026-03-31", **won},
            {"deal": 3, "account": 3, "amount": 50, "closed_at": "2026-04-02", **won},
        ],
    )
    made.run([*metrics.steps(), *attribution.steps(agreement(("linear", "last"))), *metrics.board_steps()])
    return made


def shown(rows: list[dict[str, Any]], by: str) -> dict[str, tuple[Any, ...]]:
    return {row[by]: (row["conversions"], row["value"], row["cost"], row["roi"]) for row in rows}


def test_by_channel(engine: DuckDBEngine) -> None:
    # Linear: deal 1 gives each touch a third (100 EUR), deal 2 all of it to Email.
    third = Decimal("0.333333333")
    assert shown(attribution.report(engine, models=("linear",)), "channel") == {
        "Email": (1 + third, Decimal(200), Decimal(10), 19.0),
        "Paid Search": (third + Decimal("0.000000001"), Decimal(100), Decimal(60), pytest.approx(2 / 3)),
        "Sales": (third, Decimal(100), None, None),
        "(none)": (Decimal(1), Decimal(50), None, None),
        "Display": (Decimal(0), Decimal(0), Decimal(40), -1.0),
    }


def test_by_campaign_cost_meets_touches_by_the_campaigns_name(engine: DuckDBEngine) -> None:
    found = shown(attribution.report(engine, by="campaign", models=("last",)), "campaign")
    # Last touches: the sales call (no campaign) for deal 1, spring for deal 2.
    assert found == {
        "(sales)": (Decimal(1), Decimal(300), None, None),
        "(not set)": (Decimal(0), Decimal(0), Decimal(50), -1.0),
        "spring": (Decimal(1), Decimal(100), None, None),
        "(none)": (Decimal(1), Decimal(50), None, None),
        "brand": (Decimal(0), Decimal(0), Decimal(60), -1.0),
    }


def test_by_team_and_origin_have_no_cost(engine: DuckDBEngine) -> None:
    teams = shown(attribution.report(engine, by="team", models=("last",)), "team")
    assert teams == {
        "sales": (Decimal(1), Decimal(300), None, None),
        "marketing": (Decimal(1), Decimal(100), None, None),
        "(none)": (Decimal(1), Decimal(50), None, None),
    }
    origins = shown(attribution.report(engine, by="origin", models=("last",)), "origin")
    assert set(origins) == {"(sales)", "mail", "(none)"}


def test_a_milestone_of_leads_has_no_value(engine: DuckDBEngine) -> None:
    found = shown(attribution.report(engine, milestone="mql", models=("last",)), "channel")
    assert found["Sales"] == (Decimal(1), None, None, None)
    assert found["Email"] == (Decimal(1), None, Decimal(10), None)


def test_the_period_is_half_open_for_credit_and_cost(engine: DuckDBEngine) -> None:
    march = {"start": datetime(2026, 3, 1), "end": datetime(2026, 3, 31)}
    found = shown(attribution.report(engine, models=("last",), **march), "channel")
    assert found == {
        "Sales": (Decimal(1), Decimal(300), None, None),
        "Display": (Decimal(0), Decimal(0), Decimal(40), -1.0),
        "Paid Search": (Decimal(0), Decimal(0), Decimal(60), -1.0),
    }


def test_by_segment_without_cost(engine: DuckDBEngine) -> None:
    found = shown(attribution.report(engine, models=("last",), segment="small"), "channel")
    assert found == {"Email": (Decimal(1), Decimal(100), None, None)}


def test_totals_of_every_model_match_the_scoreboard(engine: DuckDBEngine) -> None:
    board = {row["kpi"]: row["value"] for row in metrics.scoreboard(engine, agreement(("linear", "last")))}
    for by in ("channel", "campaign", "team", "origin"):
        for milestone, count, value in (
            ("customer", "wins", "won_value"),
            ("opportunity", "opportunities", "pipeline"),
        ):
            rows = attribution.report(engine, by=by, milestone=milestone)
            for model in ("linear", "last"):
                of_model = [row for row in rows if row["model"] == model]
                assert sum(row["conversions"] for row in of_model) == board[count] == 3
                assert sum(row["value"] for row in of_model) == board[value] == 450


def test_campaigns(engine: DuckDBEngine) -> None:
    rows = attribution.campaigns(engine, model="last")
    assert [row["campaign"] for row in rows] == ["(sales)", "spring", "(none)", "(not set)", "brand"]
    assert rows[1] == {
        "campaign": "spring",
        "name": "spring",
        "channel": "Email",
        "audience": None,
        "cost": None,
        "leads": 1,
        "in_audience": None,
        "returned": 0,
        "return_reason": None,
        "return_reason_leads": 0,
        "model": "last",
        "mql": Decimal(1),
        "sal": Decimal(0),
        "sql": Decimal(0),
        "opportunity": Decimal(1),
        "customer": Decimal(1),
        "pipeline": Decimal(100),
        "won_value": Decimal(100),
        "roi": None,
    }
    assert rows[3]["roi"] == -1.0


def brand(engine: DuckDBEngine, **asked: Any) -> tuple[Any, ...]:
    row = next(row for row in attribution.campaigns(engine, **asked) if row["campaign"] == "brand")
    return tuple(row[k] for k in ("leads", "in_audience", "returned", "return_reason", "return_reason_leads"))


def test_a_campaign_tells_whom_it_brought_and_what_sales_said(engine: DuckDBEngine) -> None:
    # Of brand's known leads 1 and 6 are big, as meant; 3 and 4 were too small for sales, 6 had no interest.
    assert brand(engine) == (4, 0.5, 3, "too_small", 2)
    march = {"start": datetime(2026, 3, 1), "end": datetime(2026, 4, 1)}
    assert brand(engine, **march) == (3, 1 / 3, 2, "too_small", 2)
    assert brand(engine, segment="big") == (2, 1.0, 1, "no_interest", 1)
    profile = attribution.campaigns(engine, channel="Paid Search")[0]
    assert (profile["campaign"], profile["channel"], profile["audience"]) == ("brand", "Paid Search", "big")


def test_by_channel_of_the_touch_and_the_cost(engine: DuckDBEngine) -> None:
    found = shown(attribution.report(engine, by="campaign", models=("last",), channel="Email"), "campaign")
    assert found == {
        "spring": (Decimal(1), Decimal(100), None, None),
        "(not set)": (Decimal(0), Decimal(0), Decimal(10), -1.0),
    }
    email = attribution.campaigns(engine, channel="Email")
    assert [(row["campaign"], row["cost"], row["leads"]) for row in email] == [
        ("spring", None, 1),
        ("(not set)", Decimal(10), 0),
    ]


def test_the_return_under_each_model_side_by_side(engine: DuckDBEngine) -> None:
    rows = attribution.compare_models(engine)
    assert [row["campaign"] for row in rows] == ["brand", "(not set)", "(none)", "(sales)", "spring"]
    assert rows[0] == {"campaign": "brand", "cost": Decimal(60), "linear": pytest.approx(2 / 3), "last": -1.0}


@pytest.mark.parametrize("asked", [{}, {"segment": "big"}, {"channel": "Email"}, {"start": 3}, {"end": 4}])
def test_sums_by_month_and_sums_made_on_the_spot_agree(
    engine: DuckDBEngine, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {k: datetime(2026, v, 1) if isinstance(v, int) else v for k, v in asked.items()}
    reports = (attribution.report, attribution.campaigns, attribution.compare_models)
    by_month = [report(engine, **given) for report in reports]
    monkeypatch.setattr("accord.insight.rollups.is_whole", lambda *_: False)
    assert [report(engine, **given) for report in reports] == by_month


def test_lines_open_a_credit_down_to_its_touch(engine: DuckDBEngine) -> None:
    won = [row for row in attribution.lines(engine, deal=1, model="linear") if row["milestone"] == "customer"]
    assert [(row["fact_id"], row["channel"], row["value"]) for row in won] == [
        ("f0001", "Paid Search", Decimal(100)),
        ("f0002", "Email", Decimal(100)),
        ("f0003", "Sales", Decimal(100)),
    ]
    assert {(row["conversion_id"], row["lead"], row["person"]) for row in won} == {("crm:deal:1", 1, 1)}
    assert [row["channel"] for row in attribution.lines(engine, deal=3, model="last")] == ["(none)"] * 2
    assert {row["milestone"] for row in attribution.lines(engine, lead=2)} == {
        "mql",
        "opportunity",
        "customer",
    }


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"models": ("markov",)}, "No credits were made for markov; they were for: linear, last"),
        ({"milestone": "demo"}, "no stage 'demo'"),
    ],
)
def test_what_is_not_there_is_told(engine: DuckDBEngine, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(attribution.ModelError, match=told):
        attribution.report(engine, **asked)
