"""People two sellers work on: calls of both to one lead, and records of one person with two owners."""

from __future__ import annotations

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look


def find(look: Look) -> list[Finding]:
    """Open leads worked by two, and people kept as several records with different owners."""
    found = []
    if rows := look.ask("worked_by_two", at.EXAMPLES):
        data = {"count": rows[0]["leads"], "examples": [row["person_id"] for row in rows]}
        filters = {"flag": "worked_by_two", "status": "open"}
        found.append(Finding("worked_by_two", "risk", "sales", data, "leads", filters, data["count"]))
    if rows := look.ask("split_records", at.EXAMPLES):
        first = rows[0]
        data = {
            "count": first["persons"],
            "examples": [row["person_id"] for row in rows],
            "records": first["records"],
            "owners": [first["one_owner"], first["other_owner"]],
        }
        filters = {"name": first["person_id"]}
        found.append(Finding("split_records", "risk", "sales", data, "lead", filters, data["count"]))
    return found
