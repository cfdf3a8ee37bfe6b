"""The same event recorded by two tools counts once; taking the link away makes both count."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from identity_world import resolved

from accord.identity.runs import WITHIN, pair_up
from accord.ledger.engine import DuckDBEngine
from proof import EXAMPLES
from world import rows

NOON = datetime(2026, 3, 1, 12)
PEOPLE = [
    {"source_id": "1", "actor": "crm:person:1", "email": "ann@acme.example"},
    {"source_id": "7", "source": "hub", "actor": "hub:person:7", "email": "ann@acme.example"},
]


def touch(source: str, number: int, seconds: int, **more: Any) -> dict[str, Any]:
    actor = {"crm": "crm:person:1", "hub": "hub:person:7"}.get(source, "email:ann@acme.example")
    at = NOON + timedelta(seconds=seconds)
    given = {"source": source, "source_id": str(number), "actor": actor, "occurred_at": at}
    return {**given, "kind": "form_submit", "form": "demo", "object": "submission", **more}


def uncounted(engine: DuckDBEngine, table: str = "touches") -> list[str]:
    """The names of the records that do not count."""
    return [
        name
        for (name,) in rows(
            engine,
            f"SELECT f.source || ':' || f.source_id FROM uncounted AS u JOIN facts.{table} AS f "
            f"ON u.fact_id = f.fact_id AND u.table_name = '{table}' ORDER BY 1",
        )
    ]


def test_like_events_of_two_tools_within_five_minutes_count_once_and_the_master_counts() -> None:
    engine = resolved(
        people=PEOPLE, touches=[touch("hub", 1, 0), touch("crm", 2, 300), touch("hub", 3, 4000)]
    )
    assert uncounted(engine) == ["hub:1"]
    assert rows(engine, "SELECT a, b, rule, counted_side FROM links WHERE kind = 'event'") == [
        ("crm:submission:2", "hub:submission:1", "same_event", "crm:submission:2")
    ]
    assert uncounted(
        resolved(("hub", "crm"), people=PEOPLE, touches=[touch("hub", 1, 0), touch("crm", 2, 9)])
    ) == ["crm:2"]


def test_events_that_differ_in_time_thing_kind_or_person_both_count() -> None:
    others = [
        touch("crm", 2, 301),
        touch("crm", 3, 0, form="newsletter"),
        touch("crm", 4, 0, kind="webinar"),
        touch("crm", 5, 0, actor="crm:person:99"),
    ]
    assert uncounted(resolved(people=PEOPLE, touches=[touch("hub", 1, 0), *others])) == []


def test_like_events_of_one_tool_both_count() -> None:
    touches = [touch("hub", 1, 0), touch("hub", 6, 10), touch("crm", 2, 9000)]
    assert uncounted(resolved(people=PEOPLE, touches=touches)) == []


def test_two_submissions_seen_by_both_tools_count_two() -> None:
    touches = [touch("crm", 1, 0), touch("hub", 2, 5), touch("crm", 3, 60), touch("hub", 4, 66)]
    assert uncounted(resolved(people=PEOPLE, touches=touches)) == ["hub:2", "hub:4"]


def test_in_a_long_run_only_events_within_five_minutes_are_paired() -> None:
    touches = [touch("crm", n, n * 240) for n in range(1, 5)] + [touch("hub", 9, 4 * 240 + 1)]
    engine = resolved(people=PEOPLE, touches=touches)
    assert uncounted(engine) == ["hub:9"]
    assert rows(engine, "SELECT reason FROM uncounted") == [
        ("the same as crm:submission:3: same person, same kind, same thing, within 5 minutes",)
    ]


def test_a_foreign_id_joins_events_and_deals_whatever_their_time() -> None:
    deals = [
        {"source_id": "D1", "object": "opportunity", "amount": 5, "actor": "crm:person:1"},
        {"source": "hub", "source_id": "9", "object": "deal", "twin": "crm:opportunity:D1", "amount": 6},
    ]
    touches = [touch("crm", 1, 0), touch("hub", 2, 9000, twin="crm:submission:1")]
    role = {"deal_id": "hub:deal:9", "actor": "email:eve@acme.example", "role": "champion"}
    engine = resolved(people=PEOPLE, deals=deals, touches=touches, deal_people=[role])
    assert (uncounted(engine), uncounted(engine, "deals")) == (["hub:2"], ["hub:9"])
    assert rows(engine, "SELECT deal_id, amount::INTEGER FROM deals_counted") == [("crm:deal:D1", 5)]
    assert rows(engine, "SELECT deal, role FROM deal_persons ORDER BY person") == [(1, None), (1, "champion")]


def test_three_tools_chained_by_foreign_ids_count_once() -> None:
    deals = [
        {"source_id": "1", "object": "deal"},
        {"source": "hub", "source_id": "2", "object": "deal", "twin": "web:deal:3"},
        {"source": "web", "source_id": "3", "object": "deal", "twin": "crm:deal:1"},
    ]
    assert uncounted(resolved(deals=deals), "deals") == ["hub:2", "web:3"]


def test_taking_the_link_away_makes_both_count() -> None:
    touches = [touch("crm", 1, 0), touch("hub", 2, 9), touch("crm", 3, 9000), touch("hub", 4, 9, form="x")]
    touches[3]["twin"] = "crm:submission:3"
    assert uncounted(resolved(people=PEOPLE, touches=touches)) == ["hub:2", "hub:4"]
    away = [
        {"kind": "unjoin", "a": "hub:submission:2", "b": "crm:submission:1"},
        {"kind": "apart", "a": "crm:submission:3", "b": "hub:submission:4"},
    ]
    engine = resolved(people=PEOPLE, touches=touches, links=away)
    assert uncounted(engine) == []
    assert rows(engine, "SELECT * FROM links WHERE kind = 'event'") == []


def test_calls_are_paired_by_their_partner() -> None:
    calls = [
        {
            "source": s,
            "source_id": str(n),
            "actor": "email:ann@acme.example",
            "kind": "call",
            "asset": partner,
        }
        for n, (s, partner) in enumerate(product(("crm", "hub"), ("+49 1", "+49 2", None)))
    ]
    assert uncounted(resolved(activities=calls), "activities") == ["hub:3", "hub:4", "hub:5"]


moments = st.lists(st.integers(0, 3600), max_size=8)


@given(first=moments, second=moments)
@settings(max_examples=EXAMPLES, deadline=None)
def test_two_tools_pair_as_many_events_as_can_be_paired(first: list[int], second: list[int]) -> None:
    """Against the greatest matching found by trying all ways (augmenting paths)."""
    import numpy as np

    events = sorted([(at * 1_000_000, 0) for at in first] + [(at * 1_000_000, 1) for at in second])
    at = np.array([event[0] for event in events], dtype=np.int64)
    source = np.array([event[1] for event in events], dtype=np.int64)
    groups = pair_up(np.zeros(len(events), dtype=np.int64), source, at).tolist()
    for number in set(groups):
        members = [event for event, group in zip(events, groups, strict=True) if group == number]
        assert len({tool for _, tool in members}) == len(members)
        assert max(m for m, _ in members) - min(m for m, _ in members) <= WITHIN
    assert len(events) - len(set(groups)) == _most_pairs(first, second)


def _most_pairs(first: list[int], second: list[int]) -> int:
    partner: dict[int, int] = {}

    def place(a: int, tried: set[int]) -> bool:
        for b, at in enumerate(second):
            if abs(first[a] - at) <= 300 and b not in tried:
                tried.add(b)
                if b not in partner or place(partner[b], tried):
                    partner[b] = a
                    return True
        return False

    return sum(place(a, set()) for a in range(len(first)))
