"""Whether leads would have qualified at the moment they did, had a rule or the definition been another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.agreement.fields import GATE_FIELDS
from accord.insight.learning.handed import handover_stage
from accord.insight.scoring.fields import holds
from accord.ledger.engine import DuckDBEngine

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.insight.learning.handed import Handed


def still_qualified(
    leads: Iterable[Handed], agreement: Agreement, without: tuple[str, str] | None = None
) -> set[int]:
    """The leads for which the agreement's handover gate holds with the points they qualified on.

    Points are those recorded at qualification, at most what the agreement's rules and caps give now; rules it
    no longer has give none. `without`: a half (fit, engagement) and a rule whose points are left out.
    """
    import pyarrow as pa

    stage = handover_stage(agreement)
    gate = agreement.stage(stage).when if stage else None
    if gate is None:
        return set()
    names = sorted(gate.fields)
    rows = [{"lead": lead.lead} | _fields(lead, agreement, names, without) for lead in leads]
    types = {name: _type(agreement, name) for name in names}
    engine = DuckDBEngine()
    try:
        engine.add("leads", pa.Table.from_pylist(rows, pa.schema([("lead", pa.int64()), *types.items()])))
        query = exp.select("lead").from_("leads").where(holds(gate.expression))
        return set(engine.query(query.sql(dialect="duckdb"))["lead"].to_pylist())
    finally:
        engine.close()


def _fields(
    lead: Handed, agreement: Agreement, names: list[str], without: tuple[str, str] | None
) -> dict[str, Any]:
    rules, caps = agreement.scoring, agreement.scoring.caps
    fit = {
        name: rules.fit[name].points if points else 0.0
        for name, points in lead.fit.items()
        if name in rules.fit
    }
    engagement = {
        name: min(points, rules.engagement[name].cap or points)
        for name, points in lead.engagement.items()
        if name in rules.engagement
    }
    raised = lead.inputs.get("hand_raiser")
    if without:
        (fit if without[0] == "fit" else engagement).pop(without[1], None)
        if without[1] in _raisers(agreement):
            raised = bool(_raisers(agreement) & {name for name, points in engagement.items() if points > 0})
    total_fit = max(0.0, min(caps.fit or float("inf"), sum(fit.values())))
    total_engagement = min(caps.engagement or float("inf"), sum(engagement.values()))
    scored = {
        "fit": total_fit,
        "engagement": total_engagement,
        "score": total_fit + total_engagement,
        "hand_raiser": raised,
    }
    return {name: scored[name] if name in scored else lead.inputs.get(name) for name in names}


def _raisers(agreement: Agreement) -> set[str]:
    return {name for name, rule in agreement.scoring.engagement.items() if rule.hand_raiser}


def _type(agreement: Agreement, name: str) -> Any:
    import pyarrow as pa

    own: Mapping[str, Any] = agreement.fields
    kind = own[name].type if name in own else GATE_FIELDS[name]
    return {"number": pa.float64(), "boolean": pa.bool_()}.get(kind, pa.string())
