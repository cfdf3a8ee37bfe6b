"""Files somebody gave to be loaded, and how far they have come."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models

from accord.desk.jobs.models import Job


def new_slug() -> str:
    """A name for a folder that nobody can guess."""
    return secrets.token_hex(8)


class Upload(models.Model):
    """Files to be loaded together, by one mapping; files and mapping lie in the upload's folder.

    `choices` are those made on the page, null once the mapping is edited as text. `mends` names the load
    whose quarantined rows these are, `load_id` the load these became.
    """

    slug = models.CharField(max_length=16, unique=True, default=new_slug, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    made_at = models.DateTimeField(auto_now_add=True)
    choices = models.JSONField(null=True)
    history = models.BooleanField(default=False)
    mends = models.CharField(max_length=12, blank=True)
    dry_run = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    loading = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    load_id = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def is_busy(self) -> bool:
        """Whether a job of it waits or runs."""
        return any(job is not None and job.is_open for job in (self.dry_run, self.loading))
