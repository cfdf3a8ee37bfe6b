"""One lead's whole story: who it is, what it did, how it scores line by line, which gates hold and why."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.explain.company import account_row
from accord.insight.explain.deal import deals_of
from accord.insight.explain.events import events
from accord.insight.explain.gates import gates
from accord.insight.explain.names import person_called
from accord.insight.explain.owner import owner_of
from accord.insight.explain.people import label
from accord.insight.explain.rows import by_key, is_key, known, rows_of, text
from accord.insight.leads import EVERYTHING

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine

PERSON = (
    "person",
    "person_id",
    "account",
    "email",
    "email_domain",
    "free_mail",
    "has_email",
    "first_name",
    "last_name",
    "phone",
    "job_title",
    "role",
    "seniority",
    "company",
    "country",
    "region",
    "city",
    "language",
    "lead_source",
    "is_test",
    "owner_id",
    "created_at",
    "fields",
    "anonymous",
)
LEAD = (
    "lead",
    "cycle_no",
    "account",
    "opened_at",
    "closed_at",
    "closed_by",
    "segment",
    "persona",
    "channel",
    "campaign",
    "lead_source",
    "owner_id",
    "stage",
    "stage_at",
    "first_contact_at",
    "qualified_at",
)
LISTED = (
    "hours_to_contact",
    "touches",
    "last_touch_at",
    "activities",
    "last_activity_at",
    "never_contacted",
    "overdue",
    "worked_by_two",
    "missing",
)
"""What the leads list says of a lead besides its row in `leads`."""

VERDICT = ("at", "verdict", "reason", "note", "owner_id", "source")
DECISION = ("stage", "decided_at", "version", "fit", "engagement", "hits", "inputs")

_EXCLUDED = "SELECT rule FROM excluded WHERE person = ?"
_LINKS = "SELECT kind, a, b, rule, evidence FROM links WHERE person = ? ORDER BY a, b"
_STAGES = """
SELECT lead, stage, basis, "at", "by", assumed, source FROM stage_entries WHERE lead BETWEEN ? AND ?
ORDER BY "at", stage_no
"""
_UNPROVED = """
SELECT lead, stage, "at", "by", source, evidence FROM verdicts_without_evidence WHERE lead BETWEEN ? AND ?
ORDER BY "at", stage
"""
_LINES = """
SELECT lead, part, rule, hits, raw_points, points, missing FROM score_lines WHERE lead BETWEEN ? AND ?
ORDER BY part DESC, points DESC, rule
"""


@lru_cache
def _about(scope: Scope) -> str:
    return text(scope.read("people", *PERSON).where(is_key("person")))


@lru_cache
def _listed(scope: Scope) -> str:
    """A person's leads that are in the list: nearly always all there are."""
    return text(scope.read("lead_list", *LEAD, *LISTED).where(is_key("person")))


@lru_cache
def _unlisted(scope: Scope) -> str:
    query = scope.read("leads", *LEAD).where(is_key("person"))
    return text(query.where(exp.not_(exp.column("known"))))


@lru_cache
def _told(scope: Scope, table: str, columns: tuple[str, ...], order: tuple[str, ...]) -> str:
    """Of leads from one key to another, all of one person whom the scope may see."""
    query = scope.read(table, "lead", *columns).where("lead BETWEEN ? AND ?", dialect="duckdb")
    return text(query.order_by(*order))


def lead(
    engine: Engine,
    agreement: Agreement,
    name: str,
    *,
    scope: Scope = EVERYTHING,
    before: str | None = None,
) -> dict[str, Any]:
    """Everything known of a person whom the scope may see; `name` as in `names.person_called`.

    Returns `label` (name, address, or `Lead` and the newest lead's key), `person`, `owner`, `account`,
    `excluded_by`, `cycles` (oldest first, each with stages, verdicts, decisions, score, score_lines and
    gates), `deals`, `links`, and `timeline`: the newest events, or those before the moment `before`; give
    `timeline_before` for older ones, None where there are none. Raises UnknownLead.
    """
    person = person_called(engine, scope, name)
    [about] = rows_of(engine, _about(scope), person)
    company = account_row(engine, scope, about["account"])
    excluded = rows_of(engine, _EXCLUDED, person)
    cycles = _cycles(engine, agreement, scope, person)
    timeline, older = events(engine, scope, person, before=before)
    return {
        "label": label(about, cycles[-1]["lead"] if cycles else None),
        "person": known(about),
        "owner": owner_of(engine, about["owner_id"]),
        "account": known(company) if company else None,
        "excluded_by": excluded[0]["rule"] if excluded else None,
        "cycles": cycles,
        "deals": deals_of(engine, scope, person),
        "timeline": timeline,
        "timeline_before": older,
        "links": rows_of(engine, _LINKS, person) if scope.personal else [],
    }


def _cycles(engine: Engine, agreement: Agreement, scope: Scope, person: int) -> list[dict[str, Any]]:
    listed = [{**row, "known": True} for row in rows_of(engine, _listed(scope), person)]
    others = [
        {**row, **dict.fromkeys(LISTED), "known": False} for row in rows_of(engine, _unlisted(scope), person)
    ]
    rows = sorted([*listed, *others], key=lambda row: row["cycle_no"])
    if not rows:
        return []
    # The leads of a person stand side by side: their keys have no other person's between them.
    first, last = rows[0]["lead"], rows[-1]["lead"]
    parts = _parts(engine, scope, first, last)
    judged = gates(engine, agreement, scope, first, last)
    return [_cycle(row, parts, judged.get(row["lead"], [])) for row in rows]


def _parts(engine: Engine, scope: Scope, first: int, last: int) -> dict[str, dict[int, list[dict[str, Any]]]]:
    """What else is told of each lead, by what it is and by lead."""
    queries = {
        "stages": _STAGES,
        "verdicts": _told(scope, "lead_verdicts", VERDICT, ("nth_last",)),
        "verdicts_without_evidence": _UNPROVED,
        "decisions": _told(scope, "decisions_made", DECISION, ("decided_at", "stage")),
        "score_lines": _LINES,
    }
    return {name: by_key("lead", rows_of(engine, query, first, last)) for name, query in queries.items()}


def _cycle(
    row: dict[str, Any], parts: dict[str, dict[int, list[dict[str, Any]]]], judged: list[dict[str, Any]]
) -> dict[str, Any]:
    own = {name: rows.get(row["lead"], []) for name, rows in parts.items()}
    reached = {decision["stage"] for decision in own["decisions"]}
    gates_now = [{**gate, "reached": gate["stage"] in reached} for gate in judged]
    return {**row, **own, "score": _score(own["score_lines"]), "gates": gates_now}


def _score(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Fit, engagement and their sum: what the lines add up to."""
    fit, engagement = (
        sum(line["points"] for line in lines if line["part"] == part) for part in ("fit", "engagement")
    )
    return {"fit": fit, "engagement": engagement, "score": fit + engagement}
