"""The funnel split by channel, campaign, segment or month: one line for each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

MOST = 40
"""How many lines the page shows; the file has all."""


@dataclass(frozen=True)
class Split:
    """One value of the split, `name` for people, with the funnel's rows of its leads."""

    value: str | None
    name: str
    stages: list[dict[str, Any]]


def splits(rows: Sequence[dict[str, Any]], by: str, names: Mapping[str, str]) -> list[Split]:
    """The lines: months in order, all else with the most leads first. `names` are the values' for people."""
    found = [
        Split(value, names.get(value, value) if value else _("not known"), list(stages))
        for value, stages in groupby(rows, key=lambda row: row[by])
    ]
    if by == "month":
        return found
    return sorted(found, key=lambda split: -sum(stage["entered"] for stage in split.stages))
