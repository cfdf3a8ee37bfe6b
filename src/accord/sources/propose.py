"""Proposes a mapping for files never seen before, from their headers and first rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from accord.sources.choices import guessed, look
from accord.sources.mapping_text import mapping_text
from accord.sources.text_files import FileError


def propose(paths: Sequence[Path]) -> str:
    """A commented mapping (YAML) for files and folders, which loads them as it stands. Raises FileError."""
    shapes = look(paths)
    choices = guessed(shapes)
    if not any(choice.table for choice in choices.files):
        first = shapes[0].first
        columns = ", ".join(column.name for column in first.fields)
        raise FileError(
            f"What {first.path.name} holds is not recognised; its columns are: {columns}.",
            mend="Write a mapping by hand: docs/how-to/load-files.md.",
        )
    return mapping_text(shapes, choices)
