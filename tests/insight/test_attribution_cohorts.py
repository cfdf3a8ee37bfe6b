"""Return by cohort: a month's spend beside what the month's leads won since."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from read_models import read_models
from typer.testing import CliRunner

from accord.cli.main import app
from accord.insight import metrics
from accord.insight.attribution import cohorts
from accord.ledger.engine import DuckDBEngine
from demo_company import demo_workspace

MONTHS = [f"2026-{n:02}" for n in range(1, 13)]
PERIODS = [
    {"kind": "month", "label": a, "starts_utc": f"{a}-01", "ends_utc": f"{b}-01"}
    for a, b in zip(MONTHS, [*MONTHS[1:], "2027-01"], strict=True)
]
LEADS: list[dict[str, Any]] = [
    {"lead": 1, "person": 1, "channel": "Search", "opened_at": "2026-01-10", "segment": "large"},
    {"lead": 2, "person": 2, "channel": "Search", "opened_at": "2026-01-31"},
    {"lead": 3, "person": 3, "channel": "Search", "opened_at": "2026-02-01"},
    {"lead": 4, "person": 4, "channel": None, "opened_at": "2026-01-05"},
    {"lead": 5, "person": 5, "channel": "Search", "opened_at": "2026-01-06", "known": False},
]
WON = [(1, 1, "2026-01-20", 40), (2, 1, "2026-03-15", 70), (3, 2, "2026-06-02", 500), (4, 4, "2026-02-02", 5)]


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    deals = [
        {"deal": deal, "person": person, "status": "won", "amount": str(amount), "closed_at": closed}
        | {"created_at": "2026-02-03" if closed > "2026-02-03" else "2026-01-15"}
        for deal, person, closed, amount in WON
    ]
    lost = {"deal": 9, "person": 3, "status": "lost", "amount": "900", "created_at": "2026-02-03"}
    spend = [
        {"occurred_at": f"{month}-15", "campaign_id": "x", "channel": "Search", "cost": Decimal(cost)}
        | {"currency": "EUR"}
        for month, cost in (("2026-01", 100), ("2026-02", 60), ("2026-03", 10))
    ]
    made = read_models(
        {"spend": spend},
        leads=LEADS,
        deals_counted=[*deals, lost | {"closed_at": "2026-03-01"}],
        deal_persons=[{"deal": d["deal"], "person": d["person"]} for d in deals],
        periods=PERIODS,
        as_of=[{"now": "2026-06-15"}],
    )
    made.run(metrics.steps())
    return made


def found(engine: DuckDBEngine, **asked: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["month"], row["channel"]): row for row in cohorts(engine, **asked)}


def test_a_months_leads_stand_beside_its_spend(engine: DuckDBEngine) -> None:
    rows = found(engine)
    search = [("2026-01", "Search"), ("2026-02", "Search"), ("2026-03", "Search")]
    assert list(rows) == [search[0], ("2026-01", "(not set)"), *search[1:]]
    january, february, march = (rows[name] for name in search)
    assert (january["cost"], january["leads"], january["customers"], january["value"]) == (100, 2, 3, 610)
    assert (january["value_3m"], january["value_6m"], january["roas"]) == (110, None, 6.1)
    assert january["payback_months"] == 2  # with the deal of March
    assert february["payback_months"] is None and (february["leads"], february["roas"]) == (1, 0)
    assert march["leads"] == 0 and march["value_3m"] is None
    free = rows["2026-01", "(not set)"]
    assert (free["cost"], free["value"], free["roas"], free["payback_months"]) == (
        None,
        Decimal(5),
        None,
        None,
    )


def test_months_campaigns_and_segments_alone(engine: DuckDBEngine) -> None:
    assert {month for month, _ in found(engine, start=datetime(2026, 2, 1))} == {"2026-02", "2026-03"}
    large = found(engine, segment="large")
    assert [(row["cost"], row["leads"], row["value"]) for row in large.values()] == [(None, 1, 110)]
    assert {row["campaign"] for row in cohorts(engine, by="campaign")} == {"x", "(not set)"}


def test_cohorts_of_all_time_hold_all_leads_and_all_spend() -> None:
    space = demo_workspace()
    rows = space.rows("cohorts")
    read = space.builds.current().open()
    (leads,) = read.query("SELECT count(*) AS n FROM leads WHERE known").to_pylist()
    (spend,) = read.query("SELECT sum(value) AS n FROM spend_values").to_pylist()
    assert sum(row["leads"] for row in rows) == leads["n"]
    assert sum(row["cost"] or 0 for row in rows) == spend["n"]


def test_the_command_prints_them() -> None:
    command = ["show", "cohorts", "-w", str(demo_workspace().folder), "--by", "campaign"]
    shown = CliRunner().invoke(app, command)
    assert shown.exit_code == 0 and "payback_months" in shown.stdout and "2026-03" in shown.stdout
