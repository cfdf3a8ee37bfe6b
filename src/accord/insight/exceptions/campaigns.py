"""Campaigns that cost much and bring little: by what their wins are worth, and by what sales gives back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accord.insight.attribution import report
from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look


def find(look: Look) -> list[Finding]:
    """Campaigns that lose under every attribution model, and others whose leads come back too often."""
    since = look.ago(at.SPAN_DAYS)
    leads = {row["campaign"]: row for row in look.ask("campaign_leads", since, look.now)}
    losing = _losing(look, since, leads)
    told = {finding.data["campaign"] for finding in losing}
    return [*losing, *_returned(look, since, leads, told)]


def most_returned(look: Look) -> dict[str, Any]:
    """The campaign of whose latest leads sales gave most back; empty values if of none."""
    rows = look.ask("campaign_leads", look.ago(at.SPAN_DAYS), look.now)
    row = next((row for row in rows if row["campaign"] is not None and row["returned"]), {})
    names = ("campaign", "name", "handed", "returned", "reason", "reason_count")
    return {name: row.get(name) for name in names}


def _losing(look: Look, since: datetime, leads: dict[str, dict[str, Any]]) -> list[Finding]:
    """Those with time enough to have won something: they cost money before the span began."""
    costs = look.ask("campaign_costs", since)
    floor = at.COSTLY * float(sum(row["cost"] for row in costs))
    costly = {
        row["campaign"]: row
        for row in costs
        if row["campaign"] is not None and float(row["cost"]) >= floor > 0 and row["first_at"] < since
    }
    returns = _returns(look, since, costly) if costly else {}
    found = []
    for campaign, by_model in returns.items():
        if not by_model or max(by_model.values()) >= 0:
            continue
        best = max(by_model, key=lambda model: by_model[model])
        data = {
            **_lead_numbers(campaign, leads.get(campaign)),
            "name": costly[campaign]["name"],
            "channel": costly[campaign]["channel"],
            "cost": costly[campaign]["cost"],
            "currency": look.agreement.currency,
            "models": len(by_model),
            "roi": by_model[best],
            "model": best,
        }
        filters, size = {"campaign": campaign, **look.days(since)}, float(costly[campaign]["cost"])
        found.append(Finding("losing_campaign", "risk", "marketing", data, "campaigns", filters, size))
    return _most(found)


def _returns(look: Look, since: datetime, costly: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The return on what each costly campaign cost, under each model."""
    returns: dict[str, dict[str, float]] = {campaign: {} for campaign in costly}
    for row in report(look.engine, by="campaign", start=since, end=look.now):
        if row["campaign"] in returns and row["roi"] is not None:
            returns[row["campaign"]][row["model"]] = row["roi"]
    return returns


def _returned(look: Look, since: datetime, leads: dict[str, dict[str, Any]], told: set[str]) -> list[Finding]:
    """Campaigns whose leads sales gives back far more often than all others."""
    handed = sum(row["handed"] for row in leads.values())
    returned = sum(row["returned"] for row in leads.values())
    found = []
    for campaign, row in leads.items():
        if campaign is None or campaign in told or row["handed"] < at.PLENTY:
            continue
        others = (returned - row["returned"]) / max(handed - row["handed"], 1)
        share = row["returned"] / row["handed"]
        if share < max(at.RETURNED, at.RETURNED_TIMES * others):
            continue
        data = {**_lead_numbers(campaign, row), "others_share": others}
        filters = {"campaign": campaign, **look.days(since)}
        found.append(
            Finding("returned_campaign", "risk", "marketing", data, "campaigns", filters, row["returned"])
        )
    return _most(found)


def _lead_numbers(campaign: str, row: dict[str, Any] | None) -> dict[str, Any]:
    """What became of the campaign's leads; nothing where it brought none."""
    names = ("leads", "in_audience", "handed", "returned", "reason_count")
    numbers = {name: (row[name] or 0) if row else 0 for name in names}
    words = {name: row[name] if row else None for name in ("name", "audience", "reason")}
    return {"campaign": campaign, "days": at.SPAN_DAYS, **numbers, **words}


def _most(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: -finding.size)[: at.TOLD_CAMPAIGNS]
