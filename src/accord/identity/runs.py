"""Pairs the events of long runs one by one: there the n-th of two tools may lie too far apart.

Pure: arrays in, arrays out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WITHIN = 5 * 60 * 1_000_000
"""How far apart two tools may date the same event, in microseconds (DESIGN 2c)."""


def pair_up(run: NDArray[np.int64], source: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each event (ordered by run and time) the number of the real event behind it.

    An event joins the earliest one of its run that began at most 5 minutes before and that its tool has not
    recorded yet, else it is a new one. With two tools this pairs as many as can be paired.
    """
    groups = np.empty(len(run), dtype=np.int64)
    waiting: list[tuple[int, int, set[int]]] = []
    count, current = 0, None
    for row, (cluster, tool, moment) in enumerate(
        zip(run.tolist(), source.tolist(), at.tolist(), strict=True)
    ):
        if cluster != current:
            waiting, current = [], cluster
        waiting = [event for event in waiting if moment - event[1] <= WITHIN]
        found = next((event for event in waiting if tool not in event[2]), None)
        if found is None:
            found = (count, moment, set())
            waiting.append(found)
            count += 1
        found[2].add(tool)
        groups[row] = found[0]
    return groups
