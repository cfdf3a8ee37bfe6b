"""The example company loaded into a ledger by the library, at a fixed moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from accord import agreement, pipeline
from accord.ledger.builds import Build, Builds
from accord.ledger.writer import Ledger
from accord.settings import Settings
from accord.sources.load import Receipt, load
from accord.sources.mapping import load_mapping

EXAMPLE = Path(__file__).parent.parent / "examples" / "northwind"
EXPORT = sorted((EXAMPLE / "export").glob("*.csv"))
NOW = datetime(2026, 9, 1, 12)


def take(ledger: Ledger, files: Sequence[Path], mapping: str = "crm.yaml", history: bool = True) -> Receipt:
    """Load files of the example (or in its shape) as history."""
    return load(list(files), load_mapping(EXAMPLE / mapping), ledger, history=history, now=NOW)


def judge(ledger: Ledger, now: datetime = NOW) -> Build:
    """Build under the example's agreement."""
    promised = agreement.load(EXAMPLE / "agreement.yaml")
    request = pipeline.Request(promised, Settings(memory="1GB"), now)
    return pipeline.build(ledger, Builds(ledger.folder / "builds"), request)


def content(build: Build) -> dict[str, pa.Table]:
    """Every read model of a build, its rows in a fixed order."""
    engine = build.open()
    tables = {name: engine.query(f'SELECT * FROM "{name}" ORDER BY ALL') for name in build.tables}
    engine.close()
    return tables


def differing(one: dict[str, pa.Table], two: dict[str, pa.Table]) -> list[str]:
    """Names of the read models whose rows are not the same."""
    return [name for name in one if not one[name].equals(two[name])]


def rows_of(table: pa.Table) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in table.to_pylist()}
