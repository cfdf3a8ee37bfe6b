"""What somebody asks of the plan: the period, another target, and what if."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accord.errors import AccordError
from accord.insight.planning import Asked, Scenario


class NotANumber(AccordError):
    """What was asked is no number, or not one that makes sense."""

    code = "not_a_number"


@dataclass(frozen=True)
class Knob:
    """One thing to try: its name in the address, what it is called, and between what it may be."""

    name: str
    label: Any
    low: float
    high: float
    step: float
    usual: float
    unit: str = ""


def knobs() -> list[Knob]:
    """All that can be tried; the last two are what is assumed of sellers' time."""
    return [
        Knob("volume", _("Times as many leads"), 0.25, 3, 0.05, 1),
        Knob("conversion", _("Times as many deals per lead"), 0.25, 3, 0.05, 1),
        Knob("deal_size", _("Deals times as large"), 0.25, 3, 0.05, 1),
        Knob("minutes", _("Minutes per call, mail or meeting"), 5, 60, 5, 15),
        Knob("share", _("Share of open hours for new leads"), 0.1, 1, 0.05, 0.5),
    ]


def asked_of(query: QueryDict) -> Asked:
    """What the address asks. Raises NotANumber."""
    given = {knob.name: _within(query.get(knob.name), knob) for knob in knobs()}
    target = query.get("target") or None
    return Asked(
        query.get("period") or None,
        None if target is None else _money(target),
        Scenario(given["volume"], given["conversion"], given["deal_size"]),
        given["minutes"],
        given["share"],
    )


def _within(text: str | None, knob: Knob) -> float:
    if not text:
        return knob.usual
    value = _number(text)
    if not knob.low <= value <= knob.high:
        raise NotANumber(
            _("%(value)s lies outside of %(low)s to %(high)s.")
            % {"value": text, "low": knob.low, "high": knob.high},
            mend=_("Choose one between them: %(label)s.") % {"label": knob.label},
        )
    return value


def _money(text: str) -> float:
    value = _number(text)
    if not 1 <= value <= 1e12:
        raise NotANumber(_("A target of %(value)s is none.") % {"value": text}, mend=_("Give an amount."))
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise NotANumber(
            _("%(value)s is no number.") % {"value": text[:40]}, mend=_("Write it like 1.25.")
        ) from None
