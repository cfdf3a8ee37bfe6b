"""The timeline: whose each event is, what made it, and whether it counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from journey_world import journey

from accord.ledger.engine import DuckDBEngine
from world import rows

NINE = datetime(2026, 3, 2, 9)
PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
CHROME = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"


def touch(
    number: int, seconds: float = 0, actor: str = "email:ann@acme.example", **more: Any
) -> dict[str, Any]:
    at = NINE + timedelta(seconds=seconds)
    return {"source_id": str(number), "actor": actor, "kind": "page_view", "occurred_at": at, **more}


def click(number: int, seconds: float, url: str = "", **more: Any) -> dict[str, Any]:
    return touch(
        number, seconds, kind="email_click", **{"message": "m1", "asset": "spring", "url": url, **more}
    )


def machines(engine: DuckDBEngine) -> dict[str, str]:
    """Source ids of touches not made by a human, with the reason."""
    found = "SELECT t.source_id, l.quality_reason FROM timeline AS l JOIN facts.touches AS t USING (fact_id)"
    return dict(rows(engine, f"{found} WHERE l.quality = 'machine'"))


@pytest.mark.parametrize(
    ("agent", "kind", "machine"),
    [
        ("Mozilla/5.0", "email_open", True),
        ("Mozilla/5.0", "email_click", False),
        (CHROME, "email_open", False),
        (PROXY, "email_open", True),
        (PROXY, "email_click", False),
        ("YahooMailProxy; https://help.yahoo.com/kb/", "email_open", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "page_view", True),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)", "page_view", True),
        ("python-requests/2.32", "form_submit", True),
        ("Mozilla/5.0 (iPhone) Cubot/3 Mobile Safari", "page_view", False),
        (None, "email_open", False),
    ],
)
def test_known_agents_are_machines(agent: str | None, kind: str, machine: bool) -> None:
    assert bool(machines(journey(touches=[touch(1, agent=agent, kind=kind)]))) == machine


def test_what_the_tool_calls_a_machine_is_one_and_a_sequence_is_no_seller() -> None:
    call = {"actor": "email:ann@acme.example", "kind": "email", "automated": True}
    engine = journey(touches=[touch(1, machine=True), touch(2, machine=False)], activities=[call])
    assert machines(engine) == {"1": "the tool says a machine did it"}
    assert rows(engine, "SELECT quality, quality_reason FROM timeline WHERE team = 'sales'") == [
        ("machine", "sent by a sequence")
    ]


def test_clicks_under_five_seconds_after_delivery_to_the_same_person_are_a_machines() -> None:
    person = {"source_id": "1", "actor": "crm:person:1", "email": "ann@acme.example"}
    delivered = touch(1, 0, "crm:person:1", kind="email_delivered", message="m1")
    engine = journey(
        people=[person],
        touches=[
            delivered,
            click(2, 4.9),
            click(3, 5),
            click(4, 1, message="m2"),
            click(5, 1, actor="email:bob@acme.example"),
            click(6, -1),
        ],
    )
    assert machines(engine) == {"2": "clicked under 5 seconds after delivery"}


def test_all_links_of_a_mail_within_ten_seconds_are_a_machines() -> None:
    ann = [click(1, 0, "https://x.example/a?id=1"), click(2, 10, "https://x.example/b?id=1")]
    later = click(3, 3600, "https://x.example/a?id=1")
    bob = [
        click(n, s, f"https://x.example/{link}", actor="email:bob@acme.example")
        for n, s, link in ((4, 0, "a"), (5, 11, "b"))
    ]
    engine = journey(touches=[*ann, later, *bob])
    reason = "all links of the mail clicked within 10 seconds"
    assert machines(engine) == {"1": reason, "2": reason}


def test_some_links_of_a_mail_or_the_only_one_may_be_a_humans() -> None:
    some = [click(1, 0, "https://x.example/a"), click(2, 5, "https://x.example/b")]
    third = click(3, 9, "https://x.example/c", actor="email:bob@acme.example")
    only = [
        click(4, 0, "https://x.example/a", asset="other"),
        click(5, 1, "https://x.example/a", asset="other"),
    ]
    assert machines(journey(touches=[*some, third, *only])) == {}


def test_own_staff_and_test_records_are_internal() -> None:
    people = [{"source_id": "1", "actor": "crm:person:1", "is_test": True}]
    touches = [
        touch(1, actor="email:me@northwind.example", machine=True),
        touch(2, actor="crm:person:1"),
        touch(3),
    ]
    engine = journey(people=people, touches=touches)
    assert sorted(rows(engine, "SELECT quality, quality_reason FROM timeline"), key=str) == [
        ("human", None),
        ("internal", "a test record"),
        ("internal", "own domain northwind.example"),
    ]


def test_touches_and_activities_stand_in_one_timeline() -> None:
    person = {"source_id": "1", "actor": "crm:person:1", "email": "ann@acme.example"}
    call = {
        "actor": "crm:person:1",
        "kind": "call",
        "direction": "outbound",
        "outcome": "connected",
        "owner_id": "crm:owner:4",
        "occurred_at": "2026-03-03",
        "history": False,
        "recorded_at": "2026-03-05",
    }
    form = touch(1, kind="form_submit", form="demo", channel="Direct", campaign="spring")
    engine = journey(people=[person], touches=[form], activities=[call])
    days = '"at"::DATE::VARCHAR, known_at::DATE::VARCHAR'
    columns = f"person, account, {days}, team, kind, form, channel, outcome, counted"
    assert rows(engine, f'SELECT {columns} FROM timeline ORDER BY "at"') == [
        (1, 1, "2026-03-02", "2026-03-02", "marketing", "form_submit", "demo", "Direct", None, True),
        (1, 1, "2026-03-03", "2026-03-05", "sales", "call", None, None, "connected", True),
    ]


def test_an_activity_of_a_person_without_a_company_takes_its_own() -> None:
    call = {"actor": "email:a@gmail.com", "kind": "call", "account_id": "crm:account:5"}
    engine = journey(activities=[call])
    assert rows(engine, "SELECT account FROM timeline") == rows(
        engine, "SELECT account FROM accounts WHERE account_id = 'crm:account:5'"
    )


def test_a_shared_browsers_events_go_to_whoever_had_it() -> None:
    people = [
        {"source_id": str(n), "actor": f"crm:person:{n}", "account_id": f"crm:account:{n}"} for n in (1, 2)
    ]
    seen = [("crm:person:1", "2026-03-10"), ("crm:person:2", "2026-03-20")]
    links = [{"kind": "join", "a": "web:visitor:v", "b": name, "occurred_at": at} for name, at in seen]
    days = ("2026-03-01", "2026-03-10", "2026-03-19", "2026-03-20", "2026-04-01")
    touches = [{"actor": "web:visitor:v", "kind": "page_view", "occurred_at": day} for day in days]
    engine = journey(people=people, links=links, touches=touches)
    assert rows(engine, 'SELECT person, account FROM timeline ORDER BY "at"') == [
        (1, 1),
        (1, 1),
        (1, 1),
        (2, 2),
        (2, 2),
    ]


def test_what_a_browser_did_before_it_was_known_counts_for_the_person_from_then() -> None:
    people = [{"source_id": "1", "actor": "crm:person:1"}]
    links = [{"kind": "join", "a": "web:visitor:v", "b": "crm:person:1", "occurred_at": "2026-03-10"}]
    touches = [
        {"actor": "web:visitor:v", "kind": "page_view", "occurred_at": day}
        for day in ("2026-03-01", "2026-03-12")
    ]
    engine = journey(people=people, links=links, touches=touches)
    found = rows(engine, 'SELECT "at", known_at FROM timeline ORDER BY "at"')
    assert [(at.day, known.day) for at, known in found] == [(1, 10), (12, 12)]


def test_a_mirrored_event_stays_visible_and_does_not_count() -> None:
    touches = [touch(1, kind="form_submit"), touch(2, 20, kind="form_submit", source="hub")]
    engine = journey(touches=touches)
    assert rows(engine, "SELECT source, counted, uncounted_reason IS NULL FROM timeline ORDER BY source") == [
        ("crm", True, True),
        ("hub", False, False),
    ]
    unjoin = {"kind": "unjoin", "a": "hub:touches:2", "b": "crm:touches:1"}
    again = journey(touches=touches, links=[unjoin])
    assert rows(again, "SELECT count(*) FILTER (WHERE counted) FROM timeline") == [(2,)]


def test_an_event_that_names_nobody_is_not_in_the_timeline() -> None:
    engine = journey(touches=[touch(1), touch(2, actor=None)])  # type: ignore[arg-type]
    assert rows(engine, "SELECT count(*) FROM timeline") == [(1,)]
