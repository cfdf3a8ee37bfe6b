"""Sentences made of parts, so that a page can open every number, and a translation can order them anew.

A sentence is a template for gettext, such as `{count} leads past first contact`; its numbers stay apart from
its words until a reader's locale writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any, Protocol, TypedDict


class Part(TypedDict, total=False):
    """A piece of a sentence: either `text`, or a `number` with its `unit` (count, share, hours, days, money
    with its `currency`).

    `opens`: where a number leads, as `{"kpi": name}` or `{"page": name}`, each with `filters` if it has any.
    """

    text: str
    number: float
    unit: str
    currency: str
    opens: Mapping[str, Any]


class Language(Protocol):
    """Turns templates into a language: a catalogue of the standard library's gettext, or Django's."""

    def gettext(self, message: str, /) -> str:
        """The template in this language."""

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        """The template for n of them."""


def sentence(template: str, **values: Part | str) -> list[Part]:
    """The template's words and, in place of each `{name}`, the part of that name."""
    parts: list[Part] = []
    for words, name, _, _ in Formatter().parse(template):
        if words:
            parts.append({"text": words})
        if name:
            value = values[name]
            parts.append({"text": value} if isinstance(value, str) else value)
    return parts


def together(*sentences: list[Part]) -> list[Part]:
    """Several sentences as one text, empty ones left out."""
    parts: list[Part] = []
    for each in sentences:
        parts += [{"text": " "}, *each] if parts and each else each
    return parts


def count(number: int, opens: Mapping[str, Any] | None = None) -> Part:
    """A whole number of things."""
    return _number(number, "count", opens)


def share(number: float, opens: Mapping[str, Any] | None = None) -> Part:
    """A share, from 0 to 1."""
    return _number(number, "share", opens)


def money(number: float, currency: str, opens: Mapping[str, Any] | None = None) -> Part:
    """An amount in a currency."""
    return {**_number(number, "money", opens), "currency": currency}


def measure(number: float, unit: str, currency: str, opens: Mapping[str, Any] | None = None) -> Part:
    """A KPI's value in its unit."""
    return money(number, currency, opens) if unit == "money" else _number(number, unit, opens)


def time(hours: float, opens: Mapping[str, Any] | None = None) -> Part:
    """A length of time: in hours up to three days, in days beyond."""
    return _number(hours / 24, "days", opens) if hours > 72 else _number(hours, "hours", opens)


def plain(parts: Iterable[Part]) -> str:
    """The parts as plain English text."""
    return "".join(_plain(part) for part in parts)


def _number(number: float, unit: str, opens: Mapping[str, Any] | None) -> Part:
    part: Part = {"number": number, "unit": unit}
    return {**part, "opens": opens} if opens else part


def _plain(part: Part) -> str:
    if "text" in part:
        return part["text"]
    number, unit = part["number"], part["unit"]
    if unit == "share":
        return f"{number:.1%}"
    if unit == "money":
        return f"{number:,.0f} {part['currency']}"
    if unit in ("hours", "days"):
        return f"{number:,.1f} {unit}".replace(".0 ", " ")
    if unit == "ratio":
        return f"{number:.2f}"
    return f"{number:,.2f}".rstrip("0").rstrip(".")
