"""Fit and engagement as the agreement defines them, and the moments at which each gate was reached.

`steps` makes, in order: `lead_states` (attributes, fit, segment and exclusion over time), `lead_events`
(counted human events by lead), `replay` (engagement at every event), `decisions_computed`, `stage_when`,
and the present `scores` with their `score_lines`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp, parse_one

from accord.insight.scoring import conditions, decisions, lines, replay, states
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement


def steps(agreement: Agreement) -> list[Step]:
    """All scoring steps of one agreement, in order.

    Read `person_states`, `timeline`, `cycles`, `as_of(now)` and `in_force(from_at)`.
    """
    return [
        *states.steps(agreement),
        *replay.steps(agreement),
        *decisions.steps(agreement),
        *conditions.steps(agreement),
        *lines.steps(agreement),
    ]


def decide(*, untold: bool = False) -> list[Step]:
    """Set the decisions computed against those made before: a decision is made once and never re-dated.

    `untold`: as if none had been made before. Read `facts.decisions`, `versions_in_force(version, from_at,
    until_at)` and `in_force(version, from_at)`.
    """
    names = ("decisions_told", "decisions_new", "decisions_made", "restatements", "decisions_staged")
    told, *others = (Step.from_file(__package__, name) for name in names)
    if untold:
        none = exp.subquery(parse_one(told.sql, dialect="duckdb"), "told").select("*").where(exp.false())
        told = Step.from_expression(told.name, none)
    return [told, *others]
