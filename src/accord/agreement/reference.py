"""The reference pages of the agreement, generated from the models: JSON Schema and tables of keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from accord.agreement.fields import (
    AUDIENCE_FIELDS,
    DOCS,
    LEAD_FIELDS,
    SCORE_FIELDS,
    TOUCH_FIELDS,
    TOUCH_KINDS,
)
from accord.agreement.messages import Messages
from accord.agreement.models import AgreementFile

_Part = Mapping[str, Any]
SCHEMA_URL = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `agreement.yaml`, for editors: keys, types, descriptions."""
    return {"$schema": SCHEMA_URL, **_schema(AgreementFile), "title": "Accord agreement"}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    schema: dict[str, Any] = _tidy(model.model_json_schema(by_alias=True))
    return schema


def _tidy(value: Any) -> Any:
    """Without pydantic's titles, empty defaults, and `null` (an empty value is a mistake)."""
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {key: _tidy(inner) for key, inner in value.items() if key != "title" or isinstance(inner, dict)}
    if {"type": "null"} in found.get("anyOf", []):
        rest = [inner for inner in found.pop("anyOf") if inner != {"type": "null"}]
        found = (rest[0] if len(rest) == 1 else {"anyOf": rest}) | found
    if "description" in found and found.get("default", "") in (None, []):
        del found["default"]
    return found


def reference_page() -> str:
    """The text of `docs/reference/agreement.md`: every key, field and fixed word."""
    head = (files("accord.agreement") / "reference.md").read_text(encoding="utf-8")
    parts = [head, "## Keys\n", *_sections(_schema(AgreementFile), "agreement.yaml")]
    parts += ["## The messages file\n", *_sections(_schema(Messages), "messages.yaml")]
    parts += ["## Fields a condition may read\n", *_field_tables()]
    return "\n".join(parts)


def _sections(schema: _Part, title: str) -> Iterator[str]:
    """A heading and a table for the file and for every mapping inside it, in the order of the file."""
    todo: list[tuple[str, _Part]] = [(title, schema)]
    while todo:
        place, part = todo.pop(0)
        needed = part.get("required", ())
        rows = [_row(key, value, key in needed) for key, value in part["properties"].items()]
        yield f"### `{place}`\n\n{_one_line(part['description'])}\n"
        yield _table(("key", "value", "without it", "meaning"), rows) if rows else ""
        prefix = "" if place == title else f"{place}."
        todo = [(prefix + name, inner) for name, inner in _inside(part, schema["$defs"])] + todo


def _inside(part: _Part, definitions: Mapping[str, Any]) -> Iterator[tuple[str, _Part]]:
    """The mappings directly inside a mapping, each with its key."""
    for key, value in (*part["properties"].items(), ("<name>", part.get("additionalProperties"))):
        suffix = ""
        if isinstance(value, dict) and "items" in value:
            value, suffix = value["items"], "[]"
        elif isinstance(value, dict) and isinstance(value.get("additionalProperties"), dict):
            value, suffix = value["additionalProperties"], ".<name>"
        if isinstance(value, dict) and "$ref" in value:
            yield key + suffix, definitions[value["$ref"].rpartition("/")[2]]


def _row(key: str, value: _Part, needed: bool) -> tuple[str, ...]:
    without = "a mistake" if needed else _words(value.get("default"))
    return f"`{key}`", _value(value), without, _one_line(value.get("description", ""))


def _words(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, list):
        return ", ".join(default)
    return "" if default is None else f"{default}"


def _value(value: _Part) -> str:
    """What may stand as the value, in words."""
    if "anyOf" in value:
        return " or ".join(_value(one) for one in value["anyOf"])
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    if "items" in value:
        return (
            "list of mappings, see below" if "$ref" in value["items"] else f"list of {_value(value['items'])}"
        )
    if "maxLength" in value and isinstance(value["type"], list):
        return "condition"
    examples = [one for one in value.get("examples", ()) if isinstance(one, str)]
    if examples:
        return f"text such as {', '.join(f'`{one}`' for one in examples[:3])}"
    if value.get("format") == "date":
        return "date such as `2026-09-01`"
    names = {"number": "number", "integer": "whole number", "boolean": "true or false", "string": "text"}
    return names.get(str(value.get("type")), "mapping, see below")


def _field_tables() -> Iterator[str]:
    for title, fields in (
        (
            "Lead (all but engagement rules), besides your own fields",
            LEAD_FIELDS,
        ),
        ("Score and audience (stages and routes only)", {**SCORE_FIELDS, **AUDIENCE_FIELDS}),
        ("Touch (engagement rules only)", TOUCH_FIELDS),
    ):
        rows = [(f"`{name}`", type_, DOCS[name]) for name, type_ in fields.items()]
        yield f"### {title}\n"
        yield _table(("field", "type", "meaning"), rows)
    kinds = ", ".join(f"`{kind}`" for kind in TOUCH_KINDS)
    yield f"### Kinds of touch (`on:`)\n\n`any`, {kinds}, or a kind of your own that a mapping gives.\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
