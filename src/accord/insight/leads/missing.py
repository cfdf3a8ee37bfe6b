"""Which unknown fields keep a lead from being handed over: the commonest reason why a good one is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.agreement.fields import AUDIENCE_FIELDS, SCORE_FIELDS
from accord.insight.scoring.fields import bound, capped, column_of, holds, points, total, zero
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement, Stage

WORKED_OUT = {*SCORE_FIELDS, *AUDIENCE_FIELDS}
"""Fields of a gate that Accord works out: never missing themselves, but fit may rest on missing ones."""


def missing_data(agreement: Agreement) -> Step:
    """`missing_data(lead, missing)`: leads that would pass the handoff's gate now if the fields in `missing`
    (joined by a comma) were known and good. No row for who passes it, or would not even then."""
    gate = _handoff_gate(agreement)
    if gate is None or gate.when is None:
        nothing = exp.select("lead", exp.alias_(exp.cast(exp.null(), "VARCHAR"), "missing"))
        return Step.from_expression("missing_data", nothing.from_("present_leads").where(exp.false()))
    condition = bound(agreement, gate.when.expression)
    at_best = condition.transform(_with_fit, _best_fit(agreement))
    query = (
        exp.select("lead", exp.alias_(_unknown_fields(agreement, gate.when.fields), "missing"))
        .from_("present_leads")
        .where(exp.not_(holds(condition)))
        .where(exp.func("coalesce", exp.paren(at_best), exp.true()))
    )
    found = exp.select("*").from_(query.subquery("found"))
    return Step.from_expression("missing_data", found.where(exp.column("missing").neq("")))


def _handoff_gate(agreement: Agreement) -> Stage | None:
    at = agreement.handoff.at if agreement.handoff else None
    return next((stage for stage in agreement.stages if stage.name == at), None)


def _fit_rules(agreement: Agreement) -> list[tuple[exp.Expr, Any]]:
    """Each rule of fit with the column of its points, which is null where a field of the rule is missing."""
    return [(exp.column(f"fit_{n}"), rule) for n, rule in enumerate(agreement.scoring.fit.values(), start=1)]


def _best_fit(agreement: Agreement) -> exp.Expr:
    """Fit if every rule that is unknown gave its points; a penalty that is unknown is not assumed."""
    parts = [
        exp.func("coalesce", column, points(max(rule.points, 0))) for column, rule in _fit_rules(agreement)
    ]
    return exp.func("greatest", zero(), capped(total(parts), agreement.scoring.caps.fit))


def _with_fit(node: exp.Expr, fit: exp.Expr) -> exp.Expr:
    """The condition's `fit` and `score` with this fit in place of the present one."""
    if isinstance(node, exp.Column) and node.name == "fit":
        return exp.paren(fit.copy())
    if isinstance(node, exp.Column) and node.name == "score":
        return exp.paren(exp.Add(this=exp.column("engagement"), expression=fit.copy()))
    return node


def _unknown_fields(agreement: Agreement, reads: frozenset[str]) -> exp.Expr:
    """The names of the null fields the gate reads, itself or through a rule of fit that would give points."""
    waiting: dict[str, list[exp.Expr]] = {name: [exp.true()] for name in reads - WORKED_OUT}
    if reads & {"fit", "score"}:
        for column, rule in _fit_rules(agreement):
            for name in rule.where.fields if rule.points > 0 else ():
                waiting.setdefault(name, []).append(column.is_(exp.null()))
    named = [
        exp.Case().when(
            exp.and_(exp.column(column_of(agreement, name)).is_(exp.null()), exp.or_(*rules)),
            exp.Literal.string(name),
        )
        for name, rules in sorted(waiting.items())
    ]
    # Anonymous: sqlglot's own ConcatWs would make NULL of a text with any part missing.
    return exp.Anonymous(this="concat_ws", expressions=[exp.Literal.string(", "), *named, exp.null()])
