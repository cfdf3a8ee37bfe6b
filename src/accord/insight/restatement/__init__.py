"""What a report showed when it was sealed against what it would show now, and which new knowledge made the
difference.

`numbers` reads the numbers of a report, `itemise` splits their changes over the causes, whose facts
`learnt_since` counts and `reading` lets in one after another.
"""

from accord.insight.restatement.causes import CAUSES, Cause, Since, learnt_since
from accord.insight.restatement.itemised import Restated, changed, itemise
from accord.insight.restatement.numbers import Number, Numbers, numbers

__all__ = [
    "CAUSES",
    "Cause",
    "Number",
    "Numbers",
    "Restated",
    "Since",
    "changed",
    "itemise",
    "learnt_since",
    "numbers",
]
