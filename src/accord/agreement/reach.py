"""Which scores can be reached at all, and which comparisons can therefore never hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sqlglot import exp

from accord.agreement.conditions import Condition, number
from accord.agreement.models import Scoring

_MIRROR: dict[Any, Any] = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE, exp.EQ: exp.EQ}


def highest_scores(scoring: Scoring) -> dict[str, float]:
    """The most that `fit`, `engagement` and `score` can be; infinite where nothing limits them."""
    gained = sum(max(rule.points, 0.0) for rule in scoring.fit.values())
    fit = min(gained, _or_infinite(scoring.caps.fit))
    done = sum(_or_infinite(rule.cap) for rule in scoring.engagement.values())
    engagement = min(done, _or_infinite(scoring.caps.engagement))
    return {"fit": fit, "engagement": engagement, "score": fit + engagement}


def impossible(condition: Condition, highest: Mapping[str, float]) -> Iterator[tuple[int, str, float]]:
    """Comparisons of `condition` that no score can meet: offset, name of the score and its highest value."""
    for node in condition.expression.walk():
        name = _never(node, highest)
        if name is not None:
            yield node.meta["offset"], name, highest[name]


def _never(node: exp.Expr, highest: Mapping[str, float]) -> str | None:
    if isinstance(node, exp.Between) and (name := _score(node.this, highest)):
        low, high = _value(node.args["low"]), _value(node.args["high"])
        out = (low is not None and low > highest[name]) or (high is not None and high < 0)
        return name if out else None
    kind: Any = type(node)
    if kind not in _MIRROR:
        return None
    name, value = _score(node.this, highest), _value(node.expression)
    if name is None:
        name, value, kind = _score(node.expression, highest), _value(node.this), _MIRROR[kind]
    if name is None or value is None:
        return None
    never = {
        exp.GTE: value > highest[name],
        exp.GT: value >= highest[name],
        exp.LTE: value < 0,
        exp.LT: value <= 0,
        exp.EQ: value > highest[name] or value < 0,
    }
    return name if never[kind] else None


def _score(node: exp.Expr, highest: Mapping[str, float]) -> str | None:
    return node.name if isinstance(node, exp.Column) and node.name in highest else None


def _value(node: exp.Expr) -> float | None:
    bare = node.this if isinstance(node, exp.Neg) else node
    return number(node) if isinstance(bare, exp.Literal) and not bare.is_string else None


def _or_infinite(value: float | None) -> float:
    return math.inf if value is None else value
