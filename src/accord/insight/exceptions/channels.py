"""A cheap channel whose leads do better than all others': where the next euro belongs."""

from __future__ import annotations

from math import sqrt
from typing import Any

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look

NO_CHANNEL = ("Direct", "Unassigned")
"""Channels nobody can spend more on."""


def find(look: Look) -> list[Finding]:
    """The best of the cheap channels, if there is one; none where no costs are known."""
    rows = look.ask("channel_results", look.ago(at.CHANNEL_DAYS), look.ago(at.CHANNEL_RIPE_DAYS))
    cost = float(sum(row["cost"] for row in rows))
    converted = sum(row["converted"] for row in rows)
    if not cost or not converted:
        return []
    better = [row for row in rows if row["channel"] not in NO_CHANNEL and _does_better(row, rows)]
    cheap = [
        row for row in better if float(row["cost"]) <= at.CHANNEL_COST * row["converted"] * cost / converted
    ]
    if not cheap:
        return []
    best = max(cheap, key=lambda row: (row["converted"] / row["leads"], row["channel"]))
    data = {
        "channel": best["channel"],
        "leads": best["leads"],
        "converted": best["converted"],
        "share": best["converted"] / best["leads"],
        "others_share": _others(best, rows),
        "cost": best["cost"],
        "cost_per_deal": float(best["cost"]) / best["converted"],
        "average_cost_per_deal": cost / converted,
        "currency": look.agreement.currency,
        "days": at.CHANNEL_DAYS,
    }
    filters = {"channel": best["channel"]}
    return [Finding("cheap_channel", "new", "marketing", data, "journey", filters, data["share"])]


def _does_better(row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    if row["leads"] < at.CHANNEL_LEADS or row["converted"] < at.ENOUGH:
        return False
    others = _others(row, rows)
    return row["converted"] / row["leads"] >= at.CHANNEL_TIMES * others and _at_least(row) > others


def _others(row: dict[str, Any], rows: list[dict[str, Any]]) -> float:
    """The share of all other leads that converted."""
    leads = sum(other["leads"] for other in rows) - row["leads"]
    converted = sum(other["converted"] for other in rows) - row["converted"]
    return converted / leads if leads else 0.0


def _at_least(row: dict[str, Any]) -> float:
    """The lower end of Wilson's 95 % interval of the share that converts."""
    n, share, z = row["leads"], row["converted"] / row["leads"], 1.96
    middle = share + z * z / (2 * n)
    return float((middle - z * sqrt((share * (1 - share) + z * z / (4 * n)) / n)) / (1 + z * z / n))
