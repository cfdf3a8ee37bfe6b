"""The search box: what is found, in which order, and by whom."""

from __future__ import annotations

import pytest

from accord.insight.leads import EVERYTHING, Scope, search
from accord.ledger.engine import DuckDBEngine
from insight.leads_world import FACTS, RITA, SAM, judged, person

CELLS, ACME_CELL = ("campaign", "Cells"), ("deal", "Acme cell")
ACME_PEOPLE = [("person", "Ann Ash"), ("person", "Bob Bay"), ("person", "Fay Fink"), ("person", "Gus Gray")]


@pytest.fixture(scope="module")
def company() -> DuckDBEngine:
    return judged()


def found(
    engine: DuckDBEngine, text: str, scope: Scope = EVERYTHING, limit: int = 8
) -> list[tuple[str, str]]:
    return [(row["kind"], row["title"]) for row in search(engine, scope, text, limit=limit)]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Ann Ash", [("person", "Ann Ash")]),
        ("ash ann", [("person", "Ann Ash")]),
        ("bob@acme.example", [("person", "Bob Bay")]),
        ("eta", [("person", "Cat Cole"), ("account", "Beta Works")]),
        ("cell", [CELLS, ACME_CELL]),
        ("dorn consulting", [("person", "Dee Dorn")]),
        ("d1", [ACME_CELL]),
        ("nn", []),
        ("fi", [("person", "Fay Fink")]),
        ("' OR true --", []),
        ("  ", []),
    ],
)
def test_what_is_found(company: DuckDBEngine, text: str, titles: list[tuple[str, str]]) -> None:
    assert found(company, text) == titles


def test_a_result_leads_to_what_was_found(company: DuckDBEngine) -> None:
    ann, acme, deal = search(company, EVERYTHING, "acme ann") + [
        row for row in search(company, EVERYTHING, "acme") if row["kind"] in ("account", "deal")
    ]
    [known] = company.query("SELECT person, account FROM people WHERE first_name = 'Ann'").to_pylist()
    assert ann == {"kind": "person", "key": known["person"], "title": "Ann Ash", "subtitle": "Acme"}
    assert (acme["key"], acme["subtitle"]) == (known["account"], "acme.example")
    assert deal["subtitle"] == "Acme"
    [campaign] = search(company, EVERYTHING, "cells")
    assert campaign == {"kind": "campaign", "key": "cells", "title": "Cells", "subtitle": "Paid Search"}


def test_the_best_come_first_and_among_equals_the_latest() -> None:
    people = [
        person(1, "Joanna May a.example", None, None),
        person(2, "Mia Anna b.example", None, None),
        person(3, "Anna Lang c.example", None, None),
        person(4, "Annabel Sohn d.example", None, None),
        person(5, "Anna Sohn e.example", None, None),
    ]
    for row in people:
        row["email"] = f"p@{row['email'].split('@')[1]}"
    people[0]["company"] = "Anna"
    touches = [
        {"actor": f"crm:person:{n}", "occurred_at": f"2026-05-{day:02}", "kind": "webinar"}
        for n, day in ((3, 1), (4, 2), (5, 3))
    ]
    engine = judged(
        FACTS | {"people": people, "touches": touches, "activities": [], "feedback": [], "deals": []}
    )
    # Exactly (Joanna's company), beginning so (the latest first), a word beginning so.
    expected = ["Joanna May", "Anna Sohn", "Annabel Sohn", "Anna Lang", "Mia Anna"]
    assert [title for kind, title in found(engine, "anna") if kind == "person"] == expected
    assert [title for kind, title in found(engine, "anna", limit=2)] == expected[:2]
    assert [title for kind, title in found(engine, "nna so")] == ["Anna Sohn", "Annabel Sohn"]


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (EVERYTHING, [*ACME_PEOPLE, ("account", "Acme"), ACME_CELL]),
        (Scope(frozenset({RITA}), personal=True), [ACME_PEOPLE[0], ("account", "Acme"), ACME_CELL]),
        (Scope(frozenset({SAM}), personal=True), [*ACME_PEOPLE[1:], ("account", "Acme")]),
        (Scope(frozenset(), personal=True), []),
        (Scope(None, personal=False), [("account", "Acme"), ACME_CELL]),
        (Scope(frozenset({RITA}), personal=False), [("account", "Acme"), ACME_CELL]),
    ],
)
def test_who_finds_what(company: DuckDBEngine, scope: Scope, seen: list[tuple[str, str]]) -> None:
    assert sorted(found(company, "acme", scope)) == sorted(seen)


def test_campaigns_are_found_by_whoever_sees_anything(company: DuckDBEngine) -> None:
    assert CELLS in found(company, "cells", Scope(frozenset({SAM}), personal=False))
    assert found(company, "cells", Scope(frozenset(), personal=True)) == []


def test_an_account_is_found_by_its_peoples_owners(company: DuckDBEngine) -> None:
    assert found(company, "beta works", Scope(frozenset({RITA}), personal=False)) == [
        ("account", "Beta Works")
    ]
    assert found(company, "beta works", Scope(frozenset({SAM}), personal=False)) == []
