"""How somebody shows who they are, and the tries that were wrong."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class SecondFactor(models.Model):
    """A one-time code that somebody's phone shows beside their password; its seed lies in the vault.

    It counts from `confirmed_at` on. `last_step` is the half minute of the last code that was taken: no code
    is taken twice. `recovery` holds the SHA-256 of the codes that each replace the phone once.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor"
    )
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    recovery = models.JSONField(default=list)

    @property
    def secret(self) -> str:
        """The name of its seed in the vault."""
        return f"second-factor:{self.user_id}"


class Identity(models.Model):
    """An account of an identity provider that somebody signs in with; `subject` is its lasting name there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_one_a_person"),
        ]


class Try(models.Model):
    """A try to sign in that was not right, of an `account` or from an `address`; `name` is a keyed hash."""

    kind = models.CharField(max_length=7)
    name = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "name", "at"], name="try_name"),
            models.Index(fields=["at"], name="try_at"),
        ]
