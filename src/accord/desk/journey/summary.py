"""The journey in a sentence: where most leads leave, and what changed most against the period before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from accord.insight.exceptions.parts import Part, count, sentence, share, together

FEWEST = 20
"""A stage that fewer leads entered says nothing about conversion."""


def summary(stages: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]]) -> list[Part]:
    """The page's sentence, in parts; empty without news. `before`: the funnel of the period before."""
    return together(_greatest_loss(stages), _greatest_change(stages, before))


def _greatest_loss(stages: Sequence[dict[str, Any]]) -> list[Part]:
    leaving = [stage for stage in stages if stage["dropped"]]
    if not leaving:
        return []
    most = max(leaving, key=lambda stage: stage["dropped"])
    return sentence(
        _("Most leads are lost after {stage}: {dropped} of {entered} ended there, {going} went on."),
        stage=most["label"],
        dropped=count(most["dropped"]),
        entered=count(most["entered"], {"kpi": most["kpi"]}),
        going=share(most["conversion"]),
    )


def _greatest_change(stages: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]]) -> list[Part]:
    was = {row["stage"]: row for row in before if row["conversion"] is not None and row["entered"] >= FEWEST}
    changes = [
        (stage["conversion"] - was[stage["stage"]]["conversion"], stage, following)
        for stage, following in pairwise(stages)
        if stage["stage"] in was and stage["conversion"] is not None and stage["entered"] >= FEWEST
    ]
    if not changes:
        return []
    change, stage, following = max(changes, key=lambda each: abs(each[0]))
    template = (
        _("From {stage} to {following} more go on than in the period before: {now}, after {then}.")
        if change > 0
        else _("From {stage} to {following} fewer go on than in the period before: {now}, after {then}.")
    )
    return sentence(
        template,
        stage=stage["label"],
        following=following["label"],
        now=share(stage["conversion"]),
        then=share(was[stage["stage"]]["conversion"]),
    )
