"""Sealed reports: the numbers both teams were shown, kept as they were, each report a file of the ledger."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from accord.errors import AccordError
from accord.insight.restatement import Number, Numbers

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


class SealError(AccordError):
    """A report cannot be sealed under that name, or there is none of that name."""

    code = "seal"


@dataclass(frozen=True)
class Sealed:
    """The numbers of a period as a build gave them.

    `start`, `end`: local days, half-open, None for an open side; `start_at`, `end_at` the same as naive UTC.
    `built_at`: the build saw the facts recorded until then. `version`: of the agreement in force.
    """

    name: str
    sealed_at: datetime
    sealed_by: str
    start: date | None
    end: date | None
    start_at: datetime | None
    end_at: datetime | None
    build_id: str
    built_at: datetime
    version: str
    accord: str
    numbers: Numbers

    @property
    def last_day(self) -> date | None:
        """The last local day, None for an open side."""
        return self.end - timedelta(days=1) if self.end else None


class Seals:
    """The folder of sealed reports: written once, never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, sealed: Sealed) -> None:
        """Write a report down. Raises SealError for a name that is taken or cannot name a file."""
        if not NAME.fullmatch(sealed.name):
            raise SealError(
                f"A sealed report cannot be called {sealed.name!r}.",
                mend="Use at most 60 small letters, digits, dots, dashes and underscores, as in 2026-09.",
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{sealed.name}-{os.getpid()}"
        draft.write_text(_text(sealed), encoding="utf-8")
        try:
            # A hard link refuses a name that is taken, and is whole from its first moment.
            os.link(draft, self._file(sealed.name))
        except FileExistsError:
            raise SealError(
                f"A report called {sealed.name} is sealed already.", mend="Choose another name."
            ) from None
        finally:
            draft.unlink()

    def all(self) -> list[Sealed]:
        """Every sealed report, oldest first."""
        found = [_read(file, file.stat().st_mtime_ns) for file in self.folder.glob("*.json")]
        return sorted(found, key=lambda sealed: (sealed.sealed_at, sealed.name))

    def get(self, name: str) -> Sealed:
        """The report of that name. Raises SealError."""
        file = self._file(name)
        if NAME.fullmatch(name) and file.is_file():
            return _read(file, file.stat().st_mtime_ns)
        known = ", ".join(sealed.name for sealed in self.all())
        raise SealError(f"No report called {name} is sealed.", mend=f"Sealed are: {known or 'none'}.")

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def _text(sealed: Sealed) -> str:
    values = [
        asdict(number) | {"value": None if value is None else str(value)}
        for number, value in sealed.numbers.items()
    ]
    moments = (date, datetime)
    about = {
        key: value.isoformat() if isinstance(value, moments) else value
        for key, value in vars(sealed).items()
        if key != "numbers"
    }
    return json.dumps(about | {"numbers": values}, indent=1)


@lru_cache(maxsize=400)
def _read(file: Path, changed: int) -> Sealed:
    """The report in a file as it was last written; read once, for pages look at all of them."""
    given: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for key, kind in KINDS.items():
        given[key] = None if given[key] is None else kind.fromisoformat(given[key])
    values = {}
    for row in given.pop("numbers"):
        value = row.pop("value")
        values[Number(**row)] = None if value is None else Decimal(value)
    return Sealed(**given, numbers=values)


KINDS: dict[str, type[date]] = {
    "sealed_at": datetime,
    "start": date,
    "end": date,
    "start_at": datetime,
    "end_at": datetime,
    "built_at": datetime,
}
"""How the moments of a sealed report are read back."""
