"""The funnel as people see it: each stage with its name, its team, its KPI, and the seam at the handoff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accord.insight.metrics.kpis import LEADS, stage_kpi

if TYPE_CHECKING:
    from accord.agreement import Agreement


def funnel_stages(agreement: Agreement, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of one funnel, each with `label`, `kpi`, `team` (m, s) and `at_seam`: sales begins there."""
    named = {stage.name: stage for stage in agreement.stages}
    handoff = agreement.handoff.at if agreement.handoff else None
    shown, team, at_seam = [], "m", False
    for row in rows:
        stage = named.get(row["stage"])
        label = stage.title if stage else _("New leads")
        kpi = (
            stage_kpi({"stage": stage.name, "enter": stage.enter, "label": label}).name
            if stage
            else LEADS.name
        )
        shown.append({**row, "label": label, "kpi": kpi, "team": team, "at_seam": at_seam})
        at_seam = row["stage"] == handoff
        team = "s" if at_seam else team
    return shown
