"""What is wrong with the content, in sentences: pieces that contradict one another, pieces nobody uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.insight.content import contradictions
from accord.insight.exceptions.parts import Part, count, money, sentence, together

NAMED = 3
"""How many unused pieces a sentence names."""


@dataclass(frozen=True)
class News:
    """One thing to mend: how bad, what it is, and what to do about it."""

    state: Literal["bad", "risk"]
    title: list[Part]
    why: list[Part]


def never_used(row: dict[str, Any]) -> bool:
    """Whether the list of content has the piece, and nobody has ever taken or used it."""
    return bool(row["listed"] and row["last_at"] is None)


def news(rows: Sequence[dict[str, Any]], currency: str) -> list[News]:
    """What is to mend, worst first. `currency`: that of a price without its own."""
    found = [_contradiction(group, currency) for group in contradictions(rows)]
    unused = [row for row in rows if never_used(row)]
    return [*found, _unused(unused, len(rows))] if unused else found


def summary(found: Sequence[News], rows: Sequence[dict[str, Any]]) -> list[Part]:
    """The page's sentence."""
    if found:
        return together(*([*each.title, {"text": "."}] for each in found))  # type: ignore[arg-type]
    template = ngettext("{n} piece of content, in use.", "{n} pieces of content, all in use.", len(rows))
    return sentence(template, n=count(len(rows)))


def _contradiction(group: Sequence[dict[str, Any]], currency: str) -> News:
    prices = [money(float(row["price"]), row["currency"] or currency) for row in group]
    said = [
        sentence(_("“{title}” says {price}"), title=row["asset"], price=p)
        for row, p in zip(group, prices, strict=True)
    ]
    listed = [part for each in said for part in (*each, Part(text=", "))][:-1]
    title = sentence(_("Buyers read different prices for {product}: "), product=group[0]["product"])
    why = sentence(_("Agree on one price, then correct or withdraw the others."))
    return News("bad", [*title, *listed], why)


def _unused(rows: Sequence[dict[str, Any]], pieces: int) -> News:
    template = ngettext(
        "{unused} of {pieces} pieces of content has never been used",
        "{unused} of {pieces} pieces of content have never been used",
        len(rows),
    )
    title = sentence(template, unused=count(len(rows)), pieces=count(pieces))
    names = ", ".join(f"“{row['asset']}”" for row in rows[:NAMED])
    more = len(rows) - NAMED
    named = _("%(names)s and %(more)s more.") % {"names": names, "more": more} if more > 0 else f"{names}."
    why = together([{"text": named}], sentence(_("Show them to sales, or take them off the list.")))
    return News("risk", title, why)
