"""How the stories ask: texts of queries, made once for each scope, and their rows as dictionaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlglot import exp

if TYPE_CHECKING:
    from accord.ledger.engine import Engine


def rows_of(engine: Engine, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    """The rows of a query."""
    rows: list[dict[str, Any]] = engine.query(sql, parameters).to_pylist()
    return rows


def text(query: exp.Query) -> str:
    """The query as text; making it takes longer than many a query, so callers keep what they can."""
    return query.sql(dialect="duckdb")


def is_key(column: str) -> exp.Expr:
    """True for the rows of the key given as parameter."""
    return exp.column(column).eq(exp.Placeholder())


def by_key(column: str, rows: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """The rows by the key in `column`, without it."""
    grouped: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row[column], []).append({k: v for k, v in row.items() if k != column})
    return grouped


def known(row: dict[str, Any]) -> dict[str, Any]:
    """The row without what is not known."""
    return {name: value for name, value in row.items() if value is not None}
