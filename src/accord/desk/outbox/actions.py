"""The crossing from people to facts: put into the outbox with the action, appended by the worker in one go.

No offset is trusted: a fact carries its own id, and the ledger leaves out what it holds. So a worker killed
between the append and the mark does no harm. Facts already marked are kept for 90 days, and appended again
after the ledger was restored from an older copy (`restoring`).
"""

from __future__ import annotations

import shutil
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from accord.desk.outbox.models import LedgerHead, OutboxFact
from accord.ledger.engine import DuckDBEngine
from accord.ledger.store import arrow_schema
from accord.ledger.tables import FACTS

if TYPE_CHECKING:
    import pyarrow as pa

    from accord.workspace import Workspace

SOURCE = "accord"
LOAD = "desk"
AT_ONCE = 5000
OBJECTS = {"people": "person"}
"""What a table's records are called in their names, where it is not the table."""
KEPT = timedelta(days=90)
STAGED = {
    "source",
    "object",
    "source_id",
    "twin",
    "deleted",
    "occurred_at",
    "source_updated_at",
    "assumed",
}
"""The common columns a batch of facts brings; the ledger makes the others."""


def put(table: str, occurred_at: datetime, *, key: uuid.UUID | None = None, **row: Any) -> OutboxFact:
    """Put a fact into the outbox, in the transaction of the action that makes it. `occurred_at` is aware.

    `key`: its id, where something else names it already.
    """
    return OutboxFact.objects.create(key=key or uuid.uuid4(), table=table, occurred_at=occurred_at, row=row)


def put_all(facts: Iterable[OutboxFact]) -> None:
    """Put many facts into the outbox, in the transaction of the action that makes them."""
    OutboxFact.objects.bulk_create(facts)


def put_off(key: uuid.UUID, until: datetime) -> None:
    """Append a fact not before a moment (aware UTC), in the transaction that puts it into the outbox."""
    OutboxFact.objects.filter(key=key, appended_at__isnull=True).update(not_before=until)


def take_out(key: uuid.UUID) -> bool:
    """Take a fact out of the outbox again; whether it still waited there."""
    return OutboxFact.objects.filter(key=key, appended_at__isnull=True).delete()[0] > 0


def drain(workspace: Workspace, now: datetime) -> int:
    """Append what waits to the ledger, one append a table; how many facts. `now` is naive UTC."""
    due = Q(not_before=None) | Q(not_before__lte=now.replace(tzinfo=UTC))
    waiting = list(OutboxFact.objects.filter(due, appended_at__isnull=True).order_by("id")[:AT_ONCE])
    by_table: defaultdict[str, list[OutboxFact]] = defaultdict(list)
    for fact in waiting:
        by_table[fact.table].append(fact)
    for table, facts in by_table.items():
        _append(workspace, table, facts, now)
        OutboxFact.objects.filter(pk__in=[fact.pk for fact in facts]).update(appended_at=timezone.now())
        head = workspace.ledger.head(table)
        LedgerHead.objects.update_or_create(table=table, defaults={"head": head})
    return len(waiting)


def drop_old() -> int:
    """Drop what was appended long ago."""
    return OutboxFact.objects.filter(appended_at__lt=timezone.now() - KEPT).delete()[0]


def _append(workspace: Workspace, table: str, facts: list[OutboxFact], now: datetime) -> None:
    ledger = workspace.ledger
    scratch = ledger.folder / ".scratch" / f"desk-{uuid.uuid4().hex}"
    engine = DuckDBEngine(scratch, folders=[ledger.folder], memory=workspace.settings.memory)
    try:
        engine.add("staged", _staged(table, facts))
        ledger.append(engine, table, "staged", load_id=LOAD, recorded_at=now, history=False)
    finally:
        engine.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _staged(table: str, facts: list[OutboxFact]) -> pa.Table:
    """The facts in the shape that the ledger appends."""
    import pyarrow as pa

    own = {column.name for column in FACTS[table].columns}
    fields = [field for field in arrow_schema(table) if field.name in own | STAGED]
    rows = [
        {
            **fact.row,
            "source": SOURCE,
            "object": OBJECTS.get(table, table),
            "source_id": str(fact.key),
            "deleted": False,
            "occurred_at": fact.occurred_at.replace(tzinfo=None),
            "assumed": False,
            "file_no": 1,
        }
        for fact in facts
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([*fields, ("file_no", pa.int64())]))
