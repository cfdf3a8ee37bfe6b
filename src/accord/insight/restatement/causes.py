"""Why a number differs from what it was when sealed: every fact learnt since belongs to one cause."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlglot import exp

from accord.ledger.engine import Engine
from accord.ledger.facts import Reading, moment
from accord.ledger.tables import FACTS


class Cause(StrEnum):
    """What made a number change."""

    LOOK_BACK = "look-back still open"
    """Time went on: what happened since reaches back, as a deal won by a lead of the period does."""
    LATE = "late fact"
    """It had happened before, and was learnt only afterwards."""
    COST = "cost correction"
    """Spend or a rate of a day before the sealing came, or changed, afterwards."""
    MERGE = "merge or un-merge"
    """Two records were joined, taken apart or kept apart."""
    TAKEN_BACK = "load taken back"
    """A load that had counted was undone."""
    AGREEMENT = "agreement version"
    """Another version of the agreement judges now."""
    NOT_ITEMISED = "not itemised"
    """The facts known then do not give the sealed number any more: the settings or Accord changed, or a load
    ran while the sealed build did."""


CAUSES = (Cause.LOOK_BACK, Cause.LATE, Cause.COST, Cause.MERGE, Cause.TAKEN_BACK, Cause.AGREEMENT)
"""The causes in the order in which they are let in, one on top of the others."""

COSTS = ("spend", "rates")


@dataclass(frozen=True)
class Since:
    """The span in which something was learnt: after the sealed build, up to today's (naive UTC)."""

    sealed: datetime
    now: datetime

    def reading(self, let_in: Collection[Cause]) -> Reading:
        """What was known when sealed, and of what was learnt since only what belongs to the causes let in."""
        known = exp.column("recorded_at") <= moment(self.sealed)
        until = self.now if Cause.TAKEN_BACK in let_in else self.sealed

        def seen(table: str) -> exp.Condition:
            wanted = _cause(table, self.sealed).isin(*(exp.Literal.string(cause) for cause in let_in))
            return exp.or_(known, exp.and_(self._learnt(), wanted)) if let_in else known

        return Reading(seen, exp.column("withdrawn_at") <= moment(until))

    def _learnt(self) -> exp.Expr:
        """The condition of a fact learnt since, of a load that still stands."""
        recorded = exp.column("recorded_at")
        return exp.and_(
            recorded > moment(self.sealed), recorded <= moment(self.now), _of_withdrawn(self.now).not_()
        )


@dataclass(frozen=True)
class Learnt:
    """How many facts of a table one load brought, or took away, that belong to a cause."""

    cause: Cause
    table: str
    load_id: str
    facts: int


def learnt_since(engine: Engine, since: Since) -> list[Learnt]:
    """What the ledger learnt in the span, by cause, table and load.

    `engine` has the ledger's `stored.*` tables, as `accord.ledger.facts.attach` makes them. Decisions are
    left out: they follow from the other facts.
    """
    found = [
        Learnt(Cause(row["cause"]), table, row["load_id"], row["facts"])
        for table in FACTS
        if table != "decisions"
        for query in _counts(table, since)
        for row in engine.query(query.sql(dialect="duckdb")).to_pylist()
    ]
    return sorted(found, key=lambda one: (CAUSES.index(one.cause), one.table, one.load_id))


def _counts(table: str, since: Since) -> Iterable[exp.Select]:
    """The facts of a table that came, and those that went with their load."""
    went = _of_withdrawn(since.sealed).not_().and_(_of_withdrawn(since.now))
    known = exp.column("recorded_at") <= moment(since.sealed)
    taken_back = exp.cast(exp.Literal.string(Cause.TAKEN_BACK), "TEXT")
    for cause, condition in ((_cause(table, since.sealed), since._learnt()), (taken_back, known.and_(went))):
        yield (
            exp.select(exp.alias_(cause, "cause"), "load_id", exp.alias_(exp.Count(this=exp.Star()), "facts"))
            .from_(f"stored.{table}")
            .where(condition)
            .group_by("1", "load_id")
        )


def _cause(table: str, sealed: datetime) -> exp.Expression:
    """The cause a fact learnt since belongs to. Decisions stand as made, so they come with late facts."""
    if table in ("links", "decisions"):
        return exp.cast(exp.Literal.string(Cause.MERGE if table == "links" else Cause.LATE), "TEXT")
    before = Cause.COST if table in COSTS else Cause.LATE
    return (
        exp.case()
        .when(_happened(table) > moment(sealed), exp.Literal.string(Cause.LOOK_BACK))
        .else_(exp.Literal.string(before))
    )


def _happened(table: str) -> exp.Condition:
    """When what a fact tells happened: of a record not known before, when the record was made."""
    occurred, created = exp.column("occurred_at"), exp.column("created_at")
    if created.name not in FACTS[table].names:
        return occurred
    made = exp.func("coalesce", created, occurred)
    return exp.case().when(exp.column("revises"), occurred).else_(made)


def _of_withdrawn(until: datetime) -> exp.Expr:
    """The condition of a fact whose load was undone by then."""
    undone = (
        exp.select("load_id").from_("stored.withdrawals").where(exp.column("withdrawn_at") <= moment(until))
    )
    return exp.column("load_id").isin(query=undone)
