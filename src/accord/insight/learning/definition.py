"""A learned score as a part of the definition: rules of fit with learned points, in a draft to be signed.

A regression on conditions that the agreement can write (an attribute has a value, is at least so much, is not
known) gives each its log-odds; ten points stand for one. What people do stays with the agreement's own rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.agreement import parse
from accord.agreement.edits import Edit, edited
from accord.agreement.thresholds import gate_of, moved, thresholds
from accord.errors import MistakesError
from accord.insight.intervals import Share, share
from accord.insight.learning.features import ATTRIBUTES
from accord.insight.learning.handed import handover_stage
from accord.insight.learning.score import Examples, regression

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from accord.agreement import Agreement

POINTS_A_LOG_ODD = 10
LEAST_POINTS = 3
"""A condition worth less is left out: it says little, and every rule has to be agreed on."""
MOST_RULES = 15
SUPPORT = 0.02
"""A condition needs to hold for, and to fail for, this share of the leads."""
KEPT = 0.9
"""The threshold is the highest that keeps this share of the earlier leads that had the outcome."""
CUTS = (0.2, 0.4, 0.6, 0.8)
"""Numbers are asked for being at least what these shares of the leads have less than."""


@dataclass(frozen=True)
class LearnedRule:
    """A rule of fit: where it holds, and its points; negative speaks against the lead."""

    name: str
    where: str
    points: int


@dataclass(frozen=True)
class Definition:
    """Learned rules of fit and the fit the definition asks for with them.

    Judged by the latest leads, learned from the earlier: `auc`, how well it ranks them; `kept`, the share of
    those with the outcome that reach the threshold; `spared`, the share of the others that do not. `edits`
    make them part of the agreement, `draft` is its file with them made.
    """

    rules: list[LearnedRule]
    threshold: int
    auc: float
    kept: Share
    spared: Share
    edits: list[Edit]
    draft: str


def definition(
    examples: Examples, fields: Sequence[str], agreement: Agreement, text: str, messages: str | None
) -> Definition | None:
    """What was learned as rules of fit; None where the gate asks for no fit, or no condition says enough.

    `fields`: those that may be learned from; `text` is the agreement's file, `messages` that of its messages.
    """
    from sklearn.metrics import roc_auc_score

    attributes = [name for name in fields if name in ATTRIBUTES or name in agreement.fields]
    early, late = examples.split()
    tried, rules = _learned(early, attributes), _learned(examples, attributes)
    if not tried or not rules:
        return None
    at = _threshold(_fits(tried, early.rows), early.outcomes)
    threshold = _threshold(_fits(rules, examples.rows), examples.outcomes)
    edits = _edits(agreement, rules, threshold)
    draft = edited(text, edits) if edits else ""
    if not draft or not _is_agreement(draft, messages):
        return None
    fits = _fits(tried, late.rows)
    reached = [fit >= at for fit in fits]
    return Definition(
        [rule.rule for rule in rules],
        threshold,
        float(roc_auc_score(late.outcomes, fits)),
        share(sum(r and o for r, o in zip(reached, late.outcomes, strict=True)), late.positive),
        share(sum(not r and not o for r, o in zip(reached, late.outcomes, strict=True)), late.negative),
        edits,
        draft,
    )


@dataclass(frozen=True)
class _Condition:
    """A condition on one attribute: `value` of kind `is`, `least` or `unknown`."""

    field: str
    kind: str
    value: Any = None

    def holds(self, row: Mapping[str, Any]) -> bool:
        found = row.get(self.field)
        if self.kind == "unknown" or found is None:
            return self.kind == "unknown" and found is None
        return bool(found >= self.value) if self.kind == "least" else bool(found == self.value)

    @property
    def where(self) -> str:
        """As the agreement writes it."""
        if self.kind == "unknown":
            return f"{self.field} is null"
        if self.kind == "least":
            return f"{self.field} >= {self.value:g}"
        if isinstance(self.value, bool):
            return self.field if self.value else f"not {self.field}"
        return f"{self.field} = '{str(self.value).replace(chr(39), chr(39) * 2)}'"

    @property
    def name(self) -> str:
        """What the rule is called."""
        words = {"unknown": "unknown", "least": f"from {self.value}", "is": self.value}[self.kind]
        return re.sub(r"[^a-z0-9]+", "_", f"learned_{self.field}_{words}".lower()).strip("_")


@dataclass(frozen=True)
class _Learned:
    condition: _Condition
    rule: LearnedRule


def _learned(examples: Examples, attributes: Sequence[str]) -> list[_Learned]:
    """The conditions that say most, with their points, the strongest first."""
    import numpy as np

    conditions = list(_conditions(examples.rows, attributes))
    if not conditions:
        return []
    fitted = regression().fit(
        _holding(conditions, examples.rows), np.asarray(examples.outcomes, dtype=np.int64)
    )
    points = [round(POINTS_A_LOG_ODD * weight) for weight in fitted.coef_[0].tolist()]
    found: dict[str, _Learned] = {}
    for condition, worth in sorted(zip(conditions, points, strict=True), key=lambda one: -abs(one[1])):
        if abs(worth) >= LEAST_POINTS and condition.name not in found:
            rule = LearnedRule(condition.name, condition.where, worth)
            found[condition.name] = _Learned(condition, rule)
    return list(found.values())[:MOST_RULES]


def _conditions(rows: Sequence[Mapping[str, Any]], attributes: Sequence[str]) -> Iterator[_Condition]:
    """The conditions on each attribute that hold for some of the leads and fail for others."""
    for field in attributes:
        values = [row.get(field) for row in rows]
        tried = [_Condition(field, "unknown"), *_of(field, [one for one in values if one is not None])]
        for condition in tried:
            held = sum(condition.holds(row) for row in rows) / len(rows)
            if SUPPORT <= held <= 1 - SUPPORT:
                yield condition


def _of(field: str, values: Sequence[Any]) -> list[_Condition]:
    import numpy as np

    if values and all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        cuts = {float(f"{cut:.2g}") for cut in np.quantile(np.asarray(values, dtype=float), CUTS)}
        return [_Condition(field, "least", cut) for cut in sorted(cuts)]
    return [_Condition(field, "is", value) for value, _count in Counter(values).most_common()]


def _holding(conditions: Sequence[_Condition], rows: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    import numpy as np

    return np.array([[float(one.holds(row)) for one in conditions] for row in rows])


def _fits(learned: Sequence[_Learned], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The fit of each lead by the learned rules; never below nothing, as in the agreement."""
    return [max(0, sum(one.rule.points for one in learned if one.condition.holds(row))) for row in rows]


def _threshold(fits: Sequence[int], outcomes: Sequence[bool]) -> int:
    """The highest fit that still keeps the share `KEPT` of those with the outcome; at least a point."""
    had = sorted((fit for fit, came in zip(fits, outcomes, strict=True) if came), reverse=True)
    return max(1, had[max(0, round(KEPT * len(had)) - 1)])


def _edits(agreement: Agreement, rules: Sequence[_Learned], threshold: int) -> list[Edit]:
    """The learned rules instead of the present ones, the cap they reach, and the gate with their threshold.

    Empty where the gate compares fit with nothing above zero.
    """
    stage = handover_stage(agreement)
    gate = agreement.stage(stage).when if stage else None
    asked = [one for one in thresholds(gate) if one.field == "fit" and one.value > 0] if gate else []
    if gate is None or not asked:
        return []
    fit, text = ("scoring", "fit"), gate.text
    # From the last to the first, so that the places of the others stay.
    for one in reversed(asked):
        text = moved(gate_of(agreement, text), one, threshold)
    new = {one.rule.name: {"where": one.rule.where, "points": one.rule.points} for one in rules}
    return [
        *(Edit((*fit, name), rule) for name, rule in new.items()),
        *(Edit((*fit, name), None) for name in agreement.scoring.fit if name not in new),
        Edit(("scoring", "caps", "fit"), sum(max(0, one.rule.points) for one in rules)),
        Edit(("stages", stage or "", "when"), text),
    ]


def _is_agreement(text: str, messages: str | None) -> bool:
    try:
        parse(text, messages=messages)
    except MistakesError:
        return False
    return True
