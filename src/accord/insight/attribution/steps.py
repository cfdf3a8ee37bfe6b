"""The steps that make `conversions` and `credits` of the rule-based models, and their sums by month."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.attribution.asked import CAMPAIGN_MONTHS, CREDIT_MONTHS
from accord.insight.attribution.models import (
    RULE_MODELS,
    TIME_DECAY,
    known_models,
    unavailable_models,
    weight_rows,
)
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement

log = logging.getLogger(__name__)


def steps(agreement: Agreement) -> list[Step]:
    """The steps from timeline, leads, stage entries and deals to `conversions` and `credits`.

    `agreement.attribution` says look-back window, teams, models, half-life and own weights. They read also
    `stages`, `lead_returns`, `periods` and the tables of `accord.insight.metrics.steps()` (`deal_values`,
    `deal_leads`, `excluded_spans`, `campaign_labels`, `campaign_channels`). Models nobody computes here are
    left out with a warning; `unavailable_models` names them. Raises ModelError if the model `own` is listed
    without weights.
    """
    attribution = agreement.attribution
    if missing := unavailable_models(agreement):
        log.warning(
            "Attribution models not available: %s. Available are: %s.",
            ", ".join(missing),
            ", ".join(RULE_MODELS),
        )
    models = known_models(attribution)
    decay = [(m, attribution.half_life.seconds) for m in models if m == TIME_DECAY]
    return [
        _values("attribution_teams", {"team": "TEXT"}, [(t,) for t in attribution.touches]),
        _values(
            "attribution_models", {"model_no": "BIGINT", "model": "TEXT"}, list(enumerate(models, start=1))
        ),
        _values(
            "attribution_weights",
            {"model": "TEXT", "position": "TEXT", "weight": "BIGINT"},
            weight_rows(attribution),
        ),
        _values("attribution_decay", {"model": "TEXT", "half_life_seconds": "BIGINT"}, decay),
        _file("conversion_events"),
        _windows(int(attribution.window.seconds)),
        *(_file(name) for name in FIXED),
        CREDIT_MONTHS.step(),
        CAMPAIGN_MONTHS.step(),
    ]


FIXED = (
    "buying_people",
    "buying_touches",
    "conversion_paths",
    "position_weights",
    "path_weights",
    "position_shares",
    "path_shares",
    "decayed_shares",
    "credits",
    "campaign_profiles",
)


def _file(name: str) -> Step:
    return Step.from_file(__package__, name)


def _windows(seconds: int) -> Step:
    """`conversions`: the conversion events with the first moment of their look-back window."""
    span = exp.Interval(this=exp.Literal.string(str(seconds)), unit=exp.var("SECOND"))
    start = exp.alias_(exp.Sub(this=exp.column("converted_at"), expression=span), "window_from")
    return Step.from_expression("conversions", exp.select("*", start).from_("conversion_events"))


def _values(name: str, columns: dict[str, str], rows: Sequence[tuple[Any, ...]]) -> Step:
    """A small constant table; with no rows, an empty one of the same columns."""
    typed = [
        exp.select(
            *(
                exp.alias_(exp.cast(exp.convert(v), kind), c)
                for v, (c, kind) in zip(row, columns.items(), strict=True)
            )
        )
        for row in rows
    ]
    if not typed:
        nulls = [exp.alias_(exp.cast(exp.null(), kind), c) for c, kind in columns.items()]
        return Step.from_expression(name, exp.select(*nulls).where(exp.false()))
    query: exp.Expression = typed[0]
    for row in typed[1:]:
        query = exp.Union(this=query, expression=row, distinct=False)
    return Step.from_expression(name, query)
