"""A small company judged as the pipeline does it, for tests of what people see of its leads.

Rita owns Ann and Cat, and has an owner record in two tools; Sam owns Bob, Fay and Gus; nobody owns Dee.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa

from accord import agreement, identity
from accord.insight import journey, leads, metrics, scoring
from accord.ledger.engine import DuckDBEngine
from identity.identity_world import add_small_tables
from insight.read_models import BIG, TEXT, TIME
from world import world

NOW = datetime(2026, 6, 1)
RITA, SAM = "rita@northwind.example", "sam@northwind.example"

PROMISED = """
agreement: Northwind Robotics
currency: EUR
calendar: {zone: Europe/Berlin, mon-fri: "09:00-17:30"}
audience:
  segments: [{name: large, where: "employees >= 100"}, {name: small, where: "employees < 100"}]
scoring:
  fit:
    size: {where: "employees >= 100", points: 20}
    role: {where: "role = 'operations'", points: 30}
    wrong_country: {where: "country = 'XX'", points: -35}
  engagement:
    webinar: {on: webinar, points: 15}
    demo: {on: form_submit, where: "form = 'demo'", points: 40, hand_raiser: true}
  caps: {fit: 45, engagement: 60}
stages:
  mql: {kind: gate, when: "(fit >= 40 and engagement >= 30) or (hand_raiser and fit > 0)"}
  sal: {kind: sla, enter: accepted}
  opportunity: {kind: inventory, enter: deal_open}
  customer: {kind: inventory, enter: deal_won}
handoff: {at: mql, otherwise: sdr-pool}
sla: {sales: {first_contact: {within: 24 hours, evidence: human_outbound}}}
"""


def person(number: int, name: str, account: int | None, owner: int | None, **more: Any) -> dict[str, Any]:
    first, last, domain = name.split()
    row = {"source_id": str(number), "object": "person", "actor": f"crm:person:{number}"}
    row |= {"first_name": first, "last_name": last, "email": f"{first.lower()}@{domain}"}
    row |= {"account_id": f"crm:account:{account}" if account else None}
    return row | {"owner_id": f"crm:owner:{owner}" if owner else None} | more


def touch(number: int, day: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"actor": f"crm:person:{number}", "occurred_at": day, "kind": kind, "channel": "Email", **more}


def demo(number: int, day: str) -> dict[str, Any]:
    return touch(number, day, "form_submit", form="demo", channel="Paid Search", campaign="cells")


def call(number: int, day: str, owner: str, **more: Any) -> dict[str, Any]:
    row = {"actor": f"crm:person:{number}", "occurred_at": day, "owner_id": owner, "kind": "call"}
    return row | {"direction": "outbound", "outcome": "connected"} | more


def owner(number: int, email: str, name: str, source: str = "crm") -> dict[str, Any]:
    first, last = name.split()
    row = {"source": source, "source_id": str(number), "object": "owner", "email": email}
    return row | {"first_name": first, "last_name": last, "team": "north"}


FACTS: dict[str, list[dict[str, Any]]] = {
    "owners": [
        owner(1, RITA, "Rita Sommer"),
        owner(2, SAM, "Sam Tull"),
        owner(9, RITA, "Rita Sommer", source="hub"),
    ],
    "accounts": [
        {
            "source_id": "100",
            "object": "account",
            "name": "Acme",
            "domain": "acme.example",
            "employees": 500.0,
        },
        {"source_id": "101", "object": "account", "name": "Beta Works", "domain": "beta.example"},
    ],
    "people": [
        person(
            1, "Ann Ash acme.example", 100, 1, role="operations", phone="+49 30 1", job_title="Plant lead"
        ),
        person(2, "Bob Bay acme.example", 100, 2, role="finance"),
        person(3, "Cat Cole beta.example", 101, 1),
        person(4, "Dee Dorn mail.example", None, None, role="operations", company="Dorn Consulting"),
        person(5, "Eve Eck northwind.example", None, None),
        person(6, "Fay Fink acme.example", 100, 2, role="operations"),
        person(7, "Gus Gray acme.example", 100, 2, role="operations"),
    ],
    "touches": [
        demo(1, "2026-05-01T10:00"),
        demo(2, "2026-05-03T10:00"),
        touch(3, "2026-05-04T10:00", "webinar"),
        touch(3, "2026-05-05T10:00", "webinar"),
        touch(4, "2026-05-06T10:00", "webinar"),
        touch(5, "2026-05-07T10:00", "webinar"),
        demo(6, "2026-05-08T10:00"),
        demo(7, "2026-04-01T10:00"),
    ],
    "activities": [
        call(1, "2026-05-02T16:00", "crm:owner:1"),
        call(1, "2026-05-03T10:00", "hub:owner:9"),
        call(1, "2026-05-04T10:00", "crm:owner:2", kind="note"),
        call(6, "2026-05-08T11:30", "crm:owner:2"),
        call(6, "2026-05-20T10:00", "crm:owner:1"),
        call(7, "2026-04-02T10:00", "crm:owner:1"),
        call(7, "2026-05-02T10:00", "crm:owner:2"),
    ],
    "feedback": [
        {
            "actor": "crm:person:1",
            "occurred_at": "2026-05-03T12:00",
            "kind": "verdict",
            "verdict": "accepted",
            "owner_id": "crm:owner:1",
        },
        {
            "actor": "crm:person:6",
            "occurred_at": "2026-05-21T12:00",
            "kind": "verdict",
            "verdict": "disqualified",
            "reason": "too_small",
            "note": "Fay is leaving",
        },
    ],
    "deals": [
        {
            "source_id": "d1",
            "object": "deal",
            "name": "Acme cell",
            "account_id": "crm:account:100",
            "actor": "crm:person:1",
            "owner_id": "crm:owner:1",
            "amount": 1000,
            "currency": "EUR",
            "status": "open",
            "created_at": "2026-05-10",
            "occurred_at": "2026-05-10",
        },
    ],
    "campaigns": [{"source_id": "c1", "object": "campaign", "name": "Cells", "channel": "Paid Search"}],
}


def judged(facts: dict[str, list[dict[str, Any]]] | None = None, text: str = PROMISED) -> DuckDBEngine:
    """The read models of these facts (of all of FACTS unless given) under the agreement `text`, at NOW."""
    promised = agreement.parse(text)
    engine = world(**(facts or FACTS))
    _add_small_tables(engine, promised)
    identity.resolve(engine, promised)
    engine.run(journey.timeline_steps(promised))
    engine.run([*scoring.steps(promised), *scoring.decide()])
    engine.run(journey.stage_steps(promised))
    engine.run(metrics.steps())
    engine.run(leads.steps(promised))
    return engine


def _add_small_tables(engine: DuckDBEngine, promised: agreement.Agreement) -> None:
    add_small_tables(engine, ("crm", "hub", "web"))
    span = {
        "version": promised.behaviour_hash,
        "from_at": datetime(1, 1, 1),
        "until_at": datetime(9999, 12, 31),
    }
    spans = {"version": TEXT, "from_at": TIME, "until_at": TIME}
    add(engine, "as_of", [{"now": NOW}], now=TIME)
    add(engine, "versions_in_force", [span], **spans)
    add(engine, "in_force", [span], **spans)
    add(engine, "workspace_currency", [{"currency": "EUR"}], currency=TEXT)
    add(engine, "periods", [], kind=TEXT, label=TEXT, starts_utc=TIME, ends_utc=TIME)
    stages = [
        {"stage_no": n, "stage": s.name, "kind": s.kind, "enter": s.enter, "label": s.name.upper()}
        for n, s in enumerate(promised.stages, start=1)
    ]
    add(engine, "stages", stages, stage_no=BIG, stage=TEXT, kind=TEXT, enter=TEXT, label=TEXT)


def add(engine: DuckDBEngine, name: str, given: list[dict[str, Any]], **columns: pa.DataType) -> None:
    """A table of these rows; columns not given are null."""
    engine.add(name, pa.Table.from_pylist(given, schema=pa.schema(list(columns.items()))))
