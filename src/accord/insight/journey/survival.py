"""How long until it happens, when it has not happened to everyone yet and to some it never will.

Pure: arrays in, numbers out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONVERTED, DROPPED, OPEN = 1, 2, 0
"""What became of a lead: it converted, it was closed without converting, or it is open still."""


def incidences(
    converted: NDArray[np.float64], dropped: NDArray[np.float64], still_open: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By each moment, in order along the last axis: the share converted by then, and the share not yet
    converted or dropped, from how many at each moment converted, dropped, or were open still (`median_time`).
    """
    leaving = converted + dropped + still_open
    observed = leaving.sum(axis=-1, keepdims=True) - np.cumsum(leaving, axis=-1) + leaving
    observed = np.where(observed > 1e-9, observed, 1.0)
    remaining = np.cumprod(1.0 - (converted + dropped) / observed, axis=-1, dtype=np.float64)
    before = np.concatenate([np.ones_like(remaining[..., :1]), remaining[..., :-1]], axis=-1)
    return np.cumsum(before * converted / observed, axis=-1), remaining


def median_time(
    times: NDArray[np.float64], outcomes: NDArray[np.int64], leads: NDArray[np.int64]
) -> float | None:
    """The time by which half of all have converted; None if fewer than half are estimated ever to.

    `times` are until conversion, closing, or now, each of so many `leads`. Closing is a competing event,
    not censoring: a lead closed is known never to convert, so leaving it out (plain Kaplan-Meier) would
    count on its converting like the others. The cumulative incidence of conversion is the Aalen-Johansen
    estimator: at each time t, the share not yet converted or closed just before t, times conversions at t
    over leads still observed at t, summed. Open leads count in the latter until their present age. Without
    closings it is one minus Kaplan-Meier; without open leads, the plain share converted by t.
    Source: Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150; Kalbfleisch and
    Prentice (2002), The Statistical Analysis of Failure Time Data, section 8.2.
    """
    if not len(times):
        return None
    moments, group = np.unique(times, return_inverse=True)

    def count(outcome: int) -> NDArray[np.float64]:
        counted = leads * (outcomes == outcome)
        return np.bincount(group, weights=counted, minlength=len(moments)).astype(np.float64)

    incidence, _remaining = incidences(count(CONVERTED), count(DROPPED), count(OPEN))
    # A sum of shares such as ten tenths may end a hair below the half it stands for.
    reached = np.flatnonzero(incidence >= 0.5 - 1e-9)
    return float(moments[reached[0]]) if len(reached) else None
