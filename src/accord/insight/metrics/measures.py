"""Measures: the sums and counts KPIs are made of, each a small query over shared building blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from accord.ledger.engine import Engine

if TYPE_CHECKING:
    from sqlglot import exp

BLOCKS = (
    "asked",
    "chosen_leads",
    "chosen_entries",
    "chosen_deals",
    "chosen_spend",
    "chosen_revenue",
)
"""The filters all measures share, in an order in which each reads only those before it."""


@dataclass(frozen=True)
class Asked:
    """What a scoreboard is asked for: [start, end) in naive UTC, and a channel or segment or neither."""

    start: datetime
    end: datetime
    channel: str | None = None
    segment: str | None = None

    def over(self, start: datetime, end: datetime) -> Asked:
        """The same question of another period."""
        return replace(self, start=start, end=end)


def measure(engine: Engine, name: str, asked: Asked) -> list[dict[str, Any]]:
    """The rows of the query `queries/<name>.sql` with the blocks it reads. Raises StepError."""
    parameters = [asked.start, asked.end, asked.channel, asked.segment]
    rows: list[dict[str, Any]] = engine.query(_query(name), parameters).to_pylist()
    return rows


@cache
def _query(name: str) -> str:
    """The measure's query with the building blocks it reads, directly or through others, as CTEs."""
    from sqlglot import exp

    query = _parsed("queries", name)
    blocks: list[exp.Expr] = []
    wanted = {"asked"} | _tables(query)
    for block in reversed(BLOCKS):
        if block in wanted:
            body = _parsed("blocks", block)
            wanted |= _tables(body)
            blocks.insert(0, exp.CTE(this=body, alias=exp.TableAlias(this=exp.to_identifier(block))))
    own = query.args.get("with_")
    query.set("with_", exp.With(expressions=[*blocks, *(own.expressions if own else [])]))
    return str(query.sql(dialect="duckdb"))


def _parsed(folder: str, name: str) -> exp.Expr:
    from sqlglot import parse_one

    text = files(__package__).joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")
    return parse_one(text, dialect="duckdb")


def _tables(query: exp.Expr) -> set[str]:
    from sqlglot import exp

    return {table.name for table in query.find_all(exp.Table)}
