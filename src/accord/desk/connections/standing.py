"""How each connection stands: up to when it has been read, what waits, what failed. Moments are naive UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Max

from accord.desk.connections.models import Delivery
from accord.desk.hours.calendars import naive
from accord.settings import Connection, Settings

State = Delivery.State


@dataclass(frozen=True)
class Standing:
    """A connection as it stands; `until` is None before anything was loaded."""

    name: str
    folder: Path
    mapping: str
    until: datetime | None
    silent: bool
    waiting: int
    loaded: int
    failed: int
    error: str

    @property
    def state(self) -> str:
        """In one word how it stands: failed, silent, waiting for the first delivery, or fresh."""
        if self.failed:
            return "failed"
        if self.silent:
            return "silent"
        return "fresh" if self.until else "waiting"


def standings(workspace: Path, settings: Settings, now: datetime) -> list[Standing]:
    """Every connection, by name."""
    return [_standing(workspace, name, one, now) for name, one in sorted(settings.connections.items())]


def read_until(name: str) -> datetime | None:
    """Up to when a connection has been read: when the newest file it brought was written."""
    newest = Delivery.objects.filter(connection=name).aggregate(until=Max("read_until"))["until"]
    return naive(newest) if newest else None


def silent_since(name: str, connection: Connection, now: datetime) -> datetime | None:
    """Since when a connection has been silent for longer than it should; None if it has not."""
    until = read_until(name)
    return until if until is not None and now - until > connection.fresh_for else None


def loads_until(loads: Iterable[str]) -> dict[str, datetime]:
    """Of loads made by connections: up to when the tool was read with each."""
    rows = Delivery.objects.filter(load_id__in=list(loads)).values("load_id").annotate(at=Max("read_until"))
    return {row["load_id"]: naive(row["at"]) for row in rows if row["at"]}


def _standing(workspace: Path, name: str, connection: Connection, now: datetime) -> Standing:
    known = Delivery.objects.filter(connection=name)
    failed = known.filter(state=State.FAILED)
    first = failed.order_by("-seen_at").first()
    return Standing(
        name=name,
        folder=workspace / connection.folder,
        mapping=connection.mapping,
        until=read_until(name),
        silent=silent_since(name, connection, now) is not None,
        waiting=known.filter(state__in=[State.SEEN, State.LOADING]).count(),
        loaded=known.filter(state=State.LOADED).count(),
        failed=failed.count(),
        error=first.error if first else "",
    )
