"""The build and the clocks grade evidence alike: every combination, in SQL and in Python."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import pyarrow as pa

from accord.ledger.engine import DuckDBEngine, Step
from accord.promises.evidence import Event

AT = datetime(2026, 4, 20, 8)
KINDS = ("call", "email", "meeting", "demo", "message", "task", "note", "other")
DIRECTIONS = ("outbound", "inbound", None)
OUTCOMES = (
    *("connected", "held", "completed", "demo_completed", "meeting_set"),
    *("no_answer", "voicemail", "cancelled", "no_show", None),
)
QUALITIES = ("human", "machine", "internal")


def test_sql_and_python_agree_over_all_combinations() -> None:
    combinations = list(product(KINDS, DIRECTIONS, OUTCOMES, QUALITIES))
    events = [
        {
            "person": n,
            "at": AT,
            "kind": kind,
            "direction": direction,
            "outcome": outcome,
            "quality": quality,
            "team": "sales",
            "counted": True,
        }
        for n, (kind, direction, outcome, quality) in enumerate(combinations)
    ]
    ranges = [
        {"lead": n, "person": n, "opened_at": AT, "next_at": datetime(9999, 12, 31)}
        for n in range(len(combinations))
    ]
    engine = DuckDBEngine()
    engine.add("timeline", pa.Table.from_pylist(events))
    engine.add("lead_ranges", pa.Table.from_pylist(ranges))
    engine.run([Step.from_file("accord.insight.journey", "evidence_seen")])
    seen: dict[int, set[str]] = {n: set() for n in range(len(combinations))}
    for row in engine.query(
        "SELECT lead_no.lead, lead_no.evidence FROM evidence_seen AS lead_no"
    ).to_pylist():
        seen[row["lead"]].add(row["evidence"])
    for n, (kind, direction, outcome, quality) in enumerate(combinations):
        graded = Event(AT, kind, direction, outcome, human=quality == "human").grades
        assert seen[n] == graded, combinations[n]
