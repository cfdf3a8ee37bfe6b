"""Where a miss arose: the gap between what was aimed at and what came, split over what goes into it.

What a period sells is a product: leads, times their mix, how soon they are contacted, the deals that come of
them, the deals won, and what a deal is worth. The gap is shared by these factors as in Shapley's value: each
gets its effect averaged over all orders in which the factors change from what was planned to what was. The
parts sum to the gap.

Sources: L. Shapley (1953), Contributions to the Theory of Games II, 307-317; A. Shorrocks (2013), Journal of
Economic Inequality 11, 99-126 (its use for decompositions).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from math import factorial
from statistics import median
from typing import TYPE_CHECKING, Literal

from accord.insight.planning.speed import Soon, how_soon, worth_of_speed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accord.insight.planning.history import Deal, History

Factor = Literal["volume", "mix", "speed", "quality", "win_rate", "deal_size"]
FACTORS: tuple[Factor, ...] = ("volume", "mix", "speed", "quality", "win_rate", "deal_size")
"""Volume: leads. Mix: of what segments. Speed: how many are contacted in time, late, never, by what each is
worth. Quality: deals made per lead of a segment, all contacted in time. Win rate: won of the deals made. Deal
size: value of a deal won."""
DRAWS, SEED = 200, 20260901
"""How often leads are drawn anew to see what may be chance; always the same draws."""
DIRECT = "direct"
"""Deals that came from no qualified lead: sales found them, or customers asked again."""


@dataclass(frozen=True)
class Group:
    """Leads of one segment by how soon they were contacted, or deals that came from none (`leads` are then
    these deals); the deals made of them, the deals won, and their value."""

    leads: Mapping[Soon, float]
    made: float
    won: float
    value: float

    @property
    def count(self) -> float:
        """How many leads."""
        return sum(self.leads.values())


Course = Mapping[str, Group]
"""By segment, or DIRECT, what a period's sales were made of."""
Weights = tuple[Mapping[int, int], Mapping[int, int]] | None
"""How often each lead and each deal counts; None: once."""


@dataclass(frozen=True)
class Part:
    """One factor's part of the gap, in money, and the factor itself as planned and as it was.

    Volume in leads, mix None, speed as the share contacted in time, quality in deals per lead, win rate as a
    share, deal size and `other` (bookings without a deal of the period) in money; None where nothing can be
    told. `low` and `high`: between them the part lies in nine of ten draws of the same leads and deals.
    """

    factor: Factor | Literal["other"]
    part: float
    low: float
    high: float
    planned: float | None
    actual: float | None

    @property
    def by_chance(self) -> bool:
        """Whether it may be nothing but chance."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True)
class Gap:
    """A period's result against its target. `parts` sum to `actual - target`; the largest miss first.

    `reference`: the time before whose rates were planned with; `growth`: how many times its volume the target
    asked for.
    """

    target: float
    actual: float
    parts: list[Part]
    reference: tuple[datetime, datetime]
    growth: float


@dataclass(frozen=True)
class Lags:
    """How long before a period what it sells begins, in the middle."""

    to_deal: timedelta
    to_win: timedelta


def lags(history: History) -> Lags:
    """The median time from qualifying to a deal, and from a deal to its win."""
    to_deal = [lead.deal_at - lead.qualified_at for lead in history.leads if lead.deal_at]
    to_win = [deal.closed_at - deal.created_at for deal in history.deals if deal.won and deal.closed_at]
    return Lags(_middle(to_deal), _middle(to_win))


def _middle(times: list[timedelta]) -> timedelta:
    return timedelta(seconds=median(one.total_seconds() for one in times)) if times else timedelta()


def gap(
    history: History,
    target: float,
    period: tuple[datetime, datetime],
    before: tuple[datetime, datetime],
    promised: timedelta | None,
    other: tuple[float, float] = (0.0, 0.0),
) -> Gap | None:
    """The gap of a period's result to a target, planned with the rates of the time before.

    `promised`: within what time sales is to reach out; None: any time is in time. `other`: money booked that
    no deal won in the period brought, as usual in such a period and as it was in this one. None where the
    time before sold nothing, so that nothing can be planned with.
    """
    lag, worth = lags(history), worth_of_speed(history, promised)
    scale = (period[1] - period[0]) / (before[1] - before[0])

    def courses(weights: Weights = None) -> tuple[Course, Course]:
        planned = course(history, before, lag, promised, scale, weights)
        return planned, course(history, period, lag, promised, 1.0, weights)

    planned, actual = courses()
    if not sold(planned) or target <= other[0]:
        return None
    growth = (target - other[0]) / sold(planned)
    grown = _times(planned, growth)
    parts = shapley(grown, actual, worth)
    ranges = _ranges(courses, history, growth, worth)
    told = [
        Part(factor, parts[factor], *ranges[factor], _whole(factor, grown), _whole(factor, actual))
        for factor in FACTORS
    ]
    if any(other):
        missed = other[1] - other[0]
        told.append(Part("other", missed, missed, missed, *other))
    result = sold(actual) + other[1]
    return Gap(target, result, sorted(told, key=lambda part: part.part), before, growth)


def course(
    history: History,
    period: tuple[datetime, datetime],
    lag: Lags,
    promised: timedelta | None,
    scale: float = 1.0,
    weights: Weights = None,
) -> Course:
    """What a period's sales were made of, times a scale: leads and deals of the time it takes before.

    What is sold without leads or deals of its kind in that time counts as direct, so that the product is
    what was sold.
    """
    leads, made = Counter[tuple[str, Soon]](), Counter[str]()
    for lead in history.leads:
        if _within(lead.qualified_at, period, lag.to_deal + lag.to_win):
            soon = how_soon(lead, promised)
            leads[lead.segment or "", soon] += weights[0][lead.lead] if weights else 1
    segments = {segment for (segment, _), count in leads.items() if count}
    for deal in history.deals:
        if _within(deal.created_at, period, lag.to_win):
            made[_group_of(deal, segments)] += weights[1][deal.deal] if weights else 1
    segments = {segment for segment, count in made.items() if count}
    values: dict[str, list[float]] = defaultdict(list)
    for deal in history.deals:
        if deal.won and _within(deal.closed_at, period, timedelta()):
            values[_group_of(deal, segments)] += [deal.value] * (weights[1][deal.deal] if weights else 1)
    if values[DIRECT] and not made[DIRECT]:
        made[DIRECT] = len(values[DIRECT])
    leads[DIRECT, "in_time"] = made[DIRECT]
    names = {segment for (segment, _), count in leads.items() if count}
    return {name: _group(name, leads, made[name], values[name], scale) for name in sorted(names)}


def _group_of(deal: Deal, segments: set[str]) -> str:
    """The segment of a deal's lead, if it is one of these; else direct."""
    segment = deal.segment or ""
    return segment if deal.lead is not None and segment in segments else DIRECT


def _group(
    name: str, leads: Counter[tuple[str, Soon]], made: int, values: list[float], scale: float
) -> Group:
    by_soon = {soon: count * scale for (segment, soon), count in leads.items() if segment == name and count}
    return Group(by_soon, made * scale, len(values) * scale, sum(values) * scale)


def sold(course: Course) -> float:
    """What was sold."""
    return sum(group.value for group in course.values())


def _times(course: Course, growth: float) -> Course:
    return {
        name: Group(
            {soon: count * growth for soon, count in group.leads.items()},
            group.made * growth,
            group.won * growth,
            group.value * growth,
        )
        for name, group in course.items()
    }


def _within(at: datetime | None, period: tuple[datetime, datetime], lag: timedelta) -> bool:
    return at is not None and period[0] - lag <= at < period[1] - lag


@dataclass(frozen=True)
class _Rates:
    """A course as factors, by segment. What cannot be told, such as a win rate without deals, is missing.

    `speed`: what its leads are worth for how soon they are contacted, all in time being one.
    """

    volume: float
    mix: dict[str, float]
    speed: dict[str, float]
    quality: dict[str, float]
    win_rate: dict[str, float]
    deal_size: dict[str, float]


def _rates(course: Course, worth: Mapping[Soon, float]) -> _Rates:
    volume = sum(group.count for group in course.values())
    speed = {
        name: sum(worth[soon] * count for soon, count in group.leads.items()) / group.count
        for name, group in course.items()
    }
    return _Rates(
        volume,
        {name: group.count / volume for name, group in course.items()},
        speed,
        {name: group.made / (group.count * speed[name]) for name, group in course.items()},
        {name: group.won / group.made for name, group in course.items() if group.made},
        {name: group.value / group.won for name, group in course.items() if group.won},
    )


def shapley(planned: Course, actual: Course, worth: Mapping[Soon, float]) -> dict[Factor, float]:
    """Each factor's part of the change from what is sold in one course to what is sold in the other.

    `worth`: what a lead contacted so soon is worth, one in time being 1.
    """
    before, after = _rates(planned, worth), _rates(actual, worth)
    names = sorted(planned.keys() | actual.keys())
    results = {
        changed: _result(
            {one: (after, before) if one in changed else (before, after) for one in FACTORS}, names
        )
        for size in range(len(FACTORS) + 1)
        for changed in map(frozenset, combinations(FACTORS, size))
    }
    return {
        factor: sum(
            _weight(len(changed)) * (results[changed | {factor}] - results[changed])
            for changed in results
            if factor not in changed
        )
        for factor in FACTORS
    }


def _weight(size: int) -> float:
    return factorial(size) * factorial(len(FACTORS) - size - 1) / factorial(len(FACTORS))


def _result(of: Mapping[Factor, tuple[_Rates, _Rates]], names: list[str]) -> float:
    """What would have been sold with each factor from the first of its two courses.

    A rate that one cannot tell is taken from the second; segments one has no leads of are none of its mix.
    """

    def rate(factor: Factor, name: str) -> float:
        first, second = (getattr(rates, factor) for rates in of[factor])
        return float(first[name] if name in first else second.get(name, 0.0))

    volume, mix = of["volume"][0].volume, of["mix"][0].mix
    each: tuple[Factor, ...] = ("speed", "quality", "win_rate", "deal_size")
    total = 0.0
    for name in names:
        product = volume * mix.get(name, 0.0)
        for factor in each:
            product *= rate(factor, name)
        total += product
    return total


def _ranges(
    courses: Callable[[Weights], tuple[Course, Course]],
    history: History,
    growth: float,
    worth: Mapping[Soon, float],
) -> dict[Factor, tuple[float, float]]:
    """Where each part lies when leads, with their deals, are drawn anew (Poisson bootstrap)."""
    import numpy as np

    chance = np.random.default_rng(SEED)
    drawn: dict[Factor, list[float]] = {factor: [] for factor in FACTORS}
    for _ in range(DRAWS):
        weights = chance.poisson(1.0, len(history.leads)), chance.poisson(1.0, len(history.deals))
        planned, actual = courses(_weights(history, *weights))
        for factor, part in shapley(_times(planned, growth), actual, worth).items():
            drawn[factor].append(part)
    return {
        factor: (float(np.quantile(parts, 0.05)), float(np.quantile(parts, 0.95)))
        for factor, parts in drawn.items()
    }


def _weights(history: History, leads: Iterable[int], deals: Iterable[int]) -> Weights:
    """How often each lead is drawn, and each deal: as often as its lead."""
    by_lead = {lead.lead: int(n) for lead, n in zip(history.leads, leads, strict=True)}
    by_deal = {
        deal.deal: by_lead.get(deal.lead, int(n)) if deal.lead is not None else int(n)
        for deal, n in zip(history.deals, deals, strict=True)
    }
    return by_lead, by_deal


def _whole(factor: Factor, course: Course) -> float | None:
    """The factor over all segments; without what is direct where it is about leads."""
    own = [group for name, group in course.items() if name != DIRECT]
    leads, won = sum(group.count for group in own), sum(group.won for group in course.values())
    told: dict[Factor, float | None] = {
        "volume": leads,
        "mix": None,
        "speed": _over(sum(group.leads.get("in_time", 0.0) for group in own), leads),
        "quality": _over(sum(group.made for group in own), leads),
        "win_rate": _over(won, sum(group.made for group in course.values())),
        "deal_size": _over(sold(course), won),
    }
    return told[factor]


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole else None
