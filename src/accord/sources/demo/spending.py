"""Advertising and finance: campaigns with their costs, exchange rates, invoices, and the list of content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from accord.sources.demo import crm, crm_deals
from accord.sources.demo.campaigns import CAMPAIGNS, PAID, SME
from accord.sources.demo.clock import DAY, HISTORY_DAYS
from accord.sources.demo.columns import Columns, cents, days, ids, words, write
from accord.sources.demo.company import Company
from accord.sources.demo.content import ASSETS
from accord.sources.demo.finance import KINDS, invoices, rates
from accord.sources.demo.market import SEGMENTS


def write_ads(folder: Path, company: Company) -> None:
    """Write campaigns and their costs by day."""
    write(folder / "campaigns.csv", _campaigns(company))
    costs = company.costs
    write(
        folder / "costs.csv",
        {
            "day": days(company.clock.starts + costs.day * DAY),
            "campaign_id": words([campaign.id for campaign in CAMPAIGNS], costs.campaign),
            "cost": cents(np.round(costs.cost * 100).astype(np.int64)),
            "currency": words([campaign.currency for campaign in CAMPAIGNS], costs.campaign),
            "impressions": pa.array(costs.impressions),
            "clicks": pa.array(costs.clicks),
        },
    )


def _campaigns(company: Company) -> Columns:
    clock = company.clock
    starts = [clock.at(clock.troubled) if campaign is SME else clock.starts for campaign in PAID]
    audience = ["mid_market" if c is SME else SEGMENTS[int(np.argmax(c.audience))] for c in PAID]
    total = np.bincount(company.costs.campaign, company.costs.cost, len(CAMPAIGNS))
    budget = [round(float(total[CAMPAIGNS.index(campaign)]) * 1.05, -2) for campaign in PAID]
    return {
        "campaign_id": pa.array([campaign.id for campaign in PAID]),
        "name": pa.array([campaign.name for campaign in PAID]),
        "channel": pa.array([campaign.channel for campaign in PAID]),
        "platform": pa.array([campaign.platform for campaign in PAID]),
        "audience": pa.array(audience),
        "budget": pa.array([f"{amount:.2f}" for amount in budget]),
        "currency": pa.array([campaign.currency for campaign in PAID]),
        "starts": days(np.array(starts)),
        "status": pa.array(["active"] * len(PAID)),
    }


def write_finance(folder: Path, company: Company) -> None:
    """Write exchange rates and invoices."""
    clock = company.clock
    walks = rates(company.chance.of("rates"))
    day = np.tile(clock.starts + np.arange(HISTORY_DAYS) * DAY, len(walks))
    write(
        folder / "rates.csv",
        {
            "day": days(day),
            "currency": pa.array(np.repeat(list(walks), HISTORY_DAYS)),
            "into": pa.array(["EUR"] * len(day)),
            "rate": pa.array(np.concatenate(list(walks.values()))),
        },
    )
    sent = invoices(company.deals, company.market, clock, company.chance.of("invoices"))
    write(
        folder / "invoices.csv",
        {
            "invoice": ids("INV", np.arange(len(sent.at)) + 1),
            "day": days(sent.at),
            "crm_account_id": crm.account_id(sent.firm),
            "crm_opportunity_id": crm_deals.opportunity_id(sent.deal, sent.deal >= 0),
            "amount": cents(sent.cents),
            "currency": crm_deals.currency(company, sent.firm),
            "kind": words(KINDS, sent.kind),
            "paid_until": days(sent.until),
        },
    )


def write_content(folder: Path) -> None:
    """Write the list of content that marketing keeps."""
    write(
        folder / "content.csv",
        {
            "title": pa.array([asset.title for asset in ASSETS]),
            "kind": pa.array([asset.kind for asset in ASSETS]),
            "stage": pa.array([asset.stage for asset in ASSETS]),
            "product": pa.array([asset.product or None for asset in ASSETS]),
            "price_quoted": pa.array([asset.price for asset in ASSETS]),
            "currency": pa.array(["EUR" if asset.price else None for asset in ASSETS]),
            "owner": pa.array([asset.owner for asset in ASSETS]),
            "path": pa.array([asset.path for asset in ASSETS]),
        },
    )
