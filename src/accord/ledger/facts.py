"""What was known when: the facts of the ledger as tables of an engine, as known at one moment.

`states.<table>` holds every state of every subject; `facts.<table>` the current view: per subject the newest
state by (`source_updated_at`, `recorded_at`, `fact_id`), unless that says it is deleted. Both leave out what
was learnt after the moment and the loads withdrawn by then.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlglot import exp, parse_one

from accord.ledger.engine import Engine, Step
from accord.ledger.store import Store, columns_of
from accord.ledger.tables import FACTS

FOREVER = datetime(9999, 12, 31)
SCHEMAS = ("stored", "states", "revised", "facts")


def attach(engine: Engine, store: Store, as_of: datetime | None = None) -> None:
    """Make `states.*` and `facts.*` in the engine, as known at `as_of` (naive UTC; none: all there is)."""
    for schema in SCHEMAS:
        engine.schema(schema)
    engine.read_parquet("stored.withdrawals", store.files("withdrawals"), columns_of("withdrawals"))
    until = exp.Literal.string((as_of or FOREVER).isoformat(sep=" "))
    horizon = exp.select(exp.alias_(exp.cast(until, "TIMESTAMP"), "known_until"))
    engine.view(Step.from_expression("stored.horizon", horizon))
    for table in FACTS:
        engine.read_parquet(f"stored.{table}", store.files(table), columns_of(table))
        engine.view(_step("states", _STATES, table))
    # Subjects with several states are few and read by every scan: a table, not a view.
    engine.run([_revised()])
    names = exp.select("fact_table").distinct().from_("revised.subjects").sql(dialect="duckdb")
    revised = {row["fact_table"] for row in engine.query(names).to_pylist()}
    for table in FACTS:
        engine.view(_step("facts", _CURRENT if table in revised else _UNREVISED, table))


def _revised() -> Step:
    """`revised.subjects`: by fact table, the subjects with several states."""
    each = [
        exp.select(exp.alias_(exp.Literal.string(table), "fact_table"), "subject")
        .distinct()
        .from_(f"states.{table}")
        .where("revises")
        for table in FACTS
    ]
    return Step.from_expression("revised.subjects", exp.union(*each, distinct=False))


_STATES = """
SELECT * FROM stored.t
WHERE known_at <= (SELECT known_until FROM stored.horizon)
    AND load_id NOT IN (
        SELECT load_id FROM stored.withdrawals
        WHERE withdrawn_at <= (SELECT known_until FROM stored.horizon)
    )
"""
_UNREVISED = "SELECT * FROM states.t WHERE NOT deleted"
_CURRENT = """
WITH revised AS (
    SELECT subject FROM revised.subjects WHERE fact_table = 't'
), ranked AS (
    SELECT state.*, row_number() OVER (
        PARTITION BY state.subject
        ORDER BY state.source_updated_at DESC NULLS LAST, state.recorded_at DESC, state.fact_id DESC
    ) AS newest_first
    FROM states.t AS state SEMI JOIN revised ON state.subject = revised.subject
)
SELECT state.* FROM states.t AS state ANTI JOIN revised ON state.subject = revised.subject
WHERE NOT state.deleted
UNION ALL
SELECT * EXCLUDE (newest_first) FROM ranked WHERE newest_first = 1 AND NOT deleted
"""


@cache
def _step(schema: str, template: str, table: str) -> Step:
    """The template's query, written over a table called `t`, over this table."""
    query = parse_one(template, dialect="duckdb")
    for named in query.find_all(exp.Table, exp.Literal):
        if named.name == "t":
            named.set("this", exp.to_identifier(table) if isinstance(named, exp.Table) else table)
    return Step.from_expression(f"{schema}.{table}", query)
