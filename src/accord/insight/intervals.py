"""How sure a share is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The normal distribution's 97.5th percentile: intervals are of 95%."""


@dataclass(frozen=True)
class Share:
    """`count` of `of`, with Wilson's 95% interval; all None where there is nothing to take a share of."""

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


def share(count: int, of: int) -> Share:
    """The share with its interval, which stays within 0 and 1 also for few and for none.

    Source: E. B. Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if of == 0:
        return Share(count, of, None, None, None)
    p = count / of
    centre = (p + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * sqrt(p * (1 - p) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return Share(count, of, p, max(0.0, centre - half), min(1.0, centre + half))
