"""Looks over a text file before it is read: encoding, cut compression, line ends, lines too long.

The file is streamed in chunks; what DuckDB would misread is put right in a copy: UTF-8, plain line ends.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from accord.errors import AccordError

CHUNK = 1_000_000
LONGEST_LINE = 2_000_000
"""Bytes of the longest line taken; a longer one is quarantined."""
TOO_LONG = f"the line is too long (more than {LONGEST_LINE // 1_000_000} MB)"

BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
BLANK_LINE = re.compile(rb"\n(?=\n)")


class FileError(AccordError):
    """A file cannot be read as a whole: names the file, the place and the mend."""

    code = "unreadable_file"


@dataclass(frozen=True)
class LongLine:
    """A line left out because it is too long: its number, its size in bytes, how it begins."""

    line: int
    size: int
    begins: str


@dataclass
class TextFile:
    """A text file ready to be read: `path` is UTF-8 with one kind of line end, the file itself or a copy."""

    path: Path
    lines: int = 0
    blank: int = 0
    has_quotes: bool = False
    has_nul: bool = False
    long_lines: list[LongLine] = field(default_factory=list)


def ready(path: Path, encoding: str | None, copy_to: Path) -> TextFile:
    """The file, or a copy at `copy_to` if its encoding or line ends need one. Raises FileError."""
    head = next(_chunks(path), b"")[:4]
    if not head:
        raise FileError(
            f"{path} is empty.", mend="Export it again; it needs at least a header line.", file=str(path)
        )
    bom = next((name for mark, name in BOMS.items() if head.startswith(mark)), None)
    found = _Lines()
    for chunk in _utf8(path, bom or encoding or "utf-8"):
        found.take(chunk)
    found.end()
    text = TextFile(path, found.lines, found.blank, found.quotes, found.nul_count > 0)
    if found.nul_count > found.size // 4:
        raise FileError(
            f"{path} has NUL bytes in every other place; it looks like UTF-16.",
            mend="Write `encoding: utf-16-le` in the mapping, or save the file as UTF-8.",
            file=str(path),
        )
    plain = (bom or encoding or "utf-8") in ("utf-8", "utf-8-sig", "ascii") and path.suffix.lower() != ".gz"
    if plain and found.is_plain:
        return text
    _write_copy(path, bom or encoding or "utf-8", copy_to, text)
    text.path = copy_to
    return text


class _Lines:
    """Counts over the chunks of a file; no chunk ends between \\r and \\n."""

    def __init__(self) -> None:
        self.lines = self.blank = self.size = self.nul_count = 0
        self.quotes = self.too_long = False
        self._kinds = {"crlf": 0, "cr": 0, "lf": 0}
        self._leading_blank = False
        self._since_newline = 0

    def take(self, chunk: bytes) -> None:
        """Count one more chunk."""
        if not self.size:
            self._leading_blank = chunk[:1] in (b"\n", b"\r")
        returns = chunk.count(b"\r") if b"\r" in chunk else 0
        crlf = chunk.count(b"\r\n") if returns else 0
        newlines = chunk.count(b"\n")
        for kind, count in (("crlf", crlf), ("cr", returns - crlf), ("lf", newlines - crlf)):
            self._kinds[kind] += count
        self.lines += newlines + returns - crlf
        self.quotes = self.quotes or b'"' in chunk
        self.nul_count += chunk.count(b"\0") if b"\0" in chunk else 0
        self._measure(_plain(chunk) if returns else chunk)
        self.size += len(chunk)

    def _measure(self, plain: bytes) -> None:
        first = plain.find(b"\n")
        if b"\n\n" in plain:
            self.blank += len(BLANK_LINE.findall(plain))
        if first == 0 and self._since_newline == 0:
            self.blank += 1
        reach = self._since_newline + (first if first >= 0 else len(plain))
        self.too_long = self.too_long or reach > LONGEST_LINE
        self._since_newline = reach if first < 0 else len(plain) - plain.rfind(b"\n") - 1

    def end(self) -> None:
        """Count the last line if no newline ends it."""
        self.lines += 1 if self._since_newline else 0

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB reads such lines as they are."""
        kinds = sum(1 for count in self._kinds.values() if count)
        return kinds <= 1 and not self._leading_blank and not self.too_long


def _plain(chunk: bytes) -> bytes:
    return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb"))


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with _open(path) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileError(
            f"{path} ends in the middle of its compressed data ({error}).",
            mend="It was cut off on the way: fetch or export it again.",
            file=str(path),
        ) from None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.", file=str(path)) from None


def _utf8(path: Path, encoding: str) -> Iterator[bytes]:
    """The file as UTF-8 without byte order mark, in chunks that end between \\r and \\n nowhere."""
    held = b""
    for chunk in _decoded(path, encoding):
        whole = held + chunk if held else chunk
        held = b"\r" if whole.endswith(b"\r") else b""
        yield whole[:-1] if held else whole
    if held:
        yield held


def _decoded(path: Path, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = lines = 0
    is_utf8 = encoding in ("utf-8", "utf-8-sig")
    for chunk in _chunks(path):
        pending = len(decoder.getstate()[0])
        try:
            decoded = (
                decoder.decode(chunk) if not (is_utf8 and chunk.isascii() and not pending and done) else None
            )
        except UnicodeDecodeError as error:
            raise _wrong_encoding(path, encoding, done - pending, lines, error) from None
        done += len(chunk)
        lines += chunk.count(b"\n")
        yield chunk if decoded is None else decoded.encode()
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(path, encoding, done - len(error.object), lines, error) from None


def _wrong_encoding(
    path: Path, encoding: str, start: int, lines: int, error: UnicodeDecodeError
) -> FileError:
    offset = start + error.start
    line = lines + error.object[: error.start].count(b"\n") + 1
    mend = (
        "Write the encoding it has in the mapping, such as `encoding: windows-1252` (Excel in Western "
        "Europe), or save the file as UTF-8."
    )
    return FileError(
        f"{path} is not {encoding.removesuffix('-sig').upper()}: line {line}, byte offset {offset} "
        f"(0x{error.object[error.start]:02x}).",
        mend=mend,
        file=str(path),
        line=line,
        offset=offset,
    )


def _write_copy(path: Path, encoding: str, copy_to: Path, text: TextFile) -> None:
    """Write the copy: UTF-8, lines ending in \\n, no blank lines ahead, lines too long left empty."""
    copy_to.parent.mkdir(parents=True, exist_ok=True)
    writer = _Copy(path, text)
    with copy_to.open("wb") as out:
        for chunk in _utf8(path, encoding):
            out.write(writer.shortened(_plain(chunk)))
        out.write(writer.rest())


class _Copy:
    """Passes text through line by line where a line is too long, else chunk by chunk."""

    def __init__(self, path: Path, text: TextFile) -> None:
        self._path, self._text = path, text
        self._open_line = b""
        self._open_size = 0
        self._line = 1
        self._odd_quotes = False
        self._started = False

    def shortened(self, chunk: bytes) -> bytes:
        if not self._started:
            bare = chunk.lstrip(b"\n")
            self._line += len(chunk) - len(bare)
            chunk, self._started = bare, bool(bare)
        pieces = chunk.split(b"\n")
        if len(pieces) == 1:
            self._hold(chunk)
            return b""
        self._hold(pieces[0])
        first = self._close() + b"\n"
        self._line += len(pieces) - 1
        middle = b"".join(piece + b"\n" for piece in pieces[1:-1])
        self._hold(pieces[-1])
        return first + middle

    def rest(self) -> bytes:
        return self._close()

    def _hold(self, piece: bytes) -> None:
        self._open_size += len(piece)
        self._odd_quotes ^= piece.count(b'"') % 2 == 1
        if len(self._open_line) <= LONGEST_LINE:
            self._open_line += piece

    def _close(self) -> bytes:
        line, size, odd = self._open_line, self._open_size, self._odd_quotes
        self._open_line, self._open_size, self._odd_quotes = b"", 0, False
        if size <= LONGEST_LINE:
            return line
        if odd:
            raise FileError(
                f"{self._path}: line {self._line} is {size:,} bytes long and opens a quoted value that it "
                "does not close.",
                mend="Take the line out, or close its quote.",
                file=str(self._path),
                line=self._line,
            )
        begins = line[:200].decode("utf-8", "replace")
        self._text.long_lines.append(LongLine(self._line, size, begins))
        return b""
