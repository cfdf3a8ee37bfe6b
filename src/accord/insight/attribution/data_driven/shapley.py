"""Shapley credit, exact: channels as players, journeys that need no others as what a team of them earns.

A coalition of channels earns what the journeys earned whose channels all belong to it. For this game the
Shapley value has a closed form, for any number of channels: what a journey earned is shared evenly among its
distinct channels. Source: K. Zhao, S. H. Mahboobi, S. R. Bagheri (2018), "Shapley value methods for
attribution modeling in online advertising", arXiv:1804.05327. Journeys without a conversion earn nothing and
change nothing: what they tell, Markov adds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from accord.insight.attribution.data_driven.paths import Paths, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shapley(paths: Paths) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each channel's conversions and value; together those of all journeys with a touch."""
    size = len(paths.channels) + 1
    pairs = np.unique(paths.path_of * size + paths.codes)
    path, channel = np.divmod(pairs, size)
    sharers = np.bincount(path, minlength=len(paths))
    counts, value = (
        summed(channel, each[path] / sharers[path], size)[1:] for each in (paths.conversions, paths.value)
    )
    return counts, value
