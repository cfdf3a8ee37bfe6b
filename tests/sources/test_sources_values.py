"""Cells become typed values, or say why not; compared with values worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from accord.ledger.tables import Column
from accord.sources.mapping import Mapping, Value
from accord.sources.sql import text
from accord.sources.values import cleaned, convert, moment
from proof import EXAMPLES

CONNECTION = duckdb.connect(":memory:")
CONNECTION.execute("SET TimeZone = 'UTC'")
MAPPING = Mapping.model_validate(
    {
        "mapping": "m",
        "source": "crm",
        "zone": "Europe/Berlin",
        "dates": ["%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%y", "%Y%m%d%z", "epoch_ms"],
        "files": [{"match": "*", "facts": [{"table": "owners", "id": "i"}]}],
    }
)


def evaluate(expression: exp.Expr) -> object:
    return CONNECTION.execute(exp.select(expression).sql("duckdb")).fetchall()[0][0]


def typed(cell: str, kind: str, **value: object) -> object:
    column = Column("x" if kind != "domain" else "domain", "text" if kind == "domain" else kind, "")  # type: ignore[arg-type]
    spec = Value.model_validate({"column": "c", **value})
    return evaluate(convert(spec, column, lambda name: text(cell), MAPPING).value)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-01-02", datetime(2026, 1, 2, 11)),
        ("2026-07-02", datetime(2026, 7, 2, 10)),
        ("2026-07-02 3:04:05", datetime(2026, 7, 2, 1, 4, 5)),
        ("2026-07-02T03:04:05.123456", datetime(2026, 7, 2, 1, 4, 5, 123456)),
        ("2026-07-02T03:04Z", datetime(2026, 7, 2, 3, 4)),
        ("2026-07-02 03:04:05.5 UTC", datetime(2026, 7, 2, 3, 4, 5, 500000)),
        ("2026-07-02T03:04:05-05:00", datetime(2026, 7, 2, 8, 4, 5)),
        ("2026-07-02 03:04:05+0530", datetime(2026, 7, 1, 21, 34, 5)),
        ("02.01.2026", datetime(2026, 1, 2, 11)),
        ("02.01.26", datetime(2026, 1, 2, 11)),
        ("02.01.2026 10:30", datetime(2026, 1, 2, 9, 30)),
        ("20260102+0200", datetime(2026, 1, 1, 22)),
        ("1767225600000", datetime(2026, 1, 1)),
        ("1767225600123", datetime(2026, 1, 1, 0, 0, 0, 123000)),
        ("31.02.2026", None),
        ("01/02/2026", None),
        ("1826-01-02", None),
        ("infinity", None),
        ("now", None),
        ("today", None),
        ("epoch", None),
        ("2026-01", None),
        ("", None),
    ],
)
def test_times(cell, expected):
    assert typed(cell, "time") == expected


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    at=st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(
        lambda t: t.replace(second=0, microsecond=0)
    ),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"]),
)
def test_a_local_time_is_that_of_its_zone(at, zone):
    there = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    local = there.replace(tzinfo=None)
    both = {
        local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC).replace(tzinfo=None)
        for fold in (0, 1)
    }
    written = local.strftime("%d.%m.%Y %H:%M")
    assert evaluate(moment(text(written), ("%d.%m.%Y %H:%M",), zone)) in both
    assert evaluate(moment(text(local.isoformat()), (), zone)) in both


@pytest.mark.parametrize(
    ("cell", "kind", "value", "expected"),
    [
        ("12", "integer", {}, 12),
        ("12.0", "integer", {}, 12),
        ("12.5", "integer", {}, None),
        ("1_000", "number", {}, None),
        ("0x10", "number", {}, None),
        ("inf", "number", {}, None),
        ("1e3", "number", {}, 1000.0),
        ("1,5", "number", {}, None),
        ("1,5", "number", {"decimal": ","}, 1.5),
        ("1.500", "number", {"decimal": ","}, 1500.0),
        ("1.5", "number", {"decimal": ","}, None),
        ("12.34.567", "number", {"decimal": ","}, None),
        ("1 234,5 €", "money", {"decimal": ","}, Decimal("1234.5")),
        ("EUR 1'234.50", "money", {"decimal": "."}, Decimal("1234.5")),
        ("-$1,234.50", "money", {"decimal": "."}, Decimal("-1234.5")),
        ("36150000", "money", {"divide": 1000000}, Decimal("36.15")),
        ("0.1", "money", {}, Decimal("0.1")),
        ("99999999999999.9999", "money", {}, Decimal("99999999999999.9999")),
        ("123456789012345", "money", {}, None),
        ("200-499", "number", {"bands": {"200-499": 350}}, 350.0),
        ("12", "number", {"bands": {"200-499": 350}}, 12.0),
        ("many", "number", {"bands": {"200-499": 350}}, None),
        ("Ja", "boolean", {}, True),
        ("0", "boolean", {}, False),
        ("maybe", "boolean", {}, None),
        ("Closed", "boolean", {"values": {"closed": True}}, True),
        ("UK", "text", {"values": {"uk": "GB"}}, "GB"),
        ("FR", "text", {"values": {"uk": "GB"}}, "FR"),
        ("FR", "text", {"values": {"uk": "GB"}, "otherwise": "missing"}, None),
        ("none", "text", {"values": {"None": None}}, None),
        ("HTTPS://www.Northwind.example:443/x?y", "domain", {}, "northwind.example"),
        ("northwind.example", "domain", {}, "northwind.example"),
    ],
)
def test_values(cell, kind, value, expected):
    assert typed(cell, kind, **value) == expected


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_money_is_exact_however_it_is_written(amount):
    english = f"{amount:,.4f}"
    german = english.replace(",", "_").replace(".", ",").replace("_", ".")
    assert typed(f"{amount:f}", "money") == amount
    assert typed(english, "money", decimal=".") == amount
    assert typed(german, "money", decimal=",") == amount


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(" a\t", "a"), ("\u00a0", None), ("Select", None), ("N/A ", None), ("selected", "selected"), ("", None)],
)
def test_placeholders_are_missing(cell, expected):
    assert evaluate(cleaned(text(cell), ["select", "n/a"])) == expected


def test_references_and_the_first_column_not_missing():
    cells = {"a": exp.null(), "b": text("7"), "mail": text("Ada@X.example")}
    column = Column("x", "text", "")

    def value(spec: object) -> object:
        return evaluate(
            convert(Value.model_validate(spec), column, lambda name: cells[name].copy(), MAPPING).value
        )

    assert value(["a", "b"]) == "7"
    assert value({"account": ["a", "b"]}) == "crm:account:7"
    assert value({"person": "b", "source": "hubspot"}) == "hubspot:person:7"
    assert value({"email": "mail"}) == "email:ada@x.example"
    assert value({"account": "a"}) is None
