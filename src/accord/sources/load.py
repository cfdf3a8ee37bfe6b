"""Loads files into the ledger by a mapping: read, stage, quarantine, append, count."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from accord.ledger.engine import DuckDBEngine
from accord.ledger.tables import FACTS
from accord.ledger.writer import Ledger
from accord.sources.batch import Batch, Counts
from accord.sources.channels import add_origin
from accord.sources.mapping import File, Mapping
from accord.sources.readers import kind_of, plain_name
from accord.sources.sql import readable
from accord.sources.text_files import FileError

Progress = Callable[[str, int, int], None]
"""Called with the step in words, how much of it is done, and out of how much."""

TWICE = "the same fact twice in this load"


@dataclass(frozen=True)
class TableCount:
    """What became of what was offered to one fact table; `reasons` says why rows were not loaded.

    `received` = `loaded` + `quarantined` + `skipped`.
    """

    table: str
    received: int
    loaded: int
    quarantined: int
    skipped: int
    reasons: dict[str, int]


@dataclass(frozen=True)
class Receipt:
    """What a load did. `quarantine` lists the files of rows to mend, `ignored` the files no entry matched,
    `known_from` how many rows were left out because an earlier load had brought them, `by` who ran it."""

    load_id: str
    mapping: str
    source: str
    history: bool
    files: list[str]
    tables: list[TableCount]
    quarantine: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    known_from: dict[str, int] = field(default_factory=dict)
    by: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def load(
    paths: Sequence[Path],
    mapping: Mapping,
    ledger: Ledger,
    *,
    history: bool,
    now: datetime,
    known_tables: Collection[str] = FACTS,
    by: str = "",
    progress: Progress | None = None,
) -> Receipt:
    """Load files and folders. Loading the same again adds nothing; a corrected export adds its corrections.

    Facts are history if `history` says so, or if their table is none of `known_tables`: those the source
    brought before.
    Raises FileError if a file cannot be read as a whole or lacks a column; then nothing is loaded.
    """
    told = progress or silent
    files, ignored = matched(paths, mapping)
    load_id = ledger.new_load_id(_fingerprint(files, mapping, history))
    scratch = ledger.folder / ".scratch" / load_id
    quarantine = ledger.folder.parent / "quarantine" / load_id
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.rmtree(quarantine, ignore_errors=True)
    quarantine.mkdir(parents=True, exist_ok=True)
    finished = {entry["load_id"] for entry in ledger.loads()}
    try:
        with taken(files, mapping, ledger, scratch, quarantine, told) as batch:
            counts = batch.counts
            known_from: Counter[str] = Counter()
            tables = batch.tables()
            for number, table in enumerate(tables):
                told(f"writing {table}", number, len(tables))
                staged = staged_facts(batch, table)
                old = history or table not in known_tables
                done = ledger.append(
                    batch.engine, table, staged, load_id=load_id, recorded_at=now, history=old
                )
                resumed = 0 if load_id in finished else done.known_from.get(load_id, 0)
                counts[table].loaded += done.loaded + resumed
                counts[table].skip("already in the ledger", done.known - resumed)
                known_from.update({other: n for other, n in done.known_from.items() if other != load_id})
                counts[table].skip(TWICE, done.duplicate)
            told("done", len(files), len(files))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        with suppress(OSError):  # it stays if it holds rows to mend
            quarantine.rmdir()
    receipt = Receipt(
        load_id=load_id,
        mapping=mapping.mapping,
        source=mapping.source,
        history=history,
        files=[str(path) for path in files],
        tables=[_count(table, counts[table]) for table in FACTS if table in counts],
        quarantine=[str(path) for path in batch.quarantined],
        ignored=[str(path) for path in ignored],
        known_from=dict(known_from),
        by=by,
    )
    ledger.finish_load(load_id, receipt.as_dict(), now)
    return receipt


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def taken(
    files: list[Path], mapping: Mapping, ledger: Ledger, scratch: Path, quarantine: Path, told: Progress
) -> Iterator[Batch]:
    """The files read and staged, in an engine that is open as long as the context. Raises FileError."""
    folders = [ledger.folder.resolve(), scratch, quarantine, *(path.parent for path in files)]
    engine = DuckDBEngine(scratch, folders=readable(folders))
    try:
        batch = Batch(engine, mapping, files, scratch, quarantine)
        for number, path in enumerate(files):
            told(f"reading {path.name}", number, len(files))
            batch.take(number)
        yield batch
    finally:
        engine.close()


def staged_facts(batch: Batch, table: str) -> str:
    """Name of the engine's table of all that the batch has for a fact table, derived columns filled in."""
    staged = batch.staged(table)
    if table == "touches":
        add_origin(batch.engine, staged)
    return staged


def _count(table: str, counts: Counts) -> TableCount:
    quarantined, skipped = sum(counts.quarantined.values()), sum(counts.skipped.values())
    received = counts.loaded + quarantined + skipped
    reasons = dict(sorted((counts.quarantined + counts.skipped).items()))
    return TableCount(table, received, counts.loaded, quarantined, skipped, reasons)


def entries_of(path: Path, mapping: Mapping) -> list[File]:
    """The mapping's entries whose glob matches the file's name."""
    name, _, sheet = plain_name(path).partition("#")
    return [
        file
        for file in mapping.files
        if fnmatch(name.lower(), file.match.lower()) and (not sheet or file.sheet == sheet)
    ]


def _joined(path: Path, mapping: Mapping) -> bool:
    name = plain_name(path).lower()
    return any(fnmatch(name, join.file.lower()) for file in mapping.files for join in file.join)


def matched(paths: Sequence[Path], mapping: Mapping) -> tuple[list[Path], list[Path]]:
    """The files to read, by name, and those of the folders that nothing in the mapping speaks of.

    Raises FileError.
    """
    named, inside = [], []
    for path in paths:
        if path.is_dir():
            inside += [p for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path))]
        elif path.is_file():
            named.append(path)
        else:
            raise FileError(f"There is no file {path}.", file=str(path))
    known = {path: bool(entries_of(path, mapping)) or _joined(path, mapping) for path in (*named, *inside)}
    globs = ", ".join(file.match for file in mapping.files)
    if strange := [str(path) for path in named if not known[path]]:
        raise FileError(
            f"The mapping {mapping.mapping} has no entry for {', '.join(strange)}.",
            mend=f"Its entries match: {globs}.",
            files=strange,
        )
    files = sorted({path.resolve() for path in known if known[path]}, key=lambda path: (path.name, str(path)))
    if not any(entries_of(path, mapping) for path in files):
        raise FileError(
            f"No file matches an entry of the mapping {mapping.mapping}.", mend=f"Its entries match: {globs}."
        )
    return files, sorted(path for path in inside if not known[path])


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts) or not kind_of(path)


def _fingerprint(files: Iterable[Path], mapping: Mapping, history: bool) -> str:
    """Content of the load: the files, whatever they are called and wherever they lie, and the mapping."""
    contents = []
    for path in files:
        with path.open("rb") as file:
            contents.append(hashlib.file_digest(file, "sha256").hexdigest())
    text = "\n".join([*sorted(contents), mapping.model_dump_json(), str(history)])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
