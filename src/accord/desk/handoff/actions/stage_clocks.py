"""Clocks of stages of kind sla: they run from when a lead in hand enters the stage until it goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Min, Q

from accord.desk.handoff.actions.evidence import apply
from accord.desk.handoff.actions.start import run
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import STAGE, Clock, Handoff
from accord.desk.hours.calendars import aware, naive

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.agreement.agreement import Stage
    from accord.agreement.durations import Duration
    from accord.ledger.engine import Engine

Entered = Mapping[str, datetime]
"""When a lead entered which stages, naive UTC."""

_ENTERED = """
SELECT actors.actor AS name, leads.cycle_no, entered.stage, entered.at
FROM actors
JOIN leads ON actors.person = leads.person
JOIN stage_entries AS entered ON leads.lead = entered.lead
WHERE actors.actor IN (SELECT unnest(?)) AND entered.basis = 'agreement'
"""


def follow_stages(engine: Engine, agreement: Agreement, now: datetime) -> int:
    """Start the clocks of stages that leads in hand have entered, and end those of stages they have left; how
    many clocks changed.

    A clock keeps the time it was started with. A stage entered before sales had the lead counts from then on.
    """
    begun = Clock.objects.filter(promise__startswith=STAGE)
    undecided = begun.filter(Q(state=Clock.State.RUNNING) | Q(broken_at__isnull=False, withdrawn_at=None))
    timed = [stage for stage in agreement.stages if stage.within]
    concerned = Q(pk__in=undecided.values("handoff"))
    if timed:
        concerned |= Q(state__in=Handoff.OPEN)
    handoffs = list(Handoff.objects.filter(concerned).annotate(since=Min("clocks__started_at")))
    if not handoffs:
        return 0
    entered = _entered(engine, {handoff.person for handoff in handoffs})
    by_handoff = {handoff.pk: entered[handoff.person, handoff.cycle_no] for handoff in handoffs}
    started = _start([h for h in handoffs if h.is_open], timed, by_handoff, agreement, now)
    order = [stage.name for stage in agreement.stages]
    clocks = undecided.filter(handoff__in=handoffs).select_related("handoff__owner")
    return started + sum(apply(c, _left(c, by_handoff[c.handoff_id], order), agreement, now) for c in clocks)


def _start(
    handoffs: list[Handoff],
    timed: Iterable[Stage],
    entered: Mapping[int, Entered],
    agreement: Agreement,
    now: datetime,
) -> int:
    known = set(
        Clock.objects.filter(handoff__in=handoffs, promise__startswith=STAGE).values_list(
            "handoff_id", "promise"
        )
    )

    def begun(handoff: Handoff) -> Iterator[Clock]:
        for stage in timed:
            at = entered[handoff.pk].get(stage.name)
            if stage.within and at is not None and (handoff.pk, f"{STAGE}{stage.name}") not in known:
                yield _clock(handoff, stage.name, stage.within, at, agreement)

    return len(run(handoffs, Calendars(agreement, now), begun))


def _clock(handoff: Handoff, stage: str, within: Duration, at: datetime, agreement: Agreement) -> Clock:
    since: datetime = handoff.since or handoff.decided_at  # type: ignore[attr-defined]  # annotated
    return Clock(
        handoff=handoff,
        promise=f"{STAGE}{stage}",
        within_seconds=within.seconds,
        business=within.business,
        version=agreement.behaviour_hash,
        started_at=max(aware(at), since),
    )


def _left(clock: Clock, entered: Entered, order: list[str]) -> datetime | None:
    """When the lead went on to a later stage; None while it has not, or the agreement has no such stage."""
    stage = clock.promise.removeprefix(STAGE)
    if stage not in order:
        return None
    later = [entered[name] for name in order[order.index(stage) + 1 :] if name in entered]
    since = naive(clock.started_at)
    return min((max(at, since) for at in later), default=None)


def _entered(engine: Engine, people: set[str]) -> defaultdict[tuple[str, int], dict[str, datetime]]:
    found: defaultdict[tuple[str, int], dict[str, datetime]] = defaultdict(dict)
    for row in engine.query(_ENTERED, [sorted(people)]).to_pylist():
        found[row["name"], row["cycle_no"]][row["stage"]] = row["at"]
    return found
