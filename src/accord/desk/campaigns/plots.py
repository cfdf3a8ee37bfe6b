"""Returns under every model, as dots on one scale for all campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from accord.desk.campaigns.lines import Line

TENFOLD = 10
"""The scale goes from a tenth of the cost coming back to ten times it; what lies beyond stands at an end."""

EVEN = 50.0
"""Where the cost just comes back, in per cent."""


@dataclass(frozen=True)
class Dot:
    """A return, None where the model gives none, and its place on the scale in per cent."""

    value: float | None
    place: float


def place(value: float) -> float:
    """Where a return stands on the scale, which is as wide for twice the cost as for half of it."""
    back = max(value + 1, 1 / TENFOLD)
    return round(EVEN + 47 * min(log10(back) / log10(TENFOLD), 1), 1)


def plots(lines: Sequence[Line], models: Sequence[str]) -> list[tuple[Line, list[Dot]]]:
    """Each line with its dots under the models."""
    return [(line, [_dot(line.returns.get(model)) for model in models]) for line in lines]


def _dot(value: float | None) -> Dot:
    return Dot(value, EVEN if value is None else place(value))
