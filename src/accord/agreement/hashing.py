"""Telling versions apart: what changes numbers (behaviour) and what is only words (wording)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from accord.agreement.conditions import Condition
from accord.agreement.durations import Duration
from accord.agreement.models import OpenBlock

if TYPE_CHECKING:
    from accord.agreement.agreement import Agreement

WORDS = frozenset({"label", "pains", "goals", "objections", "buys"})
"""Keys that are only words wherever they stand."""

WORD_SECTIONS = frozenset({"name", "schema_version", "messages", "messages_file"})
"""Attributes of the whole agreement that are only words (or only the form of the file)."""

UNORDERED = frozenset(
    {"values", "touches", "models", "returns", "marketing", "escalate", "targets", "holidays", "closed"}
)
"""Attributes that are lists whose order means nothing."""

LATER = frozenset({"within", "only_segment", "only_channel", "only_team"})
"""Attributes that agreements could not have at first: without one, an agreement means what it meant then."""


def digest(content: Any) -> str:
    """First 16 hexadecimal characters of the sha256 of canonical JSON."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def behaviour(agreement: Agreement) -> Any:
    """What changes numbers, as plain JSON values, equal for agreements that mean the same."""
    parts = {f.name: getattr(agreement, f.name) for f in fields(agreement) if f.name not in WORD_SECTIONS}
    return _attributes(parts, words=False)


def wording(agreement: Agreement) -> Any:
    """The words, each under its place."""
    whole = {f.name: getattr(agreement, f.name) for f in fields(agreement)}
    found: dict[str, Any] = {"name": agreement.name, "messages": _canonical(agreement.messages, words=True)}
    _collect(_attributes(whole, words=True), "", found)
    return found


def everything(agreement: Agreement) -> dict[str, Any]:
    """All of it, what is counted and what is only words, as plain JSON values by attribute."""
    whole = {f.name: getattr(agreement, f.name) for f in fields(agreement)}
    return _attributes(whole, words=True)


def _collect(value: Any, place: str, found: dict[str, Any]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in WORDS and not isinstance(inner, dict):
                found[f"{place}/{key}"] = inner
            else:
                _collect(inner, f"{place}/{key}", found)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _collect(
                inner,
                f"{place}/{inner['name'] if isinstance(inner, dict) and 'name' in inner else index}",
                found,
            )


def _canonical(value: Any, words: bool) -> Any:
    if isinstance(value, Condition):
        return value.sql()
    if isinstance(value, Duration):
        return [value.seconds, value.business]
    if isinstance(value, OpenBlock):
        return list(value.minutes)
    if isinstance(value, BaseModel):
        return _attributes({name: getattr(value, name) for name in type(value).model_fields}, words)
    if is_dataclass(value) and not isinstance(value, type):
        return _attributes({f.name: getattr(value, f.name) for f in fields(value)}, words)
    if isinstance(value, Mapping):  # names a company chose, never attributes
        return {str(key): _canonical(inner, words) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner, words) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return value


def _attributes(values: Mapping[str, Any], words: bool) -> dict[str, Any]:
    found = {}
    for name, value in values.items():
        if value is None and name in LATER:
            continue
        if words or name not in WORDS:
            plain = _canonical(value, words)
            found[name] = sorted(plain, key=_text) if name in UNORDERED else plain
    return found


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
