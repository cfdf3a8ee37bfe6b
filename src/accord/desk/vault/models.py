"""The secrets, encrypted."""

from __future__ import annotations

from django.db import models


class Secret(models.Model):
    """One secret by its name (`slack:token`); `sealed` is worth nothing without the workspace's key."""

    name = models.CharField(max_length=100, unique=True)
    sealed = models.TextField()
    at = models.DateTimeField(auto_now=True)
