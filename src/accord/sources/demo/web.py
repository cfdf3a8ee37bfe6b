"""The web analytics' export: one row an event, by browser."""

from __future__ import annotations

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
    """Page views, forms and downloads in the order of time."""
    visits, forms, downloads, clock = (
        company.done.visits,
        company.done.forms,
        company.done.downloads,
        company.clock,
    )
    draws = company.chance.of("web events")
    viewed, sent, taken = len(visits.at), len(forms.at), len(downloads.at)
    person = np.concatenate([visits.person, forms.person, downloads.person])
    browser = np.concatenate([visits.browser, forms.browser, np.zeros(taken, np.int64)])
    at = np.concatenate([visits.at, forms.at + draws.whole(-9, 9, sent), downloads.at])
    event = np.repeat([0, 1, 2], [viewed, sent, taken])
    address = np.concatenate(
        [
            _landing_or_page(company),
            np.full(sent, len(PAGES)),
            len(PAGES) + 1 + len(CAMPAIGNS) + downloads.asset,
        ]
    )
    came_by = np.concatenate(
        [
            np.where(visits.lands, company.everybody.campaign[visits.person], len(CAMPAIGNS)),
            np.full(sent + taken, len(CAMPAIGNS)),
        ]
    )
    form = np.concatenate([np.full(viewed, len(FORMS)), forms.form, np.full(taken, len(FORMS))])
    asset = np.concatenate([np.full(viewed + sent, len(TAKEN)), downloads.asset])
    order = np.lexsort((event, person, at))
    order = order[at[order] < clock.ends]
    person, browser = person[order], browser[order]
    return {
        "event_id": ids("e", np.arange(len(order))),
        "event_timestamp": times(clock, at[order]),
        "event_name": words(EVENTS, event[order]),
        "client_id": client_id(person, browser),
        "page_location": words(_addresses(), address[order]),
        "utm_campaign": words(
            [*("" if campaign is MESSE else campaign.id for campaign in CAMPAIGNS), ""], came_by[order]
        ),
        "page_referrer": words([*(campaign.referrer for campaign in CAMPAIGNS), ""], came_by[order]),
        "form_name": words([*FORMS, ""], form[order]),
        "file_name": words([*(piece.title for piece in TAKEN), ""], asset[order]),
        "user_agent": words(AGENTS, _agents(company)[person]),
    }


def _landing_or_page(company: Company) -> Ints:
    """The place of each view's address: a page, or the landing page with the campaign's mark."""
    visits = company.done.visits
    landing = len(PAGES) + 1 + company.everybody.campaign[visits.person]
    return np.where(visits.lands, landing, visits.page)


def _addresses() -> list[str]:
    """All addresses there are: pages, the form, landing pages, pieces to take."""
    landings = [f"{SITE}{campaign.landing}{_mark(campaign)}" for campaign in CAMPAIGNS]
    pieces = [f"{SITE}{piece.path}" for piece in TAKEN]
    return [*(f"{SITE}{page}" for page in PAGES), f"{SITE}/contact", *landings, *pieces]


def _mark(campaign: Campaign) -> str:
    if not campaign.id or campaign is MESSE:
        return ""
    return f"?utm_source={campaign.source}&utm_medium={campaign.medium}&utm_campaign={campaign.id}"


def _agents(company: Company) -> Ints:
    """Each person's browser, as it calls itself."""
    draws = company.chance.of("agents")
    agent = draws.pick((0.6, 0.22, 0.18), company.everybody.count)
    unnamed = np.arange(company.everybody.count) >= company.everybody.known
    return np.where(unnamed & draws.yes(BOTS, len(agent)), len(AGENTS) - 1, agent)
