"""What the agreement promises for a KPI in a period: targets and marketing's deliveries, pro rata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accord.ledger.engine import Engine


@dataclass(frozen=True)
class Promise:
    """`amount` of `kpi` per period of a kind: in the one called `label`, or in every one (label None)."""

    kpi: str
    amount: Decimal
    kind: str
    label: str | None = None


@dataclass(frozen=True)
class Target:
    """The amount promised for the asked period, and in `note` how it was taken from the agreement's
    periods."""

    amount: Decimal
    note: str


@dataclass(frozen=True)
class Period:
    """One calendar period of the agreement, [start, end) in naive UTC."""

    kind: str
    label: str
    start: datetime
    end: datetime


def periods(engine: Engine, *, days: bool = True) -> list[Period]:
    """The built table `periods`, in order, with or without its many days."""
    query = (
        "SELECT kind, label, starts_utc, ends_utc FROM periods WHERE $1 OR kind <> 'day' "
        "ORDER BY starts_utc, kind, label"
    )
    rows = engine.query(query, [days]).to_pylist()
    return [Period(r["kind"], r["label"], r["starts_utc"], r["ends_utc"]) for r in rows]


def before(calendar: Iterable[Period], start: datetime, end: datetime) -> datetime:
    """Where the period before [start, end) begins: a calendar one's of its kind, else one of equal length."""
    periods = list(calendar)
    kinds = {p.kind for p in periods if (p.start, p.end) == (start, end)}
    found = [p.start for p in periods if p.kind in kinds and p.end == start]
    return found[0] if found else start - (end - start)


def target(
    promises: Iterable[Promise], calendar: list[Period], kpi: str, start: datetime, end: datetime
) -> Target | None:
    """What was promised of `kpi` in [start, end): the sum over the promised periods it overlaps, each
    pro rata by time. None if nothing was."""
    amount, notes, covered = Decimal(0), [], 0.0
    for promise in promises:
        for period in calendar if promise.kpi == kpi else ():
            if period.kind != promise.kind or promise.label not in (None, period.label):
                continue
            overlap = (min(end, period.end) - max(start, period.start)).total_seconds()
            if overlap <= 0:
                continue
            length = (period.end - period.start).total_seconds()
            covered += overlap
            amount += (promise.amount * Decimal(int(overlap)) / Decimal(int(length))).quantize(
                Decimal("0.0001")
            )
            if overlap < length:
                notes.append(f"{period.label} pro rata ({overlap / 86400:g} of {length / 86400:g} days)")
            elif promise.label:
                notes.append(period.label)
    if not covered:
        return None
    return Target(amount, _note(notes, covered < (end - start).total_seconds()))


def _note(parts: list[str], partly: bool) -> str:
    words = f"target of {', '.join(parts)}" if parts else ""
    if partly:
        words = f"{words or 'target'}, which does not cover the whole period"
    return words
