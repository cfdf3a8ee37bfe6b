"""The handoff as the build sees it: which leads are to be handed over, and by which route."""

from accord.insight.handoff.steps import steps

__all__ = ["steps"]
