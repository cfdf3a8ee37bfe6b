"""The kinds of job there are, each with the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from accord.desk.rights import Right

Arguments = dict[str, Any]


class Report(Protocol):
    """How work tells how far it is."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done and, if that is known, how much of how much is done.

        Raises LeaseLost if another worker has taken the job over; the work must then end.
        """


Work = Callable[[Arguments, Report], Arguments | None]
"""Does a job and returns what is to be kept of it. Repeatable: a killed worker's job is begun again."""

KINDS: dict[str, Work] = {}
SEEN_BY: dict[str, Right] = {}


Pass = Callable[[], bool]
PASSES: list[Pass] = []


def every_pass(function: Pass) -> Pass:
    """Registers what the worker does again and again beside its jobs; it says whether there was anything, and
    is then done again without a pause.

    For modules `work` of apps. Any number of workers may do it at once.
    """
    PASSES.append(function)
    return function


def work(kind: str, seen_by: Right = Right.IMPORT) -> Callable[[Work], Work]:
    """Registers the function that does jobs of a kind; for modules `work` of apps.

    `seen_by`: the right of whoever may see how far such a job is.
    """

    def register(function: Work) -> Work:
        KINDS[kind], SEEN_BY[kind] = function, seen_by
        return function

    return register
