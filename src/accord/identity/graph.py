"""Connected components over numbered names: the one part of identity that SQL cannot say.

Pure: arrays in, arrays out. Names are numbered 0..n-1; edges are pairs of numbers.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Edges:
    """Pairs of names taken for one. `firmness`: how firm each reason is; the least firm gives way first."""

    a: Numbers
    b: Numbers
    firmness: Numbers

    def take(self, keep: Flags) -> Edges:
        """The edges flagged."""
        return Edges(self.a[keep], self.b[keep], self.firmness[keep])


def components(size: int, edges: Edges) -> Numbers:
    """For each name the lowest number in its component."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(edges.a):
        return np.arange(size, dtype=np.int64)
    ones = np.ones(len(edges.a), dtype=np.int8)
    graph = coo_array((ones, (edges.a, edges.b)), shape=(size, size))
    count, labels = connected_components(graph, directed=False)
    lowest: Numbers = np.empty(count, dtype=np.int64)
    # Written from the highest number down, so the lowest of each component is what stays.
    lowest[labels[::-1]] = np.arange(size - 1, -1, -1, dtype=np.int64)
    result: Numbers = lowest[labels]
    return result


def keep_apart(size: int, edges: Edges, pairs: list[tuple[int, int]]) -> Flags:
    """Which edges stay when each pair (stays, leaves) must end in different components.

    While a path joins the two, its least firm edge is dropped, of equals the one nearest to the name that
    leaves. Only components that hold such a pair are walked.
    """
    keep = np.ones(len(edges.a), dtype=bool)
    labels = components(size, edges)
    joined = sorted((stays, leaves) for stays, leaves in pairs if labels[stays] == labels[leaves])
    if not joined:
        return keep
    inside = np.flatnonzero(np.isin(labels[edges.a], [labels[stays] for stays, _ in joined]))
    neighbours: dict[int, list[tuple[int, int]]] = {}
    for edge in inside.tolist():
        a, b = int(edges.a[edge]), int(edges.b[edge])
        neighbours.setdefault(a, []).append((b, edge))
        neighbours.setdefault(b, []).append((a, edge))
    for reached in neighbours.values():
        reached.sort()
    for stays, leaves in joined:
        while path := _path(neighbours, keep, leaves, stays):
            keep[min(path, key=lambda edge: (edges.firmness[edge], path.index(edge)))] = False
    return keep


def _path(neighbours: dict[int, list[tuple[int, int]]], keep: Flags, start: int, end: int) -> list[int]:
    """The edges of a shortest path from start to end over kept edges; empty if there is none."""
    came: dict[int, tuple[int, int]] = {start: (start, -1)}
    queue = deque([start])
    while queue:
        name = queue.popleft()
        for other, edge in neighbours.get(name, []):
            if keep[edge] and other not in came:
                came[other] = (name, edge)
                queue.append(other)
    path: list[int] = []
    while end != start:
        if end not in came:
            return []
        end, edge = came[end]
        path.insert(0, edge)
    return path
