"""Edits of the agreement that what sales gave back speaks for, each with the evidence.

An edit is suggested only if the leads it would have kept out were returned beyond chance more often than
those that remain, and more of them were returned than accepted. What it does to the whole past, a backtest
tells.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from accord.agreement import parse
from accord.agreement.edits import Edit, edited
from accord.agreement.plain_words import sentences
from accord.agreement.thresholds import moved, thresholds
from accord.errors import MistakesError
from accord.insight.intervals import Share, share
from accord.insight.learning.debits import HALVES, Half, judged, speaks_against
from accord.insight.learning.handed import handover_stage
from accord.insight.learning.holding import still_qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from accord.agreement import Agreement
    from accord.insight.learning.handed import Handed

ENOUGH = 8
"""With fewer judged leads among those an edit would keep out nothing is suggested."""
MOST = 5
"""So many suggestions are made at most."""
STEP, STEPS = 5, 8
"""Thresholds of a definition are tried in so many steps of so many points."""

Kind = Literal["cap", "points", "threshold", "exclude"]


@dataclass(frozen=True)
class Suggestion:
    """One edit; `says` tells it in words, `draft` is the whole file with it made.

    `kept_out`: of the judged leads that would not have qualified, the share returned for a reason that speaks
    against them; `remaining`: that of the others. `reason` is the commonest of these, `accepted` how many
    good leads it would have cost.
    """

    kind: Kind
    about: str
    edit: Edit
    says: str
    draft: str
    kept_out: Share
    remaining: Share
    reason: str
    accepted: int

    @property
    def gain(self) -> int:
        """How many more of the leads it keeps out were returned than accepted."""
        return self.kept_out.count - self.accepted

    @property
    def excess(self) -> float:
        """How many more of them were returned than if they were like the others."""
        return self.kept_out.count - self.kept_out.of * (self.remaining.share or 0.0)


@dataclass(frozen=True)
class _Candidate:
    kind: Kind
    about: str
    edit: Edit
    halves: tuple[Half, ...]
    segment: str | None = None


def suggestions(
    leads: Sequence[Handed], agreement: Agreement, text: str, messages: str | None
) -> list[Suggestion]:
    """The edits that the verdicts on these leads speak for, one of each subject, first what would spare most.

    `text` is the agreement's file, `messages` that of its messages.
    """
    qualified = still_qualified(leads, agreement)
    said = [lead for lead in judged(leads) if lead.lead in qualified]
    found: dict[tuple[str, str], Suggestion] = {}
    for candidate in _candidates(said, agreement):
        made = _suggestion(candidate, said, agreement, text, messages)
        before = found.get((candidate.kind, candidate.about))
        if made and (before is None or made.gain > before.gain):
            found[candidate.kind, candidate.about] = made
    return sorted(found.values(), key=lambda one: (-one.excess, one.kind, one.about))[:MOST]


def _suggestion(
    candidate: _Candidate, said: Sequence[Handed], agreement: Agreement, text: str, messages: str | None
) -> Suggestion | None:
    draft = edited(text, [candidate.edit])
    try:
        changed = parse(draft, messages=messages)
    except MistakesError:
        return None
    keeps = still_qualified(said, changed)
    out = [lead for lead in said if lead.lead not in keeps or _within(lead, candidate.segment)]
    gone = {lead.lead for lead in out}
    against = speaks_against(agreement)
    spoken = [lead.reason or "" for lead in out if against.get(lead.reason or "") in candidate.halves]
    kept_out, accepted = share(len(spoken), len(out)), sum(lead.verdict == "accepted" for lead in out)
    rest = [lead for lead in said if lead.lead not in gone]
    remaining = share(sum(against.get(lead.reason or "") in candidate.halves for lead in rest), len(rest))
    beyond_chance = kept_out.low is not None and kept_out.low > (remaining.share or 0.0)
    if len(out) < ENOUGH or not beyond_chance or len(spoken) <= accepted:
        return None
    reason = Counter(spoken).most_common(1)[0][0]
    says = " ".join(words for words, _only_words in sentences(agreement, changed))
    told = candidate.kind, candidate.about, candidate.edit, says, draft
    return Suggestion(*told, kept_out, remaining, reason, accepted)


def _within(lead: Handed, segment: str | None) -> bool:
    return segment is not None and lead.segment == segment


def _candidates(said: Sequence[Handed], agreement: Agreement) -> Iterator[_Candidate]:
    yield from _caps(agreement)
    yield from _points(agreement)
    yield from _thresholds(agreement)
    yield from _exclusions(said, agreement)


def _caps(agreement: Agreement) -> Iterator[_Candidate]:
    """A lower cap for what people do: that of one touch, of one and a half, of two."""
    for name, rule in agreement.scoring.engagement.items():
        for times in (1, 1.5, 2):
            cap = _round(rule.points * times)
            if cap < (rule.cap or float("inf")):
                yield _Candidate(
                    "cap", name, Edit(("scoring", "engagement", name, "cap"), cap), ("engagement",)
                )


def _points(agreement: Agreement) -> Iterator[_Candidate]:
    """Half the points, or none, for who people are."""
    for name, rule in agreement.scoring.fit.items():
        for points in (rule.points / 2, 0.0) if rule.points > 0 else ():
            edit = Edit(("scoring", "fit", name, "points"), _round(points))
            yield _Candidate("points", name, edit, ("fit",))


def _thresholds(agreement: Agreement) -> Iterator[_Candidate]:
    """More points asked for by the definition, one comparison at a time."""
    stage = handover_stage(agreement)
    gate = agreement.stage(stage).when if stage else None
    for one in thresholds(gate) if gate else ():
        halves = HALVES if one.field == "score" else tuple(half for half in HALVES if half == one.field)
        for step in range(1, STEPS + 1):
            when = moved(gate, one, one.value + STEP * step) if gate else ""
            yield _Candidate("threshold", one.text, Edit(("stages", stage or "", "when"), when), halves)


def _exclusions(said: Iterable[Handed], agreement: Agreement) -> Iterator[_Candidate]:
    """A segment that is not the audience."""
    present = {lead.segment for lead in said}
    taken = {one.name for one in agreement.audience.exclude}
    for segment in agreement.audience.segments:
        if segment.name in present and segment.name not in taken:
            what = {"name": segment.name, "where": segment.where.text}
            edit = Edit(("audience", "exclude", len(agreement.audience.exclude)), what)
            yield _Candidate("exclude", segment.name, edit, ("fit",), segment.name)


def _round(points: float) -> float:
    return int(points) if points == int(points) else round(points, 1)
