"""The steps of the journey, in order."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlglot import exp

from accord.insight.journey import detours
from accord.insight.journey.funnel import FUNNEL_DAYS
from accord.ledger.engine import Step

if TYPE_CHECKING:
    from accord.agreement.agreement import Agreement


def timeline_steps(agreement: Agreement) -> list[Step]:
    """Touch quality, `timeline` and `cycles`. Reads identity's tables, `internal_domains` and `as_of`."""
    known = ("visitor_known",)
    quality = ("agent_kinds", "mail_clicks", "mail_deliveries", "machine_clicks", "internal_people")
    cycles = ("cycle_closings", "cycle_records", "first_events", "cycle_turns", "cycles")
    return [_known_agents(), *_files(*known, *quality, "timeline"), _recycling(agreement), *_files(*cycles)]


def stage_steps(agreement: Agreement) -> list[Step]:
    """`stage_entries`, `lead_returns`, `leads`, and the counts of them that funnel and detours read.

    They read the timeline's and scoring's tables, `stages`, `stage_when` and `periods`.
    """
    marks = ("lead_ranges", "deal_marks", "tool_marks", "verdict_marks", "stated_marks")
    evidence = ("evidence_seen", "evidenced_marks", "verdicts_without_evidence")
    entries = ("conditional_marks", "stage_entries")
    leads = ("qualified_leads", "first_touches", "first_contacts", "lead_returns", "leads")
    asked = [_stage_evidence(agreement), _handoff_stage(agreement)]
    return [*asked, *_files(*marks, *evidence, *entries, *leads), FUNNEL_DAYS.step(), *detours.steps()]


def _files(*names: str) -> list[Step]:
    return [Step.from_file(__package__, name) for name in names]


def _known_agents() -> Step:
    """The reviewed list of machines' user agents (`agents.csv`) as a table."""
    text = files(__package__).joinpath("agents.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    columns = ("pattern", "match", "kind", "what")
    values = [exp.Tuple(expressions=[exp.Literal.string(row[c]) for c in columns]) for row in rows]
    return Step.from_expression("known_agents", exp.select("*").from_(exp.values(values, "listed", columns)))


def _recycling(agreement: Agreement) -> Step:
    """How long a recycled lead rests before a touch of its own opens a new cycle."""
    again_after = agreement.detours.recycled.again_after
    seconds = exp.cast(exp.Literal.number(again_after.seconds if again_after else 0), "BIGINT")
    return Step.from_expression("recycling", exp.select(exp.alias_(seconds, "again_after_seconds")))


def _stage_evidence(agreement: Agreement) -> Step:
    """The evidence a stage asks of a verdict that enters it; no row for a stage that asks for none."""
    asked = [(stage.name, stage.evidence) for stage in agreement.stages if stage.evidence]
    rows = asked or [("", "")]
    values = [exp.Tuple(expressions=[exp.Literal.string(text) for text in row]) for row in rows]
    query = exp.select("*").from_(exp.values(values, "asked", ("stage", "evidence")))
    return Step.from_expression("stage_evidence", query.where(exp.convert(bool(asked))))


def _handoff_stage(agreement: Agreement) -> Step:
    """The stage at which marketing hands a lead over; no row if the agreement has no handoff."""
    stage = exp.cast(exp.Literal.string(agreement.handoff.at if agreement.handoff else ""), "VARCHAR")
    query = exp.select(exp.alias_(stage, "stage")).where(exp.convert(agreement.handoff is not None))
    return Step.from_expression("handoff_stage", query)
