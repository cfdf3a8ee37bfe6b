"""The leads as people read them: a list to filter and order, a search, each within what one may see."""

from __future__ import annotations

from accord.insight.leads.filters import FLAGS, WITHOUT, Filters, UnknownFlag
from accord.insight.leads.listing import COLUMNS, LeadPage, UnknownOrder, all_leads, counts, facets, leads
from accord.insight.leads.scope import EVERYTHING, Scope
from accord.insight.leads.search import search
from accord.insight.leads.steps import steps

__all__ = [
    "COLUMNS",
    "EVERYTHING",
    "FLAGS",
    "WITHOUT",
    "Filters",
    "LeadPage",
    "Scope",
    "UnknownFlag",
    "UnknownOrder",
    "all_leads",
    "counts",
    "facets",
    "leads",
    "search",
    "steps",
]
