"""How commands print data: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from accord.csv_text import csv_text, plain

if TYPE_CHECKING:
    from accord.insight.intervals import Share

NUMBERS = {"value", "target"}
"""Columns of numbers that come with their unit as text."""


class Format(StrEnum):
    """The three ways to print data."""

    table = "table"
    json = "json"
    csv = "csv"


def print_rows(rows: Sequence[dict[str, Any]], format: Format, *, empty: str = "Nothing to show.") -> None:
    """Print rows with equal keys; `empty` is said instead of an empty table."""
    if format is Format.json:
        print_json(rows)
    elif format is Format.csv:
        sys.stdout.write(csv_text(rows))
    elif rows:
        _print_table(rows)
    else:
        print(empty)


def print_json(value: Any) -> None:
    """Print JSON: decimals as numbers, moments as ISO 8601 in UTC."""
    print(json.dumps(value, indent=2, default=plain, ensure_ascii=False))


def share_text(one: Share) -> str:
    """A share with its interval and its counts; a dash where there is nothing to take a share of."""
    if one.share is None or one.low is None or one.high is None:
        return "–"
    return f"{one.share:.0%} ({one.low:.0%}–{one.high:.0%}, {one.count} of {one.of})"


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for name in rows[0]:
        numbers = all(isinstance(row[name], int | float | Decimal | None) for row in rows) or name in NUMBERS
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*_texts(row.values()))
    # A pipe has no width; a narrow one would fold every word.
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _texts(values: Iterable[Any]) -> list[str]:
    from rich.markup import escape

    return [escape(text(value)) for value in values]


def text(value: Any) -> str:
    """A value as people read it: a dash for none, three decimals, minutes rather than microseconds."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal | float):
        return _number(float(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dict | list):
        return json.dumps(value, default=plain)
    return str(value)


def measure(value: Any, unit: str) -> str:
    """A KPI's value with its unit, as people read it."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{float(value):.1%}"
    if unit == "money":
        return f"{float(value):,.2f}"
    return f"{text(value)} {unit}" if unit in ("days", "hours") else text(value)


def _number(value: float) -> str:
    rounded = f"{value:,.3f}".rstrip("0").rstrip(".")
    return "0" if rounded == "-0" else rounded
