"""One lead's whole story: who it is, what it did, how it scores line by line, which gates hold and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.errors import AccordError
from accord.insight.scoring.fields import bound, column_of
from accord.insight.scoring.lines import missing_fields

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

EVENTS_SHOWN = 50
NAMES_SHOWN = 10


class UnknownLead(AccordError):
    """No person has that name, or several do."""

    code = "unknown_lead"


def lead(engine: Engine, agreement: Agreement, name: str) -> dict[str, Any]:
    """Everything known of a person, named by an e-mail, a record (`crm:person:1`) or a record's bare id.

    Returns `person`, `account`, `excluded_by`, `cycles` (each with stages, decisions, score, score_lines and
    gates), `timeline` (newest first, at most EVENTS_SHOWN) and `links`. Raises UnknownLead.
    """
    person = _find(engine, name)
    about = _rows(engine, "SELECT * FROM people WHERE person = ?", person)[0]
    accounts = _rows(engine, "SELECT * FROM accounts WHERE account = ?", about["account"])
    excluded = _rows(engine, "SELECT rule, to_team FROM excluded WHERE person = ?", person)
    return {
        "person": {k: v for k, v in about.items() if v is not None},
        "account": {k: v for k, v in accounts[0].items() if v is not None} if accounts else None,
        "excluded_by": excluded[0]["rule"] if excluded else None,
        "cycles": [
            _cycle(engine, agreement, row)
            for row in _rows(engine, "SELECT * FROM leads WHERE person = ? ORDER BY cycle_no", person)
        ],
        "timeline": _rows(engine, _TIMELINE, person, EVENTS_SHOWN),
        "links": _rows(engine, _LINKS, person, person),
    }


_TIMELINE = """
SELECT "at", team, kind, channel, campaign, asset, path, form, outcome, direction, owner_id, source, quality,
    quality_reason, counted, uncounted_reason
FROM timeline WHERE person = ? ORDER BY "at" DESC, fact_id LIMIT ?
"""
_STAGES = """
SELECT stage, basis, "at", "by", assumed, source FROM stage_entries WHERE lead = ? ORDER BY "at", stage_no
"""
_UNPROVED = """
SELECT stage, "at", "by", source, evidence FROM verdicts_without_evidence WHERE lead = ? ORDER BY "at", stage
"""
_DECISIONS = """
SELECT stage, decided_at, version, fit, engagement, hits, inputs FROM decisions_made WHERE lead = ?
ORDER BY decided_at, stage
"""
_LINES = """
SELECT part, rule, hits, raw_points, points, missing FROM score_lines WHERE lead = ?
ORDER BY part DESC, points DESC, rule
"""
_LINKS = """
SELECT kind, a, b, rule, evidence FROM links
WHERE a IN (SELECT actor FROM actors WHERE person = ?) OR b IN (SELECT actor FROM actors WHERE person = ?)
ORDER BY a, b
"""


def _find(engine: Engine, name: str) -> int:
    exact = "SELECT DISTINCT person FROM actors WHERE actor = ? OR actor = concat('email:', lower(?))"
    found = _rows(engine, exact, name, name)
    if not found:
        bare = "SELECT DISTINCT person FROM actors WHERE ends_with(actor, concat(':', ?)) ORDER BY person"
        found = _rows(engine, bare, name)
    if not found:
        raise UnknownLead(
            f"Nobody is called {name}.",
            mend="Give an e-mail address or a record's id, as in `accord export people people.csv`.",
        )
    if len(found) > 1:
        named = "SELECT person_id FROM people WHERE person IN (SELECT unnest(?))"
        people = _rows(engine, named, [row["person"] for row in found])
        names = ", ".join(row["person_id"] for row in people[:NAMES_SHOWN])
        raise UnknownLead(f"{len(found)} people are called {name}.", mend=f"Choose one of {names}.")
    return int(found[0]["person"])


def _cycle(engine: Engine, agreement: Agreement, row: dict[str, Any]) -> dict[str, Any]:
    key = row["lead"]
    score = _rows(engine, "SELECT fit, engagement, score FROM scores WHERE lead = ?", key)
    decisions = _rows(engine, _DECISIONS, key)
    return {
        **{k: v for k, v in row.items() if k != "person"},
        "stages": _rows(engine, _STAGES, key),
        "verdicts_without_evidence": _rows(engine, _UNPROVED, key),
        "decisions": decisions,
        "score": score[0] if score else {"fit": 0, "engagement": 0, "score": 0},
        "score_lines": _rows(engine, _LINES, key),
        "gates": _gates(engine, agreement, key, {row["stage"] for row in decisions}),
    }


def _gates(engine: Engine, agreement: Agreement, key: int, reached: set[str]) -> list[dict[str, Any]]:
    """Each gate's condition now and its parts: whether each holds, its values, what is missing."""
    gates = []
    for stage in agreement.stages:
        if stage.kind == "gate" and stage.when is not None:
            parts = [_part(engine, agreement, key, part) for part in _comparisons(stage.when.expression)]
            gates.append(
                {
                    "stage": stage.name,
                    "reached": stage.name in reached,
                    "when": stage.when.text,
                    "holds_now": _part(engine, agreement, key, stage.when.expression)["holds"],
                    "parts": parts,
                }
            )
    return gates


def _comparisons(condition: exp.Expr) -> list[exp.Expr]:
    """The comparisons that the condition joins by and, or."""
    if isinstance(condition, exp.And | exp.Or):
        return _comparisons(condition.left) + _comparisons(condition.right)
    if isinstance(condition, exp.Paren):
        return _comparisons(condition.this)
    return [condition]


def _part(engine: Engine, agreement: Agreement, key: int, part: exp.Expr) -> dict[str, Any]:
    fields = sorted({column.name for column in part.find_all(exp.Column)})
    query = (
        exp.select(
            exp.alias_(bound(agreement, part), "holds"),
            exp.alias_(missing_fields(agreement, fields), "missing"),
        )
        .select(
            *(
                exp.alias_(exp.cast(exp.column(column_of(agreement, field)), "VARCHAR"), f"value_{n}")
                for n, field in enumerate(fields)
            )
        )
        .from_("present_leads")
        .where(exp.column("lead").eq(key))
    )
    found = _rows(engine, query.sql(dialect="duckdb"))
    row = found[0] if found else {}
    return {
        "part": part.sql(dialect="duckdb"),
        "holds": row.get("holds"),
        "values": {field: row.get(f"value_{n}") for n, field in enumerate(fields)},
        "missing": row.get("missing") or None,
    }


def _rows(engine: Engine, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.query(sql, parameters).to_pylist()
    return rows
