"""The function for analysts: a table of journeys in, the credit of each channel out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from accord.insight.attribution.data_driven.markov import Chain
from accord.insight.attribution.data_driven.paths import Paths, paths_of
from accord.insight.attribution.data_driven.shapley import shapley
from accord.insight.attribution.models import ModelError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

MODELS = ("markov", "shapley")
"""The models that need data of many journeys, those without a conversion, too."""


def attribute(journeys: Any, model: str = "markov", order: int = 1, *, repeats: bool = True) -> pa.Table:
    """The credit of each channel, from data: a table `(channel, conversions, value)`, by channel.

    `journeys` is anything Arrow reads (pyarrow, pandas, polars, a dictionary of columns), in a form of two.

    - One row a touch: `journey_id`, `channel`, `position` or `occurred_at` (equal ones keep the order of the
      rows), `converted` (whether its journey ended in a conversion; empty for all of a journey that goes on
      still), and perhaps the `value` of the journey;
    - One row a path: `path` (`Search > Email`, or a list), `conversions`, and perhaps their `value` together,
      `nulls` (journeys of this path that ended without one) and `open` (those that go on still).

    `model`: `markov` (removal effects of a chain of the last `order` channels, solved exactly) or `shapley`.
    `repeats`: whether a channel that follows itself counts each time.

    Credits sum to all conversions and their value; conversions of journeys without a touch stand in a last
    row without a channel. Raises JourneyError and ModelError.
    """
    if model not in MODELS:
        raise ModelError(f"There is no model {model!r} from data.", mend=f"Use one of {', '.join(MODELS)}.")
    paths = paths_of(journeys)
    paths = paths if repeats else paths.without_repeats()
    counts, value = shapley(paths) if model == "shapley" else markov(paths, order)
    return _table(paths, counts, value)


def markov(paths: Paths, order: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each channel's conversions and value in proportion to what is lost without it."""
    touched = paths.lengths > 0
    effects = Chain.of(paths, order).removal_effects()
    totals = paths.conversions[touched].sum(), paths.value[touched].sum()
    counts, value = (_in_proportion(e, float(total)) for e, total in zip(effects, totals, strict=True))
    return counts, value


def _in_proportion(effects: NDArray[np.float64], total: float) -> NDArray[np.float64]:
    whole = effects.sum()
    return effects * (total / whole) if whole > 0 else np.zeros(len(effects))


def _table(paths: Paths, counts: NDArray[np.float64], value: NDArray[np.float64]) -> pa.Table:
    import pyarrow as pa

    none = paths.lengths == 0
    names: list[str | None] = [*paths.channels]
    if paths.conversions[none].any():
        names.append(None)
        counts = np.append(counts, paths.conversions[none].sum())
        value = np.append(value, paths.value[none].sum())
    return pa.table({"channel": pa.array(names, pa.string()), "conversions": counts, "value": value})
