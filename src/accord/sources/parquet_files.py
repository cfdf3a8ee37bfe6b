"""Reads Parquet files with DuckDB, every value as exact text."""

from __future__ import annotations

from pathlib import Path

from sqlglot import exp

from accord.ledger.engine import DuckDBEngine, StepError
from accord.sources.raw import Raw, headers_of, no_rejects
from accord.sources.sql import call, case, column, fetch, file_function, make, named, number
from accord.sources.text_files import FileError


def read_parquet(engine: DuckDBEngine, path: Path, table: str) -> Raw:
    """Read a Parquet file. Raises FileError."""
    import duckdb

    source = file_function("read_parquet", path, {"file_row_number": exp.true()})
    try:
        described = fetch(engine, exp.Describe(this=exp.select("*").from_(source.copy())))
        kinds = {name: kind for name, kind, *_ in described if name != "file_row_number"}
        cells = [
            named(_as_text(column(name), kind), f"c{place}")
            for place, (name, kind) in enumerate(kinds.items(), start=1)
        ]
        row = exp.Add(this=column("file_row_number"), expression=number(1))
        make(engine, table, exp.select(named(row, "_row"), *cells).from_(source))
    except (duckdb.Error, StepError) as error:
        cause = str(error.__cause__ or error).splitlines()[0]
        message = f"{path} cannot be read as Parquet: {cause}"
        raise FileError(message, mend="Export it again.", file=str(path)) from None
    no_rejects(engine, table)
    return Raw(path, path.name, table, headers_of(path, list(kinds)))


def _as_text(cell: exp.Expr, kind: str) -> exp.Expr:
    """A typed value as text; a whole floating number without `.0`, as ids in a nullable column have it."""
    plain = exp.cast(cell, "VARCHAR")
    if kind not in ("DOUBLE", "FLOAT"):
        return plain
    whole = exp.and_(
        exp.EQ(this=cell.copy(), expression=call("trunc", cell.copy())),
        exp.LT(this=call("abs", cell.copy()), expression=number(10**15)),
    )
    return case((whole, exp.cast(exp.cast(cell.copy(), "BIGINT"), "VARCHAR")), otherwise=plain)
