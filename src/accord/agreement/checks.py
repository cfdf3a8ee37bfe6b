"""Checks that look at more than one value: names, order of stages, references, what can be reached."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from accord.agreement.conditions import Condition, did_you_mean
from accord.agreement.fields import GATE_FIELDS, RESERVED
from accord.agreement.messages import Messages
from accord.agreement.models import (
    NAME_PATTERN,
    SCHEMA_VERSION,
    AgreementFile,
    StageRule,
    days_of,
)
from accord.agreement.reach import highest_scores, impossible
from accord.agreement.yaml_tree import Path

ENTER_ORDER = ("accepted", "qualified", "deal_open", "deal_won")


@dataclass(frozen=True)
class Finding:
    """One mistake at a path of the file. `key`: the key is at fault. `offset`: characters into a text."""

    path: Path
    message: str
    mend: str = ""
    key: bool = False
    offset: int | None = None


@dataclass(frozen=True)
class Names:
    """Names the file gives, also in parts that could not be read, so that one mistake does not make ten."""

    stages: tuple[str, ...]
    segments: tuple[str, ...]
    personas: tuple[str, ...]
    broken: frozenset[str]
    """Sections of which a part could not be read."""


def check_file(file: AgreementFile, names: Names) -> list[Finding]:
    """All mistakes that need more than one value to see."""
    checks: tuple[Callable[[AgreementFile, Names], Iterable[Finding]], ...] = (
        _schema,
        _calendar,
        _fields,
        _audience,
        _fit,
        _engagement,
        _stage_names,
        _stage_kinds,
        _stage_order,
        _gates,
        _verdicts,
        _handoff,
        _marketing,
        _escalation,
        _business_hours,
        _targets,
        _attribution,
    )
    return [finding for check in checks for finding in check(file, names)]


def _schema(file: AgreementFile, names: Names) -> Iterator[Finding]:
    if file.schema_version > SCHEMA_VERSION:
        message = f"This file has form {file.schema_version}; this Accord reads up to {SCHEMA_VERSION}."
        yield Finding(("schema",), message, "Update Accord.")


def _calendar(file: AgreementFile, names: Names) -> Iterator[Finding]:
    if file.calendar is None:
        return
    seen: dict[int, str] = {}
    for key in file.calendar.days:
        path = ("calendar", key)
        try:
            days = days_of(key)
        except ValueError:
            near = did_you_mean(key, ("zone", "holidays"), "Days are mon, mon-fri or mon,wed.")
            yield Finding(path, f"{key!r} is neither a day nor a setting of the calendar.", near, key=True)
            continue
        for day in days:
            if day in seen:
                yield Finding(
                    path, f"A day of {key!r} stands in {seen[day]!r} already.", "Keep one.", key=True
                )
                break
        seen |= dict.fromkeys(days, key)
    if not file.calendar.days and "calendar" not in names.broken:
        yield Finding(("calendar",), "The calendar has no open day.", 'Add mon-fri: "09:00-17:30".', key=True)


def _named(path: Path, keys: Iterable[str]) -> Iterator[Finding]:
    for key in keys:
        if not re.fullmatch(NAME_PATTERN, key):
            mend = "Use small letters, digits and _, beginning with a letter."
            yield Finding((*path, key), f"{key!r} is not a name.", mend, key=True)


def _fields(file: AgreementFile, names: Names) -> Iterator[Finding]:
    yield from _named(("fields",), file.fields)
    for name, field in file.fields.items():
        path: Path = ("fields", name)
        if name in GATE_FIELDS:
            yield Finding(
                path, f"The field {name!r} exists already.", "Use it, or choose another name.", key=True
            )
        elif name in RESERVED:
            yield Finding(
                path, f"{name!r} is a word of the condition language.", "Choose another name.", key=True
            )
        if field.values and field.type != "text":
            yield Finding(
                (*path, "values"), f"Only text has values; this is a {field.type}.", "Remove values."
            )
        yield from _twice((*path, "values"), field.values, ())


def _audience(file: AgreementFile, names: Names) -> Iterator[Finding]:
    audience = file.audience
    for key, items in (
        ("personas", audience.personas),
        ("segments", audience.segments),
        ("exclude", audience.exclude),
    ):
        yield from _twice(("audience", key), [item.name for item in items], ("name",))


def _twice(path: Path, values: Iterable[str], inner: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield Finding((*path, index, *inner), f"{value!r} stands here twice.", "Keep one, or rename it.")
        seen.add(value)


def _fit(file: AgreementFile, names: Names) -> Iterator[Finding]:
    yield from _named(("scoring", "fit"), file.scoring.fit)
    for name, rule in file.scoring.fit.items():
        if rule.points == 0:
            path = ("scoring", "fit", name, "points")
            yield Finding(path, "A rule of 0 points does nothing.", "Give it points, or remove it.")


def _engagement(file: AgreementFile, names: Names) -> Iterator[Finding]:
    yield from _named(("scoring", "engagement"), file.scoring.engagement)
    for name, rule in file.scoring.engagement.items():
        path: Path = ("scoring", "engagement", name)
        if name in file.scoring.fit:
            yield Finding(path, f"A fit rule is called {name!r} too.", "Rename one of them.", key=True)
        if rule.half_life is not None and rule.expires is not None:
            mend = "Keep one of them: half_life for points that fade, expires for points that end."
            yield Finding((*path, "expires"), "A rule either fades or expires.", mend)
        if rule.points <= 0:
            fades = rule.half_life is not None or rule.expires is not None
            message = "Engagement points must be positive."
            if fades:
                message = "Points that fade or expire must be positive, or the score would rise by itself."
            yield Finding((*path, "points"), message, "Put penalties under fit, or use audience.exclude.")
        elif rule.cap is not None and rule.cap < rule.points:
            message = f"The cap {rule.cap:g} is below the {rule.points:g} points of a single touch."
            yield Finding((*path, "cap"), message, "Raise the cap or lower the points.")


def _stage_names(file: AgreementFile, names: Names) -> Iterator[Finding]:
    yield from _named(("stages",), file.stages.rules)
    for name in file.stages.rules:
        if name in ("recycled", "disqualified"):
            mend = "Put it under stages.detours."
            yield Finding(("stages", name), f"{name} is a detour, not a stage.", mend, key=True)
        elif name in ("revenue", "pipeline"):
            mend = "Choose another name; a target could not tell them apart."
            yield Finding(("stages", name), f"A stage cannot be called {name}.", mend, key=True)
    if not names.stages and "stages" not in names.broken:
        mend = 'Add at least one, such as mql: {kind: gate, when: "engagement >= 40"}.'
        yield Finding(("stages",), "There is no stage.", mend, key=True)


def _stage_kinds(file: AgreementFile, names: Names) -> Iterator[Finding]:
    for name, stage in file.stages.rules.items():
        path: Path = ("stages", name)
        if stage.kind == "gate":
            if stage.when is None:
                yield Finding(path, "A gate needs a condition.", 'Add when: "...".')
            if stage.enter is not None:
                mend = "Remove enter, or make it sla or inventory."
                yield Finding((*path, "enter"), "A gate is entered by its condition alone.", mend)
        if stage.within is not None and stage.kind != "sla":
            mend = "Remove within, or make it an sla."
            yield Finding((*path, "within"), f"No clock runs in a stage of kind {stage.kind}.", mend)
        if stage.evidence is not None and stage.enter not in ("accepted", "qualified"):
            mend = "Remove evidence, or enter the stage by accepted or qualified."
            yield Finding((*path, "evidence"), "Only a verdict can ask for evidence.", mend)


def _stage_order(file: AgreementFile, names: Names) -> Iterator[Finding]:
    entered: dict[str, str] = {}
    latest = -1
    for name, stage in file.stages.rules.items():
        path: Path = ("stages", name)
        if stage.kind == "gate" and latest >= ENTER_ORDER.index("deal_open"):
            yield Finding(path, "A gate cannot come after a deal is open.", "Move it up.", key=True)
        if stage.enter is None:
            continue
        if stage.enter in entered:
            message = f"Stage {entered[stage.enter]!r} is entered by {stage.enter} already."
            yield Finding((*path, "enter"), message, "Keep one of the two stages.")
            continue
        rank = ENTER_ORDER.index(stage.enter)
        if rank < latest:
            message = f"{stage.enter} comes before {ENTER_ORDER[latest]}, but stands after it."
            yield Finding((*path, "enter"), message, f"Put the stages in the order {', '.join(ENTER_ORDER)}.")
        entered[stage.enter] = name
        latest = max(latest, rank)


def _gate_conditions(file: AgreementFile) -> Iterator[tuple[Path, Condition]]:
    for name, stage in file.stages.rules.items():
        if stage.when is not None:
            yield ("stages", name, "when"), stage.when
    for index, route in enumerate(file.handoff.route if file.handoff else ()):
        yield ("handoff", "route", index, "where"), route.where


def _gates(file: AgreementFile, names: Names) -> Iterator[Finding]:
    highest = highest_scores(file.scoring)
    raises = any(rule.hand_raiser for rule in file.scoring.engagement.values())
    for path, condition in _gate_conditions(file):
        for name, held in (("segment", names.segments), ("persona", names.personas)):
            if name in condition.fields and not held:
                mend = f"Add audience.{name}s, or leave {name} out."
                yield Finding(path, f"There are no {name}s.", mend, offset=_first(condition, name))
        if "scoring" in names.broken:
            continue
        if "hand_raiser" in condition.fields and not raises:
            mend = "Add hand_raiser: true to an engagement rule, or leave hand_raiser out."
            yield Finding(path, "No rule raises a hand.", mend, offset=_first(condition, "hand_raiser"))
        for offset, name, most in impossible(condition, highest):
            message = f"This can never hold: {name} lies between 0 and {most:g}."
            yield Finding(path, message, "Change the threshold, the points or the caps.", offset=offset)


def _first(condition: Condition, field: str) -> int:
    from sqlglot import exp

    columns = condition.expression.find_all(exp.Column)
    return min(int(column.meta["offset"]) for column in columns if column.name == field)


def _verdicts(file: AgreementFile, names: Names) -> Iterator[Finding]:
    yield from _twice(("verdicts", "return"), [item.reason for item in file.verdicts.returns], ("reason",))


def _handoff(file: AgreementFile, names: Names) -> Iterator[Finding]:
    if file.handoff is None:
        return
    at = file.handoff.at
    stage: StageRule | None = file.stages.rules.get(at)
    if at not in names.stages:
        if not names.stages:
            return
        mend = did_you_mean(at, names.stages, f"The stages are {', '.join(names.stages)}.")
        yield Finding(("handoff", "at"), f"There is no stage {at!r}.", mend)
    elif stage is not None and stage.kind != "gate":
        gates = [name for name, rule in file.stages.rules.items() if rule.kind == "gate"]
        mend = f"Hand over at a gate{': ' + ', '.join(gates) if gates else ''}."
        yield Finding(("handoff", "at"), f"{at!r} is not decided by a gate.", mend)


def _marketing(file: AgreementFile, names: Names) -> Iterator[Finding]:
    for index, clause in enumerate(file.sla.marketing):
        path: Path = ("sla", "marketing", index)
        if names.stages and clause.of not in names.stages:
            mend = did_you_mean(clause.of, names.stages, f"The stages are {', '.join(names.stages)}.")
            yield Finding((*path, "of"), f"There is no stage {clause.of!r}.", mend)
        if clause.segment is not None and clause.segment not in names.segments:
            mend = did_you_mean(clause.segment, names.segments, "Add it under audience.segments.")
            yield Finding((*path, "segment"), f"There is no segment {clause.segment!r}.", mend)


def _escalation(file: AgreementFile, names: Names) -> Iterator[Finding]:
    sla = file.sla
    clauses = (sla.sales.accept, sla.sales.first_contact, sla.sales.follow_up)
    if sla.escalate and not any(clauses):
        yield Finding(
            ("sla", "escalate"),
            "There is no time limit to escalate.",
            "Add a clause under sla.sales.",
            key=True,
        )
    seen: set[tuple[int, str | None]] = set()
    last = 0
    for index, rung in enumerate(sla.escalate):
        path: Path = ("sla", "escalate", index)
        if (rung.at, rung.tell or rung.do) in seen:
            yield Finding(path, "This rung stands here twice.", "Keep one.")
        elif rung.at < last:
            yield Finding(
                (*path, "at"), f"{rung.at}% comes after {last}%.", "Put the rungs in order of time."
            )
        seen.add((rung.at, rung.tell or rung.do))
        last = max(last, rung.at)


def _business_hours(file: AgreementFile, names: Names) -> Iterator[Finding]:
    if file.calendar is not None or "calendar" in names.broken:
        return
    sales = file.sla.sales
    for name, clause in (
        ("accept", sales.accept),
        ("first_contact", sales.first_contact),
        ("follow_up", sales.follow_up),
    ):
        if clause is not None and clause.within.business:
            mend = 'Add calendar: {zone: Europe/Berlin, mon-fri: "09:00-17:30"}.'
            yield Finding(("sla", "sales", name, "within"), "Business hours need a calendar.", mend)


def _targets(file: AgreementFile, names: Names) -> Iterator[Finding]:
    seen: set[tuple[object, ...]] = set()
    known = ("revenue", "pipeline", *names.stages)
    for index, target in enumerate(file.targets):
        (metric,) = target.__pydantic_extra__ or {"": 0}
        path: Path = ("targets", index, metric)
        if metric not in known and names.stages:
            mend = did_you_mean(metric, known, f"Use one of {', '.join(known)}.")
            yield Finding(path, f"There is no target {metric!r}.", mend, key=True)
        period = target.year or target.quarter or target.month
        aimed = (metric, period, target.segment, target.channel, target.team)
        if aimed in seen:
            yield Finding(path, f"The target {metric} of {period} stands here twice.", "Keep one.", key=True)
        seen.add(aimed)
        if target.segment is not None and target.segment not in names.segments:
            mend = did_you_mean(target.segment, names.segments, "Add it under audience.segments.")
            wrong = f"There is no segment {target.segment!r}."
            yield Finding(("targets", index, "segment"), wrong, mend)


def _attribution(file: AgreementFile, names: Names) -> Iterator[Finding]:
    attribution = file.attribution
    yield from _twice(("attribution", "models"), attribution.models, ())
    yield from _twice(("attribution", "touches"), attribution.touches, ())
    if "own" in attribution.models and attribution.weights is None:
        path: Path = ("attribution", "models", attribution.models.index("own"))
        yield Finding(path, "The model own needs weights.", "Add attribution.weights.")
    if attribution.weights is not None and "own" not in attribution.models:
        yield Finding(
            ("attribution", "weights"),
            "Nothing uses these weights.",
            "Add own to attribution.models.",
            key=True,
        )


def check_messages(messages: Messages, names: Names) -> Iterator[Finding]:
    """Mistakes in the messages file that need more than one value to see."""
    yield from _twice(("propositions",), [item.name for item in messages.propositions], ("name",))
    yield from _twice(("claims",), [item.name for item in messages.claims], ("name",))
    yield from _twice(("terms",), [item.use for item in messages.terms], ("use",))
    claims = [item.name for item in messages.claims]
    for index, item in enumerate(messages.propositions):
        path: Path = ("propositions", index)
        for place, claim in enumerate(item.claims):
            if claim not in claims:
                mend = did_you_mean(claim, claims, "Add it under claims.")
                yield Finding((*path, "claims", place), f"There is no claim {claim!r}.", mend)
        known = (("persona", item.persona, names.personas), ("segment", item.segment, names.segments))
        for what, name, held in (*known, ("stage", item.stage, names.stages)):
            if name is not None and name not in held:
                mend = did_you_mean(name, held, f"Add it to the agreement, or remove {what}.")
                yield Finding((*path, what), f"The agreement has no {what} {name!r}.", mend)
