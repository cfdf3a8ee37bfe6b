"""Makes one entry of a mapping's `facts` over one file into a staged table: typed columns and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from accord.ledger.engine import Step
from accord.ledger.identify import SEPARATOR
from accord.ledger.tables import SQL_TYPES, Column
from accord.sources import web
from accord.sources.mapping import Facts, Mapping, Only, Value
from accord.sources.raw import Raw
from accord.sources.sql import call, case, column, first_of, is_null, joined, named, no, number, one_of, text
from accord.sources.values import (
    Cell,
    Converted,
    Problem,
    as_own_text,
    cleaned,
    convert,
    own_field,
    reference,
)

MOST_TIMES = 10_000
"""The most facts one row may become; more is taken for a wrong column."""

OWN_NAME = {"people": "person", "source_leads": "lead"}
"""Tables whose `actor` is the record's own name, with its kind."""

MAPPED_DERIVED = "mapped_derived"
"""Further column of staged touches: what the mapping says of derived columns, before the rest is filled in.
A corrected channel is another state of the touch, a channel worked out by a newer Accord is not."""

TIMES = Column("_times", "integer", "How many facts the row makes.", minimum=0)


@dataclass(frozen=True)
class Entry:
    """A staged entry: the engine's table `name` has a row per row it was made from.

    Columns: `_row`, `_reason` (NULL if fine), `_key` (the first reason without values), `_times`,
    `_names` (all names of the actor), `file_no`, the subject's columns and the fact table's own.
    """

    name: str
    facts: Facts
    raw: Raw

    @property
    def linked(self) -> bool:
        """Whether a row may name its actor in several ways, which become links."""
        return self.facts.actor is not None and len(self.facts.actor.first) > 1


def staged(name: str, facts: Facts, raw: Raw, mapping: Mapping, file_no: int) -> tuple[Entry, Step]:
    """The step that makes the entry's table from the raw one of file `file_no` of the load."""
    query = _query(facts, raw, mapping, named(number(file_no), "file_no"))
    return Entry(name, facts, raw), Step.from_expression(name, query)


def _query(facts: Facts, raw: Raw, mapping: Mapping, file_no: exp.Expr) -> exp.Query:
    used: dict[str, str] = {}

    def cell(header: str) -> exp.Expr:
        used[header] = raw.column(header)
        return column(used[header])

    id_ = _id(facts, cell)
    names = [reference(value, cell, mapping) for value in facts.actor.first] if facts.actor else []
    converted = list(_converted(facts, cell, mapping))
    values = _subject(facts, cell, mapping, id_) | {one.name: one.value for one in converted}
    values |= _implied(facts, values, names, mapping, id_)
    texts = {one.text_name: one.text for one in converted if one.problems}
    picked = [_picked(cell(header), only) for header, only in facts.only.items()]
    clean = exp.select(
        column("_row"), *_row_problem(raw), *(_clean(name, mapping) for name in sorted(set(used.values())))
    ).from_(exp.to_table(raw.table))
    valued = (
        exp.select(
            column("_row"),
            column("_broken"),
            *(named(value, name) for name, value in (values | texts).items()),
            exp.alias_(
                exp.Array(expressions=[n.copy() for n in names]) if len(names) > 1 else exp.null(), "_names"
            ),
        )
        .from_("clean")
        .where(*picked)
    )
    problems = [problem for one in converted for problem in one.problems]
    return (
        exp.select(
            column("_row"),
            file_no,
            *_reasons(problems, facts),
            column("_names"),
            *(column(name) for name in values),
            *_absent(facts, values),
            *([named(_mapped_derived(facts), MAPPED_DERIVED)] if facts.table == "touches" else []),
        )
        .from_("valued")
        .with_("clean", as_=clean)
        .with_("valued", as_=valued)
    )


def _mapped_derived(facts: Facts) -> exp.Expr:
    """`channel=Email` and so on for each derived column that the mapping sets; NULL if it sets none."""
    mapped = [c.name for c in facts.definition.columns if c.derived and c.name in facts.set]
    if not mapped:
        return no()
    parts = [joined(text(f"{name}="), column(name)) for name in mapped]
    return call("nullif", call("concat_ws", text(SEPARATOR), *parts), text(""))


def _clean(name: str, mapping: Mapping) -> exp.Expr:
    return named(cleaned(column(name), mapping.missing), name)


def _row_problem(raw: Raw) -> list[exp.Expr]:
    """What is wrong with a row as such, before any of its values."""
    problems = []
    if raw.has_nul:
        cells = call("concat", *(column(name) for name in raw.columns))
        nul = call("contains", cells, call("chr", number(0)))
        problems.append((nul, text("the row holds a NUL byte")))
    if raw.text_column:
        left = call("coalesce", column(raw.text_column), text(""))
        unmended = exp.NEQ(this=left, expression=text(""))
        problems.append(
            (unmended, text("`_text` is still there: put its values into their columns, then empty it"))
        )
    return [exp.alias_(case(*problems) if problems else no(), "_broken")]


def _picked(cell: exp.Expr, only: Only) -> exp.Expr:
    words = [word for word in only.of if word is not None]
    parts = [one_of(call("lower", cell), [word.casefold() for word in words])] if words else []
    if None in only.of:
        parts.append(is_null(cell.copy()))
    holds = call("coalesce", exp.or_(*parts), exp.false())
    return exp.not_(holds) if only.is_not else holds


def _id(facts: Facts, cell: Cell) -> exp.Expr | None:
    if not facts.id:
        return None
    cells = [cell(name) for name in facts.id]
    parts = [part for one in cells for part in (text(":"), one)][1:]
    return joined(*parts) if len(parts) > 1 else cells[0]


def _subject(facts: Facts, cell: Cell, mapping: Mapping, id_: exp.Expr | None) -> dict[str, exp.Expr]:
    null = no()
    twin = facts.twin
    return {
        "source": text(mapping.source),
        "object": text(facts.kind),
        "source_id": id_.copy() if id_ is not None else null,
        "twin": joined(text(f"{twin.source}:{twin.object}:"), cell(twin.id)) if twin else null,
        "assumed": exp.convert(facts.assumed),
    }


def _converted(facts: Facts, cell: Cell, mapping: Mapping) -> Iterator[Converted]:
    table = facts.definition
    moments = {"occurred_at": facts.at, "source_updated_at": facts.updated, "deleted": facts.deleted}
    for name, value in moments.items():
        if value:
            known = table.column(name)
            needed = name == "occurred_at" and table.grain == "event"
            target = Column(known.name, known.type, known.doc, required=needed)
            yield convert(value, target, cell, mapping)
    for name, value in facts.set.items():
        yield convert(value, table.column(name), cell, mapping)
    if facts.times:
        yield convert(Value.model_validate(facts.times), TIMES, cell, mapping)
    if facts.fields:
        own = {name: own_field(name, value, cell, mapping) for name, value in facts.fields.items()}
        texts = {name: as_own_text(facts.fields[name], one.value, mapping) for name, one in own.items()}
        yield Converted("fields", _json(texts), exp.null())
        for one in own.values():
            if one.problems:
                yield one


def _json(values: dict[str, exp.Expr]) -> exp.Expr:
    """A JSON object of text, keys in order, without the keys that have no value; NULL if none has."""
    pairs = [
        joined(text(f'"{name}":'), exp.cast(call("to_json", value), "VARCHAR"))
        for name, value in sorted(values.items())
    ]
    inner = call("nullif", call("concat_ws", text(","), *pairs), text(""))
    return joined(text("{"), inner, text("}"))


def _implied(
    facts: Facts, values: dict[str, exp.Expr], names: list[exp.Expr], mapping: Mapping, id_: exp.Expr | None
) -> dict[str, exp.Expr]:
    """Values that follow from others: the actor, a record's moment, the parts of a web address."""
    implied: dict[str, exp.Expr] = {}
    if names:
        implied["actor"] = first_of([name.copy() for name in names])
    if facts.table in OWN_NAME and id_ is not None:
        implied["actor"] = joined(text(f"{mapping.source}:{OWN_NAME[facts.table]}:"), id_.copy())
    if "occurred_at" not in values:
        moments = [values[name].copy() for name in ("source_updated_at", "created_at") if name in values]
        implied["occurred_at"] = first_of(moments) if moments else no("TIMESTAMP")
    if facts.table == "touches" and "url" in values:
        implied |= web.parts(values["url"], set(values))
    return implied


def _reasons(problems: list[Problem], facts: Facts) -> list[exp.Expr]:
    if facts.id:
        missing = is_null(column("source_id"))
        problems = [Problem(", ".join(facts.id), "has no id", missing), *problems]
    if (actor := _actor_needed(facts)) is not None:
        problems = [*problems, Problem(actor, "names no one", is_null(column("actor")))]
    if facts.times:
        many = exp.GT(this=column("_times"), expression=number(MOST_TIMES))
        problems = [
            *problems,
            Problem(facts.times, f"is more than {MOST_TIMES}", many, column("_text__times")),
        ]
    problems = _once(problems)
    reasons = [column("_broken"), *(problem.reason() for problem in problems)]
    all_reasons = call("nullif", call("concat_ws", text("; "), *reasons), text(""))
    first = call("coalesce", column("_broken"), *(case((p.holds.copy(), text(p.key))) for p in problems))
    return [exp.alias_(all_reasons, "_reason"), exp.alias_(first, "_key")]


def _once(problems: list[Problem]) -> list[Problem]:
    """One problem a key: a column that feeds two values is complained of once."""
    merged: dict[str, Problem] = {}
    for problem in problems:
        if (known := merged.get(problem.key)) is not None:
            problem = replace(known, holds=exp.or_(known.holds, problem.holds))
        merged[problem.key] = problem
    return list(merged.values())


def _actor_needed(facts: Facts) -> str | None:
    """The columns that name the actor, if the table cannot do without one."""
    if facts.actor is None or not facts.definition.column("actor").required:
        return None
    return ", ".join(name for value in facts.actor.first for name in value.columns)


def _absent(facts: Facts, values: dict[str, exp.Expr]) -> list[exp.Expr]:
    """The columns the entry says nothing of, as NULLs of their type."""
    table = facts.definition
    names = ["deleted", "occurred_at", "source_updated_at", *(c.name for c in table.columns)]
    types = {name: SQL_TYPES[table.column(name).type] for name in names}
    if "_times" not in values:
        types["_times"] = "BIGINT"
    return [named(no(kind), name) for name, kind in types.items() if name not in values]
