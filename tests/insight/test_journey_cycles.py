"""Cycles: when a lead begins, when it ends, and when it may begin again."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journey_world import journey

from accord.ledger.engine import DuckDBEngine
from proof import EXAMPLES
from world import rows

ACTOR = "crm:person:1"


def at(day: int) -> str:
    return (date(2025, 12, 31) + timedelta(days=day)).isoformat()


def touch(day: int, **more: Any) -> dict[str, Any]:
    return {"source_id": f"t{day}", "actor": ACTOR, "kind": "page_view", "occurred_at": at(day), **more}


def call(day: int) -> dict[str, Any]:
    return {"source_id": f"c{day}", "actor": ACTOR, "kind": "call", "occurred_at": at(day)}


def move(day: int, stage: str) -> dict[str, Any]:
    return {"source_id": f"m{day}{stage}", "actor": ACTOR, "stage": stage, "occurred_at": at(day)}


def verdict(day: int, word: str) -> dict[str, Any]:
    return {
        "source_id": f"v{day}",
        "actor": ACTOR,
        "kind": "verdict",
        "verdict": word,
        "occurred_at": at(day),
    }


def deal(number: int, opened: int, closed: int | None, status: str, **more: Any) -> dict[str, Any]:
    closed_at = at(closed) if closed else None
    return {
        "source_id": f"d{number}",
        "actor": ACTOR,
        "created_at": at(opened),
        "closed_at": closed_at,
        "status": status,
        **more,
    }


def cycles(engine: DuckDBEngine) -> list[tuple[Any, ...]]:
    columns = "cycle_no, opened_at::DATE::VARCHAR, opened_by, closed_at::DATE::VARCHAR, closed_by"
    return rows(engine, f"SELECT {columns} FROM cycles ORDER BY lead")


def test_a_cycle_opens_with_the_first_event_of_any_kind() -> None:
    lead = {"source_id": "9", "actor": "crm:lead:9", "person": ACTOR, "created_at": at(2)}
    assert cycles(journey(touches=[touch(3)], activities=[call(2)], source_leads=[lead])) == [
        (1, at(2), "lead", None, None)
    ]
    assert cycles(journey(touches=[touch(3)], activities=[call(2)])) == [(1, at(2), "activity", None, None)]
    assert cycles(journey(stage_moves=[move(4, "mql")])) == [(1, at(4), "stage_move", None, None)]
    assert cycles(journey(deals=[deal(1, 5, None, "open")])) == [(1, at(5), "deal", None, None)]


def test_a_person_with_a_record_and_nothing_else_is_no_lead() -> None:
    assert cycles(journey(people=[{"source_id": "1", "actor": ACTOR}])) == []


def test_a_copy_of_an_event_opens_nothing() -> None:
    touches = [touch(3, source="hub"), touch(4, twin="hub:touches:t3")]
    engine = journey(touches=touches)
    assert cycles(engine) == [(1, at(4), "touch", None, None)]


@pytest.mark.parametrize(
    ("ending", "closed_by"),
    [
        ({"deals": [deal(1, 2, 5, "won")]}, "won"),
        ({"deals": [deal(1, 2, 5, "lost")]}, "lost"),
        ({"feedback": [verdict(5, "disqualified")]}, "disqualified"),
        ({"stage_moves": [move(5, "disqualified")]}, "disqualified"),
    ],
)
def test_after_an_ending_the_first_event_opens_the_next_cycle(ending: dict[str, Any], closed_by: str) -> None:
    engine = journey(touches=[touch(1), touch(4), touch(8), touch(9)], **ending)
    assert cycles(engine) == [(1, at(1), "touch", at(5), closed_by), (2, at(8), "touch", None, None)]


def test_a_recycled_lead_rests_and_then_needs_a_touch_of_its_own() -> None:
    engine = journey(
        rest_days=10,
        touches=[
            touch(1),
            touch(12),
            touch(16, kind="email_delivered"),
            touch(17, machine=True),
            touch(18, direction="outbound"),
            touch(20),
        ],
        activities=[call(15)],
        feedback=[verdict(5, "recycled")],
    )
    assert cycles(engine) == [(1, at(1), "touch", at(5), "recycled"), (2, at(20), "touch", None, None)]


def test_the_rest_ends_on_the_moment() -> None:
    engine = journey(rest_days=10, touches=[touch(1), touch(15)], stage_moves=[move(5, "recycled")])
    assert [cycle[1] for cycle in cycles(engine)] == [at(1), at(15)]


def test_a_deal_marked_lost_after_recycling_does_not_end_the_rest() -> None:
    engine = journey(
        rest_days=10,
        touches=[touch(1), touch(8), touch(16)],
        feedback=[verdict(5, "recycled")],
        deals=[deal(1, 2, 6, "lost")],
    )
    assert [cycle[1] for cycle in cycles(engine)] == [at(1), at(16)]


def test_a_tools_late_move_opens_no_cycle_of_a_customer() -> None:
    engine = journey(touches=[touch(1)], deals=[deal(1, 2, 5, "won")], stage_moves=[move(6, "customer")])
    assert cycles(engine) == [(1, at(1), "touch", at(5), "won")]


def test_a_lost_deal_ends_nothing_while_another_is_open() -> None:
    engine = journey(touches=[touch(1), touch(7)], deals=[deal(1, 2, 5, "lost"), deal(2, 3, 9, "won")])
    assert cycles(engine) == [(1, at(1), "touch", at(9), "won")]


def test_every_win_has_a_cycle() -> None:
    engine = journey(touches=[touch(1)], deals=[deal(1, 2, 5, "won"), deal(2, 3, 9, "won")])
    assert cycles(engine) == [(1, at(1), "touch", at(5), "won"), (2, at(9), "deal", at(9), "won")]


def test_a_mirrored_win_ends_one_cycle() -> None:
    copy = deal(9, 2, 6, "won", source="hub", twin="crm:deals:d1")
    engine = journey(touches=[touch(1)], deals=[deal(1, 2, 5, "won"), copy])
    assert cycles(engine) == [(1, at(1), "touch", at(5), "won")]


def test_leads_are_numbered_by_person_and_cycle() -> None:
    touches = [touch(1), touch(9), {**touch(3), "actor": "crm:person:2", "source_id": "x"}]
    engine = journey(touches=touches, feedback=[verdict(5, "disqualified")])
    assert rows(engine, "SELECT lead, person, cycle_no FROM cycles ORDER BY lead") == [
        (1, 1, 1),
        (2, 1, 2),
        (3, 2, 1),
    ]


days = st.integers(1, 60)
histories = st.fixed_dictionaries(
    {
        "touches": st.sets(days, max_size=8),
        "calls": st.sets(days, max_size=4),
        "moves": st.sets(st.tuples(days, st.sampled_from(["mql", "recycled", "disqualified"])), max_size=5),
        "deals": st.lists(
            st.tuples(days, st.integers(0, 20), st.sampled_from(["won", "lost", "open"])), max_size=3
        ),
    }
)


@given(told=st.lists(histories, min_size=1, max_size=12), seed=st.integers(0, 99))
@settings(max_examples=EXAMPLES // 5, deadline=None)  # each example is up to 12 histories
def test_cycles_are_those_of_a_naive_walk_through_time(told: list[dict[str, Any]], seed: int) -> None:
    facts: dict[str, list[dict[str, Any]]] = {"touches": [], "activities": [], "stage_moves": [], "deals": []}
    for number, history in enumerate(told):
        for table, given_rows in _facts(history).items():
            facts[table] += [_of(number, row) for row in given_rows]
    for given_rows in facts.values():
        random.Random(seed).shuffle(given_rows)
    engine = journey(rest_days=10, **facts)
    columns = "cycle_no, opened_at::DATE::VARCHAR, opened_by, closed_at::DATE::VARCHAR, closed_by"
    found: dict[str, list[tuple[Any, ...]]] = {f"crm:person:{number}": [] for number in range(len(told))}
    query = f"SELECT person_id, {columns} FROM cycles JOIN people USING (person) ORDER BY lead"
    for person, *cycle in rows(engine, query):
        found[person].append(tuple(cycle))
    assert list(found.values()) == [_naive(history) for history in told]
    overlapping = (
        "SELECT count(*) FROM cycles AS a JOIN cycles AS b ON a.person = b.person AND a.lead < b.lead "
        "AND a.until_at > b.from_at"
    )
    assert rows(engine, overlapping) == [(0,)]
    in_several = (
        "SELECT fact_id FROM timeline AS t JOIN cycles AS c ON t.person = c.person "
        'AND t."at" >= c.from_at AND t."at" < c.until_at GROUP BY fact_id HAVING count(*) > 1'
    )
    assert rows(engine, in_several) == []


def _facts(history: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        "touches": [touch(day) for day in history["touches"]],
        "activities": [call(day) for day in history["calls"]],
        "stage_moves": [move(day, stage) for day, stage in history["moves"]],
        "deals": [
            deal(n, opened, opened + length if status != "open" else None, status)
            for n, (opened, length, status) in enumerate(history["deals"])
        ],
    }


def _of(number: int, row: dict[str, Any]) -> dict[str, Any]:
    """The same fact about another person."""
    return row | {"actor": f"crm:person:{number}", "source_id": f"{number}.{row['source_id']}"}


def _naive(history: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Walk through all happenings in order, with a state: open or not, resting until when."""
    closed = {
        n: opened + length for n, (opened, length, status) in enumerate(history["deals"]) if status != "open"
    }
    happenings: list[tuple[int, int, int, str]] = [(day, 0, 1, "touch") for day in history["touches"]]
    happenings += [(day, 0, 2, "activity") for day in history["calls"]]
    for day, stage in history["moves"]:
        ends = {"mql": 0, "recycled": 4, "disqualified": 3}[stage]
        happenings.append((day, int(ends > 0), ends, "stage_move" if stage == "mql" else stage))
    for n, (opened, _, status) in enumerate(history["deals"]):
        happenings.append((opened, 0, 4, "deal"))
        others = [m for m in range(len(history["deals"])) if m != n]
        waiting = any(
            history["deals"][m][0] <= closed.get(n, 0) and closed.get(m, 10**6) > closed.get(n, 0)
            for m in others
        )
        if status == "won" or (status == "lost" and not waiting):
            happenings.append((closed[n], 1, 1 if status == "won" else 2, status))
    found: list[list[Any]] = []
    open_now, last_end, resting_until, ended_on = False, "", 0, 0
    rank = {"touch": 1, "activity": 2, "stage_move": 3, "deal": 4}
    for day, ends, _, what in sorted(
        happenings, key=lambda h: (h[0], h[1], rank.get(h[3], 0) if not h[1] else h[2])
    ):
        if ends and day == ended_on:
            continue  # the strongest ending of a moment has been taken
        if not ends and not open_now:
            may = not last_end or (
                day >= resting_until and (what == "touch" if last_end == "recycled" else what != "stage_move")
            )
            if may:
                found.append([len(found) + 1, at(day), what, None, None])
                open_now = True
        elif ends:
            if not open_now and what == "won":
                found.append([len(found) + 1, at(day), "deal", None, None])
                open_now = True
            if open_now:
                found[-1][3:] = [at(day), what]
            open_now, last_end, ended_on = False, what, day
            if what == "recycled":
                resting_until = day + 10
    return [tuple(cycle) for cycle in found]
