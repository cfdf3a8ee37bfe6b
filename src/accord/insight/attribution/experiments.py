"""What experiments found: holdouts and lift tests, from a file, to stand beside what models credit.

Only an experiment tells what would be missing without the spend: some places, weeks or people go without it,
and the others are compared with them. Accord does not run them; ad platforms, agencies and analysts do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from accord.errors import Mistake, MistakesError
from accord.insight.attribution.report import report
from accord.insight.periods import midnight
from accord.ledger.engine import Engine

FILE = "experiments.csv"
"""The file in the workspace's folder."""

KINDS = ("holdout", "geo", "pause", "lift")
"""Left out were: some people, some places, some weeks; or the platform's own study."""

COLUMNS = ("channel", "campaign", "from", "to", "kind", "cost", "gained", "gained_low", "gained_high", "note")
MOST = 1_000_000
"""Characters of a file at most: a hundred tests have ten thousand."""


Read = TypeVar("Read")


@dataclass(frozen=True)
class Experiment:
    """One test of a channel's or campaign's (`by`) spend on the local days [start, end).

    `gained` is the value, in the agreement's currency, that came only because of `cost`, within `low` and
    `high` as whoever made it gives them (None where not given).
    """

    by: str
    label: str
    start: date
    end: date
    kind: str
    cost: Decimal
    gained: Decimal
    low: Decimal | None
    high: Decimal | None
    note: str

    @property
    def roi(self) -> float:
        """What was gained beyond the cost, over the cost."""
        return float(self.gained / self.cost) - 1

    @property
    def roi_low(self) -> float | None:
        """The same by the lower bound."""
        return None if self.low is None else float(self.low / self.cost) - 1

    @property
    def roi_high(self) -> float | None:
        """The same by the upper bound."""
        return None if self.high is None else float(self.high / self.cost) - 1


def experiments(text: str, name: str) -> list[Experiment]:
    """The tests in a CSV file, newest first. Raises MistakesError naming line, column and mend."""
    if len(text) > MOST:
        raise MistakesError([Mistake(name, 0, 0, "", f"It has more than {MOST:,} characters.")])
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            mend = f"The first line has: {','.join(COLUMNS)}."
            raise MistakesError(
                [Mistake(name, 1, 1, "", f"Columns are missing: {', '.join(missing)}.", mend)]
            )
        rows = [_Row(name, reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise MistakesError([Mistake(name, reader.line_num, 1, "", f"This is not CSV: {error}.")]) from error
    found = [row.read() for row in rows]
    if mistakes := [mistake for row in rows for mistake in row.mistakes]:
        raise MistakesError(mistakes)
    return sorted((each for each in found if each), key=lambda each: (each.start, each.label), reverse=True)


def beside_models(engine: Engine, tests: Sequence[Experiment], zone: str) -> list[dict[str, Any]]:
    """Rows `{by, label, from, to, kind, cost, gained, roi, roi_low, roi_high, models_low, models_high,
    note}`.

    `models_low` and `models_high`: the least and the most return that a model credits to the same channel or
    campaign, of what converted on the same days; None where Accord knows no spend of it then.
    """
    return [_beside(engine, test, zone) for test in tests]


def _beside(engine: Engine, test: Experiment, zone: str) -> dict[str, Any]:
    days = {"start": midnight(test.start, zone), "end": midnight(test.end, zone)}
    rows = report(engine, by=test.by, **days)  # type: ignore[arg-type]
    returns = [row["roi"] for row in rows if row[test.by] == test.label and row["roi"] is not None]
    return {
        "by": test.by,
        "label": test.label,
        "from": test.start,
        "to": test.end,
        "kind": test.kind,
        "cost": test.cost,
        "gained": test.gained,
        "roi": test.roi,
        "roi_low": test.roi_low,
        "roi_high": test.roi_high,
        "models_low": min(returns, default=None),
        "models_high": max(returns, default=None),
        "note": test.note,
    }


class _Row:
    def __init__(self, file: str, line: int, row: dict[str, Any]) -> None:
        self.file, self.line = file, line
        self.row = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        self.mistakes: list[Mistake] = []
        if None in row:
            self._wrong("", "It has more fields than the first line.", "Put text with commas in quotes.")

    def read(self) -> Experiment | None:
        """The test, None where it has mistakes."""
        named = [by for by in ("channel", "campaign") if self.row[by]]
        if len(named) != 1:
            self._wrong("channel", "Either a channel or a campaign is named.", "Fill one of the two.")
        start, end = self._day("from"), self._day("to")
        if start and end and end <= start:
            self._wrong("to", "It does not lie after the first day.", "It is the day after the last.")
        if self.row["kind"] not in KINDS:
            self._wrong("kind", f"{self.row['kind']!r} is no kind of test.", f"Write {', '.join(KINDS)}.")
        cost, gained = self._money("cost"), self._money("gained")
        low, high = self._money("gained_low", needed=False), self._money("gained_high", needed=False)
        if cost is not None and cost <= 0:
            self._wrong("cost", "A test of no spend tells nothing of spend.", "Write what was spent.")
        bounds = (gained if low is None else low, gained if high is None else high)
        if gained is not None and not bounds[0] <= gained <= bounds[1]:  # type: ignore[operator]
            self._wrong("gained", "It does not lie between its bounds.", "Check gained_low and gained_high.")
        if self.mistakes or start is None or end is None or cost is None or gained is None:
            return None
        by = named[0]
        kind, note = self.row["kind"], self.row["note"]
        return Experiment(by, self.row[by], start, end, kind, cost, gained, low, high, note)

    def _day(self, column: str) -> date | None:
        return self._read(column, date.fromisoformat, "is no day", "Write it like 2026-03-31.")

    def _money(self, column: str, *, needed: bool = True) -> Decimal | None:
        if not self.row[column] and not needed:
            return None
        return self._read(column, _amount, "is no amount", "Write it like 1234.50.")

    def _read(self, column: str, read: Callable[[str], Read], wrong: str, mend: str) -> Read | None:
        try:
            return read(self.row[column])
        except (ValueError, InvalidOperation):
            self._wrong(column, f"{self.row[column]!r} {wrong}.", mend)
            return None

    def _wrong(self, column: str, message: str, mend: str) -> None:
        place = COLUMNS.index(column) + 1 if column else 1
        self.mistakes.append(Mistake(self.file, self.line, place, column, message, mend))


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError(text)
    return amount
