"""Tables held in memory to be searched from end to end: a look through a million rows takes milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from accord.ledger.engine import DuckDBEngine, Step

FEW = 1_000
"""Different values up to which a text column is held in codes."""

_ON_FILE = "on_file"


def hold(engine: DuckDBEngine, name: str, paths: Sequence[str]) -> None:
    """Make `name` a table in memory of the rows of Parquet files.

    Text of few different values is held in codes, which compare and order as the text does.
    """
    engine.read_parquet(_ON_FILE, paths, {"*": ""})
    coded = _few_values(engine)
    for column in coded:
        engine.command(Step(name, f"CREATE TYPE {_code(name, column)} AS ENUM ({_values(column)})"))
    columns = [
        exp.alias_(exp.cast(exp.column(column, quoted=True), _code(name, column)), column, quoted=True)
        if column in coded
        else exp.column(column, quoted=True)
        for column in engine.columns(_ON_FILE)
    ]
    engine.run([Step.from_expression(name, exp.select(*columns).from_(_ON_FILE))])
    engine.command(Step(name, f"DROP VIEW {_ON_FILE}"))


def _few_values(engine: DuckDBEngine) -> set[str]:
    """The text columns of few different values."""
    types = engine.query(f"DESCRIBE {_ON_FILE}").to_pylist()
    text = [row["column_name"] for row in types if row["column_type"] == "VARCHAR"]
    if not text:
        return set()
    counts = [
        exp.alias_(exp.func("approx_count_distinct", exp.column(column, quoted=True)), column, quoted=True)
        for column in text
    ]
    [found] = engine.query(exp.select(*counts).from_(_ON_FILE).sql(dialect="duckdb")).to_pylist()
    return {column for column in text if found[column] <= FEW}


def _values(column: str) -> str:
    """The query for a column's values in their order."""
    value = exp.column(column, quoted=True)
    query = exp.select(value).distinct().from_(_ON_FILE).where(value.is_(exp.null()).not_()).order_by(value)
    return query.sql(dialect="duckdb")


def _code(name: str, column: str) -> exp.DataType:
    return exp.DataType.build(f'"{name}.{column}"', udt=True)
