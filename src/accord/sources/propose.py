"""Proposes a mapping for files never seen before, from their headers and first rows."""

from __future__ import annotations

import glob
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accord.agreement.fields import GATE_FIELDS, RESERVED
from accord.ledger.engine import DuckDBEngine
from accord.ledger.tables import FACTS
from accord.sources import header_words as words
from accord.sources.mapping_mistakes import NO_ID_NEEDED
from accord.sources.readers import kind_of
from accord.sources.samples import Field, Sample, sample
from accord.sources.sql import readable
from accord.sources.text_files import FileError

SHOWN = 3
"""Sample values shown of a column that is not used."""
LONGEST_SHOWN = 40
LONG_NUMBER = re.compile(r"(?:\d[\s()/.-]*){7}")
SHORT = 4
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]*[A-Za-z0-9_]|[A-Za-z_]")
WON, LOST = re.compile(r"won|gewonnen", re.I), re.compile(r"lost|verloren", re.I)
CURRENCY = re.compile(r"\b(EUR|USD|GBP|CHF|JPY|AUD|CAD|SEK|NOK|DKK|PLN)\b")
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}

Fits = Callable[[Field], bool]


@dataclass
class Dates:
    """The date formats found so far; of two that differ by day and month, the one a value proved."""

    proven: list[str] = field(default_factory=list)
    unclear: dict[str, list[str]] = field(default_factory=dict)

    def see(self, column: Field) -> None:
        """Take in the formats that fit a column."""
        fitting = [one for one in column.dates if one != "ISO"]
        if len(fitting) == 1 and fitting[0] not in self.proven:
            self.proven.append(fitting[0])
        elif len(fitting) > 1:
            self.unclear[column.name] = fitting

    def settle(self) -> tuple[list[str], list[str]]:
        """The formats to write, and the columns of which someone who knows must say what they mean."""
        chosen, asked = list(self.proven), []
        for name, fitting in self.unclear.items():
            if not any(one in chosen for one in fitting):
                asked.append(f"{name}: the samples fit {' and '.join(fitting)}; {fitting[0]} is a guess")
                chosen.append(fitting[0])
        return [one for one in chosen if not _contradicts(one, chosen)], asked


def _contradicts(one: str, chosen: list[str]) -> bool:
    """Whether a format before it in the list reads the same text otherwise."""
    swapped = one.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")
    return swapped != one and swapped in chosen[: chosen.index(one)]


def propose(paths: Sequence[Path]) -> str:
    """A commented mapping (YAML) for files and folders, which loads them as it stands. Raises FileError."""
    files = sorted(_files(paths), key=lambda path: path.name)
    if not files:
        raise FileError(
            "There are no files to look at.", mend="Name CSV, Excel, Parquet or JSON Lines files."
        )
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        engine = DuckDBEngine(folders=readable([scratch, *(path.parent for path in files)]))
        try:
            samples = [sample(path, engine, scratch, f"s{n}") for n, path in enumerate(files)]
        finally:
            engine.close()
    return "\n".join(_mapping(samples)) + "\n"


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


def _mapping(samples: list[Sample]) -> Iterator[str]:
    entries: dict[str, list[str]] = {}
    shapes: dict[str, tuple[str, ...]] = {}
    unknown = []
    dates = Dates()
    for one in samples:
        entry = _entry(one)
        if entry is None:
            unknown.append(one)
            continue
        for column in one.fields:
            dates.see(column)
        shape = tuple(column.words for column in one.fields)
        match = _glob(one.path)
        if shapes.setdefault(match, shape) != shape:
            match = glob.escape(one.path.name)
        entries.setdefault(match, entry)
    if not entries:
        columns = ", ".join(column.name for column in samples[0].fields)
        raise FileError(
            f"What {samples[0].path.name} holds is not recognised; its columns are: {columns}.",
            mend="Write a mapping by hand: docs/how-to/load-files.md.",
        )
    source = _source(samples)
    formats, asked = dates.settle()
    yield f"# Proposed from {', '.join(_said(one.path.name) for one in samples)}."
    yield "# Lines with a question mark are guesses: read them, then `accord load PATH --mapping THIS`."
    yield f"mapping: {source}"
    yield f"source: {source}"
    yield "zone: UTC    # ? the zone of times without one, such as Europe/Berlin"
    placeholders = sorted({word.lower() for one in samples for word in one.placeholders})
    if placeholders:
        yield f"missing: [{', '.join(map(json.dumps, placeholders))}]"
    for question in asked:
        yield f"# ? {_said(question)}"
    if formats:
        yield f"dates: [{', '.join(json.dumps(one) for one in formats)}]"
    if encoding := next((one.encoding for one in samples if one.encoding), None):
        yield f"encoding: {encoding}    # ? the text is not UTF-8"
    yield "files:"
    for match, lines in entries.items():
        yield f"  - match: {_quoted(match)}"
        yield from lines
    for one in unknown:
        columns = ", ".join(column.name for column in one.fields)
        yield f"  # {_said(f'{one.path.name} is not recognised. Its columns: {columns}')}"


def _source(samples: list[Sample]) -> str:
    names = {column.words for one in samples for column in one.fields}
    best = max(words.SOURCES, key=lambda source: len(names & set(words.SOURCES[source])))
    if names & set(words.SOURCES[best]):
        return best
    plain = re.sub(r"[^a-z0-9]+", "_", kind_free(samples[0].path).lower()).strip("_")
    return plain if re.match("[a-z]", plain) else f"files_{plain}".rstrip("_")


def kind_free(path: Path) -> str:
    """The file's name without its suffixes."""
    return path.name[: path.name.lower().rfind(kind_of(path))]


def _glob(path: Path) -> str:
    """A glob for the file and its like of other days: numbers become stars."""
    stem = kind_free(path)
    starred = re.sub(r"\*[\s_.()-]*(?=\*|$)", "*", re.sub(r"\d+", "*", glob.escape(stem)))
    starred = re.sub(r"\*([\s_.-]*\*)+", "*", starred)
    return (starred if starred.strip("*_- .") else glob.escape(stem)) + path.name[len(stem) :]


def _table(one: Sample) -> str | None:
    """The fact table that the file's name and columns speak for most."""
    name = kind_free(one.path).lower()
    columns = {column.words for column in one.fields}
    unique = {column.words for column in one.fields if column.is_unique} - {"recordid"}

    def score(table: str) -> int:
        parts, typical = words.TABLES[table]
        named = 4 * any(part in name for part in parts)
        return named + 2 * len(columns & set(typical)) + 3 * bool(unique & set(words.IDS[table]))

    ranked = sorted(words.TABLES, key=score, reverse=True)
    return next((table for table in ranked if score(table) >= 2 and _entry_for(one, table)), None)


def _entry(one: Sample) -> list[str] | None:
    table = _table(one)
    return _entry_for(one, table) if table else None


def _entry_for(one: Sample, table: str) -> list[str] | None:
    """The lines of one file's entry; None if the file lacks what the table needs."""
    definition = FACTS[table]
    used: dict[str, Field] = {}
    lines = ["    facts:", f"      - table: {table}"]
    id_ = _id(one, table)
    if id_:
        used["id"] = id_
        lines.append(f"        id: {_quoted(id_.name)}")
    elif definition.grain == "record" and table not in NO_ID_NEEDED:
        return None
    if definition.grain == "event":
        at = _named(one, words.MOMENTS, lambda column: bool(column.dates))
        at = at or next((column for column in one.fields if column.dates), None)
        if at is None:
            return None
        used["at"] = at
        lines.append(f"        at: {_quoted(at.name)}")
    elif updated := _named(one, words.UPDATES, lambda column: bool(column.dates)):
        used["updated"] = updated
        lines.append(f"        updated: {_quoted(updated.name)}")
    if any(c.name == "actor" and not c.derived for c in definition.columns):
        lines += _actor(one, used)
    values = _values(one, table, used)
    if any(column.required and column.name not in values for column in definition.columns):
        return None
    if values:
        lines.append("        set:")
        lines += [f"          {name}: {value}" for name, value in values.items()]
    taken = {column.name for column in used.values()}
    rest = [column for column in one.fields if column.name not in taken]
    own = [column for column in rest if column.is_boolean] if "fields" in definition.names else []
    if own:
        lines.append("        # fields:    # ? own fields, if the agreement declares them")
        lines += [f"        #   {_own_name(c)}: {{column: {_quoted(c.name)}, boolean: true}}" for c in own]
    if unused := [column for column in rest if column not in own]:
        lines.append("        # not used:")
        lines += [f"        #   {_said(column.name)}: {_examples(column)}" for column in unused]
    return lines


def _own_name(column: Field) -> str:
    """A name that an agreement can declare."""
    plain = re.sub(r"[^a-z0-9]+", "_", column.name.lower()).strip("_")[:50]
    free = re.match("[a-z]", plain) and plain not in GATE_FIELDS and plain not in RESERVED
    return plain if free else f"own_{plain}".rstrip("_")


def _id(one: Sample, table: str) -> Field | None:
    named = _named(one, (*words.IDS[table], "id"), lambda column: column.is_unique)
    if named or FACTS[table].grain == "event":
        return named
    email = next((column for column in one.fields if column.is_email and column.is_unique), None)
    if table in ("people", "source_leads", "owners") and email:
        return email
    return next((column for column in one.fields if column.is_unique and not column.dates), None)


def _actor(one: Sample, used: dict[str, Field]) -> list[str]:
    found = []
    for kind, names in words.ACTORS.items():
        column = _named(one, names, lambda column: bool(column.values))
        if column:
            used[f"actor_{kind}"] = column
            found.append(f"{{{kind}: {_quoted(column.name)}}}")
    if not found:
        return []
    return [f"        actor: {found[0]}" if len(found) == 1 else f"        actor: [{', '.join(found)}]"]


def _values(one: Sample, table: str, used: dict[str, Field]) -> dict[str, str]:
    """The fact columns that are recognised, each with the YAML of its value."""
    values: dict[str, str] = {}
    for target in FACTS[table].columns:
        if target.name in words.REFERENCES:
            kind, names = words.REFERENCES[target.name]
            column = _named(one, names, lambda column: bool(column.values))
            if column and column.name != (used["id"].name if "id" in used else None):
                used[target.name] = column
                values[target.name] = f"{{{kind}: {_quoted(column.name)}}}"
            continue
        fitting = _FITTING.get(target.type, _anything)
        column = _named(one, words.FIELDS.get(target.name, ()), fitting)
        if column and (not target.values or {v.lower() for v in column.values} <= set(target.values)):
            used[target.name] = column
            values[target.name] = _value(column, target.type)
    _fill_in(one, table, used, values)
    return values


def _anything(column: Field) -> bool:
    return True


_FITTING: dict[str, Fits] = {
    "time": lambda column: bool(column.dates) or not column.values,
    "number": lambda column: column.is_number or not column.values,
    "money": lambda column: column.is_number or not column.values,
    "boolean": lambda column: column.is_boolean,
}


def _value(column: Field, kind: str) -> str:
    if column.decimal and kind in ("money", "number", "integer"):
        return f'{{column: {_quoted(column.name)}, decimal: "{column.decimal}"}}'
    return _quoted(column.name)


def _fill_in(one: Sample, table: str, used: dict[str, Field], values: dict[str, str]) -> None:
    """Values that no column gives as they are: the kind of an event, the status of a deal, the currency."""
    name = kind_free(one.path).lower()
    if table in words.KINDS and "kind" not in values:
        kind = next(kind for part, kind in words.KINDS[table] if part in name)
        values["kind"] = f"{{constant: {kind}}}    # ?"
    if table == "deals" and "stage" in used:
        stages = dict.fromkeys(used["stage"].values)
        meant = {s: "won" if WON.search(s) else "lost" if LOST.search(s) else "open" for s in stages}
        listed = ", ".join(f"{_quoted(stage)}: {status}" for stage, status in meant.items())
        column = _quoted(used["stage"].name)
        values["status"] = f"{{column: {column}, values: {{{listed}}}, otherwise: missing}}    # ?"
    money = next((used[name] for name in ("cost", "amount", "budget") if name in used), None)
    if money and "currency" not in values:
        values["currency"] = f"{{constant: {_currency(money)}}}    # ?"


def _currency(money: Field) -> str:
    text = " ".join([money.name, *money.values[:20]])
    named = CURRENCY.search(text)
    return named.group() if named else next((code for sign, code in SIGNS.items() if sign in text), "EUR")


def _named(one: Sample, names: Sequence[str], fits: Fits) -> Field | None:
    """The file's column with the best of the names that also fits."""
    by_name = {column.words: column for column in one.fields}
    known = [by_name[name] for name in names if name in by_name]
    return next((column for column in known if fits(column)), None)


def _examples(column: Field) -> str:
    """Some values; of a column that may be about a person only their shape: a proposal is shared and kept."""
    if not column.values:
        return "(always empty)"
    if any("@" in value for value in column.values):
        return "an e-mail address"
    if shape := next((shape for shape, parts in words.PERSONAL if _speaks(column.name, parts)), None):
        return shape
    if not column.dates and any(LONG_NUMBER.search(value) for value in column.values):
        return "a telephone number or another long number"
    if any(len(value) > LONGEST_SHOWN for value in column.values):
        return "text"
    return ", ".join(_said(value) for value in list(dict.fromkeys(column.values))[:SHOWN])


def _speaks(name: str, parts: Sequence[str]) -> bool:
    """Whether a part stands in the column's name; a short one as a word of its own."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    own = re.split(r"[\W_]+", spaced)
    return any(part in own if len(part) < SHORT else part in "".join(own) for part in parts)


def _said(value: str) -> str:
    """The text in one line of a comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())


def _quoted(value: str) -> str:
    """The text as YAML reads it back."""
    if PLAIN.fullmatch(value) and value.lower() not in (
        "true",
        "false",
        "null",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
    ):
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
