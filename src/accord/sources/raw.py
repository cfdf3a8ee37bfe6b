"""A file's rows in the engine: every column is text, every row has its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from accord.ledger.engine import DuckDBEngine
from accord.sources.mapping import did_you_mean
from accord.sources.sql import insert
from accord.sources.text_files import FileError, TextFile

BATCH = 50_000
"""Rows that a reader in Python gathers before they go to the engine."""


@dataclass(frozen=True)
class Raw:
    """A file in the engine: table `table` has `_row` and the text columns `columns`, in the file `headers`.

    Table `<table>_rejects` has `_record`, `_line`, `_text`, `_reason` of every line that is no row.
    `records` is the text file whose records must be counted to find a line; None where `_row` is the line.
    The last `looked_up` columns came from other files.
    """

    path: Path
    name: str
    table: str
    headers: tuple[str, ...]
    has_nul: bool = False
    text_column: str | None = None
    records: TextFile | None = None
    delimiter: str = ","
    looked_up: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns in the engine."""
        return tuple(f"c{number}" for number in range(1, len(self.headers) + 1))

    @property
    def rejects(self) -> str:
        """The table of lines that are no rows."""
        return f"{self.table}_rejects"

    def has(self, header: str) -> bool:
        """Whether the file has the column; case and blanks around its name do not matter."""
        return _plain(header) in map(_plain, self.headers)

    def column(self, header: str) -> str:
        """The engine's name of a column of the file. Raises KeyError."""
        try:
            return f"c{[_plain(name) for name in self.headers].index(_plain(header)) + 1}"
        except ValueError:
            raise KeyError(header) from None

    def check(self, headers: Iterable[str]) -> None:
        """Raises FileError naming the columns the mapping speaks of and the file has not."""
        absent = [header for header in dict.fromkeys(headers) if not self.has(header)]
        if not absent:
            return
        raise FileError(
            f"{self.path} has no column {', '.join(map(self._guess, absent))}.",
            mend=f"Its columns are: {', '.join(self.headers)}.",
            file=str(self.path),
            columns=absent,
        )

    def _guess(self, header: str) -> str:
        numbered = [n for n in self.headers if _plain(n).startswith(f"{_plain(header)} (")]
        if len(numbered) > 1:
            return f"{header!r} stands more than once: write {' or '.join(map(repr, numbered))}"
        return f"{header!r}{did_you_mean(header, self.headers)}"


def _plain(header: str) -> str:
    return header.strip().casefold()


def headers_of(path: Path, names: Sequence[Any]) -> tuple[str, ...]:
    """Names of the columns: one that stands twice is numbered, one without a name is called by its place."""
    given = ["" if name is None else str(name).strip() for name in names]
    if not any(given):
        raise FileError(
            f"{path} has no header line.", mend="Its first line names the columns.", file=str(path)
        )
    named = [name or f"(column {number})" for number, name in enumerate(given, start=1)]
    times = Counter(_plain(name) for name in named)
    seen: Counter[str] = Counter()
    result = []
    for name in named:
        seen[_plain(name)] += 1
        result.append(name if times[_plain(name)] == 1 else f"{name} ({seen[_plain(name)]})")
    return tuple(result)


def add_rejects(engine: DuckDBEngine, table: str, rejects: Sequence[tuple[int, str, str]]) -> None:
    """Add lines that are no rows, each with its number, its text and the reason, to `<table>_rejects`."""
    columns = {"_record": pa.nulls(len(rejects), pa.int64())}
    columns["_line"] = pa.array([line for line, _, _ in rejects], pa.int64())
    columns["_text"] = pa.array([text for _, text, _ in rejects], pa.string())
    columns["_reason"] = pa.array([reason for _, _, reason in rejects], pa.string())
    engine.add("more_rejects", pa.table(columns))
    insert(engine, f"{table}_rejects", "more_rejects")


def no_rejects(engine: DuckDBEngine, table: str) -> None:
    """Make `<table>_rejects` without any line."""
    kinds = {"_record": pa.int64(), "_line": pa.int64(), "_text": pa.string(), "_reason": pa.string()}
    engine.add(f"{table}_rejects", pa.schema(list(kinds.items())).empty_table())


def add_rows(
    engine: DuckDBEngine, table: str, width: int, rows: Iterable[tuple[int, Sequence[str | None]]]
) -> None:
    """Make the raw table from numbered rows read by Python, a batch at a time."""
    engine.add(table, _arrow([], width))
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        engine.add("more_rows", _arrow(batch, width))
        insert(engine, table, "more_rows")


def _arrow(batch: list[tuple[int, Sequence[str | None]]], width: int) -> pa.Table:
    cells = {
        f"c{n + 1}": pa.array([row[n] if n < len(row) else None for _, row in batch], pa.string())
        for n in range(width)
    }
    return pa.table({"_row": pa.array([number for number, _ in batch], pa.int64()), **cells})
