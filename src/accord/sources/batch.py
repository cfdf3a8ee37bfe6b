"""The files of one load on their way to the ledger: raw rows, staged facts, quarantine, counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from sqlglot import exp

from accord.ledger.engine import DuckDBEngine, Step
from accord.ledger.tables import FACTS
from accord.sources import quarantine
from accord.sources.lookup import look_up
from accord.sources.mapping import Facts, File, Join, Mapping, Value
from accord.sources.raw import Raw
from accord.sources.readers import plain_name, read
from accord.sources.sql import (
    all_of,
    call,
    column,
    count,
    drop,
    fetch,
    is_null,
    joined,
    make,
    named,
    no,
    not_null,
    number,
    rename,
    select,
    size,
    text,
)
from accord.sources.stage import MAPPED_DERIVED, Entry, staged
from accord.sources.text_files import FileError

SUBJECT = ("source", "object", "source_id", "twin", "deleted", "occurred_at", "source_updated_at", "assumed")
UNSELECTED = "not selected by `only`"
NO_TIMES = "`times` is 0"


@dataclass
class Counts:
    """What became of the rows offered to one fact table, by reason."""

    loaded: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def skip(self, reason: str, rows: int) -> None:
        """Count rows that need not be loaded."""
        if rows:
            self.skipped[reason] += rows


class Batch:
    """Reads the files one by one and keeps what they give until it is appended."""

    def __init__(
        self, engine: DuckDBEngine, mapping: Mapping, files: list[Path], scratch: Path, folder: Path
    ) -> None:
        self.engine, self.mapping, self.files = engine, mapping, files
        self.scratch, self.folder = scratch, folder
        self.counts: defaultdict[str, Counts] = defaultdict(Counts)
        self.quarantined: list[Path] = []
        self._staged: defaultdict[str, list[exp.Query]] = defaultdict(list)
        self._links: list[exp.Query] = []
        self._whole: dict[str, str] = {}

    def take(self, number: int) -> None:
        """Read file `number` and stage all facts made from it. Raises FileError."""
        path = self.files[number]
        name, _, sheet = plain_name(path).partition("#")
        for index, file in enumerate(self.mapping.files):
            if fnmatch(name.lower(), file.match.lower()) and (not sheet or file.sheet == sheet):
                self._take(path, file, f"f{number}_{index}", number)

    def tables(self) -> list[str]:
        """The fact tables that got rows, in the order of the ledger."""
        return [table for table in FACTS if table in self._staged or (table == "links" and self._links)]

    def staged(self, table: str) -> str:
        """Make the engine's table (or view) of all rows staged for a fact table; its name."""
        queries = self._staged[table] + (self._links if table == "links" else [])
        union = all_of(queries)
        name = f"staged_{table}"
        if len(queries) == 1 and table in self._whole:
            rename(self.engine, self._whole[table], name)
        elif table in ("touches", "links"):
            make(self.engine, name, union)
        else:
            view = exp.Create(this=exp.to_table(name), kind="VIEW", replace=True, expression=union)
            self.engine.command(Step.from_expression(name, view))
        return name

    def _take(self, path: Path, file: File, name: str, number: int) -> None:
        raw = self._read(path, file, name)
        for join in file.join:
            raw = look_up(self.engine, raw, join, self._other(join, name), self.mapping)
        raw.check(columns_read(file))
        entries = []
        for index, facts in enumerate(file.facts):
            entry, step = staged(f"{name}_e{index}", facts, raw, self.mapping, number)
            self.engine.run([step])
            self._refuse_conflicts(entry)
            entries.append(entry)
        bad = self._bad(raw, entries, f"{name}_bad")
        self._count(raw, entries, bad)
        if bad or size(self.engine, raw.rejects):
            self.quarantined.append(quarantine.write(self.engine, raw, entries, bad, self.folder))
        for entry in entries:
            self._staged[entry.facts.table].append(_selected(entry, bad))
            if not bad and not entry.facts.times and not entry.linked:
                self._whole[entry.facts.table] = entry.name
            if entry.linked:
                self._links.append(_links(entry, bad, self.mapping))
        drop(self.engine, raw.table)

    def _read(self, path: Path, file: File | None, name: str) -> Raw:
        return read(
            self.engine,
            path,
            name,
            self.scratch,
            sheet=file.sheet if file else None,
            delimiter=file.delimiter if file else None,
            encoding=self.mapping.encoding,
        )

    def _other(self, join: Join, name: str) -> Raw:
        others = [p for p in self.files if fnmatch(plain_name(p).lower(), join.file.lower())]
        if len(others) != 1:
            found = ", ".join(p.name for p in others) or "none"
            raise FileError(
                f"`join` needs one file that matches {join.file}; found: {found}.",
                mend="Load the files of one export together.",
            )
        return self._read(others[0], None, f"{name}_other")

    def _refuse_conflicts(self, entry: Entry) -> None:
        """Give a reason to rows that say different things of one record as of one moment."""
        if not entry.facts.id:
            return
        make(self.engine, "twice", _ids_twice(entry))
        if not size(self.engine, "twice"):
            return
        make(self.engine, "conflicts", _conflicts(entry))
        if size(self.engine, "conflicts"):
            self.engine.command(Step.from_expression("refuse_conflicts", _refused(entry)))

    def _bad(self, raw: Raw, entries: list[Entry], name: str) -> str | None:
        """The table of refused rows (`_row`, `_reason`, `_key`, `_table`), None if there are none."""
        parts = [
            select(
                column("_row"),
                column("_reason"),
                column("_key"),
                named(text(entry.facts.table), "_table"),
                source=entry.name,
            ).where(not_null(column("_reason")))
            for entry in entries
        ]
        query = (
            exp.select(
                column("_row"),
                named(_in_order("_reason", "; "), "_reason"),
                named(call("min", column("_key")), "_key"),
                named(_in_order("_table", ", "), "_table"),
            )
            .from_(all_of(parts).subquery("refused"))
            .group_by(column("_row"))
        )
        make(self.engine, name, query)
        return name if size(self.engine, name) else None

    def _count(self, raw: Raw, entries: list[Entry], bad: str | None) -> None:
        total = size(self.engine, raw.table)
        by_reason = select(column("_reason"), count(), source=raw.rejects).group_by(column("_reason"))
        rejected = dict(fetch(self.engine, by_reason))
        for table in dict.fromkeys(entry.facts.table for entry in entries):
            counts = self.counts[table]
            counts.quarantined.update(rejected)
            query = _outcomes([entry for entry in entries if entry.facts.table == table], bad)
            selected = 0
            for key, makes_none, rows in fetch(self.engine, query):
                selected += rows
                if key is not None:
                    counts.quarantined[key] += rows
                elif makes_none:
                    counts.skip(NO_TIMES, rows)
            counts.skip(UNSELECTED, total - selected)


def _ids_twice(entry: Entry) -> exp.Query:
    return (
        select(column("source_id"), source=entry.name)
        .where(not_null(column("source_id")), is_null(column("_reason")))
        .group_by(column("source_id"))
        .having(exp.GT(this=count(), expression=number(1)))
    )


def _conflicts(entry: Entry) -> exp.Query:
    """Of the ids that stand twice, those with different values as of one moment."""
    own = [column(c.name) for c in FACTS[entry.facts.table].columns]
    state = call("hash", *(column(name) for name in ("twin", "deleted", "occurred_at", "_times")), *own)
    twice = select(column("source_id"), source="twice").subquery()
    states = exp.Count(this=exp.Distinct(expressions=[state]))
    return (
        select(column("source_id"), column("source_updated_at"), source=entry.name)
        .where(exp.In(this=column("source_id"), query=twice))
        .group_by(column("source_id"), column("source_updated_at"))
        .having(exp.GT(this=states, expression=number(1)))
    )


def _refused(entry: Entry) -> exp.Update:
    ids = ", ".join(entry.facts.id)
    what = "stands in several rows that differ"
    reason = joined(text(f"column {ids}: '"), column("source_id"), text(f"' {what}"))
    same = [
        exp.NullSafeEQ(
            this=exp.column(name, table="conflicts", quoted=True),
            expression=exp.column(name, table=entry.name, quoted=True),
        )
        for name in ("source_id", "source_updated_at")
    ]
    return exp.Update(
        this=exp.to_table(entry.name),
        expressions=[
            exp.EQ(this=column("_reason"), expression=reason),
            exp.EQ(this=column("_key"), expression=text(f"column {ids}: {what}")),
        ],
        where=exp.Where(this=exp.Exists(this=select(number(1), source="conflicts").where(*same))),
    )


def columns_read(file: File) -> list[str]:
    """The columns of the file that its facts are made from."""
    names: list[str] = []
    for facts in file.facts:
        values: list[Value | None] = [facts.at, facts.updated, facts.deleted]
        values += [*facts.set.values(), *facts.fields.values(), *(facts.actor.first if facts.actor else ())]
        names += [name for value in values if value for name in value.columns]
        names += [*facts.id, *facts.only, *((facts.times,) if facts.times else ())]
        names += [facts.twin.id] if facts.twin else []
    return list(dict.fromkeys(names))


def _in_order(name: str, between: str) -> exp.Expr:
    """The distinct texts of a group, in order, with a sign between."""
    return call(
        "array_to_string", call("list_sort", call("list_distinct", call("list", column(name)))), text(between)
    )


def _times(facts: Facts) -> exp.Expr:
    return call("coalesce", column("_times"), number(0)) if facts.times else number(1)


def _outcomes(entries: list[Entry], bad: str | None) -> exp.Query:
    """Rows of the file by what became of them in one table: reason's key, whether they make no fact, rows."""
    parts = [
        exp.select(column("_row"), named(_times(entry.facts), "_n")).from_(exp.to_table(entry.name))
        for entry in entries
    ]
    rows = all_of(parts)
    if len(entries) > 1:
        rows = (
            exp.select(column("_row"), named(call("sum", column("_n")), "_n"))
            .from_(rows.subquery("every"))
            .group_by(column("_row"))
        )
    query = exp.select().from_(rows.subquery("made"))
    key: exp.Expr = exp.null()
    if bad:
        query = query.join(exp.to_table(bad), using=["_row"], join_type="left")
        key = exp.column("_key", table=bad)
    none = exp.EQ(this=column("_n"), expression=number(0))
    return query.select(named(key, "key"), named(none, "none"), count()).group_by(number(1), number(2))


def _good(entry: Entry, bad: str | None) -> exp.Select:
    query = exp.select().from_(exp.to_table(entry.name).as_("e"))
    if bad:
        known = (
            exp.select("1")
            .from_(exp.to_table(bad))
            .where(exp.EQ(this=exp.column("_row", table=bad), expression=exp.column("_row", table="e")))
        )
        query = query.where(exp.not_(exp.Exists(this=known)))
    return query


def _selected(entry: Entry, bad: str | None) -> exp.Query:
    """The entry's facts in the shape the writer takes."""
    names = ["file_no", *SUBJECT, *(c.name for c in FACTS[entry.facts.table].columns)]
    names += [MAPPED_DERIVED] if entry.facts.table == "touches" else []
    columns: dict[str, exp.Expr] = {name: column(name) for name in names}
    query = _good(entry, bad)
    if entry.facts.times:
        numbers = call(
            "unnest",
            call(
                "range",
                number(1),
                exp.Add(this=_times(entry.facts), expression=number(1)),
            ),
        )
        query = exp.select("*").from_(query.select(exp.Star(), named(numbers, "_n")).subquery("each_time"))
        columns["source_id"] = joined(column("source_id"), text(":"), exp.cast(column("_n"), "VARCHAR"))
    return query.select(*(named(value, name) for name, value in columns.items()), append=False)


def _links(entry: Entry, bad: str | None, mapping: Mapping) -> exp.Query:
    """A link from the actor to each further name in its row, whenever a name changes whom it goes with."""
    other = named(call("unnest", column("_names")), "b")
    pairs = (
        _good(entry, bad)
        .select(column("file_no"), named(column("actor"), "a"), other, column("occurred_at"))
        .distinct()
    )
    before = exp.Window(
        this=call("lag", column("a")),
        partition_by=[column("b")],
        order=exp.Order(expressions=[exp.Ordered(this=column("occurred_at")), exp.Ordered(this=column("a"))]),
    )
    changes = (
        exp.select(
            column("file_no"), column("a"), column("b"), column("occurred_at"), named(before, "before")
        )
        .from_(pairs.subquery("pairs"))
        .where(exp.and_(not_null(column("b")), exp.NEQ(this=column("a"), expression=column("b"))))
    )
    values: dict[str, exp.Expr] = {
        "file_no": column("file_no"),
        "source": text(mapping.source),
        "object": text("link"),
        "source_id": no(),
        "twin": no(),
        "deleted": exp.false(),
        "occurred_at": column("occurred_at"),
        "source_updated_at": no("TIMESTAMP"),
        "assumed": exp.false(),
        "kind": text("join"),
        "a": column("a"),
        "b": column("b"),
        "rule": text("same_row"),
        "evidence": text(f"both stand in one row of {entry.facts.table}"),
    }
    return (
        exp.select(
            *(named(value, name) for name, value in values.items()),
        )
        .from_(changes.subquery("changes"))
        .where(exp.NullSafeNEQ(this=column("before"), expression=column("a")))
    )
