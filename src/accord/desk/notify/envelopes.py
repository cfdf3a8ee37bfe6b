"""What is written on an envelope: the messages of one parcel, with the names that only a build knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.conf import settings

from accord.desk.notify.channels.protocol import Envelope, Said
from accord.desk.notify.links import signed
from accord.desk.reading import settings_of
from accord.ledger.builds import NoBuild
from accord.workspace import Workspace

if TYPE_CHECKING:
    from accord.desk.notify.models import Message

_NAMED = """
SELECT actors.actor, max(listed.name) AS name, max(listed.company) AS company
FROM actors JOIN lead_list AS listed ON actors.person = listed.person
WHERE actors.actor IN (SELECT unnest(?)) GROUP BY actors.actor
"""


def lead_names(people: Iterable[str]) -> dict[str, str]:
    """What the published build calls people: name and company; those without either are left out."""
    wanted = sorted({person for person in people if person})
    if not wanted:
        return {}
    workspace = Workspace(settings.WORKSPACE)
    try:
        engine = workspace.builds.current().reader(workspace.settings.memory)
    except NoBuild:
        return {}
    rows = engine.query(_NAMED, [wanted]).to_pylist()
    return {row["actor"]: name for row in rows if (name := _name(row["name"], row["company"]))}


def envelope(messages: Sequence[Message], names: Mapping[str, str]) -> Envelope:
    """The messages of one parcel, oldest first, as they are read."""
    first = messages[0]
    thread = first.thread if len(messages) == 1 else ""
    return Envelope(str(first.parcel), thread, tuple(said(one, names) for one in messages), first.tries > 1)


def said(message: Message, names: Mapping[str, str]) -> Said:
    """A message with its lead's name."""
    title, *lines = message.words(names.get(message.about, ""))
    site = settings_of(settings.WORKSPACE).address.rstrip("/")
    reader = message.to.user_id
    buttons = [(word, site + signed(path, reader)) for word, path in message.buttons] if reader else []
    url = f"{site}{message.path}" if message.path else ""
    answers = tuple((word, path) for word, path in message.buttons)
    return Said(message.kind, title, tuple(lines), url, tuple(buttons), answers)


def _name(name: str | None, company: str | None) -> str:
    return f"{name} ({company})" if name and company else name or company or ""
