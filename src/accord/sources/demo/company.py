"""The demo company as a whole: its market, its people, what they did, and what sales made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.sources.demo import campaigns, gate, journeys, mails, market, people, sales
from accord.sources.demo.activities import Activities
from accord.sources.demo.chance import Chance, Flags, Floats, Ints, kept, stacked
from accord.sources.demo.clock import Clock
from accord.sources.demo.deals import Deals, expansion, outreach

CYCLES = 3
"""How often a person may qualify anew at most."""


@dataclass(frozen=True)
class Company:
    """Everything that is true of the company. The exports tell what its tools saw of it."""

    chance: Chance
    clock: Clock
    market: market.Market
    everybody: people.People
    done: journeys.Journeys
    mailed: mails.Mails
    costs: campaigns.Costs
    fits: Floats
    qualified: Ints
    """Who qualified, in the order of the next array; somebody who did twice stands there twice."""
    qualified_at: Ints
    silent: Ints
    """Whom of the qualified nobody contacted."""
    activities: Activities
    verdicts: sales.Said
    deals: Deals
    customer_since: Ints
    """When each firm first bought, NEVER if it did not."""


def company(count: int, seed: int, until: date) -> Company:
    """Eighteen months of the company up to the end of the day `until`, with so many people."""
    chance, clock = Chance(seed), Clock(until)
    shares = campaigns.shares(clock, clock.at(clock.troubled))
    firms = market.market(round(count * people.KNOWN_SHARE), chance.of("market"))
    everybody = people.people(count, clock, firms, shares, chance.of("people"))
    done = journeys.journeys(everybody, clock, chance.of("journeys"))
    mailed = mails.mails(everybody, firms, done.identified, clock, chance.of("mails"))
    interest = clock.interest / clock.interest.sum()
    expected = shares * (interest * everybody.known)[:, None]
    costs = campaigns.costs(clock, expected, chance.of("costs"))
    fits = gate.fit(everybody, firms)
    customer_since = np.where(firms.base, clock.starts, gate.NEVER)
    found = [
        way(everybody, firms, done.identified, clock, chance.of(way.__name__))
        for way in (outreach, expansion)
    ]
    for _, made in found:
        _note_wins(made, customer_since)
    touches = gate.touches(done, mailed, everybody.known)
    qualified, at, rounds = _rounds(touches, fits, done, everybody, firms, customer_since, clock, chance)
    return Company(
        chance, clock, firms, everybody, done, mailed, costs, fits, qualified, at,
        silent=np.concatenate([part.silent for part in rounds]),
        activities=stacked([*(part.activities for part in rounds), *(calls for calls, _ in found)]),
        verdicts=stacked([part.verdicts for part in rounds]),
        deals=stacked([*(part.deals for part in rounds), *(made for _, made in found)]),
        customer_since=customer_since,
    )  # fmt: skip


def _rounds(
    touches: gate.Touches,
    fits: Floats,
    done: journeys.Journeys,
    everybody: people.People,
    firms: market.Market,
    customer_since: Ints,
    clock: Clock,
    chance: Chance,
) -> tuple[Ints, Ints, list[sales.Worked]]:
    """Whoever qualifies is worked by sales; whose lead ends may qualify again later. Firms that buy are
    noted in `customer_since`. Returns who qualified, when, and what sales did."""
    since, not_before = np.zeros(everybody.known, np.int64), done.identified
    rounds: list[sales.Worked] = []
    qualified, moments = [], []
    for number in range(CYCLES):
        at = gate.qualified_at(touches, fits, since, not_before)
        person = np.flatnonzero(at < np.minimum(clock.ends, customer_since[everybody.firm]))
        worked = sales.work(person, at[person], everybody, firms, clock, chance.of(f"sales {number}"))
        _note_wins(worked.deals, customer_since)
        in_time = at <= customer_since[everybody.firm]
        rounds.append(_only(worked, in_time))
        person = person[in_time[person]]
        qualified.append(person)
        moments.append(at[person])
        since = not_before = np.where(in_time, worked.free_from, gate.NEVER)
    return np.concatenate(qualified), np.concatenate(moments), rounds


def _note_wins(made: Deals, customer_since: Ints) -> None:
    np.minimum.at(customer_since, made.firm[made.won], made.closed[made.won])


def _only(worked: sales.Worked, people_kept: Flags) -> sales.Worked:
    """Without what would have been done with people whose firm had bought meanwhile."""
    return sales.Worked(
        kept(worked.activities, people_kept[worked.activities.person]),
        kept(worked.verdicts, people_kept[worked.verdicts.person]),
        kept(worked.deals, people_kept[worked.deals.person]),
        worked.silent[people_kept[worked.silent]],
        worked.free_from,
    )
