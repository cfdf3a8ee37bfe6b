"""What a load would do, as text a person reads."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.cli.output import Format, print_json, print_rows, text

if TYPE_CHECKING:
    from accord.sources.preview import ChangedRow, Preview

COUNTED = ("table", "received", "new", "changed", "known", "quarantined", "skipped")
NAMED = 5
"""How many examples of a kind, or names of files, are printed; JSON has more."""


def print_preview(tried: Preview, format: Format) -> None:
    """Print the counts of each table; for people also why rows stay out and what would change."""
    if format is Format.json:
        print_json(tried.as_dict())
        return
    print_rows([{name: getattr(table, name) for name in COUNTED} for table in tried.tables], format)
    if format is Format.csv:
        return
    _print_part(
        "Not loaded",
        [
            {"table": t.table, "rows": n, "reason": reason}
            for t in tried.tables
            for reason, n in t.reasons.items()
        ],
    )
    _print_part(
        "Would be quarantined, the first of each file",
        [{"file": row.file, "line": row.line, "reason": row.reason} for row in tried.refused],
    )
    _print_part(
        "Would change, some of each table",
        [
            {"table": table.table, "id": row.source_id, "change": _change(row)}
            for table in tried.tables
            for row in table.changed_rows[:NAMED]
        ],
    )
    print_ignored(tried.ignored)
    print("\nNothing was loaded: this was a dry run.")


def print_ignored(files: Sequence[str]) -> None:
    """Name the files of a folder that no part of the mapping is for."""
    if not files:
        return
    names = [Path(file).name for file in files]
    shown = ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
    print(
        f"Left alone, since no part of the mapping is for them: {len(names)} files ({shown})", file=sys.stderr
    )


def _print_part(title: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        print(f"\n{title}")
        print_rows(rows, Format.table)


def _change(row: ChangedRow) -> str:
    return ", ".join(f"{name}: {text(row.old[name])} -> {text(row.new[name])}" for name in row.new)
