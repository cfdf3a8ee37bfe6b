"""How often somebody may try a password: ten wrong ones for an account or from an address, then a pause."""

from __future__ import annotations

from django.core.cache import cache

ALLOWED = 10
PAUSE_SECONDS = 15 * 60


def blocked(*names: str) -> bool:
    """Whether any of the names (an account, an address) has used up its tries."""
    return any((cache.get(_key(name)) or 0) >= ALLOWED for name in names)


def failed(*names: str) -> None:
    """Count one wrong try for each name."""
    for name in names:
        cache.add(_key(name), 0, PAUSE_SECONDS)
        cache.incr(_key(name))


def succeeded(*names: str) -> None:
    """Forget the tries of the names."""
    cache.delete_many([_key(name) for name in names])


def _key(name: str) -> str:
    from hashlib import sha256

    return f"sign-in:{sha256(name.encode()).hexdigest()}"
