"""Schema versions of the ledger, and the ordered steps from each version of a table to the next."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from accord.errors import AccordError
from accord.ledger.store import Store
from accord.ledger.tables import FACTS, Table

if TYPE_CHECKING:
    from deltalake import DeltaTable

Migration = Callable[["DeltaTable"], None]

MIGRATIONS: dict[str, tuple[Migration, ...]] = {}
"""By table: the n-th migration takes it from version n to n + 1. Every table begins at version 1."""


class LedgerTooNew(AccordError):
    """The ledger was written by a newer Accord."""

    code = "ledger_too_new"


def migrate(
    store: Store,
    tables: Mapping[str, Table] = FACTS,
    migrations: Mapping[str, tuple[Migration, ...]] = MIGRATIONS,
) -> list[str]:
    """Bring every existing table to its present version; returns what was done, one line a step.

    The version is noted after each step, and a step must be repeatable, so a killed migration goes on at
    the next start. Raises LedgerTooNew.
    """
    noted = store.folder / "schema.json"
    known: dict[str, int] = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else {}
    versions, done = dict(known), []
    for name, table in tables.items():
        have = versions.get(name, 1) if store.exists(name) else table.version
        if have > table.version:
            raise LedgerTooNew(
                f"Table {name} has version {have}; this Accord knows {table.version}.", mend="Upgrade Accord."
            )
        for version in range(have, table.version):
            migrations[name][version - 1](store.delta(name))
            done.append(f"{name}: version {version} to {version + 1}")
            _note(store, versions | {name: version + 1})
        versions[name] = table.version
    if store.folder.exists() and versions != known:
        _note(store, versions)
    return done


def _note(store: Store, versions: dict[str, int]) -> None:
    temporary = store.folder / f".schema.{uuid.uuid4().hex}"  # another process may do the same
    temporary.write_text(json.dumps(versions, indent=2, sort_keys=True), encoding="utf-8")
    temporary.replace(store.folder / "schema.json")
