"""Shapley credit, exact: channels as players, journeys that need no others as what a team of them earns.

A coalition of channels earns what the journeys earned whose channels all belong to it. For this game the
Shapley value has a closed form, for any number of channels: what a journey earned is shared evenly among its
distinct channels. Source: K. Zhao, S. H. Mahboobi, S. R. Bagheri (2018), "Shapley value methods for
attribution modeling in online advertising", arXiv:1804.05327. Journeys without a conversion earn nothing and
change nothing: what they tell, Markov adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from accord.insight.attribution.data_driven.paths import Ends, Paths


@dataclass(frozen=True)
class EvenShares:
    """The share each channel has in each path: channel by path."""

    shares: csr_array

    @classmethod
    def of(cls, paths: Paths) -> EvenShares:
        """Of each path, the same for each channel in it."""
        size = len(paths.channels) + 1
        path, channel = np.divmod(np.unique(paths.path_of * size + paths.codes), size)
        sharers = np.bincount(path, minlength=len(paths))
        place = (channel - 1, path)
        return cls(csr_array((1.0 / sharers[path], place), shape=(size - 1, len(paths))))

    at_once = 50
    """How many draws are held in memory at once."""

    def credit(self, ends: Ends) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Conversions and value by draw and channel."""
        return (self.shares @ ends.conversions.T).T, (self.shares @ ends.value.T).T
