"""Spend and campaigns that find no match: listed, never dropped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accord.insight import rollups
from accord.insight.attribution.asked import TOUCHED_MONTHS, Asked, sql
from accord.ledger.engine import Engine


def unmatched(
    engine: Engine, *, start: datetime | None = None, end: datetime | None = None
) -> list[dict[str, Any]]:
    """Rows `{what, campaign, rows, amount, currency, value, first_at, last_at}` of [start, end), naive UTC.

    `what`: spend without a campaign, a channel, a rate, or a touch of its campaign; touches of a campaign on
    which nothing was spent. `amount` is in `currency`, `value` in the workspace's; both None of touches.
    """
    found = rollups.ask(engine, sql("unmatched"), Asked(start, end).period, TOUCHED_MONTHS, (start, end))
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows
