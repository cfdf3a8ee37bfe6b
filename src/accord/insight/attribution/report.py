"""Credits summed by channel, campaign, team or origin, beside what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any, Literal

from accord.insight.attribution.models import ModelError
from accord.ledger.engine import Engine

By = Literal["channel", "campaign", "team", "origin"]

_MODELS = "SELECT model FROM attribution_models ORDER BY model_no"
FAR_PAST = datetime(1, 1, 1)
FAR_FUTURE = datetime(9999, 12, 31)


def report(
    engine: Engine,
    *,
    by: By = "channel",
    models: tuple[str, ...] | None = None,
    milestone: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{<by>, model, conversions, value, cost, roi}`, ordered by model and falling value.

    Conversions (milestone: the last stage unless named) converted in [start, end), naive UTC.
    `conversions` and `value` are exact decimals that sum, per model, to the milestone's count and value;
    value is None where the milestone has none. `cost` is the spend of the same period by that channel or
    campaign (None for team and origin, and where none is recorded); roi = (value - cost) / cost. Cost
    has no segment, so with `segment` it is None. Raises ModelError for a model without credits and for
    an unknown milestone.
    """
    wanted = _wanted_models(engine, models)
    stage = _milestone(engine, milestone)
    since, until = start or FAR_PAST, end or FAR_FUTURE
    credit = engine.query(_sql("credit_totals"), [by, stage.name, since, until, segment]).to_pylist()
    cost = {} if segment else _costs(engine, by, since, until)
    nothing = {"conversions": Decimal(0), "value": Decimal(0) if stage.valued else None}
    return [row for model in wanted for row in _rows(by, model, credit, cost, nothing)]


@dataclass(frozen=True)
class _Milestone:
    """A stage credits were made for; `valued`: it is a deal's, so its conversions carry money."""

    name: str
    valued: bool


def campaigns(
    engine: Engine,
    *,
    model: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{campaign, model, cost, <conversions by stage>, pipeline, won_value, roi}`, best paid back first.

    One model (the agreement's first unless named) credits every stage's conversions in [start, end), naive
    UTC; `pipeline` and `won_value` are the credited values of deals made and won; roi = (won_value - cost) /
    cost. None where unknown, as in `report`. Raises ModelError for a model without credits.
    """
    chosen = _wanted_models(engine, (model,) if model else None)[0]
    since, until = start or FAR_PAST, end or FAR_FUTURE
    stages = engine.query("SELECT stage, enter FROM stages ORDER BY stage_no").to_pylist()
    cost = {} if segment else _costs(engine, "campaign", since, until)
    found: dict[str, dict[str, dict[str, Any]]] = {label: {} for label in cost}
    for row in engine.query(_sql("campaign_totals"), [chosen, since, until, segment]).to_pylist():
        found.setdefault(row["campaign"], {})[row["milestone"]] = row
    rows = [_campaign(label, chosen, stages, got, cost.get(label)) for label, got in found.items()]
    return sorted(rows, key=lambda row: (-(row["won_value"] or 0), -(row["pipeline"] or 0), row["campaign"]))


def lines(
    engine: Engine, *, lead: int | None = None, deal: int | None = None, model: str | None = None
) -> list[dict[str, Any]]:
    """The credits themselves, opened down to the touch: rows in order of stage, conversion, model and time.

    Columns milestone, conversion_id, lead, deal, account, person (who was touched), fact_id, touched_at,
    converted_at, team, channel, campaign, origin, model, share, value. A conversion without a touch to credit
    has one row with channel '(none)'.
    """
    rows: list[dict[str, Any]] = engine.query(_sql("credit_lines"), [lead, deal, model]).to_pylist()
    return rows


def _campaign(
    label: str,
    model: str,
    stages: list[dict[str, Any]],
    got: dict[str, dict[str, Any]],
    cost: Decimal | None,
) -> dict[str, Any]:
    nothing = {"conversions": Decimal(0), "value": Decimal(0)}
    reached = {stage["stage"]: got.get(stage["stage"], nothing) for stage in stages}
    value = {stage["enter"]: reached[stage["stage"]]["value"] for stage in stages}
    won = value.get("deal_won")
    return {
        "campaign": label,
        "model": model,
        "cost": cost,
        **{stage: row["conversions"] for stage, row in reached.items()},
        "pipeline": value.get("deal_open"),
        "won_value": won,
        "roi": _roi(won, cost),
    }


def _roi(value: Decimal | None, cost: Decimal | None) -> float | None:
    return float((value - cost) / cost) if cost and value is not None else None


def _rows(
    by: str,
    model: str,
    credit: list[dict[str, Any]],
    cost: dict[str, Decimal],
    nothing: dict[str, Decimal | None],
) -> list[dict[str, Any]]:
    found = {c["label"]: c for c in credit if c["model"] == model}
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
                "roi": _roi(value, spent),
            }
        )
    return rows


def _costs(engine: Engine, by: str, since: datetime, until: datetime) -> dict[str, Decimal]:
    if by not in ("channel", "campaign"):
        return {}
    rows = engine.query(_sql("cost_totals"), [by, since, until]).to_pylist()
    return {row["label"]: row["cost"] for row in rows}


def _wanted_models(engine: Engine, models: tuple[str, ...] | None) -> list[str]:
    made = [row["model"] for row in engine.query(_MODELS).to_pylist()]
    if models is None:
        return made
    if missing := [m for m in models if m not in made]:
        raise ModelError(
            f"No credits were made for {', '.join(missing)}; they were for: {', '.join(made) or 'none'}.",
            mend="List the model under attribution.models in the agreement and build again.",
            models=missing,
        )
    return list(dict.fromkeys(models))


def _milestone(engine: Engine, milestone: str | None) -> _Milestone:
    rows = engine.query("SELECT stage, enter FROM stages ORDER BY stage_no").to_pylist()
    stages = [_Milestone(row["stage"], row["enter"] in ("deal_open", "deal_won")) for row in rows]
    wanted = stages[-1:] if milestone is None else [s for s in stages if s.name == milestone]
    if not wanted:
        known = ", ".join(s.name for s in stages)
        raise ModelError(f"The agreement has no stage {milestone!r}.", mend=f"Its stages are: {known}.")
    return wanted[0]


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
