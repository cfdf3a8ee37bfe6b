"""The automation tool's export: forms, mails, webinars; and its mirror of the CRM, whose ids it keeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from accord.sources.demo import crm, crm_deals
from accord.sources.demo.campaigns import CAMPAIGNS
from accord.sources.demo.chance import Ints
from accord.sources.demo.clock import HOUR, OPENS
from accord.sources.demo.columns import Columns, ids, times, words, write
from accord.sources.demo.company import Company
from accord.sources.demo.deals import STAGES
from accord.sources.demo.journeys import FORMS
from accord.sources.demo.mails import LINKS, PROXIES, Mails
from accord.sources.demo.people import titles
from accord.sources.demo.records import Records
from accord.sources.demo.web import SITE, client_id
from accord.sources.demo.words import COUNTRIES, ROLES, SENIORITIES, TRADES

MIRRORED = 0.6
"""Of the CRM's activities: those the tool has a copy of."""


def write_automation(folder: Path, company: Company, records: Records) -> None:
    """Write all files of the automation tool."""
    write(folder / "contacts.csv", _contacts(company, records))
    write(folder / "companies.csv", _companies(company, records))
    write(folder / "deals.csv", _deals(company, records))
    write(folder / "engagements.csv", _engagements(company, records))
    write(folder / "form_submissions.csv", _forms(company))
    write(folder / "webinar_attendees.csv", _webinars(company))
    write(folder / "email_events.parquet", _mails(company))
    write(folder / "lifecycle_history.csv", _lifecycle(company))


def _vid(person: Ints) -> pa.Array:
    return pa.array(person + 100_001)


def _contacts(company: Company, records: Records) -> Columns:
    everybody, market, clock = company.everybody, company.market, company.clock
    person = np.flatnonzero(records.in_automation & (records.made < clock.ends))
    firm = everybody.firm[person]
    return {
        "vid": _vid(person),
        "crm_contact_id": pc.if_else(pa.array(records.in_crm[person]), crm.contact_id(person), None),
        "email": everybody.email.take(pa.array(person)),
        "firstname": everybody.first_name.take(pa.array(person)),
        "lastname": everybody.last_name.take(pa.array(person)),
        "jobtitle": titles(everybody.role[person], everybody.seniority[person]),
        "function": words(list(ROLES), everybody.role[person]),
        "level": words(list(SENIORITIES), everybody.seniority[person]),
        "company_id": pa.array(firm + 500_001),
        "country": words(list(COUNTRIES), market.country[firm]),
        "original_source": words([campaign.channel for campaign in CAMPAIGNS], everybody.campaign[person]),
        "budget": words(crm.BUDGET, everybody.budget[person]),
        "timeline": words(crm.TIMELINE, everybody.timeline[person]),
        "createdate": times(clock, records.made[person]),
        "lastmodifieddate": times(clock, records.made[person]),
    }


def _companies(company: Company, records: Records) -> Columns:
    market = company.market
    firm = np.unique(company.everybody.firm[records.made < company.clock.ends])
    return {
        "company_id": pa.array(firm + 500_001),
        "crm_account_id": crm.account_id(firm),
        "name": market.name.take(pa.array(firm)),
        "domain": market.domain.take(pa.array(firm)),
        "industry": words(list(TRADES), market.trade[firm]),
        "numberofemployees": pa.array(market.employees[firm]),
        "country": words(list(COUNTRIES), market.country[firm]),
        "createdate": times(company.clock, records.firm_made[firm]),
    }


def _deals(company: Company, records: Records) -> Columns:
    deals, clock = company.deals, company.clock
    place = np.flatnonzero(deals.made < clock.ends)
    over = deals.closed[place] < clock.ends
    person = deals.person[place]
    return {
        "deal_id": pa.array(place + 900_001),
        "crm_opportunity_id": crm_deals.opportunity_id(place),
        "company_id": pa.array(deals.firm[place] + 500_001),
        "vid": pc.if_else(pa.array(records.in_automation[person]), _vid(person), None),
        "amount": pa.array(deals.amount[place]),
        "currency": crm_deals.currency(company, deals.firm[place]),
        "dealstage": words(STAGES, crm_deals.stage_now(company)[place]),
        "createdate": times(clock, deals.made[place]),
        "closedate": times(clock, np.where(over, deals.closed[place], 0)),
    }


def _engagements(company: Company, records: Records) -> Columns:
    """Copies of the CRM's activities, with its id, written a minute or two later."""
    task = crm.tasks(company, records)
    table = pa.table(task)
    draws = company.chance.of("engagements")
    copied = pa.array(np.flatnonzero(draws.yes(MIRRORED, table.num_rows)))
    table = table.take(copied)
    late = pa.array(draws.whole(20, 150, table.num_rows), pa.duration("s"))
    return {
        "engagement_id": ids("E", np.arange(table.num_rows)),
        "crm_task_id": table["Id"],
        "crm_contact_id": table["WhoId"],
        "type": table["Type"],
        "direction": table["Direction"],
        "outcome": table["Outcome"],
        "timestamp": pc.add(table["ActivityDate"], late),
    }


def _forms(company: Company) -> Columns:
    forms, clock = company.done.forms, company.clock
    order = np.lexsort((forms.person, forms.at))
    order = order[forms.at[order] < clock.ends]
    person = forms.person[order]
    return {
        "submission_id": ids("F", np.arange(len(order))),
        "vid": _vid(person),
        "cookie": client_id(person, company.done.sessions.browser[forms.session[order]]),
        "form": words(FORMS, forms.form[order]),
        "submitted_at": times(clock, forms.at[order]),
    }


def _webinars(company: Company) -> Columns:
    attended, clock = company.done.webinars, company.clock
    order = np.lexsort((attended.person, attended.at))
    order = order[company.done.identified[attended.person[order]] < clock.ends]
    seconds = company.chance.of("webinar").whole(500, 2_700, len(order))
    return {
        "attendance_id": ids("W", np.arange(len(order))),
        "vid": _vid(attended.person[order]),
        "webinar": pa.array(["Palletising: payback under two years"] * len(order)),
        "joined_at": times(clock, attended.at[order]),
        "seconds": pa.array(seconds),
    }


def _mails(company: Company) -> Columns:
    """Deliveries, opens and clicks. Where a scanner stands before the reader, it clicks all links at once."""
    mailed, clock = company.mailed, company.clock
    every = np.arange(len(mailed.person))
    opened, clicked = np.flatnonzero(mailed.opened), np.flatnonzero(mailed.clicked)
    scanned = np.repeat(np.flatnonzero(mailed.scanned), len(LINKS))
    nth = np.tile(np.arange(len(LINKS)), len(scanned) // len(LINKS))
    mail = np.concatenate([every, opened, clicked, scanned])
    kind = np.repeat([0, 1, 2, 2], [len(every), len(opened), len(clicked), len(scanned)])
    at = np.concatenate(
        [
            mailed.at,
            mailed.opened[opened],
            mailed.clicked[clicked],
            mailed.at[scanned] + mailed.scan_delay[scanned] + nth // 2,
        ]
    )
    none = np.full(len(every) + len(opened), len(LINKS))
    link = np.concatenate([none, mailed.link[clicked], nth])
    agent = np.where(kind == 1, mailed.agent[mail], 0)
    order = np.lexsort((link, kind, mail, at))
    order = order[at[order] < clock.ends]
    mail = mail[order]
    urls = [
        f"{SITE}{path}?utm_source=line-notes&utm_medium=email&utm_campaign=newsletter-line-notes"
        for path in LINKS
    ]
    return {
        "event_id": ids("M", np.arange(len(order))),
        "type": words(["DELIVERED", "OPEN", "CLICK"], kind[order]),
        "vid": _vid(mailed.person[mail]),
        "sending": ids("S", mail),
        "mail": words(mail_titles(company, mailed), mailed.issue[mail]),
        "url": words([*urls, ""], link[order]),
        "user_agent": words(PROXIES, agent[order]),
        "created": times(clock, at[order]),
    }


def mail_titles(company: Company, mailed: Mails) -> list[str]:
    """Titles of the issues, by their day."""
    days = company.clock.day_of(mailed.sent)
    return [f"Line Notes, {company.clock.days[day]:%d %B %Y}" for day in days]


def _lifecycle(company: Company) -> Columns:
    """When the tool itself says people qualified: by its own older rule, which overlooks some and is late
    for others."""
    draws = company.chance.of("lifecycle")
    noticed = draws.yes(0.9, len(company.qualified))
    person = company.qualified[noticed]
    at = company.qualified_at[noticed] + (draws.waits(5 * HOUR, len(person))).astype(np.int64) + 60
    come = ~company.everybody.sought[: company.everybody.known]
    warm = np.flatnonzero(come & draws.yes(0.012, len(come)))
    warm_at = company.done.identified[warm] + OPENS
    person, at = np.concatenate([person, warm]), np.concatenate([at, warm_at])
    order = np.lexsort((person, at))
    order = order[at[order] < company.clock.ends]
    return {
        "vid": _vid(person[order]),
        "stage": pa.array(["marketingqualifiedlead"] * len(order)),
        "timestamp": times(company.clock, at[order]),
    }
