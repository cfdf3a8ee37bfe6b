"""Return by cohort: what the leads of a month won since, beside that month's spend; and when it came back.

By calendar, a month's wins stand beside the same month's spend, though they were begun long before. A cohort
sets both right: the leads whose first touch lay in the month, and the money spent to get them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any, Literal

from accord.insight.attribution.asked import Asked, sql
from accord.ledger.engine import Engine

AGES = (3, 6, 12)
"""After how many months the value won is told."""

Wins = dict[int | None, dict[str, Any]]
"""A cohort's rows by the months since: each with its leads, and the deals closed then; None: none yet."""


def cohorts(
    engine: Engine,
    *,
    by: Literal["channel", "campaign"] = "channel",
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{month, <by>, cost, leads, customers, value, value_3m, value_6m, value_12m, roas,
    payback_months}`.

    A row for each local month that begins in [start, end), naive UTC, and each channel or campaign that spent
    or brought a known lead in it, dearest first. `customers` are deals its leads won, worth `value`, by now;
    `value_3m` counts those closed up to three months after the month, None while these are not over.
    roas = value / cost; `payback_months`: how many months after it the value had reached the cost, 0 in the
    month itself, None if it has not yet. `segment` is the leads'; cost has none, so with it cost is None.
    """
    asked = Asked(start, end, segment)
    found: dict[tuple[str, str], Wins] = defaultdict(dict)
    for row in engine.query(sql("cohort_leads"), [by, *asked.period, segment]).to_pylist():
        found[row["month"], row["label"]][row["months_later"]] = row
    costs: dict[tuple[str, str], Decimal] = {}
    if segment is None:
        rows = engine.query(sql("cohort_costs"), [by, *asked.period]).to_pylist()
        costs = {(row["month"], row["label"]): row["cost"] for row in rows}
    ages = _ages(engine)
    lines = [
        {"month": month, by: label}
        | _line(found.get((month, label), {}), costs.get((month, label)), ages[month])
        for month, label in found.keys() | costs.keys()
    ]
    return sorted(lines, key=lambda line: (line["month"], -(line["cost"] or 0), line[by]))


def _ages(engine: Engine) -> dict[str, int]:
    """How many whole months are over since each month, by its label; negative where it is not over itself."""
    query = """
        SELECT label, count(*) FILTER (WHERE ends_utc <= (SELECT now FROM as_of)) OVER (
            ORDER BY starts_utc ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS age
        FROM periods WHERE kind = 'month'
    """
    return {row["label"]: row["age"] for row in engine.query(query).to_pylist()}


def _line(wins: Wins, cost: Decimal | None, age: int) -> dict[str, Any]:
    later = [months for months in wins if months is not None]
    by_month = [wins[n]["value"] if n in wins else Decimal(0) for n in range(max([0, *later]) + 1)]
    early = sum((wins[n]["value"] for n in later if n < 0), Decimal(0))
    sums = [early + value for value in accumulate(by_month)]
    value = sums[-1]
    return {
        "cost": cost,
        "leads": next((row["leads"] for row in wins.values()), 0),
        "customers": sum(row["deals"] for row in wins.values()),
        "value": value,
        **{f"value_{n}m": sums[min(n, len(sums) - 1)] if age >= n else None for n in AGES},
        "roas": float(value / cost) if cost else None,
        "payback_months": next((n for n, got in enumerate(sums) if got >= cost), None) if cost else None,
    }
