"""What a report of credits is asked for, and the sums it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from accord.insight import rollups
from accord.insight.attribution.models import ModelError
from accord.insight.rollups import FAR_FUTURE, FAR_PAST, Rollup
from accord.ledger.engine import Engine

CREDIT_MONTHS = Rollup(__package__, "credit_months", "month")
CAMPAIGN_MONTHS = Rollup(__package__, "campaign_months", "month")
TOUCHED_MONTHS = Rollup(__package__, "touched_months", "month")


@dataclass(frozen=True)
class Asked:
    """The period, half-open in naive UTC, and the filters of a report; None where nothing is asked."""

    start: datetime | None = None
    end: datetime | None = None
    segment: str | None = None
    channel: str | None = None

    def rows(self, engine: Engine, name: str, rollup: Rollup, *first: str) -> list[dict[str, Any]]:
        """The rows of `<name>.sql` over a roll-up; its parameters are `first`, the period and the filters."""
        parameters = [*first, *self.period, self.segment, self.channel]
        found = rollups.ask(engine, sql(name), parameters, rollup, (self.start, self.end))
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows

    def costs(self, engine: Engine, by: str) -> dict[str, Decimal]:
        """Spend by channel or campaign; nothing by anything else, and none by segment."""
        if self.segment or by not in ("channel", "campaign"):
            return {}
        rows = engine.query(sql("cost_totals"), [by, *self.period, self.channel]).to_pylist()
        return {row["label"]: row["cost"] for row in rows}

    @property
    def period(self) -> tuple[datetime, datetime]:
        """The period, with an end on either side."""
        return self.start or FAR_PAST, self.end or FAR_FUTURE


@cache
def sql(name: str) -> str:
    """The text of `<name>.sql`."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def models_made(engine: Engine, wanted: tuple[str, ...] | None, *, from_data: bool = False) -> list[str]:
    """The models asked for, without any all that credits were made for; those from data only where wanted.

    Raises ModelError.
    """
    query = """
        SELECT model, model_no FROM attribution_models
        UNION ALL
        SELECT model, model_no FROM attribution_data_models WHERE $1
        ORDER BY model_no
    """
    made = [row["model"] for row in engine.query(query, [from_data]).to_pylist()]
    if wanted is None:
        return made
    if missing := [m for m in wanted if m not in made]:
        raise ModelError(
            f"No credits were made for {', '.join(missing)}; they were for: {', '.join(made) or 'none'}.",
            mend="List the model under attribution.models in the agreement and build again.",
            models=missing,
        )
    return list(dict.fromkeys(wanted))


def return_on(value: Decimal | None, cost: Decimal | None) -> float | None:
    """What came back beyond the cost, over the cost; None where one of them is not known or nothing."""
    return float((value - cost) / cost) if cost and value is not None else None
