"""Links by which people set their own password: valid for three days, until one of them has been used."""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accord.desk.teams.models import User


class _Tokens(PasswordResetTokenGenerator):
    """Tokens that stop being valid with the password or sign-in they were made before."""

    key_salt = "accord.desk.teams.invitations"


_tokens = _Tokens()


def link(person: User) -> str:
    """The path of a link for the person. Its age is limited by the setting PASSWORD_RESET_TIMEOUT."""
    key = urlsafe_base64_encode(str(person.pk).encode())
    return reverse("welcome", args=[key, _tokens.make_token(person)])


def invited(person_key: str, token: str) -> User | None:
    """Whom a link was made for; None if it is not valid, or no longer."""
    try:
        person = User.objects.get(pk=int(urlsafe_base64_decode(person_key)), is_active=True)
    except (ValueError, User.DoesNotExist):
        return None
    return person if _tokens.check_token(person, token) else None
