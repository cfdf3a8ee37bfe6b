"""The CRM's export, first part: users, accounts, contacts, activities, verdicts, visitors at the fair."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from accord.sources.demo.activities import KINDS, OUTCOMES, Activities
from accord.sources.demo.campaigns import CAMPAIGNS
from accord.sources.demo.cast import OTHERS, REPS, owner_id
from accord.sources.demo.chance import Ints, kept, stacked
from accord.sources.demo.clock import DAY, HOUR
from accord.sources.demo.columns import Columns, ids, texts, times, words, write
from accord.sources.demo.company import Company
from accord.sources.demo.gate import NEVER
from accord.sources.demo.people import titles
from accord.sources.demo.records import Records
from accord.sources.demo.sales import REASONS, VERDICTS
from accord.sources.demo.words import COUNTRIES, ROLES, SENIORITIES, TRADES

BUDGET = ("", "yes", "no")
TIMELINE = ("", "now", "this_quarter", "later")


def write_crm(folder: Path, company: Company, records: Records) -> None:
    """Write the CRM's files about people and firms."""
    write(folder / "users.csv", _users())
    write(folder / "accounts.csv", _accounts(company, records))
    write(folder / "contacts.csv", _contacts(company, records))
    write(folder / "tasks.csv", tasks(company, records))
    write(folder / "lead_verdicts.csv", _verdicts(company))
    write(folder / "contact_history.csv", _moves(company))
    write(folder / "campaign_members.csv", _fair(company))


def contact_id(person: Ints) -> pa.Array:
    """The CRM's id of people."""
    return ids("003NW", person)


def account_id(firm: Ints) -> pa.Array:
    """The CRM's id of firms."""
    return ids("001NW", firm)


def owners(rep: Ints) -> pa.Array:
    """The CRM's id of reps."""
    return words([owner_id(n) for n in range(len(REPS))], rep)


def _users() -> Columns:
    everyone = (*REPS, *(person for person in OTHERS if person.team == "sales-management"))
    return {
        "Id": pa.array([owner_id(n) for n in range(len(everyone))]),
        "FirstName": pa.array([person.name.split()[0] for person in everyone]),
        "LastName": pa.array([person.name.split()[-1] for person in everyone]),
        "Email": pa.array([person.email for person in everyone]),
        "Team__c": pa.array([person.team for person in everyone]),
        "Title": pa.array([person.title for person in everyone]),
        "IsActive": pa.array(["true"] * len(everyone)),
    }


def _accounts(company: Company, records: Records) -> Columns:
    """A row a state: firms that bought stand there twice, as the prospect they were and the customer they
    are."""
    market, clock = company.market, company.clock
    bought = np.flatnonzero((company.customer_since < clock.ends) & ~market.base)
    firm = np.concatenate([np.arange(market.own), bought])
    later = np.arange(len(firm)) >= market.own
    is_customer = later | market.base[firm]
    made = records.firm_made[firm]
    changed = np.where(later, company.customer_since[firm], made)
    return {
        "Id": account_id(firm),
        "Name": market.name.take(pa.array(firm)),
        "Website": market.domain.take(pa.array(firm)),
        "Industry": words(list(TRADES), market.trade[firm]),
        "NumberOfEmployees": pa.array(market.employees[firm]),
        "BillingCountryCode": words(list(COUNTRIES), market.country[firm]),
        "OwnerId": owners(market.rep[firm]),
        "Type": pa.array(np.where(is_customer, "Customer", "Prospect")),
        "CreatedDate": times(clock, made),
        "LastModifiedDate": times(clock, changed),
    }


def _contacts(company: Company, records: Records) -> Columns:
    everybody, market, clock = company.everybody, company.market, company.clock
    first = np.flatnonzero(records.in_crm & (records.made < clock.ends))
    person = np.concatenate([first, records.duplicated])
    again = np.arange(len(person)) >= len(first)
    number = np.concatenate([first, everybody.known + np.arange(len(records.duplicated))])
    rep = np.concatenate([market.rep[everybody.firm[first]], records.duplicate_rep])
    firm = everybody.firm[person]
    email = everybody.email.take(pa.array(person))
    return {
        "Id": contact_id(number),
        "FirstName": everybody.first_name.take(pa.array(person)),
        "LastName": everybody.last_name.take(pa.array(person)),
        "Email": pc.if_else(pa.array(again), pc.utf8_upper(email), email),
        "Title": titles(everybody.role[person], everybody.seniority[person]),
        "Department": words(list(ROLES), everybody.role[person]),
        "Level__c": words(list(SENIORITIES), everybody.seniority[person]),
        "AccountId": account_id(firm),
        "OwnerId": owners(rep),
        "MailingCountryCode": words(list(COUNTRIES), market.country[firm]),
        "LeadSource": words([campaign.channel for campaign in CAMPAIGNS], everybody.campaign[person]),
        "Budget__c": words(BUDGET, everybody.budget[person]),
        "Timeline__c": words(TIMELINE, everybody.timeline[person]),
        "CreatedDate": times(clock, np.minimum(records.made[person] + again * HOUR, clock.ends - 1)),
        "LastModifiedDate": times(clock, np.maximum(records.changed[person], records.made[person])),
    }


def tasks(company: Company, records: Records) -> Columns:
    """Activities in the order of time, those on duplicates included."""
    clock = company.clock
    done = kept(company.activities, company.activities.at < clock.ends)
    who = done.person
    more = _on_duplicates(company, records)
    done = stacked([done, more])
    number = np.concatenate([who, company.everybody.known + np.arange(len(more.person))])
    order = np.lexsort((number, done.at))
    done, number = kept(done, order), number[order]
    sent = done.kind == KINDS.index("email")
    length = np.where(sent, 0, company.chance.of("lengths").whole(60, 1_700, len(sent)))
    return {
        "Id": ids("00TNW", np.arange(len(sent))),
        "WhoId": contact_id(number),
        "OwnerId": owners(done.rep),
        "AccountId": account_id(company.everybody.firm[done.person]),
        "Type": words(KINDS, done.kind),
        "Direction": pa.array(["outbound"] * len(sent)),
        "Outcome": words(OUTCOMES, done.outcome),
        "CallDurationInSeconds": pa.array(length, mask=length == 0),
        "ActivityDate": times(clock, done.at),
    }


def _on_duplicates(company: Company, records: Records) -> Activities:
    """The second rep calls, too, a day or two after the person qualified."""
    clock, person = company.clock, records.duplicated
    draws = company.chance.of("duplicates")
    order = np.argsort(company.qualified_at, kind="stable")[::-1]
    first = np.full(company.everybody.known, NEVER)
    first[company.qualified[order]] = company.qualified_at[order]
    at = clock.after_work(first[person] + DAY, draws.about(2 * HOUR, 0.5, len(person)))
    at = np.minimum(at, clock.ends - 1)
    zeros = np.zeros(len(person), np.int64)
    return Activities(person, records.duplicate_rep, at, zeros, zeros)


def _verdicts(company: Company) -> Columns:
    said = kept(company.verdicts, company.verdicts.at < company.clock.ends)
    said = kept(said, np.lexsort((said.person, said.at)))
    note = np.where(said.reason == REASONS.index("other"), "Wants to rent a cell for one season.", "")
    return {
        "Id": ids("a01NW", np.arange(len(said.at))),
        "Contact__c": contact_id(said.person),
        "OwnerId": owners(said.rep),
        "Verdict__c": words(VERDICTS, said.verdict),
        "Reason__c": words(REASONS, said.reason),
        "Note__c": texts(note),
        "CreatedDate": times(company.clock, said.at),
    }


def _moves(company: Company) -> Columns:
    """The status field of contacts, as it was changed: each rep sets it within minutes of the verdict."""
    meant = ("Working", "Returned", "Qualified", "Nurture", "Disqualified")
    said = kept(company.verdicts, company.verdicts.at < company.clock.ends - HOUR)
    late = company.chance.of("moves").whole(20, 900, len(said.at))
    at = said.at + late
    order = np.lexsort((said.person, at))
    return {
        "ContactId": contact_id(said.person[order]),
        "Field": pa.array(["Lead_Status__c"] * len(order)),
        "NewValue": words(meant, said.verdict[order]),
        "CreatedById": owners(said.rep[order]),
        "CreatedDate": times(company.clock, at[order]),
    }


def _fair(company: Company) -> Columns:
    fair = company.done.fair
    order = np.lexsort((fair.person, fair.at))
    order = order[company.done.identified[fair.person[order]] < company.clock.ends]
    return {
        "CampaignId": pa.array(["hannover-messe"] * len(order)),
        "Email": company.everybody.email.take(pa.array(fair.person[order])),
        "Status": pa.array(["Visited"] * len(order)),
        "FirstRespondedDate": times(company.clock, fair.at[order]),
    }
