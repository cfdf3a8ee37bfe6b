"""Accord: the working agreement between a sales team and a marketing team, as software."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from accord.workspace import Workspace


def open(folder: Path | str = ".") -> Workspace:
    """The workspace in `folder`, for use in a notebook. Raises accord.workspace.NoWorkspace."""
    from accord.workspace import Workspace

    return Workspace(folder)
