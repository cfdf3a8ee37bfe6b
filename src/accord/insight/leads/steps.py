"""The steps that make what the leads list, the search and the stories read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from accord.insight.leads.missing import missing_data
from accord.insight.owners import owner_names
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement


def steps(agreement: Agreement) -> list[Step]:
    """`lead_list` with its `lead_facets`, `lead_verdicts`, `owned` and `search_index`, in order.

    Read the tables of identity, journey and scoring, and `campaign_labels`.
    """
    work = ("lead_verdicts", "lead_work", "lead_touches")
    lists = ("lead_list", "lead_facets", "owned", "search_index")
    return [
        owner_names(),
        *_files(*work),
        _contact_promise(agreement),
        missing_data(agreement),
        *_files(*lists),
    ]


def _files(*names: str) -> list[Step]:
    return [Step.from_file(__package__, name) for name in names]


def _contact_promise(agreement: Agreement) -> Step:
    """The time sales promises for the first contact; null if it promises none, or counts business hours."""
    promised = agreement.sla.sales.first_contact
    within = promised.within if promised else None
    seconds = exp.null() if within is None or within.business else exp.Literal.number(within.seconds)
    query = exp.select(exp.alias_(exp.cast(seconds, "BIGINT"), "within_seconds"))
    return Step.from_expression("contact_promise", query)
