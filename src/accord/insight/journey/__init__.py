"""The way of a lead: its timeline, its cycles, the stages it entered, and the funnel over all of them.

The rules are told in `docs/explanation/journey.md`.
"""

from __future__ import annotations

from accord.insight.journey.detours import differences, leavings, returned, waiting
from accord.insight.journey.funnel import UnknownSplit, funnel
from accord.insight.journey.steps import stage_steps, timeline_steps

__all__ = [
    "UnknownSplit",
    "differences",
    "funnel",
    "leavings",
    "returned",
    "stage_steps",
    "timeline_steps",
    "waiting",
]
