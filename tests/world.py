"""Small hand-made worlds of facts for tests: dictionaries in, `facts.*` and `states.*` tables out."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from accord.ledger.engine import DuckDBEngine
from accord.ledger.spark import SparkEngine, connect
from accord.ledger.tables import FACTS, SQL_TYPES, Table

ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
}


LOADED = datetime(2026, 12, 31)
"""When history was loaded, unless a test says otherwise."""


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def fact(table: Table, ordinal: int, given: dict[str, Any]) -> dict[str, Any]:
    """A whole fact from the few columns a test names; times may be ISO text; history unless given."""
    times = {c for c in table.names if table.column(c).type == "time"}
    row: dict[str, Any] = dict.fromkeys(table.names)
    row |= {
        "source": "crm",
        "object": table.name,
        "source_id": str(ordinal),
        "deleted": False,
        "revises": False,
    }
    row |= {"occurred_at": "2026-01-01", "history": True, "assumed": False, "load_id": "test"}
    unknown = given.keys() - row.keys()
    assert not unknown, f"{table.name} has no column {', '.join(unknown)}"
    row |= given
    for name in times:
        if isinstance(row[name], str):
            row[name] = datetime.fromisoformat(row[name])
    row["recorded_at"] = row["recorded_at"] or (LOADED if row["history"] else row["occurred_at"])
    row["known_at"] = row["known_at"] or (row["occurred_at"] if row["history"] else row["recorded_at"])
    row["subject"] = md5(f"{row['source']}:{row['object']}:{row['source_id']}")
    row["fact_id"] = md5(repr(sorted((k, str(v)) for k, v in row.items())))
    return row


def world(**facts: list[dict[str, Any]]) -> DuckDBEngine:
    """An engine whose `facts.*` and `states.*` hold the given rows (both the same rows unless states differ:
    give only the newest state per subject to `facts` by passing `states_<table>=` for all of them)."""
    engine = new_engine()
    for schema in ("facts", "states"):
        engine.schema(schema)
        for name, table in FACTS.items():
            given = facts.get(f"states_{name}") if schema == "states" else None
            rows = [fact(table, n, row) for n, row in enumerate(given or facts.get(name, []), start=1)]
            arrow = pa.schema([(c, ARROW[SQL_TYPES[table.column(c).type]]) for c in table.names])
            engine.add(f"{schema}.{name}", pa.Table.from_pylist(rows, schema=arrow))
    return engine


def new_engine() -> DuckDBEngine:
    """The embedded engine; one on Spark where `ACCORD_ENGINE` names a master (tests/spark)."""
    if master := os.environ.get("ACCORD_ENGINE"):
        folder = Path(tempfile.mkdtemp(prefix="accord-spark-"))
        atexit.register(shutil.rmtree, folder)
        return SparkEngine(connect(master, "2GB"), folder)  # type: ignore[return-value]
    return DuckDBEngine()


def rows(engine: DuckDBEngine, sql: str) -> list[tuple[Any, ...]]:
    """All rows of a query, as tuples."""
    return [tuple(row.values()) for row in engine.query(sql).to_pylist()]
