"""The leads list: a page of it, all of it for a file, and what it can be filtered by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from accord.errors import AccordError
from accord.insight.leads.filters import Filters

if TYPE_CHECKING:
    import pyarrow as pa

    from accord.insight.leads.scope import Scope
    from accord.ledger.engine import Engine

COLUMNS = (
    "lead",
    "person",
    "account",
    "cycle_no",
    "person_id",
    "name",
    "email",
    "job_title",
    "company",
    "domain",
    "segment",
    "persona",
    "channel",
    "campaign",
    "lead_source",
    "stage",
    "stage_at",
    "opened_at",
    "closed_at",
    "closed_by",
    "score",
    "fit",
    "engagement",
    "owner_id",
    "owner_name",
    "owner_email",
    "qualified_at",
    "first_contact_at",
    "hours_to_contact",
    "touches",
    "last_touch_at",
    "activities",
    "last_activity_at",
    "verdict",
    "verdict_reason",
    "verdict_at",
    "never_contacted",
    "overdue",
    "worked_by_two",
    "missing",
)
"""Columns of a row of the list, besides `label`; it can be ordered by each of them."""

ORDERED_BY = {"stage": "stage_no", "name": "text", "label": "text"}
"""Columns that stand in for others in an order: the order of the stages, names whatever their case."""

NEWEST_FIRST = "-stage_at"


class UnknownOrder(AccordError):
    """The list was to be ordered by a column it does not have."""

    code = "unknown_order"


@dataclass(frozen=True)
class LeadPage:
    """One page of the list: its rows, and of how many leads in `total`; pages count from 1."""

    rows: list[dict[str, Any]]
    total: int
    page: int
    size: int


def leads(
    engine: Engine,
    scope: Scope,
    *,
    filters: Filters | None = None,
    order: str = NEWEST_FIRST,
    page: int = 1,
    size: int = 50,
) -> LeadPage:
    """The leads that the scope may see and the filters match, in order.

    Rows have COLUMNS and `label`, what to call the lead: its name, else its e-mail address, else `Lead` and
    its key. `order` is a column, descending with a minus before it; empty values come last either way, and
    equals by lead. Raises UnknownOrder. Reads lead_list.
    """
    asked = filters or Filters()
    rows = engine.query(_page(scope, asked, order), [size, (page - 1) * size]).to_pylist()
    totals = [row.pop("total") for row in rows]
    if not totals and page > 1:
        # Past the last page there is no row that could tell.
        totals = list(counts(engine, scope, {"all": asked}).values())
    return LeadPage(rows, totals[0] if totals else 0, page, size)


def all_leads(
    engine: Engine, scope: Scope, *, filters: Filters | None = None, order: str = NEWEST_FIRST
) -> Iterator[pa.RecordBatch]:
    """All rows of the same list as Arrow batches, to be written to a file. Raises UnknownOrder."""
    rows = exp.select(*COLUMNS, _label()).from_(_wanted(scope, filters)).order_by(*_ordering(order))
    yield from engine.query(_sql(rows)).to_batches()


def counts(engine: Engine, scope: Scope, asked: Mapping[str, Filters]) -> dict[str, int]:
    """How many of the leads that the scope may see match each of these filters, by name. Reads lead_list."""
    numbers = [
        exp.alias_(exp.func("count_if", filters.condition()), name, quoted=True)
        for name, filters in asked.items()
    ]
    [found] = engine.query(_sql(exp.select(*numbers).from_(_seen(scope)))).to_pylist()
    return {name: int(number or 0) for name, number in found.items()}


def facets(engine: Engine, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """What the scope's leads can be filtered by: stage, channel, segment, campaign, owner.

    Each a list of `{value, label, leads}`, most leads first; stages in the agreement's order; value None for
    leads without one. Owners, labelled by name, only for who may see personal data. Reads lead_facets and
    stages.
    """
    query = (
        exp.select(
            "facet", "value", "max(coalesce(label, value)) AS label", "sum(leads) AS leads", dialect="duckdb"
        )
        .from_("lead_facets")
        .where(scope.sees())
        .group_by("facet", "value")
        .order_by("leads DESC", "value NULLS LAST", dialect="duckdb")
    )
    names = ("stage", "channel", "segment", "campaign", *(("owner",) if scope.personal else ()))
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for row in engine.query(_sql(query)).to_pylist():
        if row["facet"] in found:
            found[row["facet"]].append(
                {"value": row["value"], "label": row["label"], "leads": int(row["leads"])}
            )
    stages = [row["stage"] for row in engine.query("SELECT stage FROM stages ORDER BY stage_no").to_pylist()]
    found["stage"].sort(key=lambda row: stages.index(row["value"]) if row["value"] in stages else -1)
    return found


@lru_cache(maxsize=256)
def _page(scope: Scope, filters: Filters, order: str) -> str:
    """The SQL of a page by its size and offset, kept since it takes longer to write than to run.

    The leads wanted are looked for once, by few columns; they are counted and put in order, and only the rows
    of the page are read whole.
    """
    by, condition = _ordered_by(order), filters.condition()
    narrow = sorted({"lead", by, *(column.name for column in condition.find_all(exp.Column))})
    seen = scope.select("lead_list", *narrow).subquery("seen", copy=False)
    wanted = exp.select(*sorted({"lead", by})).from_(seen, copy=False).where(condition, copy=False)
    keys = exp.select("lead").from_("wanted").order_by(*_ordering(order), copy=False)
    keys = keys.limit(exp.Placeholder(), copy=False).offset(exp.Placeholder(), copy=False)
    total = exp.select("count(*)", dialect="duckdb").from_("wanted").subquery(copy=False)
    # Built without copies of its parts, which would take most of the time.
    return _sql(
        exp.select(*COLUMNS, _label(), exp.alias_(total, "total", copy=False))
        .with_("wanted", as_=wanted, materialized=True, copy=False)
        .with_("keys", as_=keys, materialized=True, copy=False)
        .from_(_seen(scope), copy=False)
        .where(exp.column("lead").isin(query=exp.select("lead").from_("keys"), copy=False), copy=False)
        .order_by(*_ordering(order), copy=False)
    )


def _seen(scope: Scope) -> exp.Subquery:
    columns = (*COLUMNS, "stage_no", "text")
    return scope.select("lead_list", *columns).subquery("seen", copy=False)


def _wanted(scope: Scope, filters: Filters | None) -> exp.Subquery:
    condition = (filters or Filters()).condition()
    return exp.select("*").from_(_seen(scope)).where(condition).subquery("wanted")


def _ordered_by(order: str) -> str:
    name = order.removeprefix("-")
    if name not in (*COLUMNS, "label"):
        raise UnknownOrder(f"The list has no column {name}.", mend=f"Choose from {', '.join(COLUMNS)}.")
    return ORDERED_BY.get(name, name)


def _ordering(order: str) -> list[exp.Expr]:
    by = exp.Ordered(this=exp.column(_ordered_by(order)), desc=order.startswith("-"), nulls_first=False)
    return [by, exp.Ordered(this=exp.column("lead"), desc=False, nulls_first=False)]


def _label() -> exp.Expr:
    neutral = exp.func("concat", exp.Literal.string("Lead "), exp.column("lead"))
    return exp.alias_(exp.func("coalesce", exp.column("name"), exp.column("email"), neutral), "label")


def _sql(query: exp.Query) -> str:
    return query.sql(dialect="duckdb", copy=False)
