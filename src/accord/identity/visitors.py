"""Whose a visitor is: nobody's (anonymous), one person's for good, or several people's one after another.

Pure: arrays in, arrays out. A visitor is a browser, so it is never a reason to take two people for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Sightings:
    """Moments at which a visitor (component number) was identified as a person (component number).

    `at` is in microseconds since 1970, UTC.
    """

    visitor: Numbers
    person: Numbers
    at: Numbers


@dataclass(frozen=True)
class Ownership:
    """`owner`: per name the component it belongs to. `shared`: sightings of visitors of several people."""

    owner: Numbers
    shared: Sightings


def assign(labels: Numbers, sightings: Sightings) -> Ownership:
    """Give each visitor component to the person it was seen as; one of several people to the last of them."""
    order = np.lexsort((sightings.person, sightings.at, sightings.visitor))
    seen = Sightings(sightings.visitor[order], sightings.person[order], sightings.at[order])
    if not len(order):
        return Ownership(labels, seen)
    more = seen.visitor[1:] == seen.visitor[:-1]
    last = np.append(~more, True)
    belongs = np.arange(len(labels), dtype=np.int64)
    belongs[seen.visitor[last]] = seen.person[last]
    changing = seen.visitor[1:][more & (seen.person[1:] != seen.person[:-1])]
    several = np.isin(seen.visitor, changing)
    return Ownership(
        belongs[labels], Sightings(seen.visitor[several], seen.person[several], seen.at[several])
    )


def numbered(owner: Numbers) -> Numbers:
    """Dense numbers 1..n of the components in the order of their lowest names."""
    lowest = np.unique(owner)
    return np.searchsorted(lowest, owner) + 1
