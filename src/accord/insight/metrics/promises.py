"""Targets and marketing's deliveries of an agreement, as promises about KPIs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accord.insight.metrics.kpis import stage_kpi
from accord.insight.metrics.targets import Promise

if TYPE_CHECKING:
    from accord.agreement import Agreement, Target


def promises_of(
    agreement: Agreement,
    stages: Iterable[Mapping[str, Any]],
    segment: str | None = None,
    channel: str | None = None,
) -> list[Promise]:
    """What the agreement promises for all leads, or for those of one segment, or channel.

    A target names revenue, pipeline or a stage, and its period. A delivery (`deliver 120 of mql that
    accepted per month`) is owed in every period, counted in the stage entered by its verdict, else in the
    stage itself.
    """
    rows = list(stages)
    kpis = {row["stage"]: stage_kpi(row).name for row in rows}
    by_verdict = {row["enter"]: kpis[row["stage"]] for row in rows if row["enter"]}
    aims = [
        Promise(_kpi(t, kpis), Decimal(str(t.value)), t.kind, t.period)
        for t in agreement.targets
        if (t.only_segment, t.only_channel) == (segment, channel)
    ]
    owed = [
        Promise(by_verdict.get(d.that or "", kpis.get(d.of, d.of)), Decimal(d.deliver), d.per)
        for d in agreement.sla.marketing
        if d.segment == segment and channel is None
    ]
    return [*aims, *owed]


def _kpi(target: Target, kpis: Mapping[str, str]) -> str:
    """The KPI a target is held against."""
    found = kpis.get(target.metric, target.metric)
    return f"{found}_{target.only_team}" if target.only_team else found
