"""The workspace's keys: what signs sessions and links, and what the vault's secrets are encrypted with.

There may be several, one a line, the newest first: that one signs and encrypts, the others still read what
was signed or encrypted with them.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

VARIABLE = "ACCORD_KEY"
FILE = ".key"


def keys_of(workspace: Path) -> tuple[str, ...]:
    """The keys from the environment, else from the workspace's folder, newest first; none if none is made."""
    if given := os.environ.get(VARIABLE):
        return tuple(given.split())
    file = workspace / FILE
    return tuple(file.read_text(encoding="ascii").split()) if file.is_file() else ()


def ensure_key(workspace: Path) -> None:
    """Make a key readable by its owner alone, if the workspace has none."""
    if not keys_of(workspace):
        _write(workspace / FILE, [secrets.token_urlsafe(48)])


def add_key(workspace: Path) -> None:
    """Put a new key before those in the workspace's folder."""
    _replace(workspace / FILE, [secrets.token_urlsafe(48), *keys_of(workspace)])


def forget_old_keys(workspace: Path) -> None:
    """Keep only the newest key in the workspace's folder."""
    _replace(workspace / FILE, list(keys_of(workspace)[:1]))


def lies_in_folder(workspace: Path) -> bool:
    """Whether the key in use is one that was generated into the workspace's folder."""
    return VARIABLE not in os.environ and (workspace / FILE).is_file()


def _replace(file: Path, keys: list[str]) -> None:
    """Write the keys so that a reader finds the old file or the new one, never half of it."""
    scratch = file.with_name(f"{FILE}.{os.getpid()}")
    _write(scratch, keys)
    scratch.replace(file)


def _write(file: Path, keys: list[str]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write("\n".join(keys) + "\n")
