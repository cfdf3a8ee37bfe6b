"""From a file to an agreement, with every mistake gathered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import Any

from accord.agreement.agreement import Agreement, Calendar, Stage, Target
from accord.agreement.checks import Finding, Names, check_file, check_messages
from accord.agreement.fields import AUDIENCE_FIELDS, LEAD_FIELDS, SCORE_FIELDS, TOUCH_FIELDS, Known
from accord.agreement.messages import Messages
from accord.agreement.models import AgreementFile, CalendarRule, OpenBlock, Reading, days_of, kind_of
from accord.agreement.validation import Checker
from accord.agreement.yaml_tree import LARGEST, MOST, TOO_LARGE, read_yaml
from accord.errors import Mistake, MistakesError

_PLACEHOLDERS: Mapping[str, Any] = {"agreement": "unnamed", "currency": "EUR", "stages": {}}
_OFFICE = (OpenBlock(time(9), time(17)),)
DEFAULT_CALENDAR = Calendar("UTC", MappingProxyType(dict.fromkeys(range(5), _OFFICE)))
"""Used where an agreement has none: UTC, Monday to Friday, 09:00 to 17:00."""


def load(path: Path) -> Agreement:
    """The agreement in the file `path`, with its messages file beside it. Raises MistakesError."""
    return _whole(*_load(path))


def parse(text: str, file: str = "agreement.yaml", messages: str | None = None) -> Agreement:
    """The agreement written in `text`; `messages` is the text of its messages file. Raises MistakesError.

    `file` is the name shown in mistakes.
    """
    return _whole(*_parse(text, file, messages))


def check(path: Path) -> list[Mistake]:
    """Every mistake in the agreement `path` and its messages file, in order; empty if it is fine."""
    return sorted(_load(path)[1])


def _whole(agreement: Agreement | None, mistakes: list[Mistake]) -> Agreement:
    if agreement is None or mistakes:
        raise MistakesError(mistakes)
    return agreement


def _load(path: Path) -> tuple[Agreement | None, list[Mistake]]:
    text, mistakes = _text(path)
    if text is None:
        return None, mistakes
    return _parse(text, str(path), None, path.parent)


def _text(path: Path, missing: str = "Check the path.") -> tuple[str | None, list[Mistake]]:
    """The text of a file, or the mistake that keeps it from being read."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            mend = "An agreement is a few pages; is this the file?"
            return None, [Mistake(str(path), 0, 0, "", TOO_LARGE, mend)]
        return raw.decode("utf-8-sig"), []
    except FileNotFoundError:
        return None, [Mistake(str(path), 0, 0, "", "The file does not exist.", missing)]
    except OSError as error:
        return None, [Mistake(str(path), 0, 0, "", f"The file cannot be read: {error.strerror}.", missing)]
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        return None, [
            Mistake(str(path), line, column, "", "This is not UTF-8 text.", "Save the file as UTF-8.")
        ]


def _parse(
    text: str, file: str, messages: str | None, folder: Path | None = None
) -> tuple[Agreement | None, list[Mistake]]:
    source = read_yaml(text, file)
    if source.tree is None or not isinstance(source.tree.value, dict):
        if not source.mistakes:
            found = "is empty" if source.tree is None else f"holds {kind_of(source.tree.value)}, not keys"
            mend = "Begin with the line agreement: followed by your company's name."
            source.mistakes.append(Mistake(file, 0, 0, "", f"The file {found}.", mend))
        return None, source.mistakes
    checker = Checker(source, source.tree, AgreementFile, _PLACEHOLDERS)
    checker.empty_values()
    plain = source.tree.plain()
    model = checker.read(Reading(_contexts(plain)))
    if model is None:
        return None, source.mistakes + checker.mistakes
    names = _names(plain, checker)
    for finding in check_file(model, names)[:MOST]:
        _add(checker, finding)
    content, found_in_messages = _messages(model, names, checker, messages, folder)
    mistakes = source.mistakes + checker.mistakes + found_in_messages
    return (None if mistakes else _agreement(model, content)), mistakes


def _add(checker: Checker[Any], finding: Finding) -> None:
    if checker.hides(finding.path):
        return
    if finding.offset is not None:
        place = checker.condition_place(finding.path, finding.offset)
    else:
        place = checker.place(finding.path, key=finding.key)
    checker.add(place, finding.path, finding.message, finding.mend)


# What conditions may read


def _contexts(plain: Mapping[str, Any]) -> dict[str, dict[str, Known]]:
    own = {name: _known(rule) for name, rule in _mapping(plain.get("fields")).items()}
    lead = {name: Known(type_) for name, type_ in LEAD_FIELDS.items()} | own
    audience = {name: Known(type_, _listed(plain, f"{name}s")) for name, type_ in AUDIENCE_FIELDS.items()}
    score = {name: Known(type_) for name, type_ in SCORE_FIELDS.items()}
    touch = {name: Known(type_) for name, type_ in TOUCH_FIELDS.items()}
    return {"lead": lead, "gate": lead | score | audience, "touch": touch}


def _known(rule: Any) -> Known:
    """An own field as far as it can be read; a mistake in it is reported elsewhere."""
    type_, values = _mapping(rule).get("type"), _mapping(rule).get("values")
    texts = tuple(v for v in values if isinstance(v, str)) if isinstance(values, tuple) else ()
    return Known(type_, texts) if type_ in ("text", "number", "boolean") else Known(None)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(plain: Mapping[str, Any], key: str) -> tuple[str, ...]:
    items = _mapping(plain.get("audience")).get(key)
    names = (_mapping(item).get("name") for item in items) if isinstance(items, tuple) else ()
    return tuple(name for name in names if isinstance(name, str))


def _names(plain: Mapping[str, Any], checker: Checker[Any]) -> Names:
    broken = frozenset(str(path[0]) for path in checker.wrong_paths if path)
    stages = tuple(name for name in _mapping(plain.get("stages")) if name != "detours")
    return Names(stages, _listed(plain, "segments"), _listed(plain, "personas"), broken)


# The messages file


def _messages(
    model: AgreementFile, names: Names, checker: Checker[Any], text: str | None, folder: Path | None
) -> tuple[Messages, list[Mistake]]:
    if model.messages is None:
        return Messages(), []
    if not re.fullmatch(r"[\w][\w .-]*", model.messages):
        mend = "Write a plain name such as messages.yaml."
        _add(checker, Finding(("messages",), "The messages file must lie beside this one.", mend))
        return Messages(), []
    file = model.messages
    if text is None and folder is not None:
        file = str(folder / model.messages)
        text, mistakes = _text(
            folder / model.messages, "Create it beside the agreement, or remove the key messages."
        )
        if text is None:
            _add(checker, Finding(("messages",), f"{mistakes[0].message}", mistakes[0].mend))
            return Messages(), []
    if text is None:
        return Messages(), []
    source = read_yaml(text, file)
    if source.tree is None:
        return Messages(), source.mistakes
    inner = Checker(source, source.tree, Messages, {})
    inner.empty_values()
    content = inner.read(None)
    for finding in check_messages(content, names) if content is not None else ():
        _add(inner, finding)
    return content or Messages(), source.mistakes + inner.mistakes


# The result


def _agreement(model: AgreementFile, messages: Messages) -> Agreement:
    stages = tuple(
        Stage(name, rule.kind, rule.enter, rule.when, rule.evidence, rule.label, rule.within)
        for name, rule in model.stages.rules.items()
    )
    return Agreement(
        name=model.agreement,
        schema_version=model.schema_version,
        currency=model.currency,
        year_starts=model.year_starts,
        go_live=model.go_live,
        calendar=DEFAULT_CALENDAR if model.calendar is None else _calendar(model.calendar),
        fields=model.fields,
        audience=model.audience,
        scoring=model.scoring,
        stages=stages,
        detours=model.stages.detours,
        verdicts=model.verdicts,
        handoff=model.handoff,
        sla=model.sla,
        targets=_targets(model),
        messages_file=model.messages,
        messages=messages,
        attribution=model.attribution,
    )


def _calendar(rule: CalendarRule) -> Calendar:
    opened = {day: blocks for key, blocks in rule.days.items() for day in days_of(key)}
    dates = sorted(date.fromisoformat(text) for text in rule.holidays if text[0].isdigit())
    codes = tuple(text for text in rule.holidays if not text[0].isdigit())
    return Calendar(rule.zone, MappingProxyType(dict(sorted(opened.items()))), codes, tuple(dates))


def _targets(model: AgreementFile) -> tuple[Target, ...]:
    found = []
    for rule in model.targets:
        ((metric, value),) = (rule.__pydantic_extra__ or {}).items()
        only = rule.segment, rule.channel, rule.team
        if rule.year is not None:
            found.append(Target(metric, value, "year", str(rule.year), *only))
        elif rule.quarter is not None:
            found.append(Target(metric, value, "quarter", rule.quarter, *only))
        elif rule.month is not None:
            found.append(Target(metric, value, "month", rule.month, *only))
    return tuple(found)
