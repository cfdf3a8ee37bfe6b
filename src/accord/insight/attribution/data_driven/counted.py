"""The counts of a chain straight from a table of paths, some rows at a time: what one plain run needs.

Paths are neither told apart nor kept, so that ten million of them take the memory of some hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from accord.insight.attribution.data_driven.markov import Counts, is_solvable
from accord.insight.attribution.data_driven.paths import Pieces, amounts_of, pathless, pieces

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

ROWS = 500_000
"""So many paths are read at once."""
MOST_WALKS = 4_000_000
"""More kinds of step are not counted in one array."""

Amounts = dict[str, "NDArray[np.float64]"]


@dataclass
class Counted:
    """What was counted so far. `walks`: by the last `order` channels and the next (numbers from 1, 0 for none
    yet), how many journeys went so. `ends`: by the last `order` channels of a path, the conversions, their
    value, and the journeys lost. `untouched`: conversions and value of paths without a channel."""

    order: int
    names: dict[str, int]
    walks: NDArray[np.float64]
    ends: NDArray[np.float64]
    untouched: NDArray[np.float64]

    @property
    def channels(self) -> list[str]:
        """The channels by name, as results list them."""
        return sorted(self.names)

    def credit(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Conversions and value by channel, in proportion to the removal effects."""
        base, order = len(self.names) + 1, self.order
        place = [0, *(self.names[name] for name in self.channels)]
        walks = self.walks[np.ix_(*[place] * (order + 1))].ravel()
        ends = self.ends[np.ix_(range(3), *[place] * order)].reshape(3, -1)
        kinds = np.flatnonzero(walks)
        before, after = kinds // base, kinds % base**order
        states = np.unique(np.concatenate([[0], after]))
        is_solvable(len(states), len(self.names), order)
        steps = np.zeros((1, len(states), len(states)))
        steps[0, np.searchsorted(states, before), np.searchsorted(states, after)] = walks[kinds]
        converted, value, lost = ends[:, None, states]
        chain = Counts(steps, converted, value, lost, states % base, len(self.names))
        counts, worth = chain.credit()
        return counts[0], worth[0]

    def add(self, part: Pieces, amounts: Amounts) -> None:
        """Count some more paths, with `conversions`, `value`, `nulls` and `open` of each."""
        base, lengths = len(part.names) + 1, part.lengths
        touched = lengths > 0
        begins = (np.cumsum(lengths) - lengths)[touched]
        walk, before = part.codes, part.codes
        for back in range(1, self.order + 1):
            before = _one_later(before, begins)
            walk = walk + before * base**back
        journeys = amounts["conversions"] + amounts["nulls"] + amounts["open"]
        last = walk[begins + lengths[touched] - 1] % base**self.order
        place = self._places(part.names)
        shape = [base] * (self.order + 1)
        # Most tables have one journey a row: then steps are counted, not summed.
        each = None if (journeys == 1).all() else np.repeat(journeys, lengths)
        self.walks[np.ix_(*[place] * (self.order + 1))] += _summed(walk, each, shape)
        for row, name in enumerate(("conversions", "value", "nulls")):
            ends = _summed(last, amounts[name][touched], shape[1:])
            self.ends[row][np.ix_(*[place] * self.order)] += ends
        self.untouched += [amounts[name][~touched].sum() for name in ("conversions", "value")]

    def _places(self, names: list[str]) -> list[int]:
        """The numbers of channels, 0 before them; there is room for those not met before."""
        for name in names:
            self.names.setdefault(name, len(self.names) + 1)
        more = len(self.names) + 1 - len(self.walks)
        self.walks = np.pad(self.walks, (0, more))
        self.ends = np.pad(self.ends, [(0, 0), *[(0, more)] * self.order])
        return [0, *(self.names[name] for name in names)]


def counted(paths: pa.Table | pa.RecordBatchReader, order: int, *, repeats: bool) -> Counted | None:
    """The counts of paths; None where they have too many channels to be counted so.

    `repeats`: whether a channel that follows itself counts each time. Raises JourneyError.
    """
    shape, start = (1,) * order, 0
    found = Counted(order, {}, np.zeros((1, *shape)), np.zeros((3, *shape)), np.zeros(2))
    for rows in _parts(paths):
        pathless(rows, start)
        part = pieces(rows["path"])
        if part is None or (len(found.names) + len(part.names) + 1) ** (order + 1) > MOST_WALKS:
            return None
        found.add(part if repeats else _without_repeats(part), amounts_of(rows, start))
        start += len(rows)
    return found


def _parts(paths: pa.Table | pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Some rows at a time; no rows, once, of an empty table, so that its columns are looked at."""
    import pyarrow as pa

    if isinstance(paths, pa.Table):
        yield from (paths.slice(start, ROWS) for start in range(0, max(1, len(paths)), ROWS))
    else:
        yield from (pa.Table.from_batches([batch]) for batch in paths)


def _without_repeats(part: Pieces) -> Pieces:
    """The same paths, where a channel that follows itself stands once."""
    begins = (np.cumsum(part.lengths) - part.lengths)[part.lengths > 0]
    kept = part.codes != _one_later(part.codes, begins)
    path_of = np.repeat(np.arange(len(part.lengths)), part.lengths)
    return Pieces(part.names, part.codes[kept], np.bincount(path_of[kept], minlength=len(part.lengths)))


def _one_later(codes: NDArray[np.int64], begins: NDArray[np.int64]) -> NDArray[np.int64]:
    """What stood before each, 0 at the beginning of each path."""
    later = np.empty_like(codes)
    later[1:] = codes[:-1]
    later[begins] = 0
    return later


def _summed(
    place: NDArray[np.int64], weights: NDArray[np.float64] | None, shape: Sequence[int]
) -> NDArray[np.float64]:
    size = int(np.prod(shape))
    return np.bincount(place, weights=weights, minlength=size).astype(np.float64, copy=False).reshape(shape)
