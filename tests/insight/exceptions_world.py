"""Worlds for the tests of exceptions: read models in, findings out."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
from journey_world import FLAG, MOMENT, TEXT, WHOLE, add
from read_models import agreement, read_models

from accord.insight.exceptions import plain, steps, tell
from accord.insight.exceptions.finding import Look
from accord.ledger.engine import DuckDBEngine

OTHERS: dict[str, dict[str, pa.DataType]] = {
    "lead_list": {
        "lead": WHOLE,
        "person_id": TEXT,
        "owner_name": TEXT,
        "worked_by_two": FLAG,
        "closed_at": MOMENT,
        "last_activity_at": MOMENT,
    },
    "name_people": {"actor": TEXT, "person": WHOLE},
    "stage_evidence": {"stage": TEXT, "evidence": TEXT},
    "unattributed": {"table_name": TEXT, "reason": TEXT, "n": WHOLE},
    "verdicts_without_evidence": {"lead": WHOLE, "stage": TEXT, "at": MOMENT, "evidence": TEXT},
}
"""Read models that `read_models` does not have: columns by name."""

NOW = datetime(2026, 6, 1)


def agreed(*, promised_hours: int | None = 24, go_live: date | None = None, **parts: Any) -> SimpleNamespace:
    """The part of an agreement that exceptions read; a first contact is promised within so many hours."""
    made = agreement(**parts)
    within = SimpleNamespace(seconds=(promised_hours or 0) * 3600, business=False)
    contact = None if promised_hours is None else SimpleNamespace(within=within)
    made.sla.sales = SimpleNamespace(first_contact=contact)
    made.go_live, made.calendar = go_live, SimpleNamespace(zone="UTC")
    made.currency, made.handoff = "EUR", SimpleNamespace(at="mql")
    return made


def look(
    agreement: SimpleNamespace,
    facts: dict[str, list[dict[str, Any]]] | None = None,
    now: datetime = NOW,
    **tables: list[Any],
) -> Look:
    """A look at a world of these read models and facts, the steps of exceptions run."""
    others = {name: tables.pop(name, []) for name in OTHERS}
    engine: DuckDBEngine = read_models(facts, as_of=[{"now": now.isoformat()}], **tables)
    for name, columns in OTHERS.items():
        add(engine, name, others[name], **columns)
    engine.run(steps())
    return Look(engine, agreement, now)  # type: ignore[arg-type]


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def said(kind: str, data: Any) -> str:
    """The title of a finding, in English."""
    return plain(tell(kind, data).title)
