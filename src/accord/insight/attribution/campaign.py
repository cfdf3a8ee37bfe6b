"""One campaign opened: its months, whom it brought, and the deals that a model credits to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from accord.insight.attribution.asked import CAMPAIGN_MONTHS, Asked, models_made, sql
from accord.insight.rollups import FAR_FUTURE, FAR_PAST

if TYPE_CHECKING:
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine


def campaign_course(
    engine: Engine,
    campaign: str,
    *,
    model: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> list[dict[str, Any]]:
    """Rows `{month, at, cost, leads, returned, pipeline, won_value}` of the whole months in [start, end).

    `campaign` is the label reports know it by. Months without anything have zeros. Raises ModelError.
    """
    chosen = models_made(engine, (model,) if model else None)[0]
    asked = [campaign, chosen, start or FAR_PAST, end or FAR_FUTURE]
    rows: list[dict[str, Any]] = engine.query(sql("campaign_course"), asked).to_pylist()
    return rows


def campaign_stages(
    engine: Engine,
    campaign: str,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{segment, stage, leads}` in no order: the leads `campaigns` counts, by the stage reached now."""
    asked = [campaign, start or FAR_PAST, end or FAR_FUTURE, segment, channel]
    rows: list[dict[str, Any]] = engine.query(sql("campaign_stages"), asked).to_pylist()
    return rows


def campaign_returns(
    engine: Engine,
    campaign: str,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{reason, leads}`, most first: those leads that sales gave back, as `campaigns` counts them."""
    rows = Asked(start, end, segment, channel).rows(engine, "campaign_leads", CAMPAIGN_MONTHS)
    returned: dict[str | None, int] = {}
    for row in rows:
        if row["campaign"] == campaign and row["returned"]:
            returned[row["reason"]] = returned.get(row["reason"], 0) + row["leads"]
    found = [{"reason": reason, "leads": leads} for reason, leads in returned.items()]
    return sorted(found, key=lambda row: (-row["leads"], row["reason"] or ""))


def campaign_deals(
    engine: Engine,
    campaign: str,
    scope: Scope,
    *,
    model: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """The credit of each deal made (`enter` deal_open) or won (deal_won) in [start, end) the scope shows.

    Rows `{deal, name, enter, converted_at, share, value}`, greatest value first. Raises ModelError.
    """
    from sqlglot import exp, parse_one

    chosen = models_made(engine, (model,) if model else None)[0]
    names = scope.select("deals_counted", "deal", "name", of="deal").subquery("names")
    query = exp.select("credited.*", "names.name").from_("credited").join(names, using=["deal"])
    query = query.with_("credited", as_=parse_one(sql("campaign_deals"), dialect="duckdb"))
    value = exp.Ordered(this=exp.column("value", "credited"), desc=True, nulls_first=False)
    query = query.order_by(value, exp.column("deal", "credited"), exp.column("enter", "credited"))
    asked = [campaign, chosen, start or FAR_PAST, end or FAR_FUTURE, segment, channel]
    rows: list[dict[str, Any]] = engine.query(query.sql(dialect="duckdb"), asked).to_pylist()
    return rows
