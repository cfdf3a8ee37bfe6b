"""One thing that happened and whom it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.desk.notify.models import Kind
    from accord.desk.teams.models import Team, User


@dataclass(frozen=True)
class News:
    """Something that happened; `key` names it for ever, `at` (aware UTC) is when it is told.

    `to`: who is told themselves; the shared destinations of its `team` hear of it as they chose. Of a lead,
    `about` names the person, `thread` what belongs together, `path` the page to open. `buttons`, a word and a
    path each, are put as signed links into what goes to people, and never into what many read; a chat that
    says who presses gets the paths.
    """

    kind: Kind
    key: str
    to: tuple[User, ...]
    at: datetime
    title: str
    lines: tuple[str, ...] = ()
    path: str = ""
    thread: str = ""
    about: str = ""
    team: Team | None = None
    buttons: tuple[tuple[str, str], ...] = ()
