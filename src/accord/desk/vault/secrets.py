"""Keeping secrets and taking them out again.

Encrypted by Fernet (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec) under a key derived from
the workspace's by HKDF, so that what is encrypted and what is signed never share a key. A secret is sealed
together with its name: a row copied over another opens as nothing.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from accord.desk.key import VARIABLE, keys_of
from accord.desk.vault.models import Secret
from accord.errors import AccordError


class SealedShut(AccordError):
    """A secret cannot be read or kept with the keys in use."""

    code = "sealed_shut"


def keep(name: str, value: str) -> None:
    """Keep a secret under a name, in place of what was there. Raises SealedShut without a key."""
    Secret.objects.update_or_create(name=name, defaults={"sealed": _seal(_box(), name, value)})


def taken_out(name: str) -> str | None:
    """The secret of that name, None if there is none. Raises SealedShut if no key in use opens it."""
    secret = Secret.objects.filter(name=name).first()
    return _open(_box(), secret) if secret else None


def forget(name: str) -> None:
    """Forget the secret of that name."""
    Secret.objects.filter(name=name).delete()


@transaction.atomic
def seal_anew() -> int:
    """Encrypt every secret with the newest key; how many. Raises SealedShut, and then changes nothing."""
    box = _box()
    secrets = list(Secret.objects.select_for_update().order_by("pk"))
    for secret in secrets:
        secret.sealed = _seal(box, secret.name, _open(box, secret))
        secret.save()
    return len(secrets)


def _seal(box: MultiFernet, name: str, value: str) -> str:
    return box.encrypt(json.dumps([name, value]).encode()).decode()


def _open(box: MultiFernet, secret: Secret) -> str:
    try:
        name, value = json.loads(box.decrypt(secret.sealed))
    except InvalidToken:
        name = value = ""
    if name != secret.name:
        raise SealedShut(
            f"The secret {secret.name} was not kept with any key in use.",
            mend=f"Put the key it was kept with behind the others in {VARIABLE}, or enter the secret again.",
        )
    return str(value)


def _box() -> MultiFernet:
    """What encrypts with the newest key and opens with every one."""
    keys = keys_of(settings.WORKSPACE)
    if not keys:
        raise SealedShut("The workspace has no key.", mend="Run `accord serve` once; it makes one.")
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accord.vault")
    return urlsafe_b64encode(derive.derive(key.encode()))
