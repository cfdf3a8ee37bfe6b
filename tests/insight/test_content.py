"""Content: who took it, which sellers used it, and pieces that contradict one another."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from journey_world import MOMENT, TEXT, add, journey

from accord.insight.content import content, contradictions, steps
from accord.ledger.engine import DuckDBEngine


def taken(person: int, asset: str, day: str, **more: Any) -> dict[str, Any]:
    given = {"kind": "content_download", "channel": "Email", **more}
    return {"actor": f"crm:person:{person}", "asset": asset, "occurred_at": day, **given}


ASSETS = [
    {"name": "Guide", "kind": "guide", "product": "NR-6", "price": 48500, "currency": "EUR"},
    {"name": "Price list", "kind": "price_list", "product": "NR-6", "price": 52900, "currency": "EUR"},
    {"name": "Film", "product": "NR-4", "price": 31000},
]
TOUCHES = [
    taken(1, "Guide", "2026-01-10"),
    taken(1, "Guide", "2026-02-10"),
    taken(2, "Guide", "2026-02-11", channel="Direct"),
    taken(3, "Guide", "2026-02-12", machine=True),
    taken(2, "Story", "2026-02-13"),
    taken(2, "Line Notes", "2026-02-14", kind="email_delivered"),
]
USES = [
    {"asset": "Guide", "kind": "sent", "occurred_at": "2026-02-20"},
    {"asset": "Guide", "kind": "shown", "occurred_at": "2026-12-24"},
]
FEBRUARY = {"start": datetime(2026, 2, 1), "end": datetime(2026, 3, 1)}


@pytest.fixture
def engine() -> DuckDBEngine:
    made = journey(touches=TOUCHES, content_uses=USES, assets=ASSETS)
    first = datetime(2026, 1, 1)
    days = [
        {"kind": "day", "starts_utc": first + timedelta(n), "ends_utc": first + timedelta(n + 1)}
        for n in range(365)
    ]
    add(made, "periods", days, kind=TEXT, label=TEXT, starts_utc=MOMENT, ends_utc=MOMENT)
    made.run(steps())
    return made


def sums(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int, int]]:
    return {row["asset"]: (row["touches"], row["people"], row["uses"]) for row in rows}


def test_people_and_sellers_are_counted_machines_and_mere_mails_are_not(engine: DuckDBEngine) -> None:
    assert sums(content(engine)) == {
        "Guide": (3, 2, 1),
        "Story": (1, 1, 0),
        "Film": (0, 0, 0),
        "Price list": (0, 0, 0),
    }


def test_a_period_counts_who_took_a_piece_for_the_first_time(engine: DuckDBEngine) -> None:
    assert sums(content(engine, **FEBRUARY))["Guide"] == (2, 1, 1)


def test_a_channel_is_that_of_the_touch(engine: DuckDBEngine) -> None:
    assert sums(content(engine, channel="Direct"))["Guide"] == (1, 1, 0)


def test_pieces_of_the_list_and_of_the_facts_are_told_apart(engine: DuckDBEngine) -> None:
    found = {row["asset"]: (row["listed"], row["last_at"]) for row in content(engine)}
    assert found == {
        "Guide": (True, datetime(2026, 2, 20)),
        "Story": (False, datetime(2026, 2, 13)),
        "Film": (True, None),
        "Price list": (True, None),
    }


def test_two_prices_of_one_product_contradict(engine: DuckDBEngine) -> None:
    (group,) = contradictions(content(engine))
    assert [(row["asset"], row["price"]) for row in group] == [
        ("Guide", Decimal("48500.0000")),
        ("Price list", Decimal("52900.0000")),
    ]


@pytest.mark.parametrize(
    ("prices", "groups"),
    [
        ([("NR-6", 1, "EUR"), ("NR-6", 1, "EUR")], 0),
        ([("NR-6", 1, "EUR"), ("NR-4", 2, "EUR")], 0),
        ([("NR-6", 1, "EUR"), ("NR-6", None, None)], 0),
        ([(None, 1, "EUR"), (None, 2, "EUR")], 0),
        ([("NR-6", 1, "EUR"), ("NR-6", 1, "USD")], 1),
    ],
)
def test_only_prices_of_the_same_product_can_contradict(prices: list[tuple[Any, ...]], groups: int) -> None:
    rows = [dict(zip(("product", "price", "currency"), given, strict=True)) for given in prices]
    assert len(contradictions(rows)) == groups
