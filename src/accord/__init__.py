"""Accord: the working agreement between a sales team and a marketing team, as software."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    import pyarrow as pa

    from accord.workspace import Workspace


def open(folder: Path | str = ".") -> Workspace:
    """The workspace in `folder`, for use in a notebook. Raises accord.workspace.NoWorkspace."""
    from accord.workspace import Workspace

    return Workspace(folder)


def attribute(
    journeys: Any, model: str = "markov", order: int | Sequence[int] = 1, **options: Any
) -> pa.Table:
    """The credit of each channel, from data; see `accord.insight.attribution.data_driven.attribute`."""
    from accord.insight.attribution import data_driven

    return data_driven.attribute(journeys, model, order, **options)
