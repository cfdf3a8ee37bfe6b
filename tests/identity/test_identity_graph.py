"""Components against a naive union-find, keeping apart, and order of input."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_world import resolved

from accord.identity.graph import Edges, components, keep_apart
from proof import EXAMPLES, SEED
from world import rows

SIZE = 12
names = st.integers(0, SIZE - 1)
pairs = st.lists(st.tuples(names, names), max_size=25)


def naive(edges: list[tuple[int, int]]) -> list[int]:
    """For each name the lowest it is joined to, by merging sets."""
    lowest = list(range(SIZE))
    for a, b in edges:
        low, high = sorted((lowest[a], lowest[b]))
        lowest = [low if name == high else name for name in lowest]
    return lowest


def arrays(edges: list[tuple[int, int]], firmness: list[int] | None = None) -> Edges:
    a, b = (np.array([edge[side] for edge in edges], dtype=np.int64) for side in (0, 1))
    return Edges(a, b, np.array(firmness or [0] * len(edges), dtype=np.int64))


@given(edges=pairs)
@settings(max_examples=EXAMPLES, deadline=None)
def test_components_are_those_of_a_naive_union_find(edges: list[tuple[int, int]]) -> None:
    assert components(SIZE, arrays(edges)).tolist() == naive(edges)


@given(edges=pairs, apart=st.lists(st.tuples(names, names), max_size=4), data=st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_names_kept_apart_never_meet_and_nothing_else_is_cut(
    edges: list[tuple[int, int]], apart: list[tuple[int, int]], data: st.DataObject
) -> None:
    apart = [pair for pair in apart if pair[0] != pair[1]]
    firmness = data.draw(st.lists(st.integers(0, 2), min_size=len(edges), max_size=len(edges)))
    joined = arrays(edges, firmness)
    keep = keep_apart(SIZE, joined, apart)
    kept = naive([edge for edge, stays in zip(edges, keep.tolist(), strict=True) if stays])
    assert all(kept[a] != kept[b] for a, b in apart)
    before = naive(edges)
    concerned = {before[a] for a, b in apart if before[a] == before[b]}
    assert all(
        stays or before[edge[0]] in concerned for edge, stays in zip(edges, keep.tolist(), strict=True)
    )


def test_the_least_firm_link_gives_way_and_of_equals_the_one_at_the_leaving_name() -> None:
    chain = [(0, 1), (1, 2), (2, 3)]
    assert keep_apart(SIZE, arrays(chain, [0, 0, 0]), [(0, 3)]).tolist() == [True, True, False]
    assert keep_apart(SIZE, arrays(chain, [1, 0, 2]), [(0, 3)]).tolist() == [True, False, True]
    assert keep_apart(SIZE, arrays(chain, [0, 0, 0]), [(3, 0)]).tolist() == [False, True, True]


TABLES = (
    "actors",
    "people",
    "accounts",
    "person_states",
    "links",
    "uncounted",
    "deals_counted",
    "visitor_spans",
)


def crowded(count: int) -> dict[str, list[dict[str, Any]]]:
    """A world with every rule at work, drawn at random but always the same."""
    draw = random.Random(SEED)
    mails = [f"p{n}@c{n % 4}.example" for n in range(12)]
    day = lambda: f"2026-01-{draw.randint(1, 28):02d}T{draw.randint(0, 23):02d}:00:00"  # noqa: E731
    people = [
        {
            "source": source,
            "source_id": str(n),
            "actor": f"{source}:person:{n}",
            "email": draw.choice([*mails, None]),
            "city": draw.choice(["Bonn", "Köln", None]),
            "occurred_at": day(),
            "account_id": draw.choice([None, f"{source}:account:{n % 3}"]),
        }
        for source in ("crm", "hub")
        for n in range(count)
    ]
    accounts = [
        {"source": s, "source_id": str(n), "domain": f"c{n}.example", "employees": n, "occurred_at": day()}
        for s in ("crm", "hub")
        for n in range(3)
    ]
    links = [
        {
            "source_id": f"l{n}",
            "kind": draw.choice(["join", "join", "join", "unjoin", "apart"]),
            "a": f"web:visitor:{n % 4}" if n % 2 else f"crm:person:{n % count}",
            "b": f"hub:person:{draw.randrange(count)}",
            "occurred_at": day(),
        }
        for n in range(count)
    ]
    links += [
        {"source_id": f"s{n}", "kind": "join", "a": "web:visitor:8", "b": name, "occurred_at": day()}
        for n, name in enumerate(("crm:person:0", "email:stranger@solo.example"))
    ]
    touches = [
        {
            "source": draw.choice(["crm", "hub", "web"]),
            "source_id": f"t{n}",
            "actor": draw.choice([f"web:visitor:{n % 9}", f"email:{draw.choice(mails)}"]),
            "kind": "form_submit",
            "occurred_at": f"2026-01-05T00:{n % 60:02d}:00",
        }
        for n in range(4 * count)
    ]
    deals = [
        {
            "source": s,
            "source_id": str(n),
            "twin": f"crm:deals:{n}" if s == "hub" else None,
            "actor": f"crm:person:{n}",
        }
        for s in ("crm", "hub")
        for n in range(4)
    ]
    return {"people": people, "accounts": accounts, "links": links, "touches": touches, "deals": deals}


def content(facts: dict[str, list[dict[str, Any]]]) -> dict[str, list[tuple[Any, ...]]]:
    engine = resolved(**facts)
    return {table: sorted(rows(engine, f"SELECT * FROM {table}"), key=repr) for table in TABLES}


def test_the_order_of_the_facts_changes_no_table() -> None:
    facts = crowded(10)
    expected = content(facts)
    assert all(expected.values())
    draw = random.Random(SEED + 1)
    shuffled = {table: draw.sample(given, len(given)) for table, given in facts.items()}
    assert shuffled != facts
    assert content(shuffled) == expected
