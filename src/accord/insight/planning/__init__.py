"""Ahead and back: what a revenue target needs, whether it can be reached, and where a miss arose.

Definitions are in docs/explanation/planning.md.
"""

from accord.insight.planning.plan import Scenario
from accord.insight.planning.report import Asked, NoTarget, Outlook, outlook

__all__ = ["Asked", "NoTarget", "Outlook", "Scenario", "outlook"]
