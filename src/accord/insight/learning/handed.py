"""The leads that were handed over, with what they qualified on and what sales said of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accord.agreement import Agreement
    from accord.ledger.engine import Engine


@dataclass(frozen=True)
class Handed:
    """A lead that qualified: `fit` and `engagement` are the points by rule at that moment, `inputs` what its
    definition read. `verdict` is the first that sales said (accepted, returned), None while none is.
    Moments are naive UTC."""

    lead: int
    person_id: str | None
    name: str | None
    company: str | None
    segment: str | None
    channel: str | None
    decided_at: datetime
    fit: dict[str, float]
    engagement: dict[str, float]
    inputs: dict[str, Any]
    said_by: str | None
    said_by_name: str | None
    verdict: str | None
    reason: str | None
    said_at: datetime | None
    first_contact_at: datetime | None
    opportunity_at: datetime | None
    won_at: datetime | None

    @property
    def attempted(self) -> bool:
        """Whether sales had reached out when it gave its verdict."""
        return bool(self.first_contact_at and self.said_at and self.first_contact_at <= self.said_at)


def handover_stage(agreement: Agreement) -> str | None:
    """The gate at which leads are handed over; without a handoff the first gate, None if there is none."""
    if agreement.handoff:
        return agreement.handoff.at
    return next((stage.name for stage in agreement.stages if stage.kind == "gate"), None)


def handed_over(engine: Engine, agreement: Agreement, since: datetime) -> list[Handed]:
    """The leads handed over since a moment, the earliest first; none without a gate."""
    stage = handover_stage(agreement)
    if stage is None:
        return []
    sql = files(__package__).joinpath("handed_over.sql").read_text(encoding="utf-8")
    rows = engine.query(sql, [stage]).to_pylist()
    return [_handed(row) for row in rows if row["decided_at"] >= since]


def _handed(row: Mapping[str, Any]) -> Handed:
    hits = json.loads(row["hits"])
    fit, engagement = (
        {rule: float(points or 0) for rule, points in hits[half].items()} for half in ("fit", "engagement")
    )
    plain = {name: row[name] for name in Handed.__dataclass_fields__ if name in row}
    return Handed(**{**plain, "fit": fit, "engagement": engagement, "inputs": json.loads(row["inputs"])})
