"""The views of the leads list that are always there, each with how many leads it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _

from accord.desk.leads.address import query_of

if TYPE_CHECKING:
    from accord.desk.leads.address import Asked
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters


class Ready(NamedTuple):
    """A view that is always there."""

    name: str
    label: Any
    address: str


READY = (
    Ready("all", _("All"), ""),
    Ready("open", _("Hottest open"), "status=open&sort=-score"),
    Ready(
        "never_contacted",
        _("Qualified, never contacted"),
        "status=open&flag=never_contacted&sort=qualified_at",
    ),
    Ready("overdue", _("Past the promised contact"), "flag=overdue&sort=qualified_at"),
    Ready("worked_by_two", _("Worked by two"), "status=open&flag=worked_by_two"),
    Ready("missing", _("One fact short"), "status=open&flag=missing&sort=-score"),
    Ready("returned", _("Returned"), "verdict=returned&sort=-verdict_at"),
)


def ready_views(reading: Reading, filters: Filters, asked: Asked) -> list[dict[str, Any]]:
    """The views with `leads`, the number of leads in them, and whether one is `here`."""
    views = {view.name: query_of(parse_qsl(view.address), filters.period) for view in READY}
    numbers = reading.lead_counts({name: view.filters for name, view in views.items()})
    here = asked.address()
    return [
        {
            "name": view.name,
            "label": view.label,
            "address": view.address,
            "leads": numbers[view.name],
            "here": here == views[view.name].address(),
        }
        for view in READY
    ]
