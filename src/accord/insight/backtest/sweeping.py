"""Whom an agreement would have qualified with each number of its gate moved up and down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlglot import exp

from accord.agreement.thresholds import Threshold, gate_of, moved, thresholds
from accord.insight.scoring.decisions import scored_moments
from accord.insight.scoring.fields import bound, holds

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.insight.backtest.judging import Key
    from accord.ledger.engine import Engine

STEPS = 4
"""So many steps up and down, each an eighth of the present number."""


@dataclass(frozen=True)
class Swept:
    """One number of a gate: by value, in order, which leads would have qualified, and when."""

    threshold: Threshold
    qualified: list[tuple[float, dict[Key, datetime]]]


def sweep(engine: Engine, agreement: Agreement, stage: str) -> list[Swept]:
    """Read from an engine in which the agreement has judged the past: exact at every moment, in one pass."""
    gate = agreement.stage(stage).when
    found = thresholds(gate) if gate else []
    if not gate or not found:
        return []
    wanted = [(one, value) for one in found for value in _values(one.value)]
    firsts = [
        exp.alias_(
            exp.func(
                "min",
                exp.Case().when(
                    holds(bound(agreement, gate_of(agreement, moved(gate, one, value)).expression)),
                    exp.column("known_at"),
                ),
            ),
            f"at_{n}",
        )
        for n, (one, value) in enumerate(wanted)
    ]
    by_lead = (
        exp.select("scored.person", "scored.cycle_no", *firsts)
        .from_(scored_moments(agreement).subquery("scored"))
        .where("scored.excluded_by IS NULL", dialect="duckdb")
        .group_by("scored.person", "scored.cycle_no")
    )
    query = (
        exp.select("people.person_id", "firsts.* EXCLUDE (person)", dialect="duckdb")
        .from_(by_lead.subquery("firsts"))
        .join("people", on="people.person = firsts.person", dialect="duckdb")
        .where("people.person_id IS NOT NULL", dialect="duckdb")
        .where(exp.or_(*(exp.column(f"at_{n}").is_(exp.null()).not_() for n in range(len(wanted)))))
    )
    rows = engine.query(query.sql(dialect="duckdb")).to_pylist()
    firsts_of = [
        {(row["person_id"], row["cycle_no"]): row[f"at_{n}"] for row in rows if row[f"at_{n}"]}
        for n in range(len(wanted))
    ]
    return [
        Swept(
            one,
            [(value, firsts_of[n]) for n, (threshold, value) in enumerate(wanted) if threshold is one],
        )
        for one in found
    ]


def _values(present: float) -> Iterator[float]:
    step = max(1, round(present / 8))
    for number in range(-STEPS, STEPS + 1):
        value = present + number * step
        if value >= 0:
            yield value
