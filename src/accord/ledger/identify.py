"""Gives staged rows their identity (subject, fact id, month) and finds those the ledger does not hold yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from accord.ledger.engine import Step
from accord.ledger.store import BEGINNING, PARTITION
from accord.ledger.tables import Table

SEPARATOR = "\x1f"
"""Between the values of a fact id's text; a control character, so it does not occur in readers' text."""
COMPARED = [Step.from_file(__package__, name) for name in ("known_facts", "revised", "repeated_facts")]
"""Set `identified` against `existing` (its months), `existing_all` and `withdrawals`; small tables."""

NEW_FACTS = Step.from_file(__package__, "new_facts")
"""The rows to append, from `identified` and what it was compared with."""

COUNTS = Step.from_file(__package__, "append_counts")


@dataclass(frozen=True)
class Batch:
    """A staged table of rows for a fact table, and how it came.

    `mapped`: it has the column `mapped_derived`, what a mapping itself said of columns that are otherwise
    worked out (a touch's channel, say); a corrected one makes another fact.
    """

    table: Table
    staged: str
    load_id: str
    recorded_at: datetime
    history: bool
    mapped: bool = False

    @property
    def identity_columns(self) -> tuple[str, ...]:
        """The columns whose values make a fact's id."""
        return (*self.table.identity_columns, *(("mapped_derived",) if self.mapped else ()))


def steps(batch: Batch) -> list[Step]:
    """The step that makes `identified`: the staged rows with all common columns and the partition column."""
    table, history = batch.table, batch.history
    recorded = exp.cast(exp.Literal.string(batch.recorded_at.isoformat(sep=" ")), "TIMESTAMP")
    occurred = exp.func("coalesce", exp.column("occurred_at"), recorded)
    deleted = exp.func("coalesce", exp.column("deleted"), exp.false())
    subject = _md5(_joined([exp.column(c) for c in ("source", "object", "source_id")], ":"))
    state = [subject, _values(batch), exp.cast(deleted, "VARCHAR")]
    common: dict[str, exp.Expr] = {
        "fact_id": _md5(_joined(state, SEPARATOR)),
        "subject": subject,
        "source": exp.column("source"),
        "object": exp.column("object"),
        "source_id": exp.column("source_id"),
        "twin": exp.column("twin"),
        "deleted": deleted,
        "occurred_at": occurred,
        "source_updated_at": exp.column("source_updated_at"),
        "recorded_at": recorded,
        "history": exp.convert(history),
        "known_at": occurred if history else recorded,
        "assumed": exp.func("coalesce", exp.column("assumed"), exp.false()),
        "load_id": exp.Literal.string(batch.load_id),
        "known_if_first": _known_if_first(table, occurred) if history else recorded,
        PARTITION: _month(table),
    }
    query = exp.select(
        *(exp.alias_(value.copy(), name) for name, value in common.items()),
        *(exp.column(column.name) for column in table.columns),
    ).from_(_with_ids(batch).subquery("with_ids"))
    return [Step.from_expression("identified", query)]


def _known_if_first(table: Table, occurred: exp.Expr) -> exp.Expr:
    """Since when the first state of a subject was known, in history.

    An event since it happened. A record since it was made; where the tool does not say when (no date, or only
    that of the last change), from the beginning.
    """
    if table.grain == "event":
        return occurred
    only_changed = exp.column("occurred_at").eq(exp.column("source_updated_at"))
    undated = exp.or_(exp.column("occurred_at").is_(exp.null()), only_changed)
    beginning = exp.cast(exp.Literal.string(BEGINNING.isoformat(sep=" ")), "TIMESTAMP")
    made = [exp.column("created_at")] if "created_at" in table.names else []
    own = exp.Case().when(undated, beginning).else_(occurred)
    return exp.func("least", exp.func("coalesce", *made, own), occurred)


def _with_ids(batch: Batch) -> exp.Query:
    """The staged rows; one without an id gets md5 of its values plus its ordinal among equals of the file."""
    has_id = exp.column("source_id").is_(exp.null())
    ordinal = exp.Window(
        this=exp.func("row_number"),
        partition_by=[exp.column("file_no"), exp.column("source"), _values(batch)],
    )
    made = _joined([_md5(_values(batch)), exp.cast(ordinal, "VARCHAR")], "-")
    star = exp.Star(replace=[exp.alias_(made, "source_id")])
    named = exp.select("*").from_(batch.staged).where(exp.not_(has_id))
    return named.union(exp.select(star).from_(batch.staged).where(has_id.copy()), distinct=False)


def _values(batch: Batch) -> exp.Expr:
    """The values there are, each with its column's name: a column added later changes no old fact's id."""
    return _joined([_text(column) for column in batch.identity_columns], SEPARATOR)


def _text(column: str) -> exp.Expr:
    """`name=value`, or NULL, which joining leaves out."""
    value = exp.cast(exp.column(column), "VARCHAR")
    return exp.DPipe(this=exp.Literal.string(f"{column}="), expression=value)


def _joined(parts: list[exp.Expr], separator: str) -> exp.Expr:
    # Anonymous: sqlglot's own ConcatWs would make NULL of a text with any part missing.
    return exp.Anonymous(
        this="concat_ws", expressions=[exp.Literal.string(separator), *(part.copy() for part in parts)]
    )


def _md5(text: exp.Expr) -> exp.Expr:
    return exp.func("md5", text)


def _month(table: Table) -> exp.Expr:
    if table.grain == "record":
        return exp.Literal.string("all")
    return exp.func("left", exp.cast(exp.column("occurred_at"), "VARCHAR"), exp.Literal.number(7))
