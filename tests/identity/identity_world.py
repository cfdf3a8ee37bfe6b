"""Worlds for identity's tests: facts in, resolved tables out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa

from accord.identity import resolve
from accord.ledger.engine import DuckDBEngine
from world import world

KINDS = ("deals", "forms", "web", "activities", "people", "accounts", "touches")


def agreement(**fields: str) -> Any:
    """As much of an agreement as identity reads: the company's own fields, name to `person` or `account`."""
    return SimpleNamespace(fields={name: SimpleNamespace(on=on) for name, on in fields.items()})


def add_small_tables(engine: DuckDBEngine, sources: tuple[str, ...]) -> None:
    """The tables the pipeline makes before any step; the first source is the master of every kind."""
    ranks = [(kind, source, rank) for kind in KINDS for rank, source in enumerate(sources, start=1)]
    columns = ("object_kind", "source", "rank")
    engine.add("sources_rank", pa.table(dict(zip(columns, zip(*ranks, strict=True), strict=True))))
    engine.add("free_mail_domains", pa.table({"domain": ["mail.example", "gmail.com"]}))
    engine.add("internal_domains", pa.table({"domain": ["northwind.example"]}))


def resolved(
    sources: tuple[str, ...] = ("crm", "hub", "web"), fields: dict[str, str] | None = None, **facts: Any
) -> DuckDBEngine:
    """The world of these facts after identity."""
    engine = world(**facts)
    add_small_tables(engine, sources)
    resolve(engine, agreement(**(fields or {})))
    return engine
