"""Where leads leave and wait, and where the tools tell another story than the agreement."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_args

import pytest
from journey_world import FLAG, MOMENT, TEXT, WHOLE, add

from accord.insight.journey import differences, funnel, leavings, returned, waiting
from accord.insight.journey.detours import steps
from accord.insight.journey.funnel import FUNNEL_DAYS, Basis
from accord.insight.periods import periods
from accord.ledger.engine import DuckDBEngine

MARCH = {"start": datetime(2026, 3, 1), "end": datetime(2026, 4, 1)}


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


@pytest.fixture(params=["by days", "on the spot"])
def engine(request: pytest.FixtureRequest) -> DuckDBEngine:
    """Seven leads: 1 recycled, 2 disqualified as MQLs, 3 lost as a SAL, 4 won, 5, 6 open, 7 excluded."""
    made = DuckDBEngine()
    add(made, "as_of", [{"now": day("06-01")}], now=MOMENT)
    names = ("mql", "sal", "customer")
    add(
        made,
        "stages",
        [{"stage_no": n, "stage": s} for n, s in enumerate(names, 1)],
        stage_no=WHOLE,
        stage=TEXT,
    )
    calendar = periods("UTC", date(2026, 2, 1), date(2026, 5, 31), 1)
    made.add("periods", calendar if request.param == "by days" else calendar.slice(0, 0))
    add(made, "leads", LEADS, **COLUMNS)
    add(made, "stage_entries", ENTRIES, lead=WHOLE, stage_no=WHOLE, stage=TEXT, basis=TEXT, at=MOMENT)
    back = [
        {"lead": 1, "reason": "too_small"},
        {"lead": 2, "reason": "too_small"},
        {"lead": 5, "reason": None},
    ]
    add(made, "lead_returns", back, lead=WHOLE, reason=TEXT)
    made.run([FUNNEL_DAYS.step(), *steps()])
    return made


COLUMNS = {
    "lead": WHOLE,
    "known": FLAG,
    "opened_at": MOMENT,
    "stage": TEXT,
    "stage_at": MOMENT,
    "closed_at": MOMENT,
    "closed_by": TEXT,
    "channel": TEXT,
    "campaign": TEXT,
    "segment": TEXT,
}


def lead(
    number: int, stage: str, at: str, closed: str | None = None, by: str | None = None
) -> dict[str, Any]:
    return {
        "lead": number,
        "known": number != 7,
        "opened_at": day("02-01"),
        "stage": stage,
        "stage_at": day(at),
        "closed_at": day(closed) if closed else None,
        "closed_by": by,
        "channel": "Email" if number < 3 else "Direct",
    }


LEADS = [
    lead(1, "mql", "03-02", "03-20", "recycled"),
    lead(2, "mql", "03-03", "04-20", "disqualified"),
    lead(3, "sal", "03-10", "05-01", "lost"),
    lead(4, "customer", "04-10", "04-10", "won"),
    lead(5, "mql", "03-30"),
    lead(6, "new", "05-20"),
    lead(7, "new", "02-01", "03-01", "disqualified"),
]


def entry(number: int, stage_no: int, at: str, basis: str = "agreement") -> dict[str, Any]:
    stage = ("mql", "sal", "customer")[stage_no - 1]
    return {"lead": number, "stage_no": stage_no, "stage": stage, "basis": basis, "at": day(at)}


ENTRIES = [
    entry(1, 1, "03-02"),
    entry(2, 1, "03-03"),
    entry(3, 1, "03-05"),
    entry(3, 2, "03-10"),
    entry(4, 1, "03-06"),
    entry(4, 3, "04-10"),
    entry(5, 1, "03-30"),
    entry(1, 1, "03-04", "tools"),
    entry(2, 1, "04-02", "tools"),
    entry(4, 1, "03-31", "tools"),
    entry(6, 1, "03-15", "tools"),
    entry(3, 2, "02-28", "tools"),
]


def test_leavings_are_told_by_the_stage_reached_and_how_it_ended(engine: DuckDBEngine) -> None:
    found = {(row["stage"], row["closed_by"]): row["leads"] for row in leavings(engine, **MARCH)}
    assert found == {("mql", "recycled"): 1, ("mql", "disqualified"): 1, ("sal", "lost"): 1}


def test_leavings_of_a_stage_add_up_to_the_funnels_dropped(engine: DuckDBEngine) -> None:
    dropped = {row["stage"]: row["dropped"] for row in funnel(engine, **MARCH) if row["dropped"]}
    assert dropped == {"mql": 2, "sal": 1}


@pytest.mark.parametrize(("channel", "leads"), [("Email", 2), ("Direct", 1), ("Event", 0), (None, 3)])
def test_leavings_of_a_channel(engine: DuckDBEngine, channel: str | None, leads: int) -> None:
    assert sum(row["leads"] for row in leavings(engine, channel=channel, **MARCH)) == leads


def test_returns_are_those_of_leads_that_entered_the_stage_in_the_period(engine: DuckDBEngine) -> None:
    assert returned(engine, "mql", **MARCH) == [
        {"reason": "too_small", "leads": 2},
        {"reason": None, "leads": 1},
    ]
    assert returned(engine, "mql", start=day("04-01")) == []


def test_open_leads_wait_in_the_stage_they_have_reached(engine: DuckDBEngine) -> None:
    found = {row["stage"]: row for row in waiting(engine)}
    assert found == {
        "mql": {"stage": "mql", "leads": 1, "over_30_days": 1, "oldest_at": day("03-30")},
        "new": {"stage": "new", "leads": 1, "over_30_days": 0, "oldest_at": day("05-20")},
    }


def test_the_difference_to_the_tools_is_explained_lead_by_lead(engine: DuckDBEngine) -> None:
    mql, sal, customer = differences(engine, **MARCH)
    assert mql == {
        "stage_no": 1,
        "stage": "mql",
        "agreement": 5,
        "tools": 3,
        "never_recorded": 2,  # leads 3 and 5
        "recorded_elsewhen": 1,  # lead 2, in April
        "never_agreed": 1,  # lead 6
        "agreed_elsewhen": 0,
    }
    assert (sal["agreement"], sal["tools"], sal["recorded_elsewhen"]) == (1, 0, 1)
    assert (customer["agreement"], customer["tools"]) == (0, 0)


def test_both_sides_are_the_funnels_own(engine: DuckDBEngine) -> None:
    found = differences(engine, **MARCH)
    for basis in get_args(Basis):
        entered = [row["entered"] for row in funnel(engine, basis=basis, **MARCH)]
        assert [row[basis] for row in found] == entered[1:]
