"""What the columns of files are to become: guessed from names and first rows, to be corrected by people.

Choices are written as a mapping by `accord.sources.mapping_text`; the mapping is what counts.
"""

from __future__ import annotations

import glob
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.ledger.engine import DuckDBEngine
from accord.ledger.tables import FACTS
from accord.sources import header_words as words
from accord.sources.dates import Dates
from accord.sources.mapping_mistakes import NO_ID_NEEDED, REFERENCES
from accord.sources.readers import kind_of
from accord.sources.samples import Field, Sample, sample
from accord.sources.sql import readable
from accord.sources.text_files import FileError

OWN = "own field"
"""The target of columns that become own fields of the company, each under its own name."""

MONEY = ("cost", "amount", "budget")
"""Fact columns that need a currency beside them."""

Fits = Callable[[Field], bool]


@dataclass(frozen=True)
class Shape:
    """Files with the same columns, for one entry of a mapping; `match` is the glob of their names."""

    match: str
    samples: tuple[Sample, ...]

    @property
    def first(self) -> Sample:
        """The sample that speaks for all."""
        return self.samples[0]


@dataclass(frozen=True)
class Target:
    """What a column can become in a fact table: `id`, `at`, `actor.person`, a fact column, an own field."""

    name: str
    doc: str
    required: bool = False


@dataclass(frozen=True)
class Choice:
    """What the files of one shape become: a fact table (None: nothing), and for each target its columns.

    Of several columns of a target the first that is not missing counts; those of `id` make it together.
    """

    match: str
    table: str | None
    targets: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Choices:
    """How a source's files are to be read; `dates` are the formats chosen where samples fit several."""

    source: str
    files: tuple[Choice, ...]
    zone: str = "UTC"
    dates: tuple[str, ...] = ()


def look(paths: Sequence[Path]) -> list[Shape]:
    """The first rows of files and folders, by shape. Raises FileError."""
    files = sorted(_files(paths), key=lambda path: path.name)
    if not files:
        raise FileError(
            "There are no files to look at.", mend="Name CSV, Excel, Parquet or JSON Lines files."
        )
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        engine = DuckDBEngine(folders=readable([scratch, *(path.parent for path in files)]))
        try:
            return _shapes([sample(path, engine, scratch, f"s{n}") for n, path in enumerate(files)])
        finally:
            engine.close()


def _files(paths: Sequence[Path]) -> set[Path]:
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found |= {p.resolve() for p in path.rglob("*") if p.is_file() and kind_of(p)}
        elif path.is_file():
            found.add(path.resolve())
        else:
            raise FileError(f"There is no file {path}.", file=str(path))
    return found


def _shapes(samples: list[Sample]) -> list[Shape]:
    """The samples by shape. Where a glob matches a file with other columns, its own name is its glob."""
    found: dict[str, list[Sample]] = {}
    for one in samples:
        match = _glob(one.path)
        if match in found and _columns(found[match][0]) != _columns(one):
            match = glob.escape(one.path.name)
        found.setdefault(match, []).append(one)
    return [Shape(match, tuple(alike)) for match, alike in found.items()]


def _columns(one: Sample) -> tuple[str, ...]:
    return tuple(column.words for column in one.fields)


def stem_of(path: Path) -> str:
    """The file's name without its suffixes."""
    return path.name[: path.name.lower().rfind(kind_of(path))]


def _glob(path: Path) -> str:
    """A glob for the file and its like of other days: numbers become stars."""
    stem = stem_of(path)
    starred = re.sub(r"\*[\s_.()-]*(?=\*|$)", "*", re.sub(r"\d+", "*", glob.escape(stem)))
    starred = re.sub(r"\*([\s_.-]*\*)+", "*", starred)
    return (starred if starred.strip("*_- .") else glob.escape(stem)) + path.name[len(stem) :]


def targets(table: str) -> list[Target]:
    """All that a column can become in a fact table."""
    definition = FACTS[table]
    found = []
    if definition.grain == "event":
        found.append(Target("at", "When it happened.", required=True))
        found.append(Target("id", "Names the event in its tool."))
    else:
        needed = table not in NO_ID_NEEDED
        found.append(Target("id", "Names the record in its tool.", required=needed))
        found.append(Target("updated", "When the tool wrote this state."))
    for column in definition.columns:
        if column.name == "actor" and not column.derived:
            found += [Target(f"actor.{kind}", f"{column.doc} Here: {kind}.") for kind in words.ACTORS]
        elif column.name == "fields":
            found.append(Target(OWN, column.doc))
        elif column.name != "actor":
            found.append(Target(column.name, column.doc, column.required))
    return found


def dates_of(shapes: Sequence[Shape], choices: Choices) -> Dates:
    """The date formats of the files that become facts."""
    used = {one.match for one in choices.files if one.table}
    return Dates.of(
        column for shape in shapes if shape.match in used for one in shape.samples for column in one.fields
    )


def guessed(shapes: Sequence[Shape]) -> Choices:
    """What names and first rows speak for; a shape that is not recognised becomes nothing."""
    samples = [one for shape in shapes for one in shape.samples]
    return Choices(_source(samples), tuple(_guessed(shape) for shape in shapes))


def guessed_as(shape: Shape, table: str) -> Choice:
    """What the columns speak for if the files are to become facts of that table."""
    columns = _guess(shape.first, table)
    return Choice(shape.match, table, {target: (column.name,) for target, column in columns.items()})


def _source(samples: list[Sample]) -> str:
    names = {column.words for one in samples for column in one.fields}
    best = max(words.SOURCES, key=lambda source: len(names & set(words.SOURCES[source])))
    if names & set(words.SOURCES[best]):
        return best
    plain = re.sub(r"[^a-z0-9]+", "_", stem_of(samples[0].path).lower()).strip("_")
    return plain if re.match("[a-z]", plain) else f"files_{plain}".rstrip("_")


def _guessed(shape: Shape) -> Choice:
    """The fact table that the file's name and columns speak for most, of those it has enough for."""
    one = shape.first
    name = stem_of(one.path).lower()
    columns = set(_columns(one))
    unique = {column.words for column in one.fields if column.is_unique} - {"recordid"}

    def score(table: str) -> int:
        parts, typical = words.TABLES[table]
        named = 4 * any(part in name for part in parts)
        return named + 2 * len(columns & set(typical)) + 3 * bool(unique & set(words.IDS[table]))

    for table in sorted(words.TABLES, key=score, reverse=True):
        if score(table) >= 2 and _has_enough(table, choice := guessed_as(shape, table)):
            return choice
    return Choice(shape.match, None, {})


def _has_enough(table: str, choice: Choice) -> bool:
    given = {*choice.targets, *filled_in(table, choice.targets)}
    return all(target.name in given for target in targets(table) if target.required)


def filled_in(table: str, given: dict[str, tuple[str, ...]]) -> list[str]:
    """The fact columns whose values are filled in where no column gives them as they are."""
    found = []
    if table in words.KINDS and "kind" not in given:
        found.append("kind")
    if table == "deals" and "stage" in given and "status" not in given:
        found.append("status")
    if any(name in given for name in MONEY) and "currency" not in given:
        found.append("currency")
    return found


def _guess(one: Sample, table: str) -> dict[str, Field]:
    """The columns recognised, by target."""
    found: dict[str, Field] = {}
    if id_ := _id(one, table):
        found["id"] = id_
    if FACTS[table].grain == "event":
        at = _named(one, words.MOMENTS, lambda column: bool(column.dates))
        if at := at or next((column for column in one.fields if column.dates), None):
            found["at"] = at
    elif updated := _named(one, words.UPDATES, lambda column: bool(column.dates)):
        found["updated"] = updated
    if any(c.name == "actor" and not c.derived for c in FACTS[table].columns):
        for kind, names in words.ACTORS.items():
            if column := _named(one, names, lambda column: bool(column.values)):
                found[f"actor.{kind}"] = column
    return found | dict(_values(one, table, id_))


def _id(one: Sample, table: str) -> Field | None:
    named = _named(one, (*words.IDS.get(table, ()), "id"), lambda column: column.is_unique)
    if named or FACTS[table].grain == "event" or table in NO_ID_NEEDED:
        return named
    email = next((column for column in one.fields if column.is_email and column.is_unique), None)
    if table in ("people", "source_leads", "owners") and email:
        return email
    return next((column for column in one.fields if column.is_unique and not column.dates), None)


def _values(one: Sample, table: str, id_: Field | None) -> Iterator[tuple[str, Field]]:
    for target in FACTS[table].columns:
        if target.name in REFERENCES:
            _, names = words.REFERENCES.get(target.name, ("", ()))
            column = _named(one, names, lambda column: bool(column.values))
            if column and column != id_:
                yield target.name, column
            continue
        fitting = _FITTING.get(target.type, _anything)
        column = _named(one, words.FIELDS.get(target.name, ()), fitting)
        if column and (not target.values or {v.lower() for v in column.values} <= set(target.values)):
            yield target.name, column


def _anything(column: Field) -> bool:
    return True


_FITTING: dict[str, Fits] = {
    "time": lambda column: bool(column.dates) or not column.values,
    "number": lambda column: column.is_number or not column.values,
    "money": lambda column: column.is_number or not column.values,
    "boolean": lambda column: column.is_boolean,
}


def _named(one: Sample, names: Sequence[str], fits: Fits) -> Field | None:
    """The file's column with the best of the names that also fits."""
    by_name = {column.words: column for column in one.fields}
    known = [by_name[name] for name in names if name in by_name]
    return next((column for column in known if fits(column)), None)
