"""Credit from data in reports: the journeys of a build, converted, lost and open, given to the models."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accord.insight.attribution.asked import Asked, sql
from accord.insight.attribution.data_driven import attribute
from accord.ledger.engine import Engine

NOBODY = "(none)"
"""Who is credited for conversions without a touch."""
SHARE, MONEY = Decimal("0.000000001"), Decimal("0.0001")


def credit_from_data(
    engine: Engine, model: str, by: str, milestone: str, asked: Asked, *, valued: bool
) -> dict[str, dict[str, Any]]:
    """By channel or campaign, the `conversions` and `value` a model credits, of journeys that ended as asked.

    They sum exactly to what converted; `value` is None where the milestone has none.
    """
    start, end = asked.period
    paths = engine.query(sql("journey_paths"), [by, milestone, start, end, asked.segment])
    rows = attribute(paths, model).to_pylist()
    counts = _exact([row["conversions"] for row in rows], SHARE)
    value = _exact([row["value"] for row in rows], MONEY)
    found = {
        row["channel"] or NOBODY: {
            "label": row["channel"] or NOBODY,
            "model": model,
            "conversions": count,
            "value": worth if valued else None,
        }
        for row, count, worth in zip(rows, counts, value, strict=True)
    }
    return {label: row for label, row in found.items() if asked.channel in (None, label)}


def _exact(amounts: list[float], unit: Decimal) -> list[Decimal]:
    """The amounts in whole units that sum to their sum; what rounding leaves goes to the largest."""
    found = [Decimal(amount).quantize(unit) for amount in amounts]
    if found:
        rest = Decimal(sum(amounts)).quantize(Decimal(1) if unit == SHARE else unit) - sum(found)
        found[found.index(max(found))] += rest
    return found
