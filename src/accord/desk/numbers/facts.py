"""The facts behind a number as tables: what they are called, and where leads among them can be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accord.desk.shell.words import segment_words

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters
    from accord.insight.metrics import Kpi
    from accord.insight.metrics.behind import Facts

SHOWN = 50
"""How many facts of a measure the page lists; the file has all."""

WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "leads.opened": _("Leads opened in the period"),
        "leads.became_customers": _("Those that have become customers since"),
        "contacts.qualified": _("Leads qualified in the period"),
        "contacts.contacted": _("Those contacted since"),
        "contacts.never_contacted": _("Those never contacted"),
        "deals.opened": _("Deals made in the period"),
        "deals.open_at_end": _("Deals open at the period’s end"),
        "deals.closed": _("Deals closed in the period"),
        "deals.won": _("Deals won in the period"),
        "deals.won_valued": _("Deals won that have a value"),
        "deals.new_customers": _("Deals that made a new customer"),
        "spend.costs": _("Costs of the period"),
        "revenue.bookings": _("Bookings of the period"),
        "revenue.previous_bookings": _("Bookings of the period before"),
        "customers.paying": _("Customers that have paid"),
        "customers.subscribed_at_start": _("Customers subscribed at the period’s start"),
        "customers.kept": _("Those still subscribed at its end"),
        "touches.recorded": _("Marketing touches of the period"),
        "touches.machine": _("Those made by machines"),
    }
)

LISTED = {
    "leads.opened": {"by": "opened"},
    "contacts.qualified": {"by": "qualified"},
    "contacts.never_contacted": {"by": "qualified", "flag": "never_contacted"},
}
"""Facts that the leads list shows too, with the filters that do."""


@dataclass(frozen=True)
class Beneath:
    """One table of facts: its `title`, how many `more` there are than rows, and the leads list with them.

    `cut`: some were left out for being too many.
    """

    title: Any
    facts: Facts
    more: int
    cut: bool
    address: str | None


def beneath(reading: Reading, filters: Filters, kpi: Kpi) -> list[Beneath]:
    """The tables of facts beneath a KPI."""
    labels = {stage["stage"]: stage["label"] for stage in reading.stages}
    segments = segment_words(reading.agreement)
    return [_beneath(found, labels, segments, filters) for found in reading.behind(filters, kpi, SHOWN)]


def _beneath(
    found: Facts, labels: Mapping[str, str], segments: Mapping[str, str], filters: Filters
) -> Beneath:
    for row in found.rows if found.kind == "leads" else ():
        row["key"] = str(row["lead"])
        row["stage_word"] = _("New") if row["stage"] == "new" else labels.get(row["stage"], "")
        row["segment_word"] = segments.get(row["segment"], row["segment"])
    more = found.total - sum(row.get("facts", 1) for row in found.rows)
    words, address = title(found.measure, labels), _address(found.measure, filters)
    return Beneath(words, found, more, len(found.rows) == SHOWN, address)


def title(measure: str, labels: Mapping[str, str]) -> Any:
    """What the facts of a measure are called; `labels` are the stages'."""
    prefix, *stage, flag = measure.split(".")
    if prefix != "stages":
        return WORDS[measure]
    words = (
        _("Those that have gone on since") if flag == "passed" else _("Leads that entered %s in the period")
    )
    return words if flag == "passed" else words % labels.get(stage[0], stage[0])


def _address(measure: str, filters: Filters) -> str | None:
    """The leads list with the same leads."""
    if measure not in LISTED:
        return None
    return f"{reverse('leads')}?{filters.address(**LISTED[measure])}"
