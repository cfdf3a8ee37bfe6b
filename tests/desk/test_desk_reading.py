"""What is read once of a build: the same for all who ask, never more than so much, gone with the build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from accord.desk import reading as module
from accord.desk.reading import KEPT, Reading
from accord.desk.teams.models import User


@pytest.fixture
def reading(cast: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> Reading:
    monkeypatch.setattr(module, "_kept", {})
    return Reading(cast["viewer"])


def test_what_was_read_is_not_read_again(reading: Reading) -> None:
    read: list[int] = []
    for _ in range(3):
        assert reading._once("name", lambda: read.append(1) or ["found"]) == ("found",)  # type: ignore[func-returns-value]
    assert read == [1]


def test_the_oldest_makes_room(reading: Reading) -> None:
    for number in range(KEPT + 50):
        reading._once(str(number), lambda number=number: [number])  # type: ignore[misc]
    (kept,) = module._kept.values()
    assert len(kept) <= KEPT + 1 and str(KEPT + 49) in kept and "0" not in kept


def test_another_build_is_read_anew(reading: Reading) -> None:
    assert reading._once("name", lambda: ["old"]) == ("old",)
    reading.build = replace(reading.build, build_id="another")
    assert reading._once("name", lambda: ["new"]) == ("new",)
    assert list(module._kept)[-1] == "another"
    for number in range(module.BUILDS):
        reading.build = replace(reading.build, build_id=f"build {number}")
        reading._once("name", lambda: ["newer"])
    assert list(module._kept) == [f"build {number}" for number in range(module.BUILDS)]


@pytest.mark.parametrize("address", ["/", "/journey", "/campaigns", "/content", "/numbers/mql"])
def test_a_page_asked_twice_is_the_same(as_role: Callable[[str], Client], address: str) -> None:
    client = as_role("viewer")
    first, second = (client.get(f"{address}?period=2026Q1").context for _ in range(2))
    for name in ("tiles", "stages", "lines", "rows", "row"):
        assert repr(first.get(name)) == repr(second.get(name))
