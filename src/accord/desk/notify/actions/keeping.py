"""What operations do about messages that were held or failed, and about addresses that took nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accord.desk.notify.models import Destination, Message
from accord.desk.teams.actions import note
from accord.desk.teams.models import User
from accord.errors import AccordError

State = Message.State


class NothingToDo(AccordError):
    """What was asked for has been done already, or cannot be."""

    code = "nothing_to_do"


@transaction.atomic
def release(*, by: User) -> int:
    """Let the held messages go; how many."""
    released = Message.objects.filter(state=State.HELD).update(state=State.WAITING, confirmed=True)
    note(by, "held messages sent", f"{released} messages")
    return released


@transaction.atomic
def drop(*, by: User) -> int:
    """Never send the held messages; how many."""
    dropped = Message.objects.filter(state=State.HELD).update(state=State.DROPPED)
    note(by, "held messages dropped", f"{dropped} messages")
    return dropped


@transaction.atomic
def again(message: Message, now: datetime, *, by: User) -> None:
    """Send a failed message, and all that was to go with it, once more. Raises NothingToDo."""
    if message.to.disabled_at is not None:
        raise NothingToDo("Its address is disabled.", mend="Enable the address first.")
    failed = Message.objects.filter(parcel=message.parcel, to=message.to, state=State.FAILED)
    alone = failed if message.parcel else failed.filter(pk=message.pk)
    if not alone.update(state=State.WAITING, due_at=now, confirmed=True, why=""):
        raise NothingToDo("It has not failed, or is being tried again.", mend="Load the page again.")
    note(by, "message tried again", f"message {message.pk}")


@transaction.atomic
def enable(to: Destination, *, by: User) -> None:
    """Send to an address again. Raises NothingToDo if it is in use."""
    if not Destination.objects.filter(pk=to.pk, disabled_at__isnull=False).update(disabled_at=None, why=""):
        raise NothingToDo("It is in use.", mend="Load the page again.")
    note(by, "address enabled", f"destination {to.pk}")
