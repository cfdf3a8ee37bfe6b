"""The way of a lead: its timeline, its cycles, the stages it entered, and the funnel over all of them.

The rules are told in `docs/explanation/journey.md`.
"""

from __future__ import annotations

from accord.insight.journey.steps import timeline_steps

__all__ = ["timeline_steps"]
