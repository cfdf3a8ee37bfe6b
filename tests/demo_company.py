"""The demo company for tests: one built workspace, shared by all until its code changes."""

from __future__ import annotations

import json
import tempfile
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from filelock import FileLock

from accord.cli.demo import make
from accord.pipeline import steps_version
from accord.workspace import Workspace

PEOPLE = 1_500
SEED = 10
UNTIL = date(2026, 8, 31)
BUILT = datetime(2026, 11, 26, 12)
"""When it is loaded and built, whatever day it is: what lies within 90 days of it does so tomorrow, too."""


@cache
def demo_workspace(people: int = PEOPLE) -> Workspace:
    """The built workspace of a company of so many people. Only read it, or copy it: all tests share it."""
    folder = Path(tempfile.gettempdir()) / "accord-tests" / steps_version() / f"demo-{people}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"), patch("accord.workspace.now", lambda: BUILT):
        return make(folder, people, SEED, UNTIL)


def truth(workspace: Workspace) -> dict[str, Any]:
    """The hidden truth of a demo workspace."""
    return dict(json.loads((workspace.folder / "truth.json").read_text(encoding="utf-8")))


def rows(workspace: Workspace, sql: str) -> list[dict[str, Any]]:
    """Rows of a query over the read models."""
    return list(workspace.builds.current().open().query(sql).to_pylist())
