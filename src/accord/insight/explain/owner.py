"""The seller to whom somebody or something belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accord.insight.explain.rows import rows_of

if TYPE_CHECKING:
    from accord.ledger.engine import Engine

_OWNER = "SELECT name, email, team FROM owner_names WHERE owner_id = ?"


def owner_of(engine: Engine, owner_id: str | None) -> dict[str, Any] | None:
    """`{name, email, team}` of an owner; None without one, and where who it is may not be known."""
    return next(iter(rows_of(engine, _OWNER, owner_id)), None) if owner_id is not None else None
