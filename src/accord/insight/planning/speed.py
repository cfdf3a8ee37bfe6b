"""What comes of leads by how soon sales reached out to them.

It tells what went together, not what caused it: sellers call the promising ones first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from accord.insight.intervals import Share, share

if TYPE_CHECKING:
    from accord.insight.planning.history import History, Lead

BANDS = (
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=24),
    timedelta(days=3),
    timedelta(days=7),
)
RIPE = timedelta(days=90)
"""Leads have had their time to come to a deal after this."""
Soon = Literal["in_time", "late", "never"]
"""How soon a lead was contacted, by the promise of a first contact."""
DRAWN_TO_ONE = 10
"""What late contact is worth is told as if so many leads had fared no worse for it."""


@dataclass(frozen=True)
class Band:
    """Leads first contacted within `within` (and no sooner than the band before); None: later, or, with
    `never`, not at all. `dealt`: the share of them with a deal within the horizon."""

    within: timedelta | None
    never: bool
    dealt: Share


def how_soon(lead: Lead, promised: timedelta | None) -> Soon:
    """Whether a lead was contacted within the promised time; without a promise any time is in time."""
    if lead.first_contact_at is None:
        return "never"
    soon = promised is None or lead.first_contact_at - lead.qualified_at <= promised
    return "in_time" if soon else "late"


def worth_of_speed(history: History, promised: timedelta | None) -> dict[Soon, float]:
    """Deals per lead contacted late, and never, over those of leads contacted in time, segment by segment.

    A ratio of rates as of Mantel and Haenszel (K. Rothman and others 2008, Modern Epidemiology, chapter 15),
    drawn towards one where there are few leads.
    """
    ripe = [lead for lead in history.leads if lead.qualified_at + RIPE <= history.now]
    count = Counter((lead.segment, how_soon(lead, promised)) for lead in ripe)
    dealt = Counter((lead.segment, how_soon(lead, promised)) for lead in ripe if lead.deal_at)
    return {"in_time": 1.0, "late": _ratio(count, dealt, "late"), "never": _ratio(count, dealt, "never")}


def _ratio(
    count: Counter[tuple[str | None, Soon]], dealt: Counter[tuple[str | None, Soon]], soon: Soon
) -> float:
    above = below = leads = 0.0
    for segment in sorted({name for name, _ in count}, key=str):
        some, those = count[segment, soon], count[segment, "in_time"]
        if some and those:
            above += dealt[segment, soon] * those / (some + those)
            below += dealt[segment, "in_time"] * some / (some + those)
            leads += some
    ratio = above / below if below else 1.0
    return (ratio * leads + DRAWN_TO_ONE) / (leads + DRAWN_TO_ONE)


def speed(history: History, horizon: timedelta) -> list[Band]:
    """The bands, the fastest first, of the leads whose horizon is over."""
    ripe = [lead for lead in history.leads if lead.qualified_at + horizon <= history.now]
    bands: list[timedelta | None] = [*BANDS, None]
    found = [Band(within, False, _dealt(_banded(ripe, within), horizon)) for within in bands]
    never = [lead for lead in ripe if _contacted_after(lead) is None]
    return [*found, Band(None, True, _dealt(never, horizon))]


def _banded(leads: list[Lead], within: timedelta | None) -> list[Lead]:
    sooner = BANDS[-1] if within is None else max((one for one in BANDS if one < within), default=None)
    return [
        lead
        for lead in leads
        if (after := _contacted_after(lead)) is not None
        and (within is None or after <= within)
        and (sooner is None or after > sooner)
    ]


def _contacted_after(lead: Lead) -> timedelta | None:
    """How long after qualifying; a contact that came after the deal does not count as one."""
    if lead.first_contact_at is None or (lead.deal_at and lead.first_contact_at > lead.deal_at):
        return None
    return lead.first_contact_at - lead.qualified_at


def _dealt(leads: list[Lead], horizon: timedelta) -> Share:
    dealt = sum(lead.deal_at is not None and lead.deal_at <= lead.qualified_at + horizon for lead in leads)
    return share(dealt, len(leads))
