"""Money: invoices of deals won, service subscriptions with renewals, refunds, exchange rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.sources.demo.chance import Draws, Floats, Ints, stacked
from accord.sources.demo.clock import DAY, HISTORY_DAYS, Clock
from accord.sources.demo.sales import Deals

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
    """What was invoiced. `deal` is its place among the deals; `until` ends the time paid for, 0 if there is
    none."""

    deal: Ints
    at: Ints
    cents: Ints
    kind: Ints
    until: Ints


def invoices(deals: Deals, clock: Clock, draws: Draws) -> Invoices:
    """The invoices of the deals won, up to the last day, in order of time."""
    won = np.flatnonzero(deals.won & (deals.closed < clock.ends))
    cents = deals.amount[won] * 100
    base = np.where(deals.expands[won], KINDS.index("expansion"), KINDS.index("new"))
    zero = np.zeros(len(won), np.int64)
    rows = [
        Invoices(won, deals.closed[won] + days * DAY, np.round(cents * share).astype(np.int64), base, zero)
        for days, share in PARTS
    ]
    served = draws.yes(SERVICE_SHARE, len(won))
    renewed = served & draws.yes(RENEWED, len(won))
    for years, which, kind in ((0, served, base), (1, renewed, np.full(len(won), KINDS.index("renewal")))):
        at = deals.closed[won] + 20 * DAY + years * YEAR
        yearly = np.round(cents * SERVICE).astype(np.int64)
        rows.append(Invoices(won[which], at[which], yearly[which], kind[which], (at + YEAR)[which]))
    back = draws.yes(REFUNDED, len(won))
    refund = np.full(len(won), KINDS.index("refund"))
    at = deals.closed[won] + draws.whole(20, 70, len(won)) * DAY
    rows.append(
        Invoices(
            won[back], at[back], -np.round(cents * 0.25).astype(np.int64)[back], refund[back], zero[back]
        )
    )
    every = stacked(rows)
    order = np.lexsort((every.kind, every.deal, every.at))
    order = order[every.at[order] < clock.ends]
    return Invoices(
        *(column[order] for column in (every.deal, every.at, every.cents, every.kind, every.until))
    )


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
