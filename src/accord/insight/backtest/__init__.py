"""Two agreements on the same past: whom each would have qualified, when, and what became of them.

Definitions are in docs/explanation/backtest.md.
"""

from accord.insight.backtest.comparing import (
    Backtest,
    Flip,
    Load,
    Outcomes,
    Setting,
    Side,
    Window,
    as_dict,
    compare,
    outcomes_of,
)
from accord.insight.backtest.judging import Judged, Qualified, judged_by

__all__ = [
    "Backtest",
    "Flip",
    "Judged",
    "Load",
    "Outcomes",
    "Qualified",
    "Setting",
    "Side",
    "Window",
    "as_dict",
    "compare",
    "judged_by",
    "outcomes_of",
]
