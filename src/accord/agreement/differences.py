"""What two agreements differ in, place by place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.agreement.hashing import WORD_SECTIONS, WORDS, everything

if TYPE_CHECKING:
    from accord.agreement.agreement import Agreement

NAMING = ("name", "reason", "at", "of", "metric", "period", "to", "use")
"""What the items of a list are called by: the first two of these that they have."""


@dataclass(frozen=True)
class Difference:
    """One place at which two agreements differ: `old` is None where it is new, `new` where it is gone.

    A whole part that came or went, a rule say, is one difference. `words`: nothing that is counted depends
    on it.
    """

    place: tuple[str, ...]
    old: Any
    new: Any

    @property
    def words(self) -> bool:
        """Whether only words differ."""
        return self.place[0] in WORD_SECTIONS or self.place[-1] in WORDS


def differences(old: Agreement, new: Agreement) -> list[Difference]:
    """All places at which the agreements differ, in the order of the file."""
    return list(_between((), everything(old), everything(new)))


ONLY = ("only_segment", "only_channel", "only_team")
"""Attributes of a target that say of what alone it is."""


def _between(place: tuple[str, ...], old: Any, new: Any) -> list[Difference]:
    if old == new:
        return []
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        names = [*new, *(name for name in old if name not in new)]
        return [one for name in names for one in _between((*place, name), old.get(name), new.get(name))]
    if _named(old) and _named(new):
        return _between(place, _by_name(old), _by_name(new))
    return [Difference(place, old, new)]


def _named(value: Any) -> bool:
    """Whether a list's items can be told apart by what they are called."""
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        return False
    return len(_by_name(value)) == len(value)


def _by_name(items: list[Any]) -> dict[str, Any]:
    return {_name(item, number): item for number, item in enumerate(items, start=1)}


def _name(item: Mapping[str, Any], number: int) -> str:
    said = [str(item[name]) for name in NAMING if item.get(name) not in (None, [], {})]
    among = [str(item[name]) for name in ONLY if item.get(name)]
    return " ".join([*said[:2], *among]) or str(number)
