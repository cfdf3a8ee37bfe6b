"""The desk's database: SQLite in the workspace, or PostgreSQL where several machines serve."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from accord.errors import AccordError

WAIT_SECONDS = 20
"""For a lock that another transaction holds, on either database."""
STATEMENT_SECONDS = 60
CONNECTIONS = 12
"""The most that one process holds: its threads, and a few more."""

UPGRADE = 4_201_977_002
"""The number of the advisory lock under which the schema changes."""

LIMITS = " ".join(
    f"-c {name}={seconds * 1000}"
    for name, seconds in {
        "statement_timeout": STATEMENT_SECONDS,
        "lock_timeout": WAIT_SECONDS,
        "idle_in_transaction_session_timeout": STATEMENT_SECONDS,
    }.items()
)


class NoDriver(AccordError):
    """PostgreSQL is asked for, and what speaks with it is not installed."""

    code = "no_driver"


def database(workspace: Path, address: str) -> dict[str, Any]:
    """Django's description of the desk database; `address` is empty for SQLite. Raises NoDriver."""
    return _postgres(address) if address else _sqlite(workspace)


@contextmanager
def upgrading() -> Iterator[None]:
    """Let nobody else change the schema meanwhile, and let it take as long as it takes."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [UPGRADE])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [UPGRADE])
            cursor.execute("RESET statement_timeout; RESET lock_timeout")


def _sqlite(workspace: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": workspace / "desk.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": WAIT_SECONDS,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }


def _postgres(address: str) -> dict[str, Any]:
    """Each transaction sees what is committed (READ COMMITTED): actions lock the rows they rest on."""
    if find_spec("psycopg") is None or find_spec("psycopg_pool") is None:
        raise NoDriver(
            "The desk database is PostgreSQL, and what speaks with it is not installed.",
            mend='Install it: pip install "accord[postgres]".',
        )
    parts = urlsplit(address)
    given = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or given.pop("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "accord",
            **given,
            "options": f"{LIMITS} {given.get('options', '')}".strip(),
            "pool": {"min_size": 1, "max_size": CONNECTIONS, "timeout": WAIT_SECONDS},
        },
    }
