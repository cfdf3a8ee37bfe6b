"""Small words for building DuckDB queries as sqlglot expressions, and for running them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from sqlglot import exp

from accord.ledger.engine import DuckDBEngine, Step


def column(name: str) -> exp.Column:
    """A quoted column."""
    return exp.column(name, quoted=True)


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A DuckDB function by its own name, out of reach of any dialect's rewriting."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def text(value: str) -> exp.Expr:
    """A text literal."""
    return exp.Literal.string(value)


def case(*branches: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None) -> exp.Expr:
    """CASE WHEN ... THEN ... ELSE ... END."""
    return exp.Case(ifs=[exp.If(this=when, true=then) for when, then in branches], default=otherwise)


def joined(*parts: exp.Expr) -> exp.Expr:
    """Texts one after another; NULL if one of them is."""
    return exp.Paren(this=reduce(lambda a, b: exp.DPipe(this=a, expression=b), parts))


def first_of(parts: Sequence[exp.Expr]) -> exp.Expr:
    """The first that is not NULL."""
    return parts[0] if len(parts) == 1 else call("coalesce", *parts)


def is_null(value: exp.Expr) -> exp.Expr:
    """Whether it is NULL."""
    return exp.Is(this=value, expression=exp.null())


def not_null(value: exp.Expr) -> exp.Expr:
    """Whether it is not NULL."""
    return exp.not_(is_null(value))


def one_of(value: exp.Expr, words: Sequence[str]) -> exp.Expr:
    """Whether it is one of the words."""
    return exp.In(this=value, expressions=[text(word) for word in words])


def lower(value: exp.Expr) -> exp.Expr:
    """In lower case."""
    return call("lower", value)


def number(value: float | str) -> exp.Expr:
    """A numeric literal."""
    return exp.Literal.number(value)


def try_cast(value: exp.Expr, kind: str) -> exp.Expr:
    """The value in a DuckDB type, NULL if it does not fit."""
    return exp.TryCast(this=value, to=exp.DataType.build(kind, dialect="duckdb"))


def no(kind: str = "VARCHAR") -> exp.Expr:
    """NULL of a type."""
    return exp.cast(exp.null(), kind)


def named(value: exp.Expr, name: str) -> exp.Expr:
    """The value under a name."""
    return exp.alias_(value, name, quoted=True)


def select(*values: exp.Expr, source: str) -> exp.Select:
    """A query over a table of the engine."""
    return exp.select(*values).from_(exp.to_table(source))


def all_of(queries: Sequence[exp.Query]) -> exp.Query:
    """The rows of all queries, one after another."""
    first, *rest = queries
    return reduce(lambda whole, query: exp.union(whole, query, distinct=False), rest, first)


def count(value: exp.Expr | None = None) -> exp.Expr:
    """How many rows, or how many values that are not NULL."""
    return call("count", value if value is not None else exp.Star())


def file_function(name: str, path: Path, options: dict[str, exp.Expr]) -> exp.Expr:
    """A table function over one file, such as read_csv, with its options; the path is no pattern."""
    options = options | {"hive_partitioning": exp.false()}
    given = [exp.PropertyEQ(this=exp.to_identifier(key), expression=value) for key, value in options.items()]
    return call(name, text(_literal(path)), *given)


def _literal(path: Path) -> str:
    """The path as a pattern that only it matches: DuckDB takes every path it reads for a glob."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path))


def readable(folders: Iterable[Path]) -> list[Path]:
    """The folders an engine must be allowed for `file_function`: DuckDB looks at the pattern and the file."""
    return list(dict.fromkeys(way for folder in folders for way in (folder, Path(_literal(folder)))))


def make(engine: DuckDBEngine, table: str, query: exp.Expr) -> None:
    """Make a table of the engine. Raises StepError."""
    engine.run([Step.from_expression(table, query)])


def fetch(engine: DuckDBEngine, query: exp.Expr) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return engine.connection.execute(query.sql(dialect="duckdb")).fetchall()


def size(engine: DuckDBEngine, table: str) -> int:
    """How many rows a table has."""
    rows: int = fetch(engine, select(count(), source=table))[0][0]
    return rows


def insert(engine: DuckDBEngine, table: str, source: str) -> None:
    """Append the rows of one table to another."""
    rows = exp.insert(select(exp.Star(), source=source), exp.to_table(table))
    engine.command(Step.from_expression(table, rows))


def drop(engine: DuckDBEngine, table: str) -> None:
    """Drop a table."""
    engine.command(Step.from_expression(table, exp.Drop(tables=[exp.to_table(table)], kind="TABLE")))


def rename(engine: DuckDBEngine, table: str, name: str) -> None:
    """Give a table another name."""
    to = exp.AlterRename(this=exp.to_table(name))
    alter = exp.Alter(this=exp.to_table(table), kind="TABLE", actions=[to])
    engine.command(Step.from_expression(name, alter))
