"""Facts that people made, waiting to be appended to the ledger."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class OutboxFact(models.Model):
    """One fact: written in the transaction of the action that made it, appended to the ledger by the worker.

    `key` is the fact's id at its source, so that appending it twice adds nothing. `row` holds the fact
    table's own columns. Not appended before `not_before`, so long it can be taken out again. Kept for 90 days
    after it was appended.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    table = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    row = models.JSONField()
    not_before = models.DateTimeField(null=True)
    appended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(appended_at__isnull=True))
        ]


class LedgerHead(models.Model):
    """How the desk left a fact table of the ledger: its newest commit."""

    table = models.CharField(max_length=40, primary_key=True)
    head = models.CharField(max_length=60)
