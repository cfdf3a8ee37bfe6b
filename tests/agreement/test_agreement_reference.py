"""The reference pages are current and whole, and the schema admits what `check` admits."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from accord.agreement import GATE_FIELDS, TOUCH_FIELDS, json_schema, parse, starter_files
from accord.agreement.reference import reference_page

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"
MEND = "Run `make docs`."


def test_the_committed_schema_is_current() -> None:
    assert json.loads((REFERENCE / "agreement.schema.json").read_text(encoding="utf-8")) == json_schema(), (
        MEND
    )


def test_the_committed_page_is_current() -> None:
    assert (REFERENCE / "agreement.md").read_text(encoding="utf-8") == reference_page(), MEND


def objects(schema: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for inner in schema.values():
            yield from objects(inner)


def test_every_key_is_described_and_documented() -> None:
    page = reference_page()
    seen = set()
    for part in objects(json_schema()):
        assert part["description"]
        for key, value in part["properties"].items():
            assert value["description"], key
            assert f"| `{key}` |" in page, key
            seen.add(key)
    assert {"agreement", "schema", "half_life", "hand_raiser", "return", "again_after", "middle"} <= seen
    for name in (*GATE_FIELDS, *TOUCH_FIELDS):
        assert f"| `{name}` |" in page


def test_the_schema_never_offers_an_empty_value() -> None:
    assert '"null"' not in json.dumps(json_schema())


def admits(schema: Mapping[str, Any], value: Any, whole: Mapping[str, Any]) -> bool:
    """As much of JSON Schema as the exported one uses, solved naively."""
    if "$ref" in schema:
        return admits(whole["$defs"][schema["$ref"].rpartition("/")[2]], value, whole)
    if "anyOf" in schema:
        return any(admits(one, value, whole) for one in schema["anyOf"])
    types = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "object": dict,
    }
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, types[name]) for name in names):  # type: ignore[arg-type]
        return False
    if value not in schema.get("enum", [value]) or (isinstance(value, bool) and "boolean" not in names):
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        return all(admits(schema["items"], inner, whole) for inner in value)
    if isinstance(value, dict):
        extra = schema.get("additionalProperties", True)
        inside = schema.get("properties", {})
        if not set(schema.get("required", ())) <= set(value) or (
            extra is False and not set(value) <= set(inside)
        ):
            return False
        return all(admits(inside.get(key, extra), inner, whole) for key, inner in value.items())
    return schema.get("exclusiveMinimum", -math.inf) < value <= schema.get("maximum", math.inf)


TEXTS = {
    "starter": starter_files()["agreement.yaml"],
    "example": (Path(__file__).parent / "design_example.yaml").read_text(encoding="utf-8"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_schema_admits_what_check_admits(text: str) -> None:
    schema = json_schema()
    tree = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    assert admits(schema, tree, schema)
    assert not admits(schema, tree | {"stagez": {}}, schema)
    assert not admits(schema, tree | {"currency": "euro"}, schema)
    assert not admits(schema, {key: value for key, value in tree.items() if key != "stages"}, schema)
    assert not admits(schema, tree | {"stages": {"mql": {"kind": "gates"}}}, schema)
    assert not admits(schema, tree | {"scoring": {"engagement": {"a": {"on": "any", "points": "1"}}}}, schema)


@pytest.mark.parametrize("path", [REFERENCE / "agreement.md", DOCS / "how-to" / "write-an-agreement.md"])
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert (path.parent / link).exists(), link


def test_the_conditions_on_the_page_are_read() -> None:
    page = reference_page()
    table = page[page.index("| write |") : page.index("Texts stand")]
    examples = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(examples) == 10
    start = "agreement: A\ncurrency: EUR\nfields: {budget: {on: person, type: boolean}}\n"
    for text in set(examples) - {"and"}:
        of_touches = "path" in text
        rules = {
            "fit": {"a": {"where": "budget", "points": 90}},
            "engagement": {"b": {"on": "any", "points": 9, "where": text if of_touches else True}},
        }
        gate = {"kind": "gate", "when": True if of_touches else text}
        parse(f"{start}scoring: {json.dumps(rules)}\nstages: {json.dumps({'mql': gate})}\n")
