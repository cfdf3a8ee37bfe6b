"""How a handoff stands, kept as plain data, and put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accord.desk.handoff.models import Clock, Handoff

FIELDS = ("state", "state_at", "again_at", "owner_id", "covers_id", "returns_at")
CLOCK_FIELDS = ("state", "met_at", "ended_at", "unconfirmed")


def standing(handoff: Handoff) -> dict[str, Any]:
    """State, owner and clocks of a handoff."""
    clocks = {str(clock.pk): _plain(clock, CLOCK_FIELDS) for clock in handoff.clocks.all()}
    return {**_plain(handoff, FIELDS), "clocks": clocks}


def is_as(handoff: Handoff, left: dict[str, Any]) -> bool:
    """Whether nobody has changed a handoff since it was left so; its clocks go on by themselves."""
    return _plain(handoff, FIELDS) == {name: left[name] for name in FIELDS}


def put_back(handoff: Handoff, before: dict[str, Any]) -> None:
    """Let a handoff and its clocks stand as they did, within a transaction."""
    Handoff.objects.filter(pk=handoff.pk).update(**_moments(before, FIELDS))
    for pk, clock in before["clocks"].items():
        Clock.objects.filter(pk=pk).update(**_moments(clock, CLOCK_FIELDS))
    handoff.refresh_from_db()


def _plain(row: Handoff | Clock, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in values.items()}


def _moments(kept: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The kept values as the database takes them."""
    return {
        name: datetime.fromisoformat(kept[name]) if name.endswith("_at") and kept[name] else kept[name]
        for name in names
    }
