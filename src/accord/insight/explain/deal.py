"""A deal's story: what it is worth, where it stands, and whose it is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.errors import AccordError
from accord.insight.explain.people import labels
from accord.insight.explain.rows import is_key, rows_of, text

if TYPE_CHECKING:
    from accord.insight.leads import Scope
    from accord.insight.leads.scope import Kind
    from accord.ledger.engine import Engine

DEAL = (
    "deal",
    "deal_id",
    "name",
    "account",
    "owner_id",
    "amount",
    "currency",
    "stage",
    "status",
    "kind",
    "lost_reason",
    "campaign_id",
    "created_at",
    "closed_at",
)


class UnknownDeal(AccordError):
    """There is no deal of that key, or none that may be seen."""

    code = "unknown_deal"


def deal(engine: Engine, scope: Scope, key: int) -> dict[str, Any]:
    """One deal that the scope may see: the columns of a deal, its `value` in the workspace's currency (and
    why it has none in `unvalued`), `owner`, `company`, `found_by` (the team that found its company), and its
    `people` with their roles, as far as the scope may see them. Raises UnknownDeal.
    """
    found = _deals(engine, _chosen(scope, "deal"), key)
    if not found:
        raise UnknownDeal(f"There is no deal {key}.", mend="Look for it by its name or company.")
    source = rows_of(engine, "SELECT team FROM deal_sources WHERE deal = ?", key)
    return {
        **found[0],
        "found_by": source[0]["team"] if source else None,
        "people": _people(engine, scope, key),
    }


def deals_of(engine: Engine, scope: Scope, person: int) -> list[dict[str, Any]]:
    """The deals a person takes part in that the scope may see, newest first, each with its value."""
    return _deals(engine, _chosen(scope, "person"), person)


def deals_at(engine: Engine, scope: Scope, account: int) -> list[dict[str, Any]]:
    """The deals with an account that the scope may see, newest first, each with its value."""
    return _deals(engine, _chosen(scope, "account"), account)


@lru_cache
def _chosen(scope: Scope, by: Kind) -> str:
    """The deals of the deal, person or account given as parameter."""
    query = scope.select("deals_counted", *DEAL, of="deal")
    query = query.order_by("created_at DESC NULLS LAST", "deal", dialect="duckdb")
    if by == "person":
        part = exp.select("deal").from_("deal_persons").where(is_key("person"))
        return text(query.where(exp.column("deal").isin(query=part)))
    return text(query.where(is_key(by)))


_WORTH = "SELECT deal, value, unvalued FROM deal_values WHERE deal IN (SELECT unnest(?))"
_COMPANIES = "SELECT account, name FROM accounts WHERE account IN (SELECT unnest(?))"
_OWNERS = "SELECT owner_id, name FROM owner_names WHERE owner_id IN (SELECT unnest(?))"
_NO_WORTH = {"value": None, "unvalued": None}


def _deals(engine: Engine, chosen: str, key: int) -> list[dict[str, Any]]:
    found = rows_of(engine, chosen, key)
    if not found:
        return []
    worth = {row.pop("deal"): row for row in _others(engine, _WORTH, "deal", found)}
    companies = {row["account"]: row["name"] for row in _others(engine, _COMPANIES, "account", found)}
    owners = {row["owner_id"]: row["name"] for row in _others(engine, _OWNERS, "owner_id", found)}
    return [
        row
        | worth.get(row["deal"], _NO_WORTH)
        | {"company": companies.get(row["account"]), "owner": owners.get(row["owner_id"])}
        for row in found
    ]


def _others(engine: Engine, query: str, column: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is said elsewhere of the deals, their accounts or owners."""
    return rows_of(engine, query, list({row[column] for row in found}))


def _people(engine: Engine, scope: Scope, key: int) -> list[dict[str, Any]]:
    """Who takes part, the main person first: `{person, label, role, main}`."""
    rows = rows_of(engine, _taking_part(scope), key)
    called = labels(engine, scope, [row["person"] for row in rows])
    return [{**row, "label": called[row["person"]]} for row in rows]


@lru_cache
def _taking_part(scope: Scope) -> str:
    query = scope.select("deal_persons", "person", "role", "main", of="person").where(is_key("deal"))
    return text(query.order_by("main DESC", "at", "person", dialect="duckdb"))
