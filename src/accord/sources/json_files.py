"""Reads JSON Lines; a value within an object is a column named with dots: `properties.email`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accord.ledger.engine import DuckDBEngine
from accord.sources.raw import Raw, add_rejects, add_rows, no_rejects
from accord.sources.text_files import TOO_LONG, FileError, ready


def read_json(engine: DuckDBEngine, path: Path, table: str, copy_to: Path, encoding: str | None) -> Raw:
    """Read a file of JSON objects, one a line. Raises FileError."""
    file = ready(path, encoding, copy_to)
    headers: dict[str, None] = {}
    rejects = [(one.line, one.begins, TOO_LONG) for one in file.long_lines]
    for number, line, row in _objects(file.path):
        if isinstance(row, str):
            rejects.append((number, line, row))
        else:
            headers |= dict.fromkeys(row)
    if not headers:
        raise FileError(f"{path} holds no JSON objects.", mend="It has one object a line.", file=str(path))
    rows = (
        (number, [row.get(name) for name in headers])
        for number, _, row in _objects(file.path)
        if isinstance(row, dict)
    )
    add_rows(engine, table, len(headers), rows)
    no_rejects(engine, table)
    if rejects:
        add_rejects(engine, table, rejects)
    return Raw(path, path.name, table, tuple(headers), file.has_nul)


def _objects(path: Path) -> Iterator[tuple[int, str, dict[str, str | None] | str]]:
    """Each line with its number: the object it holds, flat and as text, or the reason it holds none."""
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                held = json.loads(line, parse_float=str)
            except (ValueError, RecursionError):
                yield number, line.rstrip("\n"), "the line is not JSON"
                continue
            if isinstance(held, dict):
                yield number, line, dict(_flat(held))
            else:
                yield number, line.rstrip("\n"), "the line is not a JSON object"


def _flat(held: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for key, value in held.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, bool):
            yield prefix + key, str(value).lower()
        elif isinstance(value, list):
            yield prefix + key, json.dumps(value, ensure_ascii=False)
        else:
            yield prefix + key, None if value is None else str(value)
