"""Where facts lie: a folder of Delta tables, one a fact table, plus the log of loads and withdrawals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from accord.errors import AccordError
from accord.ledger.tables import FACTS, SQL_TYPES, Column, Table

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable

LOADS = Table(
    "loads",
    "event",
    "One finished load of files.",
    "load_id, finished_at",
    (
        Column("load_id", "text", "The load; facts carry it.", True),
        Column("finished_at", "time", "When it ended (naive UTC).", True),
        Column("receipt", "json", "Files, mapping and counts by table.", True),
    ),
)
WITHDRAWALS = Table(
    "withdrawals",
    "event",
    "The tombstone of a load: its facts no longer count from then on.",
    "load_id",
    (
        Column("load_id", "text", "The load withdrawn.", True),
        Column("withdrawn_at", "time", "When it was withdrawn (naive UTC).", True),
    ),
)
VERSIONS = Table(
    "versions",
    "event",
    "A version of the agreement coming into force.",
    "version, registered_at",
    (
        Column("version", "text", "Behaviour hash of the agreement.", True),
        Column("registered_at", "time", "When it was registered (naive UTC).", True),
        Column("from_at", "time", "It judges what became known from then on (naive UTC).", True),
        Column("agreement", "text", "The agreement's text.", True),
    ),
)
LOGS = {table.name: table for table in (LOADS, WITHDRAWALS, VERSIONS)}
ORDERED_BY = {"loads": "finished_at", "withdrawals": "withdrawn_at", "versions": "registered_at"}

UNUSABLE = re.compile(r"[\[\]?*]|%[0-9A-Fa-f]{2}")
"""What delta-rs or DuckDB cannot have in a table's path."""

BEGINNING = datetime(1, 1, 1)
"""Before anything that can be known."""

PARTITION = "month"
"""Partition column of every fact table: the month of `occurred_at` of events, `all` for records."""


class UnusableFolder(AccordError):
    """The ledger's path has characters that Delta tables cannot have in theirs."""

    code = "unusable_folder"


def columns_of(name: str) -> dict[str, str]:
    """Column names of a fact table or log, each with its SQL type."""
    table = FACTS.get(name) or LOGS[name]
    own = {column.name: SQL_TYPES[column.type] for column in table.columns}
    return own if name in LOGS else {c: SQL_TYPES[table.column(c).type] for c in table.names}


class Store:
    """The folder of Delta tables. Only `accord.ledger.writer` writes to it."""

    def __init__(self, folder: Path) -> None:
        """Raises UnusableFolder if Delta cannot open tables under that path."""
        if UNUSABLE.search(str(folder)):
            raise UnusableFolder(
                f"Tables cannot be kept under {folder}: the path has one of [ ] ? * or a % code in it.",
                mend="Choose a folder without these.",
            )
        self.folder = folder

    def path(self, table: str) -> Path:
        """Folder of one table."""
        return self.folder / ("facts" if table in FACTS else "log") / table

    def exists(self, table: str) -> bool:
        """Whether anything was ever written to the table."""
        return (self.path(table) / "_delta_log").is_dir()

    def delta(self, table: str) -> DeltaTable:
        """The Delta table, made empty if it does not exist yet."""
        from deltalake import DeltaTable

        if self.exists(table):
            return DeltaTable(self.path(table))
        partition = [PARTITION] if table in FACTS else None
        return DeltaTable.create(self.path(table), arrow_schema(table), mode="ignore", partition_by=partition)

    def files(self, table: str, months: Iterable[str] | None = None) -> list[str]:
        """Paths of the table's Parquet files, only those of `months` if given; empty for an unknown table."""
        if not self.exists(table):
            return []
        import pyarrow as pa

        # Not `file_uris()`: it escapes spaces and umlauts in the folder's path.
        added = pa.table(self.delta(table).get_add_actions(flatten=True))["path"].to_pylist()
        wanted = None if months is None else tuple(f"{PARTITION}={month}/" for month in months)
        return sorted(
            str(self.path(table) / path) for path in added if wanted is None or path.startswith(wanted)
        )

    def version(self, table: str) -> int:
        """Number of the table's newest commit, -1 for an unknown table."""
        return int(self.delta(table).version()) if self.exists(table) else -1

    def head(self, table: str) -> str:
        """The table's newest commit, by number and time, so that a copy put back shows; empty if unknown."""
        if not self.exists(table):
            return ""
        newest = self.delta(table).history(1)[0]
        return f"{newest['version']}@{newest['timestamp']}"


def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a fact table (with its partition column) or log."""
    import pyarrow as pa

    kinds = {
        "VARCHAR": pa.string(),
        "BIGINT": pa.int64(),
        "DOUBLE": pa.float64(),
        "DECIMAL(18,4)": pa.decimal128(18, 4),
        "BOOLEAN": pa.bool_(),
        "TIMESTAMP": pa.timestamp("us"),
    }
    fields = [(column, kinds[kind]) for column, kind in columns_of(name).items()]
    return pa.schema([*fields, (PARTITION, pa.string())] if name in FACTS else fields)
