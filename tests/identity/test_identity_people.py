"""Who is who: each rule that joins names to people, and what takes a join back."""

from __future__ import annotations

from identity_world import resolved

from accord.ledger.engine import DuckDBEngine
from world import rows


def together(engine: DuckDBEngine) -> set[frozenset[str]]:
    """The people as sets of their names."""
    people: dict[int, set[str]] = {}
    for actor, person in rows(engine, "SELECT actor, person FROM actors"):
        people.setdefault(person, set()).add(actor)
    return {frozenset(names) for names in people.values()}


def person(number: int, source: str = "crm", **more: object) -> dict[str, object]:
    return {"source": source, "source_id": str(number), "actor": f"{source}:person:{number}", **more}


def test_the_same_address_in_two_tools_is_one_person_however_it_is_written() -> None:
    engine = resolved(
        people=[person(1, email=" Ann@Acme.example"), person(7, "hub", email="ann@acme.example")]
    )
    assert together(engine) == {frozenset({"crm:person:1", "hub:person:7", "email:ann@acme.example"})}
    assert rows(engine, "SELECT person, person_id, email, anonymous FROM people") == [
        (1, "crm:person:1", "ann@acme.example", False)
    ]
    assert rows(engine, "SELECT a, b, rule FROM links ORDER BY a, b") == [
        ("crm:person:1", "domain:acme.example", "mail_domain"),
        ("crm:person:1", "email:ann@acme.example", "same_email"),
        ("hub:person:7", "email:ann@acme.example", "same_email"),
    ]


def test_a_lead_record_joins_its_person_and_its_address() -> None:
    lead = {"source_id": "9", "actor": "crm:lead:9", "person": "crm:person:1", "email": "ann@acme.example"}
    engine = resolved(people=[person(1), person(2, email="bob@acme.example")], source_leads=[lead])
    assert together(engine) == {
        frozenset({"crm:person:1", "crm:lead:9", "email:ann@acme.example"}),
        frozenset({"crm:person:2", "email:bob@acme.example"}),
    }
    assert ("crm:lead:9", "crm:person:1", "lead_of") in rows(engine, "SELECT a, b, rule FROM links")
    assert rows(engine, "SELECT email FROM people ORDER BY person") == [
        ("ann@acme.example",),
        ("bob@acme.example",),
    ]


def test_an_id_of_another_tool_joins_two_records() -> None:
    first = person(3, object="contact")
    second = person(8, "hub", object="contact", twin="crm:contact:3")
    engine = resolved(people=[first, second, person(4)])
    assert together(engine) == {frozenset({"crm:person:3", "hub:person:8"}), frozenset({"crm:person:4"})}


def test_names_that_no_record_stands_behind_are_people_too() -> None:
    touches = [
        {"actor": "email:bob@acme.example", "kind": "email_open"},
        {"actor": "crm:person:5", "kind": "page_view"},
        {"actor": "web:visitor:v1", "kind": "page_view"},
    ]
    engine = resolved(touches=touches)
    assert rows(
        engine, "SELECT person, person_id, email, has_email, anonymous FROM people ORDER BY person"
    ) == [
        (1, "crm:person:5", None, False, False),
        (2, "email:bob@acme.example", "bob@acme.example", True, False),
        (3, "web:visitor:v1", None, False, True),
    ]


def test_a_deleted_record_keeps_its_person_while_events_name_it() -> None:
    state = person(5, email="eve@acme.example", first_name="Eve")
    gone = {**state, "deleted": True, "occurred_at": "2026-02-01"}
    engine = resolved(
        people=[], states_people=[state, gone], touches=[{"actor": "crm:person:5", "kind": "page_view"}]
    )
    assert rows(engine, "SELECT person_id, first_name, email FROM people") == [("crm:person:5", None, None)]


def test_a_visitor_identified_once_brings_its_earlier_events_along() -> None:
    link = {"kind": "join", "a": "web:visitor:v1", "b": "crm:person:1", "occurred_at": "2026-01-10"}
    engine = resolved(
        people=[person(1)],
        links=[link],
        touches=[{"actor": "web:visitor:v1", "kind": "page_view", "occurred_at": "2026-01-01"}],
    )
    assert together(engine) == {frozenset({"crm:person:1", "web:visitor:v1"})}
    assert rows(engine, "SELECT * FROM visitor_spans") == []


def test_a_visitor_of_two_people_merges_neither_and_changes_hands_in_time() -> None:
    seen = [("2026-01-10", "crm:person:1"), ("2026-01-20", "crm:person:2"), ("2026-01-30", "crm:person:1")]
    links = [
        {"kind": "join", "a": name, "b": "web:visitor:v1", "occurred_at": at, "rule": "same_row"}
        for at, name in seen
    ]
    engine = resolved(people=[person(1), person(2)], links=links)
    assert len(rows(engine, "SELECT * FROM people")) == 2
    spans = "SELECT person, from_at::VARCHAR, until_at::VARCHAR FROM visitor_spans ORDER BY from_at"
    assert rows(engine, spans) == [
        (1, "0001-01-01 00:00:00", "2026-01-20 00:00:00"),
        (2, "2026-01-20 00:00:00", "2026-01-30 00:00:00"),
        (1, "2026-01-30 00:00:00", "9999-12-31 00:00:00"),
    ]
    assert rows(engine, "SELECT person FROM actors WHERE actor = 'web:visitor:v1'") == [(1,)]


def test_two_browsers_of_one_person_are_one_person_even_if_only_one_was_identified() -> None:
    links = [
        {"kind": "join", "a": "web:visitor:v1", "b": "web:visitor:v2"},
        {"kind": "join", "a": "web:visitor:v2", "b": "email:ann@acme.example"},
    ]
    assert together(resolved(links=links)) == {
        frozenset({"web:visitor:v1", "web:visitor:v2", "email:ann@acme.example"})
    }


def test_unjoin_takes_the_direct_link_away_and_only_that() -> None:
    people = [person(1, email="ann@acme.example"), person(7, "hub", email="ann@acme.example")]
    unjoin = {"kind": "unjoin", "a": "email:ANN@acme.example", "b": "hub:person:7"}
    engine = resolved(people=people, links=[unjoin])
    assert together(engine) == {
        frozenset({"crm:person:1", "email:ann@acme.example"}),
        frozenset({"hub:person:7"}),
    }
    assert rows(engine, "SELECT a FROM links WHERE rule = 'same_email'") == [("crm:person:1",)]


def test_unjoin_stands_against_a_tool_that_sends_the_link_again_but_not_against_a_later_hand() -> None:
    unjoin = {"kind": "unjoin", "a": "crm:person:1", "b": "web:visitor:v1", "occurred_at": "2026-01-05"}
    again = {"kind": "join", "a": "web:visitor:v1", "b": "crm:person:1", "occurred_at": "2026-01-09"}
    people = [person(1)]
    touches = [{"actor": "web:visitor:v1", "kind": "page_view"}]
    by_tool = resolved(people=people, touches=touches, links=[unjoin, {**again, "rule": "same_row"}])
    by_hand = resolved(people=people, touches=touches, links=[unjoin, {**again, "rule": "by_hand"}])
    assert (len(together(by_tool)), len(together(by_hand))) == (2, 1)


def test_apart_makes_the_later_record_give_way_and_keeps_what_hangs_on_it() -> None:
    people = [
        person(1, email="office@acme.example", created_at="2025-01-01"),
        person(7, "hub", email="office@acme.example", created_at="2024-01-01"),
    ]
    lead = {"source_id": "9", "actor": "crm:lead:9", "person": "crm:person:1"}
    apart = {"kind": "apart", "a": "crm:person:1", "b": "hub:person:7"}
    engine = resolved(people=people, source_leads=[lead], links=[apart])
    assert together(engine) == {
        frozenset({"hub:person:7", "email:office@acme.example"}),
        frozenset({"crm:person:1", "crm:lead:9"}),
    }
    assert ("crm:person:1", "email:office@acme.example") not in rows(engine, "SELECT a, b FROM links")


def test_apart_holds_over_a_detour_of_stated_joins() -> None:
    joins = [
        {"kind": "join", "a": "crm:person:1", "b": "crm:person:2", "rule": "by_hand"},
        {"kind": "join", "a": "crm:person:2", "b": "crm:person:3", "rule": "same_row"},
    ]
    apart = {"kind": "apart", "a": "crm:person:3", "b": "crm:person:1"}
    engine = resolved(people=[person(1), person(2), person(3)], links=[*joins, apart])
    assert together(engine) == {frozenset({"crm:person:1", "crm:person:2"}), frozenset({"crm:person:3"})}


def test_people_are_numbered_without_gaps_in_order_of_their_names() -> None:
    engine = resolved(
        people=[person(n) for n in (3, 1, 2)], touches=[{"actor": "email:a@b.example", "kind": "x"}]
    )
    assert rows(engine, "SELECT person, person_id FROM people ORDER BY person") == [
        (1, "crm:person:1"),
        (2, "crm:person:2"),
        (3, "crm:person:3"),
        (4, "email:a@b.example"),
    ]


def test_facts_that_name_nobody_are_counted() -> None:
    engine = resolved(touches=[{"kind": "page_view"}, {"kind": "page_view"}], activities=[{"kind": "call"}])
    assert sorted(rows(engine, "SELECT table_name, reason, n FROM unattributed")) == [
        ("activities", "no actor", 1),
        ("touches", "no actor", 2),
    ]
