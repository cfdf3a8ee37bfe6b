"""What sales' answers teach: which rules let bad leads in, which edits they speak for, a learned score.

Definitions are in docs/explanation/learning.md.
"""

from dataclasses import dataclass

from accord.insight.learning.debits import Debit, debits
from accord.insight.learning.handed import Handed, handed_over, handover_stage
from accord.insight.learning.reasons import Audit, audit
from accord.insight.learning.suggestions import Suggestion, suggestions

__all__ = [
    "Audit",
    "Debit",
    "Handed",
    "Lessons",
    "Suggestion",
    "audit",
    "debits",
    "handed_over",
    "handover_stage",
    "suggestions",
]


@dataclass(frozen=True)
class Lessons:
    """What sales' verdicts say: each rule's account, edits worth trying, an audit of the reasons."""

    debits: list[Debit]
    suggestions: list[Suggestion]
    reasons: Audit
