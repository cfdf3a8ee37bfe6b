"""What decisions rest on, as JSON text: what `to_json` writes, whatever a value holds."""

from __future__ import annotations

import json

import pytest
from sqlglot import exp

from accord.insight.scoring.json_text import number, object_of, text
from accord.ledger.engine import DuckDBEngine


def written(value: exp.Expr) -> str:
    query = exp.select(exp.alias_(object_of({'na"me': value, "b": number(exp.true(), "BOOLEAN")}), "it"))
    return str(DuckDBEngine().query(query.sql(dialect="duckdb"))["it"][0].as_py())


@pytest.mark.parametrize(
    "value", ["", "plain", 'a "quoted" one', "back\\slash", "line\nbreak\ttab", "Ünï✓", "}{"]
)
def test_texts_are_escaped(value: str) -> None:
    assert json.loads(written(text(exp.Literal.string(value)))) == {'na"me': value, "b": True}


@pytest.mark.parametrize(
    ("value", "kind", "found"),
    [
        ("0", "DECIMAL(38, 9)", "0.000000000"),
        ("20.5", "DECIMAL(38, 9)", "20.500000000"),
        ("12000000", "DOUBLE", "12000000.0"),
        ("200", "BIGINT", "200"),
    ],
)
def test_numbers_are_written_to_the_last_digit(value: str, kind: str, found: str) -> None:
    given = number(exp.Literal.number(value), kind)
    assert written(given) == f'{{"na\\"me":{found},"b":true}}'
    assert written(given) == str(
        DuckDBEngine()
        .query(f"""SELECT to_json({{'na"me': CAST({value} AS {kind}), 'b': true}})::VARCHAR AS it""")["it"][0]
        .as_py()
    )


def test_what_is_missing_is_null_and_nothing_is_an_empty_object() -> None:
    null = exp.cast(exp.null(), "VARCHAR")
    assert written(text(null)) == written(number(null, "DOUBLE")) == '{"na\\"me":null,"b":true}'
    empty = exp.select(exp.alias_(object_of({}), "it")).sql(dialect="duckdb")
    assert DuckDBEngine().query(empty)["it"][0].as_py() == "{}"
