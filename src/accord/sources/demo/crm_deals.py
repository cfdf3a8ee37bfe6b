"""The CRM's export, second part: opportunities, their stages and people, and the content reps sent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from accord.sources.demo.chance import Flags, Ints, kept, running, within
from accord.sources.demo.clock import DAY
from accord.sources.demo.columns import Columns, ids, times, words, write
from accord.sources.demo.company import Company
from accord.sources.demo.content import TAKEN
from accord.sources.demo.crm import account_id, contact_id, owners
from accord.sources.demo.deals import LOST, STAGE_SHARES, STAGES
from accord.sources.demo.records import Records
from accord.sources.demo.words import COUNTRIES, CURRENCIES

DEAL_ROLES = ("champion", "economic_buyer", "technical_evaluator", "end_user", "end_user")


def write_crm_deals(folder: Path, company: Company, records: Records) -> None:
    """Write the CRM's files about deals."""
    write(folder / "opportunities.csv", _opportunities(company))
    write(folder / "opportunity_history.csv", _stages(company))
    write(folder / "opportunity_contact_roles.csv", _roles(company, records))
    write(folder / "content_uses.csv", _uses(company))


def opportunity_id(place: Ints, known: Flags | None = None) -> pa.Array:
    """The CRM's id of deals, missing where it is not `known`."""
    return ids("006NW", place, known)


def _opportunities(company: Company) -> Columns:
    deals, clock, market = company.deals, company.clock, company.market
    place = np.flatnonzero(deals.made < clock.ends)
    deals = kept(deals, place)
    over = deals.closed < clock.ends
    stage = stage_now(company)[place]
    product = np.where(
        deals.amount > 60_000, "NR-10 line", np.where(deals.amount > 25_000, "NR-10 cell", "NR-6 cell")
    )
    names = pc.binary_join_element_wise(market.name.take(pa.array(deals.firm)), pa.array(product), ", ")
    return {
        "Id": opportunity_id(place),
        "Name": names,
        "AccountId": account_id(deals.firm),
        "ContactId": contact_id(deals.person),
        "OwnerId": owners(deals.rep),
        "Amount": pa.array(deals.amount),
        "CurrencyIsoCode": currency(company, deals.firm),
        "StageName": words(STAGES, stage),
        "Type": pa.array(np.where(deals.expands, "Expansion", "New")),
        "Loss_Reason__c": pc.if_else(pa.array(over & ~deals.won), words(LOST, deals.lost), None),
        "CreatedDate": times(clock, deals.made),
        "CloseDate": times(clock, np.where(over, deals.closed, 0)),
        "LastModifiedDate": times(
            clock, np.where(over, deals.closed, np.maximum(deals.made, clock.ends - 2 * DAY))
        ),
    }


def currency(company: Company, firm: Ints) -> pa.Array:
    """What a firm pays in."""
    return words([CURRENCIES.get(country, "EUR") for country in COUNTRIES], company.market.country[firm])


def stage_now(company: Company) -> Ints:
    """The stage of each deal at the end of the last day."""
    deals, clock = company.deals, company.clock
    ended = np.where(deals.won, STAGES.index("Closed Won"), STAGES.index("Closed Lost"))
    passed = (clock.ends - deals.made) / np.maximum(deals.closed - deals.made, 1)
    under_way = np.searchsorted(STAGE_SHARES, passed, side="right") - 1
    return np.where(deals.closed < clock.ends, ended, np.clip(under_way, 0, 2))


def _stages(company: Company) -> Columns:
    deals, clock = company.deals, company.clock
    count, steps = len(deals.made), len(STAGE_SHARES) + 1
    place = np.repeat(np.arange(count), steps)
    step = np.tile(np.arange(steps), count)
    shares = np.array([*STAGE_SHARES, 1.0])[step]
    at = deals.made[place] + (shares * (deals.closed - deals.made)[place]).astype(np.int64)
    closing = np.where(deals.won, STAGES.index("Closed Won"), STAGES.index("Closed Lost"))[place]
    stage = np.where(step == steps - 1, closing, step)
    keep = (at < clock.ends) & (deals.made[place] < clock.ends)
    place, at, stage = place[keep], at[keep], stage[keep]
    return {
        "Id": ids("008NW", np.arange(len(place))),
        "OpportunityId": opportunity_id(place),
        "StageName": words(STAGES, stage),
        "Amount": pa.array(deals.amount[place]),
        "CurrencyIsoCode": currency(company, deals.firm[place]),
        "CreatedDate": times(clock, at),
    }


def _roles(company: Company, records: Records) -> Columns:
    """One to five people of the firm take part in a deal, the main person first."""
    deals, everybody, clock = company.deals, company.everybody, company.clock
    draws = company.chance.of("roles")
    listed = np.flatnonzero(records.in_crm & (records.made < clock.ends))
    by_firm = listed[np.argsort(everybody.firm[listed], kind="stable")]
    firms = everybody.firm[by_firm]
    begin = np.searchsorted(firms, deals.firm, side="left")
    there = np.searchsorted(firms, deals.firm, side="right") - begin
    more = np.minimum(draws.some(1.3, len(begin)), np.minimum(there, 4))
    row = np.repeat(np.arange(len(begin)), more)
    person = by_firm[begin[row] + within(more)]
    kept_rows = (person != deals.person[row]) & (records.made[person] < deals.made[row])
    row, person = row[kept_rows], person[kept_rows]
    place = np.concatenate([np.arange(len(begin)), row])
    who = np.concatenate([deals.person, person])
    order = np.lexsort((np.arange(len(place)), place))
    place, who = place[order], who[order]
    nth = within(np.bincount(place, minlength=len(begin)))
    open_by_now = deals.made[place] < clock.ends
    place, who, nth = place[open_by_now], who[open_by_now], nth[open_by_now]
    return {
        "Id": ids("00KNW", np.arange(len(place))),
        "OpportunityId": opportunity_id(place),
        "ContactId": contact_id(who),
        "Role": words(DEAL_ROLES, nth),
    }


def _uses(company: Company) -> Columns:
    """Pieces that reps sent while a deal was open."""
    deals, clock = company.deals, company.clock
    draws = company.chance.of("uses")
    counts = draws.some(1.1, len(deals.made))
    row = np.repeat(np.arange(len(counts)), counts)
    at = deals.made[row] + running(draws.waits(9 * DAY, len(row)), counts).astype(np.int64)
    keep = (at < np.minimum(deals.closed[row], clock.ends)) & (deals.made[row] < clock.ends)
    row, at = row[keep], clock.after_work(at[keep], np.zeros(int(keep.sum())))
    asset = draws.pick([piece.weight for piece in TAKEN], len(row))
    keep = at < clock.ends
    row, at, asset = row[keep], at[keep], asset[keep]
    return {
        "Id": ids("068NW", np.arange(len(row))),
        "Title": words([piece.title for piece in TAKEN], asset),
        "OwnerId": owners(deals.rep[row]),
        "ContactId": contact_id(deals.person[row]),
        "OpportunityId": opportunity_id(row),
        "Action": pa.array(["sent"] * len(row)),
        "CreatedDate": times(clock, at),
    }
