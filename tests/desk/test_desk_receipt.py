"""A receipt's lines, as rounded, add up to its printed total."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from accord.desk.leads.receipt import STEP, rounded

POINTS = st.decimals(-500, 500, places=9, allow_nan=False)


def tenths(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_what_is_left_over_goes_to_the_line_nearest_to_the_next_tenth() -> None:
    # 0.33 + 0.34 + 0.33 = 1.00: three times 0.3 would make 0.9.
    assert rounded(tenths("0.33", "0.34", "0.33")) == tenths("0.3", "0.4", "0.3")
    assert rounded(tenths("109.39016354", "27.689437386", "-37.079600926")) == tenths(
        "109.4", "27.7", "-37.1"
    )
    assert rounded([]) == []


@given(st.lists(POINTS, max_size=12))
def test_rounded_lines_add_up_and_none_is_off_by_a_tenth(values: list[Decimal]) -> None:
    shown = rounded(values)
    total = sum(values, Decimal())
    assert abs(sum(shown, Decimal()) - total) <= STEP / 2
    assert all(abs(one - value) < STEP for one, value in zip(shown, values, strict=True))
    assert all(one == one.quantize(STEP) for one in shown)
