"""Errors a user can act on: each has a code, its data, and the mend in its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class AccordError(Exception):
    """The root of all of Accord's errors.

    `code` is stable and machine-readable, `data` holds what the message was made of (ids, never e-mails),
    `mend` says what to do, `transient` says whether trying again later can help.
    """

    code = "error"
    transient = False

    def __init__(self, message: str, *, mend: str = "", **data: Any) -> None:
        self.message = message
        self.mend = mend
        self.data = data
        super().__init__(f"{message} {mend}".strip())


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in a file a person wrote: where it stands, what is wrong, how to mend it.

    `line` and `column` count from 1; 0 means the file as a whole.
    """

    file: str
    line: int
    column: int
    where: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        subject = f"{self.where}: " if self.where else ""
        return f"{place}: {subject}{self.message}" + (f" {self.mend}" if self.mend else "")


class MistakesError(AccordError):
    """All mistakes of one file, gathered, in the order they stand in it."""

    code = "mistakes"

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))
