"""Uploaded files under names that do no harm, and only of kinds and sizes that can be read."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accord.errors import AccordError
from accord.sources.readers import PARQUET, SUFFIXES, kind_of

LONGEST_NAME = 150
UNPACKED = 5
"""How many times the largest upload a compressed file may be once it is unpacked."""
WORKBOOK_BYTES = 500_000_000
"""Largest workbook once it is unpacked: it is read into memory as a whole."""
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods")
CHUNK = 1_000_000


class FileRefused(AccordError):
    """A file is not taken in: names it and says why."""

    code = "file_refused"


def safe_name(given: str) -> str:
    """The file's own name, without folders and signs that mean something to a file system.

    Raises FileRefused if nothing of a name is left, or its kind is not read.
    """
    base = re.split(r"[/\\]", given)[-1]
    plain = "".join(sign if sign.isprintable() else " " for sign in base).strip().lstrip(".")
    name = re.sub(r'[<>:"|?*]', "_", plain)
    if "#" in name and not (name.endswith(".csv") and kind_of(Path(name.split("#")[0]))):
        name = name.replace("#", "_")  # only a quarantine file names a sheet after it
    if not kind_of(Path(name)):
        raise FileRefused(
            f"{plain or 'A file without a name'} is left out: files of this kind are not read.",
            mend=f"Save it as one of {', '.join(SUFFIXES)}.",
        )
    return name[-LONGEST_NAME:].lstrip(".")


def keep(given: UploadedFile[Any], folder: Path) -> Path:
    """Move an uploaded file into the folder, under a name that is still free; its path.

    Raises FileRefused if it holds what must not be unpacked, and then it is not kept.
    """
    path = _free(folder, safe_name(given.name or ""))
    with path.open("wb") as out:
        for chunk in given.chunks(CHUNK):
            out.write(chunk)
    try:
        _check(path)
    except FileRefused:
        path.unlink()
        raise
    return path


def _free(folder: Path, name: str) -> Path:
    kind = kind_of(Path(name)) + (".gz" if name.lower().endswith(".gz") else "")
    stem, path, number = name[: -len(kind)], folder / name, 2
    while path.exists():
        path, number = folder / f"{stem} ({number}){name[-len(kind) :]}", number + 1
    return path


def _check(path: Path) -> None:
    """Raises FileRefused for a file that is empty, damaged, or unpacks to too much."""
    name = path.name.lower()
    if path.stat().st_size == 0:
        raise FileRefused(f"{path.name} is empty.", mend="Export it again.")
    try:
        if name.endswith(".gz"):
            _check_gzip(path)
        elif name.endswith(WORKBOOKS):
            _check_workbook(path)
        elif name.endswith(PARQUET):
            _check_parquet(path)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, ValueError) as error:
        raise FileRefused(
            f"{path.name} is damaged or protected, so it cannot be read.", mend="Export it again."
        ) from error


def _check_gzip(path: Path) -> None:
    with gzip.open(path) as file:
        _count(path, file.read, UNPACKED * settings.UPLOAD_BYTES)


def _check_workbook(path: Path) -> None:
    left = WORKBOOK_BYTES
    with zipfile.ZipFile(path) as book:
        if sum(part.file_size for part in book.infolist()) > left:
            raise _bomb(path)
        for part in book.infolist():  # what is written of its size may be untrue
            with book.open(part) as file:
                left -= _count(path, file.read, left)


def _check_parquet(path: Path) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        about = file.metadata
    packed = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
    if max(packed, about.num_rows * about.num_columns) > UNPACKED * settings.UPLOAD_BYTES:
        raise _bomb(path)


def _count(path: Path, read: Callable[[int], bytes], limit: int) -> int:
    """How many bytes there are to read. Raises FileRefused at more than `limit`."""
    total = 0
    while chunk := read(CHUNK):
        total += len(chunk)
        if total > limit:
            raise _bomb(path)
    return total


def _bomb(path: Path) -> FileRefused:
    return FileRefused(
        f"{path.name} is too large once it is unpacked.", mend="Load it in parts, best as CSV or Parquet."
    )
