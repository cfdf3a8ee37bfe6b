"""Which person stands in which tool, under which id, and made when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.sources.demo.cast import REPS
from accord.sources.demo.chance import Flags, Ints
from accord.sources.demo.company import Company

SYNCED = 0.7
"""Of known people whom sales never had: those the automation tool gives to the CRM all the same."""
DUPLICATED = 0.025
FEWEST_DUPLICATES = 3


@dataclass(frozen=True)
class Records:
    """Records of people. A known person's number is their place among all people; a duplicate has a number
    of its own after them (`known` + its place)."""

    in_crm: Flags
    in_automation: Flags
    made: Ints
    changed: Ints
    firm_made: Ints
    duplicated: Ints
    """People who stand in the CRM twice, ..."""
    duplicate_rep: Ints
    """... the second time as this rep's."""


def records(company: Company) -> Records:
    """The records of all known people."""
    everybody, market = company.everybody, company.market
    draws = company.chance.of("records")
    in_crm = draws.yes(SYNCED, everybody.known)
    in_crm[company.qualified] = True
    in_crm[company.activities.person] = True
    in_crm[everybody.firm == market.own] = False
    made = company.done.identified
    changed = made + (draws.share(everybody.known) * (company.clock.ends - made)).astype(np.int64)
    firm_made = np.full(len(market.employees), company.clock.ends - 1)
    np.minimum.at(firm_made, everybody.firm, made)
    early = draws.yes(0.4, len(firm_made)) | market.base
    firm_made = np.where(early, company.clock.starts, firm_made)
    worked = np.setdiff1d(company.qualified, company.silent)
    count = max(FEWEST_DUPLICATES, round(len(worked) * DUPLICATED))
    duplicated = np.sort(worked[draws.generator.permutation(len(worked))[:count]])
    rep = market.rep[everybody.firm[duplicated]]
    in_automation = ~everybody.sought[: everybody.known]
    return Records(in_crm, in_automation, made, changed, firm_made, duplicated, _other_rep(rep))


def _other_rep(rep: Ints) -> Ints:
    """Another rep for each of these."""
    return (rep + 5) % len(REPS)
