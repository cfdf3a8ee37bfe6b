"""A lead handed over: who has it, the clocks that run on it, what sales said of it. Moments are aware UTC."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accord.agreement.agreement import title_of
from accord.desk.teams.models import Team

STAGE = "stage:"
"""How the promise of a stage's clock begins."""


class Handoff(models.Model):
    """One lead (a person's record, in a cycle) handed over at a stage; there is never a second one of these.

    `retry_at` here and below: something about it failed in a sweep, and it is not looked at again before.
    `owner` is None while it lies in the team's pool. While somebody covers for an absent owner, `covers` is
    that owner, to whom it returns at `returns_at`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")
        DISQUALIFIED = "disqualified", _("Disqualified")
        RECYCLED = "recycled", _("Recycled")
        CLOSED = "closed", _("Closed")

    class Origin(models.TextChoices):
        DECIDED = "decided", _("Qualified by the agreement")
        ADOPTED_FRESH = "adopted_fresh", _("Taken over when going live, with a fresh clock")
        ADOPTED_RUNNING = "adopted_running", _("Taken over when going live, as in progress")
        RECOVERED = "recovered", _("Made again after a restore")
        PILOT = "pilot", _("Handed over in a pilot of a proposed agreement")

    OPEN = (State.WAITING, State.ACCEPTED)

    person = models.CharField(max_length=300)
    cycle_no = models.PositiveIntegerField()
    stage = models.CharField(max_length=63)
    decided_at = models.DateTimeField()
    version = models.CharField(max_length=16)
    origin = models.CharField(max_length=15, choices=Origin.choices, default=Origin.DECIDED)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="handoffs")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="handoffs"
    )
    covers = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    returns_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    state_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "cycle_no", "stage"], name="handoff_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "state"]),
            models.Index(
                fields=["returns_at"], name="handoff_returns", condition=models.Q(returns_at__isnull=False)
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether sales still has it in hand."""
        return self.state in self.OPEN


class Assignment(models.Model):
    """Why the lead went to whom: every candidate with the reason for or against (`considered`)."""

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="assignments")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    covers = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    rule = models.CharField(max_length=400)
    considered = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]


class Debt(models.Model):
    """What a team's turns owe to somebody, exactly, as a fraction `numerator/denominator`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="debts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    owed = models.TextField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "user"], name="debt_once")
        ]


class Clock(models.Model):
    """One promise's time on a lead, under the clause in force when it started.

    `promise` is one of Promise, or `stage:NAME` for the time a lead may stay in a stage of kind sla.

    `due_at` is when the time allowed ends (None on hold). `broken_at` is when the promise was broken, which
    is its `due_at`, and `noticed_at` when the worker saw it; a clock goes on counting afterwards, until
    `met_at`. `unconfirmed`: due, but the tools that would show the evidence have not been read past it yet.
    """

    class Promise(models.TextChoices):
        ACCEPT = "accept", _("Answer")
        FIRST_CONTACT = "first_contact", _("First contact")
        FOLLOW_UP = "follow_up", _("Follow-up")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        MET = "met", _("Kept")
        STOPPED = "stopped", _("Stopped")

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="clocks")
    promise = models.CharField(max_length=80)
    within_seconds = models.PositiveIntegerField()
    business = models.BooleanField(default=False)
    evidence = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(null=True)
    version = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    unconfirmed = models.BooleanField(default=False)
    broken_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["handoff", "promise", "started_at"], name="clock_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                name="clock_due",
                condition=models.Q(state="running", noticed_at__isnull=True),
            )
        ]

    def get_promise_display(self) -> str:
        """The promise in words."""
        if self.promise.startswith(STAGE):
            return _("Going on from %(stage)s") % {"stage": title_of(self.promise.removeprefix(STAGE))}
        return str(self.Promise(self.promise).label)

    @property
    def is_broken(self) -> bool:
        """Whether the promise was broken, as far as is known today."""
        return self.broken_at is not None and self.withdrawn_at is None


class Rung(models.Model):
    """One step of the escalation of a clock, at a share of its time; done once."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="rungs")
    percent = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=20)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["percent", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="rung_due", condition=models.Q(done_at__isnull=True))
        ]


class Hold(models.Model):
    """A stretch in which the lead's clocks do not count, with the reason."""

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="holds")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["since"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["handoff"], name="hold_one_open", condition=models.Q(until__isnull=True)
            )
        ]


class Verdict(models.Model):
    """What sales said of the lead, and when: `by` somebody of the desk, or `said_by` a user of a tool.

    `fact` is the key of its fact in the outbox, of what was said at the desk.
    """

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="verdicts")
    verdict = models.CharField(max_length=12)
    reason = models.CharField(max_length=63, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    said_by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    attempted = models.BooleanField(default=True)
    fact = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]


class Contest(models.Model):
    """Marketing contests a return: by `due_at` the sales manager upholds it or gives the lead back.

    `decided_at` is when that was said; a contest that nobody decided lapses at `due_at`, for marketing.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("Waits for the sales manager")
        UPHELD = "upheld", _("Return upheld")
        GIVEN_BACK = "given_back", _("Given back to sales")
        LAPSED = "lapsed", _("Not upheld in time: delivered")

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="contests")
    verdict = models.OneToOneField(Verdict, on_delete=models.CASCADE, related_name="contest")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="contest_due", condition=models.Q(outcome="open"))
        ]


class SettledBuild(models.Model):
    """The build whose decisions, evidence and endings the desk has taken in; one row."""

    build_id = models.CharField(max_length=40)
    settled_at = models.DateTimeField(auto_now=True)
