"""The change of a number split over its causes, so that the parts sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from accord.insight.restatement.causes import Cause
from accord.insight.restatement.numbers import Number, Numbers


@dataclass(frozen=True)
class Restated:
    """A number that was sealed as `was` and is `now`; `parts` say how much of the change each cause made,
    once that was looked for.

    None: it could not be computed, or was no row of the report; in sums that counts as nothing.
    """

    number: Number
    was: Decimal | None
    now: Decimal | None
    parts: tuple[tuple[Cause, Decimal], ...]

    @property
    def change(self) -> Decimal:
        """By how much it changed: the sum of the parts."""
        return _amount(self.now) - _amount(self.was)


def changed(sealed: Numbers, now: Numbers) -> list[Restated]:
    """The numbers that differ, in the order of the report, without the causes."""
    return [
        Restated(number, sealed.get(number), now.get(number), ())
        for number in {**sealed, **now}
        if _differs(number, sealed, now)
    ]


def itemise(sealed: Numbers, states: Sequence[tuple[Cause, Numbers]]) -> list[Restated]:
    """The numbers that differ between `sealed` and the last state, in the order of the report.

    `states`: the numbers after letting in one cause on top of the others. A cause's part is the step it
    makes; what two causes do only together falls to the later one.
    """
    now = states[-1][1] if states else sealed
    return [replace(one, parts=_parts(one.number, sealed, states)) for one in changed(sealed, now)]


def _differs(number: Number, sealed: Numbers, now: Numbers) -> bool:
    """Another amount, or one that was not known and is; a row of nothing more or less is no change."""
    became_known = number in sealed and number in now and (sealed[number] is None) != (now[number] is None)
    return became_known or _amount(sealed.get(number)) != _amount(now.get(number))


def _parts(
    number: Number, sealed: Numbers, states: Sequence[tuple[Cause, Numbers]]
) -> tuple[tuple[Cause, Decimal], ...]:
    parts, before = [], _amount(sealed.get(number))
    for cause, values in states:
        after = _amount(values.get(number))
        if after != before:
            parts.append((cause, after - before))
        before = after
    return tuple(parts)


def _amount(value: Decimal | None) -> Decimal:
    return Decimal(0) if value is None else value
