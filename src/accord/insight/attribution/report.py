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
        roi = float((value - spent) / spent) if spent and value is not None else None
        rows.append(
            {
                by: label,
                "model": model,
                "conversions": got["conversions"],
                "value": value,
                "cost": spent,
                "roi": roi,
            }
        )
    return rows


def _costs(engine: Engine, by: str, since: datetime, until: datetime) -> dict[str, Decimal]:
    if by not in ("channel", "campaign"):
        return {}
    rows = engine.query(_sql("cost_totals"), [by, since, until]).to_pylist()
    return {row["label"]: row["cost"] for row in rows}


def _wanted_models(engine: Engine, models: tuple[str, ...] | None) -> list[str]:
    made = [row["model"] for row in engine.query("SELECT model FROM attribution_models").to_pylist()]
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
