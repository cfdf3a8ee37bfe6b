"""The filters that are set, in words, each with the address that takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.desk.leads.address import NONE

if TYPE_CHECKING:
    from accord.desk.leads.address import Asked
    from accord.desk.shell.filters import Filters

FLAG_WORDS = {
    "never_contacted": gettext_lazy("Never contacted"),
    "overdue": gettext_lazy("Past the promised contact"),
    "worked_by_two": gettext_lazy("Worked by two"),
    "missing": gettext_lazy("One fact short"),
}
MOMENT_WORDS = {
    "opened": gettext_lazy("Opened"),
    "qualified": gettext_lazy("Qualified"),
    "staged": gettext_lazy("Entered its stage"),
}
STATUS_WORDS = {"open": gettext_lazy("Open"), "closed": gettext_lazy("Closed")}
VERDICT_WORDS = {
    "accepted": gettext_lazy("Accepted"),
    "returned": gettext_lazy("Returned"),
    "qualified": gettext_lazy("Qualified"),
    "disqualified": gettext_lazy("Disqualified"),
    "recycled": gettext_lazy("Recycled"),
}
FIELD_WORDS = {
    "q": gettext_lazy("Name"),
    "stage": gettext_lazy("Stage"),
    "channel": gettext_lazy("Channel"),
    "segment": gettext_lazy("Segment"),
    "campaign": gettext_lazy("Campaign"),
    "owner": gettext_lazy("Owner"),
    "verdict": gettext_lazy("Verdict"),
    "score": gettext_lazy("Score from"),
}
SPAN = ("by", "period", "from", "to")


def chips(asked: Asked, filters: Filters, called: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """One chip a filter: its `words`, and the `address` without it; `called` are words by name and value."""
    made = []
    for name, value in asked.given:
        if name in ("sort", "page", *SPAN):
            continue
        if name == "flag":
            words = FLAG_WORDS.get(value, value)
        elif name == "status":
            words = STATUS_WORDS.get(value, value)
        else:
            words = f"{FIELD_WORDS[name]}: {_in_words(name, value, called)}"
        made.append({"words": words, "address": asked.without((name, value))})
    span = [pair for pair in asked.given if pair[0] in SPAN]
    if {name for name, _value in span} - {"by"}:
        moment = MOMENT_WORDS.get(dict(span).get("by", ""), MOMENT_WORDS["opened"])
        made.append({"words": f"{moment}: {filters.title}", "address": asked.without(*span)})
    return made


def _in_words(name: str, value: str, called: dict[str, dict[str, str]]) -> Any:
    if value == NONE:
        return _("none")
    return (VERDICT_WORDS if name == "verdict" else called.get(name, {})).get(value, value)
