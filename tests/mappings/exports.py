"""The exports the shipped mappings are tested with, and a ledger to load them into."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from accord.ledger.writer import Ledger
from accord.sources.load import Receipt, load
from accord.sources.mapping import load_mapping
from accord.sources.shipped import shipped

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 1, 12)


def load_shipped(ledger: Ledger, vendor: str, *paths: Path, history: bool = True) -> Receipt:
    """Load an export by the mapping that ships for its vendor."""
    return load(list(paths), load_mapping(shipped()[vendor]), ledger, history=history, now=NOW)


def counts(receipt: Receipt) -> dict[str, tuple[int, int, int, int]]:
    """Table to received, loaded, quarantined, skipped."""
    return {t.table: (t.received, t.loaded, t.quarantined, t.skipped) for t in receipt.tables}


def leadforge_tables() -> Path:
    """The folder of the real leadforge tables; skips the test, saying so, where there is none."""
    folder = os.environ.get("ACCORD_LEADFORGE")
    if not folder:
        pytest.skip(
            "ACCORD_LEADFORGE does not name the tables of a leadforge bundle: the real world is not tested"
        )
    return Path(folder)
