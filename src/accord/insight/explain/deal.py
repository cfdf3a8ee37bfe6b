"""A deal's story: what it is worth, where it stands, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.errors import AccordError
from accord.insight.explain.people import labels
from accord.insight.explain.rows import is_key, rows_of

if TYPE_CHECKING:
    from accord.insight.leads import Scope
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
    found = _deals(engine, scope.select("deals_counted", *DEAL, of="deal").where(is_key("deal", key)))
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
    part = exp.select("deal").from_("deal_persons").where(is_key("person", person))
    query = scope.select("deals_counted", *DEAL, of="deal").where(exp.column("deal").isin(query=part))
    return _deals(engine, query)


def deals_at(engine: Engine, scope: Scope, account: int) -> list[dict[str, Any]]:
    """The deals with an account that the scope may see, newest first, each with its value."""
    return _deals(engine, scope.select("deals_counted", *DEAL, of="deal").where(is_key("account", account)))


def _deals(engine: Engine, chosen: exp.Select) -> list[dict[str, Any]]:
    query = (
        exp.select(
            "chosen.*", "worth.value", "worth.unvalued", "accounts.name AS company", "owners.name AS owner"
        )
        .from_(chosen.subquery("chosen"))
        .join("deal_values AS worth", on="chosen.deal = worth.deal", join_type="left")
        .join("accounts", on="chosen.account = accounts.account", join_type="left")
        .join("owner_names AS owners", on="chosen.owner_id = owners.owner_id", join_type="left")
        .order_by("chosen.created_at DESC NULLS LAST", "chosen.deal", dialect="duckdb")
    )
    return rows_of(engine, query)


def _people(engine: Engine, scope: Scope, key: int) -> list[dict[str, Any]]:
    """Who takes part, the main person first: `{person, label, role, main}`."""
    query = scope.select("deal_persons", "person", "role", "main", of="person").where(is_key("deal", key))
    rows = rows_of(engine, query.order_by("main DESC", "at", "person", dialect="duckdb"))
    called = labels(engine, scope, [row["person"] for row in rows])
    return [{**row, "label": called[row["person"]]} for row in rows]
