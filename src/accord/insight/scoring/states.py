"""What was known of each person and its account over time, judged: fit, segment, persona, exclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.scoring.fields import bound, capped, holds, own_fields, points, total, zero
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement


def steps(agreement: Agreement) -> list[Step]:
    """`lead_states`: `person_states` with own fields typed, points by fit rule (`fit_1`, ... NULL where a
    field is missing), `fit`, `segment`, `persona`, `excluded_by`; and `excluded`: people never qualified."""
    return [_known(agreement), _judged(agreement), _excluded(agreement)]


def _known(agreement: Agreement) -> Step:
    query = exp.select("*", *own_fields(agreement)).from_("person_states")
    return Step.from_expression("typed_states", query)


def _judged(agreement: Agreement) -> Step:
    rules = list(agreement.scoring.fit.values())
    by_rule = [
        exp.alias_(_rule_points(agreement, rule), f"fit_{number}")
        for number, rule in enumerate(rules, start=1)
    ]
    ruled = exp.select("*", *by_rule).from_("typed_states")
    known = [exp.func("coalesce", exp.column(f"fit_{number}"), zero()) for number in range(1, len(rules) + 1)]
    fit = exp.func("greatest", zero(), capped(total(known), agreement.scoring.caps.fit))
    query = exp.select(
        "*",
        exp.alias_(fit, "fit"),
        exp.alias_(first_name(agreement, agreement.audience.segments), "segment"),
        exp.alias_(first_name(agreement, agreement.audience.personas), "persona"),
        exp.alias_(first_name(agreement, agreement.audience.exclude), "excluded_by"),
    ).from_(ruled.subquery("ruled"))
    return Step.from_expression("lead_states", query)


def _rule_points(agreement: Agreement, rule: Any) -> exp.Expr:
    """The rule's points where its condition holds, none where it does not, NULL where that is unknown."""
    condition = exp.paren(bound(agreement, rule.where.expression))
    return exp.Case().when(condition, points(rule.points)).when(exp.not_(condition.copy()), zero())


def first_name(agreement: Agreement, named: Any) -> exp.Expr:
    """The name of the first of several named conditions that holds, else NULL."""
    if not named:
        return exp.cast(exp.null(), "VARCHAR")
    case = exp.Case()
    for item in named:
        case = case.when(holds(bound(agreement, item.where.expression)), exp.Literal.string(item.name))
    return case


def _excluded(agreement: Agreement) -> Step:
    to_team: exp.Expr = exp.cast(exp.null(), "VARCHAR")
    with_team = [item for item in agreement.audience.exclude if item.to]
    if with_team:
        to_team = exp.Case()
        for item in with_team:
            to_team = to_team.when(exp.column("excluded_by").eq(item.name), exp.Literal.string(item.to))
    query = (
        exp.select("person", exp.alias_(exp.column("excluded_by"), "rule"), exp.alias_(to_team, "to_team"))
        .from_("lead_states")
        .join("as_of", on="from_at <= as_of.now AND until_at > as_of.now", dialect="duckdb")
        .where("excluded_by IS NOT NULL")
    )
    return Step.from_expression("excluded", query)
