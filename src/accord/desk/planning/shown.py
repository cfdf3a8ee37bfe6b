"""The outlook of a period as the page shows it: words, and bars as shares of the widest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accord.insight.planning import Outlook
    from accord.insight.planning.gap import Gap, Part
    from accord.insight.planning.plan import Forecast
    from accord.insight.planning.speed import Band


def sources_of_money(forecast: Forecast) -> list[dict[str, Any]]:
    """Where the forecast's mean comes from, each with its share of it."""
    words = {
        "booked": _("Booked so far"),
        "open_deals": _("Deals open now"),
        "waiting_leads": _("Leads without a deal yet"),
        "new_leads": _("Leads still to come"),
        "direct_deals": _("Deals no lead brings"),
        "other": _("Usually booked besides"),
    }
    whole = sum(max(0.0, money) for money in forecast.parts.values()) or 1.0
    return [
        {"name": words[name], "money": money, "share": max(0.0, money) / whole}
        for name, money in forecast.parts.items()
    ]


def factors(gap: Gap) -> list[dict[str, Any]]:
    """The parts of a gap, each with its range on one scale around nothing, in per cent of the width."""
    widest = max([1.0, *(abs(end) for part in gap.parts for end in (part.low, part.high, part.part))])
    return [
        {
            "name": _name(part),
            "part": part.part,
            "by_chance": part.by_chance,
            "planned": _rounded(part, part.planned),
            "actual": _rounded(part, part.actual),
            "unit": _unit(part),
            **{end: 50 + 50 * getattr(part, end) / widest for end in ("low", "high")},
            "at": 50 + 50 * part.part / widest,
        }
        for part in gap.parts
    ]


def _name(part: Part) -> str:
    return {
        "volume": _("Leads"),
        "mix": _("Segments they are of"),
        "speed": _("Contacted in time"),
        "quality": _("Deals per lead"),
        "win_rate": _("Deals won"),
        "deal_size": _("Value of a deal"),
        "other": _("Booked without a new deal"),
    }[part.factor]


def _rounded(part: Part, value: float | None) -> float | None:
    """Planned leads are no whole ones; nobody needs their hundredths."""
    return round(value) if value is not None and part.factor == "volume" else value


def _unit(part: Part) -> str:
    return {"volume": "count", "deal_size": "money", "other": "money"}.get(part.factor, "share")


def bands(found: Outlook) -> list[dict[str, Any]]:
    """What came of leads by how soon sales reached out; bands nobody was in are left out."""
    return [{"name": _band(band), "dealt": band.dealt} for band in found.speed if band.dealt.of]


def _band(band: Band) -> str:
    if band.never:
        return _("never")
    if band.within is None:
        return _("later")
    hours = int(band.within / timedelta(hours=1))
    if hours <= 24:
        return _("within %(hours)d h") % {"hours": hours}
    return _("within %(days)d days") % {"days": hours // 24}
