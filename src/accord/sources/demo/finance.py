"""Money: invoices of deals won, service subscriptions with renewals, refunds, exchange rates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from accord.sources.demo.chance import Draws, Floats, Ints, kept, stacked
from accord.sources.demo.clock import DAY, HISTORY_DAYS, Clock
from accord.sources.demo.deals import Deals
from accord.sources.demo.market import Market

KINDS = ("new", "renewal", "expansion", "refund")
PARTS = ((3, 0.6), (35, 0.4))
"""Days after a deal is won and the share of its value invoiced then."""
SERVICE_SHARE = 0.65
SERVICE = 0.08
"""Of deals: those with a service contract; its yearly price as a share of the deal's value."""
YEAR = 365 * DAY
RENEWED = 0.88
REFUNDED = 0.03
RATES = {"USD": 0.92, "GBP": 1.16}
"""Middle rates into euro."""


@dataclass(frozen=True)
class Invoices:
    """What was invoiced. `deal` is its place among the deals, -1 where there is none; `until` ends the time
    paid for, 0 if there is none."""

    firm: Ints
    deal: Ints
    at: Ints
    cents: Ints
    kind: Ints
    until: Ints


def invoices(deals: Deals, market: Market, clock: Clock, draws: Draws) -> Invoices:
    """All invoices up to the last day, in order of time."""
    won = np.flatnonzero(deals.won & (deals.closed < clock.ends))
    every = stacked([*_of_deals(deals, won, draws), *_of_old_customers(market, clock, draws)])
    order = np.lexsort((every.kind, every.firm, every.at))
    return kept(every, order[(every.at[order] >= clock.starts) & (every.at[order] < clock.ends)])


def _of_deals(deals: Deals, won: Ints, draws: Draws) -> Iterator[Invoices]:
    """Two parts of the price; for many a year of service, and another; for a few something back."""
    firm, closed, cents = deals.firm[won], deals.closed[won], deals.amount[won] * 100
    first = np.where(deals.expands[won], KINDS.index("expansion"), KINDS.index("new"))
    renewal, refund = (np.full(len(won), KINDS.index(kind)) for kind in ("renewal", "refund"))
    none = np.zeros(len(won), np.int64)
    for days, share in PARTS:
        yield Invoices(firm, won, closed + days * DAY, _part(cents, share), first, none)
    served = draws.yes(SERVICE_SHARE, len(won))
    renewed = served & draws.yes(RENEWED, len(won))
    begins = closed + 20 * DAY
    year = Invoices(firm, won, begins, _part(cents, SERVICE), first, begins + YEAR)
    yield kept(year, served)
    yield kept(replace(year, at=begins + YEAR, kind=renewal, until=begins + 2 * YEAR), renewed)
    back = draws.yes(REFUNDED, len(won))
    at = closed + draws.whole(20, 70, len(won)) * DAY
    yield kept(Invoices(firm, won, at, -_part(cents, 0.25), refund, none), back)


def _of_old_customers(market: Market, clock: Clock, draws: Draws) -> Iterator[Invoices]:
    """A year of service on the same day each year, as long as they stay."""
    firm = np.flatnonzero(market.base)
    none = np.full(len(firm), -1)
    at = clock.starts + draws.whole(0, 364, len(firm)) * DAY
    cents = (draws.about(4_200, 0.6, len(firm))).astype(np.int64) * 100
    kind = np.full(len(firm), KINDS.index("renewal"))
    stays = draws.yes(RENEWED, len(firm))
    yield Invoices(firm, none, at, cents, kind, at + YEAR)
    yield kept(Invoices(firm, none, at + YEAR, cents, kind, at + 2 * YEAR), stays)


def _part(cents: Ints, share: float) -> Ints:
    return np.round(cents * share).astype(np.int64)


def rates(draws: Draws) -> dict[str, Floats]:
    """Euro for one unit of each currency, day by day."""
    walks = {}
    for currency, middle in RATES.items():
        steps = draws.generator.normal(0.0, 0.003, HISTORY_DAYS)
        walk = np.zeros(HISTORY_DAYS)
        for day in range(1, HISTORY_DAYS):
            walk[day] = walk[day - 1] * 0.985 + steps[day]
        walks[currency] = np.round(middle * np.exp(walk), 4)
    return walks
