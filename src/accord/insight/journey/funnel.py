"""The funnel: of the leads that entered each stage in a period, how many went on, how fast, how many left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from accord.errors import AccordError
from accord.insight import rollups
from accord.insight.journey.survival import CONVERTED, DROPPED, OPEN, median_time

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa
    from numpy.typing import NDArray

    from accord.ledger.engine import Engine

Basis = Literal["agreement", "tools"]
By = Literal["channel", "campaign", "segment", "month"]

NEW = "new"
"""The name of the funnel's mouth: every lead enters it when its cycle opens."""

FUNNEL_DAYS = rollups.Rollup(__package__, "funnel_days", "day")


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
    they are (`survival.median_time`) and is null when fewer than half ever get there; it is exact to the hour
    up to three days, then to the day. Of the last stage only `entered` is known.
    `basis`: by the agreement, or as the tools recorded it. `by="month"`: the month of entering. Reads
    funnel_days, stages and periods; for a span that is not made of whole local days leads, stage_entries and
    as_of. Raises UnknownSplit.
    """
    if by not in (None, "channel", "campaign", "segment", "month"):
        raise UnknownSplit(
            f"A funnel cannot be split by {by}.", mend="Choose channel, campaign, segment or month."
        )
    stages = [row["stage"] for row in engine.query("SELECT stage FROM stages ORDER BY stage_no").to_pylist()]
    found = _found(engine, (start, end), by, [basis, segment, channel])
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


def _found(engine: Engine, span: rollups.Span, split: By | None, asked: Sequence[str | None]) -> pa.Table:
    """Leads by the value they are split by, stage, outcome and hours."""
    if split == "month" and not rollups.is_whole(engine, FUNNEL_DAYS.grain, span):
        return _month_by_month(engine, span, asked)
    sql = files(__package__).joinpath("funnel.sql").read_text(encoding="utf-8")
    return rollups.ask(engine, sql, [*span, split, *asked], FUNNEL_DAYS, span)


def _month_by_month(engine: Engine, span: rollups.Span, asked: Sequence[str | None]) -> pa.Table:
    """The same by month for a span that is not made of whole days: each part of it that lies in one month."""
    import pyarrow as pa

    months = engine.query("SELECT label, starts_utc, ends_utc FROM periods WHERE kind = 'month'").to_pylist()
    first, last = span[0] or rollups.FAR_PAST, span[1] or rollups.FAR_FUTURE
    edges = {moment for month in months for moment in (month["starts_utc"], month["ends_utc"])}
    cuts = [first, *sorted(moment for moment in edges if first < moment < last), last]
    parts = []
    for start, end in pairwise(cuts):
        found = _found(engine, (start, end), None, asked)
        names = [m["label"] for m in months if m["starts_utc"] <= start < m["ends_utc"]]
        label = pa.repeat(pa.scalar(names[0] if names else None, pa.string()), found.num_rows)
        parts.append(found.set_column(0, "value", label))
    return pa.concat_tables(parts)


_COLUMNS = ("stage_no", "outcome", "hours", "leads")


@dataclass(frozen=True)
class _Entries:
    """Leads that entered a stage: what came of them, after how many hours (until now if open), how many."""

    stage_no: NDArray[np.int64]
    outcome: NDArray[np.int64]
    hours: NDArray[np.int64]
    leads: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_]) -> _Entries:
        return _Entries(self.stage_no[rows], self.outcome[rows], self.hours[rows], self.leads[rows])

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
        "median_days": median_time(entries.hours / 24, entries.outcome, entries.leads),
        "dropped": entries.count(DROPPED),
        "open": entries.count(OPEN),
    }
