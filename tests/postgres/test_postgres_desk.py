"""The desk on PostgreSQL: the same tests as on SQLite, where the database matters, on a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import accord
from postgres_server import Server

pytestmark = pytest.mark.xdist_group("postgres")

TESTS = Path(__file__).parents[1]
SOURCE = Path(accord.__file__).parents[1]

FILES = (
    "desk/test_desk_jobs.py",
    "desk/test_handoff_audit.py",
    "desk/test_handoff_batches.py",
    "desk/test_handoff_flow.py",
    "desk/test_handoff_pages.py",
)
"""Where rows are locked, claimed or counted. Pages and numbers read the ledger, and are the same on both."""


def test_what_holds_on_sqlite_holds_on_postgres(postgres: Server) -> None:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *FILES]
    environment = os.environ | {"ACCORD_DATABASE": postgres.database(), "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, cwd=TESTS, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
