"""What was known of a thing and when, out of the states of all its records: one row per span of time.

The same steps serve people and accounts. A value is the newest one among the records' states of that moment;
of equally new ones the master source's. A record that says nothing of a field leaves it to the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp, parse_one

from accord.ledger.engine import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANGING = "SELECT owner FROM states GROUP BY owner HAVING count(*) > 1"
"""Things with more than one state; all others need no window."""

RECORDS = """
WITH ordered AS (
    SELECT
        states.*,
        row_number() OVER (
            PARTITION BY subject ORDER BY known_at, source_updated_at NULLS FIRST, recorded_at, fact_id
        ) AS nth,
        max(source_updated_at) OVER (
            PARTITION BY subject ORDER BY known_at, source_updated_at NULLS FIRST, recorded_at, fact_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS newest_before
    FROM states SEMI JOIN changing ON states.owner = changing.owner
), valid AS (
    -- A state that the tool wrote before one already known changes nothing.
    SELECT
        *,
        nth = 1 AND history AND since < occurred_at AS backdated,
        CASE
            WHEN nth = 1 AND history THEN least(since, occurred_at)
            ELSE known_at
        END AS from_at
    FROM ordered
    WHERE newest_before IS NULL OR source_updated_at >= newest_before
), bounded AS (
    SELECT
        *,
        coalesce(lead(from_at) OVER (PARTITION BY subject ORDER BY nth), TIMESTAMP '9999-12-31') AS until_at
    FROM valid
)
SELECT * FROM bounded WHERE from_at < until_at
"""

MERGED = """
WITH starts AS (
    SELECT DISTINCT owner, from_at FROM records
), moments AS (
    SELECT
        owner,
        from_at,
        coalesce(lead(from_at) OVER (PARTITION BY owner ORDER BY from_at), TIMESTAMP '9999-12-31') AS until_at
    FROM starts
), known AS (
    SELECT
        moments.owner AS moment_owner,
        moments.from_at AS moment_from,
        moments.until_at AS moment_until,
        records.*,
        row_number() OVER (
            PARTITION BY moments.owner, moments.from_at
            ORDER BY
                coalesce(records.source_updated_at, records.occurred_at) DESC, records.rank, records.subject
        ) AS newest_first
    FROM moments
    LEFT JOIN records
        ON moments.owner = records.owner
        AND records.from_at <= moments.from_at
        AND records.until_at > moments.from_at
        AND NOT records.deleted
)
SELECT
    moment_owner AS owner,
    moment_from AS from_at,
    moment_until AS until_at,
    coalesce(bool_or(assumed OR backdated), FALSE) AS assumed
FROM known
GROUP BY moment_owner, moment_from, moment_until
"""

SINGLE = """
SELECT
    states.owner,
    CASE
        WHEN history THEN least(since, occurred_at)
        ELSE known_at
    END AS from_at,
    TIMESTAMP '9999-12-31' AS until_at,
    assumed OR (history AND since < occurred_at) AS assumed
FROM states ANTI JOIN changing ON states.owner = changing.owner
WHERE NOT deleted
"""


def steps(thing: str, columns: Sequence[str], declared: Sequence[str]) -> list[Step]:
    """The steps from `<thing>_record_states` to `<thing>_spans` (owner, from_at, until_at, assumed, columns).

    `declared` are the agreement's own fields of the thing: where several records carry some, each field is
    taken for itself. Spans of a thing do not overlap and end at 9999-12-31; before the first, nothing is
    known.
    """
    names = {
        "states": f"{thing}_record_states",
        "changing": f"{thing}_changing",
        "records": f"{thing}_record_spans",
    }
    merged = _over(MERGED, names).select(*(_newest(column, declared) for column in columns))
    single = _over(SINGLE, names).select(*(exp.column(column, table=names["states"]) for column in columns))
    return [
        Step.from_expression(names["changing"], _over(CHANGING, names)),
        Step.from_expression(names["records"], _over(RECORDS, names)),
        Step.from_expression(f"{thing}_spans", merged.union(single, distinct=False)),
    ]


def _over(template: str, names: dict[str, str]) -> exp.Select:
    """The template's query over the tables of this thing."""
    query = parse_one(template, dialect="duckdb")
    for node in (*query.find_all(exp.Table), *query.find_all(exp.Column)):
        if isinstance(node, exp.Table) and node.name in names:
            node.set("this", exp.to_identifier(names[node.name]))
        if isinstance(node, exp.Column) and node.table in names:
            node.set("table", exp.to_identifier(names[node.table]))
    if not isinstance(query, exp.Select):
        raise TypeError("a template is one SELECT")
    return query


def _newest(column: str, declared: Sequence[str]) -> exp.Expr:
    if column != "fields" or not declared:
        return exp.alias_(_first_known(exp.column(column)), column)
    values = [
        exp.PropertyEQ(
            this=exp.to_identifier(name),
            expression=_first_known(exp.func("json_extract_string", exp.column("fields"), _path(name))),
        )
        for name in declared
    ]
    together = exp.func("to_json", exp.Struct(expressions=values))
    any_known = exp.LogicalOr(this=exp.column("fields").is_(exp.null()).not_())
    return exp.alias_(exp.Case().when(any_known, exp.cast(together, "VARCHAR")), "fields")


def _path(name: str) -> exp.Literal:
    return exp.Literal.string(f"$.{name}")


def _first_known(value: exp.Expr) -> exp.Expr:
    newest = exp.ArgMin(this=value, expression=exp.column("newest_first"))
    return exp.Filter(this=newest, expression=exp.Where(this=value.copy().is_(exp.null()).not_()))
