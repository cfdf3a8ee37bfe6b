"""Whether two engines made the same of the same facts: counts exactly, money to the cent, floats to 1e-9."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

import pyarrow as pa

RELATIVE = 1e-9


def different(one: dict[str, pa.Table], two: dict[str, pa.Table]) -> dict[str, str]:
    """By table, the first row that differs; rows in any order, numbers by value."""
    found = {name: _first_difference(one[name], two[name]) for name in one.keys() & two.keys()}
    found |= dict.fromkeys(one.keys() ^ two.keys(), "only one has it")
    return {name: text for name, text in found.items() if text}


def _first_difference(one: pa.Table, two: pa.Table) -> str:
    if one.column_names != two.column_names:
        return f"columns {one.column_names} and {two.column_names}"
    if len(one) != len(two):
        return f"{len(one)} rows and {len(two)}"
    for a, b in zip(_in_order(one), _in_order(two), strict=True):
        for name, x, y in zip(one.column_names, a, b, strict=True):
            if not _same(x, y):
                return f"{name}: {x!r} and {y!r} of {a} and {b}"
    return ""


def _in_order(table: pa.Table) -> list[list[Any]]:
    rows = [[_plain(value) for value in row.values()] for row in table.to_pylist()]
    return sorted(rows, key=lambda row: [_key(value) for value in row])


def _plain(value: Any) -> Any:
    """Whole numbers as decimals."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _key(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return json.dumps(value, default=str, sort_keys=True)


def _same(x: Any, y: Any) -> bool:
    if isinstance(x, float) or isinstance(y, float):
        return x is not None and y is not None and math.isclose(x, y, rel_tol=RELATIVE, abs_tol=RELATIVE)
    return bool(x == y)
