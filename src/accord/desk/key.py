"""The workspace's key: what signs sessions and links, and what secrets are encrypted with."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

VARIABLE = "ACCORD_KEY"
FILE = ".key"


def key_of(workspace: Path) -> str | None:
    """The key from the environment, else from the workspace's folder; None if there is none yet."""
    if given := os.environ.get(VARIABLE):
        return given
    file = workspace / FILE
    return file.read_text(encoding="ascii").strip() if file.is_file() else None


def ensure_key(workspace: Path) -> None:
    """Make a key readable by its owner alone, if the workspace has none."""
    if key_of(workspace) is None:
        descriptor = os.open(workspace / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))


def lies_in_folder(workspace: Path) -> bool:
    """Whether the key in use is one that was generated into the workspace's folder."""
    return VARIABLE not in os.environ and (workspace / FILE).is_file()
