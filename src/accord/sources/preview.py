"""A dry run: what a load would do to the ledger. It appends nothing and leaves nothing behind."""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from accord.ledger.engine import DuckDBEngine, Step
from accord.ledger.tables import FACTS
from accord.ledger.writer import Ledger
from accord.sources.batch import Batch, Counts
from accord.sources.load import TWICE, Progress, matched, silent, staged_facts, taken
from accord.sources.mapping import Mapping

SHOWN = 20
"""Sample rows shown of each kind: a table's new and changed ones, a file's quarantined ones."""

COUNTS = """
SELECT count(*) AS offered, count(standing.subject) AS changed
FROM new_facts LEFT JOIN standing ON new_facts.subject = standing.subject
"""
NEW = f"""
SELECT new_facts.* FROM new_facts ANTI JOIN standing ON new_facts.subject = standing.subject
ORDER BY object, source_id, fact_id LIMIT {SHOWN}
"""  # noqa: S608  a number of our own
CHANGED = f"""
SELECT new_facts.* FROM new_facts SEMI JOIN standing ON new_facts.subject = standing.subject
ORDER BY object, source_id, fact_id LIMIT {SHOWN}
"""  # noqa: S608  a number of our own
STANDING, BEFORE = (Step.from_file(__package__, name) for name in ("standing", "states_before"))


@dataclass(frozen=True)
class NewRow:
    """A fact about something the ledger does not know yet; `values` are those it has."""

    object: str
    source_id: str
    values: dict[str, Any]


@dataclass(frozen=True)
class ChangedRow:
    """Another state of something the ledger knows: the values that differ, before and after."""

    object: str
    source_id: str
    old: dict[str, Any]
    new: dict[str, Any]


@dataclass(frozen=True)
class RefusedRow:
    """A row that would be quarantined: where it stands, which tables it was meant for, and why."""

    file: str
    line: int | None
    tables: str
    reason: str


@dataclass(frozen=True)
class TablePreview:
    """What would become of what is offered to one fact table.

    `received` = `new` + `changed` + `known` + `quarantined` + `skipped`; `reasons` explains the last two.
    """

    table: str
    received: int
    new: int
    changed: int
    known: int
    quarantined: int
    skipped: int
    reasons: dict[str, int]
    new_rows: list[NewRow]
    changed_rows: list[ChangedRow]


@dataclass(frozen=True)
class Preview:
    """What a load would do. `ignored` lists the files of a folder that no entry of the mapping matches."""

    mapping: str
    source: str
    files: list[str]
    tables: list[TablePreview]
    refused: list[RefusedRow]
    ignored: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; moments stay moments."""
        return asdict(self)


def preview(
    paths: Sequence[Path],
    mapping: Mapping,
    ledger: Ledger,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> Preview:
    """Try a load of files and folders as it would be at `now`.

    Raises FileError where the load would.
    """
    told = progress or silent
    files, ignored = matched(paths, mapping)
    with tempfile.TemporaryDirectory(dir=ledger.folder.parent, prefix=".preview-") as folder:
        scratch, quarantine = Path(folder).resolve() / "scratch", Path(folder).resolve() / "quarantine"
        quarantine.mkdir()
        with taken(files, mapping, ledger, scratch, quarantine, told) as batch:
            tables = []
            for number, table in enumerate(batch.tables()):
                told(f"comparing {table}", number, len(batch.tables()))
                tables.append(_table(batch, table, ledger, now))
            refused = [row for path in batch.quarantined for row in _refused(path, quarantine)]
        told("done", len(files), len(files))
    return Preview(
        mapping=mapping.mapping,
        source=mapping.source,
        files=[str(path) for path in files],
        tables=tables,
        refused=refused,
        ignored=[str(path) for path in ignored],
    )


def _table(batch: Batch, table: str, ledger: Ledger, now: datetime) -> TablePreview:
    engine, counts = batch.engine, batch.counts[table]
    staged = staged_facts(batch, table)
    # Neither history nor the load's name decides which facts are new.
    done = ledger.compare(engine, table, staged, load_id="preview", recorded_at=now, history=False)
    counts.skip(TWICE, done.duplicate)
    if not done.loaded:
        return _preview(table, counts, known=done.known)
    engine.run([STANDING, Step("changed_rows", CHANGED), BEFORE])
    found = engine.query(COUNTS).to_pylist()[0]
    return _preview(
        table,
        counts,
        known=done.known,
        changed=found["changed"],
        new=found["offered"] - found["changed"],
        new_rows=_new_rows(engine, table),
        changed_rows=_changed_rows(engine, table),
    )


def _preview(
    table: str,
    counts: Counts,
    *,
    known: int,
    new: int = 0,
    changed: int = 0,
    new_rows: Sequence[NewRow] = (),
    changed_rows: Sequence[ChangedRow] = (),
) -> TablePreview:
    quarantined, skipped = sum(counts.quarantined.values()), sum(counts.skipped.values())
    return TablePreview(
        table,
        new + changed + known + quarantined + skipped,
        new,
        changed,
        known,
        quarantined,
        skipped,
        dict(sorted((counts.quarantined + counts.skipped).items())),
        list(new_rows),
        list(changed_rows),
    )


def _state(row: dict[str, Any], table: str) -> dict[str, Any]:
    """What a fact says, without what the ledger adds: a moment that the file does not give, for one."""
    names = ("deleted", "occurred_at", "source_updated_at", "twin", *(c.name for c in FACTS[table].columns))
    given = {name: row[name] for name in names}
    if row["occurred_at"] == row["recorded_at"]:
        given["occurred_at"] = None
    return given


def _new_rows(engine: DuckDBEngine, table: str) -> list[NewRow]:
    rows = []
    for row in engine.query(NEW).to_pylist():
        values = {name: value for name, value in _state(row, table).items() if value is not None}
        if not values["deleted"]:
            del values["deleted"]
        rows.append(NewRow(row["object"], row["source_id"], values))
    return rows


def _changed_rows(engine: DuckDBEngine, table: str) -> list[ChangedRow]:
    before = {
        row["subject"]: _state(row, table) for row in engine.query("SELECT * FROM states_before").to_pylist()
    }
    changed = []
    for row in engine.query("SELECT * FROM changed_rows ORDER BY object, source_id, fact_id").to_pylist():
        old, new = before[row["subject"]], _state(row, table)
        differing = [name for name in new if new[name] != old[name]]
        changed.append(
            ChangedRow(
                row["object"],
                row["source_id"],
                {name: old[name] for name in differing},
                {name: new[name] for name in differing},
            )
        )
    return changed


def _refused(path: Path, folder: Path) -> list[RefusedRow]:
    """The first rows of a quarantine file."""
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.DictReader(file), SHOWN))
    return [
        RefusedRow(path.name, int(row["_line"]) if row["_line"] else None, row["_table"], row["_reason"])
        for row in rows
    ]
