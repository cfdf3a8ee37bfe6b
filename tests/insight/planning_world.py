"""Companies whose leads and deals are drawn from known chances, for what planning says of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from accord.insight.planning.history import Deal, History, Lead

NOW = datetime(2026, 7, 1)
DAY = timedelta(days=1)


def company(
    seed: int,
    *,
    now: datetime = NOW,
    days: int = 730,
    per_day: float = 2.0,
    deal_chance: float = 0.3,
    deal_days: float = 15.0,
    win_chance: float = 0.4,
    win_days: float = 45.0,
    value: float = 10_000.0,
) -> tuple[History, float]:
    """What is known at `now` of a company, and the value of what it wins in the 60 days after that.

    Leads come evenly; a share comes to a deal after an exponential time, else is closed after one; of the
    deals a share is won likewise, of values spread around the mean.
    """
    chance = np.random.default_rng(seed)
    leads, deals, future = [], [], 0.0
    until = now + timedelta(days=60)
    for number in range(int(chance.poisson(per_day * (days + 60)))):
        qualified = until - timedelta(days=float(chance.uniform(0, days + 60)))
        dealt, ended = chance.random() < deal_chance, qualified + DAY * float(chance.exponential(deal_days))
        if dealt:
            won, decided = chance.random() < win_chance, ended + DAY * float(chance.exponential(win_days))
            worth = float(chance.gamma(2.0, value / 2))
            if ended <= now:
                known = decided if decided <= now else None
                status = ("won" if won else "lost") if known else "open"
                deals.append(Deal(number, number, ended, known, status, worth, "mid", "Email"))
            if won and now < decided <= until:
                future += worth
        if qualified <= now:
            contact, known_end = qualified + timedelta(hours=2), ended if ended <= now else None
            leads.append(
                Lead(
                    number,
                    qualified,
                    "mid",
                    "Email",
                    contact,
                    known_end if dealt else None,
                    None if dealt else known_end,
                )
            )
    return History("mql", leads, deals, now), future
