"""Reads a mapping file and gathers all its mistakes, each with line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from accord.agreement.fields import GATE_FIELDS, RESERVED
from accord.agreement.models import NAME_PATTERN
from accord.errors import Mistake, MistakesError
from accord.ledger.tables import Column, Table
from accord.sources.mapping import KINDS, Facts, File, Mapping, Value, did_you_mean

NO_ID_NEEDED = ("deal_people", "links")
"""Record tables whose rows are known by their values, so that an id may be missing."""

REFERENCES = {
    "account_id": "account",
    "owner_id": "owner",
    "campaign_id": "campaign",
    "deal_id": "deal",
    "parent_id": "account",
    "person": "person",
}
"""Columns that hold `source:kind:id`, with their kind."""

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Found:
    """A mistake and the path to it in the YAML document."""

    path: Path_
    message: str
    mend: str = ""


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file. Raises MistakesError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MistakesError([Mistake(str(path), 0, 0, "", "there is no such file")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise MistakesError(
            [Mistake(str(path), 0, 0, "", f"the file cannot be read as UTF-8: {error}")]
        ) from None
    return parse_mapping(text, str(path))


def parse_mapping(text: str, name: str) -> Mapping:
    """The mapping in a YAML text; `name` says in mistakes where it stands. Raises MistakesError."""
    document = _parse(text, name)
    try:
        mapping = Mapping.model_validate(document)
    except ValidationError as error:
        found = _from_pydantic(error)
    else:
        found = list(_check(mapping))
    if not found:
        return mapping
    raise MistakesError([_placed(name, document, one) for one in dict.fromkeys(found)])


def _parse(text: str, name: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    try:
        document = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = " ".join(str(error.problem).split())
        raise MistakesError([Mistake(name, line, column, "", f"this is not YAML: {problem}")]) from None
    except YAMLError as error:
        raise MistakesError([Mistake(name, 0, 0, "", f"this is not YAML: {error}")]) from None
    if not isinstance(document, dict):
        message = "a mapping file holds the keys mapping, source and files"
        raise MistakesError([Mistake(name, 1, 1, "", message)])
    return document


def _from_pydantic(error: ValidationError) -> list[Found]:
    """Its mistakes, without those that only say that a list lost its faulty members."""
    details = error.errors()
    paths = [tuple(one["loc"]) for one in details]
    return [
        _found(one)
        for one, path in zip(details, paths, strict=True)
        if one["type"] != "too_short" or not any(p[: len(path)] == path for p in paths if p != path)
    ]


def _found(details: Any) -> Found:
    path: Path_ = tuple(details["loc"])
    message = details["msg"].removeprefix("Value error, ")
    if details["type"] == "missing":
        return Found(path[:-1], f"the key `{path[-1]}` is missing")
    if details["type"] == "extra_forbidden":
        return Found(path, f"there is no key `{path[-1]}` here{did_you_mean(str(path[-1]), _keys(path))}")
    return Found(path, message[:1].lower() + message[1:])


def _keys(path: Path_) -> list[str]:
    """The keys allowed where an unknown one stands."""
    words = [part for part in path[:-1] if isinstance(part, str)]
    if not words:
        return list(Mapping.model_fields)
    if "facts" not in words:
        return list(File.model_fields)
    return list(Facts.model_fields if words[-1] == "facts" else Value.model_fields)


def _check(mapping: Mapping) -> Iterator[Found]:
    for number, file in enumerate(mapping.files):
        subjects: dict[tuple[Any, ...], int] = {}
        for index, facts in enumerate(file.facts):
            path: Path_ = ("files", number, "facts", index)
            yield from _check_facts(facts, path)
            subject = (facts.table, facts.kind, facts.id)
            if facts.id and not facts.only and subject in subjects:
                yield Found(
                    path,
                    f"facts number {subjects[subject] + 1} of this file already makes {facts.kind} records "
                    f"with this id in {facts.table}.",
                    "Give one of them another `object`.",
                )
            if not facts.only:
                subjects[subject] = index


def _check_facts(facts: Facts, path: Path_) -> Iterator[Found]:
    table = facts.definition
    settable = {c.name: c for c in table.columns if c.name not in ("actor", "fields")}
    for name, value in facts.set.items():
        if name in settable:
            yield from _check_value(settable[name], value, (*path, "set", name))
        elif name in table.names and name in ("actor", "fields"):
            yield Found((*path, "set", name), f"`{name}` has its own key beside `set`.")
        else:
            known = did_you_mean(name, settable)
            yield Found((*path, "set", name), f"table {table.name} has no column {name!r}{known}")
    yield from _check_needed(facts, table, path)
    yield from _check_actor(facts, table, path)
    for key in ("at", "updated"):
        if value := getattr(facts, key):
            yield from _check_value(table.column("occurred_at"), value, (*path, key))
    if facts.deleted:
        yield from _check_value(table.column("deleted"), facts.deleted, (*path, "deleted"))
    if facts.fields and "fields" not in table.names:
        yield Found((*path, "fields"), f"table {table.name} has no own fields.")
    for name, value in facts.fields.items():
        yield from _check_own(name, value, (*path, "fields", name))


def _check_own(name: str, value: Value, path: Path_) -> Iterator[Found]:
    """An own field: its name must be one that an agreement can declare, its options must go together."""
    if not re.fullmatch(NAME_PATTERN, name):
        mend = "Use small letters, digits and _, beginning with a letter, as the agreement does."
        yield Found(path, f"{name!r} is not the name of an own field.", mend)
    elif name in GATE_FIELDS or name in RESERVED:
        yield Found(path, f"{name!r} is taken, so an agreement cannot declare it.", "Choose another name.")
    if value.otherwise != "keep" and not value.values:
        yield Found((*path, "otherwise"), "`otherwise` goes with `values`.")
    yield from _check_value(Column(f"own field {name}", value.own_type, ""), value, path)


def _check_needed(facts: Facts, table: Table, path: Path_) -> Iterator[Found]:
    if table.grain == "event" and facts.at is None:
        yield Found(path, f"{table.name} are events: `at` says when each happened.")
    if table.grain == "record" and not facts.id and table.name not in NO_ID_NEEDED:
        yield Found(path, f"{table.name} are records: `id` says which one a row is about.")
    for column in table.columns:
        given = facts.actor if column.name == "actor" else facts.set.get(column.name)
        if column.required and given is None:
            yield Found(path, f"{table.name} needs a value for {column.name}: {column.doc}")


def _check_actor(facts: Facts, table: Table, path: Path_) -> Iterator[Found]:
    if facts.actor is None:
        return
    actor = next((c for c in table.columns if c.name == "actor"), None)
    if actor is None:
        yield Found((*path, "actor"), f"table {table.name} has no actor.")
    elif actor.derived:
        yield Found((*path, "actor"), f"a record of {table.name} names itself by its `id`.")


def _check_value(column: Column, value: Value, path: Path_) -> Iterator[Found]:
    numeric = column.type in ("integer", "number", "money")
    fits = {
        "bands": numeric,
        "divide": numeric,
        "decimal": numeric,
        "boolean": column.type == "boolean",
        "dates": column.type == "time",
        "zone": column.type == "time",
        "source": value.kind not in (None, "email"),
    }
    for key, fitting in fits.items():
        if getattr(value, key) and not fitting:
            yield Found((*path, key), f"`{key}` does not fit {column.name}, which is {column.type}.")
    kind = REFERENCES.get(column.name)
    if value.kind and column.type != "text":
        yield Found(path, f"{column.name} is {column.type}, not the name of a record.")
    elif kind and value.column:
        yield Found(path, f"{column.name} names a record.", f"Write {{{kind}: {value.column[0]}}}.")
    elif kind and value.kind in KINDS and value.kind != kind:
        yield Found(path, f"{column.name} names a record of kind {kind}, not {value.kind}.")
    yield from _check_words(column, value, path)


def _check_words(column: Column, value: Value, path: Path_) -> Iterator[Found]:
    words: dict[Path_, str] = {("constant",): value.constant} if value.constant is not None else {}
    words |= {("values", word): meant for word, meant in value.values.items() if meant is not None}
    for where, word in words.items():
        if column.values and word not in column.values:
            yield Found((*path, *where), f"{column.name} is one of {', '.join(column.values)}; not {word!r}.")
        if column.type in ("integer", "number", "money") and not _is_number(word):
            yield Found((*path, *where), f"{column.name} is a number; {word!r} is not.")
        if column.type == "boolean" and word.lower() not in ("true", "false"):
            yield Found((*path, *where), f"{column.name} is true or false; not {word!r}.")


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _placed(file: str, document: Any, found: Found) -> Mistake:
    """The mistake at the line and column of the deepest part of its path that stands in the document."""
    node: Any = document
    line = column = 1
    for part in found.path:
        mark = "key" if isinstance(node, dict) else "item"
        key = next((k for k in node if str(k) == str(part)), None) if mark == "key" else part
        try:
            row, col = getattr(node.lc, mark)(key)
            line, column, node = row + 1, col + 1, node[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in found.path)
    return Mistake(file, line, column, where, found.message, found.mend)
