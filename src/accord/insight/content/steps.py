"""The steps that make the read models of content."""

from __future__ import annotations

from accord.insight.rollups import Rollup
from accord.ledger.engine import Step

CONTENT_DAYS = Rollup(__package__, "content_days", "day")


def steps() -> list[Step]:
    """`content` and `content_days`. Read facts.assets, facts.content_uses, timeline, periods and as_of."""
    first = [Step.from_file(__package__, name) for name in ("content_events", "content")]
    return [*first, CONTENT_DAYS.step()]
