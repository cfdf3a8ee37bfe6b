"""The second factor: turned on by its owner, asked for after the password, taken away when a phone is lost.

Codes are those of RFC 6238 (TOTP: SHA-1, six digits, half a minute), as authenticator apps show them.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from hashlib import sha256

import pyotp
from django.db import transaction
from django.utils import timezone
from pyotp.utils import strings_equal

from accord.desk.signin.models import SecondFactor
from accord.desk.teams.actions import note
from accord.desk.teams.models import User
from accord.desk.vault.secrets import forget, keep, taken_out
from accord.errors import AccordError

RECOVERY_CODES = 10
LEEWAY = 1
"""A phone's clock may be off by so many half minutes."""


class CodeRefused(AccordError):
    """A code is wrong, used or too late."""

    code = "code_refused"


def is_on(person: User) -> bool:
    """Whether a code is asked for after the person's password."""
    return SecondFactor.objects.filter(user=person, confirmed_at__isnull=False).exists()


@transaction.atomic
def prepare(person: User) -> str:
    """The seed for the person's phone, made anew unless one waits for its first code. Raises CodeRefused."""
    factor, _ = SecondFactor.objects.get_or_create(user=person)
    if factor.confirmed_at:
        raise CodeRefused("The second factor is on already.", mend="Turn it off first.")
    seed = taken_out(factor.secret)
    if seed is None:
        seed = pyotp.random_base32()
        keep(factor.secret, seed)
    return seed


@transaction.atomic
def turn_on(person: User, code: str) -> list[str]:
    """Turn it on with the first code the phone shows; the recovery codes, which nobody can show again.

    Raises CodeRefused, and then changes nothing.
    """
    factor = _locked(person)
    if factor.confirmed_at:
        raise CodeRefused("The second factor is on already.", mend="Turn it off first.")
    factor.last_step = _step(factor, code)
    recovery = [_recovery_code() for _ in range(RECOVERY_CODES)]
    factor.recovery = [_kept(one) for one in recovery]
    factor.confirmed_at = timezone.now()
    factor.save()
    note(person, "second factor on", f"user {person.pk}")
    return recovery


@transaction.atomic
def use(person: User, code: str) -> None:
    """Take a code of the phone, or a recovery code, once. Raises CodeRefused."""
    factor = _locked(person)
    kept = _kept(code)
    if kept in factor.recovery:
        factor.recovery.remove(kept)
        note(person, "recovery code used", f"{len(factor.recovery)} left")
    else:
        factor.last_step = _step(factor, code)
    factor.save()


@transaction.atomic
def turn_off(person: User, *, by: User) -> None:
    """Ask for no code any more."""
    factor = SecondFactor.objects.filter(user=person).first()
    if factor is None:
        return
    forget(factor.secret)
    factor.delete()
    note(by, "second factor off", f"user {person.pk}")


def _locked(person: User) -> SecondFactor:
    factor = SecondFactor.objects.select_for_update().filter(user=person).first()
    if factor is None:
        raise CodeRefused("The second factor was turned off.", mend="Sign in again.")
    return factor


def _step(factor: SecondFactor, code: str) -> int:
    """The half minute whose code this is, later than that of the last one taken. Raises CodeRefused."""
    totp = pyotp.TOTP(taken_out(factor.secret) or "")
    now = totp.timecode(timezone.now())
    given = "".join(code.split())
    for step in range(now - LEEWAY, now + LEEWAY + 1):
        if step > factor.last_step and strings_equal(totp.generate_otp(step), given):
            return step
    raise CodeRefused(
        "This code is wrong, or was used already.", mend="Wait for the next one, and check the phone’s clock."
    )


def _recovery_code() -> str:
    text = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def _kept(code: str) -> str:
    """What is kept of a recovery code: its 80 bits are too many to guess back."""
    letters = "".join(code.lower().replace("-", "").split())
    return sha256(letters.encode()).hexdigest()
