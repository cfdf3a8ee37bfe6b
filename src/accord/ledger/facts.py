"""What was known when: the facts of the ledger as tables of an engine, as known at one moment.

`states.<table>` holds every state of every subject; `facts.<table>` the current view: per subject the newest
state by (`source_updated_at`, `recorded_at`, `fact_id`), unless that says it is deleted. Both leave out what
was learnt after the moment and the loads withdrawn by then.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlglot import exp, parse_one

from accord.ledger.engine import DuckDBEngine, Step
from accord.ledger.store import Store, columns_of
from accord.ledger.tables import FACTS

FOREVER = datetime(9999, 12, 31)
SCHEMAS = ("stored", "states", "revised", "facts")


def attach(engine: DuckDBEngine, store: Store, as_of: datetime | None = None) -> None:
    """Make `states.*` and `facts.*` in the engine, as known at `as_of` (naive UTC; none: all there is)."""
    for schema in SCHEMAS:
        engine.command(Step(schema, f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    engine.read_parquet("stored.withdrawals", store.files("withdrawals"), columns_of("withdrawals"))
    until = exp.Literal.string((as_of or FOREVER).isoformat(sep=" "))
    horizon = exp.select(exp.alias_(exp.cast(until, "TIMESTAMP"), "known_until"))
    engine.command(Step.from_expression("horizon", _view("stored.horizon", horizon)))
    for table in FACTS:
        engine.read_parquet(f"stored.{table}", store.files(table), columns_of(table))
        _attach_table(engine, table)


def _attach_table(engine: DuckDBEngine, table: str) -> None:
    engine.command(_step("states", _STATES, table))
    engine.command(_step("revised", _REVISED, table))
    revised = engine.query(f"SELECT count(*) AS n FROM revised.{table}").to_pylist()[0]["n"]  # noqa: S608
    engine.command(_step("facts", _CURRENT if revised else _UNREVISED, table))


_STATES = """
SELECT * FROM stored.t
WHERE known_at <= (SELECT known_until FROM stored.horizon)
    AND load_id NOT IN (
        SELECT load_id FROM stored.withdrawals
        WHERE withdrawn_at <= (SELECT known_until FROM stored.horizon)
    )
"""
_REVISED = "SELECT DISTINCT subject FROM states.t WHERE revises"
_UNREVISED = "SELECT * FROM states.t WHERE NOT deleted"
_CURRENT = """
WITH ranked AS (
    SELECT state.*, row_number() OVER (
        PARTITION BY state.subject
        ORDER BY state.source_updated_at DESC NULLS LAST, state.recorded_at DESC, state.fact_id DESC
    ) AS newest_first
    FROM states.t AS state SEMI JOIN revised.t AS revised ON state.subject = revised.subject
)
SELECT state.* FROM states.t AS state ANTI JOIN revised.t AS revised ON state.subject = revised.subject
WHERE NOT state.deleted
UNION ALL
SELECT * EXCLUDE (newest_first) FROM ranked WHERE newest_first = 1 AND NOT deleted
"""


@cache
def _step(schema: str, template: str, table: str) -> Step:
    """The template's query, written over a table called `t`, as a view or small table over this table."""
    query = parse_one(template, dialect="duckdb")
    for source in query.find_all(exp.Table):
        if source.name == "t":
            source.set("this", exp.to_identifier(table))
    # Subjects with several states are few and read by every scan: a table, not a view.
    kind = "TABLE" if schema == "revised" else "VIEW"
    return Step.from_expression(f"{schema}.{table}", _view(f"{schema}.{table}", query, kind))


def _view(name: str, query: exp.Expr, kind: str = "VIEW") -> exp.Create:
    return exp.Create(this=exp.to_table(name), kind=kind, replace=True, expression=query)
