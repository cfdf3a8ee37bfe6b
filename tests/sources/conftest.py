"""What every test of file loading needs: a ledger in a folder, a mapping and files from text, facts back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from accord.ledger.engine import DuckDBEngine
from accord.ledger.facts import attach
from accord.ledger.writer import Ledger
from accord.sources.load import Receipt, TableCount, load
from accord.sources.mapping import Mapping, load_mapping

NOW = datetime(2026, 9, 1, 12)


@dataclass
class Desk:
    """A workspace folder to load files into."""

    folder: Path
    messages: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.folder / "ledger")

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def mapping(self, text: str) -> Mapping:
        return load_mapping(self.file("mapping.yaml", text))

    def load(self, mapping: str, *paths: Path, history: bool = True, now: datetime = NOW) -> Receipt:
        return load(
            paths,
            self.mapping(mapping),
            self.ledger,
            history=history,
            now=now,
            progress=lambda *step: self.messages.append(step),
        )

    def facts(self, sql: str) -> list[tuple[Any, ...]]:
        engine = DuckDBEngine(folders=[self.folder])
        attach(engine, self.ledger)
        rows = [tuple(row.values()) for row in engine.query(sql).to_pylist()]
        engine.close()
        return rows


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def counted() -> Callable[[Receipt, str], TableCount]:
    """The count of one table of a receipt, checked to balance."""

    def find(receipt: Receipt, table: str) -> TableCount:
        for count in receipt.tables:
            assert count.received == count.loaded + count.quarantined + count.skipped
            assert sum(count.reasons.values()) == count.quarantined + count.skipped
        return next(count for count in receipt.tables if count.table == table)

    return find
