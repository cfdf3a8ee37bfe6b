"""What to call people: by name or address, or by a neutral label where personal data may not be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.explain.rows import rows_of

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
    chosen = exp.column("person").isin(*map(exp.convert, people))
    newest = exp.select("person", "max(lead) AS lead").from_("leads").where(chosen).group_by("person")
    leads = {row["person"]: row["lead"] for row in rows_of(engine, newest)}
    named = scope.read("people", "person", "first_name", "last_name", "email").where(chosen)
    return {row["person"]: label(row, leads.get(row["person"])) for row in rows_of(engine, named)}
