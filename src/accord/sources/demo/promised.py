"""The agreement and settings of the demo company: targets by what it can be expected to sell."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from accord.sources.demo.chance import Floats, Ints
from accord.sources.demo.clock import DAY, Quarter
from accord.sources.demo.company import Company
from accord.sources.demo.finance import RATES, invoices
from accord.sources.demo.gate import agreement_text
from accord.sources.demo.sales import VERDICTS
from accord.sources.demo.words import COUNTRIES, CURRENCIES

MISSED_BY = 0.12
"""At least this share of the target is missing in the quarter that was missed."""
GROWS = 1.05
LEAST = 1_000
"""A target for a company too small to have sold anything."""

SETTINGS = """\
# Settings of the demo company, written by `accord demo`. What both teams agreed on stands in agreement.yaml.
mode = "{mode}"
own_domains = ["northwind.example"]
memory = "3GB"

# The CRM and the automation tool mirror each other: these count, the others' copies stay visible, uncounted.
[master]
people = "crm"
accounts = "crm"
deals = "crm"
activities = "crm"
forms = "automation"
touches = "automation"
web = "web"
"""


def agreement(company: Company) -> str:
    """The agreement's YAML."""
    targets = [
        f"  - {{{what}: {amount}, quarter: {quarter.name}}}"
        for what in ("revenue", "pipeline")
        for quarter, amount in quarterly(company, what)
    ]
    return agreement_text(
        go_live=went_live(company.clock.until).isoformat(),
        deliver=delivery(company),
        targets="\n".join(targets),
    )


def went_live(until: date) -> date:
    """The day twelve months before the last one."""
    day = until + timedelta(1)
    return date(day.year - 1, day.month, min(day.day, 28))


def delivery(company: Company) -> int:
    """Accepted leads that marketing owes a month: a little more than it brought in the nine months before
    things went wrong."""
    said, clock = company.verdicts, company.clock
    end = clock.at(clock.troubled)
    begin = max(end - 270 * DAY, clock.starts)
    count = np.count_nonzero(
        (said.verdict == VERDICTS.index("accepted")) & (said.at >= begin) & (said.at < end)
    )
    monthly = count / ((end - begin) / DAY / 30.4)
    return max(1, _rounded(monthly * 1.04))


def quarterly(company: Company, what: str) -> list[tuple[Quarter, int]]:
    """Targets for the quarters the data hold in full, the present and the next one: what was reached at
    first, from the quarter that was missed on growth upon the one before."""
    amount, at = sold(company) if what == "revenue" else pipeline(company)
    targets: list[tuple[Quarter, int]] = []
    planned = 0.0
    for step in range(-4, 2):
        quarter = company.clock.quarter(step)
        if company.clock.at(quarter.starts) < company.clock.starts + 90 * DAY:
            continue
        actual = _between(company, amount, at, quarter)
        planned = planned * GROWS if step >= -1 else actual * 0.97
        if what == "revenue" and quarter.name == company.clock.missed.name:
            planned = max(planned, actual / (1 - MISSED_BY), LEAST)
        if planned > 0:
            targets.append((quarter, _rounded(planned)))
    return targets


def sold(company: Company) -> tuple[Floats, Ints]:
    """Euro invoiced, and when."""
    sent = invoices(company.deals, company.market, company.clock, company.chance.of("invoices"))
    return sent.cents / 100 * _euro(company, sent.firm), sent.at


def pipeline(company: Company) -> tuple[Floats, Ints]:
    """Euro of the deals made, and when."""
    deals = company.deals
    return deals.amount * _euro(company, deals.firm), deals.made


def _between(company: Company, amount: Floats, at: Ints, quarter: Quarter) -> float:
    begin, end = company.clock.at(quarter.starts), company.clock.at(quarter.ends)
    return float(amount[(at >= begin) & (at < end)].sum())


def _euro(company: Company, firm: Ints) -> Floats:
    middle = np.array([RATES.get(CURRENCIES.get(country, "EUR"), 1.0) for country in COUNTRIES])
    return middle[company.market.country[firm]]


def _rounded(amount: float) -> int:
    """Down to three leading digits."""
    unit = 10 ** max(len(str(int(amount))) - 3, 0)
    return int(amount // unit * unit)
