"""Reads a sheet of an Excel or OpenDocument workbook; a formula gives the value last worked out."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

from accord.ledger.engine import DuckDBEngine
from accord.sources.mapping import did_you_mean
from accord.sources.raw import Raw, add_rows, headers_of, no_rejects
from accord.sources.text_files import FileError


def read_excel(engine: DuckDBEngine, path: Path, table: str, sheet: str | None) -> Raw:
    """Read one sheet, the first if none is named. Raises FileError."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except (calamine.CalamineError, OSError) as error:
        raise FileError(
            f"{path} cannot be read as a workbook: {error}", mend="Save it again.", file=str(path)
        ) from None
    names = book.sheet_names
    if sheet is not None and sheet not in names:
        raise FileError(
            f"{path} has no sheet {sheet!r}{did_you_mean(sheet, names)}.",
            mend=f"Its sheets are: {', '.join(names)}.",
            file=str(path),
        )
    rows = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    numbered = [(n, row) for n, row in enumerate(rows, start=1) if any(cell != "" for cell in row)]
    if not numbered:
        raise FileError(f"{path} is empty.", mend="It needs at least a header line.", file=str(path))
    headers = headers_of(path, numbered[0][1])
    cells = ((n, [_excel_text(cell) for cell in row]) for n, row in numbered[1:])
    add_rows(engine, table, len(headers), cells)
    no_rejects(engine, table)
    name = f"{path.name}#{sheet}" if sheet else path.name
    return Raw(path, name, table, headers)


def _excel_text(cell: Any) -> str | None:
    if cell == "" or cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
