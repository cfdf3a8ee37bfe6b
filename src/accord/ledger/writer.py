"""The one writer of facts: nothing else appends to the ledger.

A batch is appended by an anti-join on `fact_id` within the months it touches and one commit, under one
lock; never by MERGE (DESIGN 2b). The data files are written first and become part of the table by the
commit alone, so a killed writer leaves nothing torn.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlglot import exp

from accord.errors import AccordError
from accord.ledger import identify
from accord.ledger.engine import DuckDBEngine, Step
from accord.ledger.locks import FileLock, WriterLock
from accord.ledger.store import BEGINNING, ORDERED_BY, PARTITION, Store, arrow_schema, columns_of
from accord.ledger.tables import FACTS

MANY_FILES = 200
"""More files than this in a table are gathered into fewer."""
KEPT_HOURS = 7 * 24
"""How long files that are no longer part of a table are kept for readers."""

KNOWN_FROM = "SELECT load_id, count(*) AS n FROM known_facts GROUP BY load_id ORDER BY load_id"


@dataclass(frozen=True)
class Appended:
    """What became of a batch: `loaded` facts are new, `known` ones stood in the ledger, others came twice.

    `known_from` counts the known facts by the load that brought them.
    """

    loaded: int
    known: int
    duplicate: int
    known_from: dict[str, int]


class UnknownLoad(AccordError):
    """There is no such load."""

    code = "unknown_load"


class Ledger(Store):
    """The ledger of a workspace, for reading and writing."""

    def __init__(self, folder: Path, lock: WriterLock | None = None) -> None:
        """`lock`: what keeps other writers away; without it, a file in the folder. Raises UnusableFolder."""
        super().__init__(folder)
        self.writing = lock or FileLock(folder)

    def append(
        self,
        engine: DuckDBEngine,
        table: str,
        staged: str,
        *,
        load_id: str,
        recorded_at: datetime,
        history: bool,
    ) -> Appended:
        """Append the rows of the engine's table `staged` that the ledger does not hold yet.

        `staged` has the columns source, object, source_id (NULL: made from the values), twin, deleted,
        occurred_at, source_updated_at, assumed, the table's own columns, and `file_no` if rows come from
        several files.
        """
        with self.writing() as check:
            done = self.compare(
                engine, table, staged, load_id=load_id, recorded_at=recorded_at, history=history
            )
            if done.loaded:
                check()
                self._commit(engine, table)
                self._tidy(table)
            return done

    def compare(
        self,
        engine: DuckDBEngine,
        table: str,
        staged: str,
        *,
        load_id: str,
        recorded_at: datetime,
        history: bool,
    ) -> Appended:
        """What `append` would do with the rows, without doing it.

        If any would be loaded, the engine then has `new_facts` (the rows to append), `existing_all` (all
        facts of the table) and `withdrawals`.
        """
        mapped = "mapped_derived" in engine.columns(staged)
        batch = identify.Batch(FACTS[table], staged, load_id, recorded_at, history, mapped)
        engine.run(identify.steps(batch))
        months = [row["month"] for row in engine.query("SELECT DISTINCT month FROM identified").to_pylist()]
        if not months:
            return Appended(0, 0, 0, {})
        self._attach_existing(engine, table, months)
        engine.run(identify.COMPARED)
        engine.view(identify.NEW_FACTS)
        counts = engine.query(identify.COUNTS.sql).to_pylist()[0]
        known_from = {row["load_id"]: row["n"] for row in engine.query(KNOWN_FROM).to_pylist()}
        return Appended(**counts, known_from=known_from)

    def new_load_id(self, fingerprint: str) -> str:
        """The id of a load of the given content: the same until that load is withdrawn, then another.

        So a load that was killed half-way goes on under its own id.
        """
        times = 0
        while (load_id := _digest(f"{fingerprint}:{times}")) in self.withdrawn():
            times += 1
        return load_id

    def finish_load(self, load_id: str, receipt: dict[str, Any], now: datetime) -> None:
        """Log a finished load with its receipt."""
        text = json.dumps(receipt, sort_keys=True)
        self._log("loads", {"load_id": load_id, "finished_at": now, "receipt": text})

    def withdraw(self, load_id: str, now: datetime) -> None:
        """Undo a load: its facts no longer count, from `now` on. Raises UnknownLoad."""
        with self.writing():
            active = {load["load_id"] for load in self.loads()} - self.withdrawn()
            if load_id not in active:
                raise UnknownLoad(
                    f"There is no load {load_id} to undo.",
                    mend=f"Loads that can be undone: {', '.join(sorted(active)) or 'none'}.",
                )
            self._log("withdrawals", {"load_id": load_id, "withdrawn_at": now})

    def loads(self) -> list[dict[str, Any]]:
        """The finished loads, oldest first: `load_id`, `finished_at`, `receipt` (a dict)."""
        rows = self._log_rows("loads")
        return [row | {"receipt": json.loads(row["receipt"])} for row in rows]

    def withdrawn(self) -> set[str]:
        """Ids of the loads that were undone."""
        return set(self.withdrawals())

    def withdrawals(self) -> dict[str, datetime]:
        """When each load that was undone was withdrawn (naive UTC)."""
        return {row["load_id"]: row["withdrawn_at"] for row in self._log_rows("withdrawals")}

    def register_version(
        self, version: str, agreement: str, now: datetime, *, since: datetime | None = None, from_start: bool
    ) -> None:
        """Note that this version of the agreement is in force from `now` on, or for all of the past too.

        `since`: what became known from then on is judged by it already, for no build has judged that yet.
        Registering the version that is in force already changes nothing.
        """
        with self.writing():
            versions = self.versions()
            if versions and versions[-1]["version"] == version:
                return
            from_at = BEGINNING if from_start or not versions else min(since or now, now)
            row = {"version": version, "registered_at": now, "from_at": from_at, "agreement": agreement}
            self._log("versions", row)

    def versions(self) -> list[dict[str, Any]]:
        """The agreement's versions as they came into force, oldest first."""
        return self._log_rows("versions")

    def _attach_existing(self, engine: DuckDBEngine, table: str, months: list[str]) -> None:
        columns = columns_of(table)
        engine.read_parquet("existing", self.files(table, months), columns)
        engine.read_parquet("existing_all", self.files(table), columns)
        engine.read_parquet("withdrawals", self.files("withdrawals"), columns_of("withdrawals"))

    def _commit(self, engine: DuckDBEngine, table: str) -> None:
        from deltalake.transaction import AddAction, RemoveAction

        delta, root = self.delta(table), self.path(table)
        part = f"part-{uuid.uuid4().hex}"
        engine.command(_copy_partitioned(root, part))
        actions: list[AddAction | RemoveAction] = []
        for path in sorted(root.glob(f"{PARTITION}=*/{part}*.parquet")):
            values = {PARTITION: path.parent.name.removeprefix(f"{PARTITION}=")}
            name = path.relative_to(root).as_posix()
            actions.append(AddAction(name, path.stat().st_size, values, int(time.time() * 1000), True, "{}"))
        delta.create_write_transaction(actions, "append", arrow_schema(table), partition_by=[PARTITION])

    def _tidy(self, table: str) -> None:
        """Gather many small files into few, and drop files no reader of the last week can need."""
        if len(self.files(table)) > MANY_FILES:
            delta = self.delta(table)
            delta.optimize.compact()
            delta.vacuum(retention_hours=KEPT_HOURS, dry_run=False)

    def _log(self, table: str, row: dict[str, Any]) -> None:
        import pyarrow as pa
        from deltalake import write_deltalake

        self.delta(table)
        write_deltalake(
            self.path(table), pa.Table.from_pylist([row], schema=arrow_schema(table)), mode="append"
        )

    def _log_rows(self, table: str) -> list[dict[str, Any]]:
        if not self.exists(table):
            return []
        rows: list[dict[str, Any]] = self.delta(table).to_pyarrow_table().to_pylist()
        return sorted(rows, key=lambda row: row[ORDERED_BY[table]])


def _copy_partitioned(root: Path, part: str) -> Step:
    options = {
        "FORMAT": exp.var("parquet"),
        "COMPRESSION": exp.var("snappy"),
        "PARTITION_BY": exp.Paren(this=exp.to_identifier(PARTITION)),
        "FILENAME_PATTERN": exp.Literal.string(f"{part}-{{uuid}}"),
        "APPEND": exp.true(),
    }
    copy = exp.Copy(
        this=exp.to_table("new_facts"),
        kind=False,
        files=[exp.Literal.string(str(root))],
        params=[exp.CopyParameter(this=exp.var(name), expression=value) for name, value in options.items()],
    )
    return Step.from_expression("append", copy)


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:12]
