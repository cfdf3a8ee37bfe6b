"""The counts of a chain straight from a table of paths, some rows at a time: what one plain run needs.

Paths are neither told apart nor kept, so that ten million of them take the memory of some hundred thousand.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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
AT_ONCE = min(4, os.cpu_count() or 1)
"""So many parts are counted at once: nearly all of the work leaves other threads free to run."""
MOST_WALKS = 4_000_000
"""More kinds of step are not counted in one array; so many have a number of 32 bits."""

Amounts = dict[str, "NDArray[np.float64]"]


@dataclass
class Counted:
    """What was counted. `walks`: by the last `order` channels and the next (numbers from 1, 0 for none yet),
    how many journeys went so. `ends`: by the last `order` channels of a path, the conversions, their value,
    and the journeys lost. `untouched`: conversions and value of paths without a channel."""

    order: int
    names: dict[str, int]
    walks: NDArray[np.float64]
    ends: NDArray[np.float64]
    untouched: NDArray[np.float64]

    @classmethod
    def nothing(cls, order: int) -> Counted:
        """No path yet."""
        return cls(order, {}, np.zeros([1] * (order + 1)), np.zeros([3] + [1] * order), np.zeros(2))

    @classmethod
    def of(cls, part: Pieces, amounts: Amounts, order: int) -> Counted:
        """Of paths with `conversions`, `value`, `nulls` and `open` of each."""
        base, lengths = len(part.names) + 1, part.lengths
        touched = lengths > 0
        begins = (np.cumsum(lengths) - lengths)[touched]
        walk, before = part.codes, part.codes
        for back in range(1, order + 1):
            before = _one_later(before, begins)
            walk = walk + before * np.int32(base**back)
        journeys = amounts["conversions"] + amounts["nulls"] + amounts["open"]
        last = walk[begins + lengths[touched] - 1] % base**order
        shape = [base] * (order + 1)
        # Most tables have one journey a row: then steps are counted, not summed.
        each = None if (journeys == 1).all() else np.repeat(journeys, lengths)
        ends = [
            _summed(last, amounts[name][touched], shape[1:]) for name in ("conversions", "value", "nulls")
        ]
        untouched = [amounts[name][~touched].sum() for name in ("conversions", "value")]
        names = {name: number for number, name in enumerate(part.names, start=1)}
        return cls(order, names, _summed(walk, each, shape), np.array(ends), np.array(untouched))

    @property
    def channels(self) -> list[str]:
        """The channels by name, as results list them."""
        return sorted(self.names)

    def add(self, part: Counted) -> None:
        """Count some more paths."""
        place = self._places(part.names)
        self.walks[np.ix_(*[place] * (self.order + 1))] += part.walks
        self.ends[np.ix_(range(3), *[place] * self.order)] += part.ends
        self.untouched += part.untouched

    def of_order(self, order: int) -> Counted:
        """The same of fewer last channels."""
        older = tuple(range(self.order - order))
        ends = self.ends.sum(axis=tuple(axis + 1 for axis in older))
        return Counted(order, self.names, self.walks.sum(axis=older), ends, self.untouched)

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

    def _places(self, names: dict[str, int]) -> list[int]:
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
    found = Counted.nothing(order)
    for part in _counted_ahead(_parts(paths), order, repeats=repeats):
        if part is None or _is_large(len(found.names | part.names), order):
            return None
        found.add(part)
    return found


def _is_large(channels: int, order: int) -> bool:
    walks: int = (channels + 1) ** (order + 1)
    return walks > MOST_WALKS


def _counted_ahead(parts: Iterator[pa.Table], order: int, *, repeats: bool) -> Iterator[Counted | None]:
    """The counts of each part, in their order, while the next parts are read and counted."""
    waiting: deque[Future[Counted | None]] = deque()
    start = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for rows in parts:
            waiting.append(pool.submit(_counted_part, rows, start, order, repeats=repeats))
            start += len(rows)
            if len(waiting) > AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _counted_part(rows: pa.Table, start: int, order: int, *, repeats: bool) -> Counted | None:
    """The counts of some rows, the first of which is row `start` (from 0)."""
    pathless(rows, start)
    part = pieces(rows["path"])
    if part is None or _is_large(len(part.names), order):
        return None
    return Counted.of(part if repeats else _without_repeats(part), amounts_of(rows, start), order)


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


def _one_later(codes: NDArray[np.int32], begins: NDArray[np.int64]) -> NDArray[np.int32]:
    """What stood before each, 0 at the beginning of each path."""
    later = np.empty_like(codes)
    later[1:] = codes[:-1]
    later[begins] = 0
    return later


def _summed(
    place: NDArray[np.int32], weights: NDArray[np.float64] | None, shape: Sequence[int]
) -> NDArray[np.float64]:
    size = int(np.prod(shape))
    return np.bincount(place, weights=weights, minlength=size).astype(np.float64, copy=False).reshape(shape)
