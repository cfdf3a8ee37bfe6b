"""What to call people: by name or address, or by a neutral label where personal data may not be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from accord.insight.explain.rows import rows_of, text

if TYPE_CHECKING:
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine


def label(person: Mapping[str, Any], newest_lead: int | None) -> str:
    """The name of a row of `people`, else the e-mail address, else `Lead` and the key of the newest lead."""
    name = " ".join(filter(None, (person["first_name"], person["last_name"])))
    neutral = f"Person {person['person']}" if newest_lead is None else f"Lead {newest_lead}"
    return name or person["email"] or neutral


def labels(engine: Engine, scope: Scope, people: Sequence[int]) -> dict[int, str]:
    """What to call each of these people, all of whom the scope may see."""
    leads = {row["person"]: row["lead"] for row in rows_of(engine, _NEWEST_LEADS, list(people))}
    rows = rows_of(engine, _named(scope), list(people))
    return {row["person"]: label(row, leads.get(row["person"])) for row in rows}


_NEWEST_LEADS = (
    "SELECT person, max(lead) AS lead FROM leads WHERE person IN (SELECT unnest(?)) GROUP BY person"
)


@lru_cache
def _named(scope: Scope) -> str:
    query = scope.read("people", "person", "first_name", "last_name", "email")
    return text(query.where("person IN (SELECT unnest(?))", dialect="duckdb"))
