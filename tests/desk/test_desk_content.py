from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from demo_company import demo_workspace, truth


@pytest.fixture
def demo(settings: Any) -> dict[str, Any]:
    """The demo company is shown; its hidden truth."""
    space = demo_workspace()
    settings.WORKSPACE = space.folder
    return truth(space)["diseases"]  # type: ignore[no-any-return]


def test_two_prices_of_one_product_stand_first(
    demo: dict[str, Any], as_role: Callable[[str], Client]
) -> None:
    page = as_role("rep").get("/content?period=2026")
    first = page.context["found"][0]
    assert first.state == "bad"
    shown = {part["number"] for part in first.title if "number" in part}
    assert shown == {piece["price"] for piece in demo["two_prices"]["pieces"]}
    for piece in demo["two_prices"]["pieces"]:
        assert f"“{piece['title']}” says" in page.content.decode()


def test_content_nobody_uses_is_named(demo: dict[str, Any], as_role: Callable[[str], Client]) -> None:
    rows = as_role("marketer").get("/content?period=2026").context["rows"]
    never = {row["asset"] for row in rows if row["standing"] == "never"}
    assert never == set(demo["unused_content"]["titles"])


def test_the_file_has_every_piece(demo: dict[str, Any], as_role: Callable[[str], Client]) -> None:
    client = as_role("marketer")
    rows = list(csv.DictReader(io.StringIO(client.get("/content?period=2026&format=csv").content.decode())))
    shown = client.get("/content?period=2026").context["rows"]
    assert [(row["asset"], row["touches"]) for row in rows] == [
        (r["asset"], str(r["touches"])) for r in shown
    ]


def test_a_viewer_does_not_see_who_keeps_a_piece(
    demo: dict[str, Any], as_role: Callable[[str], Client]
) -> None:
    kept = {row["owner"] for row in as_role("rep").get("/content").context["rows"] if row["owner"]}
    text = as_role("viewer").get("/content").content.decode()
    assert kept and not any(name in text for name in kept)


def test_without_any_content_the_page_says_how_to_fill_it(as_role: Callable[[str], Client]) -> None:
    page = as_role("viewer").get("/content")
    if not page.context["rows"]:
        assert "Load the list of your content" in page.content.decode()
