"""The numbers a gate compares scores with, and the gate with one of them moved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accord.agreement.conditions import Condition, parse_condition
from accord.agreement.fields import Known

if TYPE_CHECKING:
    from accord.agreement.agreement import Agreement

_THRESHOLD = re.compile(r"\b(fit|engagement|score)\s*>=?\s*(\d+(?:\.\d+)?)", re.IGNORECASE)


@dataclass(frozen=True)
class Threshold:
    """One comparison of a score with a number: `text` as it is written, such as "fit >= 40", and where the
    number stands in the condition."""

    text: str
    field: str
    value: float
    start: int
    end: int


def thresholds(gate: Condition) -> list[Threshold]:
    """The comparisons of fit, engagement or score with a least number, in the order of the text."""
    return [
        Threshold(found[0], found[1].lower(), float(found[2]), found.start(2), found.end(2))
        for found in _THRESHOLD.finditer(gate.text)
    ]


def moved(gate: Condition, threshold: Threshold, value: float) -> str:
    """The text of the gate with another number there."""
    return f"{gate.text[: threshold.start]}{value:g}{gate.text[threshold.end :]}"


def gate_of(agreement: Agreement, text: str) -> Condition:
    """The text as a gate of the agreement. Raises ConditionError."""
    return parse_condition(text, {name: Known(kind) for name, kind in agreement.gate_fields.items()})
