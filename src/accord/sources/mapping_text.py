"""Writes choices as a mapping: commented YAML that loads the files it was made for as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from accord.agreement.fields import GATE_FIELDS, RESERVED
from accord.ledger.tables import FACTS
from accord.sources import header_words as words
from accord.sources.choices import MONEY, OWN, Choice, Choices, Shape, dates_of, filled_in, stem_of
from accord.sources.mapping_mistakes import REFERENCES
from accord.sources.samples import Field, Sample

SHOWN = 3
"""Sample values shown of a column that is not used."""
LONGEST_SHOWN = 40
LONG_NUMBER = re.compile(r"(?:\d[\s()/.-]*){7}")
SHORT = 4
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]*[A-Za-z0-9_]|[A-Za-z_]")
YAML_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
WON, LOST = re.compile(r"won|gewonnen", re.I), re.compile(r"lost|verloren", re.I)
CURRENCY = re.compile(r"\b(EUR|USD|GBP|CHF|JPY|AUD|CAD|SEK|NOK|DKK|PLN)\b")
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}


def mapping_text(shapes: Sequence[Shape], choices: Choices) -> str:
    """The mapping of the choices, as YAML; what is filled in or guessed has a question mark beside it."""
    return "\n".join(_mapping(shapes, choices)) + "\n"


def _mapping(shapes: Sequence[Shape], choices: Choices) -> Iterator[str]:
    samples = sorted((one for shape in shapes for one in shape.samples), key=lambda one: one.path.name)
    chosen = {choice.match: choice for choice in choices.files if choice.table}
    read = [one for shape in shapes if shape.match in chosen for one in shape.samples]
    formats, guesses = dates_of(shapes, choices).settle(choices.dates)
    yield f"# Proposed from {', '.join(_said(one.path.name) for one in samples)}."
    yield "# Lines with a question mark are guesses: read them, then `accord load PATH --mapping THIS`."
    yield f"mapping: {_quoted(choices.source)}"
    yield f"source: {_quoted(choices.source)}"
    asked = "    # ? the zone of times without one, such as Europe/Berlin" if choices.zone == "UTC" else ""
    yield f"zone: {_quoted(choices.zone)}{asked}"
    placeholders = sorted({word.lower() for one in read for word in one.placeholders})
    if placeholders:
        yield f"missing: [{', '.join(map(json.dumps, placeholders))}]"
    for guess in guesses:
        yield f"# ? {_said(guess)}"
    if formats:
        yield f"dates: [{', '.join(json.dumps(one) for one in formats)}]"
    if encoding := next((one.encoding for one in read if one.encoding), None):
        yield f"encoding: {encoding}    # ? the text is not UTF-8"
    yield "files:"
    for shape in shapes:
        if shape.match in chosen:
            yield f"  - match: {_quoted(shape.match)}"
            yield from _entry(shape.first, chosen[shape.match])
    for one in samples:
        if one not in read:
            columns = ", ".join(column.name for column in one.fields)
            yield f"  # {_said(f'{one.path.name} is not recognised. Its columns: {columns}')}"


def _entry(one: Sample, choice: Choice) -> Iterator[str]:
    """The lines of one entry: what each row becomes, then what is not used."""
    table = choice.table or ""
    chosen = {target: _fields(one, names) for target, names in choice.targets.items()}
    yield "    facts:"
    yield f"      - table: {table}"
    for key in ("id", "at", "updated"):
        if key in chosen:
            yield f"        {key}: {_columns(chosen[key])}"
    yield from _actor(chosen)
    values = _values(one, table, chosen)
    if values:
        yield "        set:"
        yield from (f"          {name}: {value}" for name, value in values.items())
    yield from _own(chosen.get(OWN, []), "        ")
    taken = {column.name for columns in chosen.values() for column in columns}
    rest = [column for column in one.fields if column.name not in taken]
    offered = [column for column in rest if column.is_boolean] if "fields" in FACTS[table].names else []
    yield from _own(offered, "        # ", "    # ? own fields, if the agreement declares them")
    if unused := [column for column in rest if column not in offered]:
        yield "        # not used:"
        yield from (f"        #   {_said(column.name)}: {_examples(column)}" for column in unused)


def _fields(one: Sample, names: Sequence[str]) -> list[Field]:
    return [column for column in one.fields if column.name in names]


def _columns(columns: Sequence[Field]) -> str:
    """One column, or a list of several."""
    listed = ", ".join(_quoted(column.name) for column in columns)
    return listed if len(columns) == 1 else f"[{listed}]"


def _actor(chosen: dict[str, list[Field]]) -> Iterator[str]:
    found = [
        f"{{{kind}: {_columns(chosen[f'actor.{kind}'])}}}"
        for kind in words.ACTORS
        if f"actor.{kind}" in chosen
    ]
    if found:
        yield f"        actor: {found[0]}" if len(found) == 1 else f"        actor: [{', '.join(found)}]"


def _values(one: Sample, table: str, chosen: dict[str, list[Field]]) -> dict[str, str]:
    """The fact columns with the YAML of their values, in the table's order; then those that are filled in."""
    values = {
        column.name: _value(chosen[column.name], column.name, column.type)
        for column in FACTS[table].columns
        if column.name in chosen and column.name not in ("actor", "fields")
    }
    if table == "deals" and "status" in chosen:
        values["status"] = _status(chosen["status"])
    given = {target: tuple(column.name for column in columns) for target, columns in chosen.items()}
    for name in filled_in(table, given):
        values[name] = _filled(name, one, table, chosen)
    return values


def _value(columns: Sequence[Field], name: str, kind: str) -> str:
    if name in REFERENCES:
        return f"{{{REFERENCES[name]}: {_columns(columns)}}}"
    decimal = next((column.decimal for column in columns if column.decimal), None)
    if decimal and kind in ("money", "number", "integer"):
        return f'{{column: {_columns(columns)}, decimal: "{decimal}"}}'
    return _columns(columns)


def _filled(name: str, one: Sample, table: str, chosen: dict[str, list[Field]]) -> str:
    """A value that no column gives as it is: the kind of an event, the status of a deal, the currency."""
    if name == "kind":
        file = stem_of(one.path).lower()
        kind = next(kind for part, kind in words.KINDS[table] if part in file)
        return f"{{constant: {kind}}}    # ?"
    if name == "status":
        return _status(chosen["stage"])
    money = next(chosen[money] for money in MONEY if money in chosen)
    return f"{{constant: {_currency(money[0])}}}    # ?"


def _status(columns: Sequence[Field]) -> str:
    """Open, won or lost by the words in the column; as it stands if these are its words."""
    stages = list(dict.fromkeys(value for column in columns for value in column.values))
    if stages and {stage.lower() for stage in stages} <= {"open", "won", "lost"}:
        return _columns(columns)
    meant = {s: "won" if WON.search(s) else "lost" if LOST.search(s) else "open" for s in stages}
    listed = ", ".join(f"{_quoted(stage)}: {status}" for stage, status in meant.items())
    return f"{{column: {_columns(columns)}, values: {{{listed}}}, otherwise: missing}}    # ?"


def _currency(money: Field) -> str:
    text = " ".join([money.name, *money.values[:20]])
    named = CURRENCY.search(text)
    return named.group() if named else next((code for sign, code in SIGNS.items() if sign in text), "EUR")


def _own(columns: Sequence[Field], indent: str, asked: str = "") -> Iterator[str]:
    if not columns:
        return
    yield f"{indent}fields:{asked}"
    for column in columns:
        name = _quoted(column.name)
        options = ", boolean: true" if column.is_boolean else ""
        options = f', decimal: "{column.decimal}"' if column.decimal else options
        yield f"{indent}  {own_name(column)}: " + (f"{{column: {name}{options}}}" if options else name)


def own_name(column: Field) -> str:
    """A name for the column's own field that an agreement can declare."""
    plain = re.sub(r"[^a-z0-9]+", "_", column.name.lower()).strip("_")[:50]
    free = re.match("[a-z]", plain) and plain not in GATE_FIELDS and plain not in RESERVED
    return plain if free else f"own_{plain}".rstrip("_")


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
    if PLAIN.fullmatch(value) and value.lower() not in YAML_WORDS:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
