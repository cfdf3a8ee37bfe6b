"""The history of loads: what each brought, who ran it, what waits in quarantine, whether it was undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from accord.ledger.writer import Ledger, UnknownLoad
from accord.sources.load import TableCount


@dataclass(frozen=True)
class LoadRecord:
    """One load. Moments are naive UTC.

    `tables` is its receipt, `quarantine` the files of rows to mend that still exist, `repeated_at` when the
    same files were loaded again (which adds nothing), `withdrawn_at` when it was undone. `by` is empty where
    nobody was named.
    """

    load_id: str
    finished_at: datetime
    by: str
    mapping: str
    source: str
    history: bool
    files: list[str]
    tables: list[TableCount]
    quarantine: list[Path]
    repeated_at: list[datetime]
    withdrawn_at: datetime | None

    @property
    def withdrawn(self) -> bool:
        """Whether it was undone, so that its facts no longer count."""
        return self.withdrawn_at is not None

    @property
    def received(self) -> int:
        """Rows offered, over all tables."""
        return sum(table.received for table in self.tables)

    @property
    def loaded(self) -> int:
        """Facts it brought."""
        return sum(table.loaded for table in self.tables)

    @property
    def quarantined(self) -> int:
        """Rows refused."""
        return sum(table.quarantined for table in self.tables)


def history(ledger: Ledger) -> list[LoadRecord]:
    """All loads, oldest first."""
    withdrawn = ledger.withdrawals()
    runs: dict[str, list[dict[str, Any]]] = {}
    for entry in ledger.loads():
        runs.setdefault(entry["load_id"], []).append(entry)
    return [_record(ledger, load_id, entries, withdrawn.get(load_id)) for load_id, entries in runs.items()]


def record(ledger: Ledger, load_id: str) -> LoadRecord:
    """One load. Raises UnknownLoad."""
    for one in history(ledger):
        if one.load_id == load_id:
            return one
    raise UnknownLoad(f"There is no load {load_id}.", mend="`accord undo` lists them.")


def _record(
    ledger: Ledger, load_id: str, runs: list[dict[str, Any]], withdrawn_at: datetime | None
) -> LoadRecord:
    first, *again = sorted(runs, key=_order)
    receipt = first["receipt"]
    return LoadRecord(
        load_id=load_id,
        finished_at=first["finished_at"],
        by=receipt.get("by", ""),
        mapping=receipt.get("mapping", ""),
        source=receipt.get("source", ""),
        history=receipt.get("history", False),
        files=[Path(file).name for file in receipt.get("files", [])],
        tables=[TableCount(**table) for table in receipt.get("tables", [])],
        quarantine=sorted(
            p for p in (ledger.folder.parent / "quarantine" / load_id).rglob("*") if p.is_file()
        ),
        repeated_at=[run["finished_at"] for run in again],
        withdrawn_at=withdrawn_at,
    )


def _order(run: dict[str, Any]) -> tuple[datetime, int]:
    """By time; of two runs that ended within one second, the one that brought the facts is the first."""
    return run["finished_at"], -sum(table["loaded"] for table in run["receipt"].get("tables", []))
