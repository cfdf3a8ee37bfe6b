"""What lies in a connection's folder: each entry with a stamp that changes as long as it is being written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from accord.errors import AccordError

UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload")
"""How names of files end that somebody is still writing."""


class NoFolder(AccordError):
    """A connection's folder is not there."""

    code = "no_folder"


@dataclass(frozen=True)
class Entry:
    """A file or a folder of files; `until`: when the newest of them was written (aware UTC)."""

    name: str
    stamp: str
    until: datetime


def entries(folder: Path) -> list[Entry]:
    """What lies in the folder, by name; hidden, unfinished and empty ones and links are left out.

    Raises NoFolder.
    """
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise NoFolder(
            f"{folder} cannot be read: {error.strerror}.", mend="Look at `connections` in accord.toml."
        ) from None
    return [entry for path in found if (entry := _entry(path)) is not None]


def _entry(path: Path) -> Entry | None:
    files = [(str(file.relative_to(path.parent)), file.stat()) for file in _files(path)]
    if not files:
        return None
    parts = [(name, seen.st_size, seen.st_mtime_ns) for name, seen in files]
    newest = max(seen.st_mtime for _, seen in files)
    stamp = sha256(repr(parts).encode()).hexdigest()
    return Entry(path.name, stamp, datetime.fromtimestamp(int(newest), UTC))


def _files(path: Path) -> Iterator[Path]:
    """The files to be read in an entry; a link may lead anywhere, so none is followed."""
    if path.is_symlink() or path.name.startswith(".") or path.name.endswith(UNFINISHED):
        return
    if path.is_file():
        yield path
    elif path.is_dir():
        for inner in sorted(path.iterdir()):
            yield from _files(inner)
