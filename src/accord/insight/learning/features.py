"""What was known of each lead at the moment it qualified, and nothing that came later."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.scoring.fields import column_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

Key = tuple[str, int]
"""A lead: its person's record and the cycle."""

ATTRIBUTES = (
    "role",
    "seniority",
    "country",
    "language",
    "lead_source",
    "free_mail",
    "industry",
    "employees",
    "annual_revenue",
)
"""Attributes a score may learn from: those that speak of many people at once."""
TOUCHES = ("touches", "kinds_of_touches", "channel", "days_until_qualified")


@dataclass(frozen=True)
class Known:
    """`values`: by lead, what was known at qualification. `at`: when that was, naive UTC. `points`: its
    hand-made score then. `assumed`: of how many the tools did not record since when it holds. `late`: of each
    attribute, how many of those who have it now had it then already, and how many got it later."""

    values: dict[Key, dict[str, Any]]
    at: dict[Key, datetime]
    points: dict[Key, float]
    assumed: int
    late: dict[str, tuple[int, int]]


def known_at_qualification(engine: Engine, agreement: Agreement, stage: str) -> Known:
    """Read the features from an engine in which the agreement has judged the past."""
    sql = files(__package__).joinpath("touched.sql").read_text(encoding="utf-8")
    touched = {row.pop("lead"): row for row in engine.query(sql, [stage]).to_pylist()}
    attributes = [*ATTRIBUTES, *agreement.fields]
    then = _states(engine, agreement, stage, attributes, exp.column("decided_at", "decided"))
    now = _states(engine, agreement, stage, attributes, exp.column("now", "as_of"))
    values, at, points = {}, {}, {}
    for lead, row in then.items():
        key = (row["person_id"], row["cycle_no"])
        at[key], points[key] = row["decided_at"], float(row["points"])
        values[key] = {
            **{name: row[name] for name in attributes},
            **_points(row["hits"]),
            **touched.get(lead, dict.fromkeys(TOUCHES)),
        }
    assumed = sum(bool(row["assumed"]) for row in then.values())
    return Known(values, at, points, assumed, _late(then, now, attributes))


def _states(
    engine: Engine, agreement: Agreement, stage: str, attributes: list[str], moment: exp.Expr
) -> dict[int, dict[str, Any]]:
    """The attributes of every lead that qualified, as they were known at a moment."""
    columns = [exp.alias_(exp.column(column_of(agreement, name), "states"), name) for name in attributes]
    query = (
        exp.select("decided.lead", "people.person_id", "decided.cycle_no", "decided.decided_at")
        .select(
            "decided.hits", "decided.fit + decided.engagement AS points", "states.assumed", dialect="duckdb"
        )
        .select(*columns)
        .from_("decisions_computed AS decided")
        .join("as_of", on="true", dialect="duckdb")
        .join("people", on="decided.person = people.person", dialect="duckdb")
        .join(
            "lead_states AS states",
            on=exp.and_(
                "decided.person = states.person",
                exp.column("from_at", "states") <= moment,
                exp.column("until_at", "states") > moment,
                dialect="duckdb",
            ),
        )
        .where(exp.column("stage", "decided").eq(stage), "people.person_id IS NOT NULL", dialect="duckdb")
    )
    return {row["lead"]: row for row in engine.query(query.sql(dialect="duckdb")).to_pylist()}


def _points(hits: str) -> dict[str, float]:
    """The points of every engagement rule, named as rules so that no attribute has the same name.

    Those of fit rules only say again what the attributes do.
    """
    rules: Mapping[str, Any] = json.loads(hits)["engagement"]
    return {f"rule {rule}": float(value or 0) for rule, value in rules.items()}


def _late(
    then: Mapping[int, Mapping[str, Any]], now: Mapping[int, Mapping[str, Any]], attributes: list[str]
) -> dict[str, tuple[int, int]]:
    had, later = Counter[str](), Counter[str]()
    for lead, row in now.items():
        for name in attributes:
            if row[name] is not None:
                (had if then[lead][name] is not None else later)[name] += 1
    return {name: (had[name], later[name]) for name in attributes}
