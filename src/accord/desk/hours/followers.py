"""What follows in the same transaction when somebody's working time changes: the clocks that count by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.desk.teams.models import User

Follower = Callable[["User"], None]
FOLLOWERS: list[Follower] = []


def follows_hours(function: Follower) -> Follower:
    """Registers what is done for a person whose hours or absences have changed.

    Clocks read working time and not the other way round, so working time does not know them.
    """
    FOLLOWERS.append(function)
    return function


def follow(user: User) -> None:
    """Let everything follow a change, within its transaction."""
    for follower in FOLLOWERS:
        follower(user)
