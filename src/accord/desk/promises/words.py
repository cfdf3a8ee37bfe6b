"""What applies to a lead in a promise, in words, and how a promise stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

APPLIES = {
    "accepted": _("Delivered: accepted"),
    "deemed": _("Delivered: deemed accepted, the time for an answer had passed"),
    "contested": _("Delivered: its return was contested and not upheld"),
    "passed": _("Delivered"),
    "returned": _("Taken out again: returned"),
    "withdrawn": _("Taken out again: the answer had been in time"),
    "awaiting": _("Waits for an answer"),
    "in_dispute": _("Returned; contested, not decided yet"),
    "never_accepted": _("Returned"),
    "disqualified": _("Disqualified"),
    "recycled": _("Recycled to nurture"),
    "excluded": _("Excluded"),
    "kept": _("Kept"),
    "broken": _("Broken"),
    "at_risk": _("At risk"),
    "running": _("Running"),
    "unconfirmed": _("Due, not confirmed yet"),
    "stopped": _("Ended by a verdict"),
    "carried_over": _("Carried over from before"),
    "untried": _("Rejected without an attempt"),
    "then_won": _("Rejected, then won"),
}

SHORT = {
    "accepted": _("accepted"),
    "deemed": _("deemed accepted"),
    "contested": _("contested and won"),
    "returned": _("taken out by a return"),
    "withdrawn": _("taken out, answered in time"),
    "awaiting": _("awaiting a verdict"),
    "in_dispute": _("in dispute"),
    "never_accepted": _("returned"),
    "excluded": _("excluded"),
    "kept": _("kept"),
    "broken": _("broken"),
    "at_risk": _("at risk"),
    "running": _("running"),
    "unconfirmed": _("not confirmed yet"),
    "stopped": _("ended by a verdict"),
    "carried_over": _("carried over"),
}
"""The tally of a promise, in this order."""

ICONS = {
    "accepted": "circle-check",
    "deemed": "clock",
    "contested": "scale",
    "returned": "corner-up-left",
    "withdrawn": "rotate-ccw",
    "awaiting": "clock",
    "in_dispute": "scale",
    "never_accepted": "corner-up-left",
    "excluded": "circle-dashed",
    "kept": "circle-check",
    "broken": "octagon-x",
    "at_risk": "triangle-alert",
    "running": "clock",
    "unconfirmed": "info",
    "stopped": "corner-up-left",
    "carried_over": "history",
}

STATES = {
    "kept": ("ok", _("Kept")),
    "ok": ("ok", _("On track")),
    "risk": ("risk", _("At risk")),
    "broken": ("bad", _("Broken")),
    "off": ("off", _("Nothing owed")),
}
"""How a promise stands: the badge's state and word."""
