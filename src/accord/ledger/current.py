"""The current facts of a table: how many, and all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.ledger import facts
from accord.ledger.engine import DuckDBEngine
from accord.ledger.store import Store

if TYPE_CHECKING:
    import pyarrow as pa


def fact_summary(store: Store, table: str, source: str | None = None) -> dict[str, Any]:
    """`{table, rows, first, last}` of a table's current facts, of one source if given; naive UTC."""
    engine = _facts_engine(store)
    query = exp.select("count(*) AS n", "min(occurred_at) AS first", "max(occurred_at) AS last")
    query = query.from_(f"facts.{table}")
    if source is not None:
        query = query.where(exp.column("source").eq(source))
    row = engine.query(query.sql(dialect="duckdb")).to_pylist()[0]
    engine.close()
    return {"table": table, "rows": row["n"], "first": row["first"], "last": row["last"]}


def current_facts(store: Store, table: str) -> pa.Table:
    """All current facts of a table."""
    query = exp.select("*").from_(f"facts.{table}").order_by("occurred_at", "fact_id")
    return _facts_engine(store).query(query.sql(dialect="duckdb"))


def _facts_engine(store: Store) -> DuckDBEngine:
    engine = DuckDBEngine(folders=[store.folder])
    facts.attach(engine, store)
    return engine
