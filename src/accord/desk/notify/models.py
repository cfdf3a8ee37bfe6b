"""What people are told, where it goes, and when they want it. Moments are aware UTC."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accord.desk.teams.models import Team


class Kind(models.TextChoices):
    """What a message is about."""

    HOT_LEAD = "hot_lead", _("Somebody asked to be contacted")
    HANDOVER = "handover", _("A lead is handed over")
    AT_RISK = "at_risk", _("A promise is at risk")
    BREACH = "breach", _("A promise is broken")
    WITHDRAWN = "withdrawn", _("A breach is taken back")
    RETURNED = "returned", _("A lead is returned")
    WIN = "win", _("A lead is won")
    WEEKLY_NUMBERS = "weekly_numbers", _("The week’s numbers")
    AGREEMENT = "agreement", _("A change of the agreement")
    OPERATIONS = "operations", _("Accord needs a hand")


class Destination(models.Model):
    """One address on one channel: somebody's own, or one that many read, for the events in `kinds`.

    A shared one hears of its `team`'s leads, without a team of all, and of the week's numbers. A person's
    mail goes to the address they sign in with; then `address` is empty. Where the address itself lets whoever
    has it write, it lies in the vault as `secret`, and `address` is its host and a mark. Somebody who does
    not want to be reached there has taken `wanted` away. Nothing is sent to a disabled one; `why` says what
    it said.
    """

    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="destinations"
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="destinations")
    kinds = models.JSONField(default=list)
    wanted = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "channel"],
                name="destination_own",
                condition=models.Q(user__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["channel", "address"],
                name="destination_shared",
                condition=models.Q(user__isnull=True),
            ),
        ]

    @property
    def goes_to(self) -> str:
        """The address on the channel."""
        return self.address or (self.user.email if self.user else "")

    @property
    def secret(self) -> str:
        """The name of its address in the vault."""
        return f"destination:{self.pk}"

    @property
    def whose(self) -> str:
        """Who reads what goes there, in words."""
        shared_by = self.team.name if self.team else _("all teams")
        return self.user.name if self.user else str(shared_by)


class Thread(models.Model):
    """Where on a shared destination the lines about one lead hang: `at` is the first one's mark there."""

    to = models.ForeignKey(Destination, on_delete=models.CASCADE, related_name="threads")
    thread = models.CharField(max_length=60)
    at = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["to", "thread"], name="thread_once")
        ]


class Heard(models.Model):
    """A signed request of a chat that was taken: one that comes again is refused."""

    signature = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()


class Message(models.Model):
    """One thing told to one destination; `key` names the event, so that nothing is told twice.

    Written in the transaction of what it tells of, sent by the worker from `due_at` on. `about` names the
    person a lead is of: where `title` and `lines` say {lead}, their name is put in when it is sent, and is
    never kept here. What is sent together, as a digest, or again after a failure, bears the same `parcel`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        HELD = "held", _("Held: too many at once")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        WITHDRAWN = "withdrawn", _("Taken back before it was sent")
        DROPPED = "dropped", _("Not to be sent")

    to = models.ForeignKey(Destination, on_delete=models.CASCADE, related_name="messages")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    about = models.CharField(max_length=300, blank=True)
    thread = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    lines = models.JSONField(default=list)
    path = models.CharField(max_length=400, blank=True)
    buttons = models.JSONField(default=list)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    digest = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    confirmed = models.BooleanField(default=False)
    parcel = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["to", "key"], name="message_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="message_due", condition=models.Q(state="waiting")),
            models.Index(fields=["key"], name="message_key"),
            models.Index(fields=["parcel"], name="message_parcel"),
            models.Index(fields=["at"], name="message_at"),
        ]

    def words(self, lead: str = "") -> tuple[str, ...]:
        """Title and lines, each on one line as a subject must be, with the lead's name if it is known."""
        name = lead or str(_("A lead"))
        return tuple(" ".join(text.replace("{lead}", name).split()) for text in (self.title, *self.lines))


class Preference(models.Model):
    """When somebody wants to hear of a kind of event; without a row, as `kinds.unchosen` says."""

    class How(models.TextChoices):
        NOW = "now", _("Now")
        HOURLY = "hourly", _("Once an hour")
        OFF = "off", _("Not at all")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    how = models.CharField(max_length=6, choices=How.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "kind"], name="preference_once")
        ]


class QuietHours(models.Model):
    """The hours of every day, on the clocks of where somebody works, in which nothing reaches them.

    They end on the next day where `ends` is not after `begins`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours"
    )
    begins = models.TimeField()
    ends = models.TimeField()
