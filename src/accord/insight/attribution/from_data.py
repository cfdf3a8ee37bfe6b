"""Credit from data in reports: the journeys of a build, converted, lost and open, given to the models."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accord.insight.attribution.asked import Asked, sql
from accord.insight.attribution.data_driven import attribute
from accord.ledger.engine import Engine

NOBODY = "(none)"
"""Who is credited for conversions without a touch."""
SHARE, MONEY = Decimal("0.000000001"), Decimal("0.0001")


def credit_from_data(
    engine: Engine, models: Sequence[str], by: str, milestone: str, asked: Asked, *, valued: bool
) -> dict[str, dict[str, dict[str, Any]]]:
    """By model and channel or campaign, `conversions` and `value` credited, of journeys that ended as asked.

    They sum exactly to what converted; `value` is None where the milestone has none.
    """
    if not models:
        return {}
    start, end = asked.period
    found_paths = engine.query(sql("journey_paths"), [by, milestone, start, end, asked.segment])
    paths = found_paths.drop_columns(["unit_no"])
    converted = Decimal(round(sum(paths["conversions"].to_pylist())))
    worth = Decimal(sum(paths["value"].to_pylist())).quantize(MONEY)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for model in models:
        credit = attribute(paths, model)
        labels = [label or NOBODY for label in credit["channel"].to_pylist()]
        counts = _exact(credit["conversions"].to_pylist(), SHARE, converted)
        values = _exact(credit["value"].to_pylist(), MONEY, worth) if valued else [None] * len(labels)
        found[model] = {
            label: {"conversions": count, "value": value}
            for label, count, value in zip(labels, counts, values, strict=True)
            if asked.channel in (None, label)
        }
    return found


def _exact(amounts: list[float], unit: Decimal, whole: Decimal) -> list[Decimal]:
    """The amounts in units, summing to the whole; what rounding leaves goes to the largest."""
    found = [Decimal(amount).quantize(unit) for amount in amounts]
    if found:
        found[found.index(max(found))] += whole - sum(found)
    return found
