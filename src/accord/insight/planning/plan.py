"""From a revenue target back to the leads it takes, with lags and chances instead of flat rates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from accord.insight.planning.chances import DAY, Chances, chances
from accord.insight.planning.speed import RIPE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from accord.insight.planning.capacity import Capacity
    from accord.insight.planning.history import Deal, History

    Floats = NDArray[np.float64]

WEEK = timedelta(weeks=1)
DRAWS, PER_DRAW, SEED = 200, 10, 20260901
"""So many draws of what the past speaks for, so many futures of each; always the same ones."""
LATELY = 13
"""Weeks from which the present rates are taken."""
MATTERS = 0.1
"""A week's leads still matter for a period if so much of what they will ever win can come within it."""
UNREALISTIC = 0.1
"""Below this chance a target is called unrealistic."""
DRAWN_TO_MEAN = 10
"""A channel's deals per lead are told as if so many average leads were among its own."""
ENOUGH = 5
"""With fewer won deals nothing is forecast."""


@dataclass(frozen=True)
class Scenario:
    """What if: times as many leads, times as many deals per lead, times the value of a deal."""

    volume: float = 1.0
    conversion: float = 1.0
    deal_size: float = 1.0


@dataclass(frozen=True)
class Aim:
    """A revenue target: its period [start, end), in naive UTC, what is booked of it, and what is usually
    booked in all of such a period without a deal won in it."""

    label: str
    start: datetime
    end: datetime
    target: float
    booked: float
    usual_other: float


@dataclass(frozen=True)
class WeekAhead:
    """Leads that qualify in the week from `start`: the chance that one is won in the period, and the share of
    all it will ever win that this is. `needed`: how many such leads the target asks for."""

    start: datetime
    chance: float
    share: float
    needed: float


@dataclass(frozen=True)
class Source:
    """A channel: leads a week now and needed, and deals per lead, near the mean where its leads are few."""

    channel: str | None
    per_week: float
    needed_per_week: float
    deals_per_lead: float


@dataclass(frozen=True)
class Forecast:
    """Money in the period. `parts`: where the mean comes from, `booked` included. `low`, `middle`, `high`:
    one in ten futures is below the low one, half are below the middle one, one in ten is above the high one.
    `probability` of reaching the target; `safe`: what is reached in eight of ten futures."""

    parts: dict[str, float]
    mean: float
    low: float
    middle: float
    high: float
    probability: float
    safe: float


@dataclass(frozen=True)
class Plan:
    """A plan. `needed`, to reach the target on average: revenue still to come from new leads, deals of them,
    pipeline for all that is not booked, leads in all and per week. `per_week`: leads per week lately.
    `last_week`: the last one whose leads still matter."""

    aim: Aim
    scenario: Scenario
    forecast: Forecast
    unrealistic: bool
    needed: dict[str, float]
    per_week: float
    weeks: list[WeekAhead]
    last_week: datetime | None
    sources: list[Source]
    capacity: Capacity | None


def plan(history: History, aim: Aim, scenario: Scenario, capacity: Capacity | None = None) -> Plan | None:
    """The plan for a period that is not over; None with too few won deals to speak of chances."""
    values = np.array([deal.value for deal in history.deals if deal.won and deal.value > 0])
    if len(values) < ENOUGH or aim.end <= history.now:
        return None
    outlook = _Outlook(history, aim, scenario, values * scenario.deal_size)
    forecast = outlook.forecast()
    needed, weeks = outlook.needed(forecast)
    mattering = [week.start for week in weeks if week.share >= MATTERS]
    per_week = outlook.leads_per_week
    return Plan(
        aim,
        scenario,
        forecast,
        forecast.probability < UNREALISTIC,
        needed,
        per_week,
        weeks,
        max(mattering, default=None),
        _sources(history, per_week, needed["leads_per_week"]),
        capacity.for_leads(needed["leads_per_week"]) if capacity else None,
    )


class _Outlook:
    """What a history says of a period, under a scenario."""

    def __init__(self, history: History, aim: Aim, scenario: Scenario, values: Floats) -> None:
        self.history, self.aim, self.scenario, self.values = history, aim, scenario, values
        self.random = np.random.default_rng(SEED)
        self.chances: Chances = chances(history, DRAWS, self.random)
        self.now = history.now
        lately = self.now - LATELY * WEEK
        self._recent = sum(lead.qualified_at >= lately for lead in history.leads)
        self._recent_direct = sum(deal.lead is None and deal.created_at >= lately for deal in history.deals)
        self.leads_per_week = self._recent / LATELY * scenario.volume

    def forecast(self) -> Forecast:
        """Many futures, and what they have in common."""
        rest = self.aim.usual_other * self._left()
        futures = {
            "open_deals": self._open_deals(),
            "waiting_leads": self._waiting_leads(),
            "new_leads": self._new_leads(),
            "direct_deals": self._direct_deals(),
        }
        total = sum(futures.values(), np.zeros(DRAWS * PER_DRAW)) + self.aim.booked + rest
        parts = {name: float(money.mean()) for name, money in futures.items()}
        low, safe, middle, high = (float(np.quantile(total, q)) for q in (0.1, 0.2, 0.5, 0.9))
        return Forecast(
            {"booked": self.aim.booked, **parts, "other": rest},
            float(total.mean()),
            low,
            middle,
            high,
            float((total >= self.aim.target).mean()),
            safe,
        )

    def needed(self, forecast: Forecast) -> tuple[dict[str, float], list[WeekAhead]]:
        """What it takes to reach the target on average: new leads must bring what nothing else does."""
        without = forecast.mean - forecast.parts["new_leads"]
        money = max(0.0, self.aim.target - without)
        value, win_rate = float(self.values.mean()), float(self.chances.won[0, -1])
        weeks = self._weeks()
        each = [self._chance(start) for start in weeks]
        brought = sum(each) * value
        per_week = money / brought if brought else 0.0
        ever = float(self.chances.new_lead(2 * 365)[0]) * self.scenario.conversion
        ahead = [
            WeekAhead(start, chance, chance / ever if ever else 0.0, per_week if chance else 0.0)
            for start, chance in zip(weeks, each, strict=True)
        ]
        pipeline = max(0.0, self.aim.target - self.aim.booked) / win_rate if win_rate else 0.0
        counts = {"leads": sum(week.needed for week in ahead), "leads_per_week": per_week}
        return {"revenue": money, "pipeline": pipeline, "deals": money / value, **counts}, ahead

    def _weeks(self) -> list[datetime]:
        """The beginnings of the weeks from now on, up to the period's end."""
        count = int(np.ceil((self.aim.end - self.now) / WEEK))
        return [self.now + number * WEEK for number in range(count)]

    def _chance(self, start: datetime) -> float:
        return float(self._of_new_leads(start)[0])

    def _of_new_leads(self, start: datetime) -> Floats:
        """By draw: that a lead qualifying in the middle of a week is won in the period."""
        first, last = self._days(start + WEEK / 2)
        won = self.chances.new_lead(last) - self.chances.new_lead(first)
        return np.clip(won * self.scenario.conversion, 0.0, 1.0)

    def _days(self, since: datetime) -> tuple[int, int]:
        """Days from a moment to the period's beginning (none once it has begun) and to its end."""
        first, last = ((moment - since) / DAY for moment in (self.aim.start, self.aim.end))
        return max(0, round(first)), max(0, round(last))

    def _left(self) -> float:
        """The share of the period that is still to come."""
        return min(1.0, (self.aim.end - self.now) / (self.aim.end - self.aim.start))

    def _open_deals(self) -> Floats:
        first, last = self._days(self.now)
        total = np.zeros(DRAWS * PER_DRAW)
        for deal in self.history.deals:
            if deal.closed_at is None:
                age = (self.now - deal.created_at) // DAY
                won = self.chances.open_deal(age, last) - self.chances.open_deal(age, first)
                total += self._hits(won) * self._value(deal)
        return total

    def _value(self, deal: Deal) -> float:
        return deal.value * self.scenario.deal_size if deal.value > 0 else float(self.values.mean())

    def _waiting_leads(self) -> Floats:
        """Leads without a deal yet, by age."""
        first, last = self._days(self.now)
        waiting = (lead for lead in self.history.leads if not lead.deal_at and not lead.closed_at)
        ages = Counter((self.now - lead.qualified_at) // DAY for lead in waiting)
        wins = np.zeros(DRAWS * PER_DRAW, dtype=np.int64)
        for age, count in sorted(ages.items()):
            won = self.chances.waiting_lead(age, last) - self.chances.waiting_lead(age, first)
            chance = np.clip(np.repeat(won, PER_DRAW) * self.scenario.conversion, 0.0, 1.0)
            wins += self.random.binomial(count, chance)
        return self._sold(wins)

    def _new_leads(self) -> Floats:
        rate = self.random.gamma(self._recent + 0.5, 1 / LATELY, DRAWS) * self.scenario.volume
        wins = np.zeros(DRAWS * PER_DRAW, dtype=np.int64)
        for start in self._weeks():
            wins += self.random.poisson(np.repeat(rate * self._of_new_leads(start), PER_DRAW))
        return self._sold(wins)

    def _direct_deals(self) -> Floats:
        """Deals yet to be made that no lead brings."""
        rate = self.random.gamma(self._recent_direct + 0.5, 1 / LATELY, DRAWS)
        wins = np.zeros(DRAWS * PER_DRAW, dtype=np.int64)
        for start in self._weeks():
            first, last = self._days(start + WEEK / 2)
            won = self.chances.new_deal(last) - self.chances.new_deal(first)
            wins += self.random.poisson(np.repeat(rate * np.clip(won, 0.0, 1.0), PER_DRAW))
        return self._sold(wins)

    def _hits(self, chance: Floats) -> Floats:
        return (self.random.random(DRAWS * PER_DRAW) < np.repeat(chance, PER_DRAW)).astype(float)

    def _sold(self, wins: NDArray[np.int64]) -> Floats:
        """The value of so many wins in each future, drawn from the deals that were won."""
        values = self.random.choice(self.values, int(wins.sum()))
        ends = np.cumsum(wins)
        sums = np.concatenate([[0.0], np.cumsum(values)])
        found: Floats = sums[ends] - sums[ends - wins]
        return found


def _sources(history: History, per_week: float, needed: float) -> list[Source]:
    """By channel the leads of lately, and the needed ones shared in the same mix, with deals per lead."""
    ripe = [lead for lead in history.leads if lead.qualified_at + RIPE <= history.now]
    soon = (lead for lead in ripe if lead.deal_at and lead.deal_at - lead.qualified_at <= RIPE)
    dealt = Counter(lead.channel for lead in soon)
    ended = Counter(lead.channel for lead in ripe)
    mean = dealt.total() / ended.total() if ended else 0.0
    lately = history.now - LATELY * WEEK
    recent = Counter(lead.channel for lead in history.leads if lead.qualified_at >= lately)
    total = recent.total()
    found = [
        Source(
            channel,
            count / total * per_week,
            count / total * needed,
            (dealt[channel] + DRAWN_TO_MEAN * mean) / (ended[channel] + DRAWN_TO_MEAN),
        )
        for channel, count in recent.items()
    ]
    return sorted(found, key=lambda one: (-one.per_week, one.channel or ""))
