"""Adds to a file's rows columns looked up by key in another file of the same export (`join`)."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from accord.ledger.engine import DuckDBEngine
from accord.sources.mapping import Join, Mapping
from accord.sources.raw import Raw
from accord.sources.sql import call, column, make, named, number, select, size
from accord.sources.text_files import FileError
from accord.sources.values import cleaned, moment


def look_up(engine: DuckDBEngine, raw: Raw, join: Join, other: Raw, mapping: Mapping) -> Raw:
    """The file with the join's columns added; a row without a match has none of them. Raises FileError."""
    raw.check(join.on)
    other.check([*join.on.values(), *join.columns.values(), *([join.latest] if join.latest else [])])
    _whole(engine, other)
    name = f"{raw.table}_{len(raw.headers)}"
    added = [f"c{len(raw.headers) + n}" for n in range(1, len(join.columns) + 1)]
    left = exp.Column(this=exp.Star(), table=exp.to_identifier("l"))
    query = (
        exp.select(left, *(exp.column(c, table="r", quoted=True) for c in added))
        .from_(exp.to_table(raw.table).as_("l"))
        .join(
            _newest(join, other, added, mapping).subquery("r"),
            on=_same_key(raw, join, mapping),
            join_type="left",
        )
    )
    make(engine, name, query)
    make(engine, f"{name}_rejects", select(exp.Star(), source=raw.rejects))
    return replace(
        raw, table=name, headers=(*raw.headers, *join.columns), looked_up=raw.looked_up + len(join.columns)
    )


def _whole(engine: DuckDBEngine, other: Raw) -> None:
    if broken := size(engine, other.rejects):
        raise FileError(
            f"{other.path} has {broken} broken lines, and other rows are looked up in it.",
            mend="Mend them, or export the file again.",
            file=str(other.path),
        )


def _same_key(raw: Raw, join: Join, mapping: Mapping) -> exp.Expr:
    return exp.and_(
        *(
            exp.EQ(
                this=cleaned(exp.column(raw.column(mine), table="l", quoted=True), mapping.missing),
                expression=exp.column(f"_key{number}", table="r", quoted=True),
            )
            for number, mine in enumerate(join.on)
        )
    )


def _newest(join: Join, other: Raw, added: list[str], mapping: Mapping) -> exp.Select:
    """One row a key: the one latest by the join's column, else the last of the file."""
    keys = [cleaned(column(other.column(theirs)), mapping.missing) for theirs in join.on.values()]
    order = [exp.Ordered(this=column("_row"), desc=True)]
    if join.latest:
        when = cleaned(column(other.column(join.latest)), mapping.missing)
        for value in (moment(when, mapping.dates, mapping.zone), when.copy()):
            order.insert(-1, exp.Ordered(this=value, desc=True, nulls_first=False))
    ranked = exp.Window(
        this=call("row_number"), partition_by=[key.copy() for key in keys], order=exp.Order(expressions=order)
    )
    return (
        exp.select(
            *(named(key, f"_key{number}") for number, key in enumerate(keys)),
            *(
                named(column(other.column(theirs)), name)
                for name, theirs in zip(added, join.columns.values(), strict=True)
            ),
        )
        .from_(exp.to_table(other.table))
        .qualify(exp.EQ(this=ranked, expression=number(1)))
    )
