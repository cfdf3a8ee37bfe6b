"""What a person did and what was done with them, newest first, a page at a time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.explain.rows import is_key, text

if TYPE_CHECKING:
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine

SHOWN = 50

COLUMNS = (
    "at",
    "team",
    "kind",
    "channel",
    "campaign",
    "asset",
    "path",
    "form",
    "outcome",
    "direction",
    "owner_id",
    "source",
    "quality",
    "quality_reason",
    "counted",
    "uncounted_reason",
)


def events(
    engine: Engine, scope: Scope, person: int, *, before: str | None = None, limit: int = SHOWN
) -> tuple[list[dict[str, Any]], str | None]:
    """The newest events of a person whom the scope may see, and what to give as `before` for older ones.

    At least `limit` of them, if there are, with all that happened at the moment of the last; `before` is a
    moment as ISO text, and the second value None where nothing is older. Rows as in `timeline`, with the
    seller's name in `owner`. Reads timeline and owner_names.
    """
    found = engine.query(_newest_first(scope), [person, before])
    moments = found["at"].to_pylist()
    shown = limit
    while shown < len(moments) and moments[shown] == moments[shown - 1]:
        shown += 1
    return found.slice(0, shown).to_pylist(), moments[shown - 1].isoformat() if shown < len(moments) else None


@lru_cache
def _newest_first(scope: Scope) -> str:
    """All of them: with a limit, DuckDB would look through the file twice."""
    mine = scope.read("timeline", *COLUMNS).where(is_key("person"))
    asked = mine.where(_BEFORE, dialect="duckdb").subquery("mine")
    query = exp.select("mine.*", "owners.name AS owner").from_(asked)
    query = query.join("owner_names AS owners", on="mine.owner_id = owners.owner_id", join_type="left")
    return text(query.order_by(*_ORDER, dialect="duckdb"))


_BEFORE = """ "at" < coalesce(TRY_CAST(? AS TIMESTAMP), TIMESTAMP '9999-12-31') """
_ORDER = ('"at" DESC', *(f"mine.{column}" for column in COLUMNS if column != "at"))
