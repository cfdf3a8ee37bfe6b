"""A commented agreement that a company can begin with."""

from __future__ import annotations

from importlib.resources import files

NAMES = ("agreement.yaml", "messages.yaml")


def starter_files() -> dict[str, str]:
    """The starter's files by name: the agreement and its messages."""
    folder = files(__name__)
    return {name: (folder / name).read_text(encoding="utf-8") for name in NAMES}
