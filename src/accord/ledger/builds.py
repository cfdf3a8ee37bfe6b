"""Builds: each a folder of read models in plain Parquet, published together by moving one pointer.

A reader resolves the pointer once and keeps reading that build; the last five builds are kept.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from accord.errors import AccordError
from accord.ledger.engine import DuckDBEngine
from accord.ledger.holding import hold

KEPT = 5
OPEN = 3
"""Builds a process keeps open for reading: the current one, and two it is compared with."""

SMALL = 1_000_000
"""Bytes of Parquet up to which a read model is kept in memory by its readers."""

LISTS = ("lead_list", "owned", "search_index")
"""Read models that pages look through from end to end: readers hold them in memory, whatever their size."""


class NoBuild(AccordError):
    """Nothing has been built yet."""

    code = "no_build"


@dataclass(frozen=True)
class Build:
    """One published build: its id, its folder and what it was made from (`about`)."""

    build_id: str
    folder: Path
    about: dict[str, Any]

    @property
    def tables(self) -> list[str]:
        """Names of its read models."""
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir())

    def open(self, memory: str = "2GB", *, keep: int = 0, held: Collection[str] = ()) -> DuckDBEngine:
        """An engine that sees this build's read models as tables, and nothing else.

        Those of at most `keep` bytes of Parquet, and those `held`, are read into its memory at once.
        """
        engine = DuckDBEngine(folders=[self.folder], memory=memory)
        for table in self.tables:
            files = sorted((self.folder / table).glob("*.parquet"))
            paths = [str(file) for file in files]
            if table in held:
                hold(engine, table, paths)
            else:
                small = sum(file.stat().st_size for file in files) <= keep
                engine.read_parquet(f'"{table}"', paths, {"*": ""}, keep=small)
        return engine

    def reader(self, memory: str = "2GB") -> DuckDBEngine:
        """A handle for one request in one thread, on the database that all readers of this build share.

        The database is opened once a process, with its small tables in memory. It goes when other builds
        have taken its place and the last of its handles is closed or forgotten.
        """
        return _READERS.handle(self, memory)


class _Readers:
    """The builds this process reads, each opened once; those read last stay open."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._engines: dict[Path, DuckDBEngine] = {}

    def handle(self, build: Build, memory: str) -> DuckDBEngine:
        with self._lock:
            engine = self._engines.pop(build.folder, None) or build.open(memory, keep=SMALL, held=LISTS)
            self._engines[build.folder] = engine
            for oldest in list(self._engines)[:-OPEN]:
                # Not closed: that would close the handles others still read by.
                del self._engines[oldest]
            return engine.cursor()


_READERS = _Readers()


class Builds:
    """A folder of builds and the pointer to the one that readers see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, now: datetime) -> Path:
        """A new folder to build in, named by the build's id; not yet visible to readers."""
        folder = self.folder / f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
        folder.mkdir(parents=True)
        return folder

    def publish(self, folder: Path, about: dict[str, Any]) -> Build:
        """Write what the build was made from, point readers to it, and drop the oldest builds."""
        (folder / "build.json").write_text(json.dumps(about, indent=2, sort_keys=True), encoding="utf-8")
        pointer = self.folder / f".current-{uuid.uuid4().hex}"
        pointer.write_text(folder.name, encoding="utf-8")
        pointer.replace(self.folder / "current")
        self._drop_old()
        return self.get(folder.name)

    def current(self) -> Build:
        """The published build. Raises NoBuild."""
        try:
            return self.get((self.folder / "current").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NoBuild("Nothing has been built yet.", mend="Run `accord build`.") from None

    def get(self, build_id: str) -> Build:
        """The finished build of that id. Raises FileNotFoundError."""
        folder = self.folder / build_id
        return Build(build_id, folder, json.loads((folder / "build.json").read_text(encoding="utf-8")))

    def find(self, build_id: str) -> Build | None:
        """The finished build of that id; None if it is gone."""
        try:
            return self.get(build_id)
        except FileNotFoundError:
            return None

    def finished(self) -> list[Build]:
        """All finished builds, in the order they were finished."""
        notes = sorted(self.folder.glob("*/build.json"), key=_changed)
        return [self.get(note.parent.name) for note in notes]

    def _drop_old(self) -> None:
        """Keep the last builds, and remove what killed builds left behind before them."""
        keep = self.finished()[-KEPT:]
        names = {build.build_id for build in keep}
        oldest = _changed(keep[0].folder / "build.json")
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in names and _changed(path) < oldest:
                shutil.rmtree(path, ignore_errors=True)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns
