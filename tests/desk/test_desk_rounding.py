from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.desk.shell.rounding import apportion


@pytest.mark.parametrize(
    ("values", "digits", "shown"),
    [
        (["0.4", "0.4", "0.2"], 0, [1, 0, 0]),
        (["1.25", None, "1.25"], 1, [D("1.3"), None, D("1.2")]),
        (["33.33", "33.33", "33.34"], 0, [33, 33, 34]),
        (["-0.6", "1.6"], 0, [-1, 2]),
        ([], 0, []),
        ([None], 0, [None]),
    ],
)
def test_parts_are_rounded_so_that_they_sum(
    values: list[str | None], digits: int, shown: list[object]
) -> None:
    assert apportion([None if v is None else D(v) for v in values], digits) == shown


@given(st.lists(st.decimals(-1000, 1000, places=4), max_size=20))
def test_rounded_parts_sum_to_the_rounded_sum_and_are_off_by_less_than_one(values: list[D]) -> None:
    shown = apportion(values)
    assert sum(shown) == sum(values, D(0)).quantize(D(1), "ROUND_HALF_UP")  # type: ignore[arg-type]
    assert all(abs(part - value) < 1 for part, value in zip(shown, values, strict=True))  # type: ignore[operator]
