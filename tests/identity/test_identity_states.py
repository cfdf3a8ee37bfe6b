"""Attributes as known: when each value began to hold, and which record's value wins."""

from __future__ import annotations

from typing import Any

from identity_world import resolved

from accord.ledger.engine import DuckDBEngine
from world import rows

BEGINNING, END = "0001-01-01", "9999-12-31"


def person(number: int = 1, source: str = "crm", **more: Any) -> dict[str, Any]:
    return {"source": source, "source_id": str(number), "actor": f"{source}:person:{number}", **more}


def states(engine: DuckDBEngine, *columns: str) -> list[tuple[Any, ...]]:
    """The only person's spans: from and until as days, assumed, and the columns asked for."""
    days = "strftime(from_at, '%Y-%m-%d'), strftime(until_at, '%Y-%m-%d')"
    found = rows(engine, f"SELECT {days}, assumed, {', '.join(columns)} FROM person_states ORDER BY from_at")
    return [(_year(start), _year(end), *rest) for start, end, *rest in found]


def _year(day: str) -> str:
    return day.rjust(10, "0")


def test_a_snapshot_of_history_holds_from_the_records_creation_and_is_assumed() -> None:
    record = person(
        job_title="Head", created_at="2025-03-01", occurred_at="2026-01-01", email="a@acme.example"
    )
    engine = resolved(people=[record])
    assert states(engine, "job_title", "has_email", "email_domain") == [
        (BEGINNING, "2025-03-01", False, None, None, None),
        ("2025-03-01", END, True, "Head", True, "acme.example"),
    ]


def test_a_record_first_seen_live_holds_from_when_it_was_recorded() -> None:
    record = person(job_title="Head", created_at="2025-03-01", history=False, recorded_at="2026-05-01")
    engine = resolved(people=[record])
    assert states(engine, "job_title") == [
        (BEGINNING, "2026-05-01", False, None),
        ("2026-05-01", END, False, "Head"),
    ]


def test_later_states_follow_in_the_order_they_became_known() -> None:
    first = person(job_title="Analyst", created_at="2025-01-01", occurred_at="2025-01-01")
    second = person(job_title="Head", created_at="2025-01-01", occurred_at="2025-06-01")
    third = person(job_title=None, created_at="2025-01-01", history=False, recorded_at="2026-02-01")
    engine = resolved(people=[third], states_people=[third, first, second])
    assert states(engine, "job_title") == [
        (BEGINNING, "2025-01-01", False, None),
        ("2025-01-01", "2025-06-01", False, "Analyst"),
        ("2025-06-01", "2026-02-01", False, "Head"),
        ("2026-02-01", END, False, None),
    ]


def test_an_older_state_that_arrives_late_changes_nothing() -> None:
    new = person(job_title="Head", history=False, recorded_at="2026-02-01", source_updated_at="2026-02-01")
    old = person(job_title="Analyst", history=False, recorded_at="2026-03-01", source_updated_at="2026-01-01")
    engine = resolved(people=[new], states_people=[new, old])
    assert states(engine, "job_title") == [
        (BEGINNING, "2026-02-01", False, None),
        ("2026-02-01", END, False, "Head"),
    ]


def test_of_several_records_the_newest_value_wins_and_the_master_among_equals() -> None:
    crm = person(email="a@acme.example", job_title="Head", city="Bonn", occurred_at="2026-01-01")
    hub = person(7, "hub", email="a@acme.example", job_title="Boss", country="DE", occurred_at="2026-01-01")
    newer = person(8, "hub", email="a@acme.example", city="Köln", occurred_at="2026-02-01")
    engine = resolved(people=[crm, hub, newer])
    assert states(engine, "job_title", "city", "country") == [
        (BEGINNING, "2026-01-01", False, None, None, None),
        ("2026-01-01", "2026-02-01", False, "Head", "Bonn", "DE"),
        ("2026-02-01", END, False, "Head", "Köln", "DE"),
    ]
    assert rows(engine, "SELECT job_title, city, country FROM people") == [("Head", "Köln", "DE")]


def test_a_deleted_record_leaves_its_fields_to_the_others() -> None:
    crm = person(email="a@acme.example", job_title="Head", occurred_at="2026-01-01")
    hub = person(7, "hub", email="a@acme.example", job_title="Boss", occurred_at="2026-02-01")
    gone = {**hub, "deleted": True, "occurred_at": "2026-03-01"}
    touch = {"actor": "hub:person:7", "kind": "page_view"}
    join = {"kind": "join", "a": "hub:person:7", "b": "crm:person:1"}
    engine = resolved(people=[crm], states_people=[crm, hub, gone], touches=[touch], links=[join])
    assert states(engine, "job_title") == [
        (BEGINNING, "2026-01-01", False, None),
        ("2026-01-01", "2026-02-01", False, "Head"),
        ("2026-02-01", "2026-03-01", False, "Boss"),
        ("2026-03-01", END, False, "Head"),
    ]


def test_own_fields_of_several_records_are_taken_one_by_one() -> None:
    contact = person(fields='{"budget":"true","timeline":"later"}', occurred_at="2026-01-01")
    lead = {
        "source_id": "9",
        "actor": "crm:lead:9",
        "person": "crm:person:1",
        "fields": '{"timeline":"now"}',
        "occurred_at": "2026-02-01",
    }
    engine = resolved(fields={"budget": "person", "timeline": "lead"}, people=[contact], source_leads=[lead])
    assert rows(engine, "SELECT fields->>'budget', fields->>'timeline' FROM people") == [("true", "now")]


def test_the_account_changes_the_states_of_its_people() -> None:
    people = [person(account_id="crm:account:1", occurred_at="2026-01-10")]
    small = {"source_id": "1", "employees": 10, "occurred_at": "2026-01-05"}
    large = {"source_id": "1", "employees": 90, "occurred_at": "2026-02-01", "is_customer": True}
    engine = resolved(people=people, accounts=[large], states_accounts=[small, large])
    assert states(engine, "employees", "is_customer") == [
        (BEGINNING, "2026-01-10", False, None, None),
        ("2026-01-10", "2026-02-01", False, 10.0, None),
        ("2026-02-01", END, False, 90.0, True),
    ]


def test_a_person_who_moved_has_the_account_of_the_time() -> None:
    before = person(account_id="crm:account:1", occurred_at="2026-01-10")
    after = person(account_id="crm:account:2", occurred_at="2026-02-10")
    accounts = [{"source_id": n, "name": f"Company {n}", "occurred_at": "2026-01-01"} for n in "12"]
    engine = resolved(people=[after], states_people=[before, after], accounts=accounts)
    assert states(engine, "account_name") == [
        (BEGINNING, "2026-01-10", False, None),
        ("2026-01-10", "2026-02-10", False, "Company 1"),
        ("2026-02-10", END, False, "Company 2"),
    ]


def test_somebody_known_by_address_alone_has_that_from_the_beginning() -> None:
    engine = resolved(touches=[{"actor": "email:a@acme.example", "kind": "email_open"}])
    assert states(engine, "email_domain", "account_domain", "free_mail") == [
        (BEGINNING, END, False, "acme.example", "acme.example", False)
    ]
