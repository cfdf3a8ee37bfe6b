"""The notes on a lead, on its page."""

from __future__ import annotations

from typing import Any

from django import template

from accord.desk.leads.models import LeadNote
from accord.desk.leads.notes import LONGEST, records_of
from accord.desk.reading import reading_of
from accord.desk.rights import Right

register = template.Library()


@register.inclusion_tag("leads/notes.html", takes_context=True)
def notes_of(context: template.Context, name: str) -> dict[str, Any]:
    """The notes of whoever has the name, newest first; none for whoever may not see who it is."""
    request = context["request"]
    reading = reading_of(request)
    may = reading.may(Right.PERSONAL)
    records = records_of(reading, name) if may else []
    found = LeadNote.objects.filter(record__in=records).select_related("by").order_by("-at", "-pk")
    return {
        "request": request,
        "name": name,
        "notes": list(found),
        "may_write": bool(records),
        "longest": LONGEST,
        "zone": reading.agreement.calendar.zone,
        "csrf_token": context.get("csrf_token"),
    }
