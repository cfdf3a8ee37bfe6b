"""Which leads are to be changed: those in hand that somebody may act on, narrowed as on the page Leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accord.desk.handoff.models import Handoff
from accord.desk.handoff.queue import handoffs_for
from accord.desk.leads.address import NAMES, asked_of
from accord.desk.shell.filters import filters_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accord.desk.reading import Reading

_LEADS = """
SELECT actors.actor, listed.cycle_no, listed.lead
FROM actors JOIN lead_list AS listed ON actors.person = listed.person
WHERE actors.actor IN (SELECT unnest(?))
"""


def selectable(request: HttpRequest, reading: Reading) -> list[Handoff]:
    """The handoffs in hand of somebody's teams (operations: of all) whose leads match the address."""
    handoffs = list(
        handoffs_for(reading.user, whole_team=True)
        .select_related("team", "owner")
        .order_by("team__name", "decided_at", "pk")
    )
    if not any(request.GET.get(name) for name in NAMES):
        return handoffs
    asked = asked_of(request.GET, reading, filters_of(request, reading).period)
    matching = {
        lead
        for batch in reading.all_leads(asked.filters, asked.order)
        for lead in batch.column("lead").to_pylist()
    }
    rows = reading.rows(_LEADS, [[handoff.person for handoff in handoffs]])
    found = {(row["actor"], row["cycle_no"]) for row in rows if row["lead"] in matching}
    return [handoff for handoff in handoffs if (handoff.person, handoff.cycle_no) in found]
