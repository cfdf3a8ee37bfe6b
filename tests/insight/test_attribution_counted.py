"""Counts straight from a table of paths give the credit of paths told apart, however they are cut."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import accord
from accord.insight.attribution.data_driven import Chain, JourneyError
from accord.insight.attribution.data_driven import counted as counting
from accord.insight.attribution.data_driven.counted import counted
from accord.insight.attribution.data_driven.paths import paths_of
from accord.insight.attribution.models import ModelError
from proof import EXAMPLES

Row = dict[str, Any]
CHANNELS = ["Email", "Events", "Organic", "Paid Search"]


@st.composite
def row_of_a_path(draw: st.DrawFn) -> Row:
    conversions = draw(st.integers(0, 3))
    return {
        "path": draw(st.lists(st.sampled_from(CHANNELS), max_size=6)),
        "conversions": conversions,
        "value": draw(st.integers(0, 50)) if conversions else 0,
        "nulls": draw(st.integers(0, 3)),
        "open": draw(st.integers(0, 3)),
    }


def table(rows: list[Row], separator: str | None = None) -> pa.Table:
    """The rows with paths as lists, or as texts with this between the channels."""
    amounts = {name: [row[name] for row in rows] for name in ("conversions", "value", "nulls", "open")}
    paths: Any = [row["path"] for row in rows]
    if separator is None:
        return pa.table({"path": pa.array(paths, pa.list_(pa.string())), **amounts})
    return pa.table({"path": pa.array([separator.join(path) for path in paths], pa.string()), **amounts})


@pytest.mark.parametrize("order", [1, 2, 3])
@settings(max_examples=EXAMPLES, deadline=None)
@given(
    rows=st.lists(row_of_a_path(), max_size=12),
    separator=st.sampled_from([None, " > ", ">", " >", "  > "]),
    repeats=st.booleans(),
)
def test_it_is_what_paths_told_apart_give(
    order: int, rows: list[Row], separator: str | None, repeats: bool
) -> None:
    given_rows = table(rows, separator)
    paths = paths_of(given_rows)
    paths = paths if repeats else paths.without_repeats()
    expected = Chain.of(paths, order).credit(paths.ends)
    with patch.object(counting, "ROWS", 3):
        found = counted(given_rows, order, repeats=repeats)
    assert found is not None and found.channels == paths.channels
    for one, two in zip(found.credit(), expected, strict=True):
        np.testing.assert_allclose(one, two[0], rtol=1e-9, atol=1e-9)
    none = paths.lengths == 0
    assert found.untouched.tolist() == [paths.conversions[none].sum(), paths.value[none].sum()]


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows=st.lists(row_of_a_path(), max_size=12), repeats=st.booleans())
def test_several_orders_from_one_count_are_each_alone(rows: list[Row], repeats: bool) -> None:
    given_rows = table(rows, " > ")
    both = accord.attribute(given_rows, order=(1, 2), repeats=repeats)
    for order in (1, 2):
        alone = accord.attribute(given_rows, order=order, repeats=repeats)
        found = both.filter(pc.equal(both["order"], order)).drop_columns("order")
        assert found.equals(alone)


def test_several_orders_of_touches_and_with_intervals() -> None:
    touches = [
        {"journey_id": n // 3, "position": n % 3, "channel": CHANNELS[n * n % 4], "converted": n % 2 == 0}
        for n in range(60)
    ]
    both = accord.attribute(touches, order=(2, 1), replicates=20)
    assert both.column_names[0] == "order" and both["order"].to_pylist() == [2] * 2 + [1] * 2
    for order in (1, 2):
        found = both.filter(pc.equal(both["order"], order)).drop_columns("order")
        assert found.equals(accord.attribute(touches, order=order, replicates=20))


def test_shapley_has_no_orders() -> None:
    with pytest.raises(ModelError, match="no orders"):
        accord.attribute(pa.table({"path": ["A"], "conversions": [1]}), "shapley", (1, 2))


def test_paths_are_read_in_parts_from_a_stream() -> None:
    rows = [
        {
            "path": [CHANNELS[n % 4], CHANNELS[n % 3]],
            "conversions": n % 2,
            "value": n % 2,
            "nulls": 1,
            "open": 0,
        }
        for n in range(40)
    ]
    whole = table(rows, " > ")

    def stream() -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(whole.schema, whole.to_batches(max_chunksize=7))

    for options in ({"order": 2}, {"model": "shapley"}, {"replicates": 5}):
        assert accord.attribute(stream(), **options).equals(accord.attribute(whole, **options))
    with patch.object(counting, "MOST_WALKS", 1), pytest.raises(JourneyError, match="too many channels"):
        accord.attribute(stream())


def test_spaces_around_channels_and_texts_of_spaces_alone() -> None:
    rows = pa.table({"path": [" A> B ", "A >B", "  ", ""], "conversions": [1, 1, 2, 3]})
    assert accord.attribute(rows).to_pylist() == [
        {"channel": "A", "conversions": 1, "value": 0},
        {"channel": "B", "conversions": 1, "value": 0},
        {"channel": None, "conversions": 5, "value": 0},
    ]


def test_a_channel_without_a_name_inside_a_path_is_one() -> None:
    rows = pa.table({"path": ["A >  > B", " "], "conversions": [3, 1]})
    found = {row["channel"]: row["conversions"] for row in accord.attribute(rows).to_pylist()}
    assert found == {"": pytest.approx(1), "A": pytest.approx(1), "B": pytest.approx(1), None: 1}


def test_very_many_channels_are_counted_the_other_way() -> None:
    rows = [{"path": f"{n} > {n + 1}", "conversions": n % 3, "nulls": 1} for n in range(300)]
    whole = accord.attribute(rows)
    with patch.object(counting, "MOST_WALKS", 1000):
        other = accord.attribute(rows)
    assert whole["channel"] == other["channel"]
    np.testing.assert_allclose(whole["conversions"], other["conversions"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"path": ["A"] * 9 + [None], "conversions": [1] * 10}, "path of row 10 is empty"),
        ({"path": ["A"] * 10, "conversions": [1] * 7 + [-1, 1, 1]}, "conversions of row 8 is -1"),
        ({"path": ["A"] * 10, "conversions": [0] * 10, "value": [0] * 8 + [5, 0]}, "value of row 9 is 5"),
    ],
)
def test_a_mistake_names_its_row_in_the_whole_table(columns: dict[str, Any], told: str) -> None:
    with patch.object(counting, "ROWS", 4), pytest.raises(JourneyError, match=told):
        accord.attribute(pa.table(columns))
