"""The writer's lock in PostgreSQL: one writer over several machines, and nothing written without it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest

from accord.ledger.locks import KEY, LockLost, PostgresLock
from accord.ledger.tables import FACTS
from accord.ledger.writer import Appended, Ledger
from accord.workspace import Workspace
from postgres_server import Server

pytestmark = pytest.mark.xdist_group("postgres")

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"
PATIENCE_SECONDS = 20


def let_go(address: str) -> None:
    """End the connection that holds the lock, as a broken network would."""
    holder = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
    with psycopg.connect(address, autocommit=True) as connection:
        assert connection.execute(f"{holder} AND granted", [KEY % 2**32]).fetchall() == [(True,)]


def test_a_workspace_with_a_database_locks_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCORD_DATABASE", "postgresql://accord@db.example/accord")
    Workspace.create(tmp_path / "w")
    assert isinstance(Workspace(tmp_path / "w").ledger.writing, PostgresLock)


def test_the_second_writer_waits_for_the_first(postgres: Server) -> None:
    address = postgres.database()
    done: list[str] = []

    def second() -> None:
        with PostgresLock(address)():
            done.append("second")

    with PostgresLock(address)():
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        done.append("first")
    waiting.join(PATIENCE_SECONDS)
    assert done == ["first", "second"]


def test_who_lost_the_lock_writes_nothing(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres.database()
    monkeypatch.setenv("ACCORD_DATABASE", address)
    workspace = Workspace.create(tmp_path / "w")
    compare = Ledger.compare

    def cut_off(*arguments: Any, **named: Any) -> Appended:
        let_go(address)
        return compare(*arguments, **named)

    monkeypatch.setattr(Ledger, "compare", cut_off)
    with pytest.raises(LockLost) as refused:
        workspace.load([NORTHWIND / "export"], NORTHWIND / "crm.yaml")
    assert refused.value.transient
    assert not any(workspace.ledger.files(table) for table in FACTS if workspace.ledger.exists(table))
    monkeypatch.setattr(Ledger, "compare", compare)
    assert workspace.load([NORTHWIND / "export"], NORTHWIND / "crm.yaml").tables
