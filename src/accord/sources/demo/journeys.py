"""What people do: visits with page views, forms, downloads, webinars, the trade fair."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from accord.sources.demo.campaigns import CAMPAIGNS, MESSE
from accord.sources.demo.chance import Draws, Flags, Ints, running, within
from accord.sources.demo.clock import DAY, HOUR, Clock
from accord.sources.demo.content import TAKEN
from accord.sources.demo.people import People

FORMS = ("newsletter", "guide", "webinar", "contact", "demo")
HAND_RAISING = ("contact", "demo")

SEEN_PAGES = (
    "/", "/palletising", "/robot-cells", "/products/nr-6", "/products/nr-10", "/pricing",
    "/pricing/calculator", "/customers/voss", "/blog/cells", "/blog/payback", "/support", "/about",
    "/careers",
)  # fmt: skip
PAGES = (*SEEN_PAGES, *sorted({campaign.landing for campaign in CAMPAIGNS} - set(SEEN_PAGES)))
"""All pages; those after the first are only landed on."""
HOT_PAGES = (6, 10, 9, 11, 11, 16, 9, 8, 4, 5, 2, 2, 0.3)
COLD_PAGES = (22, 13, 11, 8, 8, 1.6, 0.4, 6, 12, 9, 5, 6, 3)


class What(IntEnum):
    """Kinds of touches the scoring of the agreement tells apart."""

    OTHER = 0
    PRICING = 1
    PRODUCT = 2
    DOWNLOAD = 3
    WEBINAR = 4
    FAIR = 5
    CLICK = 6
    RAISED = 7


WHAT_OF_PAGE = np.array(
    [
        What.PRICING if page.startswith("/pricing") else What.PRODUCT if page.startswith("/products") else 0
        for page in PAGES
    ]
)


@dataclass(frozen=True)
class Visits:
    """Page views, by person and time. `lands`: the view that the campaign brought; `browser` 0 or 1."""

    person: Ints
    at: Ints
    page: Ints
    lands: Flags
    session: Ints
    browser: Ints


@dataclass(frozen=True)
class Forms:
    """Forms sent. `form` is a place in FORMS; `browser` is where it was filled in."""

    person: Ints
    at: Ints
    form: Ints
    browser: Ints
    session: Ints


@dataclass(frozen=True)
class Acts:
    """Other things done by people: `asset` is the piece taken, where there is one."""

    person: Ints
    at: Ints
    asset: Ints


@dataclass(frozen=True)
class Journeys:
    """All that people do by themselves. `identified`: when each known person first gave their name."""

    visits: Visits
    forms: Forms
    downloads: Acts
    webinars: Acts
    fair: Acts
    identified: Ints


@dataclass(frozen=True)
class _Sessions:
    """Visits to the site before their pages are known; `nth` counts a person's from 0."""

    person: Ints
    at: Ints
    nth: Ints
    last: Flags
    browser: Ints


def journeys(everybody: People, clock: Clock, draws: Draws) -> Journeys:
    """What everybody does until the last day."""
    sessions = _sessions(everybody, clock, draws)
    visits = _views(sessions, everybody, draws)
    forms, identified = _forms(sessions, everybody, draws)
    downloads = _downloads(sessions, forms, everybody, draws)
    webinars = _webinars(forms, everybody, identified, clock, draws)
    fair = _fair(everybody, clock, draws)
    identified = identified.copy()
    np.minimum.at(identified, fair.person, fair.at)
    return Journeys(visits, forms, downloads, webinars, fair, identified)


def _sessions(everybody: People, clock: Clock, draws: Draws) -> _Sessions:
    known = np.arange(everybody.count) < everybody.known
    more = np.where(everybody.hot, np.where(known, 3.2, 0.8), np.where(known, 0.6, 0.35))
    counts = 1 + draws.some(more, everybody.count)
    person = np.repeat(np.arange(everybody.count), counts)
    first = within(counts) == 0
    pause = np.where(everybody.hot[person], 4.5, 26.0)
    gap = np.where(first, 0.0, draws.waits(pause, len(person))) * DAY
    later = clock.on_web(everybody.arrives[person] + running(gap, counts).astype(np.int64), draws)
    at = np.where(first, everybody.arrives[person], np.maximum(later, everybody.arrives[person] + HOUR))
    order = np.lexsort((at, person))
    person, at = person[order], at[order]
    kept = at < clock.ends
    person, at = person[kept], at[kept]
    counts = np.bincount(person, minlength=everybody.count)
    nth = within(counts)
    browser = np.where(draws.yes(0.18, len(person)) & (nth > 0), 1, 0)
    return _Sessions(person, at, nth, nth == counts[person] - 1, browser)


def _views(sessions: _Sessions, everybody: People, draws: Draws) -> Visits:
    hot = everybody.hot[sessions.person]
    counts = 1 + draws.some(np.where(hot, 1.7, 0.8), len(sessions.person))
    session = np.repeat(np.arange(len(sessions.person)), counts)
    place = within(counts)
    person = sessions.person[session]
    stay = np.where(place == 0, 0, draws.whole(15, 190, len(person)))
    at = sessions.at[session] + running(stay, counts)
    weights = np.array([COLD_PAGES, HOT_PAGES])
    page = draws.pick_by(weights, everybody.hot[person].astype(np.int64))
    lands = (place == 0) & (sessions.nth[session] == 0)
    landing = np.array([PAGES.index(campaign.landing) for campaign in CAMPAIGNS])
    page = np.where(lands, landing[everybody.campaign[person]], page)
    return Visits(person, at, page, lands, session, sessions.browser[session])


def _forms(sessions: _Sessions, everybody: People, draws: Draws) -> tuple[Forms, Ints]:
    """The form by which each known person gave their name, and later requests of the interested."""
    known = everybody.known
    ends = np.cumsum(np.bincount(sessions.person, minlength=everybody.count))
    starts = np.concatenate([[0], ends[:-1]])[:known]
    last = ends[:known] - 1
    chosen = np.minimum(starts + draws.some(0.45, known), last)
    campaign = everybody.campaign[:known]
    hot = everybody.hot[:known]
    usual = np.array([FORMS.index(entry.first_form) for entry in CAMPAIGNS])[campaign]
    raising = usual >= FORMS.index(HAND_RAISING[0])
    lukewarm = np.where(draws.yes(0.94, known), FORMS.index("guide"), usual)
    first = np.where(raising & ~hot, lukewarm, usual)
    first = np.where(~raising & draws.yes(0.25, known), FORMS.index("newsletter"), first)
    at = sessions.at[chosen] + draws.whole(120, 600, known)
    asks = np.flatnonzero(hot & draws.yes(0.42, known))
    again = last[asks]
    later = np.maximum(sessions.at[again] + draws.whole(200, 900, len(asks)), at[asks] + 30)
    wanted = np.where(draws.yes(0.6, len(asks)), FORMS.index("demo"), FORMS.index("contact"))
    person = np.concatenate([np.arange(known), asks])
    where = np.concatenate([chosen, again])
    form = np.concatenate([first, wanted])
    moment = np.concatenate([at, later])
    order = np.lexsort((moment, person))
    where = where[order]
    forms = Forms(person[order], moment[order], form[order], sessions.browser[where], where)
    return forms, at


def _downloads(sessions: _Sessions, forms: Forms, everybody: People, draws: Draws) -> Acts:
    """A piece for everybody who asked for one by the form, and for some who pass by."""
    asked = forms.form == FORMS.index("guide")
    taking = draws.yes(np.where(everybody.hot[sessions.person], 0.17, 0.02), len(sessions.person))
    person = np.concatenate([forms.person[asked], sessions.person[taking]])
    at = np.concatenate([forms.at[asked] + 4, sessions.at[taking] + draws.whole(60, 500, int(taking.sum()))])
    asset = draws.pick([piece.weight for piece in TAKEN], len(person))
    return Acts(person, at, asset)


def _webinars(forms: Forms, everybody: People, identified: Ints, clock: Clock, draws: Draws) -> Acts:
    """A webinar is on Tuesdays at three; most who registered come, and some of the interested."""
    registered = forms.form == FORMS.index("webinar")
    coming = registered & draws.yes(0.62, len(forms.person))
    interested = np.flatnonzero(everybody.hot[: everybody.known] & draws.yes(0.22, everybody.known))
    person = np.concatenate([forms.person[coming], interested])
    earliest = np.concatenate([forms.at[coming], identified[interested] + 5 * DAY])
    day = earliest // DAY + 1
    day += (1 - (day + 3) % 7) % 7  # 1970-01-01 was a Thursday; Tuesday is 1
    at = day * DAY + 15 * HOUR + draws.whole(0, 900, len(person))
    kept = at < clock.ends
    return Acts(person[kept], at[kept], np.zeros(int(kept.sum()), np.int64))


def _fair(everybody: People, clock: Clock, draws: Draws) -> Acts:
    """Who came by the trade fair stood at the stand on the day they came."""
    visitors = np.flatnonzero(everybody.campaign[: everybody.known] == CAMPAIGNS.index(MESSE))
    at = everybody.arrives[visitors] // DAY * DAY + draws.whole(9 * HOUR, 18 * HOUR, len(visitors))
    at = np.maximum(at, clock.starts)
    return Acts(visitors, at, np.zeros(len(visitors), np.int64))
