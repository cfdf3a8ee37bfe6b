"""The map of the journey: each stage with how many go on, who leaves it and how, and who waits there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accord.desk.shell.funnel import funnel_stages

if TYPE_CHECKING:
    from accord.agreement import Agreement

RETURNED = "returned"


def stage_map(
    agreement: Agreement,
    rows: Sequence[dict[str, Any]],
    leavings: Sequence[dict[str, Any]],
    returned: Sequence[dict[str, Any]],
    waiting: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """The funnel's stages, each with `detours` (`label`, `leads`) and `waiting` (its row, or None)."""
    open_now = {row["stage"]: row for row in waiting}
    stages = funnel_stages(agreement, rows)
    handoff = agreement.handoff.at if agreement.handoff else None
    for stage in stages:
        detours = [
            {"label": detour_word(agreement, row["closed_by"]), "leads": row["leads"]}
            for row in leavings
            if row["stage"] == stage["stage"]
        ]
        if stage["stage"] == handoff and returned:
            total = sum(row["leads"] for row in returned)
            detours.insert(0, {"label": detour_word(agreement, RETURNED), "leads": total})
        stage["detours"] = detours
        stage["waiting"] = open_now.get(stage["stage"]) if stage["conversion"] is not None else None
    return stages


def detour_word(agreement: Agreement, name: str) -> str:
    """What leaving so is called, by the agreement where it has a word."""
    detours = agreement.detours
    own = {"recycled": detours.recycled.label, "disqualified": detours.disqualified.label}
    words = {
        "recycled": _("recycled"),
        "disqualified": _("disqualified"),
        "lost": _("lost"),
        "won": _("won"),
        RETURNED: _("returned by sales"),
    }
    return own.get(name) or words.get(name, name)
