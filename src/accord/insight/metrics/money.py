"""Steps that bring every amount into the agreement's currency, and small tables KPIs and credits share."""

from __future__ import annotations

from accord.ledger.engine import Step

_STEPS = (
    "rates_by_day",
    "campaign_labels",
    "campaign_channels",
    "deal_values",
    "spend_values",
    "deal_leads",
    "revenue_values",
    "excluded_spans",
    "deal_sources",
    "fact_counts",
)


def steps() -> list[Step]:
    """`rates_by_day`, `deal_values`, `spend_values`, `revenue_values` and their helpers, in order of making.

    They read facts.rates, facts.spend, facts.revenue, facts.campaigns, deals_counted, deal_persons, leads,
    timeline, scoring's `lead_states`, identity's `name_accounts` and `deal_aliases`, and the one row of
    `workspace_currency`.
    """
    return [Step.from_file(__package__, name) for name in _STEPS]
