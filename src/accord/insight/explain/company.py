"""An account's story: who it is, its leads and deals, and how much went on with it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.errors import AccordError
from accord.insight.explain.deal import deals_at
from accord.insight.explain.owner import owner_of
from accord.insight.explain.rows import is_key, known, rows_of, text
from accord.insight.leads import Filters, leads

if TYPE_CHECKING:
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine

ACCOUNT = (
    "account",
    "account_id",
    "name",
    "domain",
    "industry",
    "employees",
    "annual_revenue",
    "country",
    "region",
    "city",
    "is_customer",
    "owner_id",
    "parent_id",
    "parent",
    "created_at",
    "fields",
)
_LISTED = ("account", "closed_at", "opened_at", "touches", "activities", "last_touch_at", "last_activity_at")
_ACTIVITY = (
    "count(*) AS leads",
    "count(*) FILTER (WHERE closed_at IS NULL) AS open",
    "CAST(coalesce(sum(touches), 0) AS BIGINT) AS touches",
    "CAST(coalesce(sum(activities), 0) AS BIGINT) AS activities",
    "min(opened_at) AS first_opened_at",
    "max(last_touch_at) AS last_touch_at",
    "max(last_activity_at) AS last_activity_at",
)


class UnknownAccount(AccordError):
    """There is no account of that key, or none that may be seen."""

    code = "unknown_account"


def account(engine: Engine, scope: Scope, key: int, *, page: int = 1) -> dict[str, Any]:
    """One account that the scope may see, as far as it may see it.

    Returns `account`, `owner`, `leads` (a page of the leads list, latest stage first), `deals` (newest first)
    and `activity`: how many `leads`, `open` ones, counted human `touches` and sales `activities` there were
    with its leads, and when first and last. Raises UnknownAccount.
    """
    about = account_row(engine, scope, key)
    if about is None:
        raise UnknownAccount(f"There is no account {key}.", mend="Look for it by its name or web domain.")
    return {
        "account": known(about),
        "owner": owner_of(engine, about["owner_id"]),
        "leads": leads(engine, scope, filters=Filters(account=key), page=page),
        "deals": deals_at(engine, scope, key),
        "activity": rows_of(engine, _activity(scope), key)[0],
    }


def account_row(engine: Engine, scope: Scope, key: int | None) -> dict[str, Any] | None:
    """The columns of an account, None if there is none or it may not be seen."""
    if key is None:
        return None
    return next(iter(rows_of(engine, _about(scope), key)), None)


@lru_cache
def _about(scope: Scope) -> str:
    return text(scope.select("accounts", *ACCOUNT, of="account").where(is_key("account")))


@lru_cache
def _activity(scope: Scope) -> str:
    listed = scope.select("lead_list", *_LISTED).where(is_key("account")).subquery("listed")
    return text(exp.select(*_ACTIVITY, dialect="duckdb").from_(listed))
