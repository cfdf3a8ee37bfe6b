"""The steps that find the leads to hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from accord.insight.scoring.fields import bound, holds
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement import Agreement


def steps(agreement: Agreement) -> list[Step]:
    """`handoff_leads` and `decisions_accounted`, with `live_moments` and `lead_routes` before them.

    Reads the tables of identity, journey and scoring, `handoff_stage` and `owner_names`.
    """
    return [
        Step.from_file(__package__, "live_moments"),
        _lead_routes(agreement),
        Step.from_file(__package__, "handoff_leads"),
        Step.from_file(__package__, "decisions_accounted"),
    ]


def _lead_routes(agreement: Agreement) -> Step:
    """`lead_routes(lead, route_no)`: the number (from 1) of the first route that holds now, else 0."""
    routes = agreement.handoff.route if agreement.handoff else ()
    number: exp.Expr = exp.Literal.number(0)
    if routes:
        case = exp.Case()
        for no, route in enumerate(routes, start=1):
            case = case.when(holds(bound(agreement, route.where.expression)), exp.Literal.number(no))
        number = case.else_(exp.Literal.number(0))
    query = exp.select("lead", exp.alias_(exp.cast(number, "BIGINT"), "route_no")).from_("present_leads")
    return Step.from_expression("lead_routes", query)
