"""Markov removal effects, exact: the chain is solved, not simulated.

Journeys are walks over states, the last `order` channels, from a start to a conversion or to none. A
channel's removal effect is the share of conversions (or of value) that is lost if every step to it leads to
none. Source: E. Anderl, I. Becker, F. v. Wangenheim, J. H. Schumann (2016), "Mapping the customer journey",
International Journal of Research in Marketing 33, 457-474. There, and in the packages that followed, walks
are simulated or a chain is solved anew for each channel; here all removals come from one factorisation: with
N = (I - Q)^-1, what is reached through the states S of a channel is N[0, S] N[S, S]^-1 x[S], where x is what
is reached from each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from accord.insight.attribution.data_driven.paths import Ends, JourneyError, Paths

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_STATES = 6_000
"""A chain of more states takes more than a laptop has; and so many channels are too thin to say anything."""


@dataclass(frozen=True)
class Chain:
    """The states of paths (0 is the start), and how each path runs through them; counts come from `Ends`.

    `newest[i]`: the number of the channel that state i was entered by. `step`: of each touch, the step it
    makes, from state i to j as `i * size + j`. `last`: the state in which each path ends.
    """

    paths: Paths
    newest: NDArray[np.int64]
    step: NDArray[np.int64]
    last: NDArray[np.int64]

    @classmethod
    def of(cls, paths: Paths, order: int = 1) -> Chain:
        """The chain of so many last channels. Raises JourneyError where there is none."""
        is_order(order)
        before, after = _walk(paths, order)
        states = np.unique(np.concatenate([[0], after]))
        is_solvable(len(states), len(paths.channels), order)
        place = np.searchsorted(states, after)
        last = np.zeros(len(paths), dtype=np.int64)
        touched = paths.lengths > 0
        last[touched] = place[paths.offsets[1:][touched] - 1]
        step = np.searchsorted(states, before) * len(states) + place
        return cls(paths, states % (len(paths.channels) + 1), step, last)

    @property
    def at_once(self) -> int:
        """How many draws are held in memory at once."""
        return max(1, min(50, 10_000_000 // len(self.newest) ** 2))

    def credit(self, ends: Ends) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Conversions and value by draw and channel, in proportion to the removal effects."""
        return self.counts(ends).credit()

    def counts(self, ends: Ends) -> Counts:
        """What journeys that ended so make of the chain; those without a touch are no part of it."""
        size, draws = len(self.newest), len(ends.conversions)
        steps = (self._steps @ (ends.conversions + ends.lost + ends.open).T).T.reshape(draws, size, size)
        converted, value, lost = (
            (self._ends @ each.T).T for each in (ends.conversions, ends.value, ends.lost)
        )
        return Counts(steps, converted, value, lost, self.newest, len(self.paths.channels))

    @cached_property
    def _steps(self) -> csr_array:
        """How many times each path makes each step: step by path."""
        size = len(self.newest) ** 2
        ones = np.ones(len(self.step))
        return csr_array((ones, (self.step, self.paths.path_of)), shape=(size, len(self.paths)))

    @cached_property
    def _ends(self) -> csr_array:
        """In which state each path ends: state by path; in none one without touches."""
        touched = (self.paths.lengths > 0).astype(np.float64)
        place = (self.last, np.arange(len(self.paths)))
        return csr_array((touched, place), shape=(len(self.newest), len(self.paths)))


def is_order(order: int) -> None:
    """Raises JourneyError for an order that makes no chain."""
    if order < 1:
        raise JourneyError(f"An order of {order} makes no chain.", mend="Use 1 or 2.")


def is_solvable(states: int, channels: int, order: int) -> None:
    """Raises JourneyError where a chain has too many states."""
    if states > MOST_STATES:
        raise JourneyError(
            f"{channels} channels make {states} states at order {order}.",
            mend="Group rare channels, or use order 1.",
        )


@dataclass(frozen=True)
class Counts:
    """A chain as counted, by draw: `steps` from state to state, and by state the conversions, their value,
    and the journeys lost in it. `newest`: by state, the number (from 1) of the channel it was entered by."""

    steps: NDArray[np.float64]
    converted: NDArray[np.float64]
    value: NDArray[np.float64]
    lost: NDArray[np.float64]
    newest: NDArray[np.int64]
    channels: int

    def credit(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Conversions and value by draw and channel, in proportion to the removal effects."""
        counts, worth = self.removal_effects()
        return (
            in_proportion(counts, self.converted.sum(axis=1)),
            in_proportion(worth, self.value.sum(axis=1)),
        )

    def removal_effects(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """By draw and channel, the share of the conversions and of their value that is lost without it."""
        steps, newest = self.steps, self.newest
        total = steps.sum(axis=2) + self.converted + self.lost
        alive = _reaches(steps > 0, self.converted > 0)
        each = np.where(alive, total, 1.0)
        chances = np.where(alive[:, :, None] & alive[:, None, :], steps, 0.0) / each[:, :, None]
        worth = np.stack([self.converted, self.value], axis=2) * alive[:, :, None] / each[:, :, None]
        with threadpool_limits(1):  # threads of BLAS beside DuckDB's make small systems many times slower
            inverse = np.linalg.inv(np.eye(len(newest)) - chances).astype(np.float64, copy=False)
            reached: NDArray[np.float64] = inverse @ worth
            channels = range(1, self.channels + 1)
            each_lost = [_lost(np.flatnonzero(newest == one), inverse, reached) for one in channels]
        found = np.array(each_lost).reshape(-1, len(steps), 2)
        return found[:, :, 0].T, found[:, :, 1].T


def _lost(
    through: NDArray[np.int64], inverse: NDArray[np.float64], reached: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By draw, the shares of what is reached from the start that are reached through these states."""
    if not len(through):
        return np.zeros((len(inverse), 2))
    among = inverse[:, through[:, None], through]
    enters = np.linalg.solve(among.transpose(0, 2, 1), inverse[:, 0, through][:, :, None])
    lost = (enters * reached[:, through]).sum(axis=1)
    start = reached[:, 0]
    shares: NDArray[np.float64] = np.divide(lost, start, out=np.zeros_like(lost), where=start > 0)
    return shares


def _walk(paths: Paths, order: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The state before and after each touch: the last channels as digits of a number, the newest last."""
    base = len(paths.channels) + 1
    if base ** (order + 1) > np.iinfo(np.int64).max:
        raise JourneyError(
            f"{len(paths.channels)} channels are too many for order {order}.", mend="Use a lower order."
        )
    begins, at = paths.offsets[:-1][paths.path_of], np.arange(len(paths.codes))
    before, after = np.zeros_like(at), np.zeros_like(at)
    for back in range(order + 1):
        digit = np.where(at - back >= begins, paths.codes[np.maximum(at - back, 0)], 0)
        after += digit * base**back if back < order else 0
        before += digit * base ** (back - 1) if back else 0
    return before, after


def _reaches(steps: NDArray[np.bool_], converts: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """By draw, which states lead to a conversion at all: nothing comes from the others."""
    found = converts
    while True:
        more = found | (steps & found[:, None, :]).any(axis=2)
        if (more == found).all():
            return found
        found = more


def in_proportion(effects: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row scaled to its total; nothing where there is nothing to scale."""
    whole = effects.sum(axis=1)
    scale = np.divide(total, whole, out=np.zeros_like(whole), where=whole > 0)
    shares: NDArray[np.float64] = effects * scale[:, None]
    return shares
