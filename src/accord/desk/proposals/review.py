"""Whether the agreement should have been looked at again."""

from __future__ import annotations

from datetime import date

from accord.desk.proposals.models import Proposal


def overdue(today: date) -> date | None:
    """The day until which the agreement in force was to be reviewed, if that is over."""
    last = Proposal.objects.filter(state=Proposal.State.IN_FORCE).order_by("-in_force_at", "-pk").first()
    return last.review_day if last and last.review_day and last.review_day < today else None
