"""The newsletter: deliveries, opens, clicks, and scanners that click every link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.sources.demo.chance import Draws, Flags, Ints, within
from accord.sources.demo.clock import DAY, HOUR, Clock
from accord.sources.demo.market import Market
from accord.sources.demo.people import People

EVERY = 14 * DAY
SUBSCRIBED = 0.6
LINKS = ("/blog/payback", "/customers/voss", "/pricing")
"""The links of every mail."""
SCANNING_FIRMS = 0.03
"""Of the large firms: those whose mail goes through a scanner that clicks every link."""
PROXIES = (
    "",
    "Mozilla/5.0",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
)
PROXY_SHARES = (0.5, 0.35, 0.15)


@dataclass(frozen=True)
class Mails:
    """Mails delivered: to whom, which one, and what became of it. 0 where it was not opened or clicked."""

    person: Ints
    issue: Ints
    at: Ints
    opened: Ints
    agent: Ints
    clicked: Ints
    link: Ints
    scanned: Flags
    scan_delay: Ints
    sent: Ints
    """When each issue was sent."""


def scanning_firms(everybody: People, market: Market, draws: Draws) -> Flags:
    """Which firms have a mail scanner: some of the larger ones that many people have come from, two at
    least."""
    people = np.bincount(everybody.firm, minlength=len(market.employees))
    larger = np.flatnonzero((market.employees > 400) & ~market.base)
    crowded = larger[np.argsort(-people[larger], kind="stable")][: max(4, len(larger) // 5)]
    count = max(2, round(len(larger) * SCANNING_FIRMS))
    scanning = np.zeros(len(market.employees), bool)
    scanning[crowded[draws.generator.permutation(len(crowded))[:count]]] = True
    return scanning


def mails(everybody: People, market: Market, identified: Ints, clock: Clock, draws: Draws) -> Mails:
    """The mails of every other Tuesday at ten to those who subscribed, from when they gave their name."""
    first = clock.starts + (1 - clock.weekday[0]) % 7 * DAY + 10 * HOUR
    sent = np.arange(first, clock.ends, EVERY)
    subscribed = draws.yes(SUBSCRIBED, everybody.known) & ~everybody.sought[: everybody.known]
    readers = np.flatnonzero(subscribed)
    begin = np.searchsorted(sent, identified[readers], side="right")
    leaves = identified[readers] + (draws.waits(420, len(readers)) * DAY).astype(np.int64)
    counts = np.maximum(np.searchsorted(sent, leaves) - begin, 0)
    person = np.repeat(readers, counts)
    issue = np.repeat(begin, counts) + within(counts)
    at = sent[issue] + draws.whole(0, 1_500, len(person))
    hot = everybody.hot[person]
    reads = draws.yes(np.where(hot, 0.4, 0.24), len(person))
    after = (draws.waits(5 * HOUR, len(person))).astype(np.int64) + 60
    agent = draws.pick(PROXY_SHARES, len(person))
    scanned = scanning_firms(everybody, market, draws)[everybody.firm[person]]
    clicks = reads & draws.yes(np.where(hot, 0.22, 0.07), len(person)) & ~scanned
    opened = np.where(reads, at + after, 0)
    clicked = np.where(clicks, opened + draws.whole(20, 240, len(person)), 0)
    opened, clicked = (np.where(moment < clock.ends, moment, 0) for moment in (opened, clicked))
    link = draws.pick((0.5, 0.35, 0.15), len(person))
    return Mails(
        person, issue, at, opened, agent, clicked, link, scanned, draws.whole(1, 3, len(person)), sent
    )
