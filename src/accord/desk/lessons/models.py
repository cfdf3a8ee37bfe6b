"""What was learned, look by look. Moments are aware UTC."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.desk.jobs.models import Job


class Look(models.Model):
    """One look at what sales' answers teach. `found` is None until it is done: `lessons`, `backtests` (one of
    each suggestion, or why there is none) and `score`, as `accord learn --format json` has them."""

    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    found = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
