"""A lead's handoffs on its page: clocks with their receipts, the assignment explained, what sales said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from accord import workspace
from accord.desk.handoff.actions.contests import last_return
from accord.desk.handoff.call_story import CallStory, call_stories
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.handoff.people import may_answer, may_contest, may_decide
from accord.desk.handoff.queue import ring_of
from accord.desk.handoff.receipts import receipt
from accord.desk.hours.calendars import naive
from accord.desk.reading import Reading, reading_of
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
    """The handoffs of whoever has the name (`crm:person:17`), newest first; none without personal data."""
    request = context["request"]
    reading, now = reading_of(request), workspace.now()
    names = _names(reading, name) if reading.may(Right.PERSONAL) else []
    calendars, won = Calendars(reading.agreement, now), _won_at(reading, names)
    found = Handoff.objects.filter(person__in=names).select_related("owner", "covers", "team")
    said = ("verdicts__by", "contests__by", "contests__decided_by")
    rows = found.prefetch_related("clocks", "holds", "assignments__owner", *said)
    return {
        "request": request,
        "zone": reading.agreement.calendar.zone,
        "handoffs": [
            {**_shown(row, calendars, reading.user, now), "then_won": rejected_then_won(row, won)}
            for row in rows.order_by("-decided_at")
        ],
    }


@register.inclusion_tag("handoff/before_call.html", takes_context=True)
def call_story_of(context: template.Context, cycle: dict[str, Any]) -> dict[str, Any]:
    """What makes the first call easy, of an open lead, for whoever may see who it is."""
    reading, call = reading_of(context["request"]), CallStory()
    person = context["story"]["person"]["person"]
    if reading.may(Right.PERSONAL) and not cycle["closed_by"]:
        call = call_stories(reading, [{**cycle, "person": person}], workspace.now()).get(person, call)
    return {"call": call, "zone": reading.agreement.calendar.zone}


def _names(reading: Reading, name: str) -> list[str]:
    """All names of the person who has one of them."""
    sql = "SELECT actor FROM actors WHERE person IN (SELECT person FROM actors WHERE actor = ?)"
    return [row["actor"] for row in reading.rows(sql, [name])]


def _won_at(reading: Reading, names: list[str]) -> datetime | None:
    """When somebody bought, the last time; None if they never did."""
    sql = """
        SELECT max(leads.closed_at) AS at FROM leads JOIN actors ON leads.person = actors.person
        WHERE actors.actor IN (SELECT unnest(?)) AND leads.closed_by = 'won'
    """
    at: datetime | None = reading.rows(sql, [names])[0]["at"] if names else None
    return at


def rejected_then_won(handoff: Handoff, won_at: datetime | None) -> bool:
    """Whether the person bought after sales had returned or disqualified the lead."""
    rejected = [v for v in handoff.verdicts.all() if v.verdict in ("returned", "disqualified")]
    return won_at is not None and any(naive(verdict.at) < won_at for verdict in rejected)


def _shown(handoff: Handoff, calendars: Calendars, user: Any, now: Any) -> dict[str, Any]:
    clocks = []
    for clock in handoff.clocks.all():
        running = clock.state == Clock.State.RUNNING
        ring = ring_of(clock, handoff, calendars, now) if running else None
        clock.handoff = handoff
        clocks.append({"clock": clock, "ring": ring, "receipt": receipt(clock, calendars, now)})
    return {
        "handoff": handoff,
        "clocks": clocks,
        "hold": next((hold for hold in handoff.holds.all() if hold.until is None), None),
        "may_answer": handoff.is_open and may_answer(user, handoff),
        "assignments": list(handoff.assignments.all()),
        "verdicts": list(handoff.verdicts.all()),
        "contests": list(handoff.contests.all()),
        "may_contest": may_contest(user) and _is_contestable(handoff),
        "may_decide": may_decide(user, handoff),
    }


def _is_contestable(handoff: Handoff) -> bool:
    returned = last_return(handoff)
    return returned is not None and all(c.verdict_id != returned.pk for c in handoff.contests.all())
