"""The function for analysts: a table of journeys in, the credit of each channel out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.insight.attribution.data_driven.counted import Counted, counted
from accord.insight.attribution.data_driven.markov import Chain, in_proportion, is_order
from accord.insight.attribution.data_driven.paths import JourneyError, Paths, paths_of, table_of
from accord.insight.attribution.data_driven.shapley import EvenShares
from accord.insight.attribution.models import ModelError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

AMOUNTS = ("conversions", "value")
BOUNDS = (0.05, 0.95)
"""Intervals of credit are of 90%."""

MODELS = ("markov", "shapley")
"""The models that need data of many journeys, those without a conversion, too."""


def attribute(
    journeys: Any,
    model: str = "markov",
    order: int | Sequence[int] = 1,
    *,
    repeats: bool = True,
    replicates: int = 0,
    seed: int = 1,
) -> pa.Table:
    """The credit of each channel, from data: a table `(channel, conversions, value)`, by channel.

    `journeys` is a table (pyarrow, pandas, polars, a dictionary of columns, a list of rows), or a pyarrow
    RecordBatchReader: `markov` reads paths from one a part at a time, so that they may be more than memory
    holds. Either way:

    - One row a touch: `journey_id`, `channel`, `position` or `occurred_at` (equal ones keep the order of the
      rows), `converted` (whether its journey ended in a conversion; empty for all of a journey that goes on
      still), and perhaps the `value` of the journey;
    - One row a path: `path` (`Search > Email`, or a list), `conversions`, and perhaps their `value` together,
      `nulls` (journeys of this path that ended without one) and `open` (those that go on still).

    `model`: `markov` (removal effects of a chain of the last `order` channels, solved exactly) or `shapley`.
    Several orders, as `order=(1, 2)`, take hardly longer than the highest; `order` is then the first column.
    `repeats`: whether a channel that follows itself counts each time.

    `replicates`: so many times (say 1,000) the journeys are drawn anew, by `seed`. The table then has also
    `conversions_low`, `conversions_high`, `value_low`, `value_high` (90% intervals) and `journeys`: of how
    many converted ones the channel was a part. Below 30 there is too little to tell.

    Credits sum to all conversions and their value; conversions of journeys without a touch stand in a last
    row without a channel. Raises JourneyError and ModelError.
    """
    if model not in MODELS:
        raise ModelError(f"There is no model {model!r} from data.", mend=f"Use one of {', '.join(MODELS)}.")
    if model != "markov" and not isinstance(order, int):
        raise ModelError(f"{model} has no orders.", mend="Leave order out, or use markov.")
    plain = model == "markov" and not replicates
    orders = [order] if isinstance(order, int) else list(order)
    for each in orders or [0]:
        is_order(each)
    table = journeys if plain and _is_read_in_parts(journeys) else table_of(journeys)
    if plain and "path" in table.schema.names:
        counts = counted(table, max(orders), repeats=repeats)
        if counts:
            return _of_orders(order, [_of_counts(counts.of_order(each)) for each in orders])
        if table is journeys and _is_read_in_parts(journeys):
            raise JourneyError("There are too many channels to be read in parts.", mend="Give a table.")
    paths = paths_of(table)
    paths = paths if repeats else paths.without_repeats()
    made = [EvenShares.of(paths) if model == "shapley" else Chain.of(paths, each) for each in orders]
    return _of_orders(order, [_of_paths(paths, each, replicates, seed) for each in made])


def _of_counts(counts: Counted) -> pa.Table:
    amounts = dict(zip(AMOUNTS, counts.credit(), strict=True))
    return _table(counts.channels, amounts, *counts.untouched)


def _of_paths(paths: Paths, made: Chain | EvenShares, replicates: int, seed: int) -> pa.Table:
    columns = dict(zip(AMOUNTS, (found[0] for found in made.credit(paths.ends)), strict=True))
    if replicates:
        columns |= _intervals(paths, made, replicates, seed)
    none = paths.lengths == 0
    return _table(paths.channels, columns, paths.conversions[none].sum(), paths.value[none].sum())


def _of_orders(asked: int | Sequence[int], tables: list[pa.Table]) -> pa.Table:
    """The one table of the one order asked for; of several, all in one, the order before each row."""
    import pyarrow as pa

    if isinstance(asked, int):
        return tables[0]
    told = [pa.array([order] * len(table)) for order, table in zip(asked, tables, strict=True)]
    return pa.concat_tables(
        table.add_column(0, "order", numbers) for table, numbers in zip(tables, told, strict=True)
    )


def _is_read_in_parts(journeys: Any) -> bool:
    import pyarrow as pa

    return isinstance(journeys, pa.RecordBatchReader) and "path" in journeys.schema.names


def _intervals(
    paths: Paths, made: Chain | EvenShares, replicates: int, seed: int
) -> dict[str, NDArray[np.float64]]:
    """The bounds of each amount, by channel, and of how many converted journeys it was a part.

    How many journeys convert varies between draws; what is asked is how those there are may be shared.
    """
    chance = np.random.default_rng(seed)
    sizes = [min(made.at_once, replicates - done) for done in range(0, replicates, made.at_once)]
    drawn = [made.credit(paths.drawn(size, chance)) for size in sizes]
    totals = [each.sum(axis=1) for each in made.credit(paths.ends)]
    found: dict[str, NDArray[np.float64]] = {}
    for place, (name, total) in enumerate(zip(AMOUNTS, totals, strict=True)):
        amounts = in_proportion(np.concatenate([each[place] for each in drawn]), total)
        low, high = np.quantile(amounts, BOUNDS, axis=0)
        found |= {f"{name}_low": low, f"{name}_high": high}
    parts = EvenShares.of(paths).shares.astype(bool).astype(np.float64)
    return {**found, "journeys": parts @ paths.conversions}


def _table(
    channels: list[str], columns: dict[str, NDArray[np.float64]], untouched: float, worth: float
) -> pa.Table:
    """The credit by channel; in a last row the conversions that no channel touched, and their worth."""
    import pyarrow as pa

    names: list[str | None] = [*channels]
    if untouched:
        names.append(None)
        alone = {"conversions": untouched, "value": worth, "journeys": untouched}
        columns = {name: np.append(each, alone.get(name, np.nan)) for name, each in columns.items()}
    amounts = {name: pa.array(each, from_pandas=True) for name, each in columns.items()}
    return pa.table({"channel": pa.array(names, pa.string()), **amounts})
