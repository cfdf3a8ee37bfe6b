"""A mapping: one YAML file that says how the files of one source become facts.

Every key is described in `docs/reference/mapping.md`; `docs/reference/mapping.schema.json` is made from the
models here.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue

from accord.ledger.tables import FACTS, Table

KINDS = ("person", "lead", "visitor", "account", "owner", "campaign", "deal")
"""Kinds of record a value can refer to, as `source:kind:id`."""

SINGULAR = {
    "people": "person",
    "accounts": "account",
    "source_leads": "lead",
    "deals": "deal",
    "owners": "owner",
    "campaigns": "campaign",
    "assets": "asset",
}
"""The object of a table's facts where the mapping names none; else the table's own name."""

EPOCHS = {"epoch": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
"""Date formats that count from 1970: each with the microseconds of one unit."""

DIRECTIVES = set("aAbBdefHIjmMnpSyYz%")
DAY_FIRST, MONTH_FIRST = re.compile(r"^\W*%-?d\W+%-?m\b"), re.compile(r"^\W*%-?m\W+%-?d\b")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def _one_or_more(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else [value]


def _as_text(value: Any) -> Any:
    """YAML's own scalars as a file would write them: a bare `true` or `10` in a mapping means that text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _text_keys(value: Any) -> Any:
    return {_as_text(k): _as_text(v) for k, v in value.items()} if isinstance(value, dict) else value


def _number_map(value: Any) -> Any:
    return {_as_text(k): v for k, v in value.items()} if isinstance(value, dict) else value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no zone {value!r}; write an IANA name such as Europe/Berlin") from None
    return value


def _encoding(value: str) -> str:
    try:
        return codecs.lookup(value).name
    except LookupError:
        raise ValueError(f"there is no encoding {value!r}; try windows-1252, utf-16 or utf-8") from None


def _format(value: str) -> str:
    if value in EPOCHS:
        return value
    codes = re.findall(r"%-?(.?)", value)
    if unknown := [code for code in codes if code not in DIRECTIVES]:
        raise ValueError(f"the date format has no code %{unknown[0]}; it is written with strptime codes")
    if not ({"d", "j"} & set(codes) and {"m", "b", "B", "j"} & set(codes) and {"y", "Y"} & set(codes)):
        raise ValueError("a date format needs day, month and year, such as %d.%m.%Y")
    return value


def _formats(values: tuple[str, ...]) -> tuple[str, ...]:
    day, month = ([v for v in values if way.match(v)] for way in (DAY_FIRST, MONTH_FIRST))
    for one in day:
        for other in month:
            if re.sub("[dm-]", "", one) == re.sub("[dm-]", "", other):
                raise ValueError(
                    f"{one} and {other} cannot both stand: 03/04/2026 fits both; keep the one that is meant"
                )
    return values


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise ValueError("a name has letters, digits, _, - and dots, and begins with a letter")
    return value


ONE_OR_MORE = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
)
WORD: JsonSchemaValue = {"type": ["string", "number", "boolean", "null"]}

Columns = Annotated[tuple[str, ...], BeforeValidator(_one_or_more), ONE_OR_MORE]
Text = Annotated[str, BeforeValidator(_as_text), WithJsonSchema(WORD)]
Name = Annotated[str, AfterValidator(_name)]
TextMap = Annotated[
    dict[str, str | None],
    BeforeValidator(_text_keys),
    WithJsonSchema({"type": "object", "additionalProperties": WORD}),
]
NumberMap = Annotated[dict[str, float], BeforeValidator(_number_map)]
Formats = Annotated[
    tuple[Annotated[str, AfterValidator(_format)], ...],
    BeforeValidator(_one_or_more),
    AfterValidator(_formats),
    ONE_OR_MORE,
]
Zone = Annotated[str, AfterValidator(_zone)]


class Model(BaseModel):
    """Unknown keys are mistakes; nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Value(Model):
    """Where a value comes from. A bare text names a column, a list several: the first not missing counts."""

    column: Columns = Field((), description="Column, or columns of which the first not missing counts.")
    constant: Text | None = Field(None, description="The same value for every row.")
    person: Columns = Field((), description="Column with a person's id in this source.")
    lead: Columns = Field((), description="Column with the id of a lead record in this source.")
    visitor: Columns = Field((), description="Column with the id of an anonymous visitor (a cookie).")
    account: Columns = Field((), description="Column with a company's id in this source.")
    owner: Columns = Field((), description="Column with the id of a user of this source.")
    campaign: Columns = Field((), description="Column with a campaign's id in this source.")
    deal: Columns = Field((), description="Column with a deal's id in this source.")
    email: Columns = Field((), description="Column with an e-mail address that names a person.")
    source: Name | None = Field(None, description="The source the id referred to belongs to, if another.")
    values: TextMap = Field({}, description="Words of the file to Accord's words; null means missing.")
    otherwise: Literal["keep", "missing", "quarantine"] = Field(
        "keep", description="What becomes of a word that `values` does not list."
    )
    bands: NumberMap = Field({}, description="Bands to the number that stands for each.")
    divide: float | None = Field(None, gt=0, description="Divide the number by this.")
    decimal: Literal[".", ","] | None = Field(
        None, description="The decimal sign; the other one, spaces and currency signs are then left out."
    )
    boolean: bool = Field(False, description="An own field is true or false; other words are refused.")
    dates: Formats = Field((), description="Date formats of this column, in place of the mapping's.")
    zone: Zone | None = Field(
        None, description="Zone of this column's naive times, in place of the mapping's."
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return data if isinstance(data, dict | cls) else {"column": data}

    @model_validator(mode="after")
    def _one_origin(self) -> Value:
        origins = [k for k in ("column", *KINDS, "email") if getattr(self, k)]
        origins += ["constant"] if self.constant is not None else []
        if len(origins) != 1:
            given = " and ".join(origins) or "none"
            raise ValueError(
                f"a value comes from one of column, constant, {', '.join(KINDS)}, email; here: {given}"
            )
        return self

    @property
    def kind(self) -> str | None:
        """The kind of record referred to (`email` for an address), None for a plain value."""
        return next((kind for kind in (*KINDS, "email") if getattr(self, kind)), None)

    @property
    def own_type(self) -> Literal["text", "number", "time", "boolean"]:
        """The type an own field has, whose column no fact table declares: what its options make of it."""
        if self.boolean:
            return "boolean"
        if self.bands or self.divide or self.decimal:
            return "number"
        return "time" if self.dates else "text"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return self.column or (tuple(getattr(self, self.kind)) if self.kind else ())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        one = {"type": "string"}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}, handler(schema)]}


class Actors(Model):
    """Who did it: the first not missing names the actor, each further one becomes a link to it."""

    first: tuple[Value, ...]

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return data if isinstance(data, cls) else {"first": _one_or_more(data)}

    @model_validator(mode="after")
    def _references(self) -> Actors:
        for value in self.first:
            if value.kind not in ("person", "lead", "visitor", "email"):
                raise ValueError("an actor is {person: ...}, {lead: ...}, {visitor: ...} or {email: ...}")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        value = handler.resolve_ref_schema(handler(schema))["properties"]["first"]["items"]
        return {"anyOf": [value, {"type": "array", "items": value, "minItems": 1}]}


class Twin(Model):
    """The same record in another tool, whose id this tool keeps."""

    source: Name = Field(description="The other source.")
    object: Name = Field(description="The kind of record there.")
    id: str = Field(description="Column with its id there.")


class Only(Model):
    """The rows a fact is made from: a column's word is one of `of` (or none of them if `is_not`)."""

    of: tuple[str | None, ...]
    is_not: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        if isinstance(data, cls):
            return data
        is_not = isinstance(data, dict) and set(data) == {"not"}
        words = data["not"] if is_not else data
        if isinstance(words, dict):
            raise ValueError("write a word, a list of words, or {not: [words]}; null stands for missing")
        listed = list(words) if isinstance(words, list | tuple) else [words]
        return {"of": [_as_text(word) for word in listed], "is_not": is_not}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        words: JsonSchemaValue = {"anyOf": [WORD, {"type": "array", "items": WORD}]}
        negated = {
            "type": "object",
            "properties": {"not": words},
            "required": ["not"],
            "additionalProperties": False,
        }
        return {"anyOf": [*words["anyOf"], negated]}


class Join(Model):
    """Columns of another file of the same export, looked up by key; rows without a match get none."""

    file: str = Field(description="Glob of the other file's name.")
    on: dict[str, str] = Field(min_length=1, description="Column of this file to column of the other.")
    columns: dict[str, str] = Field(min_length=1, description="New column to column of the other file.")
    latest: str | None = Field(
        None, description="Of several rows with one key, the one greatest in this column; else the last."
    )


class Facts(Model):
    """One kind of fact made from a file's rows."""

    table: str = Field(description="Fact table; see docs/reference/facts.md.")
    id: Columns = Field((), description="Column or columns that name the record in its tool.")
    object: Name | None = Field(None, description="The kind of record in its tool.")
    at: Value | None = Field(None, description="When it happened; needed for events.")
    updated: Value | None = Field(None, description="When the tool wrote this state.")
    deleted: Value | None = Field(None, description="The tool says the record is gone.")
    twin: Twin | None = Field(None, description="The same record in another tool.")
    assumed: bool = Field(False, description="The moment is deduced from a snapshot.")
    only: dict[str, Only] = Field({}, description="The rows it is made from: column to words.")
    times: str | None = Field(None, description="Column with how many facts one row makes; 0 makes none.")
    actor: Actors | None = Field(None, description="Who did it.")
    set: dict[str, Value] = Field({}, description="Fact column to value.")
    fields: dict[Name, Value] = Field({}, description="Own field to value.")

    @field_validator("table")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in FACTS:
            raise ValueError(f"there is no fact table {name!r}{did_you_mean(name, FACTS)}")
        return name

    @property
    def kind(self) -> str:
        """The object of the facts' subject."""
        return self.object or SINGULAR.get(self.table, self.table)

    @property
    def definition(self) -> Table:
        """The fact table."""
        return FACTS[self.table]


class File(Model):
    """The files of one shape, and the facts made from each of their rows."""

    match: str = Field(description="Glob of the file name, in any case: leads*.csv.")
    sheet: str | None = Field(None, description="Sheet of an Excel file; else the first.")
    delimiter: str | None = Field(None, min_length=1, max_length=1, description="Else found from the header.")
    join: Annotated[tuple[Join, ...], BeforeValidator(_one_or_more)] = Field(
        (), description="Columns looked up in other files of the export."
    )
    facts: tuple[Facts, ...] = Field(min_length=1, description="What each row becomes.")


class Mapping(Model):
    """How the files of one source become facts."""

    mapping: Name = Field(description="Name of the mapping.")
    source: Name = Field(description="The tool the facts come from; first part of every id.")
    zone: Zone = Field("UTC", description="Zone of times without one.")
    missing: tuple[Text, ...] = Field((), description="Words that mean missing, besides the empty cell.")
    dates: Formats = Field((), description="Date formats, tried in order; ISO 8601 is always read.")
    encoding: Annotated[str, AfterValidator(_encoding)] | None = Field(
        None, description="Encoding of text files that are not UTF-8."
    )
    files: tuple[File, ...] = Field(min_length=1, description="The files of the source.")


def did_you_mean(word: str, known: Any) -> str:
    """`; did you mean 'x'?` if a known word is near, else nothing."""
    from difflib import get_close_matches

    plain = {str(k).casefold(): str(k) for k in known}
    near = get_close_matches(word.casefold(), plain, n=1)
    return f"; did you mean {plain[near[0]]!r}?" if near else ""


def load_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file. Raises MistakesError with every mistake at its line and column."""
    from accord.sources.mapping_mistakes import read_mapping

    return read_mapping(path)


def parse_mapping(text: str, name: str = "mapping") -> Mapping:
    """The mapping in a YAML text, called `name` in mistakes. Raises MistakesError as `load_mapping` does."""
    from accord.sources import mapping_mistakes

    return mapping_mistakes.parse_mapping(text, name)
