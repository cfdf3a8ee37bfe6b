"""The lock under which the one writer of facts works: one machine's, or that of all who share a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from accord.errors import AccordError

KEY = 4_201_977_001
"""The number of the advisory lock; it is the database's own, and a workspace has one database."""

ENDED_AFTER = "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""A machine that is gone without a word loses the lock within a minute."""


class LockLost(AccordError):
    """The writer's lock was lost while it wrote; nothing was appended."""

    code = "lock_lost"
    transient = True


class WriterLock(Protocol):
    """Lets one at a time write to a ledger."""

    def __call__(self) -> AbstractContextManager[Callable[[], None]]:
        """Wait for the lock and hold it. Gives a check that raises LockLost if it was lost meanwhile."""


class FileLock:
    """For the processes of one machine: a lock on a file in the ledger's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def __call__(self) -> Iterator[Callable[[], None]]:
        """Hold the lock. The system ends it with the process, so it is never lost before."""
        from filelock import FileLock as Lock

        self._folder.mkdir(parents=True, exist_ok=True)
        with Lock(self._folder / ".writer.lock"):
            yield lambda: None


class PostgresLock:
    """For machines that share the ledger's folder: an advisory lock in their desk database.

    It is held by a connection of its own and ends with it, so a writer that was killed leaves none behind.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    @contextmanager
    def __call__(self) -> Iterator[Callable[[], None]]:
        """Hold the lock."""
        import psycopg

        def check() -> None:
            try:
                connection.execute("SELECT 1")
            except psycopg.OperationalError as error:
                raise LockLost(
                    "The connection that holds the writer's lock broke.", mend="Try again."
                ) from error

        with psycopg.connect(self._address, autocommit=True, options=ENDED_AFTER) as connection:
            connection.execute("SET statement_timeout = 0")
            connection.execute("SELECT pg_advisory_lock(%s)", [KEY])
            yield check
