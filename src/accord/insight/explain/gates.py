"""The agreement's gates as they stand for a lead now: which parts hold, on what values, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.agreement.fields import LEAD_FIELDS
from accord.insight.explain.rows import rows_of, text
from accord.insight.leads.scope import PERSONAL
from accord.insight.scoring.fields import bound, column_of
from accord.insight.scoring.lines import missing_fields

if TYPE_CHECKING:
    from accord.agreement import Agreement, Stage
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine


@dataclass(frozen=True)
class _Gate:
    """A gate, and the comparisons that its condition joins by and, or: each as text with its fields."""

    stage: str
    when: str
    condition: exp.Expr
    parts: tuple[tuple[exp.Expr, str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class _Question:
    """What to ask of a lead for an agreement's gates: the query, and which fields say who somebody is."""

    gates: tuple[_Gate, ...]
    query: str
    personal: frozenset[str]


_QUESTIONS: dict[str, _Question] = {}
"""The question of the agreement last asked about, by its version."""


def gates(
    engine: Engine, agreement: Agreement, scope: Scope, first: int, last: int
) -> dict[int, list[dict[str, Any]]]:
    """By lead, from the key `first` to `last`, each gate as `{stage, when, holds_now, parts}`.

    `parts` are the comparisons the condition joins by and, or: `{part, holds, values, missing}`; `values` of
    fields that say who somebody is are left out where personal data may not be shown. Reads present_leads.
    """
    question = _question(agreement)
    hidden = frozenset() if scope.personal else question.personal
    return {
        row["lead"]: [_judged(number, gate, row, hidden) for number, gate in enumerate(question.gates)]
        for row in rows_of(engine, question.query, first, last)
    }


def _judged(number: int, gate: _Gate, row: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    parts = [
        {
            "part": words,
            "holds": row[f"holds_{number}_{nth}"],
            "values": {field: row[f"value_{field}"] for field in fields if field not in hidden},
            "missing": row[f"missing_{number}_{nth}"] or None,
        }
        for nth, (_, words, fields) in enumerate(gate.parts)
    ]
    return {"stage": gate.stage, "when": gate.when, "holds_now": row[f"holds_{number}"], "parts": parts}


def _question(agreement: Agreement) -> _Question:
    known = _QUESTIONS.get(agreement.behaviour_hash)
    if known is None:
        known = _asked_of(agreement)
        _QUESTIONS.clear()
        _QUESTIONS[agreement.behaviour_hash] = known
    return known


def _asked_of(agreement: Agreement) -> _Question:
    asked = tuple(
        _gate(stage) for stage in agreement.stages if stage.kind == "gate" and stage.when is not None
    )
    fields = sorted({field for gate in asked for _, _, fields in gate.parts for field in fields})
    columns = [column for number, gate in enumerate(asked) for column in _columns(agreement, number, gate)]
    columns += [
        exp.alias_(exp.cast(exp.column(column_of(agreement, field)), "VARCHAR"), f"value_{field}")
        for field in fields
    ]
    query = (
        exp.select("lead", *columns).from_("present_leads").where("lead BETWEEN ? AND ?", dialect="duckdb")
    )
    personal = frozenset(field for field in fields if _says_who(agreement, field))
    return _Question(asked, text(query), personal)


def _gate(stage: Stage) -> _Gate:
    assert stage.when is not None  # noqa: S101  the caller leaves out gates without a condition
    parts = tuple(
        (
            part,
            part.sql(dialect="duckdb"),
            tuple(sorted({column.name for column in part.find_all(exp.Column)})),
        )
        for part in _comparisons(stage.when.expression)
    )
    return _Gate(stage.name, stage.when.text, stage.when.expression, parts)


def _columns(agreement: Agreement, number: int, gate: _Gate) -> list[exp.Expr]:
    """What is to be known of a gate and its parts, in columns named by their numbers."""
    columns = [exp.alias_(bound(agreement, gate.condition), f"holds_{number}")]
    for nth, (part, _, fields) in enumerate(gate.parts):
        columns.append(exp.alias_(bound(agreement, part), f"holds_{number}_{nth}"))
        columns.append(exp.alias_(missing_fields(agreement, list(fields)), f"missing_{number}_{nth}"))
    return columns


def _says_who(agreement: Agreement, field: str) -> bool:
    if field in agreement.fields:
        return agreement.fields[field].on == "person"
    return field in LEAD_FIELDS and field in PERSONAL["people"]


def _comparisons(condition: exp.Expr) -> list[exp.Expr]:
    """The comparisons that the condition joins by and, or."""
    if isinstance(condition, exp.And | exp.Or):
        return _comparisons(condition.left) + _comparisons(condition.right)
    if isinstance(condition, exp.Paren):
        return _comparisons(condition.this)
    return [condition]
