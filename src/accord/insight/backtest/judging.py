"""Whom one agreement would have qualified, read from an engine in which it has judged the past."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlglot import exp

from accord.insight.scoring.decisions import scored_moments

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

Key = tuple[str, int]
"""A lead: its person's record and the cycle."""

_DECIDED = """
SELECT people.person_id, decided.cycle_no, decided.decided_at, decided.hits
FROM decisions_computed AS decided
JOIN people ON decided.person = people.person
WHERE decided.stage = ? AND people.person_id IS NOT NULL
ORDER BY decided.decided_at, people.person_id
"""


@dataclass(frozen=True)
class Qualified:
    """A lead that qualified: when (naive UTC), and the points of each rule then, fit and engagement."""

    key: Key
    at: datetime
    points: dict[str, float]


@dataclass(frozen=True)
class Standing:
    """How a lead stood at a moment: the points of each rule, and the rule that excluded it, if one did."""

    points: dict[str, float] = field(default_factory=dict)
    excluded_by: str | None = None


@dataclass(frozen=True)
class Judged:
    """One agreement's view of the past: `qualified` at `stage`, and how leads stood at other moments."""

    agreement: Agreement
    stage: str
    qualified: dict[Key, Qualified]
    _stood: dict[tuple[Key, datetime], Standing] = field(default_factory=dict)

    def stood(self, key: Key, moment: datetime) -> Standing:
        """How a lead stood at the last moment up to one that was asked for (`judged_by`)."""
        return self._stood.get((key, moment), Standing())


def judged_by(
    engine: Engine, agreement: Agreement, stage: str, moments: Iterable[tuple[Key, datetime]] = ()
) -> Judged:
    """Read from an engine what its agreement would have decided at a stage.

    `moments`: leads with moments at which it is wanted how they stood.
    """
    rows = engine.query(_DECIDED, [stage]).to_pylist()
    found = {
        (row["person_id"], row["cycle_no"]): Qualified(
            (row["person_id"], row["cycle_no"]), row["decided_at"], _by_rule(row["hits"])
        )
        for row in rows
    }
    return Judged(agreement, stage, found, _standings(engine, agreement, list(moments)))


def _by_rule(hits: str) -> dict[str, float]:
    parts = json.loads(hits)
    return {rule: float(points or 0) for part in parts.values() for rule, points in part.items()}


def _standings(
    engine: Engine, agreement: Agreement, moments: list[tuple[Key, datetime]]
) -> dict[tuple[Key, datetime], Standing]:
    """How each lead stood at the last moment up to the one asked for."""
    if not moments:
        return {}
    import pyarrow as pa

    schema = [("person_id", pa.string()), ("cycle_no", pa.int64()), ("moment", pa.timestamp("us"))]
    rows = [{"person_id": key[0], "cycle_no": key[1], "moment": moment} for key, moment in moments]
    engine.add("asked_moments", pa.Table.from_pylist(rows, schema=pa.schema(schema)))
    columns = _columns(agreement)
    query = (
        exp.select("asked.person_id", "asked.cycle_no", "asked.moment", "scored.excluded_by")
        .select(*(exp.column(column, "scored") for column in columns))
        .from_("asked_moments AS asked")
        .join("people", on="people.person_id = asked.person_id", dialect="duckdb")
        .join(
            scored_moments(agreement).subquery("scored"),
            on="scored.person = people.person AND scored.cycle_no = asked.cycle_no "
            "AND scored.known_at <= asked.moment",
            dialect="duckdb",
        )
        .qualify(
            "row_number() OVER (PARTITION BY asked.person_id, asked.cycle_no, asked.moment "
            "ORDER BY scored.known_at DESC) = 1"
        )
    )
    found = engine.query(query.sql(dialect="duckdb")).to_pylist()
    return {
        ((row["person_id"], row["cycle_no"]), row["moment"]): Standing(
            {rule: float(row[column] or 0) for column, rule in columns.items()}, row["excluded_by"]
        )
        for row in found
    }


def _columns(agreement: Agreement) -> dict[str, str]:
    """The column in which each rule's points stand."""
    fit = {f"fit_{n}": rule for n, rule in enumerate(agreement.scoring.fit, start=1)}
    return fit | {f"points_{n}": rule for n, rule in enumerate(agreement.scoring.engagement, start=1)}
