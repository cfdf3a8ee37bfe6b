"""Which touches earn credit for a lead's or a deal's milestone, and how much, by rules and from data.

`steps(agreement)` makes `conversions` and `credits`; `report`, `campaigns` and `compare_models` sum credits
beside cost, `decision` says what all models agree on, `lines` opens them down to the touch.
"""

from accord.insight.attribution.campaign import (
    campaign_course,
    campaign_deals,
    campaign_returns,
    campaign_stages,
)
from accord.insight.attribution.campaigns import campaigns, compare_models
from accord.insight.attribution.cohorts import cohorts
from accord.insight.attribution.models import (
    POSITION_WEIGHTS,
    RULE_MODELS,
    ModelError,
)
from accord.insight.attribution.report import decision, influenced, lines, report
from accord.insight.attribution.self_reported import self_reported
from accord.insight.attribution.steps import steps
from accord.insight.attribution.unmatched import unmatched

__all__ = [
    "POSITION_WEIGHTS",
    "RULE_MODELS",
    "ModelError",
    "campaign_course",
    "campaign_deals",
    "campaign_returns",
    "campaign_stages",
    "campaigns",
    "cohorts",
    "compare_models",
    "decision",
    "influenced",
    "lines",
    "report",
    "self_reported",
    "steps",
    "unmatched",
]
