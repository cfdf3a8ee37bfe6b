"""Links in messages by which their reader acts without signing in: signed, for one person and one address."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from accord.errors import AccordError

VALID = timedelta(days=7)
SALT = "accord.link-in-message"
PARAMETER = "by"


class LinkRefused(AccordError):
    """A link is forged, too old, for another person or address, or what it was for is over."""

    code = "link_refused"


def signed(path: str, person: int) -> str:
    """The path with a token that lets one person, by their key, act there."""
    return f"{path}?{PARAMETER}={signing.dumps([person, path], salt=SALT)}"


def person_of(token: str, path: str) -> int:
    """The key of the person a token lets act at a path. Raises LinkRefused."""
    try:
        person, signed_path = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.SignatureExpired:
        raise LinkRefused("This link is too old.", mend="Sign in and answer there.") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkRefused("This link is not valid.", mend="Open it from the mail again.") from None
    if signed_path != path:
        raise LinkRefused("This link is not valid.", mend="Open it from the mail again.")
    return int(person)
