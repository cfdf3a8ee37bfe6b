"""When the condition of a stage that people enter by a verdict or a deal held for each lead, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from accord.insight.scoring.decisions import scored_moments
from accord.insight.scoring.fields import bound, holds
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement, Stage

SCORED = {"engagement", "score", "hand_raiser"}
"""Fields that change with every touch; the others change with an attribute only."""


def steps(agreement: Agreement) -> list[Step]:
    """`stage_when(lead, stage, at, holds)`: from `at` on the stage's condition holds, or no longer does."""
    stages = [stage for stage in agreement.stages if stage.kind != "gate" and stage.when is not None]
    result: exp.Query = _nothing()
    for stage in stages:
        result = result.union(_over_time(agreement, stage), distinct=False)
    return [Step.from_expression("stage_when", result)]


def _over_time(agreement: Agreement, stage: Stage) -> exp.Query:
    assert stage.when is not None  # noqa: S101  the caller leaves out stages without a condition
    with_scores = bool(stage.when.fields & SCORED)
    moments = scored_moments(agreement) if with_scores else _attribute_moments()
    at = exp.column("known_at") if with_scores else exp.func("greatest", "from_at", "opened_at")
    return exp.select(
        "lead",
        exp.alias_(exp.Literal.string(stage.name), "stage"),
        exp.alias_(at, "at", quoted=True),
        exp.alias_(holds(bound(agreement, stage.when.expression)), "holds"),
    ).from_(moments.subquery("moments"))


def _attribute_moments() -> exp.Select:
    return (
        exp.select("cycles.lead", "cycles.opened_at", "lead_states.*", dialect="duckdb")
        .from_("cycles")
        .join("lead_states", on="cycles.person = lead_states.person", dialect="duckdb")
        .where(
            "lead_states.until_at > cycles.opened_at AND lead_states.from_at < cycles.until_at",
            dialect="duckdb",
        )
    )


def _nothing() -> exp.Query:
    columns = {"lead": "BIGINT", "stage": "VARCHAR", "at": "TIMESTAMP", "holds": "BOOLEAN"}
    nulls = [exp.alias_(exp.cast(exp.null(), kind), name, quoted=True) for name, kind in columns.items()]
    return exp.select(*nulls).where(exp.false())
