"""A restatement: what a sealed report would show now, and how much of the change each cause made.

The past is built anew from the facts known then, and once more for each cause, with what belongs to it let in
on top; the last step is the published build.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord import pipeline
from accord.insight.restatement import CAUSES, Cause, Numbers, Restated, Since, itemise, learnt_since, numbers
from accord.insight.restatement.causes import Learnt
from accord.ledger import facts

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine
    from accord.ledger.writer import Ledger
    from accord.sealing import Sealed
    from accord.settings import Settings


@dataclass(frozen=True)
class Restatement:
    """A sealed report beside today's build: the numbers that differ, and what was learnt in between.

    `versions`: the agreements registered since, each with `version` and `registered_at`.
    """

    sealed: Sealed
    build_id: str
    numbers: list[Restated]
    learnt: list[Learnt]
    versions: list[dict[str, Any]]


@dataclass(frozen=True)
class Present:
    """What is compared with: the published build, the agreement that judges now, and how it was made."""

    ledger: Ledger
    settings: Settings
    agreement: Agreement
    build_id: str
    since: Since
    engine: Engine


def restate(
    present: Present,
    sealed: Sealed,
    then: Agreement,
    progress: Callable[[str], None] = lambda name: None,
) -> Restatement:
    """The sealed report's numbers that are others now, by cause. `then`: the agreement that judged."""
    now = _numbers(present.engine, present.agreement, sealed)
    versions = [
        {"version": row["version"], "registered_at": row["registered_at"]}
        for row in present.ledger.versions()
        if present.since.sealed < row["registered_at"] <= present.since.now
    ]
    learnt = _learnt(present)
    if now == sealed.numbers:
        return Restatement(sealed, present.build_id, [], learnt, versions)
    causes = _causes(present, learnt, versions)
    states = [(Cause.NOT_ITEMISED, _built(present, sealed, then, (), progress))]
    for number, cause in enumerate(causes[:-1], start=1):
        states.append((cause, _built(present, sealed, then, causes[:number], progress)))
    last = causes[-1] if causes else Cause.NOT_ITEMISED
    changed = itemise(sealed.numbers, [*states, (last, now)])
    return Restatement(sealed, present.build_id, changed, learnt, versions)


def as_dict(found: Restatement) -> dict[str, Any]:
    """A restatement as `accord restate --format json` prints it."""
    sealed = found.sealed
    return {
        "sealed": sealed.name,
        "sealed_at": sealed.sealed_at,
        "sealed_by": sealed.sealed_by or None,
        "start": sealed.start,
        "end": sealed.end,
        "sealed_build": sealed.build_id,
        "sealed_version": sealed.version,
        "build": found.build_id,
        "learnt": [{**vars(one)} for one in found.learnt],
        "versions": found.versions,
        "numbers": [_number(one) for one in found.numbers],
    }


def _number(one: Restated) -> dict[str, Any]:
    return {
        **vars(one.number),
        "model": one.number.model or None,
        "was": one.was,
        "now": one.now,
        "change": one.change,
        "parts": [{"cause": cause, "change": change} for cause, change in one.parts],
    }


def _causes(present: Present, learnt: list[Learnt], versions: list[dict[str, Any]]) -> list[Cause]:
    """The causes there are, in their order. Time goes on even where nothing was learnt."""
    found = {one.cause for one in learnt}
    if present.since.now > present.since.sealed:
        found.add(Cause.LOOK_BACK)
    if versions:
        found.add(Cause.AGREEMENT)
    return [cause for cause in CAUSES if cause in found]


def _learnt(present: Present) -> list[Learnt]:
    with pipeline.scratch_engine(present.ledger, present.settings.memory) as engine:
        facts.attach(engine, present.ledger)
        return learnt_since(engine, present.since)


def _built(
    present: Present,
    sealed: Sealed,
    then: Agreement,
    let_in: list[Cause] | tuple[()],
    progress: Callable[[str], None],
) -> Numbers:
    """The numbers by the agreement of then, of the facts known when sealed and those of the causes let in."""
    since = present.since
    request = pipeline.Request(
        then,
        present.settings,
        since.now if let_in else since.sealed,
        reading=since.reading(let_in),
        registered_until=since.sealed,
    )
    name = let_in[-1] if let_in else "as sealed"
    with pipeline.counted(present.ledger, request, lambda step: progress(f"{name}: {step}")) as engine:
        return _numbers(engine, then, sealed)


def _numbers(engine: Engine, agreement: Agreement, sealed: Sealed) -> Numbers:
    return numbers(engine, agreement, sealed.start_at, sealed.end_at)
