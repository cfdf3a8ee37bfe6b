"""Handoffs from decisions: every lead that qualified and has none gets one, with an owner and its clocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.handoff import announce
from accord.desk.handoff.actions.assign import lock_turns, note_assigned, set_owners, team_of
from accord.desk.handoff.actions.closing import close_for_another
from accord.desk.handoff.actions.start import start_clocks
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.people import Pools, holder_of
from accord.desk.hours.calendars import aware
from accord.desk.teams.owners import by_hand
from accord.errors import AccordError
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.teams.models import Team
    from accord.ledger.engine import Engine

MOST_AT_ONCE = 200
"""More handoffs than this in one pass stop and ask: it is more likely a mistake than a good day."""

AT_ONCE = 100
"""As many are made in one transaction; others wait for it to end."""

LONG_AGO = datetime(1, 1, 1)

_OF_BUILD = ("person", "cycle_no", "stage", "decided_at", "version", "route_no", "hot")
_OWNED_COLUMNS = """
       coalesce(routes.route_no, 0) AS route_no,
       accounts.owner_id AS account_owner, account_owners.email AS account_owner_email,
       leads.owner_id AS person_owner, person_owners.email AS person_owner_email,
       coalesce(scored.hand_raiser, FALSE) AS hot
"""
_OWNED = """
LEFT JOIN lead_routes AS routes ON leads.lead = routes.lead
LEFT JOIN present_leads AS scored ON leads.lead = scored.lead
LEFT JOIN accounts ON leads.account = accounts.account
LEFT JOIN owner_names AS account_owners ON accounts.owner_id = account_owners.owner_id
LEFT JOIN owner_names AS person_owners ON leads.owner_id = person_owners.owner_id
"""
_QUALIFIED = " ".join(
    (
        "SELECT waiting.person_id AS person, waiting.cycle_no, waiting.stage, waiting.decided_at,",
        "waiting.version,",
        _OWNED_COLUMNS,
        "FROM handoff_leads AS waiting JOIN leads ON waiting.lead = leads.lead",
        _OWNED,
        "WHERE waiting.live = ? ORDER BY waiting.decided_at, waiting.person_id",
    )
)
_BESIDE = " ".join(
    (
        "SELECT leads.person_id AS person, leads.cycle_no,",
        _OWNED_COLUMNS,
        "FROM leads",
        _OWNED,
        "WHERE leads.known AND leads.closed_at IS NULL AND leads.excluded_by IS NULL",
        "AND leads.lead NOT IN (SELECT lead FROM handoff_leads)",
        "AND leads.person_id IN (SELECT unnest(?)) ORDER BY leads.person_id",
    )
)


class TooManyHandoffs(AccordError):
    """One pass would open more handoffs than anybody expects."""

    code = "too_many_handoffs"


class NotAllMade(AccordError):
    """Some leads could not be handed over; all others were."""

    code = "not_all_handed_over"


@dataclass(frozen=True)
class Qualified:
    """An open lead at the handoff's stage, as the build tells it; moments naive UTC.

    `hot`: the person asked to be contacted.
    """

    person: str
    cycle_no: int
    stage: str
    decided_at: datetime
    version: str
    route_no: int
    owner_email: str | None
    hot: bool = False

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes it one handoff."""
        return self.person, self.cycle_no, self.stage


@dataclass(frozen=True)
class _Batch:
    """Leads that are handed over in one transaction: they take the same route."""

    route_no: int
    leads: Sequence[Qualified]
    calendars: Calendars
    now: datetime
    origin: str
    started_at: datetime | None


def missing(engine: Engine, agreement: Agreement) -> list[Qualified]:
    """The leads that qualified live, since the agreement went live, and have no handoff yet; oldest first."""
    since = midnight(agreement.go_live, agreement.calendar.zone) if agreement.go_live else LONG_AGO
    known = _known(engine)
    return [
        lead for lead in qualified(engine, live=True) if lead.decided_at >= since and lead.key not in known
    ]


def qualified(engine: Engine, *, live: bool) -> list[Qualified]:
    """The build's open leads at the handoff's stage that qualified live, or in history; oldest first."""
    said = by_hand()
    return [
        Qualified(**{name: row[name] for name in _OF_BUILD}, owner_email=holder_of(row, said))
        for row in engine.query(_QUALIFIED, [live]).to_pylist()
    ]


def beside(
    engine: Engine, stage: str, version: str, decided: Mapping[tuple[str, int], datetime]
) -> list[Qualified]:
    """Of leads that another version has decided on (person and cycle, with when), the build's open ones that
    do not qualify by the agreement in force."""
    said, found = by_hand(), engine.query(_BESIDE, [[person for person, _ in decided]]).to_pylist()
    return [
        Qualified(
            row["person"],
            row["cycle_no"],
            stage,
            decided[row["person"], row["cycle_no"]],
            version,
            row["route_no"],
            holder_of(row, said),
            row["hot"],
        )
        for row in found
        if (row["person"], row["cycle_no"]) in decided
    ]


def hand_over(engine: Engine, agreement: Agreement, now: datetime, *, confirmed: bool = False) -> int:
    """Make the missing handoffs; how many. Raises TooManyHandoffs unless confirmed, and NotAllMade."""
    found = missing(engine, agreement)
    if len(found) > MOST_AT_ONCE and not confirmed:
        raise TooManyHandoffs(
            f"{len(found)} leads would be handed over at once.",
            mend="Look at them on the page Leads; then confirm with `accord hand-over --confirm`.",
        )
    return make_all(found, Calendars(agreement, now), now)


def make_all(
    leads: Iterable[Qualified],
    calendars: Calendars,
    now: datetime,
    origin: str = Handoff.Origin.DECIDED,
    started_at: datetime | None = None,
) -> int:
    """Make handoffs with their owners and clocks; how many, for another worker may just have made some.

    Their clocks start when each qualified, or all at `started_at`. A lead that cannot be handed over keeps no
    other waiting; at the end it raises NotAllMade.
    """
    batches = [
        _Batch(route_no, together, calendars, now, origin, started_at)
        for route_no, led in _by_route(leads).items()
        for together in _batched(led)
    ]
    made, failed = 0, []
    for batch in batches:
        try:
            made += _make(batch)
        except Exception:  # one of them is to blame: each is tried alone
            for lead in batch.leads:
                try:
                    made += _make(replace(batch, leads=(lead,)))
                except Exception as error:
                    failed.append(error)
    if failed:
        raise NotAllMade(f"{len(failed)} leads could not be handed over. {failed[0]}") from failed[0]
    return made


@transaction.atomic
def _make(batch: _Batch) -> int:
    """Make the handoffs of a batch that do not exist yet, all or none."""
    team, rule = team_of(batch.calendars.agreement, batch.route_no)
    lock_turns(team)
    persons = [lead.person for lead in batch.leads]
    there = set(Handoff.objects.filter(person__in=persons).values_list("person", "cycle_no", "stage"))
    leads = [lead for lead in batch.leads if lead.key not in there]
    if not leads:
        return 0
    pools, earlier = Pools(batch.calendars.agreement, batch.now), _in_hand(leads)
    had_by = {handoff.person: handoff.owner.email for handoff in earlier if handoff.owner}
    decisions = [pools.route(team, rule, lead.owner_email or had_by.get(lead.person)) for lead in leads]
    for handoff in earlier:
        close_for_another(handoff, batch.now)
    handoffs = [_handoff(lead, team, batch) for lead in leads]
    set_owners(handoffs, decisions)
    Handoff.objects.bulk_create(handoffs)
    note_assigned(team, handoffs, decisions, batch.now)
    start_clocks(handoffs, batch.calendars, batch.started_at)
    hot = {handoff.pk for handoff, lead in zip(handoffs, leads, strict=True) if lead.hot}
    announce.handed_over(handoffs, hot, batch.calendars.agreement, batch.now)
    return len(leads)


def _in_hand(leads: Sequence[Qualified]) -> list[Handoff]:
    """Open handoffs of the same people: they rested, came back, and have qualified anew since."""
    persons = [lead.person for lead in leads]
    return list(Handoff.objects.select_related("owner").filter(person__in=persons, state__in=Handoff.OPEN))


def _handoff(lead: Qualified, team: Team, batch: _Batch) -> Handoff:
    return Handoff(
        person=lead.person,
        cycle_no=lead.cycle_no,
        stage=lead.stage,
        decided_at=aware(lead.decided_at),
        version=lead.version,
        origin=batch.origin,
        team=team,
        state_at=aware(batch.now),
    )


def _batched(leads: Sequence[Qualified]) -> Iterator[Sequence[Qualified]]:
    return (leads[first : first + AT_ONCE] for first in range(0, len(leads), AT_ONCE))


def _by_route(leads: Iterable[Qualified]) -> dict[int, list[Qualified]]:
    """The leads by the route they take, so that a batch needs one team's turns."""
    routed: defaultdict[int, list[Qualified]] = defaultdict(list)
    for lead in leads:
        routed[lead.route_no].append(lead)
    return routed


def _known(engine: Engine) -> set[tuple[str, int, str]]:
    """The handoffs there are, by the name their person has today: people may have been found to be one."""
    made = list(Handoff.objects.values_list("person", "cycle_no", "stage"))
    sql = """
        SELECT actors.actor, people.person_id FROM actors JOIN people ON actors.person = people.person
        WHERE actors.actor IN (SELECT unnest(?)) AND actors.actor <> people.person_id
    """
    renamed = {
        row["actor"]: row["person_id"] for row in engine.query(sql, [[m[0] for m in made]]).to_pylist()
    }
    return {(renamed.get(person, person), cycle_no, stage) for person, cycle_no, stage in made}
