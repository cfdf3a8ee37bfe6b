"""The agreement's words as SQL: own fields out of their JSON, conditions, points and caps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from accord.agreement.fields import SCORE_FIELDS
from accord.ledger.tables import FACTS, SQL_TYPES

if TYPE_CHECKING:
    from accord.agreement import Agreement

OWN_FIELD_TYPES = {"boolean": "BOOLEAN", "number": "DOUBLE"}
POINTS = "DECIMAL(38, 9)"


def own_fields(agreement: Agreement) -> list[exp.Expr]:
    """The own fields out of the JSON the mapping filled, typed; what does not fit is missing."""
    owned = agreement.fields.items()
    return [exp.alias_(_own_field(name, field), column_of(agreement, name)) for name, field in owned]


def column_of(agreement: Agreement, field: str) -> str:
    """The column a condition's field stands in; own fields have a prefix, so that no name can collide."""
    return f"own_{field}" if field in agreement.fields else field


def type_of(agreement: Agreement, field: str) -> str:
    """The SQL type of a condition's field."""
    if field in SCORE_FIELDS:
        return POINTS if SCORE_FIELDS[field] == "number" else "BOOLEAN"
    kind = agreement.gate_fields[field]
    if kind == "number" and field not in agreement.fields:
        return SQL_TYPES[FACTS["accounts"].column(field).type]
    return OWN_FIELD_TYPES.get(kind, "VARCHAR")


def bound(agreement: Agreement, condition: exp.Expr) -> exp.Expr:
    """A copy of the condition that reads the columns its fields stand in."""

    def rename(node: exp.Expr) -> exp.Expr:
        return exp.column(column_of(agreement, node.name)) if isinstance(node, exp.Column) else node

    return condition.copy().transform(rename)


def _own_field(name: str, field: object) -> exp.Expr:
    column = "account_fields" if getattr(field, "on", "") == "account" else "fields"
    text = exp.JSONExtractScalar(
        this=exp.column(column),
        expression=exp.JSONPath(expressions=[exp.JSONPathRoot(), exp.JSONPathKey(this=name)]),
    )
    kind = OWN_FIELD_TYPES.get(getattr(field, "type", "text"))
    return exp.TryCast(this=text, to=exp.DataType.build(kind)) if kind else text


def holds(condition: exp.Expr) -> exp.Expr:
    """True where the condition is true; unknown counts as not."""
    return exp.func("coalesce", exp.paren(condition.copy()), exp.false())


def points(value: float | int) -> exp.Expr:
    """A literal number of points as an exact decimal."""
    return exp.cast(
        exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value)), POINTS
    )


def zero() -> exp.Expr:
    """No points."""
    return points(0)


def total(parts: Sequence[exp.Expr]) -> exp.Expr:
    """The sum of the parts, none of which is NULL; zero if there are none."""
    result: exp.Expr = zero()
    for part in parts:
        result = exp.Add(this=result, expression=part)
    return result


def capped(value: exp.Expr, cap: float | None) -> exp.Expr:
    """The value, at most the cap if there is one."""
    return value if cap is None else exp.func("least", value, points(cap))
