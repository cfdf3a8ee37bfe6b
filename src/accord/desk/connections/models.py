"""What lay in the folders of the connections, and what became of it. Moments are aware UTC."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accord.desk.jobs.models import Job


class Delivery(models.Model):
    """One entry of a connection's folder, a file or a folder of files, as it was last looked at.

    `stamp` changes with what is in it; it is loaded once it has stood still since `seen_at`. `until` is when
    its newest file was written. `read_until` is what that was when it was last loaded: up to then the tool's
    facts are known with it.
    """

    class State(models.TextChoices):
        SEEN = "seen", _("Waits until it is whole")
        LOADING = "loading", _("Under way")
        LOADED = "loaded", _("Loaded")
        FAILED = "failed", _("Failed")

    connection = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    stamp = models.CharField(max_length=80)
    state = models.CharField(max_length=7, choices=State.choices, default=State.SEEN)
    seen_at = models.DateTimeField()
    until = models.DateTimeField()
    read_until = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="deliveries")
    load_id = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["connection", "name"], name="delivery_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["connection", "read_until"], name="delivery_until"),
            models.Index(fields=["load_id"], name="delivery_load"),
        ]
