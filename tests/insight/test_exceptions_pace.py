"""Targets missed or behind their pace, and deliveries: with what fell against the period before, by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from exceptions_world import agreed, look

from accord.agreement import Target as Aim
from accord.insight import attribution, metrics
from accord.insight.exceptions import pace, plain, tell
from accord.insight.exceptions.finding import Finding

# It is 1 June 2026: the last quarter of 2025 and the first of 2026 are over; of the second, April to June, 61
# of 91 days are gone; of June nothing is, and May has just ended.
PERIODS = [
    {"kind": kind, "label": label, "starts_utc": starts, "ends_utc": ends}
    for kind, label, starts, ends in (
        ("quarter", "2025Q4", "2025-10-01", "2026-01-01"),
        ("quarter", "2026Q1", "2026-01-01", "2026-04-01"),
        ("quarter", "2026Q2", "2026-04-01", "2026-07-01"),
        ("month", "2026-05", "2026-05-01", "2026-06-01"),
        ("month", "2026-06", "2026-06-01", "2026-07-01"),
    )
]
LONG_KNOWN = {"lead": 999, "opened_at": "2025-09-01"}


def qualified(day: str, number: int, accepted: int, first: int) -> tuple[list[Any], list[Any]]:
    """So many leads opened and qualified that day, numbered from `first`, and so many of them accepted."""
    numbers = range(first, first + number)
    leads = [{"lead": n, "opened_at": day, "qualified_at": day, "campaign": "fair"} for n in numbers]
    entries = [{"lead": n, "stage_no": 1, "stage": "mql", "at": day} for n in numbers]
    entries += [{"lead": n, "stage_no": 2, "stage": "sal", "at": day} for n in numbers[:accepted]]
    return leads, entries


def booked(**by_day: int) -> list[dict[str, Any]]:
    return [
        {"occurred_at": day[1:].replace("_", "-"), "amount": amount, "currency": "EUR"}
        for day, amount in by_day.items()
    ]


def found(
    *,
    targets: tuple[tuple[str, int, str], ...] = (),
    deliver: SimpleNamespace | None = None,
    revenue: list[dict[str, Any]] | None = None,
    cohorts: tuple[tuple[list[Any], list[Any]], ...] = (),
    now: str = "2026-06-01",
    verdicts: list[dict[str, Any]] | None = None,
) -> list[Finding]:
    aims = tuple(Aim(metric=m, value=v, kind="quarter", period=p) for m, v, p in targets)
    agreement = agreed(targets=aims, deliveries=(deliver,) if deliver else ())
    seen = look(
        agreement,
        {"revenue": revenue or [], "touches": [{"kind": "page_view"}], "feedback": [{"kind": "verdict"}]},
        datetime.fromisoformat(now),
        leads=[LONG_KNOWN, *(lead for leads, _ in cohorts for lead in leads)],
        stage_entries=[entry for _, entries in cohorts for entry in entries],
        periods=PERIODS,
        lead_returns=verdicts or [],
    )
    seen.engine.run([*metrics.steps(), *attribution.steps(agreement), *metrics.board_steps()])
    return pace.find(seen)


def test_a_missed_quarter_is_told_with_what_fell_most() -> None:
    # Both quarters handed over 10 leads; sales accepted 8 of them before, and 4 in the quarter missed.
    [finding] = found(
        targets=(("revenue", 1000, "2026Q1"),),
        revenue=booked(d2025_11_01=1100, d2026_02_01=600),
        cohorts=(qualified("2025-11-01", 10, 8, 1), qualified("2026-02-01", 10, 4, 101)),
    )
    assert (finding.kind, finding.state, finding.team) == ("target_missed", "bad", "both")
    assert (finding.page, finding.filters) == ("campaigns", {"period": "2026Q1"})
    numbers = ("value", "target", "gone", "before", "cause", "cause_now", "cause_before")
    expected = [600, 1000, 1, 1100, "acceptance", Decimal("0.4"), Decimal("0.8")]
    assert [finding.data[name] for name in numbers] == expected
    told = tell(finding.kind, finding.data)
    assert plain(told.title) == "Revenue of 2026Q1 missed by 400 EUR"
    assert plain(told.why) == (
        "600 EUR of 1,000 EUR reached. "
        "Sales accepted fewer of the leads: 40.0% after 80.0% the period before. "
        "The period before brought 1,100 EUR."
    )
    assert told.title[-1]["opens"] == {"kpi": "revenue", "filters": {"period": "2026Q1"}}


def test_a_running_quarter_is_held_against_the_even_pace_and_the_same_days_before() -> None:
    # 1000 * 61 / 91 = 670.33 by now; the first 60.33 days of the first quarter end on 2 March.
    [finding] = found(
        targets=(("revenue", 1000, "2026Q2"),),
        revenue=booked(d2026_02_01=300, d2026_03_20=900, d2026_05_01=500),
        cohorts=(qualified("2026-02-01", 20, 10, 1), qualified("2026-05-01", 10, 5, 101)),
    )
    assert (finding.kind, finding.state) == ("target_behind", "risk")
    assert round(finding.data["even"], 2) == 670.33
    assert (finding.data["before"], finding.data["cause"]) == (300, "volume")
    told = tell(finding.kind, finding.data)
    assert plain(told.title) == "Revenue of 2026Q2 at 500 EUR of 1,000 EUR, with 67.0% of the time gone"
    assert "Fewer leads were handed over: 10 after 20 the period before." in plain(told.why)


def test_pace_decides_between_bad_risk_and_nothing() -> None:
    def state(amount: int, **given: Any) -> list[str]:
        targets = (("revenue", 1000, "2026Q2"),)
        return [f.state for f in found(targets=targets, revenue=booked(d2026_04_03=amount), **given)]

    assert state(402) == ["bad"]  # under 0.6 * 670.33 = 402.2
    assert state(403) == ["risk"]
    assert state(604) == []  # 0.9 * 670.33 = 603.3
    assert state(1, now="2026-04-20") == []  # 19 of 91 days are too few to judge


def test_targets_met_long_past_or_still_ahead_are_no_news() -> None:
    revenue = booked(d2025_10_05=1, d2026_02_01=1000, d2026_05_01=1000)
    targets = (("revenue", 1000, "2026Q1"), ("revenue", 900, "2025Q4"), ("revenue", 900, "2026Q3"))
    assert found(targets=targets, revenue=revenue) == []
    # Nothing can be said of what is not loaded.
    assert found(targets=(("pipeline", 1000, "2026Q1"),), revenue=revenue) == []


def test_a_target_of_leads_asks_whether_fewer_came_or_fewer_qualified() -> None:
    more = [{"lead": n, "opened_at": "2026-02-02"} for n in range(500, 510)]
    [finding] = found(
        targets=(("mql", 12, "2026Q1"),),
        cohorts=(qualified("2025-11-01", 10, 0, 1), qualified("2026-02-01", 10, 0, 101), (more, [])),
    )
    # Ten of ten leads qualified before, ten of twenty in the quarter.
    assert (finding.data["cause"], float(finding.data["cause_now"])) == ("qualification", 0.5)
    assert plain(tell(finding.kind, finding.data).title) == "MQL of 2026Q1 missed by 2"


def test_marketings_delivery_is_held_against_the_even_pace_of_its_month() -> None:
    owed = SimpleNamespace(deliver=30, of="mql", that="accepted", per="month", segment=None)
    back = [{"lead": n, "reason": "too_small"} for n in range(1, 6)]
    back += [{"lead": 6, "reason": "bad_data"}]
    given: dict[str, Any] = {"deliver": owed, "verdicts": back, "now": "2026-05-17"}
    [finding] = found(cohorts=(qualified("2026-05-05", 16, 10, 1),), **given)
    # 30 * 16 / 31 = 15.5 by now; ten are there.
    assert (finding.kind, finding.state, finding.team) == ("delivery_behind", "risk", "marketing")
    told = tell(finding.kind, finding.data)
    assert plain(told.title) == "SAL in 2026-05: 10 of 30 delivered, with 51.6% of the time gone"
    assert plain(told.why) == (
        "An even pace would have brought 15.48 by now. "
        "Sales gave back 6 of 16 leads from fair. 5 of them for “too small”."
    )
    assert found(cohorts=(qualified("2026-05-05", 16, 14, 1),), **given) == []
