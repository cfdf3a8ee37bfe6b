"""How likely a lead or a deal is won within so many days, with how sure one can be of it.

Times are whole days. Leads that are open are censored, closings compete (`journey.survival`). Uncertainty is
that of the Bayesian bootstrap: every lead and deal weighs an exponential random number (D. Rubin 1981, The
Annals of Statistics 9, 130-134); of n in a bin together a gamma one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from accord.insight.journey.survival import incidences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from accord.insight.planning.history import Deal, History, Lead

    Floats = NDArray[np.float64]

DAYS = 730
"""Ages are told apart up to this; older ones count as this old."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Chances:
    """Draws by age in days, along the last axis: `dealt`, the share of leads with a deal by then, and
    `waiting`, those neither dealt nor closed; `won` and `undecided` the same of deals."""

    dealt: Floats
    waiting: Floats
    won: Floats
    undecided: Floats

    def new_lead(self, days: int) -> Floats:
        """By draw: that a lead qualifying now is won within so many days."""
        return self._through(np.diff(self.dealt, axis=1, prepend=0.0), 0, days)

    def waiting_lead(self, age: int, days: int) -> Floats:
        """By draw: that a lead of this age without a deal is won within so many days more."""
        age = min(age, DAYS)
        through = self._through(np.diff(self.dealt, axis=1, prepend=0.0), age + 1, days)
        return _of(through, self.waiting[:, age])

    def new_deal(self, days: int) -> Floats:
        """By draw: that a deal made now is won within so many days."""
        return self.won[:, min(days, DAYS)] if days > 0 else np.zeros(len(self.won))

    def open_deal(self, age: int, days: int) -> Floats:
        """By draw: that an open deal of this age is won within so many days more."""
        if days <= 0:
            return np.zeros(len(self.won))
        age = min(age, DAYS)
        return _of(self.won[:, min(age + days, DAYS)] - self.won[:, age], self.undecided[:, age])

    def _through(self, dealt_on: Floats, first: int, days: int) -> Floats:
        """That a deal is made on a day from `first` on, and won by so many days after the one before it."""
        last = min(first + days, DAYS + 1)
        if days <= 0 or first >= last:
            return np.zeros(len(self.won))
        left = days - np.arange(last - first) - (1 if first else 0)
        found: Floats = np.einsum("rd,rd->r", dealt_on[:, first:last], self.won[:, np.minimum(left, DAYS)])
        return found


def chances(history: History, draws: int, chance: np.random.Generator) -> Chances:
    """So many draws of the chances that a history speaks for; the first draw is the history as it was."""
    leads = _counts(_lead_end(lead, history.now) for lead in history.leads)
    deals = _counts(_deal_end(deal, history.now) for deal in history.deals)
    return Chances(
        *incidences(*(_drawn(part, draws, chance) for part in leads)),
        *incidences(*(_drawn(part, draws, chance) for part in deals)),
    )


def _lead_end(lead: Lead, now: datetime) -> tuple[int, timedelta]:
    end = lead.deal_at or lead.closed_at
    outcome = 0 if lead.deal_at else 1 if lead.closed_at else 2
    return outcome, (end or now) - lead.qualified_at


def _deal_end(deal: Deal, now: datetime) -> tuple[int, timedelta]:
    decided = deal.closed_at is not None and deal.closed_at <= now
    outcome = (0 if deal.won else 1) if decided else 2
    return outcome, (deal.closed_at if decided and deal.closed_at else now) - deal.created_at


def _counts(ends: Iterable[tuple[int, timedelta]]) -> Floats:
    """How many converted, were dropped, are open still, by age in days."""
    counts = np.zeros((3, DAYS + 1))
    for outcome, age in ends:
        counts[outcome, min(max(age // DAY, 0), DAYS)] += 1
    return counts


def _drawn(counts: Floats, draws: int, chance: np.random.Generator) -> Floats:
    return np.vstack([counts[None, :], chance.gamma(counts, size=(draws - 1, len(counts)))])


def _of(part: Floats, whole: Floats) -> Floats:
    return np.clip(np.divide(part, whole, out=np.zeros_like(part), where=whole > 1e-12), 0.0, 1.0)
