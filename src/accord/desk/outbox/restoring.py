"""After a restore the ledger and the desk differ: what either has lost is found here.

The desk notes how it left each of its fact tables (`LedgerHead`). Where a table is otherwise, because others
wrote to it or a copy was put back, its facts are compared with the outbox, by their ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from accord.desk.outbox.actions import KEPT, SOURCE
from accord.desk.outbox.models import LedgerHead, OutboxFact
from accord.ledger import facts
from accord.ledger.engine import DuckDBEngine
from accord.ledger.tables import FACTS

if TYPE_CHECKING:
    from accord.workspace import Workspace

TOLD_BY_DESK = ("feedback", "handoff_moves")
"""The tables whose facts tell what a desk has forgotten."""
REMEMBERED = KEPT - timedelta(days=10)
"""Facts appended before that may have left the outbox, and are no sign of anything forgotten."""
CHUNK = 500


@dataclass
class Difference:
    """`forgotten`: facts of the ledger the desk knows nothing of, unsaved; `heads`: how each table is now."""

    forgotten: list[OutboxFact] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)

    def remember(self) -> None:
        """Note that this difference has been dealt with, in the transaction that did so."""
        OutboxFact.objects.bulk_create(self.forgotten, ignore_conflicts=True)
        for table, head in self.heads.items():
            LedgerHead.objects.update_or_create(table=table, defaults={"head": head})


def compare(workspace: Workspace, now: datetime) -> Difference:
    """Compare what differs from how the desk left it; facts the ledger has lost will be appended again.

    A desk that never told a fact is a new one, and has forgotten nothing. `now` is naive UTC.
    """
    found, noted = Difference(), dict(LedgerHead.objects.values_list("table", "head"))
    is_new = not OutboxFact.objects.exists()
    for table in sorted({*noted, *TOLD_BY_DESK}):
        head = workspace.ledger.head(table)
        if head == noted.get(table):
            continue
        held = _held(workspace, table)
        known = dict(OutboxFact.objects.filter(table=table).values_list("key", "appended_at"))
        lost = [key for key, appended in known.items() if appended and str(key) not in held]
        _append_again(lost)
        if not is_new:
            found.forgotten += _forgotten(table, held, {str(key) for key in known}, now)
        found.heads[table] = head
    return found


def _held(workspace: Workspace, table: str) -> dict[str, dict[str, Any]]:
    """The desk's own facts that the ledger holds, by their ids."""
    engine = DuckDBEngine(folders=[workspace.ledger.folder], memory=workspace.settings.memory)
    try:
        facts.attach(engine, workspace.ledger)
        rows = engine.query(f"SELECT * FROM facts.{table} WHERE source = ?", [SOURCE]).to_pylist()  # noqa: S608  a name of ours
    finally:
        engine.close()
    return {row["source_id"]: row for row in rows}


def _append_again(keys: list[Any]) -> None:
    for first in range(0, len(keys), CHUNK):
        OutboxFact.objects.filter(key__in=keys[first : first + CHUNK]).update(appended_at=None)


def _forgotten(
    table: str, held: dict[str, dict[str, Any]], known: set[str], now: datetime
) -> Iterator[OutboxFact]:
    own = [column.name for column in FACTS[table].columns]
    for key, row in held.items():
        if key not in known and row["recorded_at"] >= now - REMEMBERED:
            yield OutboxFact(
                key=key,
                table=table,
                occurred_at=row["occurred_at"].replace(tzinfo=UTC),
                row={name: row[name] for name in own},
                appended_at=now.replace(tzinfo=UTC),
            )
