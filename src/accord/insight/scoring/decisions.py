"""The first moment at which each gate of the agreement held for each lead, with what it held on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from accord.insight.scoring.fields import POINTS, bound, capped, column_of, holds, total, type_of
from accord.insight.scoring.json_text import TEXT, number, object_of, text
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement, Stage


def steps(agreement: Agreement) -> list[Step]:
    """`judged_moments` (rows of `replay` with fit and fields as known then, only where a gate holds) and
    `decisions_computed(lead, person, cycle_no, stage, decided_at, fit, engagement, hits, inputs)`."""
    gates = [stage for stage in agreement.stages if stage.kind == "gate"]
    return [_moments(agreement, gates), _firsts(agreement, gates)]


def _moments(agreement: Agreement, gates: list[Stage]) -> Step:
    flags = [
        exp.alias_(holds(bound(agreement, gate.when.expression)), f"holds_{gate.name}")
        for gate in gates
        if gate.when
    ]
    flagged = exp.select("*", *flags).from_(scored_moments(agreement).subquery("scored"))
    anything = exp.or_(*(exp.column(f"holds_{gate.name}") for gate in gates))
    query = (
        exp.select("flagged.*")
        .from_(flagged.subquery("flagged"))
        .join("in_force", on="flagged.known_at >= in_force.from_at", dialect="duckdb")
        .where("flagged.excluded_by IS NULL", dialect="duckdb")
        .where(anything)
    )
    return Step.from_expression("judged_moments", query)


def scored_moments(agreement: Agreement) -> exp.Select:
    """Every moment of every open lead, with its points, totals and attributes as known then."""
    numbers = range(1, len(agreement.scoring.engagement) + 1)
    points = total([exp.column(f"points_{n}", "replay") for n in numbers])
    engagement = capped(points, agreement.scoring.caps.engagement)
    moments = (
        exp.select("cycles.person", "cycles.cycle_no", "replay.*", exp.alias_(engagement, "engagement"))
        .from_("replay")
        .join("cycles", on="replay.lead = cycles.lead", dialect="duckdb")
        .join("as_of", on="replay.known_at <= as_of.now", dialect="duckdb")
        .where("replay.known_at < cycles.until_at", dialect="duckdb")
    )
    return (
        exp.select("moments.*", "lead_states.* EXCLUDE (person)", dialect="duckdb")
        .select("lead_states.fit + moments.engagement AS score", dialect="duckdb")
        .from_(moments.subquery("moments"))
        .join(
            "lead_states",
            on="moments.person = lead_states.person AND moments.known_at >= lead_states.from_at "
            "AND moments.known_at < lead_states.until_at",
            dialect="duckdb",
        )
    )


def _firsts(agreement: Agreement, gates: list[Stage]) -> Step:
    return Step.from_expression("decisions_computed", _union([_first(agreement, gate) for gate in gates]))


def _first(agreement: Agreement, gate: Stage) -> exp.Query:
    """The first moment of each lead at which this gate held."""
    earliest = exp.Window(
        this=exp.func("row_number"),
        partition_by=[exp.column("lead")],
        order=exp.Order(expressions=[exp.column("known_at")]),
    )
    held = (
        exp.select("*", exp.alias_(earliest, "nth"))
        .from_("judged_moments")
        .where(exp.column(f"holds_{gate.name}"))
    )
    assert gate.when is not None  # noqa: S101  the agreement's check refuses a gate without a condition
    return (
        exp.select("lead", "person", "cycle_no")
        .select(
            exp.alias_(exp.Literal.string(gate.name), "stage"),
            exp.alias_(exp.column("known_at"), "decided_at"),
        )
        .select("fit", "engagement")
        .select(
            exp.alias_(_hits(agreement), "hits"),
            exp.alias_(_inputs(agreement, sorted(gate.when.fields)), "inputs"),
        )
        .from_(held.subquery("held"))
        .where(exp.column("nth").eq(1))
    )


def _hits(agreement: Agreement) -> exp.Expr:
    """JSON of points by rule, fit and engagement apart."""
    fit = {rule: f"fit_{n}" for n, rule in enumerate(agreement.scoring.fit, start=1)}
    engagement = {rule: f"points_{n}" for n, rule in enumerate(agreement.scoring.engagement, start=1)}
    return object_of({"fit": _points(fit), "engagement": _points(engagement)})


def _points(columns: dict[str, str]) -> exp.Expr:
    return object_of({rule: number(exp.column(column), POINTS) for rule, column in columns.items()})


def _inputs(agreement: Agreement, fields: list[str]) -> exp.Expr:
    """JSON of the values a gate's condition read."""
    return object_of({field: _value(agreement, field) for field in fields})


def _value(agreement: Agreement, field: str) -> exp.Expr:
    column, kind = exp.column(column_of(agreement, field)), type_of(agreement, field)
    return text(column) if kind == TEXT else number(column, kind)


def _union(queries: list[exp.Query]) -> exp.Query:
    result, *others = queries
    for other in others:
        result = result.union(other, distinct=False)
    return result
