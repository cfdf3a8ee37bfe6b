"""The web analytics' export: one row an event, by browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from accord.sources.demo.campaigns import CAMPAIGNS, MESSE, Campaign
from accord.sources.demo.chance import Ints
from accord.sources.demo.columns import Columns, ids, times, words, write
from accord.sources.demo.company import Company
from accord.sources.demo.content import TAKEN
from accord.sources.demo.journeys import FORMS, PAGES

SITE = "https://www.northwind.example"
EVENTS = ("page_view", "generate_lead", "file_download")
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/143.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_2) Version/18.2 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) Version/18.2 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
)
BOTS = 0.012
"""Of the people who never give their name: those that are search engines' robots."""


def client_id(person: Ints, browser: Ints) -> pa.Array:
    """The analytics' name of a browser."""
    return ids("GA", person * 2 + browser)


def write_web(folder: Path, company: Company) -> None:
    """Write the events."""
    write(folder / "events.parquet", _events(company))


def _events(company: Company) -> Columns:
    """Page views, forms and downloads in the order of time. What brought a visit stands on all its events."""
    done, clock = company.done, company.clock
    viewed, sent, taken = len(done.views.at), len(done.forms.at), len(done.downloads.at)
    late = company.chance.of("web events").whole(-9, 9, sent)
    session = np.concatenate([done.views.session, done.forms.session, done.downloads.session])
    at = np.concatenate([done.views.at, done.forms.at + late, done.downloads.at])
    event = np.repeat([0, 1, 2], [viewed, sent, taken])
    lands = np.concatenate([done.views.lands, np.zeros(sent + taken, bool)])
    page = np.concatenate([done.views.page, np.full(sent, len(PAGES)), len(PAGES) + 1 + done.downloads.asset])
    form = np.concatenate([np.full(viewed, len(FORMS)), done.forms.form, np.full(taken, len(FORMS))])
    asset = np.concatenate([np.full(viewed + sent, len(TAKEN)), done.downloads.asset])
    order = np.lexsort((event, session, at))
    order = order[at[order] < clock.ends]
    session = session[order]
    person, source = done.sessions.person[session], done.sessions.source[session]
    referrer = np.where(lands[order], source, len(CAMPAIGNS))
    return {
        "event_id": ids("e", np.arange(len(order))),
        "event_timestamp": times(clock, at[order]),
        "event_name": words(EVENTS, event[order]),
        "client_id": client_id(person, done.sessions.browser[session]),
        "session_id": ids("s", session),
        "session_source": words([_marked(campaign).source for campaign in CAMPAIGNS], source),
        "session_medium": words([_marked(campaign).medium for campaign in CAMPAIGNS], source),
        "session_campaign": words([_marked(campaign).id for campaign in CAMPAIGNS], source),
        "page_location": words(_addresses(), page[order]),
        "page_referrer": words([*(campaign.referrer for campaign in CAMPAIGNS), ""], referrer),
        "form_name": words([*FORMS, ""], form[order]),
        "file_name": words([*(piece.title for piece in TAKEN), ""], asset[order]),
        "user_agent": words(AGENTS, _agents(company)[person]),
    }


def _marked(campaign: Campaign) -> Campaign:
    """The campaign as the analytics knows it: nobody marks the way from a stand at a fair."""
    return replace(campaign, id="", source="", medium="") if campaign is MESSE else campaign


def _addresses() -> list[str]:
    """All addresses there are: pages, the forms' page, pieces to take."""
    return [*(SITE + page for page in PAGES), f"{SITE}/contact", *(SITE + piece.path for piece in TAKEN)]


def _agents(company: Company) -> Ints:
    """Each person's browser, as it calls itself."""
    draws = company.chance.of("agents")
    agent = draws.pick((0.6, 0.22, 0.18), company.everybody.count)
    unnamed = np.arange(company.everybody.count) >= company.everybody.known
    return np.where(unnamed & draws.yes(BOTS, len(agent)), len(AGENTS) - 1, agent)
