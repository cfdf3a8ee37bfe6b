"""The list of exceptions as a whole: its order, and that every kind has its words and its page."""

from __future__ import annotations

from pathlib import Path

from accord.insight.exceptions.words import WORDS

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "exceptions.md"


def test_every_kind_is_explained_in_the_order_in_which_it_is_told() -> None:
    text = PAGE.read_text(encoding="utf-8")
    places = [text.index(f"**`{kind}`**") for kind in WORDS]
    assert places == sorted(places)
