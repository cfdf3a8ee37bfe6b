"""The scoreboard in a sentence: what is broken, where revenue stands, and where it heads."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.insight.exceptions.parts import Part, count, money, sentence, together

if TYPE_CHECKING:
    from accord.desk.scoreboard.tiles import Tile
    from accord.desk.shell.filters import Filters

EARLY = Decimal("0.1")
"""The share of a period before which its pace says nothing."""


def summary(
    exceptions: list[dict[str, Any]], revenue: Tile | None, filters: Filters, currency: str
) -> list[Part]:
    """The page's sentence, in parts. What is broken today belongs to the running period alone."""
    standing = _standing(exceptions) if filters.is_running else []
    return together(standing, _revenue(revenue, filters, currency) if revenue else [])


def _standing(exceptions: list[dict[str, Any]]) -> list[Part]:
    states = Counter(row["state"] for row in exceptions)
    broken, risk = states["bad"], states["risk"]
    if not broken and not risk:
        return sentence(_("Everything runs as agreed."))
    parts = []
    if broken:
        template = ngettext(
            "{broken} thing does not run as agreed", "{broken} things do not run as agreed", broken
        )
        parts.append(sentence(template, broken=count(broken)))
    if risk:
        parts.append(sentence(_("{risk} at risk"), risk=count(risk)))
    return [*parts[0], *([{"text": ", "}, *parts[1]] if len(parts) > 1 else []), {"text": "."}]  # type: ignore[list-item]


def _revenue(tile: Tile, filters: Filters, currency: str) -> list[Part]:
    value, target = tile.row["value"], tile.row["target"]
    if value is None:
        return []
    opens = {"kpi": "revenue"}
    stands = money(float(value), currency, opens)
    if not target:
        return sentence(_("Revenue of {period} is {stands}."), period=filters.title, stands=stands)
    aim = money(float(target), currency, {"kpi": "revenue_to_target"})
    if not filters.is_running:
        template = (
            _("{period} reached {stands} of {aim} revenue.")
            if value >= target
            else _("{period} missed its target: {stands} of {aim} revenue.")
        )
        return sentence(template, period=filters.title, stands=stands, aim=aim)
    gone = Decimal((filters.now - filters.period.start) / (filters.period.end - filters.period.start))
    left = count((filters.period.end - filters.now) // timedelta(days=1))
    now = sentence(
        _("Revenue stands at {stands} of {aim} with {left} days left."), stands=stands, aim=aim, left=left
    )
    if gone < EARLY:
        return now
    heads = money(float(value / gone), currency)
    return together(
        now, sentence(_("At today’s rate {period} ends near {heads}."), period=filters.title, heads=heads)
    )
