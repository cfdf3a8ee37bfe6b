"""JSON objects as text that engines write alike, to the last digit: decisions are compared by it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlglot import exp

TEXT = "VARCHAR"


def object_of(values: Mapping[str, exp.Expr]) -> exp.Expr:
    """An object of these properties, each the JSON text of its value (`number`, `text` or another object)."""
    parts: list[exp.Expr] = []
    for name, value in values.items():
        before = "," if parts else "{"
        parts += [exp.Literal.string(f"{before}{json.dumps(name, ensure_ascii=False)}:"), value]
    return _joined([*parts, exp.Literal.string("}" if parts else "{}")])


def number(value: exp.Expr, kind: str) -> exp.Expr:
    """A number or truth value of this SQL type; null where there is none."""
    return _or_null(exp.cast(exp.cast(value, kind), TEXT))


def text(value: exp.Expr) -> exp.Expr:
    """A text in quotes, its special characters escaped; null where there is none."""
    property_ = exp.PropertyEQ(this=exp.to_identifier("v", quoted=True), expression=value)
    whole = exp.cast(exp.Anonymous(this="to_json", expressions=[exp.Struct(expressions=[property_])]), TEXT)
    # What stands in {"v":...}.
    length = exp.Sub(this=exp.func("length", whole.copy()), expression=exp.Literal.number(6))
    inside = exp.func("substr", whole, exp.Literal.number(6), length)
    return _or_null(exp.Case().when(value.copy().is_(exp.null()).not_(), inside))


def _or_null(value: exp.Expr) -> exp.Expr:
    return exp.func("coalesce", value, exp.Literal.string("null"))


def _joined(parts: list[exp.Expr]) -> exp.Expr:
    first, *others = parts
    for part in others:
        first = exp.DPipe(this=first, expression=part)
    return exp.paren(first)
