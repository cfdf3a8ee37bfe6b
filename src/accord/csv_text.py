"""Rows as CSV that no spreadsheet runs, and values as JSON and CSV write them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Sequence[dict[str, Any]], *, header: bool = True) -> str:
    """Rows as CSV, with a header unless they follow others; cells that a spreadsheet would run as a formula
    are prefixed."""
    out = io.StringIO()
    if rows:
        writer = csv.writer(out, lineterminator="\n")
        if header:
            writer.writerow(rows[0])
        writer.writerows([harmless(_cell(value)) for value in row.values()] for row in rows)
    return out.getvalue()


def harmless(cell: Any) -> Any:
    """The cell with a quote before text that a spreadsheet would take for a formula; numbers stay."""
    if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def unharmed(cell: str) -> str:
    """The text that `harmless` made a cell of."""
    harmed = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS)
    return cell[1:] if harmed else cell


def plain(value: Any) -> Any:
    """A decimal as a number, a moment as ISO 8601 in UTC, a day as ISO 8601. Raises TypeError for others."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, default=plain)
    if isinstance(value, str):
        # A carriage return on its own is written without quotes, and read as the end of the row.
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return plain(value) if isinstance(value, datetime | date | Decimal) else value
