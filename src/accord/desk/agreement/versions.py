"""The versions of the agreement, and the time each judges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accord.ledger.store import BEGINNING
from accord.pipeline import versions_in_force


@dataclass(frozen=True)
class Version:
    """One version; moments are naive UTC.

    It judges what becomes known from `start` (None: from the beginning) until `end` (None: until today);
    `replaced`: it judges nothing any more.
    """

    version: str
    registered_at: datetime
    start: datetime | None
    end: datetime | None
    replaced: bool


def versions(registered: list[dict[str, Any]]) -> list[Version]:
    """The registered versions, the newest first."""
    spans = {_key(row): row for row in versions_in_force(registered)}
    newest = registered[-1]["registered_at"] if registered else None
    found = []
    for row in registered[::-1]:
        span = spans.get(_key(row))
        start = row["from_at"] if row["from_at"] > BEGINNING else None
        end = span["until_at"] if span and row["registered_at"] != newest else None
        found.append(Version(row["version"], row["registered_at"], start, end, replaced=span is None))
    return found


def _key(row: dict[str, Any]) -> tuple[str, datetime]:
    """What tells registrations apart: a version may come back later."""
    return row["version"], row["registered_at"]
