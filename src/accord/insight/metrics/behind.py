"""The facts behind a KPI: the very leads, deals, costs and bookings that its number counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from accord.insight.metrics import targets
from accord.insight.rollups import FAR_FUTURE, FAR_PAST

if TYPE_CHECKING:
    from sqlglot import exp

    from accord.insight.leads import Scope
    from accord.insight.metrics.kpis import Kpi
    from accord.ledger.engine import Engine

Kind = Literal["leads", "deals", "costs", "bookings", "customers", "touches"]

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "leads": "leads",
        "contacts": "leads",
        "stages": "leads",
        "deals": "deals",
        "spend": "costs",
        "revenue": "bookings",
        "customers": "customers",
        "touches": "touches",
    }
)
"""What the facts of a measure are, by the name before its dot."""

SUMMED = ("costs", "touches")
"""Facts told as sums of many; each row says in `facts` of how many."""

_NAMED: Mapping[Kind, tuple[str, Literal["account", "deal"] | None, str, tuple[str, ...]]] = MappingProxyType(
    {
        "leads": ("lead_list", None, "lead", ("name", "company", "stage", "segment", "channel")),
        "deals": ("deals_counted", "deal", "deal", ("name",)),
        "bookings": ("accounts", "account", "account", ("name",)),
        "customers": ("accounts", "account", "account", ("name",)),
    }
)
"""Where the names of facts about people stand: the table, whose rows it has, its key and its columns."""


@dataclass(frozen=True)
class Facts:
    """The facts that one measure of a KPI counts, such as `deals.won`.

    `total` is their number, the same that the scoreboard tells; `rows` those that may be seen, newest first
    (sums: greatest first), at most as many as asked for.
    """

    measure: str
    kind: Kind
    total: int
    rows: list[dict[str, Any]]


def behind(
    engine: Engine,
    kpi: Kpi,
    scope: Scope,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    channel: str | None = None,
    segment: str | None = None,
    limit: int | None = None,
) -> list[Facts]:
    """The facts of each measure in `kpi.facts`, of the period [start, end) in naive UTC and the filters.

    Rows about leads, deals and accounts are only those within the scope, with personal data as it allows.
    """
    before = targets.before(targets.periods(engine), start, end) if start and end else None
    asked = [start or FAR_PAST, end or FAR_FUTURE, before, channel, segment]
    return [_facts(engine, measure, asked, scope, limit) for measure in kpi.facts]


def _facts(engine: Engine, measure: str, asked: list[Any], scope: Scope, limit: int | None) -> Facts:
    prefix, *stage, flag = measure.split(".")
    facts = _counted(prefix, flag, stage[0] if stage else None)
    kind = KINDS[prefix]
    count = "sum(facts)" if kind in SUMMED else "count(*)"
    total = facts.copy().select(f"{count} AS total", append=False, dialect="duckdb")
    found = engine.query(total.sql("duckdb"), asked).to_pylist()[0]["total"]
    rows = engine.query(_rows(kind, facts, scope, limit).sql("duckdb"), asked).to_pylist()
    return Facts(measure, kind, int(found or 0), rows)


def _counted(prefix: str, flag: str, stage: str | None) -> exp.Select:
    """`SELECT * FROM facts` over `behind/<prefix>.sql`, cut to what the measure counts."""
    from sqlglot import exp

    query = exp.select("facts.*").from_("facts").where(exp.column(flag))
    query = query.with_("asked", as_=_parsed("asked")).with_("facts", as_=_parsed(prefix))
    return query.where(exp.column("entered_stage").eq(stage)) if stage else query


def _parsed(name: str) -> exp.Expr:
    from sqlglot import parse_one

    text = files(__package__).joinpath("behind", f"{name}.sql").read_text(encoding="utf-8")
    return parse_one(text, dialect="duckdb")


def _rows(kind: Kind, facts: exp.Select, scope: Scope, limit: int | None) -> exp.Select:
    """The facts with their names, of those that the scope shows; in order, at most `limit`."""
    from sqlglot import exp

    if kind in SUMMED:
        query = facts.order_by(exp.Ordered(this=exp.column("facts"), desc=True))
    else:
        table, of, key, columns = _NAMED[kind]
        names = scope.select(table, key, *columns, of=of).subquery("names")
        query = facts.select(*(exp.column(name, "names") for name in columns))
        query = query.join(names, using=[key], join_type="left" if scope.owners is None else "inner")
        query = query.order_by(
            exp.Ordered(this=exp.column("at", "facts"), desc=True), exp.column(key, "facts")
        )
    return query.limit(limit) if limit is not None else query
