"""Every campaign on one line: what it cost, whom it brought, what sales said of them, and what came back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from accord.insight.attribution.asked import (
    CAMPAIGN_MONTHS,
    CREDIT_MONTHS,
    Asked,
    models_made,
    return_on,
)
from accord.insight.attribution.models import ModelError
from accord.insight.attribution.report import report
from accord.ledger.engine import Engine


def campaigns(
    engine: Engine,
    *,
    model: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{campaign, name, channel, audience, model, cost, leads, in_audience, returned, return_reason,
    return_reason_leads, <conversions by stage>, pipeline, won_value, roi}`, best paid back first.

    `name` is the campaign's as its source writes it, `campaign` the label reports know it by. `channel` and
    `audience` (the segment meant) are the campaign's own, None where nothing says. `leads` are
    the known leads opened in [start, end), naive UTC, whose first touch was of the campaign; `in_audience` is
    the share of them in the audience (None without one), `returned` counts those sales gave back since, most
    often for `return_reason`, which `return_reason_leads` of them had. One model (the agreement's first
    unless named) credits every stage's conversions in the period; `pipeline` and `won_value` are the credited
    values of deals made and won; roi = (won_value - cost) / cost, None where unknown, as in `report`.
    `segment` and `channel` filter as in `report`, and leads by their own. Raises ModelError for a model
    without credits.
    """
    made = models_made(engine, (model,) if model else None)
    if not made:
        raise ModelError(
            "The agreement lists no model by rules.", mend="Add one to attribution.models, such as linear."
        )
    chosen = made[0]
    asked = Asked(start, end, segment, channel)
    stages = engine.query("SELECT stage, enter FROM stages ORDER BY stage_no").to_pylist()
    names = [stage["stage"] for stage in stages]
    profiles = {p["campaign"]: p for p in engine.query("SELECT * FROM campaign_profiles").to_pylist()}
    found = {label: _Found(cost) for label, cost in asked.costs(engine, "campaign").items()}
    for row in asked.rows(engine, "campaign_totals", CREDIT_MONTHS, chosen):
        if row["milestone"] not in names:
            continue
        found.setdefault(row["campaign"], _Found()).credit[row["milestone"]] = row
    for row in asked.rows(engine, "campaign_leads", CAMPAIGN_MONTHS):
        found.setdefault(row["campaign"], _Found()).leads.append(row)
    rows = [
        _facts(label, profiles.get(label), got) | {"model": chosen} | _credits(stages, got)
        for label, got in found.items()
    ]
    return sorted(rows, key=lambda row: (-(row["won_value"] or 0), -(row["pipeline"] or 0), row["campaign"]))


def compare_models(engine: Engine, **asked: Any) -> list[dict[str, Any]]:
    """The return of every campaign under each model side by side: rows `{campaign, cost, <model>: roi, ...}`.

    Options are those of `report`. Dearest first; a model that gives the campaign no return has None.
    """
    credited = report(engine, by="campaign", **asked)
    models = dict.fromkeys(row["model"] for row in credited)
    rows: dict[str, dict[str, Any]] = {}
    for row in credited:
        empty = {"campaign": row["campaign"], "cost": row["cost"], **dict.fromkeys(models)}
        rows.setdefault(row["campaign"], empty)[row["model"]] = row["roi"]
    return sorted(rows.values(), key=lambda row: (-(row["cost"] or 0), row["campaign"]))


@dataclass
class _Found:
    """What the period has of one campaign: cost, credit by stage, and leads by segment and return."""

    cost: Decimal | None = None
    credit: dict[str, dict[str, Any]] = field(default_factory=dict)
    leads: list[dict[str, Any]] = field(default_factory=list)

    def count(self, **wanted: Any) -> int:
        """The leads whose columns have these values."""
        return sum(
            row["leads"] for row in self.leads if all(row[name] == value for name, value in wanted.items())
        )


def _facts(label: str, profile: dict[str, Any] | None, got: _Found) -> dict[str, Any]:
    """Who the campaign is for, what it cost, and the leads it brought."""
    known = profile or {"name": label, "channel": None, "audience": None}
    audience = known["audience"]
    leads = got.count()
    reasons: Counter[str] = Counter()
    for row in got.leads:
        if row["reason"] is not None:
            reasons[row["reason"]] += row["leads"]
    reason, most = min(reasons.items(), key=lambda item: (-item[1], item[0]), default=(None, 0))
    return {
        "campaign": label,
        "name": known["name"],
        "channel": known["channel"],
        "audience": audience,
        "cost": got.cost,
        "leads": leads,
        "in_audience": got.count(segment=audience) / leads if audience and leads else None,
        "returned": got.count(returned=True),
        "return_reason": reason,
        "return_reason_leads": most,
    }


def _credits(stages: list[dict[str, Any]], got: _Found) -> dict[str, Any]:
    """The conversions credited to it by stage, and their value against its cost."""
    nothing = {"conversions": Decimal(0), "value": Decimal(0)}
    reached = {stage["stage"]: got.credit.get(stage["stage"], nothing) for stage in stages}
    value = {stage["enter"]: reached[stage["stage"]]["value"] for stage in stages}
    won = value.get("deal_won")
    return {
        **{stage: row["conversions"] for stage, row in reached.items()},
        "pipeline": value.get("deal_open"),
        "won_value": won,
        "roi": return_on(won, got.cost),
    }
