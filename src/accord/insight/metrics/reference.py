"""The reference page of the KPIs, generated from the KPIs themselves."""

from __future__ import annotations

from accord.insight.metrics.kpis import KPIS, Kpi

HEAD = """# KPIs

This page is generated from `accord.insight.metrics.KPIS` (`make docs`). Periods are half-open, [start,
end). Stage KPIs (`mql`, `sal`, `sql`, `mql_to_sal`, `cost_per_mql`, ...) follow the agreement's own
stages: a stage called `demo` gives `demo`, `demo_to_<next>` and `cost_per_demo`. Amounts are in the
agreement's currency; an amount without a rate is left out, and the note of the KPI says how many and how
much. A KPI whose facts are not loaded has no value, never zero, and `missing` names the facts.

A cost belongs to the channel it states, else to its campaign's, else to the one most of the campaign's
touches came by. Without a period, a KPI covers the whole of known time and has no target.

| KPI | Unit | Grain | Kind | Owner | Better | Needs facts |
|---|---|---|---|---|---|---|
"""


def reference() -> str:
    """The text of `docs/reference/kpis.md`."""
    table = "\n".join(_line(kpi) for kpi in KPIS)
    words = "\n\n".join(f"## {kpi.name}\n\n**{kpi.label}.** {kpi.definition}" for kpi in KPIS)
    return f"{HEAD}{table}\n\n{words}\n"


def _line(kpi: Kpi) -> str:
    needs = "; ".join(" or ".join(group) for group in kpi.needs)
    cells = (f"[{kpi.name}](#{kpi.name})", kpi.unit, kpi.grain, kpi.kind, kpi.owner, kpi.better, needs)
    return f"| {' | '.join(cells)} |"
