"""One lead's whole story: who it is, what it did, how it scores line by line, which gates hold and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.explain.company import account_row
from accord.insight.explain.deal import deals_of
from accord.insight.explain.events import SHOWN, events
from accord.insight.explain.gates import gates
from accord.insight.explain.names import person_called
from accord.insight.explain.owner import owner_of
from accord.insight.explain.people import label
from accord.insight.explain.rows import by_key, is_key, known, rows_of
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
    "excluded_by",
    "fit",
    "engagement",
    "score",
    "first_contact_at",
    "qualified_at",
    "known",
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

SCORE = ("fit", "engagement", "score")

_EXCLUDED = "SELECT rule FROM excluded WHERE person = ?"
_STAGES = """
SELECT lead, stage, basis, "at", "by", assumed, source FROM stage_entries WHERE lead IN (SELECT unnest(?))
ORDER BY "at", stage_no
"""
_UNPROVED = """
SELECT lead, stage, "at", "by", source, evidence FROM verdicts_without_evidence
WHERE lead IN (SELECT unnest(?)) ORDER BY "at", stage
"""
_LINES = """
SELECT lead, part, rule, hits, raw_points, points, missing FROM score_lines WHERE lead IN (SELECT unnest(?))
ORDER BY part DESC, points DESC, rule
"""


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
    gates), `deals`, `links`, and `timeline`: the newest events, or those before the event `before`; give
    `timeline_before` for older ones, None where there are none. Raises UnknownLead.
    """
    person = person_called(engine, scope, name)
    [about] = rows_of(engine, scope.select("people", *PERSON, of="person").where(is_key("person", person)))
    company = account_row(engine, scope, about["account"])
    excluded = rows_of(engine, _EXCLUDED, person)
    cycles = _cycles(engine, agreement, scope, person)
    happened = events(engine, scope, person, before=before, limit=SHOWN + 1)
    older = len(happened) > SHOWN
    return {
        "label": label(about, cycles[-1]["lead"] if cycles else None),
        "person": known(about),
        "owner": owner_of(engine, about["owner_id"]),
        "account": known(company) if company else None,
        "excluded_by": excluded[0]["rule"] if excluded else None,
        "cycles": cycles,
        "deals": deals_of(engine, scope, person),
        "timeline": happened[:SHOWN],
        "timeline_before": happened[SHOWN - 1]["fact_id"] if older else None,
        "links": _links(engine, scope, person),
    }


def _cycles(engine: Engine, agreement: Agreement, scope: Scope, person: int) -> list[dict[str, Any]]:
    query = scope.select("leads", *LEAD, of="person").where(is_key("person", person)).order_by("cycle_no")
    rows = rows_of(engine, query)
    keys = [row["lead"] for row in rows]
    parts = _parts(engine, scope, keys)
    judged = gates(engine, agreement, scope, keys)
    return [_cycle(row, parts, judged.get(row["lead"], [])) for row in rows]


def _parts(engine: Engine, scope: Scope, keys: list[int]) -> dict[str, dict[int, list[dict[str, Any]]]]:
    """What else is told of each lead, by what it is and by lead."""
    of_leads = exp.column("lead").isin(*map(exp.convert, keys))

    def seen(table: str, *columns: str) -> exp.Select:
        return scope.read(table, "lead", *columns).where(of_leads)

    verdicts = seen("lead_verdicts", "at", "verdict", "reason", "note", "owner_id", "source").order_by(
        "nth_last"
    )
    decisions = seen("decisions_made", "stage", "decided_at", "version", *SCORE[:2], "hits", "inputs")
    return {
        "listed": by_key("lead", rows_of(engine, seen("lead_list", *LISTED))),
        "stages": by_key("lead", rows_of(engine, _STAGES, keys)),
        "verdicts": by_key("lead", rows_of(engine, verdicts)),
        "verdicts_without_evidence": by_key("lead", rows_of(engine, _UNPROVED, keys)),
        "decisions": by_key("lead", rows_of(engine, decisions.order_by("decided_at", "stage"))),
        "score_lines": by_key("lead", rows_of(engine, _LINES, keys)),
    }


def _cycle(
    row: dict[str, Any], parts: dict[str, dict[int, list[dict[str, Any]]]], judged: list[dict[str, Any]]
) -> dict[str, Any]:
    own = {name: rows.get(row["lead"], []) for name, rows in parts.items()}
    listed = own.pop("listed")
    reached = {decision["stage"] for decision in own["decisions"]}
    return {
        **{name: value for name, value in row.items() if name not in SCORE},
        **(listed[0] if listed else dict.fromkeys(LISTED)),
        **own,
        "score": {name: row[name] or 0 for name in SCORE},
        "gates": [{**gate, "reached": gate["stage"] in reached} for gate in judged],
    }


def _links(engine: Engine, scope: Scope, person: int) -> list[dict[str, Any]]:
    """Why several names are this person: links say who somebody is, so not without the right to know."""
    if not scope.personal:
        return []
    query = "SELECT kind, a, b, rule, evidence FROM links WHERE person = ? ORDER BY a, b"
    return rows_of(engine, query, person)
