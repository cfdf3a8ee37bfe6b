"""Chance that is the same at every run: one generator a subject, all from one seed, and draws of whole
arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = TypeVar("Rows")
"""A dataclass of arrays with a row at each place."""


class Chance:
    """The generators of one seed. A subject's draws do not depend on those of any other subject."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, subject: str) -> Draws:
        """A fresh generator for a subject."""
        mixed = np.random.SeedSequence([self.seed, crc32(subject.encode())])
        return Draws(np.random.Generator(np.random.PCG64(mixed)))


class Draws:
    """Draws of arrays from one generator."""

    def __init__(self, generator: np.random.Generator) -> None:
        self.generator = generator

    def share(self, count: int) -> Floats:
        """Numbers in [0, 1)."""
        return self.generator.random(count)

    def yes(self, chance: ArrayLike, count: int) -> Flags:
        """True with the chance given, one for all or one each."""
        return np.asarray(self.share(count) < np.asarray(chance))

    def whole(self, low: int, high: int, count: int) -> Ints:
        """Whole numbers from low to high, both included."""
        return self.generator.integers(low, high + 1, count)

    def pick(self, weights: ArrayLike, count: int) -> Ints:
        """Places in a list of weights."""
        edges = np.cumsum(np.asarray(weights, float))
        return np.searchsorted(edges / edges[-1], self.share(count), side="right").astype(np.int64)

    def pick_by(self, weights: ArrayLike, row: Ints) -> Ints:
        """Places in the row of weights that each draw has."""
        edges = np.cumsum(np.asarray(weights, float), axis=1)
        edges /= edges[:, -1:]
        drawn = self.share(len(row))
        return np.asarray((drawn[:, None] >= edges[row]).sum(axis=1), np.int64)

    def about(self, median: ArrayLike, spread: float, count: int) -> Floats:
        """Positive numbers around a median: log-normal, `spread` is the deviation of the logarithm."""
        return np.asarray(median, float) * np.exp(self.generator.normal(0.0, spread, count))

    def some(self, mean: ArrayLike, count: int) -> Ints:
        """Counts with a mean: Poisson."""
        return self.generator.poisson(np.asarray(mean, float), count).astype(np.int64)

    def waits(self, mean: ArrayLike, count: int) -> Floats:
        """Waiting times with a mean: exponential."""
        return np.asarray(self.generator.exponential(1.0, count) * np.asarray(mean, float))


def within(counts: Ints) -> Ints:
    """0, 1, 2, ... within each of several runs of these lengths, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0, dtype=np.int64) - np.repeat(ends - counts, counts)


def running(values: Any, counts: Ints) -> Any:
    """Running sums of the values within each of several runs of these lengths."""
    total = np.cumsum(values)
    if not len(total):
        return total
    starts = np.cumsum(counts) - counts
    before = np.where(starts > 0, total[np.maximum(starts - 1, 0)], 0)
    return total - np.repeat(before, counts)


def repeated(values: NDArray[Any]) -> Ints:
    """How often each value has come before."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    starts = np.maximum.accumulate(np.where(new, np.arange(len(values)), 0))
    again = np.zeros(len(values), np.int64)
    again[order] = np.arange(len(values)) - starts
    return again


def stacked(parts: Sequence[Rows]) -> Rows:
    """The rows of several dataclasses of arrays, one after the other."""
    kind: Any = type(parts[0])
    columns = (np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(kind))
    return kind(*columns)  # type: ignore[no-any-return]


def kept(rows: Rows, which: Flags | Ints) -> Rows:
    """Some of the rows of a dataclass of arrays."""
    kind: Any = type(rows)
    return kind(*(getattr(rows, column.name)[which] for column in fields(kind)))  # type: ignore[no-any-return]
