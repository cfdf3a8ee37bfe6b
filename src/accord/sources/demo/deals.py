"""Deals: their value, how they end, what is done meanwhile; and those that sales finds by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accord.sources.demo.activities import OUTCOMES, Activities, alike
from accord.sources.demo.chance import Draws, Flags, Floats, Ints, stacked
from accord.sources.demo.clock import DAY, HOUR, OPEN, Clock
from accord.sources.demo.market import Market
from accord.sources.demo.people import People

LOST = ("price", "competitor", "no decision", "budget cut", "timing")
STAGES = ("Discovery", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
STAGE_SHARES = (0.0, 0.25, 0.6)
"""When a deal enters its stages, as a share of its length."""
AMOUNTS = (92_000, 39_000, 15_000)
LENGTHS = (62, 44, 30)
WIN = (0.27, 0.31, 0.26)
"""By segment: a deal's middle value in euro, its days, and the chance to win it."""
MEETING_SHARE = 0.2
"""Of people whom reps found: those who take a meeting and talk of a deal."""
EXPANSION_SHARE = 0.06
"""Of people at firms that have long been customers: those with whom a further deal is made."""


@dataclass(frozen=True)
class Deals:
    """Opportunities. `closed` is when it was won or lost, perhaps after the last day."""

    person: Ints
    rep: Ints
    firm: Ints
    made: Ints
    closed: Ints
    won: Flags
    amount: Ints
    lost: Ints
    expands: Flags
    """An existing customer buys more."""


def struck(
    person: Ints, firm: Ints, rep: Ints, segment: Ints, made: Ints, chance: Floats, clock: Clock, draws: Draws
) -> Deals:
    """Deals made at these moments, with their value, their end and how likely they are won."""
    count = len(person)
    length = draws.about(np.array(LENGTHS)[segment], 0.45, count) * DAY
    closed = clock.after_work(made + length.astype(np.int64), draws.share(count) * OPEN)
    amount = np.round(draws.about(np.array(AMOUNTS)[segment], 0.4, count) / 500).astype(np.int64) * 500
    lost = draws.pick((30, 26, 20, 13, 11), count)
    won = draws.yes(chance, count)
    return Deals(person, rep, firm, made, closed, won, amount, lost, np.zeros(count, bool))


def dealings(deals: Deals, clock: Clock, draws: Draws) -> Activities:
    """Meetings and mails while a deal is open."""
    counts = 2 + draws.some(2.2, len(deals.person))
    row = np.repeat(np.arange(len(counts)), counts)
    span = (deals.closed - deals.made)[row]
    at = clock.after_work(
        deals.made[row] + (draws.share(len(row)) * span).astype(np.int64), np.zeros(len(row))
    )
    at = at + draws.whole(0, OPEN - HOUR, len(row)) * (at % DAY == 9 * HOUR)
    kind = draws.pick((0.2, 0.5, 0.3), len(row))
    outcomes = np.array([OUTCOMES.index(word) for word in ("connected", "sent", "held")])
    return Activities(deals.person[row], deals.rep[row], at, kind, outcomes[kind])


def outreach(
    everybody: People, market: Market, identified: Ints, clock: Clock, draws: Draws
) -> tuple[Activities, Deals]:
    """What reps do with people they found by themselves: calls, now and then a meeting and a deal."""
    person = np.flatnonzero(everybody.sought[: everybody.known])
    firm = everybody.firm[person]
    count = len(person)
    called = clock.after_work(identified[person], draws.about(2 * HOUR, 0.8, count))
    again = clock.after_work(called, draws.about(4 * OPEN, 0.5, count))
    answers = draws.yes(MEETING_SHARE, count)
    deals = _found(person[answers], firm[answers], again[answers], 0.24, market, clock, draws)
    rep = market.rep[firm]
    calls = [
        alike(person, rep, called, "call", "no_answer"),
        alike(person[~answers], rep[~answers], again[~answers], "email", "sent"),
        alike(person[answers], rep[answers], again[answers], "meeting", "held"),
    ]
    return stacked([*calls, dealings(deals, clock, draws)]), deals


def expansion(
    everybody: People, market: Market, identified: Ints, clock: Clock, draws: Draws
) -> tuple[Activities, Deals]:
    """Deals with people of firms that have long been customers."""
    candidates = np.flatnonzero(market.base[everybody.firm])
    person = candidates[draws.yes(EXPANSION_SHARE, len(candidates))]
    asked = identified[person] + (draws.share(len(person)) * 150 * DAY).astype(np.int64)
    deals = _found(person, everybody.firm[person], asked, 0.4, market, clock, draws)
    deals = replace(deals, expands=np.ones(len(person), bool))
    return dealings(deals, clock, draws), deals


def _found(
    person: Ints, firm: Ints, met: Ints, chance: float, market: Market, clock: Clock, draws: Draws
) -> Deals:
    """Deals made a few days after a meeting."""
    made = clock.after_work(met, draws.about(2 * OPEN, 0.5, len(person)))
    chances = np.full(len(person), chance)
    return struck(person, firm, market.rep[firm], market.segment[firm], made, chances, clock, draws)
