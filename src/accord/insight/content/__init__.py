"""What marketing has made for buyers: who took it, which sellers used it, and where it contradicts itself.

`steps()` make the read models `content` and `content_days`; `content` sums them for a period.
"""

from accord.insight.content.report import content, contradictions
from accord.insight.content.steps import steps

__all__ = ["content", "contradictions", "steps"]
