"""Stage entries by the agreement and as the tools recorded them, and the leads they add up to."""

from __future__ import annotations

from typing import Any

import pytest
from journey_world import journey, stages

from accord.ledger.engine import DuckDBEngine
from world import rows

ACTOR = "crm:person:1"
TOUCH = {"source_id": "t", "actor": ACTOR, "kind": "page_view", "occurred_at": "2026-01-01"}


def verdict(day: str, word: str) -> dict[str, Any]:
    return {"source_id": day + word, "actor": ACTOR, "kind": "verdict", "verdict": word, "occurred_at": day}


def move(day: str, stage: str, **more: Any) -> dict[str, Any]:
    return {"source_id": day + stage, "actor": ACTOR, "stage": stage, "occurred_at": day, **more}


def entries(engine: DuckDBEngine, basis: str = "agreement") -> list[tuple[Any, ...]]:
    columns = 'lead, stage_no, stage, "at"::DATE::VARCHAR, "by"'
    where = f"WHERE basis = '{basis}'"
    return rows(engine, f"SELECT {columns} FROM stage_entries {where} ORDER BY lead, stage_no")


def test_by_the_agreement_gates_verdicts_moves_and_deals_enter_stages() -> None:
    deal = {"actor": ACTOR, "created_at": "2026-01-09", "closed_at": "2026-02-01", "status": "won"}
    moved = {"actor": ACTOR, "move": "accepted", "occurred_at": "2026-01-04"}
    engine = journey(
        touches=[TOUCH],
        feedback=[verdict("2026-01-05", "accepted")],
        handoff_moves=[moved],
        stage_moves=[move("2026-01-02", "mql"), move("2026-01-07", "sql"), move("2026-01-08", "opportunity")],
        deals=[deal],
    )
    assert entries(stages(engine, [(1, "mql", "2026-01-03")])) == [
        (1, 1, "mql", "2026-01-03", "gate"),
        (1, 2, "sal", "2026-01-04", "verdict"),
        (1, 3, "sql", "2026-01-07", "stage_move"),
        (1, 4, "opportunity", "2026-01-09", "deal"),
        (1, 5, "customer", "2026-02-01", "deal"),
    ]
    assert entries(engine, "tools") == [
        (1, 1, "mql", "2026-01-02", "stage_move"),
        (1, 3, "sql", "2026-01-07", "stage_move"),
        (1, 4, "opportunity", "2026-01-08", "stage_move"),
        (1, 5, "customer", "2026-02-01", "deal"),
    ]


def test_a_condition_holds_the_verdict_back_until_it_is_met() -> None:
    said = [verdict("2026-01-05", "accepted"), verdict("2026-01-05", "qualified")]
    met_later = [(1, "sql", "2026-01-01", False), (1, "sql", "2026-01-20", True)]
    engine = stages(journey(touches=[TOUCH], feedback=said), when=met_later)
    assert entries(engine) == [(1, 2, "sal", "2026-01-05", "verdict"), (1, 3, "sql", "2026-01-20", "verdict")]
    met_before = [(1, "sql", "2026-01-01", True), (1, "sql", "2026-01-20", False)]
    assert entries(stages(engine, when=met_before))[1] == (1, 3, "sql", "2026-01-05", "verdict")
    met_no_more = [(1, "sql", "2026-01-01", True), (1, "sql", "2026-01-04", False)]
    assert [entry[2] for entry in entries(stages(engine, when=met_no_more))] == ["sal"]


def test_a_returned_lead_keeps_the_last_reason_sales_gave() -> None:
    said = [
        verdict("2026-01-05", "returned") | {"reason": "too_small"},
        verdict("2026-01-09", "returned") | {"reason": "bad_data"},
        verdict("2026-09-01", "returned") | {"reason": "still to come"},
    ]
    moved = {"actor": ACTOR, "move": "returned", "occurred_at": "2026-01-09"}
    engine = stages(journey(touches=[TOUCH], feedback=said, handoff_moves=[moved]))
    query = 'SELECT lead, "at"::DATE::VARCHAR, reason FROM lead_returns'
    assert rows(engine, query) == [(1, "2026-01-09", "bad_data")]


QUALIFIED = verdict("2026-01-10", "qualified")


def activity(day: str, kind: str, outcome: str | None = None, way: str | None = None) -> dict[str, Any]:
    return {"actor": ACTOR, "kind": kind, "outcome": outcome, "direction": way, "occurred_at": day}


@pytest.mark.parametrize(
    ("evidence", "kind", "outcome", "way", "counts"),
    [
        ("human_outbound", "call", "no_answer", "outbound", True),
        ("human_outbound", "email", None, "inbound", False),
        ("human_outbound", "task", None, "outbound", False),
        ("conversation", "call", "connected", "outbound", True),
        ("conversation", "call", "no_answer", "outbound", False),
        ("conversation", "call", None, "inbound", False),
        ("conversation", "email", None, "inbound", True),
        ("conversation", "email", None, "outbound", False),
        ("conversation", "meeting", "held", None, True),
        ("conversation", "meeting", "no_show", "outbound", False),
        ("meeting_set", "call", "meeting_set", "outbound", True),
        ("meeting_set", "call", "connected", "outbound", False),
        ("meeting_set", "demo", "cancelled", None, True),
        ("meeting_held", "meeting", "held", "outbound", True),
        ("meeting_held", "demo", "demo_completed", None, True),
        ("meeting_held", "meeting", None, None, True),
        ("meeting_held", "meeting", "no_show", "outbound", False),
        ("meeting_held", "meeting", "scheduled", "outbound", False),
        ("meeting_held", "call", "connected", "outbound", False),
    ],
)
def test_what_is_evidence(
    evidence: str, kind: str, outcome: str | None, way: str | None, counts: bool
) -> None:
    done = activity("2026-01-05", kind, outcome, way)
    engine = journey(touches=[TOUCH], activities=[done], feedback=[QUALIFIED])
    found = entries(stages(engine, evidence={"sql": evidence}))
    assert found == ([(1, 3, "sql", "2026-01-10", "verdict")] if counts else [])
    listed = rows(engine, 'SELECT lead, stage, "by", evidence FROM verdicts_without_evidence')
    assert listed == ([] if counts else [(1, "sql", "verdict", evidence)])


def test_a_verdict_enters_from_the_first_evidence_on() -> None:
    held = [activity(day, "meeting", "held") for day in ("2026-01-20", "2026-01-15")]
    engine = journey(touches=[TOUCH], activities=held, feedback=[QUALIFIED])
    assert entries(stages(engine, evidence={"sql": "meeting_held"})) == [
        (1, 3, "sql", "2026-01-15", "verdict")
    ]
    assert entries(stages(engine)) == [(1, 3, "sql", "2026-01-10", "verdict")]


def test_a_sequence_and_the_next_leads_meetings_are_no_evidence() -> None:
    """The first lead is lost on the 12th; the meeting of February belongs to the second."""
    engine = journey(
        touches=[TOUCH, {**TOUCH, "source_id": "u", "occurred_at": "2026-01-25"}],
        activities=[
            activity("2026-02-01", "meeting", "held"),
            {**activity("2026-01-05", "meeting", "held"), "automated": True},
        ],
        feedback=[QUALIFIED, verdict("2026-01-12", "disqualified")],
    )
    assert entries(stages(engine, evidence={"sql": "meeting_held"})) == []


def test_moves_need_evidence_as_verdicts_do_unless_they_were_deduced_from_it() -> None:
    moved = journey(touches=[TOUCH], stage_moves=[move("2026-01-05", "sql")])
    stages(moved, evidence={"sql": "meeting_held"})
    assert (entries(moved), len(entries(moved, "tools"))) == ([], 1)
    deduced = journey(touches=[TOUCH], stage_moves=[move("2026-01-05", "sql", assumed=True)])
    assert len(entries(stages(deduced, evidence={"sql": "meeting_held"}))) == 1


def test_a_late_word_tells_of_the_lead_that_ended() -> None:
    engine = journey(
        touches=[TOUCH, {**TOUCH, "source_id": "u", "occurred_at": "2026-03-01"}],
        deals=[{"actor": ACTOR, "created_at": "2026-01-09", "closed_at": "2026-02-01", "status": "won"}],
        stage_moves=[move("2026-02-02", "customer"), move("2026-02-03", "sql"), move("2026-03-02", "sql")],
    )
    assert [(lead, stage) for lead, _, stage, *_ in entries(stages(engine), "tools")] == [
        (1, "sql"),
        (1, "opportunity"),
        (1, "customer"),
        (2, "sql"),
    ]


def test_of_two_records_of_an_entry_the_first_stays_with_where_it_came_from() -> None:
    moves = [
        move("2026-01-09", "mql", assumed=True),
        move("2026-01-03", "mql", source="hub"),
        move("2026-01-02", "old stage"),
    ]
    engine = stages(journey(stage_moves=moves))
    assert rows(engine, 'SELECT "at"::DATE::VARCHAR, source, assumed FROM stage_entries') == [
        ("2026-01-03", "hub", False)
    ]


def test_a_lead_shows_where_it_came_from_how_far_it_got_and_whose_it_is() -> None:
    person = {
        "source_id": "1",
        "actor": ACTOR,
        "email": "ann@acme.example",
        "lead_source": "fair",
        "owner_id": "crm:owner:2",
    }
    touches = [
        {**TOUCH, "source_id": "a", "machine": True, "channel": "Email", "occurred_at": "2026-01-01"},
        {
            **TOUCH,
            "source_id": "b",
            "channel": "Paid Search",
            "campaign": "spring",
            "occurred_at": "2026-01-02",
        },
        {**TOUCH, "source_id": "c", "channel": "Direct", "occurred_at": "2026-01-03"},
    ]
    calls = [
        {
            "actor": ACTOR,
            "kind": kind,
            "direction": way,
            "automated": auto,
            "occurred_at": f"2026-01-{day:02d}",
        }
        for day, kind, way, auto in (
            (4, "call", "outbound", False),
            (11, "email", "outbound", True),
            (12, "call", "inbound", False),
            (13, "task", "outbound", False),
            (14, "call", "outbound", False),
            (15, "call", "outbound", False),
        )
    ]
    engine = stages(
        journey(
            people=[person], touches=touches, activities=calls, feedback=[verdict("2026-01-20", "accepted")]
        ),
        [(1, "mql", "2026-01-10")],
        present_leads=[{"lead": 1, "segment": "mid_market", "persona": "operations_lead"}],
        excluded=[{"person": 1, "rule": "customers"}],
        scores=[{"lead": 1, "fit": 20, "engagement": 10, "score": 30}],
    )
    days = ("opened_at", "stage_at", "first_contact_at", "qualified_at")
    columns = ", ".join(f"strftime({day}, '%m-%d')" for day in days)
    assert rows(engine, f"SELECT {columns} FROM leads") == [("01-01", "01-20", "01-14", "01-10")]
    words = "person_id, channel, campaign, lead_source, owner_id, stage, segment, persona, excluded_by"
    assert rows(engine, f"SELECT {words}, score::INTEGER FROM leads") == [
        (
            ACTOR,
            "Paid Search",
            "spring",
            "fair",
            "crm:owner:2",
            "sal",
            "mid_market",
            "operations_lead",
            "customers",
            30,
        )
    ]


def test_the_first_contact_is_counted_from_the_handoff_not_from_a_gate_before_or_after_it() -> None:
    calls = [
        {"source_id": day, "actor": ACTOR, "kind": "call", "direction": "outbound", "occurred_at": day}
        for day in ("2026-01-05", "2026-01-12", "2026-01-20")
    ]
    # The gate of another stage is decided on the 3rd; mql, where the handoff is, on the 10th.
    gates = [
        {"stage_no": 1, "stage": "early", "kind": "gate"},
        {"stage_no": 2, "stage": "mql", "kind": "gate"},
    ]
    engine = journey(touches=[TOUCH], activities=calls)
    stages(engine, [(1, "early", "2026-01-03"), (1, "mql", "2026-01-10")], named=gates)
    found = rows(engine, "SELECT qualified_at::DATE::VARCHAR, first_contact_at::DATE::VARCHAR FROM leads")
    assert found == [("2026-01-10", "2026-01-12")]
    stages(engine, [(1, "early", "2026-01-03")], named=gates)
    assert rows(engine, "SELECT qualified_at, first_contact_at FROM leads") == [(None, None)]


def test_what_is_still_to_come_has_not_happened() -> None:
    """Now is the 1st of June: all else is planned for the 2nd."""
    later = "2026-06-02"
    meeting = {"actor": ACTOR, "kind": "meeting", "direction": "outbound"}
    facts: dict[str, Any] = {
        "touches": [{**TOUCH, "occurred_at": "2026-05-01"}],
        "activities": [
            {**meeting, "source_id": "planned", "occurred_at": later},
            {**meeting, "source_id": "this moment", "occurred_at": "2026-06-01"},
        ],
        "feedback": [verdict(later, "accepted"), verdict(later, "disqualified")],
        "stage_moves": [move(later, "sql"), move(later, "recycled")],
        "deals": [{"actor": ACTOR, "created_at": "2026-05-20", "closed_at": later, "status": "won"}],
        "source_leads": [
            {"actor": "crm:lead:9", "email": "new@acme.example", "created_at": later, "occurred_at": later}
        ],
    }
    engine = stages(journey(**facts), [(1, "mql", "2026-05-02")])
    assert entries(engine) == [
        (1, 1, "mql", "2026-05-02", "gate"),
        (1, 4, "opportunity", "2026-05-20", "deal"),
    ]
    assert entries(engine, "tools") == [(1, 4, "opportunity", "2026-05-20", "deal")]
    columns = "person_id, closed_at, first_contact_at::DATE::VARCHAR"
    assert rows(engine, f"SELECT {columns} FROM leads") == [(ACTOR, None, "2026-06-01")]


def test_a_lead_that_got_nowhere_is_new() -> None:
    engine = stages(journey(touches=[TOUCH]))
    assert rows(engine, "SELECT stage, stage_at = opened_at, first_contact_at FROM leads") == [
        ("new", True, None)
    ]


def test_a_lead_is_known_by_its_person_or_by_a_stage_it_entered_but_own_people_never_are() -> None:
    names = {
        "a plain person": {"actor": "crm:person:1", "email": "ann@acme.example"},
        "a student": {"actor": "crm:person:2", "email": "bo@uni.example"},
        "a student who bought": {"actor": "crm:person:3", "email": "cy@uni.example"},
        "own staff": {"actor": "crm:person:4", "email": "finn@northwind.example"},
        "a test record": {"actor": "crm:person:5", "email": "test@acme.example", "is_test": True},
    }
    visitors = ["web:visitor:a", "web:visitor:b"]
    actors = [name["actor"] for name in names.values()] + visitors
    engine = journey(
        people=[{"source_id": str(n), **name} for n, name in enumerate(names.values(), start=1)],
        touches=[{**TOUCH, "source_id": actor, "actor": actor} for actor in actors],
        feedback=[{**verdict("2026-01-05", "accepted"), "actor": "crm:person:4"}],
    )
    numbers = dict(rows(engine, "SELECT person_id, person FROM people"))
    leads = dict(rows(engine, "SELECT person, lead FROM cycles"))
    students = [{"person": numbers[f"crm:person:{n}"], "rule": "students"} for n in (2, 3)]
    reached = [(leads[numbers[actor]], "mql", "2026-01-04") for actor in ("crm:person:3", "web:visitor:b")]
    stages(engine, reached, excluded=students)
    assert rows(engine, "SELECT person_id FROM leads WHERE known ORDER BY person_id") == [
        ("crm:person:1",),
        ("crm:person:3",),
        ("web:visitor:b",),
    ]
