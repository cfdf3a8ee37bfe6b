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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import lu_factor, lu_solve, solve
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from accord.insight.attribution.data_driven.paths import JourneyError, Paths, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_STATES = 6_000
"""A chain of more states takes more than a laptop has; and so many channels are too thin to say anything."""

COUNTED = 1 << 22
"""Up to so many possible steps are counted in a table; beyond it they are sorted."""


@dataclass(frozen=True)
class Chain:
    """The chain of journeys: its states (0 is the start), the steps between them, how journeys end in them.

    `steps[i, j]` journeys went from i to j; in each state so many ended in a conversion (`conversions`, worth
    `value`) or without one (`lost`). `newest[i]`: the number of the channel that a state was entered by.
    """

    channels: Sequence[str]
    newest: NDArray[np.int64]
    steps: csr_array
    conversions: NDArray[np.float64]
    value: NDArray[np.float64]
    lost: NDArray[np.float64]

    @classmethod
    def of(cls, paths: Paths, order: int = 1) -> Chain:
        """The chain of so many last channels. Raises JourneyError where there is none."""
        if order < 1:
            raise JourneyError(f"An order of {order} makes no chain.", mend="Use 1 or 2.")
        touched = paths.lengths > 0
        walk = _Walk.of(paths, order)
        states = np.unique(np.concatenate([[0], walk.states]))
        if len(states) > MOST_STATES:
            raise JourneyError(
                f"{len(paths.channels)} channels make {len(states)} states at order {order}.",
                mend="Group rare channels, or use order 1.",
            )
        last = np.searchsorted(states, walk.states[paths.offsets[1:][touched] - 1])
        ends = [
            summed(last, each[touched], len(states)) for each in (paths.conversions, paths.value, paths.lost)
        ]
        newest = states % (len(paths.channels) + 1)
        return cls(paths.channels, newest, walk.steps(states), *ends)

    def removal_effects(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of each channel, the share of the conversions and of their value that is lost without it."""
        reach = self._reaches_a_conversion()
        place = np.flatnonzero(reach)
        none = np.zeros(len(self.channels))
        if not len(place) or place[0] != 0:
            return none, none
        total = np.asarray(self.steps.sum(axis=1)).ravel() + self.conversions + self.lost
        each = total[place, None]
        q = self.steps[place][:, place].toarray() / each
        ends = np.column_stack([self.conversions[place], self.value[place]]) / each
        with threadpool_limits(1):  # threads of BLAS beside DuckDB's make small systems many times slower
            inverse = lu_solve(lu_factor(np.eye(len(place)) - q), np.eye(len(place)))
            reached = inverse @ ends
            effects = [self._lost(channel, place, inverse, reached) for channel in range(1, len(none) + 1)]
        found = np.array(effects).reshape(-1, 2)
        return found[:, 0], found[:, 1]

    def _lost(
        self,
        channel: int,
        place: NDArray[np.int64],
        inverse: NDArray[np.float64],
        reached: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """The shares of what is reached from the start that is reached through a channel."""
        through = np.flatnonzero(self.newest[place] == channel)
        if not len(through):
            return np.zeros(2)
        enters = solve(inverse[np.ix_(through, through)].T, inverse[0, through])
        lost = enters @ reached[through]
        shares: NDArray[np.float64] = np.divide(lost, reached[0], out=np.zeros(2), where=reached[0] > 0)
        return shares

    def _reaches_a_conversion(self) -> NDArray[np.bool_]:
        """Which states lead to a conversion at all: nothing comes from the others."""
        found = self.conversions > 0
        new = found
        while new.any():
            new = (self.steps @ new.astype(np.float64) > 0) & ~found
            found = found | new
        return found


@dataclass(frozen=True)
class _Walk:
    """The states journeys went through: after each touch its `states`, before it `before`, with weights."""

    states: NDArray[np.int64]
    before: NDArray[np.int64]
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, paths: Paths, order: int) -> _Walk:
        """Of each touch, the state after it and before it: the last channels as digits, the newest last."""
        base = len(paths.channels) + 1
        if base ** (order + 1) > np.iinfo(np.int64).max:
            raise JourneyError(
                f"{len(paths.channels)} channels are too many for order {order}.", mend="Use a lower order."
            )
        begins = paths.offsets[:-1][paths.path_of]
        at = np.arange(len(paths.codes))
        shifted = []
        for back in range(order + 1):
            inside = at - back >= begins
            shifted.append(np.where(inside, paths.codes[np.maximum(at - back, 0)], 0))
        states = sum(digit * base**back for back, digit in enumerate(shifted[:order]))
        before = sum(digit * base**back for back, digit in enumerate(shifted[1:]))
        weight = (paths.conversions + paths.lost + paths.open)[paths.path_of]
        return cls(np.asarray(states, dtype=np.int64), np.asarray(before, dtype=np.int64), weight)

    def steps(self, states: NDArray[np.int64]) -> csr_array:
        """The steps between states, counted."""
        size = len(states)
        step = np.searchsorted(states, self.before) * size + np.searchsorted(states, self.states)
        if size * size <= COUNTED:
            counted = summed(step, self.weight, size * size)
            return csr_array(counted.reshape(size, size))
        known, place = np.unique(step, return_inverse=True)
        counted = summed(place, self.weight, len(known))
        return csr_array((counted, np.divmod(known, size)), shape=(size, size))
