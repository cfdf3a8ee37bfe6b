"""What a person did and what was done with them, newest first, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.insight.explain.rows import is_key, rows_of

if TYPE_CHECKING:
    from accord.insight.leads import Scope
    from accord.ledger.engine import Engine

SHOWN = 50

COLUMNS = (
    "fact_id",
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
) -> list[dict[str, Any]]:
    """Events of a person that the scope may see, newest first, the most recent `limit` of those before one.

    `before` is the `fact_id` of the last event shown already. Rows as in `timeline`, with the seller's
    name in `owner`. Reads timeline, owner_names and owned.
    """
    mine = scope.select("timeline", *COLUMNS, of="person").where(is_key("person", person))
    # Materialized: what stands in one place of a sorted file is read once, and ordered in memory.
    query = (
        exp.select("mine.*", "owners.name AS owner", dialect="duckdb")
        .with_("mine", mine, materialized=True)
        .from_("mine")
        .join(
            "owner_names AS owners", on="mine.owner_id = owners.owner_id", join_type="left", dialect="duckdb"
        )
        .order_by('mine."at" DESC', "mine.fact_id", dialect="duckdb")
        .limit(limit)
    )
    if before is not None:
        query = query.join(
            exp.select("at", "fact_id")
            .from_("mine")
            .where(exp.column("fact_id").eq(before))
            .subquery("shown"),
            on='mine."at" < shown."at" OR (mine."at" = shown."at" AND mine.fact_id > shown.fact_id)',
            dialect="duckdb",
        )
    return rows_of(engine, query)
