"""Rounded parts that add up to their rounded total, as the double rule under a column promises."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal


def apportion(values: Sequence[Decimal | None], digits: int = 0) -> list[Decimal | None]:
    """The values rounded to `digits` decimals so that they sum to their rounded sum; None stays None.

    Each is rounded down; what is then missing goes to those that lost most, the first of equals.
    """
    unit = Decimal(1).scaleb(-digits)
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    floors = {place: value.quantize(unit, ROUND_FLOOR) for place, value in known}
    total = sum((value for _, value in known), Decimal(0)).quantize(unit, ROUND_HALF_UP)
    missing = int((total - sum(floors.values(), Decimal(0))) / unit)
    for place, _ in sorted(known, key=lambda part: floors[part[0]] - part[1])[:missing]:
        floors[place] += unit
    return [floors.get(place) for place in range(len(values))]
