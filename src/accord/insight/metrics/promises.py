"""Targets and marketing's deliveries of an agreement, as promises about KPIs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from accord.insight.metrics.targets import Promise

KINDS = ("day", "week", "month", "quarter", "year")


def promises_of(agreement: Any, stages: Iterable[Mapping[str, Any]]) -> tuple[Promise, ...]:
    """What the agreement promises: `targets` (`{revenue: 1200000, quarter: 2027Q1}`) name a KPI and a period;
    `sla.marketing` (`{deliver: 120, of: mql, that: accepted, per: month}`) owes leads in every period,
    counted in the stage entered by `that`, or in `of` itself."""
    own = [_target(_plain(t)) for t in getattr(agreement, "targets", None) or ()]
    sla = getattr(agreement, "sla", None)
    rows = list(stages)
    owed = [_delivery(_plain(d), rows) for d in getattr(sla, "marketing", None) or ()]
    return (*own, *owed)


def _plain(clause: Any) -> dict[str, Any]:
    return dict(clause) if isinstance(clause, Mapping) else clause.model_dump(exclude_none=True)


def _target(clause: dict[str, Any]) -> Promise:
    kind = next(k for k in KINDS if k in clause)
    kpi = next(k for k in clause if k != kind)
    return Promise(kpi, Decimal(str(clause[kpi])), kind, str(clause[kind]))


def _delivery(clause: dict[str, Any], stages: list[Mapping[str, Any]]) -> Promise:
    reached = [s["stage"] for s in stages if s["enter"] == clause.get("that")] if clause.get("that") else []
    return Promise((reached or [clause["of"]])[0], Decimal(str(clause["deliver"])), str(clause["per"]))
