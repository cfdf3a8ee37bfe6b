"""The people: who they are, when they come and by which campaign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from accord.sources.demo.campaigns import CAMPAIGNS, OUTREACH
from accord.sources.demo.chance import Draws, Flags, Floats, Ints, repeated
from accord.sources.demo.clock import DAY, Clock
from accord.sources.demo.market import Market
from accord.sources.demo.words import FIRST_NAMES, LAST_NAMES, ROLES, SENIORITIES, TITLES

KNOWN_SHARE = 0.62
"""Of all people, those who give their name; the others remain browsers."""
BACKLOG_SHARE = 0.08
BACKLOG_DAYS = 25
"""Some are there already when the data begin."""
STAFF_SHARE = 0.02
"""Of those who come directly: people of the company itself."""
OUTREACH_PLACE = CAMPAIGNS.index(OUTREACH)
DIRECT_PLACE = [entry.channel for entry in CAMPAIGNS].index("Direct")
LATIN = str.maketrans("öäüéèøå", "oaueeoa")


@dataclass(frozen=True)
class People:
    """Everybody, the known first: one place in every array each. What only known people have ends after
    `known`."""

    known: int
    campaign: Ints
    arrives: Ints
    hot: Flags
    sought: Flags
    """Found by a rep, not come by themselves."""
    firm: Ints
    first_name: pa.Array
    last_name: pa.Array
    email: pa.Array
    role: Ints
    seniority: Ints
    budget: Ints
    """0 unknown, 1 yes, 2 no."""
    timeline: Ints
    """0 unknown, 1 now, 2 this quarter, 3 later."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.campaign)


def people(count: int, clock: Clock, market: Market, by_day: Floats, draws: Draws) -> People:
    """So many people with their firms; `by_day` is the share of each campaign among those who come on a
    day."""
    known = round(count * KNOWN_SHARE)
    arrives, campaign = _arrivals(count, known, clock, by_day, draws)
    hot = draws.yes(np.array([entry.hot for entry in CAMPAIGNS])[campaign], count)
    firm = _firms(campaign[:known], market, draws)
    hot[:known] &= firm != market.own
    first = draws.whole(0, len(FIRST_NAMES) - 1, known)
    last = draws.whole(0, len(LAST_NAMES) - 1, known)
    serious = hot[:known]
    role = draws.pick(list(ROLES.values()), known)
    seniority = draws.pick(list(SENIORITIES.values()), known)
    budget = np.where(serious, draws.pick((0.2, 0.68, 0.12), known), draws.pick((0.72, 0.12, 0.16), known))
    timeline = np.where(
        serious, draws.pick((0.08, 0.37, 0.42, 0.13), known), draws.pick((0.7, 0.04, 0.08, 0.18), known)
    )
    return People(
        known, campaign, arrives, hot, campaign == OUTREACH_PLACE, firm,
        pa.array(FIRST_NAMES).take(pa.array(first)), pa.array(LAST_NAMES).take(pa.array(last)),
        _addresses(first, last, firm, market), role, seniority, budget, timeline,
    )  # fmt: skip


def _arrivals(count: int, known: int, clock: Clock, by_day: Floats, draws: Draws) -> tuple[Ints, Ints]:
    """When people come and by which campaign. Reps seek known people only."""
    day = draws.pick(clock.interest, count)
    day = np.where(draws.yes(BACKLOG_SHARE, count), draws.whole(0, BACKLOG_DAYS, count), day)
    moment = np.minimum(clock.on_web(clock.starts + day * DAY, draws), clock.ends - 1)
    day = np.minimum(clock.day_of(moment), len(by_day) - 1)
    by_themselves = by_day.copy()
    by_themselves[:, OUTREACH_PLACE] = 0
    named, unnamed = draws.pick_by(by_day, day[:known]), draws.pick_by(by_themselves, day[known:])
    return moment, np.concatenate([named, unnamed])


def _firms(campaign: Ints, market: Market, draws: Draws) -> Ints:
    """A firm of the size each campaign brings; a few people are of the company itself."""
    segment = draws.pick_by([entry.audience for entry in CAMPAIGNS], campaign)
    firm = np.zeros(len(campaign), np.int64)
    for place, firms in enumerate(market.places):
        here = np.flatnonzero(segment == place)
        firm[here] = firms[draws.whole(0, len(firms) - 1, len(here))]
    staff = draws.yes(STAFF_SHARE, len(campaign)) & (campaign == DIRECT_PLACE)
    return np.where(staff, market.own, firm)


def _addresses(first: Ints, last: Ints, firm: Ints, market: Market) -> pa.Array:
    """given.family@firm, no address twice."""
    lower_first = np.array([name.lower().translate(LATIN) for name in FIRST_NAMES])
    lower_last = np.array([name.lower().translate(LATIN) for name in LAST_NAMES])
    again = repeated((firm * len(FIRST_NAMES) + first) * len(LAST_NAMES) + last)
    number = pa.array(np.where(again > 0, again + 1, 0).astype(str))
    number = pc.if_else(pc.equal(number, "0"), "", number)
    names = [pa.array(lower_first).take(pa.array(first)), pa.array(lower_last).take(pa.array(last))]
    local = pc.binary_join_element_wise(*names, ".")
    local = pc.binary_join_element_wise(local, number, "")
    return pc.binary_join_element_wise(local, market.domain.take(pa.array(firm)), "@")


def titles(role: Ints, seniority: Ints) -> pa.Array:
    """Job titles."""
    roles, levels = list(ROLES), list(SENIORITIES)
    table = [TITLES[role, level] for role in roles for level in levels]
    return pa.array(table).take(pa.array(role * len(levels) + seniority))
