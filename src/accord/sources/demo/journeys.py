"""What people do: visits with page views, forms, downloads, webinars, the trade fair."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from accord.sources.demo.campaigns import CAMPAIGNS, MESSE, NEWSLETTER
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


RETURNS = {"": 0.4, "Organic Search": 0.25, "Email": 0.07}
"""How people come back: directly, by a search, by the newsletter; else by what brought them first."""


@dataclass(frozen=True)
class Sessions:
    """Visits to the site, by person and time. `nth` counts a person's from 0, `source` is the place among
    CAMPAIGNS of what brought them this time, `browser` is 0 or 1."""

    person: Ints
    at: Ints
    nth: Ints
    source: Ints
    browser: Ints


@dataclass(frozen=True)
class Views:
    """Page views, by session and time. `lands`: the first view of a session."""

    session: Ints
    person: Ints
    at: Ints
    page: Ints
    lands: Flags


@dataclass(frozen=True)
class Forms:
    """Forms sent; `form` is a place in FORMS."""

    session: Ints
    person: Ints
    at: Ints
    form: Ints


@dataclass(frozen=True)
class Downloads:
    """Pieces of content taken; `asset` is a place in TAKEN."""

    session: Ints
    person: Ints
    at: Ints
    asset: Ints


@dataclass(frozen=True)
class Visits:
    """People at a webinar or a stand."""

    person: Ints
    at: Ints


@dataclass(frozen=True)
class Journeys:
    """All that people do by themselves. `identified`: when each known person first gave their name, or a rep
    noted it."""

    sessions: Sessions
    views: Views
    forms: Forms
    downloads: Downloads
    webinars: Visits
    fair: Visits
    identified: Ints


def journeys(everybody: People, clock: Clock, draws: Draws) -> Journeys:
    """What everybody does until the last day."""
    sessions = _sessions(everybody, clock, draws)
    views = _views(sessions, everybody, draws)
    forms, identified = _forms(sessions, everybody, clock, draws)
    downloads = _downloads(sessions, forms, everybody, draws)
    webinars = _webinars(forms, everybody, identified, clock, draws)
    fair = _fair(everybody, clock, draws)
    np.minimum.at(identified, fair.person, fair.at)
    return Journeys(sessions, views, forms, downloads, webinars, fair, identified)


def _sessions(everybody: People, clock: Clock, draws: Draws) -> Sessions:
    """Whom a rep found by themselves never visits; everybody else does once or more."""
    known = np.arange(everybody.count) < everybody.known
    more = np.where(everybody.hot, np.where(known, 3.2, 0.8), np.where(known, 0.6, 0.35))
    counts = np.where(everybody.sought, 0, 1 + draws.some(more, everybody.count))
    person = np.repeat(np.arange(everybody.count), counts)
    first = within(counts) == 0
    pause = np.where(everybody.hot[person], 4.5, 26.0)
    gap = np.where(first, 0.0, draws.waits(pause, len(person))) * DAY
    later = clock.on_web(everybody.arrives[person] + running(gap, counts).astype(np.int64), draws)
    at = np.where(first, everybody.arrives[person], np.maximum(later, everybody.arrives[person] + HOUR))
    order = np.lexsort((at, person))
    order = order[at[order] < clock.ends]
    person, at = person[order], at[order]
    nth = within(np.bincount(person, minlength=everybody.count))
    browser = np.where(draws.yes(0.18, len(person)) & (nth > 0), 1, 0)
    return Sessions(person, at, nth, _sources(everybody.campaign[person], nth, draws), browser)


def _sources(campaign: Ints, nth: Ints, draws: Draws) -> Ints:
    """What brought people: their campaign at first, later often something else."""
    channels = [entry.channel if not entry.id or entry.id == NEWSLETTER else "-" for entry in CAMPAIGNS]
    places = np.array([channels.index(channel or "Direct") for channel in RETURNS])
    shares = [*RETURNS.values(), 1 - sum(RETURNS.values())]
    way = draws.pick(shares, len(nth))
    back = places[np.minimum(way, len(places) - 1)]
    return np.where((nth == 0) | (way == len(places)), campaign, back)


def _views(sessions: Sessions, everybody: People, draws: Draws) -> Views:
    hot = everybody.hot[sessions.person]
    counts = 1 + draws.some(np.where(hot, 1.7, 0.8), len(sessions.person))
    session = np.repeat(np.arange(len(sessions.person)), counts)
    lands = within(counts) == 0
    stay = np.where(lands, 0, draws.whole(15, 190, len(session)))
    at = sessions.at[session] + running(stay, counts)
    page = draws.pick_by([COLD_PAGES, HOT_PAGES], hot[session].astype(np.int64))
    landing = np.array([PAGES.index(campaign.landing) for campaign in CAMPAIGNS])
    page = np.where(lands & (sessions.nth[session] == 0), landing[sessions.source[session]], page)
    return Views(session, sessions.person[session], at, page, lands)


def _forms(sessions: Sessions, everybody: People, clock: Clock, draws: Draws) -> tuple[Forms, Ints]:
    """The form by which each known visitor gave their name, and later requests of the interested."""
    ends = np.cumsum(np.bincount(sessions.person, minlength=everybody.count))
    visitors = np.flatnonzero(~everybody.sought[: everybody.known])
    last = ends[visitors] - 1
    starts = np.concatenate([[0], ends])[visitors]
    chosen = np.minimum(starts + draws.some(0.45, len(visitors)), last)
    first = _first_form(everybody.campaign[visitors], everybody.hot[visitors], draws)
    at = sessions.at[chosen] + draws.whole(120, 600, len(visitors))
    asks = np.flatnonzero(everybody.hot[visitors] & draws.yes(0.42, len(visitors)))
    later = np.maximum(sessions.at[last[asks]] + draws.whole(200, 900, len(asks)), at[asks] + 30)
    wanted = np.where(draws.yes(0.6, len(asks)), FORMS.index("demo"), FORMS.index("contact"))
    session = np.concatenate([chosen, last[asks]])
    moment = np.concatenate([at, later])
    form = np.concatenate([first, wanted])
    order = np.lexsort((moment, sessions.person[session]))
    identified = clock.after_work(everybody.arrives[: everybody.known], np.zeros(everybody.known))
    identified[visitors] = at
    session = session[order]
    return Forms(session, sessions.person[session], moment[order], form[order]), identified


def _first_form(campaign: Ints, hot: Flags, draws: Draws) -> Ints:
    """What people fill in first: their campaign's form. Without serious interest few ask to be contacted."""
    count = len(campaign)
    usual = np.array([FORMS.index(entry.first_form) for entry in CAMPAIGNS])[campaign]
    raising = usual >= FORMS.index(HAND_RAISING[0])
    lukewarm = np.where(draws.yes(0.94, count), FORMS.index("guide"), usual)
    plain = np.where(draws.yes(0.25, count), FORMS.index("newsletter"), usual)
    return np.where(raising, np.where(hot, usual, lukewarm), plain)


def _downloads(sessions: Sessions, forms: Forms, everybody: People, draws: Draws) -> Downloads:
    """A piece for everybody who asked for one by the form, and for some who pass by."""
    asked = forms.form == FORMS.index("guide")
    taking = draws.yes(np.where(everybody.hot[sessions.person], 0.17, 0.02), len(sessions.person))
    session = np.concatenate([forms.session[asked], np.flatnonzero(taking)])
    passing = sessions.at[taking] + draws.whole(60, 500, int(taking.sum()))
    at = np.concatenate([forms.at[asked] + 4, passing])
    asset = draws.pick([piece.weight for piece in TAKEN], len(session))
    return Downloads(session, sessions.person[session], at, asset)


def _webinars(forms: Forms, everybody: People, identified: Ints, clock: Clock, draws: Draws) -> Visits:
    """A webinar is on Tuesdays at three; most who registered come, and some of the interested."""
    registered = forms.form == FORMS.index("webinar")
    coming = registered & draws.yes(0.62, len(forms.person))
    interested = np.flatnonzero(everybody.hot[: everybody.known] & draws.yes(0.22, everybody.known))
    person = np.concatenate([forms.person[coming], interested])
    earliest = np.concatenate([forms.at[coming], identified[interested] + 5 * DAY])
    day = earliest // DAY + 1
    day += (1 - (day + 3) % 7) % 7  # 1970-01-01 was a Thursday, 3; Tuesday is 1
    at = day * DAY + 15 * HOUR + draws.whole(0, 900, len(person))
    return Visits(person[at < clock.ends], at[at < clock.ends])


def _fair(everybody: People, clock: Clock, draws: Draws) -> Visits:
    """Who came by the trade fair stood at the stand in the hours before the first visit to the site."""
    person = np.flatnonzero(everybody.campaign[: everybody.known] == CAMPAIGNS.index(MESSE))
    before = draws.whole(HOUR, 5 * HOUR, len(person))
    return Visits(person, np.maximum(everybody.arrives[person] - before, clock.starts))
