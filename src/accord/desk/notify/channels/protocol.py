"""What every channel is: a function that sends one envelope to one destination, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.desk.notify.models import Destination


LONGEST = timedelta(hours=1)
"""So long a host may ask to be left alone."""


class Transient(AccordError):
    """It could not be sent now; it is tried again later, not before `wait`."""

    code = "not_sent_now"
    transient = True
    wait = timedelta()


def not_now(why: str, retry_after: str) -> Transient:
    """What a host says that wants to be left alone for a while; `retry_after` is its header of that name."""
    later = Transient(why)
    later.wait = min(timedelta(seconds=int(retry_after)), LONGEST) if retry_after.isdecimal() else timedelta()
    return later


class Permanent(AccordError):
    """This address takes nothing any more: it is disabled until somebody has looked."""

    code = "address_refused"


@dataclass(frozen=True)
class Said:
    """One message as it is read: `url` is the page to open, `buttons` are words with the address of each.

    A button's address lets whoever has it act as the reader: it goes to the reader alone, and into no log.
    `answers` are the same buttons with their paths alone, for a channel that says itself who presses.
    """

    kind: str
    title: str
    lines: tuple[str, ...]
    url: str
    buttons: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Envelope:
    """What is sent at once: one message, or several as a digest.

    `id` stays the same however often it is tried, so that a receiver can tell a repeated one; `again`: it was
    tried before. `thread` is shared by everything about one lead, and empty for a digest.
    """

    id: str
    thread: str
    said: tuple[Said, ...]
    again: bool = False


class Send(Protocol):
    """A channel."""

    def __call__(self, envelope: Envelope, to: Destination) -> None:
        """Send it. Raises Transient, or Permanent for a destination that will never take it."""
