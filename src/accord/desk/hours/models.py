"""When somebody works and how many leads they take; without a row, the agreement's calendar and one turn."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class WorkingTime(models.Model):
    """One person's own working time and share of the leads.

    `hours` as in an agreement's calendar (`{"mon-fri": "09:00-12:00, 13:00-17:30"}`); what is empty is the
    agreement's. `capacity`: leads taken in a week, or any number. `paused_since`: gets no new leads.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_time"
    )
    zone = models.CharField(max_length=60, blank=True)
    hours = models.JSONField(default=dict, blank=True)
    holidays = models.JSONField(default=list, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    paused_since = models.DateTimeField(null=True, blank=True)


class FormerHours(models.Model):
    """Hours that somebody had until a moment: what was counted by them stays so."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_hours")
    until = models.DateTimeField()
    zone = models.CharField(max_length=60, blank=True)
    hours = models.JSONField(default=dict, blank=True)
    holidays = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["until", "id"]


class CompanyCalendar(models.Model):
    """A calendar that an agreement has, or had until a moment; `followed` once running clocks count by it."""

    calendar = models.JSONField()
    until = models.DateTimeField(null=True)
    followed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                models.Value(1), name="calendar_one_in_force", condition=models.Q(until__isnull=True)
            )
        ]


class Absence(models.Model):
    """One person is away from `since` until `until`; parts of days are possible.

    `uid` names it in the calendar it was read from; one noted by hand has none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    since = models.DateTimeField()
    until = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    uid = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["since"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "uid"], name="absence_of_calendar_once", condition=~models.Q(uid="")
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="absence_has_length"
            ),
        ]


class CalendarFeed(models.Model):
    """The address of somebody's calendar, from which their absences are read; it lies in the vault.

    `host` is what is shown of it. `due_at`: when it is read next. `error` says why it could not be read last.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    host = models.CharField(max_length=255)
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["due_at"], name="feed_due")]

    @property
    def secret(self) -> str:
        """The name of its address in the vault."""
        return f"calendar:{self.user_id}"
