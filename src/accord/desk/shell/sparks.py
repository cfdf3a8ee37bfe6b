"""Sparklines: a number's last periods as a small line, drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HIGH, LOW = 3.0, 29.0
"""Where the greatest and the least value lie in a box of 32."""


@dataclass(frozen=True)
class Spark:
    """Points in a box of 100 by 32; `last` and `goal` are heights in it."""

    line: str
    area: str
    last: float
    goal: float | None

    @property
    def last_share(self) -> float:
        """The last point's height in per cent."""
        return round(self.last / 32 * 100, 1)


def spark(values: Sequence[float | None], goal: float | None = None) -> Spark | None:
    """The sparkline of the values, oldest first; what is unknown is left out. None for fewer than two."""
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    heights = [value for _, value in known] + ([goal] if goal is not None else [])
    least, span = min(heights), (max(heights) - min(heights)) or 1.0
    width = len(values) - 1

    def at(value: float) -> float:
        return round(LOW - (value - least) / span * (LOW - HIGH), 2)

    points = [(round(n / width * 100, 2), at(value)) for n, value in known]
    line = " ".join(f"{x},{y}" for x, y in points)
    area = f"{points[0][0]},32 {line} {points[-1][0]},32"
    return Spark(line, area, points[-1][1], at(goal) if goal is not None else None)
