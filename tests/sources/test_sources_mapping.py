"""A mapping's mistakes are shown together, each where it stands; its schema and reference are complete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accord.errors import MistakesError
from accord.sources.mapping import Actors, Facts, File, Join, Mapping, Twin, Value, load_mapping
from accord.sources.mapping_schema import mapping_schema

DOCS = Path(__file__).parents[2] / "docs" / "reference"


def mistakes(tmp_path: Path, text: str) -> list[tuple[int, int, str]]:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MistakesError) as error:
        load_mapping(path)
    assert all(mistake.file == str(path) for mistake in error.value.mistakes)
    return [(m.line, m.column, f"{m.message} {m.mend}".strip()) for m in error.value.mistakes]


def test_mistakes_of_shape_are_gathered(tmp_path):
    text = """mapping: x
source: "a:b"
zone: Mars/Base
dates: ["%d/%m/%Y", "%m/%d/%Y"]
encoding: utf-99
colour: red
files:
  - match: a.csv
    fact: 3
    facts:
      - table: touchez
      - table: touches
        at: {colum: x}
        actor: name
"""
    found = mistakes(tmp_path, text)
    assert [(line, column) for line, column, _ in found] == [
        (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (9, 5), (11, 9), (13, 14), (14, 9),
    ]  # fmt: skip
    words = [message for _, _, message in found]
    assert "letters, digits" in words[0]
    assert "no zone 'Mars/Base'" in words[1]
    assert "cannot both stand: 03/04/2026 fits both" in words[2]
    assert "no encoding 'utf-99'" in words[3]
    assert "no key `colour`" in words[4]
    assert words[5] == "there is no key `fact` here; did you mean 'facts'?"
    assert words[6] == "there is no fact table 'touchez'; did you mean 'touches'?"
    assert words[7] == "there is no key `colum` here; did you mean 'column'?"
    assert "an actor is {person: ...}" in words[8]


def test_mistakes_of_meaning_are_gathered(tmp_path):
    text = """mapping: x
source: x
files:
  - match: a.csv
    facts:
      - table: touches
        set:
          knd: {constant: page_view}
          campaign_id: campaign
          duration_seconds: {column: d, dates: "%d.%m.%Y"}
      - table: deals
        fields: {a: b}
        set:
          account_id: {owner: o}
          status: {column: s, values: {x: wonn}}
          amount: {constant: lots}
          name: {column: n, bands: {a: 1}}
      - table: spend
        at: day
        actor: {person: p}
        fields: {a: b}
        set: {cost: c, currency: {constant: EUR}}
"""
    words = [message for _, _, message in mistakes(tmp_path, text)]
    for expected in (
        "touches are events: `at` says when each happened.",
        "touches needs a value for kind",
        "table touches has no column 'knd'; did you mean 'kind'?",
        "campaign_id names a record. Write {campaign: campaign}.",
        "`dates` does not fit duration_seconds, which is number.",
        "deals are records: `id` says which one a row is about.",
        "account_id names a record of kind account, not owner.",
        "status is one of open, won, lost; not 'wonn'.",
        "amount is a number; 'lots' is not.",
        "`bands` does not fit name, which is text.",
        "table spend has no actor.",
        "table spend has no own fields.",
    ):
        assert any(message.startswith(expected) for message in words), expected
    assert len(words) == 12


def test_own_fields_are_checked_like_columns(tmp_path):
    text = """mapping: x
source: x
files:
  - match: a.csv
    facts:
      - table: people
        id: i
        fields:
          Budget: a
          role: a
          select: a
          a1: {column: a, boolean: true, decimal: ","}
          a2: {column: a, dates: "%d.%m.%Y", divide: 2}
          a3: {column: a, zone: Europe/Berlin}
          a4: {column: a, otherwise: missing}
          a5: {column: a, source: crm}
          a6: {column: a, values: {x: lots}, divide: 2}
          a7: {person: a, boolean: true}
          account_id: {column: a, bands: {x: 1}}
"""
    found = mistakes(tmp_path, text)
    assert [line for line, _, _ in found] == [9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
    words = [message for _, _, message in found]
    for message, expected in zip(
        words,
        (
            "'Budget' is not the name of an own field.",
            "'role' is taken",
            "'select' is taken",
            "`decimal` does not fit own field a1, which is boolean.",
            "`dates` does not fit own field a2, which is number.",
            "`zone` does not fit own field a3, which is text.",
            "`otherwise` goes with `values`.",
            "`source` does not fit own field a5",
            "own field a6 is a number; 'lots' is not.",
            "own field a7 is boolean, not the name of a record.",
        ),
        strict=True,
    ):
        assert message.startswith(expected), message


def test_boolean_is_for_what_is_true_or_false(tmp_path):
    text = (
        "mapping: x\nsource: x\nfiles:\n- match: a\n  facts:\n"
        "  - {table: people, id: i, set: {city: {column: c, boolean: true}}}\n"
    )
    assert [m for _, _, m in mistakes(tmp_path, text)] == ["`boolean` does not fit city, which is text."]


def test_two_items_that_would_make_one_record_twice_are_told(tmp_path):
    text = """mapping: x
source: x
files:
  - match: a.csv
    facts:
      - {table: touches, id: i, at: d, set: {kind: {constant: page_view}}}
      - {table: touches, id: i, at: d, set: {kind: {constant: form_submit}}}
"""
    assert [m for _, _, m in mistakes(tmp_path, text)] == [
        "facts number 1 of this file already makes touches records with this id in touches. "
        "Give one of them another `object`."
    ]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("mapping: [x", (1, 12), "this is not YAML"),
        ("mapping: x\nmapping: y\n", (2, 1), "this is not YAML"),
        ("- a\n", (1, 1), "a mapping file holds the keys"),
        ("mapping: x\nsource: x\nfiles: []\n", (3, 1), "at least 1 item"),
        ("mapping: x\nfiles:\n- match: a\n  facts: [{table: touches, at: [}]\n", (4, 33), "this is not YAML"),
    ],
)
def test_a_file_that_is_no_mapping(tmp_path, text, place, words):
    found = [one for one in mistakes(tmp_path, text) if words in one[2]]
    assert [one[:2] for one in found] == [place]


def test_a_mapping_that_is_not_there(tmp_path):
    with pytest.raises(MistakesError, match="there is no such file"):
        load_mapping(tmp_path / "none.yaml")


def test_bare_yaml_words_mean_what_a_file_would_write(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "mapping: x\nsource: x\nmissing: [null, 0]\nfiles:\n- match: a\n  facts:\n"
        "  - {table: deals, id: i, deleted: {column: d, values: {true: true}},\n"
        "     only: {s: [1, null]}}\n"
    )
    with pytest.raises(MistakesError, match=r"missing\.1"):
        load_mapping(path)
    path.write_text(path.read_text().replace("[null, 0]", "[0]"))
    [facts] = load_mapping(path).files[0].facts
    assert facts.deleted is not None
    assert facts.deleted.values == {"true": "true"}
    assert facts.only["s"].of == ("1", None)


def test_every_key_is_in_the_reference():
    reference = (DOCS / "mapping.md").read_text(encoding="utf-8")
    for model in (Mapping, File, Join, Facts, Value):
        for key in model.model_fields:
            assert f"`{key}`" in reference, key
    assert set(Twin.model_fields) == {"source", "object", "id"}
    assert set(Actors.model_fields) == {"first"}


def test_the_schema_is_the_one_of_the_code():
    kept = (DOCS / "mapping.schema.json").read_text(encoding="utf-8")
    assert kept == mapping_schema()
    assert json.loads(kept)["$defs"]["Facts"]["additionalProperties"] is False
