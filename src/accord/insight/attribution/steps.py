"""The steps that make `conversions`, `credits` by rules with their sums by month, and `journeys`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlglot import exp, parse_one

from accord.insight.attribution.asked import CAMPAIGN_MONTHS, CREDIT_MONTHS, TOUCHED_MONTHS
from accord.insight.attribution.models import (
    TIME_DECAY,
    data_models,
    known_models,
    weight_rows,
)
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement


def steps(agreement: Agreement) -> list[Step]:
    """The steps from timeline, leads, stage entries and deals to `conversions` and `credits`.

    `agreement.attribution` says look-back window, teams, models, half-life and own weights. They read also
    `stages`, `lead_returns`, `periods` and the tables of `accord.insight.metrics.steps()` (`deal_values`,
    `deal_leads`, `excluded_spans`, `campaign_labels`, `campaign_channels`). Where models from data are
    listed, `journeys` has what they read. Raises ModelError if the model `own` is listed without weights.
    """
    attribution = agreement.attribution
    listed = {model: number for number, model in enumerate(dict.fromkeys(attribution.models), start=1)}
    models, from_data = known_models(attribution), data_models(attribution)
    decay = [(m, attribution.half_life.seconds) for m in models if m == TIME_DECAY]
    return [
        _values("attribution_teams", {"team": "TEXT"}, [(t,) for t in attribution.touches]),
        _values(
            "attribution_models",
            {"model_no": "BIGINT", "model": "TEXT"},
            [(listed[model], model) for model in models],
        ),
        _values(
            "attribution_data_models",
            {"model_no": "BIGINT", "model": "TEXT"},
            [(listed[model], model) for model in from_data],
        ),
        _values(
            "attribution_weights",
            {"model": "TEXT", "position": "TEXT", "weight": "BIGINT"},
            weight_rows(attribution),
        ),
        _values("attribution_decay", {"model": "TEXT", "half_life_seconds": "BIGINT"}, decay),
        _file("goals"),
        _file("conversion_events"),
        _windows("conversions", "conversion_events", "converted_at", int(attribution.window.seconds)),
        *(_file(name) for name in FIXED),
        CREDIT_MONTHS.step(),
        CAMPAIGN_MONTHS.step(),
        TOUCHED_MONTHS.step(),
        *_journeys(int(attribution.window.seconds), wanted=bool(from_data)),
    ]


def _journeys(seconds: int, *, wanted: bool) -> list[Step]:
    """`journeys`, and what it is made of; empty where no model reads it."""
    ends = _file("journey_ends")
    if not wanted:
        whole = exp.subquery(parse_one(ends.sql, dialect="duckdb"), "ended")
        ends = Step.from_expression(ends.name, whole.select("*").where(exp.false()))
    return [
        ends,
        _windows("journey_spans", "journey_ends", "ended_at", seconds),
        _file("journey_touches"),
        _file("journeys"),
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


def _windows(name: str, table: str, end: str, seconds: int) -> Step:
    """A table with the first moment of the look-back window before its column `end`."""
    span = exp.Interval(this=exp.Literal.string(str(seconds)), unit=exp.var("SECOND"))
    start = exp.alias_(exp.Sub(this=exp.column(end), expression=span), "window_from")
    return Step.from_expression(name, exp.select("*", start).from_(table))


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
