"""Reads CSV files with DuckDB; lines that are no rows are kept with the reason."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from sqlglot import exp

from accord.ledger.engine import DuckDBEngine, StepError
from accord.sources.raw import Raw, add_rejects, headers_of
from accord.sources.readers import plain_name
from accord.sources.sql import (
    call,
    case,
    column,
    count,
    drop,
    fetch,
    file_function,
    joined,
    make,
    named,
    no,
    number,
    select,
    size,
    text,
)
from accord.sources.text_files import LONGEST_LINE, TOO_LONG, FileError, TextFile, ready

ADDED = ("_line", "_table", "_reason")
"""Columns that a quarantine file has besides those of the file it came from."""
LEFT_OVER = "_text"
"""Further column of a quarantine file: a line that could not be taken apart, as it stood."""

FORMULA = r"^'*[=+@\t\r\n-]"
"""How a cell begins that a spreadsheet would take for a formula, or that looks like one made harmless.

A quarantine file has a quote ahead of such a cell, and loses exactly that one when it is read again."""
HARMLESS = r"^'('*[=+@\t\r\n-])"

QUARANTINE_HEADER = re.compile(rb"[,;\t]_line[,;\t]_table[,;\t]_reason([,;\t]_text)?\r?\n$")
MOST_SWALLOWED = 100
"""Lines one broken quote may swallow before the file as a whole is refused."""


def read_csv(
    engine: DuckDBEngine, path: Path, table: str, copy_to: Path, delimiter: str | None, encoding: str | None
) -> Raw:
    """Read a CSV file. Raises FileError."""
    csv.field_size_limit(sys.maxsize)
    if _is_quarantine(path):  # written by Accord, whatever the file it came from was like
        delimiter = encoding = None
    file = ready(path, encoding, copy_to)
    delimiter = delimiter or _delimiter(file.path)
    headers = headers_of(path, _first_record(file.path, delimiter))
    kept, text_column = _without_added(headers)
    if kept != headers:
        kept = tuple(re.sub(HARMLESS, r"\1", name) for name in kept)
    columns = [f"c{n}" for n in range(1, len(headers) + 1)]
    _scan(engine, path, file, table, columns, delimiter, is_quarantine=len(kept) < len(headers))
    _keep_rejects(engine, table, file)
    _nothing_lost(engine, path, table, file, columns)
    drop(engine, f"{table}_errors")
    drop(engine, f"{table}_scans")
    return Raw(path, plain_name(path), table, kept, file.has_nul, text_column, file, delimiter)


def _records(path: Path, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Each record with the number of its last line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        for record in reader:
            yield record, reader.line_num


def _first_record(path: Path, delimiter: str) -> list[str]:
    return next(_records(path, delimiter), ([], 0))[0]


def _is_quarantine(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(LONGEST_LINE)
    return QUARANTINE_HEADER.search(first) is not None


def _delimiter(path: Path) -> str:
    """The sign that takes the header apart into most columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(LONGEST_LINE)
    widths = {sign: len(next(csv.reader([first], delimiter=sign), [])) for sign in (",", ";", "\t", "|")}
    return max(widths, key=lambda sign: widths[sign])


def _without_added(headers: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """The headers without those a quarantine file adds at its end, and the column of left-over text."""
    text_column = f"c{len(headers)}" if headers[-1] == LEFT_OVER else None
    rest = headers[:-1] if text_column else headers
    if rest[-len(ADDED) :] == ADDED:
        return rest[: -len(ADDED)], text_column
    return headers, None


def _scan(
    engine: DuckDBEngine,
    path: Path,
    file: TextFile,
    table: str,
    columns: list[str],
    delimiter: str,
    *,
    is_quarantine: bool,
) -> None:
    """Read the file; counting the rows as they stream keeps them in the order of the file."""
    types = exp.Struct(
        expressions=[exp.PropertyEQ(this=exp.to_identifier(c), expression=text("VARCHAR")) for c in columns]
    )
    options: dict[str, exp.Expr] = {
        "header": exp.true(),
        "auto_detect": exp.false(),
        "columns": types,
        "delim": text(delimiter),
        "quote": text('"'),
        "escape": text('"'),
        "max_line_size": number(LONGEST_LINE * 2),
        "store_rejects": exp.true(),
        "rejects_table": text(f"{table}_errors"),
        "rejects_scan": text(f"{table}_scans"),
        "rejects_limit": number(0),
    }
    source = file_function("read_csv", file.path, options)
    row = named(exp.Window(this=exp.func("row_number")), "_row")
    cells = [named(_unquoted(column(c)), c) if is_quarantine else column(c) for c in columns]
    try:
        make(engine, table, exp.select(row, *cells).from_(source))
    except StepError as error:
        cause = str(error.__cause__).splitlines()[0]
        raise FileError(f"{path} cannot be read: {cause}", mend="Export it again.", file=str(path)) from None


def harmless(cell: exp.Expr) -> exp.Expr:
    """The cell with a quote ahead if a spreadsheet could take it for a formula."""
    return case((call("regexp_matches", cell, text(FORMULA)), joined(text("'"), cell.copy())), otherwise=cell)


def harmless_name(header: str) -> str:
    """The header in the same way."""
    return f"'{header}" if re.match(FORMULA, header) else header


def _unquoted(cell: exp.Expr) -> exp.Expr:
    return call("regexp_replace", cell, text(HARMLESS), text("\\1"))


REASONS = {
    "MISSING COLUMNS": "the line has fewer fields than the header",
    "TOO MANY COLUMNS": "the line has more fields than the header",
    "UNQUOTED VALUE": "a quoted value is not closed as it should be",
    "LINE SIZE OVER MAXIMUM": "the line is too long",
}


def _keep_rejects(engine: DuckDBEngine, table: str, file: TextFile) -> None:
    """Make `<table>_rejects` of DuckDB's errors (several may speak of one line) and the long lines."""
    kind = exp.cast(column("error_type"), "VARCHAR")
    meanings = [exp.If(this=text(key), true=text(meaning)) for key, meaning in REASONS.items()]
    reason = exp.Case(this=kind, ifs=meanings, default=call("lower", kind.copy()))
    query = select(
        named(exp.cast(column("line"), "BIGINT"), "_record"),
        named(no("BIGINT"), "_line"),
        named(call("ltrim", call("any_value", column("csv_line")), text("\r\n")), "_text"),
        named(call("min", reason), "_reason"),
        source=f"{table}_errors",
    ).group_by(column("line"))
    make(engine, f"{table}_rejects", query)
    if file.long_lines:
        add_rejects(engine, table, [(one.line, one.begins, TOO_LONG) for one in file.long_lines])


def _nothing_lost(engine: DuckDBEngine, path: Path, table: str, file: TextFile, columns: list[str]) -> None:
    """Raises FileError unless every line of the file is in a row, a rejected line, the header, or blank."""
    within = _breaks(column("_text"))
    rejected = select(
        count(),
        call("coalesce", call("sum", within), number(0)),
        call("coalesce", call("max", within.copy()), number(0)),
        call("arg_max", column("_record"), within.copy()),
        source=f"{table}_rejects",
    )
    records, inside, most, worst = fetch(engine, rejected)[0]
    if most > MOST_SWALLOWED:
        raise _open_quote(path, f"in line {worst}")
    header = next(_records(file.path, ","), ([], 1))[1]
    seen = size(engine, table) + records + inside + header + file.blank
    if seen < file.lines and file.has_quotes:
        cells = call("concat_ws", text(" "), *(column(c) for c in columns))
        seen += fetch(engine, select(call("sum", _breaks(cells)), source=table))[0][0] or 0
    if seen < file.lines:
        raise _open_quote(path, "somewhere")


def _breaks(value: exp.Expr) -> exp.Expr:
    bare = call("replace", value.copy(), call("chr", number(10)), text(""))
    return exp.Sub(this=call("length", value.copy()), expression=call("length", bare))


def _open_quote(path: Path, where: str) -> FileError:
    return FileError(
        f"{path}: {where} a quoted value opens that is not closed; the lines after it cannot be told apart.",
        mend='Close the quote, or write a quote inside a value twice ("").',
        file=str(path),
    )


def lines_of(
    raw: Raw, rows: Collection[int], records: Collection[int]
) -> tuple[dict[int, int], dict[int, int]]:
    """The line of the file each of the `rows` begins on, and each of the `records` that are no rows.

    A record is a line of the file, or several where a quoted value has line ends; the header is number 1.
    """
    if raw.records is None:
        return {row: row for row in rows}, {record: record for record in records}
    row_lines: dict[int, int] = {}
    record_lines: dict[int, int] = {}
    row, line = 0, 1
    for place, (record, last_line) in enumerate(_records(raw.records.path, raw.delimiter), start=1):
        if place in records:
            record_lines[place] = line
        elif record and place > 1:
            row += 1
            if row in rows:
                row_lines[row] = line
        line = last_line + 1
        if len(row_lines) == len(rows) and len(record_lines) == len(records):
            break
    return row_lines, record_lines
