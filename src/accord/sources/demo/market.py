"""The market: firms with a size, a trade, a country, and the rep whose firm it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from accord.sources.demo.cast import DOMAIN, REPS, TEAMS
from accord.sources.demo.chance import Draws, Flags, Ints, repeated
from accord.sources.demo.words import COUNTRIES, ENDINGS, LEGAL_FORMS, STEMS, TRADES

SEGMENTS = ("enterprise", "mid_market", "small")
SEGMENT_SHARES = (0.07, 0.33, 0.6)
SIZES = ((2_001, 3_400, 0.5), (101, 420, 0.75), (4, 28, 0.8))
"""Of each segment: fewest employees, those of the middle firm, spread."""
SIZE_LIMITS = ((2_001, 30_000), (100, 2_000), (3, 99))
PEOPLE_PER_FIRM = 3.0
BASE_SHARE = 0.05
"""Of larger firms: those that have been customers since before the data begin."""
OWN_EMPLOYEES = 240
SCATTER = 7_368_787
"""A prime: multiplying by it scatters firms over all names there are, each once."""


@dataclass(frozen=True)
class Market:
    """The firms, one place in every array each."""

    name: pa.Array
    domain: pa.Array
    segment: Ints
    employees: Ints
    trade: Ints
    country: Ints
    rep: Ints
    places: tuple[Ints, ...]
    """Of each segment, the firms in it."""
    base: Flags
    """Customers since before the data begin."""

    @property
    def own(self) -> int:
        """The place of the company itself: the last."""
        return len(self.employees) - 1


def market(people: int, draws: Draws) -> Market:
    """Firms for so many people who give their names, and the company itself."""
    count = max(60, round(people / PEOPLE_PER_FIRM))
    segment = draws.pick(SEGMENT_SHARES, count)
    employees = np.zeros(count, np.int64)
    for place, (least, middle, spread) in enumerate(SIZES):
        here = segment == place
        size = least + draws.about(middle - least, spread, int(here.sum()))
        employees[here] = np.clip(size, *SIZE_LIMITS[place]).astype(np.int64)
    trade = draws.pick(np.ones(len(TRADES)), count)
    country = draws.pick(list(COUNTRIES.values()), count)
    name, domain = _names(count, trade, country)
    base = draws.yes(BASE_SHARE, count) & (segment < SEGMENTS.index("small"))
    places = tuple(np.flatnonzero(segment == place) for place in range(len(SEGMENTS)))
    trade, country, rep = (np.append(column, 0) for column in (trade, country, _reps(segment, draws)))
    return Market(
        pa.concat_arrays([name, pa.array(["Northwind Robotics GmbH"])]),
        pa.concat_arrays([domain, pa.array([DOMAIN])]),
        np.append(segment, SEGMENTS.index("mid_market")),
        np.append(employees, OWN_EMPLOYEES),
        trade,
        country,
        rep,
        places,
        np.append(base, False),
    )


def _reps(segment: Ints, draws: Draws) -> Ints:
    """Each firm's rep, of the team that serves its segment."""
    turn = draws.whole(0, 1_000_000, len(segment))
    rep = np.zeros(len(segment), np.int64)
    for place, team in enumerate(TEAMS):
        members = np.array([n for n, colleague in enumerate(REPS) if colleague.team == team])
        here = segment == place
        rep[here] = members[turn[here] % len(members)]
    return rep


def _names(count: int, trade: Ints, country: Ints) -> tuple[pa.Array, pa.Array]:
    """Names and domains, no domain twice."""
    stems, endings = np.array(STEMS), np.array(ENDINGS)
    words = np.array([list(words) for words in TRADES.values()])
    beginnings = len(stems) * len(endings)
    place = (np.arange(count, dtype=np.int64) * SCATTER + 17) % (beginnings * words.shape[1])
    start, which = place % beginnings, place // beginnings
    first = np.char.add(stems[start % len(stems)], endings[start // len(stems)])
    second = words[trade, which]
    forms = np.array(list(LEGAL_FORMS.values()))[country]
    name = np.char.add(np.char.add(np.char.add(first, " "), np.char.add(second, " ")), forms)
    domain = np.char.lower(np.char.add(np.char.add(first, "-"), np.char.replace(second, " ", "")))
    return pa.array(name), pa.array(np.char.add(_told_apart(domain), ".example"))


def _told_apart(names: NDArray[np.str_]) -> NDArray[np.str_]:
    """The names, with a number added to those that come again."""
    again = repeated(names)
    return np.where(again > 0, np.char.add(names, (again + 1).astype(str)), names)
