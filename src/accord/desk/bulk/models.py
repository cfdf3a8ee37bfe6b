"""What was done to many leads at once, so that it can be undone. Moments are aware UTC."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accord.desk.handoff.models import Handoff, Hold, Verdict


class Bulk(models.Model):
    """One change of many leads by somebody; `undone_at` once it was taken back."""

    class Action(models.TextChoices):
        ASSIGN = "assign", _("Give to somebody")
        RETURN = "returned", _("Back to marketing, with a reason")
        RECYCLE = "recycled", _("Not now: nurture, and bring them back")
        PAUSE = "pause", _("Let the clocks rest")

    action = models.CharField(max_length=8, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class BulkItem(models.Model):
    """One lead of it: how its handoff stood before and after, or `why` it was left as it was."""

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="items")
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    verdict = models.ForeignKey(Verdict, null=True, on_delete=models.SET_NULL, related_name="+")
    hold = models.ForeignKey(Hold, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
