"""Why numbers of sealed reports are others now. The reports themselves are files of the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.desk.jobs.models import Job


class Comparison(models.Model):
    """A sealed report against a build. `found`: as `accord restate` has it, None until its job is done."""

    report = models.CharField(max_length=60)
    build_id = models.CharField(max_length=60)
    found = models.JSONField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "build_id"], name="sealed_once_a_build")
        ]
