"""The day's exceptions: what does not run as agreed, worst first, and what to do about it.

`steps()` and `find` make the read models `freshness` and `exceptions`; `exceptions` reads the latter, with
its sentences. What is an exception, and from when on, is told in `docs/explanation/exceptions.md`.
"""

from accord.insight.exceptions.finding import Finding, State, Team
from accord.insight.exceptions.model import exceptions, find, steps
from accord.insight.exceptions.parts import Language, Part, plain
from accord.insight.exceptions.words import tell
from accord.insight.exceptions.words.told import Told

__all__ = [
    "Finding",
    "Language",
    "Part",
    "State",
    "Team",
    "Told",
    "exceptions",
    "find",
    "plain",
    "steps",
    "tell",
]
