"""Writes the rows that could not be loaded to a file that can be mended and loaded again."""

from __future__ import annotations

from pathlib import Path

from sqlglot import exp

from accord.ledger.engine import DuckDBEngine, Step
from accord.sources.csv_files import ADDED, LEFT_OVER, harmless, harmless_name, lines_of
from accord.sources.raw import Raw
from accord.sources.sql import all_of, call, column, count, fetch, make, named, no, not_null, select, text
from accord.sources.stage import Entry


def write(engine: DuckDBEngine, raw: Raw, entries: list[Entry], bad: str | None, folder: Path) -> Path:
    """Write the refused rows of one file: its own columns, then line, tables and reason; the file's path.

    A line that is no row stands whole in a further column, `_text`.
    """
    tables = ", ".join(dict.fromkeys(entry.facts.table for entry in entries))
    _number_lines(engine, raw, bad)
    width = len(raw.headers) - raw.looked_up
    headers, columns = raw.headers[:width], raw.columns[:width]
    broken = select(
        *(named(no(), name) for name in headers),
        named(call("coalesce", column("_line"), column("_at")), "_line"),
        named(text(tables), "_table"),
        column("_reason"),
        column("_text"),
        source=raw.rejects,
    ).join("record_lines", using=["_record"], join_type="left")
    parts: list[exp.Query] = [broken]
    if bad:
        parts.append(
            select(
                *(named(column(c), name) for c, name in zip(columns, headers, strict=True)),
                named(column("_at"), "_line"),
                column("_table"),
                column("_reason"),
                named(column(raw.text_column) if raw.text_column else no(), "_text"),
                source=raw.table,
            )
            .join(exp.to_table(bad), using=["_row"])
            .join("row_lines", using=["_row"], join_type="left")
        )
    make(engine, "to_mend", all_of(parts))
    return _copy(engine, raw, headers, folder)


def _number_lines(engine: DuckDBEngine, raw: Raw, bad: str | None) -> None:
    """Make `row_lines` and `record_lines`: where in the file each refused row and broken record begins."""
    import pyarrow as pa

    def numbers(name: str, table: str) -> set[int]:
        return {
            row[0] for row in fetch(engine, select(column(name), source=table).where(not_null(column(name))))
        }

    rows = numbers("_row", bad) if bad else set()
    records = numbers("_record", raw.rejects)
    found = lines_of(raw, rows, records)
    for name, key, lines in (("row_lines", "_row", found[0]), ("record_lines", "_record", found[1])):
        whole = {key: pa.array(lines.keys(), pa.int64()), "_at": pa.array(lines.values(), pa.int64())}
        engine.add(name, pa.table(whole))


def _copy(engine: DuckDBEngine, raw: Raw, headers: tuple[str, ...], folder: Path) -> Path:
    path = _free(folder, raw.name if raw.name.lower().endswith(".csv") else f"{raw.name}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    has_text = fetch(engine, select(count(column("_text")), source="to_mend"))[0][0]
    cells = [named(harmless(column(name)), harmless_name(name)) for name in headers]
    cells += [column(name) for name in ADDED]
    cells += [named(harmless(column(LEFT_OVER)), LEFT_OVER)] if has_text else []
    rows = select(*cells, source="to_mend")
    copy = exp.Copy(
        this=rows.order_by(column("_line")).subquery(),
        kind=False,
        files=[text(str(path))],
        params=[
            exp.CopyParameter(this=exp.var("FORMAT"), expression=exp.var("csv")),
            exp.CopyParameter(this=exp.var("HEADER"), expression=exp.true()),
        ],
    )
    engine.command(Step.from_expression("quarantine", copy))
    return path


def _free(folder: Path, name: str) -> Path:
    """A path for the file; of two files of one name, the second gets a folder of its own."""
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / str(number) / name, number + 1
    return path
