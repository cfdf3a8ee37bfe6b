"""Credit from data in reports: which journeys a build has, and that reports add up to what converted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from read_models import agreement, read_models

import accord
from accord.insight import attribution, metrics
from accord.insight.attribution import ModelError
from accord.ledger.engine import DuckDBEngine
from world import rows

# Account 1 won, account 2 lost, account 3 has an open deal, account 4 a closed lead and no deal, account 5 an
# open one. Person 60 has no account: a deal of theirs was won, and person 61 is named on it, too. Person 70
# has neither account nor deal. Nobody was touched before the deal of account 8.
LEADS: list[dict[str, Any]] = [
    {"lead": n, "person": person, "account": account, "opened_at": "2026-03-01", "closed_at": closed}
    for n, (person, account, closed) in enumerate(
        [
            (10, 1, "2026-05-01"),
            (20, 2, "2026-05-02"),
            (30, 3, None),
            (40, 4, "2026-04-15"),
            (50, 5, None),
            (60, None, "2026-05-03"),
            (70, None, None),
            (80, 8, "2026-05-04"),
        ],
        start=1,
    )
]
DEALS: list[dict[str, Any]] = [
    {"deal": 1, "account": 1, "person": 10, "status": "won", "amount": "900", "created_at": "2026-04-01"},
    {"deal": 2, "account": 2, "person": 20, "status": "lost", "amount": "500", "created_at": "2026-04-01"},
    {"deal": 3, "account": 3, "person": 30, "status": "open", "amount": "700", "created_at": "2026-04-01"},
    {"deal": 4, "person": 60, "status": "won", "amount": "100.01", "created_at": "2026-04-01"},
    {"deal": 5, "account": 8, "person": 80, "status": "won", "amount": "50", "created_at": "2026-04-01"},
]
ENDS = {1: "2026-05-01", 2: "2026-05-02", 4: "2026-05-03", 5: "2026-05-04"}


def touch(person: int, account: int | None, day: str, channel: str, **more: Any) -> dict[str, Any]:
    return {"person": person, "account": account, "at": day, "channel": channel, **more}


TOUCHES = [
    touch(10, 1, "2026-03-02", "Search", campaign="brand"),
    touch(11, 1, "2026-03-05", "Events"),  # a colleague
    touch(10, 1, "2026-04-20", "Sales", team="sales"),  # after the deal was made
    touch(10, 1, "2025-01-01", "Search"),  # before the window
    touch(10, 1, "2026-03-03", "Search", quality="machine"),
    touch(20, 2, "2026-03-02", "Search", campaign="brand"),
    touch(30, 3, "2026-03-02", "Email"),
    touch(30, 3, "2026-06-02", "Email"),
    touch(40, 4, "2026-03-02", "Email"),
    touch(50, 5, "2026-06-10", "Search"),
    touch(60, None, "2026-03-02", "Email"),
    touch(61, None, "2026-03-04", "Events"),
    touch(70, None, "2026-06-05", "Events"),
]
ENTRIES = [{"lead": 1, "person": 10, "stage_no": 1, "stage": "mql", "at": "2026-03-10"}]


def built(models: tuple[str, ...] = ("linear", "markov", "shapley"), **given: Any) -> DuckDBEngine:
    deals = [{**deal, "closed_at": ENDS.get(deal["deal"])} for deal in DEALS]
    tables: dict[str, Any] = {
        "timeline": TOUCHES,
        "leads": LEADS,
        "stage_entries": ENTRIES,
        "deals_counted": deals,
        "deal_persons": [{"deal": 4, "person": 60}, {"deal": 4, "person": 61}],
        "as_of": [{"now": "2026-06-30"}],
    }
    engine = read_models(**(tables | given))
    engine.run([*metrics.steps(), *attribution.steps(agreement(models, window=90))])
    return engine


def journeys(engine: DuckDBEngine, milestone: str) -> list[tuple[str, str, list[str] | None]]:
    found = rows(
        engine,
        "SELECT outcome, CAST(CAST(ended_at AS DATE) AS VARCHAR), channels FROM journeys "
        f"WHERE milestone = '{milestone}' ORDER BY ended_at, outcome, channels",
    )
    return [(outcome, day, channels) for outcome, day, channels in found]


def test_every_deal_and_every_company_without_one_is_a_journey() -> None:
    assert sorted(journeys(built(), "customer"), key=str) == sorted(
        [
            ("converted", "2026-05-01", ["Search", "Events", "Sales"]),
            ("lost", "2026-05-02", ["Search"]),
            ("converted", "2026-05-03", ["Email", "Events"]),
            ("converted", "2026-05-04", None),
            ("open", "2026-06-30", ["Email"]),  # of its two touches one lies in the window before today
            ("lost", "2026-04-15", ["Email"]),
            ("open", "2026-06-30", ["Search"]),
            ("open", "2026-06-30", ["Events"]),
        ],
        key=str,
    )


def test_every_deal_is_converted_on_its_way_to_an_opportunity() -> None:
    found = journeys(built(), "opportunity")
    assert [row[0] for row in found].count("converted") == len(DEALS)
    assert ("converted", "2026-04-01", ["Search", "Events"]) in found  # without the call after it
    assert [row[0] for row in found if row[0] != "converted"] == ["lost", "open", "open"]


def test_a_stage_of_leads_has_a_journey_of_each_known_lead() -> None:
    found = journeys(built(), "mql")
    assert len(found) == len(LEADS)
    assert ("converted", "2026-03-10", ["Search"]) in found  # a colleague's touch is not this lead's
    assert [row[0] for row in found].count("lost") == 4 and [row[0] for row in found].count("open") == 3


def test_reports_credit_as_the_function_does_and_add_up() -> None:
    engine = built()
    paths = [
        {"path": "Search > Events > Sales", "conversions": 1, "value": 900},
        {"path": "Search", "conversions": 0, "nulls": 1},
        {"path": "Email > Events", "conversions": 1, "value": 100.01},
        {"path": "", "conversions": 1, "value": 50},
        {"path": "Email", "conversions": 0, "nulls": 1, "open": 1},
        {"path": "Search", "conversions": 0, "open": 1},
        {"path": "Events", "conversions": 0, "open": 1},
    ]
    for model in ("markov", "shapley"):
        found = {row["channel"]: row for row in attribution.report(engine, models=(model,))}
        expected = accord.attribute(paths, model).to_pylist()
        assert found.keys() == {row["channel"] or "(none)" for row in expected}
        for row in expected:
            got = found[row["channel"] or "(none)"]
            assert float(got["conversions"]) == pytest.approx(row["conversions"], abs=1e-8)
            assert float(got["value"]) == pytest.approx(row["value"], abs=1e-3)
        assert sum(row["conversions"] for row in found.values()) == 3
        assert sum(row["value"] for row in found.values()) == Decimal("1050.01")
        assert found["(none)"]["value"] == 50
    of_leads = attribution.report(engine, models=("markov",), milestone="mql")
    assert {row["channel"]: row["conversions"] for row in of_leads if row["conversions"]} == {"Search": 1}
    assert all(row["value"] is None for row in of_leads)


def test_a_period_a_campaign_and_a_channel_alone() -> None:
    engine = built()
    may = {"start": datetime(2026, 5, 2), "end": datetime(2026, 5, 4)}
    found = attribution.report(engine, models=("markov",), **may)
    assert sum(row["conversions"] for row in found) == 1 and sum(row["value"] for row in found) == Decimal(
        "100.01"
    )
    campaigns = attribution.report(engine, models=("shapley",), by="campaign")
    assert {row["campaign"] for row in campaigns} == {"brand", "(not set)", "(sales)", "(none)"}
    only = attribution.report(engine, models=("shapley",), channel="Events")
    assert [row["channel"] for row in only] == ["Events"]


def test_what_is_finer_than_a_campaign_is_left_to_the_rules() -> None:
    engine = built()
    assert {row["model"] for row in attribution.report(engine, by="team")} == {"linear"}
    with pytest.raises(ModelError, match="too thin"):
        attribution.report(engine, by="team", models=("markov",))
    models = [row["model"] for row in attribution.report(engine)]
    assert list(dict.fromkeys(models)) == ["linear", "markov", "shapley"]
    compared = attribution.compare_models(engine)
    assert {"markov", "shapley", "linear"} <= compared[0].keys()


def test_without_a_model_from_data_no_journeys_are_kept() -> None:
    assert rows(built(("linear",)), "SELECT count(*) FROM journeys") == [(0,)]
    with pytest.raises(ModelError, match="no model by rules"):
        attribution.campaigns(built(("markov",)))
