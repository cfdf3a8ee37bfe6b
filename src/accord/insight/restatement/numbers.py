"""The numbers of a report that can be sealed: scoreboard, and credit and cost of channels and campaigns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accord.insight import attribution, metrics
from accord.ledger.engine import Engine

if TYPE_CHECKING:
    from accord.agreement import Agreement

MONEY = frozenset({"cost", "value", "pipeline", "won_value"})
"""Figures of credit that are money; the others are counts."""

WORDS = frozenset({"campaign", "name", "channel", "audience", "model", "in_audience", "roi"}) | {
    "return_reason",
    "return_reason_leads",
}
"""Columns of campaigns that name something, or are worked out of the others."""

UNMODELLED = frozenset({"cost", "leads", "returned"})
"""Figures that are the same under every model."""


@dataclass(frozen=True)
class Number:
    """Which number: `figure` of `of` (a KPI, channel or campaign) in `report`, of `unit`; `model`: of credit,
    else empty."""

    report: str
    of: str
    figure: str
    model: str
    unit: str


Numbers = dict[Number, Decimal | None]
"""Values by number, None where one could not be computed."""


def numbers(engine: Engine, agreement: Agreement, start: datetime | None, end: datetime | None) -> Numbers:
    """All numbers of the reports of [start, end), naive UTC.

    `scoreboard`: every KPI. `channels`: cost, and conversions and value of the last stage by model.
    `campaigns`: cost, leads, returned, and by the agreement's first model by rules the credit of every stage,
    pipeline and won value; without such a model none.
    """
    board = metrics.scoreboard(engine, agreement, start=start, end=end)
    found: Numbers = {
        Number("scoreboard", row["kpi"], "value", "", row["unit"]): row["value"] for row in board
    }
    for row in attribution.report(engine, by="channel", start=start, end=end):
        found.update(_figures("channels", row["channel"], row, ("conversions", "value", "cost")))
    if any(model in attribution.RULE_MODELS for model in agreement.attribution.models):
        for row in attribution.campaigns(engine, start=start, end=end):
            found.update(_figures("campaigns", row["campaign"], row, row.keys() - WORDS))
    return found


def _figures(report: str, of: str, row: dict[str, Any], figures: Iterable[str]) -> Numbers:
    """The figures of one row; one that is not known is none of its numbers."""
    return {
        Number(
            report,
            of,
            figure,
            "" if figure in UNMODELLED else row["model"],
            "money" if figure in MONEY else "count",
        ): Decimal(row[figure])
        for figure in figures
        if row[figure] is not None
    }
