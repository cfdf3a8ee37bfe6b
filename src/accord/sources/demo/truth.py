"""What is wrong in the demo company, as the simulator knows it: for tests to look for."""

from __future__ import annotations

from typing import Any

import numpy as np

from accord.sources.demo.campaigns import CAMPAIGNS, REFERRAL, SME
from accord.sources.demo.cast import KEY_ACCOUNTS, REPS, SILENT_REP, owner_id, sign_ins
from accord.sources.demo.chance import Ints
from accord.sources.demo.company import Company
from accord.sources.demo.content import CONTRADICTING, UNUSED
from accord.sources.demo.promised import quarterly, sold
from accord.sources.demo.records import Records

VERSION = 1


def truth(company: Company, records: Records, people: int) -> dict[str, Any]:
    """The truth as JSON data; `docs/reference/demo-truth.md` explains it."""
    return {
        "version": VERSION,
        "people": people,
        "seed": company.chance.seed,
        "until": company.clock.until.isoformat(),
        "sign_ins": [{"name": c.name, "email": c.email, "role": c.role, "team": c.team} for c in sign_ins()],
        "qualified": len(company.qualified),
        "diseases": {
            "never_contacted": _never_contacted(company),
            "slow_follow_up": _slow(company),
            "wrong_audience": _wrong_audience(company),
            "good_cheap_channel": _cheap(company),
            "unused_content": {"titles": [asset.title for asset in UNUSED]},
            "two_prices": _two_prices(),
            "mail_scanner": _scanner(company),
            "duplicates": _duplicates(company, records),
            "missed_quarter": _missed(company),
        },
    }


def _never_contacted(company: Company) -> dict[str, Any]:
    silent = SILENT_REP
    place = [rep.name for rep in REPS].index(silent)
    return {
        "rep": silent,
        "owner_id": f"crm:owner:{owner_id(place)}",
        "people": [f"crm:person:{_contact(person)}" for person in np.sort(company.silent)],
        "of_the_rep": int((_rep(company, company.silent) == place).sum()),
        "qualified_of_the_rep": int((_rep(company, company.qualified) == place).sum()),
        "qualified": len(company.qualified),
    }


def _slow(company: Company) -> dict[str, Any]:
    return {
        "team": KEY_ACCOUNTS,
        "owner_ids": [f"crm:owner:{owner_id(n)}" for n, rep in enumerate(REPS) if rep.team == KEY_ACCOUNTS],
        "since": company.clock.troubled.isoformat(),
        "promised_hours": 24,
    }


def _wrong_audience(company: Company) -> dict[str, Any]:
    place = CAMPAIGNS.index(SME)
    brought = company.everybody.campaign[company.qualified] == place
    cost = company.costs.cost[company.costs.campaign == place].sum()
    return {
        "campaign": SME.name,
        "campaign_id": f"ads:campaign:{SME.id}",
        "since": company.clock.troubled.isoformat(),
        "segment": "small",
        "reason": "too_small",
        "qualified": int(brought.sum()),
        "cost": round(float(cost), 2),
        "currency": SME.currency,
    }


def _cheap(company: Company) -> dict[str, Any]:
    place = CAMPAIGNS.index(REFERRAL)
    won = company.deals.won & (company.deals.closed < company.clock.ends)
    return {
        "campaign": REFERRAL.name,
        "campaign_id": f"ads:campaign:{REFERRAL.id}",
        "channel": REFERRAL.channel,
        "won": int((company.everybody.campaign[company.deals.person[won]] == place).sum()),
    }


def _two_prices() -> dict[str, Any]:
    return {
        "product": CONTRADICTING[0].product,
        "pieces": [
            {"title": asset.title, "price": asset.price, "currency": "EUR"} for asset in CONTRADICTING
        ],
    }


def _scanner(company: Company) -> dict[str, Any]:
    mailed = company.mailed
    firms = np.unique(company.everybody.firm[mailed.person[mailed.scanned]])
    return {
        "domains": sorted(company.market.domain.take(firms).to_pylist()),
        "mails": int(mailed.scanned.sum()),
    }


def _duplicates(company: Company, records: Records) -> dict[str, Any]:
    known = company.everybody.known
    return {
        "pairs": [
            [f"crm:person:{_contact(person)}", f"crm:person:{_contact(known + place)}"]
            for place, person in enumerate(records.duplicated)
        ]
    }


def _missed(company: Company) -> dict[str, Any]:
    amount, at = sold(company)
    begin, end = (company.clock.at(day) for day in (company.clock.missed.starts, company.clock.missed.ends))
    target = {quarter.name: goal for quarter, goal in quarterly(company, "revenue")}
    return {
        "quarter": company.clock.missed.name,
        "starts": company.clock.missed.starts.isoformat(),
        "ends": company.clock.missed.ends.isoformat(),
        "target": target[company.clock.missed.name],
        "revenue": round(float(amount[(at >= begin) & (at < end)].sum()), 2),
        "why": ["wrong_audience", "slow_follow_up"],
    }


def _rep(company: Company, person: Ints) -> Ints:
    return company.market.rep[company.everybody.firm[person]]


def _contact(number: int) -> str:
    return f"003NW{number:07d}"
