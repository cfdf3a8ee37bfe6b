"""The reference pages are current and whole, and the schema admits what `check` admits."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from accord.agreement import GATE_FIELDS, TOUCH_FIELDS, json_schema, parse
from accord.agreement.reference import reference_page

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"
MEND = "Run accord.agreement.reference.write(Path('docs/reference'))."


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
