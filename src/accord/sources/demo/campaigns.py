"""The campaigns: what each costs, whom it brings, and how good those are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.sources.demo.chance import Draws, Floats, Ints
from accord.sources.demo.clock import DAY, HISTORY_DAYS, Clock

MESSE_MONTH = 4


@dataclass(frozen=True)
class Campaign:
    """One way by which people come.

    `share` of all who come, `audience` among enterprise, mid-market and small firms, `hot`: the share with a
    serious interest, `deals`: how much likelier than usual sales makes a deal of it, `cost` a person in
    `currency`. A campaign without a cost is none that marketing pays for. `landing` is the page people come
    to, `first_form` what they fill in first.
    """

    id: str
    name: str
    channel: str
    source: str
    medium: str
    share: float
    audience: tuple[float, float, float]
    hot: float
    deals: float
    cost: float = 0.0
    currency: str = "EUR"
    platform: str = ""
    landing: str = "/"
    first_form: str = "newsletter"
    referrer: str = ""


SME = Campaign(
    "linkedin-robot-cells-smes", "LinkedIn: robot cells for SMEs", "Paid Social", "linkedin", "paid_social",
    0.3, (0.0, 0.04, 0.96), 0.19, 0.25, 132, "USD", "linkedin_ads", "/robot-cells/small", "demo",
)  # fmt: skip
REFERRAL = Campaign(
    "integrator-referral-programme", "Integrator referral programme", "Referral", "cellwerk", "referral",
    0.055, (0.25, 0.6, 0.15), 0.42, 1.7, 26, "EUR", "partner_portal", "/partners", "contact",
    "https://www.cellwerk.example/",
)  # fmt: skip
MESSE = Campaign(
    "hannover-messe", "Hannover Messe", "Event", "hannover-messe", "event",
    0.05, (0.25, 0.5, 0.25), 0.24, 1.0, 96, "EUR", "trade_fair", "/hannover", "contact",
)  # fmt: skip
OUTREACH = Campaign(
    "", "", "Sales outreach", "", "",
    0.03, (0.35, 0.65, 0.0), 0.0, 1.0,
)  # fmt: skip
"""Nobody comes by it: reps find people by themselves."""
CAMPAIGNS = (
    OUTREACH,
    SME,
    REFERRAL,
    Campaign(
        "palletising-payback-webinar", "Palletising payback webinar", "Email", "partners", "email",
        0.1, (0.2, 0.6, 0.2), 0.2, 1.25, 39, "EUR", "webinar", "/webinars/payback", "webinar",
    ),
    Campaign(
        "google-search-palletising-robot", "Google Search: palletising robot", "Paid Search", "google", "cpc",
        0.17, (0.15, 0.5, 0.35), 0.15, 1.0, 118, "EUR", "google_ads", "/palletising", "guide",
    ),
    Campaign(
        "linkedin-plant-managers", "LinkedIn: plant managers", "Paid Social", "linkedin", "paid_social",
        0.07, (0.35, 0.55, 0.1), 0.13, 1.0, 178, "USD", "linkedin_ads", "/products/nr-10", "guide",
    ),
    Campaign(
        "trade-press-produktion", "Trade press: Produktion", "Display", "produktion", "display",
        0.045, (0.2, 0.45, 0.35), 0.09, 0.8, 121, "GBP", "trade_press", "/products/nr-6", "guide",
    ),
    MESSE,
    Campaign(
        "newsletter-line-notes", "Newsletter: Line Notes", "Email", "line-notes", "email",
        0.06, (0.15, 0.5, 0.35), 0.09, 1.0, 21, "EUR", "newsletter", "/line-notes", "newsletter",
    ),
    Campaign(
        "", "", "Organic Search", "google", "organic",
        0.26, (0.13, 0.47, 0.4), 0.11, 1.0, landing="/palletising", first_form="guide",
        referrer="https://www.google.com/",
    ),
    Campaign("", "", "Direct", "", "", 0.13, (0.2, 0.45, 0.35), 0.1, 1.0, first_form="newsletter"),
    Campaign(
        "", "", "Organic Social", "linkedin", "social",
        0.05, (0.2, 0.4, 0.4), 0.06, 0.9, landing="/blog/cells", first_form="guide",
        referrer="https://www.linkedin.com/",
    ),
    Campaign(
        "", "", "AI Assistant", "chatgpt", "ai-assistant",
        0.02, (0.15, 0.45, 0.4), 0.13, 1.0, landing="/palletising", first_form="guide",
        referrer="https://chatgpt.com/",
    ),
)  # fmt: skip
PAID = tuple(campaign for campaign in CAMPAIGNS if campaign.cost)
NEWSLETTER = "newsletter-line-notes"


MONEY_MOVED = {"google-search-palletising-robot": 0.55, "linkedin-plant-managers": 0.35}
"""What is left to campaigns when the one for small firms begins."""


def shares(clock: Clock, sme_from: int) -> Floats:
    """Of those who come on each day, the share that each campaign brings. The campaign for small firms begins
    at `sme_from` with other campaigns' money; the fair brings people in its month and the one after."""
    by_day = np.tile([campaign.share for campaign in CAMPAIGNS], (HISTORY_DAYS, 1))
    days = clock.starts + np.arange(HISTORY_DAYS) * DAY
    months = np.array([day.month for day in clock.days[:HISTORY_DAYS]])
    for place, campaign in enumerate(CAMPAIGNS):
        by_day[days >= sme_from, place] *= MONEY_MOVED.get(campaign.id, 1.0)
    by_day[days < sme_from, CAMPAIGNS.index(SME)] = 0
    fair = np.where(months == MESSE_MONTH, 5.0, np.where(months == MESSE_MONTH + 1, 1.6, 0.0))
    by_day[:, CAMPAIGNS.index(MESSE)] *= fair
    return np.asarray(by_day / by_day.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Costs:
    """What campaigns cost: a row a campaign and day."""

    day: Ints
    campaign: Ints
    cost: Floats
    impressions: Ints
    clicks: Ints


def costs(clock: Clock, expected: Floats, draws: Draws) -> Costs:
    """The costs of each day on which a campaign is expected to bring people (`expected`: days x
    campaigns)."""
    places = np.array([CAMPAIGNS.index(campaign) for campaign in PAID])
    day, paid = np.nonzero(expected[:, places] > 0)
    campaign = places[paid]
    people = expected[day, campaign]
    price = np.array([entry.cost for entry in CAMPAIGNS])[campaign]
    cost = np.round(people * price * draws.about(1.0, 0.12, len(day)), 2)
    clicks = draws.some(people * 3.2, len(day))
    impressions = clicks * draws.whole(60, 140, len(day))
    return Costs(day, campaign, cost, impressions, clicks)
