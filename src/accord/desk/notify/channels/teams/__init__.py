"""Microsoft Teams: Adaptive Cards by a webhook of its Workflows. A card tells; it is answered in Accord."""

from __future__ import annotations

from django.conf import settings

from accord.desk.notify.channels.protocol import Envelope, Permanent, Transient, not_now
from accord.desk.notify.channels.teams.card import posted
from accord.desk.notify.models import Destination
from accord.desk.reading import settings_of
from accord.desk.vault.secrets import taken_out
from accord.outgoing import Answer, FailedCallError, RefusedCallError, call

WAITED_FOR = (408, 425, 429)


def send(envelope: Envelope, to: Destination) -> None:
    """Post an envelope as one card. Raises Transient or Permanent."""
    address = taken_out(to.secret)
    if address is None:
        raise Permanent("Its webhook is not known any more.", mend="Add the channel again.")
    try:
        answer = call("POST", address, json=posted(envelope), reach=settings_of(settings.WORKSPACE).reach)
    except FailedCallError as error:
        raise Transient(str(error)) from error
    except RefusedCallError as error:
        raise Permanent(str(error)) from error
    _check(answer)


def _check(answer: Answer) -> None:
    if answer.status < 300 and b"delivery failed" not in answer.body:
        return
    if 400 <= answer.status < 500 and answer.status not in WAITED_FOR:
        raise Permanent(f"Teams answers {answer.status}.", mend="Make a new webhook and give its address.")
    raise not_now(f"Teams answers {answer.status}.", answer.headers.get("retry-after", ""))
