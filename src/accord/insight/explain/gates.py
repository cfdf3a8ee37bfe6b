"""The agreement's gates as they stand for a lead now: which parts hold, on what values, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.agreement.fields import LEAD_FIELDS
from accord.insight.explain.rows import rows_of
from accord.insight.leads.scope import PERSONAL
from accord.insight.scoring.fields import bound, column_of
from accord.insight.scoring.lines import missing_fields

if TYPE_CHECKING:
    from accord.agreement import Agreement, Stage
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine


def gates(
    engine: Engine, agreement: Agreement, scope: Scope, leads: Iterable[int]
) -> dict[int, list[dict[str, Any]]]:
    """By lead each gate `{stage, when, holds_now, parts}`, each part `{part, holds, values, missing}`.

    `parts` are the comparisons the condition joins by and, or. `values` of fields that say who somebody is
    are left out where personal data may not be shown. Reads present_leads.
    """
    asked = [stage for stage in agreement.stages if stage.kind == "gate" and stage.when is not None]
    columns = [column for number, stage in enumerate(asked) for column in _columns(agreement, number, stage)]
    query = exp.select("lead", *columns).from_("present_leads")
    found = rows_of(engine, query.where(exp.column("lead").isin(*map(exp.convert, leads))))
    return {
        row["lead"]: [_gate(agreement, scope, number, stage, row) for number, stage in enumerate(asked)]
        for row in found
    }


def _columns(agreement: Agreement, number: int, stage: Stage) -> list[exp.Expr]:
    """What is to be known of a gate, in columns named by its number and its parts' numbers."""
    assert stage.when is not None  # noqa: S101  the caller leaves out gates without a condition
    columns = [exp.alias_(bound(agreement, stage.when.expression), f"holds_{number}")]
    for nth, part in enumerate(_comparisons(stage.when.expression)):
        columns.append(exp.alias_(bound(agreement, part), f"holds_{number}_{nth}"))
        columns.append(exp.alias_(missing_fields(agreement, _fields(part)), f"missing_{number}_{nth}"))
    for field in sorted(stage.when.fields):
        value = exp.cast(exp.column(column_of(agreement, field)), "VARCHAR")
        columns.append(exp.alias_(value, f"value_{number}_{field}"))
    return columns


def _gate(
    agreement: Agreement, scope: Scope, number: int, stage: Stage, row: dict[str, Any]
) -> dict[str, Any]:
    assert stage.when is not None  # noqa: S101  the caller leaves out gates without a condition
    parts = [
        {
            "part": part.sql(dialect="duckdb"),
            "holds": row[f"holds_{number}_{nth}"],
            "values": {
                field: row[f"value_{number}_{field}"]
                for field in _fields(part)
                if scope.personal or not _says_who(agreement, field)
            },
            "missing": row[f"missing_{number}_{nth}"] or None,
        }
        for nth, part in enumerate(_comparisons(stage.when.expression))
    ]
    return {
        "stage": stage.name,
        "when": stage.when.text,
        "holds_now": row[f"holds_{number}"],
        "parts": parts,
    }


def _says_who(agreement: Agreement, field: str) -> bool:
    if field in agreement.fields:
        return agreement.fields[field].on == "person"
    return field in LEAD_FIELDS and field in PERSONAL["people"]


def _fields(part: exp.Expr) -> list[str]:
    return sorted({column.name for column in part.find_all(exp.Column)})


def _comparisons(condition: exp.Expr) -> list[exp.Expr]:
    """The comparisons that the condition joins by and, or."""
    if isinstance(condition, exp.And | exp.Or):
        return _comparisons(condition.left) + _comparisons(condition.right)
    if isinstance(condition, exp.Paren):
        return _comparisons(condition.this)
    return [condition]
