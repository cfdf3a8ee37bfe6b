"""Hand-made read models for tests of credit and KPIs: the columns the contract between the steps names."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pyarrow as pa

from accord.agreement import Target
from accord.ledger.engine import DuckDBEngine
from world import world

BIG, TEXT, TIME, FLAG, MONEY, REAL = (
    pa.int64(),
    pa.string(),
    pa.timestamp("us"),
    pa.bool_(),
    pa.decimal128(18, 4),
    pa.float64(),
)

TABLES: dict[str, dict[str, pa.DataType]] = {
    "timeline": {
        "fact_id": TEXT,
        "person": BIG,
        "account": BIG,
        "at": TIME,
        "known_at": TIME,
        "team": TEXT,
        "kind": TEXT,
        "channel": TEXT,
        "origin": TEXT,
        "medium": TEXT,
        "campaign": TEXT,
        "asset": TEXT,
        "direction": TEXT,
        "owner_id": TEXT,
        "source": TEXT,
        "quality": TEXT,
        "quality_reason": TEXT,
        "counted": FLAG,
        "uncounted_reason": TEXT,
    },
    "leads": {
        "lead": BIG,
        "person": BIG,
        "account": BIG,
        "cycle_no": BIG,
        "person_id": TEXT,
        "opened_at": TIME,
        "closed_at": TIME,
        "closed_by": TEXT,
        "segment": TEXT,
        "persona": TEXT,
        "channel": TEXT,
        "campaign": TEXT,
        "lead_source": TEXT,
        "owner_id": TEXT,
        "stage": TEXT,
        "stage_at": TIME,
        "excluded_by": TEXT,
        "fit": REAL,
        "engagement": REAL,
        "score": REAL,
        "first_contact_at": TIME,
        "qualified_at": TIME,
        "known": FLAG,
    },
    "lead_returns": {"lead": BIG, "at": TIME, "reason": TEXT},
    "stage_entries": {
        "lead": BIG,
        "person": BIG,
        "stage_no": BIG,
        "stage": TEXT,
        "basis": TEXT,
        "at": TIME,
        "by": TEXT,
        "assumed": FLAG,
        "source": TEXT,
    },
    "deals_counted": {
        "deal": BIG,
        "deal_id": TEXT,
        "account": BIG,
        "person": BIG,
        "owner_id": TEXT,
        "name": TEXT,
        "amount": MONEY,
        "currency": TEXT,
        "stage": TEXT,
        "status": TEXT,
        "kind": TEXT,
        "lost_reason": TEXT,
        "campaign_id": TEXT,
        "created_at": TIME,
        "closed_at": TIME,
    },
    "owner_names": {"owner_id": TEXT, "owner": TEXT, "email": TEXT, "name": TEXT, "team": TEXT},
    "deal_aliases": {"deal_id": TEXT, "deal": BIG},
    "name_accounts": {"account_id": TEXT, "account": BIG},
    "deal_persons": {"deal": BIG, "person": BIG, "role": TEXT},
    "lead_states": {"person": BIG, "from_at": TIME, "until_at": TIME, "excluded_by": TEXT},
    "people": {
        "person": BIG,
        "person_id": TEXT,
        "account": BIG,
        "anonymous": FLAG,
        "email_domain": TEXT,
        "free_mail": FLAG,
    },
    "accounts": {"account": BIG, "account_id": TEXT, "name": TEXT},
    "stages": {"stage_no": BIG, "stage": TEXT, "kind": TEXT, "enter": TEXT, "label": TEXT},
    "periods": {"zone": TEXT, "kind": TEXT, "label": TEXT, "starts_utc": TIME, "ends_utc": TIME},
    "workspace_currency": {"currency": TEXT},
    "as_of": {"now": TIME},
}

STAGES = [
    {"stage_no": 1, "stage": "mql", "kind": "gate", "enter": None, "label": "MQL"},
    {"stage_no": 2, "stage": "sal", "kind": "sla", "enter": "accepted", "label": "SAL"},
    {"stage_no": 3, "stage": "sql", "kind": "sla", "enter": "qualified", "label": "SQL"},
    {
        "stage_no": 4,
        "stage": "opportunity",
        "kind": "inventory",
        "enter": "deal_open",
        "label": "Opportunity",
    },
    {"stage_no": 5, "stage": "customer", "kind": "inventory", "enter": "deal_won", "label": "Customer"},
]

DEFAULTS: dict[str, dict[str, Any]] = {
    "timeline": {"team": "marketing", "kind": "page_view", "quality": "human", "counted": True},
    "leads": {"cycle_no": 1, "known": True},
    "stage_entries": {"basis": "agreement", "by": "gate", "assumed": False},
    "deals_counted": {"currency": "EUR", "status": "open"},
    "periods": {"zone": "UTC"},
}


def read_models(facts: dict[str, list[dict[str, Any]]] | None = None, **given: list[Any]) -> DuckDBEngine:
    """An engine with all of `TABLES`, filled by column name; times as ISO text, money as text or number."""
    engine = world(**(facts or {}))
    given.setdefault("stages", STAGES)
    given.setdefault("workspace_currency", [{"currency": "EUR"}])
    given.setdefault("as_of", [{"now": "2027-01-01"}])
    fill(engine, **{name: given.get(name, []) for name in TABLES})
    return engine


def fill(engine: DuckDBEngine, **given: list[Any]) -> None:
    """Replace the tables named."""
    for name, table in given.items():
        columns = TABLES[name]
        rows = [_row(columns, DEFAULTS.get(name, {}), n, row) for n, row in enumerate(table, 1)]
        engine.add(name, pa.Table.from_pylist(rows, schema=pa.schema(list(columns.items()))))


def _row(
    columns: dict[str, pa.DataType], defaults: dict[str, Any], n: int, given: dict[str, Any]
) -> dict[str, Any]:
    unknown = set(given) - set(columns)
    assert not unknown, f"no such columns: {unknown}"
    row = {**dict.fromkeys(columns), **defaults, **given}
    for name, kind in columns.items():
        if isinstance(row[name], str) and kind == TIME:
            row[name] = datetime.fromisoformat(row[name])
        elif row[name] is not None and kind == MONEY:
            row[name] = Decimal(str(row[name]))
    if "fact_id" in columns and row["fact_id"] is None:
        row["fact_id"] = f"f{n:04}"
    if "person_id" in columns and row["person_id"] is None:
        row["person_id"] = f"crm:person:{row['person']}"
    if "deal_id" in columns and row["deal_id"] is None:
        row["deal_id"] = f"crm:deal:{row['deal']}"
    return row


def days(count: float) -> SimpleNamespace:
    """A duration, as the agreement gives it."""
    return SimpleNamespace(seconds=int(count * 86400))


def agreement(
    models: tuple[str, ...] = ("first", "last", "linear"),
    *,
    window: float = 90,
    touches: tuple[str, ...] = ("marketing", "sales"),
    half_life: float = 7,
    weights: dict[str, float] | None = None,
    targets: tuple[Target, ...] = (),
    deliveries: tuple[SimpleNamespace, ...] = (),
) -> SimpleNamespace:
    """The part of an agreement that credit and KPIs read."""
    none = dict.fromkeys(("first", "lead", "deal", "won", "middle"), 0.0)
    own = SimpleNamespace(**(none | weights)) if weights else None
    return SimpleNamespace(
        attribution=SimpleNamespace(
            window=days(window), touches=touches, models=models, half_life=days(half_life), weights=own
        ),
        targets=targets,
        sla=SimpleNamespace(marketing=deliveries),
    )
