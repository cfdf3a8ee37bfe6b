"""What makes a first call easy: what the person did, has read and was promised, and what fits next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from accord.desk.leads.happenings import KINDS
from accord.desk.shell import formats

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.reading import Reading

LATELY = timedelta(days=120)
DID, READ, FITS = 3, 3, 2
"""So many lines of each are shown."""

_DID = """
SELECT person, kind, coalesce(asset, form, path) AS what, max("at") AS "at", count(*) AS times
FROM timeline
WHERE person IN (SELECT unnest(?)) AND "at" >= ? AND team <> 'sales' AND counted AND quality = 'human'
    AND kind <> 'email_delivered'
GROUP BY person, kind, what
QUALIFY row_number() OVER (PARTITION BY person ORDER BY max("at") DESC, kind, what) <= ?
ORDER BY person, "at" DESC
"""
_TAKEN = """
SELECT person, asset, max("at") AS "at" FROM timeline
WHERE person IN (SELECT unnest(?)) AND asset IS NOT NULL AND team <> 'sales' AND quality = 'human'
GROUP BY person, asset ORDER BY person, "at" DESC
"""
_PIECES = "SELECT asset, kind, stage, product, price, currency, last_at FROM content WHERE listed"


@dataclass
class CallStory:
    """Lines for before a call; `promised` are the pieces they took, `say` the agreed propositions."""

    did: list[tuple[datetime, str]] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    say: list[str] = field(default_factory=list)
    fits: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.did or self.promised or self.say or self.fits)


def call_stories(reading: Reading, leads: Sequence[Mapping[str, Any]], now: datetime) -> dict[int, CallStory]:
    """The story of each of these leads, by person: rows of the build's list; `now` naive UTC."""
    people = sorted({lead["person"] for lead in leads if "person" in lead})
    if not people:
        return {}
    stories: defaultdict[int, CallStory] = defaultdict(CallStory)
    for row in reading.rows(_DID, [people, now - LATELY, DID]):
        stories[row["person"]].did.append((row["at"], _did(row)))
    taken: defaultdict[int, list[str]] = defaultdict(list)
    for row in reading.rows(_TAKEN, [people]):
        taken[row["person"]].append(row["asset"])
    pieces = {row["asset"]: row for row in reading.rows(_PIECES, [])}
    for lead in leads:
        if "person" in lead:
            story, read = stories[lead["person"]], taken[lead["person"]]
            story.promised = [_promised(pieces[asset]) for asset in read if asset in pieces][:READ]
            story.say = propositions(reading.agreement, lead)
            story.fits = fitting(read, pieces)
    return dict(stories)


def propositions(agreement: Agreement, lead: Mapping[str, Any]) -> list[str]:
    """What both teams agreed to say to such a person at that stage."""
    return [
        one.text
        for one in agreement.messages.propositions
        if one.persona in (None, lead.get("persona"))
        and one.segment in (None, lead.get("segment"))
        and one.stage in (None, lead.get("stage"))
    ]


def fitting(read: Sequence[str], pieces: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Pieces about the products they have read of and have not read yet: of the latest interest first."""
    products = list(dict.fromkeys(pieces[a]["product"] for a in read if a in pieces and pieces[a]["product"]))
    unread = [piece for asset, piece in pieces.items() if asset not in read and piece["product"] in products]
    never = datetime.min
    unread.sort(key=lambda piece: piece["asset"])
    unread.sort(key=lambda piece: piece["last_at"] or never, reverse=True)
    unread.sort(key=lambda piece: products.index(piece["product"]))
    return [piece["asset"] for piece in unread[:FITS]]


def _did(row: Mapping[str, Any]) -> str:
    _, word = KINDS.get(row["kind"], ("", row["kind"].replace("_", " ").capitalize()))
    said = f"{word}: {row['what']}" if row["what"] else str(word)
    return f"{said} × {row['times']}" if row["times"] > 1 else said


def _promised(piece: Mapping[str, Any]) -> str:
    if piece["price"] is None:
        return str(piece["asset"])
    return f"{piece['asset']} ({formats.exact(piece['price'], 'money', piece['currency'] or '')})"
