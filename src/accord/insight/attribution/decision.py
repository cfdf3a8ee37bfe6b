"""Would the budget decision change with the model? What all agree on within their intervals, and what not.

A channel or campaign earns more than its share of the spend if, under every model, it does in 95% of the
draws; less likewise. Where some models say more and others less, the models disagree and the choice of one
would decide. All of it is of credit, which is not what would be missing without the spend: only an experiment
tells that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from accord.errors import AccordError
from accord.insight.attribution.data_driven.attribute import BOUNDS
from accord.insight.attribution.uncertainty import Draws

if TYPE_CHECKING:
    from numpy.typing import NDArray

SURE = 0.95
THIN = 30
"""With fewer converted journeys, had or to be expected by the spend, there is too little to tell."""

Verdict = Literal["more", "less", "models_disagree", "unsure", "thin"]


TOLD: frozenset[Verdict] = frozenset(("more", "less", "models_disagree"))
"""Verdicts by which something is known."""


class NoDecision(AccordError):
    """There is nothing to decide about, or what should be moved has no spend."""

    code = "no_decision"


@dataclass(frozen=True)
class Amount:
    """A number with its 90% interval; all None where there is none."""

    counted: float | None
    low: float | None
    high: float | None


NOTHING = Amount(None, None, None)


@dataclass(frozen=True)
class Credit:
    """What one model credits: `conversions`, `value` (None where the milestone has none), `each` (cost by
    conversion: CAC for customers), `roi`, and its `share` of all that was credited to what cost something."""

    conversions: Amount
    value: Amount
    each: Amount
    roi: Amount
    share: Amount


@dataclass(frozen=True)
class Line:
    """One channel or campaign: its spend and share of it, its credit by model, `spread` (the least and the
    most share a model gives it), and the verdict. `above`: those it returns more than, under every model.

    `thin`: it was a part of fewer than 30 converted journeys (`journeys`), and by its share of the spend no
    more were to be expected: a large spend without a conversion tells enough."""

    label: str
    cost: Decimal | None
    cost_share: float | None
    credit: dict[str, Credit]
    spread: tuple[float, float] | None
    journeys: int
    thin: bool
    verdict: Verdict | None
    above: list[str]


@dataclass(frozen=True)
class Move:
    """What comes of moving a part of one's spend to another, by model, if the next euro returns as the
    average one has: `gain` of value (of conversions where the milestone has none)."""

    source: str
    target: str
    part: float
    amount: Decimal
    gain: dict[str, Amount]


@dataclass(frozen=True)
class Decision:
    """The lines, dearest first, then those that cost nothing; and one move, the best that can be told.

    `settled`: whether all models would decide alike: they disagree about no line; None where they can tell
    nothing of any.
    """

    models: list[str]
    lines: list[Line]
    settled: bool | None
    move: Move | None


def by_model(found: Decision, by: str) -> list[dict[str, Any]]:
    """One flat row for each line and model: `{<by>, model, cost, <amount>, <amount>_low, <amount>_high,
    journeys, verdict}` with the amounts of `Credit`."""
    rows = []
    for line in found.lines:
        for model, credit in line.credit.items():
            row: dict[str, Any] = {by: line.label, "model": model, "cost": line.cost}
            for name, amount in vars(credit).items():
                row |= {name: amount.counted, f"{name}_low": amount.low, f"{name}_high": amount.high}
            rows.append(row | {"journeys": line.journeys, "verdict": line.verdict or ""})
    return rows


def decide(
    draws: Draws,
    costs: dict[str, Decimal],
    *,
    valued: bool,
    part: float = 0.1,
    source: str | None = None,
    target: str | None = None,
) -> Decision:
    """What the draws say of the spend. `part` of the spend of `source` moves to `target`; unnamed, from the
    one that returns least under all models together to the one that returns most. Raises NoDecision."""
    board = _Board(draws, {label: cost for label, cost in costs.items() if cost > 0}, valued)
    lines = [board.line(label) for label in board.in_order()]
    verdicts = {line.verdict for line in lines}
    settled = "models_disagree" not in verdicts if verdicts & TOLD else None
    return Decision(list(draws.value), lines, settled, board.move(part, source, target))


class _Board:
    """Credit beside cost: of each model an array of draws (the first as counted) by what cost something."""

    def __init__(self, draws: Draws, costs: dict[str, Decimal], valued: bool) -> None:
        self.draws, self.costs, self.valued = draws, costs, valued
        self.labels = sorted(costs, key=lambda label: (-costs[label], label))
        self.cost = np.array([float(costs[label]) for label in self.labels])
        amounts = draws.value if valued else draws.conversions
        self.amounts = {model: self._of_costly(each) for model, each in amounts.items()}

    def in_order(self) -> list[str]:
        """What cost something, dearest first; then the rest by what it is credited."""
        free = [label for label in self.draws.labels if label not in self.costs]
        credited = {label: sum(self._counted(label)) for label in free}
        return [*self.labels, *sorted(free, key=lambda label: (-credited[label], label))]

    def line(self, label: str) -> Line:
        """All about one of them."""
        cost = self.costs.get(label)
        shares = self._shares(label) if cost else {}
        counted = [each[0] for each in shares.values()]
        return Line(
            label,
            cost,
            self._fair(label) if cost else None,
            {model: self._credit(label, model, shares.get(model)) for model in self.draws.value},
            (min(counted), max(counted)) if counted else None,
            self._journeys(label),
            not self._tells(label),
            self._verdict(label, shares) if cost else None,
            self._above(label) if cost else [],
        )

    def move(self, part: float, source: str | None, target: str | None) -> Move | None:
        """The move asked for, or the best one; None where fewer than two cost something."""
        if len(self.labels) < 2:
            if source or target:
                raise NoDecision("Spend can be moved only between two that cost something.")
            return None
        returned = np.mean([self._returns(model)[0] for model in self.amounts], axis=0)
        told = [n for n, label in enumerate(self.labels) if self._tells(label)]
        among = told if len(told) > 1 else range(len(self.labels))
        start = self._place(source) if source else min(among, key=lambda n: (returned[n], n))
        rest = [n for n in among if n != start] or [n for n in range(len(self.labels)) if n != start]
        end = self._place(target) if target else max(rest, key=lambda n: (returned[n], -n))
        amount = part * self.cost[start]
        gain = {
            model: _amount(amount * (returns[:, end] - returns[:, start]))
            for model in self.amounts
            for returns in [self._returns(model)]
        }
        moved = (self.costs[self.labels[start]] * Decimal(str(part))).quantize(Decimal("0.01"))
        return Move(self.labels[start], self.labels[end], part, moved, gain)

    def _journeys(self, label: str) -> int:
        labels = self.draws.labels
        return int(self.draws.journeys[labels.index(label)]) if label in labels else 0

    def _fair(self, label: str) -> float:
        """Its share of the spend."""
        return float(self.costs.get(label, 0)) / self.cost.sum() if label in self.costs else 0.0

    def _tells(self, label: str) -> bool:
        """Whether there is enough of it to say anything."""
        converted = next(iter(self.draws.conversions.values()))[0].sum()
        return bool(max(self._journeys(label), self._fair(label) * converted) >= THIN)

    def _place(self, label: str) -> int:
        if label not in self.labels:
            raise NoDecision(
                f"{label} has no spend in this period.", mend=f"Spend has: {', '.join(self.labels)}."
            )
        return self.labels.index(label)

    def _credit(self, label: str, model: str, share: NDArray[np.float64] | None) -> Credit:
        conversions = self._column(self.draws.conversions[model], label)
        value = self._column(self.draws.value[model], label) if self.valued else None
        cost = float(self.costs.get(label, 0))
        return Credit(
            _amount(conversions),
            NOTHING if value is None else _amount(value),
            _amount(
                np.divide(cost, conversions, out=np.full_like(conversions, np.inf), where=conversions > 0)
            )
            if cost
            else NOTHING,
            _amount(value / cost - 1) if cost and value is not None else NOTHING,
            NOTHING if share is None else _amount(share),
        )

    def _verdict(self, label: str, shares: dict[str, NDArray[np.float64]]) -> Verdict:
        if not self._tells(label):
            return "thin"
        fair = self._fair(label)
        said = {_said(each[1:], fair) for each in shares.values()}
        if {"more", "less"} <= said:
            return "models_disagree"
        return said.pop() if len(said) == 1 else "unsure"

    def _above(self, label: str) -> list[str]:
        """Those with a lower return in nearly all draws of every model."""
        me = self.labels.index(label)
        sure = np.array([self._tells(label) and self._tells(other) for other in self.labels])
        for model in self.amounts:
            returns = self._returns(model)[1:]
            sure &= (returns[:, [me]] > returns).mean(axis=0) >= SURE
        return [other for other, is_sure in zip(self.labels, sure, strict=True) if is_sure]

    def _shares(self, label: str) -> dict[str, NDArray[np.float64]]:
        """By model, in each draw, the label's share of what is credited to all that cost something."""
        me = self.labels.index(label)
        found = {}
        for model, amounts in self.amounts.items():
            whole = amounts.sum(axis=1)
            found[model] = np.divide(amounts[:, me], whole, out=np.zeros_like(whole), where=whole > 0)
        return found

    def _returns(self, model: str) -> NDArray[np.float64]:
        returns: NDArray[np.float64] = self.amounts[model] / self.cost
        return returns

    def _counted(self, label: str) -> list[float]:
        return [float(self._column(self.draws.conversions[model], label)[0]) for model in self.draws.value]

    def _of_costly(self, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        return (
            np.column_stack([self._column(amounts, label) for label in self.labels])
            if self.labels
            else amounts
        )

    def _column(self, amounts: NDArray[np.float64], label: str) -> NDArray[np.float64]:
        if label not in self.draws.labels:
            return np.zeros(len(amounts))
        return amounts[:, self.draws.labels.index(label)]


def _said(shares: NDArray[np.float64], fair: float) -> Literal["more", "less", "unsure"]:
    if (shares > fair).mean() >= SURE:
        return "more"
    return "less" if (shares < fair).mean() >= SURE else "unsure"


def _amount(drawn: Sequence[float] | NDArray[np.float64]) -> Amount:
    """What was counted, with the bounds of the draws after it; none where it is without end."""
    low, high = (float(bound) for bound in np.quantile(drawn[1:], BOUNDS, method="inverted_cdf"))
    return Amount(*(each if np.isfinite(each) else None for each in (float(drawn[0]), low, high)))
