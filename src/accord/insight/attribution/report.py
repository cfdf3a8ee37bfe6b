"""Credits summed by channel, campaign, team, origin, content or person, beside what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from accord.insight.attribution.asked import CREDIT_MONTHS, Asked, models_made, return_on, sql
from accord.insight.attribution.data_driven import MODELS
from accord.insight.attribution.decision import Decision, decide
from accord.insight.attribution.from_data import credit_from_data
from accord.insight.attribution.models import ModelError
from accord.insight.attribution.uncertainty import draw
from accord.ledger.engine import Engine

By = Literal["channel", "campaign", "team", "origin", "content", "person"]
FINE = ("content", "person")
"""What credit is summed by from each touch: too fine for the roll-up by months."""
EXPANSION = "expansion"
"""The milestone that is no stage: a deal won with who was a customer before."""


def report(
    engine: Engine,
    *,
    by: By = "channel",
    models: tuple[str, ...] | None = None,
    milestone: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{<by>, model, conversions, value, cost, roi}`, ordered by model and falling value.

    Conversions (milestone: the last stage unless named; `expansion` of those who were customers before)
    converted in [start, end), naive UTC. By content, a touch's piece; by person, who of sales it was.
    `conversions` and `value` are exact decimals that sum, per model, to the milestone's count and value;
    value is None where the milestone has none. `cost` is the spend of the same period by that channel or
    campaign (None by anything else, and where none is recorded); roi = (value - cost) / cost. `segment`
    is the lead's; cost has none, so with it cost is None. `channel` is that of the touch and of the cost.
    Models from data credit channels and campaigns, of the journeys that ended in the period; by anything else
    they are left out. Raises ModelError for a model without credits, for one from data by anything finer, and
    for an unknown milestone.
    """
    wanted = _models(engine, models, by)
    stage = _milestone(engine, milestone)
    asked = Asked(start, end, segment, channel)
    credit: dict[str, dict[str, dict[str, Any]]] = {model: {} for model in wanted}
    for row in _by_rules(engine, asked, by, stage.name):
        credit.setdefault(row["model"], {})[row["label"]] = row
    from_data = [model for model in wanted if model in MODELS]
    credit |= credit_from_data(engine, from_data, by, stage.name, asked, valued=stage.valued)
    cost = asked.costs(engine, by)
    nothing = {"conversions": Decimal(0), "value": Decimal(0) if stage.valued else None}
    return [row for model in wanted for row in _rows(by, model, credit[model], cost, nothing)]


def _by_rules(engine: Engine, asked: Asked, by: By, milestone: str) -> list[dict[str, Any]]:
    """What rules credit: rows `{label, model, conversions, value}`."""
    if by not in FINE:
        return asked.rows(engine, "credit_totals", CREDIT_MONTHS, by, milestone)
    parameters = [by, milestone, *asked.period, asked.segment, asked.channel]
    rows: list[dict[str, Any]] = engine.query(sql("touch_totals"), parameters).to_pylist()
    return rows


def _models(engine: Engine, asked: tuple[str, ...] | None, by: By) -> list[str]:
    """The models to report. Raises ModelError for one from data by anything but channel or campaign."""
    made = models_made(engine, asked, from_data=True)
    if by in ("channel", "campaign"):
        return made
    if finer := [model for model in asked or () if model in MODELS]:
        raise ModelError(
            f"{finer[0]} credits channels and campaigns: by {by} its data would be too thin.",
            mend="Ask for --by channel or --by campaign.",
        )
    return [model for model in made if model not in MODELS]


def influenced(
    engine: Engine,
    *,
    by: By = "channel",
    milestone: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{<by>, influenced, influenced_value, sourced, sourced_value}`: conversions it had any touch in,
    and those it had the first touch in, with their whole values, most first.

    What several influenced counts for each: only `sourced` adds up. Values are None where the milestone has
    none. Options as of `report`. Raises ModelError for an unknown milestone.
    """
    stage = _milestone(engine, milestone)
    asked = Asked(start, end, segment, channel)
    parameters = [by, stage.name, *asked.period, segment, channel]
    found = engine.query(sql("influenced"), parameters).to_pylist()
    none = {} if stage.valued else {"influenced_value": None, "sourced_value": None}
    return [{by: row.pop("label")} | row | none for row in found]


def decision(
    engine: Engine,
    *,
    by: By = "channel",
    models: tuple[str, ...] | None = None,
    milestone: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    part: float = 0.1,
    source: str | None = None,
    target: str | None = None,
) -> Decision:
    """Whether all models would decide alike about the spend of channels or campaigns, with their intervals.

    Options as of `report`, and as of `accord.insight.attribution.decision.decide`. Raises ModelError and
    NoDecision.
    """
    if by not in ("channel", "campaign"):
        raise ModelError(f"Nothing is spent by {by}.", mend="Ask for --by channel or --by campaign.")
    stage = _milestone(engine, milestone)
    asked = Asked(start, end)
    draws = draw(engine, _models(engine, models, by), by, stage.name, asked)
    costs = asked.costs(engine, by)
    return decide(draws, costs, valued=stage.valued, part=part, source=source, target=target)


def lines(
    engine: Engine, *, lead: int | None = None, deal: int | None = None, model: str | None = None
) -> list[dict[str, Any]]:
    """The credits themselves, opened down to the touch: rows in order of stage, conversion, model and time.

    Columns milestone, conversion_id, lead, deal, account, person (who was touched), fact_id, touched_at,
    converted_at, team, channel, campaign, origin, model, share, value. A conversion without a touch to credit
    has one row with channel '(none)'.
    """
    rows: list[dict[str, Any]] = engine.query(sql("credit_lines"), [lead, deal, model]).to_pylist()
    return rows


@dataclass(frozen=True)
class _Milestone:
    """A stage credits were made for; `valued`: it is a deal's, so its conversions carry money."""

    name: str
    valued: bool


def _rows(
    by: str,
    model: str,
    found: dict[str, dict[str, Any]],
    cost: dict[str, Decimal],
    nothing: dict[str, Decimal | None],
) -> list[dict[str, Any]]:
    labels = sorted({*found, *cost}, key=lambda x: (-(found.get(x, nothing)["value"] or 0), x))
    rows = []
    for label in labels:
        got = found.get(label, nothing)
        value, spent = got["value"], cost.get(label)
        rows.append(
            {
                by: label,
                "model": model,
                "conversions": got["conversions"],
                "value": value,
                "cost": spent,
                "roi": return_on(value, spent),
            }
        )
    return rows


def _milestone(engine: Engine, milestone: str | None) -> _Milestone:
    rows = engine.query("SELECT stage, enter FROM stages ORDER BY stage_no").to_pylist()
    stages = [_Milestone(row["stage"], row["enter"] in ("deal_open", "deal_won")) for row in rows]
    if milestone is None:
        return stages[-1]
    if EXPANSION not in [stage.name for stage in stages]:
        stages.append(_Milestone(EXPANSION, True))
    wanted = [stage for stage in stages if stage.name == milestone]
    if not wanted:
        known = ", ".join(stage.name for stage in stages)
        raise ModelError(f"There is no stage {milestone!r}.", mend=f"Credit is made for: {known}.")
    return wanted[0]
