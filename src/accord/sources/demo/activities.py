"""What reps do with people: calls, mails and meetings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.sources.demo.chance import Ints

KINDS = ("call", "email", "meeting")
OUTCOMES = ("connected", "no_answer", "left_voicemail", "sent", "held", "no_show")


@dataclass(frozen=True)
class Activities:
    """Calls, mails and meetings by reps."""

    person: Ints
    rep: Ints
    at: Ints
    kind: Ints
    outcome: Ints


def alike(person: Ints, rep: Ints, at: Ints, kind: str, outcome: str) -> Activities:
    """Activities of one kind with one outcome."""
    kinds = np.full(len(person), KINDS.index(kind))
    return Activities(person, rep, at, kinds, np.full(len(person), OUTCOMES.index(outcome)))
