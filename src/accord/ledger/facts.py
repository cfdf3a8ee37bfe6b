"""What was known when: the facts of the ledger as tables of an engine, in one reading.

`states.<table>` holds every state of every subject; `facts.<table>` the current view: per subject the newest
state by (`source_updated_at`, `recorded_at`, `fact_id`), unless that says it is deleted. Both leave out what
the reading does not see; read as known at a moment, that is what was learnt after it and the loads withdrawn
by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlglot import exp, parse_one

from accord.ledger.engine import Engine, Step
from accord.ledger.store import Store, columns_of
from accord.ledger.tables import FACTS

FOREVER = datetime(9999, 12, 31)
SCHEMAS = ("stored", "states", "revised", "facts")


@dataclass(frozen=True)
class Reading:
    """Which facts and which withdrawals of loads are seen: conditions over the rows as stored.

    `facts` gives that of a fact table by its name.
    """

    facts: Callable[[str], exp.Condition]
    withdrawals: exp.Expression


def as_known(at: datetime | None) -> Reading:
    """What was known at a moment (naive UTC; none: all there is)."""
    until = moment(at or FOREVER)
    return Reading(lambda table: exp.column("known_at") <= until, exp.column("withdrawn_at") <= until)


def moment(at: datetime) -> exp.Cast:
    """A moment as a value of SQL."""
    return exp.cast(exp.Literal.string(at.isoformat(sep=" ")), "TIMESTAMP")


def attach(engine: Engine, store: Store, reading: Reading | None = None) -> None:
    """Make `states.*` and `facts.*` in the engine, of all facts there are or of those the reading sees."""
    seen = reading or as_known(None)
    for schema in SCHEMAS:
        engine.schema(schema)
    engine.read_parquet("stored.withdrawals", store.files("withdrawals"), columns_of("withdrawals"))
    for table in FACTS:
        engine.read_parquet(f"stored.{table}", store.files(table), columns_of(table))
        engine.view(_states(table, seen))
    # Subjects with several states are few and read by every scan: a table, not a view.
    engine.run([_revised()])
    names = exp.select("fact_table").distinct().from_("revised.subjects").sql(dialect="duckdb")
    revised = {row["fact_table"] for row in engine.query(names).to_pylist()}
    for table in FACTS:
        engine.view(_current(table, revised=table in revised))


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


def _states(table: str, reading: Reading) -> Step:
    withdrawn = exp.select("load_id").from_("stored.withdrawals").where(reading.withdrawals)
    standing = exp.column("load_id").isin(query=withdrawn).not_()
    query = exp.select("*").from_(f"stored.{table}").where(reading.facts(table), standing)
    return Step.from_expression(f"states.{table}", query)


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
def _current(table: str, *, revised: bool) -> Step:
    """The current view of a table, from its template written over a table called `t`."""
    query = parse_one(_CURRENT if revised else _UNREVISED, dialect="duckdb")
    for named in query.find_all(exp.Table, exp.Literal):
        if named.name == "t":
            named.set("this", exp.to_identifier(table) if isinstance(named, exp.Table) else table)
    return Step.from_expression(f"facts.{table}", query)
