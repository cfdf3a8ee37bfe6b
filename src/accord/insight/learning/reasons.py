"""Whether the reasons for which leads come back can be trusted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from accord.insight.intervals import Share, share

if TYPE_CHECKING:
    from accord.insight.learning.handed import Handed
    from accord.ledger.engine import Engine

SEVERAL = 3
"""A reason used less often says nothing of who uses it."""


@dataclass(frozen=True)
class OwnReason:
    """A reason that one seller alone gives, while others give leads back as well."""

    reason: str
    seller: str | None
    count: int


@dataclass(frozen=True)
class Untried:
    """How many of the leads a seller gave back were never tried: no call, no mail, no meeting before it."""

    seller: str | None
    share: Share


@dataclass(frozen=True)
class Audit:
    """`own`: reasons of one seller alone; `untried`: by seller, most first; `won`: leads given back that
    bought later, the latest first: person_id, name, company, reason, returned_at, returned_by, won_at."""

    own: list[OwnReason]
    untried: list[Untried]
    won: list[dict[str, Any]]


def audit(engine: Engine, leads: Iterable[Handed], since: datetime) -> Audit:
    """The audit of the reasons given for these leads, and of all returns since a moment."""
    returned = [lead for lead in leads if lead.verdict == "returned"]
    sql = files(__package__).joinpath("returned_won.sql").read_text(encoding="utf-8")
    return Audit(_own(returned), _untried(returned), engine.query(sql, [since]).to_pylist())


def _own(returned: list[Handed]) -> list[OwnReason]:
    by_reason: dict[str, Counter[str]] = defaultdict(Counter)
    names = {lead.said_by: lead.said_by_name for lead in returned}
    for lead in returned:
        if lead.reason and lead.said_by:
            by_reason[lead.reason][lead.said_by] += 1
    sellers = {lead.said_by for lead in returned if lead.said_by}
    found = [
        OwnReason(reason, names[seller], count)
        for reason, counts in by_reason.items()
        for seller, count in counts.items()
        if len(counts) == 1 and count >= SEVERAL and len(sellers) > 1
    ]
    return sorted(found, key=lambda one: (-one.count, one.reason))


def _untried(returned: list[Handed]) -> list[Untried]:
    by_seller: dict[str | None, list[Handed]] = defaultdict(list)
    for lead in returned:
        by_seller[lead.said_by_name].append(lead)
    found = [
        Untried(seller, share(sum(not lead.attempted for lead in held), len(held)))
        for seller, held in by_seller.items()
    ]
    kept = [one for one in found if one.share.count]
    return sorted(kept, key=lambda one: (-one.share.count, one.seller or ""))
