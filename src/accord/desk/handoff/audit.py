"""The audit: every lead that qualified in a period is, today, in exactly one state, and none is lost.

The states are tried in order, and the first that holds is the lead's: won, lost, disqualified, recycled,
returned, contacted, open. Leads of history (qualified before going live, or with a source's first load, and
not taken over) are counted apart: nobody owes them anything. A live lead that is in none, or is open without
a clock that runs, is a finding.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accord.desk.handoff.models import Clock, Handoff
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

STATES = ("won", "lost", "disqualified", "recycled", "returned", "contacted", "open")
SAID = (Handoff.State.DISQUALIFIED, Handoff.State.RECYCLED, Handoff.State.RETURNED)
LONG_AGO, FOREVER = datetime(1, 1, 1), datetime(9999, 12, 31)

_LEADS = """
SELECT leads.person_id, leads.cycle_no, decided.stage, decided.decided_at, leads.closed_by,
       leads.first_contact_at, said.verdict, live.at IS NOT NULL AS live
FROM decisions_made AS decided
JOIN handoff_stage ON decided.stage = handoff_stage.stage
JOIN leads ON decided.lead = leads.lead
LEFT JOIN lead_verdicts AS said ON leads.lead = said.lead AND said.nth_last = 1
LEFT JOIN live_moments AS live ON decided.decided_at = live.at
WHERE decided.decided_at >= ? AND decided.decided_at < ?
ORDER BY decided.decided_at, leads.person_id
"""


@dataclass(frozen=True)
class Audit:
    """`live` and `history`: how many leads in each state; `leads`: each with its state; `findings`: what is
    wrong, lead by lead. `qualified` is the sum of all states and findings."""

    qualified: int
    live: dict[str, int]
    history: dict[str, int]
    leads: list[dict[str, Any]]
    findings: list[dict[str, Any]]


def audit(
    engine: Engine, agreement: Agreement, start: datetime | None = None, end: datetime | None = None
) -> Audit:
    """Account for every lead that qualified in [start, end), naive UTC; without them, for all."""
    since = midnight(agreement.go_live, agreement.calendar.zone) if agreement.go_live else LONG_AGO
    handoffs = {
        (row.person, row.cycle_no, row.stage): row for row in Handoff.objects.prefetch_related("clocks")
    }
    live: Counter[str] = Counter()
    history: Counter[str] = Counter()
    leads, findings = [], []
    for row in engine.query(_LEADS, [start or LONG_AGO, end or FOREVER]).to_pylist():
        handoff = handoffs.get((row["person_id"], row["cycle_no"], row["stage"]))
        owed = handoff is not None or (row["live"] and row["decided_at"] >= since)
        state = _state(row, handoff)
        lead = {
            "lead": row["person_id"],
            "cycle_no": row["cycle_no"],
            "qualified_at": row["decided_at"],
            "state": state,
            "owner": handoff.owner.email if handoff and handoff.owner else None,
        }
        wrong = _wrong(state, handoff) if owed else None
        if wrong:
            findings.append({**lead, "wrong": wrong})
        else:
            (live if owed else history)[state or "open"] += 1
        leads.append(lead)
    return Audit(len(leads), _in_order(live), _in_order(history), leads, findings)


def _state(row: dict[str, Any], handoff: Handoff | None) -> str | None:
    """The first state that holds; None if none does."""
    if row["closed_by"] in ("won", "lost", "disqualified", "recycled"):
        return str(row["closed_by"])
    if handoff is not None and handoff.state in SAID:
        return str(handoff.state)
    if row["verdict"] in ("disqualified", "recycled", "returned"):
        return str(row["verdict"])
    met = handoff is not None and any(
        clock.promise == Clock.Promise.FIRST_CONTACT and clock.met_at for clock in handoff.clocks.all()
    )
    if row["first_contact_at"] is not None or met:
        return "contacted"
    return "open" if handoff is not None and handoff.is_open else None


def _wrong(state: str | None, handoff: Handoff | None) -> str | None:
    """What is wrong with a live lead's being in that state; None if nothing is."""
    if handoff is None:
        return "it was never handed over"
    if state is None:
        return "it is in no state"
    if state == "open" and not any(clock.state == Clock.State.RUNNING for clock in handoff.clocks.all()):
        return "it is open and no clock runs"
    return None


def _in_order(counted: Counter[str]) -> dict[str, int]:
    return {state: counted[state] for state in STATES if counted[state]}
