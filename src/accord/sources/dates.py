"""Which date formats a source's columns have, and which of them nobody can tell from the samples."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accord.sources.samples import Field


@dataclass(frozen=True)
class Question:
    """A column whose samples fit several date formats, such as day first and month first."""

    column: str
    formats: tuple[str, ...]


@dataclass
class Dates:
    """The date formats found so far; of two that differ by day and month, the one a value proved."""

    proven: list[str] = field(default_factory=list)
    unclear: dict[str, list[str]] = field(default_factory=dict)

    @staticmethod
    def of(columns: Iterable[Field]) -> Dates:
        """The formats that fit the columns."""
        dates = Dates()
        for column in columns:
            dates._see(column)
        return dates

    def _see(self, column: Field) -> None:
        fitting = [one for one in column.dates if one != "ISO"]
        if len(fitting) == 1 and fitting[0] not in self.proven:
            self.proven.append(fitting[0])
        elif len(fitting) > 1:
            self.unclear[column.name] = fitting

    @property
    def questions(self) -> list[Question]:
        """The columns of which someone who knows must say what they mean."""
        return [
            Question(name, tuple(fitting))
            for name, fitting in self.unclear.items()
            if not any(one in self.proven for one in fitting)
        ]

    def settle(self, answers: Collection[str] = ()) -> tuple[list[str], list[str]]:
        """The formats to write, and the guesses among them in words; `answers` are formats somebody chose."""
        chosen, guesses = list(self.proven), []
        for question in self.questions:
            known = [one for one in question.formats if one in answers]
            if not any(one in chosen for one in question.formats):
                chosen.append((known or question.formats)[0])
                if not known:
                    guesses.append(
                        f"{question.column}: the samples fit {' and '.join(question.formats)}; "
                        f"{question.formats[0]} is a guess"
                    )
        return [one for one in chosen if not _contradicts(one, chosen)], guesses


def _contradicts(one: str, chosen: list[str]) -> bool:
    """Whether a format before it in the list reads the same text otherwise."""
    swapped = one.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")
    return swapped != one and swapped in chosen[: chosen.index(one)]
