"""When people qualify: the agreement's scoring worked out over what they do, so that sales answers when it
would."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from accord import agreement
from accord.sources.demo.chance import Floats, Ints, within
from accord.sources.demo.journeys import FORMS, HAND_RAISING, WHAT_OF_PAGE, Journeys, What
from accord.sources.demo.mails import Mails
from accord.sources.demo.market import Market
from accord.sources.demo.people import People
from accord.sources.demo.words import ROLES, SENIORITIES, TRADES

RULES = {
    What.PRICING: "pricing_page",
    What.PRODUCT: "product_page",
    What.DOWNLOAD: "download",
    What.WEBINAR: "webinar",
    What.FAIR: "trade_fair",
    What.CLICK: "mail_click",
    What.RAISED: "demo_request",
}
"""Which rule of the agreement gives points for which kind of touch."""
NEEDED_FIT, NEEDED_ENGAGEMENT, RAISED_FIT = 40, 40, 10
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Touches:
    """What known people do that can give points, by person and time."""

    person: Ints
    at: Ints
    what: Ints


def agreement_text(**values: str | int) -> str:
    """The demo company's agreement."""
    return (files(__package__) / "agreement.yaml").read_text(encoding="utf-8").format(**values)


@cache
def _promised() -> agreement.Agreement:
    """The agreement, whatever its dates and targets."""
    return agreement.parse(agreement_text(go_live="2026-01-01", deliver=1, targets="  []"))


def touches(done: Journeys, mailed: Mails, known: int) -> Touches:
    """All touches of known people that give points. What is done in a browser in which they never gave their
    name stays nameless."""
    named = np.zeros((known, 2), bool)
    named[done.forms.person, done.sessions.browser[done.forms.session]] = True
    session = done.sessions
    theirs = session.person < known
    theirs[theirs] = named[session.person[theirs], session.browser[theirs]]
    raised = np.isin(done.forms.form, [FORMS.index(form) for form in HAND_RAISING])
    what = WHAT_OF_PAGE[done.views.page]
    seen = (what > 0) & theirs[done.views.session]
    taken = theirs[done.downloads.session]
    clicked = mailed.clicked > 0
    parts: list[tuple[Ints, Ints, ArrayLike]] = [
        (done.views.person[seen], done.views.at[seen], what[seen]),
        (done.downloads.person[taken], done.downloads.at[taken], What.DOWNLOAD),
        (done.forms.person[raised], done.forms.at[raised], What.RAISED),
        (done.webinars.person, done.webinars.at, What.WEBINAR),
        (done.fair.person, done.fair.at, What.FAIR),
        (mailed.person[clicked], mailed.clicked[clicked], What.CLICK),
    ]
    person, at = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    kinds = np.concatenate([np.broadcast_to(part[2], part[0].shape) for part in parts]).astype(np.int64)
    order = np.lexsort((kinds, at, person))
    return Touches(person[order], at[order], kinds[order])


def fit(everybody: People, market: Market) -> Floats:
    """Fit of every known person by the agreement's rules; people of the company itself never qualify."""
    employees = market.employees[everybody.firm]
    role = np.array(list(ROLES))[everybody.role]
    seniority = np.array(list(SENIORITIES))[everybody.seniority]
    trade = np.array(list(TRADES))[market.trade[everybody.firm]]
    holds = {
        "company_size": employees >= 100,
        "our_function": np.isin(role, ("operations", "engineering")),
        "decides": np.isin(seniority, ("head", "director", "vp", "c_level")),
        "our_trade": np.isin(trade, ("automotive", "machinery", "manufacturing", "food", "packaging")),
        "budget_known": everybody.budget == 1,
        "too_small": employees < 20,
    }
    rules = _promised().scoring.fit
    total = sum(np.where(holds[name], float(rule.points), 0.0) for name, rule in rules.items())
    fits = np.clip(total, 0, _promised().scoring.caps.fit)
    return np.where(everybody.firm == market.own, -1.0, fits)


def qualified_at(done: Touches, fits: Floats, since: Ints, not_before: Ints) -> Ints:
    """The moment at which each person qualifies by touches from `since` on, at `not_before` at the earliest;
    else NEVER."""
    kept = done.at >= since[done.person]
    person, at, what = done.person[kept], done.at[kept], done.what[kept]
    counts = np.bincount(person, minlength=len(fits))
    nth = within(counts)
    by_turn = np.argsort(nth, kind="stable")
    turns = np.concatenate([[0], np.cumsum(np.bincount(nth))]) if len(nth) else np.array([0])
    state = np.zeros((len(RULES), len(fits)))
    last = np.zeros(len(fits), np.int64)
    raised = np.zeros(len(fits), bool)
    result = np.full(len(fits), NEVER)
    half_lives, points, caps = _rules()
    for start, end in pairwise(turns):
        rows = by_turn[start:end]
        who, now = person[rows], at[rows]
        faded = state[:, who] * np.exp2(-(now - last[who]) / half_lives[:, None])
        rule = what[rows] - 1
        faded[rule, np.arange(len(who))] += points[rule]
        state[:, who], last[who] = faded, now
        raised[who] |= what[rows] == What.RAISED
        engagement = np.minimum(faded, caps[:, None]).sum(axis=0)
        opens = ((fits[who] >= NEEDED_FIT) & (engagement >= NEEDED_ENGAGEMENT)) | (
            raised[who] & (fits[who] >= RAISED_FIT)
        )
        opens &= now >= not_before[who]
        result[who[opens]] = np.minimum(result[who[opens]], now[opens])
    return result


def _rules() -> tuple[Floats, Floats, Floats]:
    """Half-lives in seconds, points and caps of the rules, in the order of RULES."""
    given = [_promised().scoring.engagement[name] for name in RULES.values()]
    half_lives = [rule.half_life.seconds if rule.half_life else np.inf for rule in given]
    caps = [rule.cap if rule.cap is not None else np.inf for rule in given]
    return (
        np.array(half_lives, float),
        np.array([rule.points for rule in given], float),
        np.array(caps, float),
    )
