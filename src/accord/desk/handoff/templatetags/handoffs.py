"""What a lead's page and the queue show of handoffs."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from accord import workspace
from accord.desk.handoff.call_story import CallStory, call_stories
from accord.desk.handoff.on_lead import handoffs_on
from accord.desk.reading import reading_of
from accord.desk.rights import Right

register = template.Library()

WORDS = {
    "outside_hours": _("outside hours"),
    "holiday": _("holiday"),
    "away": _("away"),
    "hold": _("on hold"),
    "owns_account": _("owns the account"),
    "turn": _("it was their turn"),
    "covers": _("covers"),
    "not_their_turn": _("not their turn"),
    "inactive": _("no longer here"),
    "full": _("has as many leads as they take"),
    "paused": _("gets no new leads at present"),
    "no_weight": _("takes no turns"),
    "no_account": _("owns the account in the tool, and has no account here"),
}
"""Why time does not count, and why somebody gets a lead or not, in words."""


@register.filter
def why_words(why: str) -> str:
    """A reason of a receipt or an assignment in words."""
    return str(WORDS.get(why, why))


@register.filter
def hours_minutes(seconds: int) -> str:
    """A length of time exactly: 3:32, or 3:32:05 where there are seconds, so that what is shown adds up."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


@register.inclusion_tag("handoff/on_lead.html", takes_context=True)
def handoffs_of(context: template.Context, name: str) -> dict[str, Any]:
    """The handoffs of whoever has the name."""
    request = context["request"]
    return {"request": request, **handoffs_on(reading_of(request), name, workspace.now())}


@register.inclusion_tag("handoff/before_call.html", takes_context=True)
def call_story_of(context: template.Context, cycle: dict[str, Any]) -> dict[str, Any]:
    """What makes the first call easy, of an open lead, for whoever may see who it is."""
    reading, call = reading_of(context["request"]), CallStory()
    person = context["story"]["person"]["person"]
    if reading.may(Right.PERSONAL) and not cycle["closed_by"]:
        call = call_stories(reading, [{**cycle, "person": person}], workspace.now()).get(person, call)
    return {"call": call, "zone": reading.agreement.calendar.zone}
