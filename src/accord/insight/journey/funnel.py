"""The funnel: of the leads that entered each stage in a period, how many went on, how fast, how many left."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from accord.errors import AccordError
from accord.insight.journey.survival import CONVERTED, DROPPED, OPEN, median_time

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from accord.ledger.engine import Engine

Basis = Literal["agreement", "tools"]
By = Literal["channel", "campaign", "segment", "month"]

NEW = "new"
"""The name of the funnel's mouth: every lead enters it when its cycle opens."""


class UnknownSplit(AccordError):
    """A funnel was asked for by something it cannot be split by."""

    code = "unknown_split"


def funnel(
    engine: Engine,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    basis: Basis = "agreement",
    by: By | None = None,
    segment: str | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """Per stage the leads that entered it within [start, end) (naive UTC) and what became of them until now.

    Rows `{stage, entered, converted, conversion, median_days, dropped, open}`, led by the value of `by` if
    there is one, in the order of the stages, the first being `new` (the lead was opened; only leads that are
    `known`, as the KPI counts them). `converted` entered any later stage, `dropped` ended without, `open`
    may still; `conversion` is their share. `median_days` until a later stage takes leads still open for what
    they are (`survival.median_time`) and is null when fewer than half ever get there. Of the last stage only
    `entered` is known.
    `basis`: by the agreement, or as the tools recorded it. Reads leads, stage_entries, stages, as_of, and
    periods for `by="month"` (the month of entering). Raises UnknownSplit.
    """
    if by not in (None, "channel", "campaign", "segment", "month"):
        raise UnknownSplit(
            f"A funnel cannot be split by {by}.", mend="Choose channel, campaign, segment or month."
        )
    stages = [row["stage"] for row in engine.query("SELECT stage FROM stages ORDER BY stage_no").to_pylist()]
    sql = files(__package__).joinpath("funnel.sql").read_text(encoding="utf-8")
    found = engine.query(sql, [start, end, basis, by, segment, channel])
    coded = found["value"].combine_chunks().dictionary_encode(null_encoding="encode")
    codes, names = np.asarray(coded.indices, dtype=np.int64), coded.dictionary.to_pylist()
    entries = _Entries(*(np.asarray(found[column], dtype=np.int64) for column in _COLUMNS))
    rows: list[dict[str, Any]] = []
    for value in _split(names, by):
        chosen = entries.take(codes == names.index(value)) if by else entries
        for number, stage in enumerate([NEW, *stages]):
            row = _stage_row(stage, chosen.take(chosen.stage_no == number), last=number == len(stages))
            rows.append({by: value, **row} if by else row)
    return rows


_COLUMNS = ("stage_no", "outcome", "seconds", "leads")


@dataclass(frozen=True)
class _Entries:
    """Leads that entered a stage: what came of them, after how many seconds (until now if open), how many."""

    stage_no: NDArray[np.int64]
    outcome: NDArray[np.int64]
    seconds: NDArray[np.int64]
    leads: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_]) -> _Entries:
        return _Entries(self.stage_no[rows], self.outcome[rows], self.seconds[rows], self.leads[rows])

    def count(self, outcome: int) -> int:
        return int(self.leads[self.outcome == outcome].sum())


def _split(names: list[Any], by: By | None) -> list[Any]:
    """The values to split by in order, those leads without one last."""
    if by is None:
        return [None]
    return sorted(names, key=lambda name: (name is None, name or ""))


def _stage_row(stage: str, entries: _Entries, last: bool) -> dict[str, Any]:
    entered = int(entries.leads.sum())
    row: dict[str, Any] = {"stage": stage, "entered": entered}
    if last:
        return row | dict.fromkeys(("converted", "conversion", "median_days", "dropped", "open"))
    converted = entries.count(CONVERTED)
    return row | {
        "converted": converted,
        "conversion": converted / entered if entered else None,
        "median_days": median_time(entries.seconds / 86400, entries.outcome, entries.leads),
        "dropped": entries.count(DROPPED),
        "open": entries.count(OPEN),
    }
