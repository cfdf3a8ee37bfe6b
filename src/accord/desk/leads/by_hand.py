"""A lead somebody met: its person and what happened become facts, and the agreement judges them like any."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accord.desk.hours.calendars import aware
from accord.desk.jobs.actions import enqueue
from accord.desk.outbox.actions import put
from accord.desk.teams.actions import note
from accord.desk.teams.models import User
from accord.errors import AccordError

LONGEST = 300
WAIT = timedelta(seconds=5)


class LeadRefused(AccordError):
    """A lead cannot be added as given."""

    code = "lead_refused"


@dataclass(frozen=True)
class Met:
    """Who was met and how, as typed: `kind` a kind of touch, `what` its form, event or page."""

    email: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    job_title: str = ""
    phone: str = ""
    kind: str = "event"
    what: str = ""


KINDS = ("event", "call", "chat", "form_submit", "email_reply", "webinar", "content_download")
"""How somebody may have been met. The agreement's rules see the same kinds in what tools send."""


@transaction.atomic
def add_lead(met: Met, at: datetime, now: datetime, *, owner: str | None, by: User) -> str:
    """Put the facts of a person and of what happened `at` (naive UTC) into the outbox, and ask for a build.

    `owner`: the name of the person's owner, if they have one. Returns the record's name. Raises LeadRefused,
    and then changes nothing.
    """
    email = _email(met.email)
    if met.kind not in KINDS:
        raise LeadRefused(
            "This is no way to have met.", mend=f"Choose from {', '.join(KINDS)}.", field="kind"
        )
    if at > now:
        raise LeadRefused("This day is still to come.", mend="Give the day you met.", field="day")
    if not (met.last_name.strip() or met.first_name.strip()):
        raise LeadRefused("A person needs a name.", mend="Write how others call them.", field="last_name")
    key = uuid.uuid4()
    actor = f"accord:person:{key}"
    texts: dict[str, Any] = {
        name: _text(met, name) for name in ("first_name", "last_name", "company", "job_title", "phone")
    }
    put(
        "people", aware(at), key=key, actor=actor, email=email, owner_id=owner, lead_source="by hand", **texts
    )
    put("touches", aware(at), actor=actor, kind=met.kind, **_what(met))
    note(by, "lead added by hand", actor)
    # The worker hands facts over every few seconds; the build shall see them.
    enqueue("build", by=by, at=timezone.now() + WAIT)
    return actor


def _email(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise LeadRefused(
            "This is no e-mail address.", mend="Correct it: people are known by it.", field="email"
        ) from None
    return email


def _text(met: Met, name: str) -> str | None:
    text = " ".join(getattr(met, name).split())
    if len(text) > LONGEST:
        raise LeadRefused(f"This is longer than {LONGEST} letters.", mend="Shorten it.", field=name)
    return text or None


def _what(met: Met) -> dict[str, Any]:
    """What it was, where the rules look for it: the form of a form, of all else the piece."""
    return {"form" if met.kind == "form_submit" else "asset": _text(met, "what")}
