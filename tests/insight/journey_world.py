"""Worlds for the journey's tests: facts in, timeline, cycles, stages and leads out."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pyarrow as pa

from accord.identity import resolve
from accord.insight.journey import stage_steps, timeline_steps
from accord.ledger.engine import DuckDBEngine
from identity.identity_world import add_small_tables, agreement
from world import world

TEXT, WHOLE, MOMENT, FLAG, POINTS = (
    pa.string(),
    pa.int64(),
    pa.timestamp("us"),
    pa.bool_(),
    pa.decimal128(38, 9),
)
NOW = datetime(2026, 6, 1)
STAGES = (
    ("mql", "gate", None),
    ("sal", "sla", "accepted"),
    ("sql", "sla", "qualified"),
    ("opportunity", "inventory", "deal_open"),
    ("customer", "inventory", "deal_won"),
)


def journey(rest_days: int = 30, **facts: Any) -> DuckDBEngine:
    """The world of these facts with its timeline and cycles; recycled leads rest `rest_days`."""
    engine = world(**facts)
    add_small_tables(engine, ("crm", "hub", "web"))
    add(engine, "as_of", [{"now": NOW}], now=MOMENT)
    resolve(engine, agreement())
    engine.run(timeline_steps(_agreement(rest_days)))
    return engine


def stages(
    engine: DuckDBEngine,
    decisions: list[tuple[int, str, str]] = (),  # type: ignore[assignment]
    when: list[tuple[int, str, str, bool]] = (),  # type: ignore[assignment]
    evidence: dict[str, str] | None = None,
    **tables: list[dict[str, Any]],
) -> DuckDBEngine:
    """The same with `stage_entries` and `leads`: decisions are (lead, stage, day), `when` (lead, stage, day,
    holds), `evidence` what a stage asks for; other tables as rows."""
    named = [
        {"stage_no": n, "stage": s, "kind": k, "enter": e} for n, (s, k, e) in enumerate(STAGES, start=1)
    ]
    add(engine, "stages", tables.get("named", named), stage_no=WHOLE, stage=TEXT, kind=TEXT, enter=TEXT)
    made = [{"lead": lead, "stage": stage, "decided_at": _day(day)} for lead, stage, day in decisions]
    add(engine, "decisions_made", made, lead=WHOLE, stage=TEXT, decided_at=MOMENT)
    holding = [{"lead": n, "stage": stage, "at": _day(day), "holds": holds} for n, stage, day, holds in when]
    add(engine, "stage_when", holding, lead=WHOLE, stage=TEXT, at=MOMENT, holds=FLAG)
    add(engine, "present_leads", tables.get("present_leads", []), lead=WHOLE, segment=TEXT, persona=TEXT)
    add(engine, "excluded", tables.get("excluded", []), person=WHOLE, rule=TEXT)
    add(engine, "scores", tables.get("scores", []), lead=WHOLE, fit=POINTS, engagement=POINTS, score=POINTS)
    months = [
        {
            "kind": "month",
            "label": f"2026-{n:02d}",
            "starts_utc": datetime(2026, n, 1),
            "ends_utc": datetime(2026, n + 1, 1),
        }
        for n in range(1, 12)
    ]
    add(engine, "periods", months, kind=TEXT, label=TEXT, starts_utc=MOMENT, ends_utc=MOMENT)
    engine.run(stage_steps(_agreement(30, evidence)))
    return engine


def add(engine: DuckDBEngine, name: str, given: list[dict[str, Any]], **columns: pa.DataType) -> None:
    """A table of these rows; columns not given are null."""
    engine.add(name, pa.Table.from_pylist(given, schema=pa.schema(list(columns.items()))))


def _agreement(rest_days: int, evidence: dict[str, str] | None = None) -> Any:
    recycled = SimpleNamespace(again_after=SimpleNamespace(seconds=rest_days * 86400))
    asked = [SimpleNamespace(name=s, evidence=(evidence or {}).get(s)) for s, _, _ in STAGES]
    handoff = SimpleNamespace(at="mql")
    return SimpleNamespace(detours=SimpleNamespace(recycled=recycled), handoff=handoff, stages=asked)


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text)
