"""Finds out how a file is read, and reads it into the engine."""

from __future__ import annotations

from pathlib import Path

from accord.ledger.engine import DuckDBEngine
from accord.sources.raw import Raw
from accord.sources.text_files import FileError

CSV, EXCEL, PARQUET, JSON = (
    (".csv", ".tsv", ".txt"),
    (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    (".parquet", ".pq"),
    (".jsonl", ".ndjson"),
)
SUFFIXES = (*CSV, *EXCEL, *PARQUET, *JSON)


def kind_of(path: Path) -> str:
    """The suffix that says how a file is read, `.gz` left out; empty for a file not known."""
    name = path.name.lower().removesuffix(".gz")
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def plain_name(path: Path) -> str:
    """The file's name; a quarantine file's is that of the file it came from."""
    shorter = path.name.removesuffix(".csv")
    base = shorter.split("#")[0]
    return shorter if path.name.endswith(".csv") and kind_of(Path(base)) else path.name


def read(
    engine: DuckDBEngine,
    path: Path,
    table: str,
    scratch: Path,
    *,
    sheet: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Raw:
    """Read a file into the engine. Raises FileError if it cannot be read as a whole."""
    kind = kind_of(path)
    if kind in CSV:
        from accord.sources.csv_files import read_csv

        return read_csv(engine, path, table, scratch / f"{table}.csv", delimiter, encoding)
    if kind in EXCEL:
        from accord.sources.excel_files import read_excel

        return read_excel(engine, path, table, sheet)
    if kind in PARQUET:
        from accord.sources.parquet_files import read_parquet

        return read_parquet(engine, path, table)
    if kind in JSON:
        from accord.sources.json_files import read_json

        return read_json(engine, path, table, scratch / f"{table}.jsonl", encoding)
    raise FileError(
        f"{path}: files of this kind are not read.",
        mend=f"Save it as one of {', '.join(SUFFIXES)} (text files also as .gz).",
        file=str(path),
    )
