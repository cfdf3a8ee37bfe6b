"""Proposed changes of the agreement, signatures, comments, backtests and pilots. Moments are aware UTC."""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accord.desk.handoff.models import Handoff
from accord.desk.jobs.models import Job
from accord.desk.teams.models import Team


class Proposal(models.Model):
    """An agreement as somebody wants it: the whole file (`text`), from which local day on, reviewed until
    when. `words`: its messages file, where that changes, too, in the place of `words_base`.

    `base` is the SHA-256 of the file it was made from: what was agreed on is put in force in its place, and
    in the place of no other. In force at `in_force_at`; `why` says what keeps it from being.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits for signatures")
        SIGNED = "signed", _("Signed by both")
        IN_FORCE = "in_force", _("In force")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    title = models.CharField(max_length=120)
    text = models.TextField()
    words = models.TextField(null=True)
    words_base = models.TextField(blank=True)
    base = models.CharField(max_length=64)
    from_day = models.DateField()
    review_day = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    @property
    def digest(self) -> str:
        """What changes with anything that is signed."""
        signed = [self.text, self.base, self.from_day.isoformat(), str(self.review_day)]
        words = [] if self.words is None else [self.words, self.words_base]
        return sha256("\n".join([*signed, *words]).encode()).hexdigest()


class Signature(models.Model):
    """One team's yes, by somebody who may sign for it, with what they disagree on all the same."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=9, choices=Team.Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    dissent = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "side"], name="signature_one_a_side")
        ]


class Comment(models.Model):
    """What somebody says of a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]


class Trial(models.Model):
    """A backtest of a proposal as it stood (`digest`), beside the agreement then in force.

    `found` is None until it is done.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="trials")
    digest = models.CharField(max_length=64)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    found = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]


class Pilot(models.Model):
    """A proposal tried on new leads, as it stood (`text`): of those that only it would hand over, so many in
    a hundred (`share`) are, chosen at random by `salt`, from `at` until `until`. Looked for at `looked_at`;
    stopped before its end by somebody at `stopped_at`."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="pilots")
    text = models.TextField()
    share = models.PositiveIntegerField()
    salt = models.CharField(max_length=32)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]


class PilotLead(models.Model):
    """A lead that only the proposal would hand over; whether it was `chosen` to be, and its handoff."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="leads")
    person = models.CharField(max_length=300)
    cycle_no = models.PositiveIntegerField()
    decided_at = models.DateTimeField()
    chosen = models.BooleanField()
    handoff = models.ForeignKey(Handoff, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pilot", "person", "cycle_no"], name="pilot_lead_once")
        ]
