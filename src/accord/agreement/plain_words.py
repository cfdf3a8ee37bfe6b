"""What two agreements differ in, in sentences that both teams understand."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from accord.agreement.agreement import title_of
from accord.agreement.differences import ONLY, Difference, differences
from accord.agreement.durations import Duration

if TYPE_CHECKING:
    from accord.agreement.agreement import Agreement

Sentence = Callable[[re.Match[str], Any, Any], str]


def sentences(old: Agreement, new: Agreement) -> list[tuple[str, bool]]:
    """One sentence for each difference, and whether only words differ there."""
    return [(sentence(one), one.words) for one in differences(old, new)]


def sentence(difference: Difference) -> str:
    """A difference in a sentence; where there is no better one, the place with both values."""
    place = "/".join(difference.place)
    for pattern, say in SENTENCES:
        if found := re.fullmatch(pattern, place):
            return say(found, difference.old, difference.new)
    return _either(" › ".join(map(_spaced, difference.place)), difference.old, difference.new)


def _rule(found: re.Match[str], old: Any, new: Any) -> str:
    name = _spaced(found["rule"])
    if new is None:
        return f"{name}: gives no points any more."
    parts = [f"{_number(new['points'])} points"]
    if new.get("half_life"):
        parts.append(f"half of them gone after {_duration(new['half_life'])}")
    if new.get("cap"):
        parts.append(f"at most {_number(new['cap'])}")
    return f"{name}: a new rule, {', '.join(parts)}."


def _points(found: re.Match[str], old: Any, new: Any) -> str:
    more = new - old
    how = f"{_number(abs(more))} {'more' if more > 0 else 'less'}"
    return f"{_spaced(found['rule'])}: {_number(new)} points instead of {_number(old)}, {how}."


def _half_life(found: re.Match[str], old: Any, new: Any) -> str:
    name = _spaced(found["rule"])
    if old is None or new is None:
        return f"{name}: its points {'fade from now on' if new else 'do not fade any more'}."
    times = Fraction(old[0], new[0])
    speed = f"{_times(times)} as fast" if times > 1 else f"{_times(1 / times)} as slowly"
    return f"{name} fades {speed}: half is gone after {_duration(new)} instead of {_duration(old)}."


def _cap(found: re.Match[str], old: Any, new: Any) -> str:
    name = _spaced(found["rule"])
    if new is None:
        return f"{name}: as many points as come, no longer at most {_number(old)}."
    instead = f" instead of {_number(old)}" if old is not None else ""
    return f"{name}: at most {_number(new)} points{instead}."


def _gate(found: re.Match[str], old: Any, new: Any) -> str:
    """What a stage asks for: the numbers that changed, where nothing else did."""
    stage = title_of(found["stage"])
    if old is None or new is None:
        return f"{stage}: {f'entered when {new}' if new else 'asks for nothing any more'}."
    changed = _numbers(old, new)
    if not changed:
        return f"{stage}: when {new}, instead of {old}."
    asked = [f"{name} {sign} {_number(now)} instead of {_number(was)}" for name, sign, was, now in changed]
    return f"{stage} asks for {' and '.join(asked)}."


def _within(found: re.Match[str], old: Any, new: Any) -> str:
    what = _spaced(found["clause"])
    if old is None or new is None:
        return f"{what}: {f'within {_duration(new)}' if new else 'no time is promised any more'}."
    return f"{what}: within {_duration(new)} instead of {_duration(old)}."


def _target(found: re.Match[str], old: Any, new: Any) -> str:
    if old is None or new is None:
        told = new or old
        among = " and ".join(told[name] for name in ONLY if told.get(name))
        of = f" of {_spaced(among)}" if among else ""
        aim = f"{_number(told['value'])} {_spaced(told['metric'])}{of} in {told['period']}"
        return f"{'A new target' if new else 'No longer a target'}: {aim}."
    return _either(f"target {_spaced(found['name'])}", old, new)


RULE = r"scoring/(fit|engagement)/(?P<rule>[^/]+)"


def _exclusion(found: re.Match[str], old: Any, new: Any) -> str:
    name = _spaced(found["name"])
    if old is None or new is None:
        who = f"whoever has {new['where']} is" if new else "nobody is"
        return f"{name}: {who} excluded for that from now on."
    return f"{name}: excluded is whoever has {new['where']} instead of {old['where']}."


SENTENCES: tuple[tuple[str, Sentence], ...] = (
    (RULE, _rule),
    (f"{RULE}/points", _points),
    (f"{RULE}/half_life", _half_life),
    (f"{RULE}/cap", _cap),
    (r"scoring/caps/(?P<rule>[^/]+)", _cap),
    (r"stages/(?P<stage>[^/]+)/when", _gate),
    (r"audience/exclude/(?P<name>[^/]+)", _exclusion),
    (r"(?:sla/sales|stages)/(?P<clause>[^/]+)/within", _within),
    (r"targets/(?P<name>[^/]+)", _target),
)


def _either(what: str, old: Any, new: Any) -> str:
    if old is None:
        return f"{what}: {_plain(new)}, new."
    if new is None:
        return f"{what}: {_plain(old)}, no longer."
    return f"{what}: {_plain(new)} instead of {_plain(old)}."


def _numbers(old: str, new: str) -> list[tuple[str, str, float, float]]:
    """The comparisons with a number that changed: field, sign, before, after; none if more than that did."""
    try:
        one, two = (parse_one(text, dialect="duckdb") for text in (old, new))
    except SqlglotError:
        return []
    before, after = _literals(one), _literals(two)
    if _shape(one) != _shape(two):
        return []
    return [
        (name, SIGNS.get(type(parent), "at"), float(was.this), float(now.this))
        for (name, parent, was), (_, _, now) in zip(before, after, strict=True)
        if was.this != now.this
    ]


SIGNS: dict[type[exp.Expr], str] = {exp.GTE: "at least", exp.GT: "over", exp.LTE: "at most", exp.LT: "under"}


def _literals(tree: exp.Expr) -> list[tuple[str, Any, exp.Literal]]:
    """The numbers in a condition, each with the field it is compared with, and the comparison."""
    numbers = [node for node in tree.find_all(exp.Literal) if node.is_number]
    return [(_field(node.parent), node.parent, node) for node in numbers if node.parent]


def _field(comparison: exp.Expr) -> str:
    return next((column.name for column in comparison.find_all(exp.Column)), "")


def _shape(tree: exp.Expr) -> str:
    """The condition with every number left out."""
    bare = tree.transform(
        lambda node: exp.Placeholder() if isinstance(node, exp.Literal) and node.is_number else node
    )
    return bare.sql(dialect="duckdb")


def _times(times: Fraction) -> str:
    return {Fraction(2): "twice", Fraction(3): "three times"}.get(times, f"{float(times):.3g} times")


def _duration(value: Any) -> str:
    return str(Duration(int(value[0]), bool(value[1])))


def _number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{_spaced(k)} {_plain(v)}" for k, v in value.items() if v not in (None, [], {}))
    return str(value)
