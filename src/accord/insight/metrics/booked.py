"""Revenue as it was booked: day by day and summed up from the start of a period."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from accord.ledger.engine import Engine, Step


def booked(
    engine: Engine,
    *,
    start: datetime,
    end: datetime,
    channel: str | None = None,
    segment: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{at, booked, total}`, one for each local day in [start, end) (naive UTC) with revenue, in order.

    `total` is the sum since `start`; the last one is the KPI `revenue` of the period, in the agreement's
    currency. Raises StepError if a built table is not there.
    """
    rows, total = [], Decimal(0)
    query = Step.from_file(__package__, "booked_days").sql
    for row in engine.query(query, [start, end, channel, segment]).to_pylist():
        total += row["booked"] or 0
        rows.append({"at": row["at"], "booked": row["booked"], "total": total})
    return rows
