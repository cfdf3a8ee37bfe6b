"""The list of exceptions as a whole: every kind explained, told in any language, numbers apart from words."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path

from accord.insight.exceptions import plain, tell
from accord.insight.exceptions.parts import count, measure, money, share, time, together
from accord.insight.exceptions.words import WORDS

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "exceptions.md"


def test_every_kind_is_explained_in_the_order_in_which_it_is_told() -> None:
    text = PAGE.read_text(encoding="utf-8")
    places = [text.index(f"**`{kind}`**") for kind in WORDS]
    assert places == sorted(places)


class German(NullTranslations):
    """A language that puts the number elsewhere."""

    def gettext(self, message: str) -> str:
        return {"Nothing from {source} for {days}": "Seit {days} nichts von {source}"}.get(message, message)


def test_a_language_may_put_numbers_elsewhere() -> None:
    data = {"source": "crm", "days": 22.0, "usual_days": 7.0}
    assert tell("source_silent", data, German()).title == [
        {"text": "Seit "},
        {"number": 22.0, "unit": "days"},
        {"text": " nichts von "},
        {"text": "crm"},
    ]


def test_numbers_as_plain_text_carry_their_unit() -> None:
    texts = {
        plain([part])
        for part in (
            count(12_345),
            share(0.1234),
            money(1234.5, "EUR"),
            measure(-0.9, "ratio", "EUR"),
            time(72),
            time(84),
        )
    }
    assert texts == {"12,345", "12.3%", "1,234 EUR", "-0.90", "72 hours", "3.5 days"}


def test_sentences_are_joined_and_empty_ones_left_out() -> None:
    one, other = [{"text": "One."}], [{"text": "Two."}]
    assert plain(together([], one, [], other)) == "One. Two."  # type: ignore[arg-type]
