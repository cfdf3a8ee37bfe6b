"""What the first rows of a file show: its columns, each with sample values and what they look like."""

from __future__ import annotations

import codecs
import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accord.ledger.engine import DuckDBEngine
from accord.sources.readers import CSV, JSON, kind_of, read
from accord.sources.sql import column, fetch, number, select
from accord.sources.text_files import FileError
from accord.sources.values import BLANKS, FALSE, TRUE

HEAD = 1_000_000
"""Bytes of a text file that are looked at."""
ROWS = 1_000
FALLBACK_ENCODING = "windows-1252"

PLACEHOLDERS = frozenset(
    ("select", "- select -", "--select--", "please select", "bitte wählen", "n/a", "na", "#n/a")
).union(("null", "none", "nil", "(not set)", "-", "--"))
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}.*)?")
MONEY = r"(?:[€$£¥]|[A-Z]{3})?\s?"
COMMA_DECIMAL = re.compile(rf"{MONEY}-?(\d{{1,3}}(\.\d{{3}})+(,\d+)?|\d+(,\d{{1,2}})?)\s?{MONEY}")
POINT_DECIMAL = re.compile(rf"{MONEY}-?(\d{{1,3}}(,\d{{3}})+(\.\d+)?|\d+(\.\d+)?)\s?{MONEY}")
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")

DAYS = (
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%d.%m.%y",
    "%d %b %Y",
    "%b %d, %Y",
)
MOST = 0.8
"""Share of a column's values that must look like a number or a date for it to be taken for one: the others
are mistakes, which the load will show."""
HOURS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", ", %I:%M %p", ", %H:%M")


@dataclass(frozen=True)
class Field:
    """One column of a file with the values its first rows have, placeholders left out."""

    name: str
    values: tuple[str, ...]
    rows: int

    @property
    def words(self) -> str:
        """The name in lower case without signs: `Lead ID` and `lead_id` are the same."""
        return re.sub(r"[^a-z0-9äöüß]", "", self.name.lower())

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return bool(self.values) and len(set(self.values)) == len(self.values) == self.rows

    @property
    def is_email(self) -> bool:
        """Whether the values are e-mail addresses."""
        return _all(EMAIL, self.values)

    @property
    def is_boolean(self) -> bool:
        """Whether the values say true or false."""
        return bool(self.values) and {value.lower() for value in self.values} <= {*TRUE, *FALSE}

    @property
    def is_number(self) -> bool:
        """Whether the values, or most of them, are numbers, in either way of writing them."""
        return _all(PLAIN_NUMBER, self._numbers) or self.decimal is not None

    @property
    def decimal(self) -> str | None:
        """The decimal sign, where the numbers are not plain: with groups, a comma, or a currency."""
        numbers = self._numbers
        if not numbers or _all(PLAIN_NUMBER, numbers):
            return None
        point, comma = _all(POINT_DECIMAL, numbers), _all(COMMA_DECIMAL, numbers)
        return "." if point else "," if comma else None

    @property
    def _numbers(self) -> list[str]:
        """The values that are numbers in some way; none if too few are."""
        ways = (PLAIN_NUMBER, POINT_DECIMAL, COMMA_DECIMAL)
        found = [value for value in self.values if any(way.fullmatch(value) for way in ways)]
        return found if len(found) >= MOST * len(self.values) else []

    @property
    def dates(self) -> list[str]:
        """The date formats that most values fit, and no format more: `ISO`, or several where day and month
        cannot be told apart."""
        if _all(ISO, self.values):
            return ["ISO"]
        fitting = {one: _fitting(self.values, one) for one in ("ISO", *(d + h for d in DAYS for h in HOURS))}
        best = max(fitting.values())
        return [one for one, count in fitting.items() if count == best] if best else []


@dataclass(frozen=True)
class Sample:
    """The first rows of a file."""

    path: Path
    fields: tuple[Field, ...]
    placeholders: frozenset[str]
    encoding: str | None


def sample(path: Path, engine: DuckDBEngine, scratch: Path, table: str) -> Sample:
    """Look at the first rows of a file. Raises FileError."""
    head = _head(path, scratch / table)
    encoding = None
    try:
        raw = read(engine, head, table, scratch)
    except FileError as error:
        if "offset" not in error.data:
            raise
        encoding = FALLBACK_ENCODING
        raw = read(engine, head, table, scratch, encoding=encoding)
    query = select(*(column(c) for c in raw.columns), source=raw.table)
    rows = fetch(engine, query.order_by(column("_row")).limit(number(ROWS)))
    cells = [[_trimmed(row[place]) for row in rows] for place in range(len(raw.headers))]
    seen = {value for values in cells for value in values if value.lower() in PLACEHOLDERS}
    fields = tuple(
        Field(name, tuple(v for v in values if v and v.lower() not in PLACEHOLDERS), len(rows))
        for name, values in zip(raw.headers, cells, strict=True)
    )
    return Sample(path, fields, frozenset(seen), encoding)


def _trimmed(value: str | None) -> str:
    return (value or "").strip(BLANKS)


def _head(path: Path, folder: Path) -> Path:
    """The file itself, or a file of the first lines of a long text file."""
    if kind_of(path) not in (*CSV, *JSON):
        return path
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            head = file.read(HEAD)
    except (OSError, EOFError) as error:
        raise FileError(f"{path} cannot be read: {error}.", file=str(path)) from None
    if len(head) == HEAD:
        head = head[: _last_line_end(head)]
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / path.name.removesuffix(".gz")
    copy.write_bytes(head)
    return copy


def _last_line_end(head: bytes) -> int:
    ends = {codecs.BOM_UTF16_LE: b"\n\0", codecs.BOM_UTF16_BE: b"\0\n"}
    end = next((end for mark, end in ends.items() if head.startswith(mark)), b"\n")
    return head.rfind(end) + len(end) if end in head else len(head)


def _all(pattern: re.Pattern[str], values: Sequence[str]) -> bool:
    return bool(values) and all(pattern.fullmatch(value) for value in values)


def _fitting(values: Sequence[str], pattern: str) -> int:
    """How many values fit a date format; 0 as soon as that are too few."""
    misses, allowed = 0, (1 - MOST) * len(values)
    for value in values:
        if not _fits(value, pattern):
            misses += 1
            if misses > allowed:
                return 0
    return len(values) - misses


def _fits(value: str, pattern: str) -> bool:
    if pattern == "ISO":
        return ISO.fullmatch(value) is not None
    try:
        return datetime.strptime(value, pattern).year >= 1900
    except ValueError:
        return False
