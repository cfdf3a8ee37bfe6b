"""The audit: every lead that qualified in a period is, at its end, in exactly one state, and none is lost.

The states are tried in order (`STATES`), and the first that holds at that moment is the lead's. Leads of
history (qualified before going live, or with a source's first load, and not taken over by then) are counted
apart: nobody owes them anything. A live lead that is in none, or is open without a clock that runs, is a
finding.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accord import workspace
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.past import ENDING, Past, past_of
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

STATES = ("erased", "merged", "won", "lost", "disqualified", "recycled", "returned", "contacted", "open")
LONG_AGO, FOREVER = datetime(1, 1, 1), datetime(9999, 12, 31)

_DECIDED = "SELECT * FROM decisions_accounted ORDER BY decided_at, name, merged"
_SAID = "SELECT said.lead, said.at, said.verdict FROM lead_verdicts AS said"
_PEOPLE = """
SELECT actors.actor, people.person_id FROM actors JOIN people ON actors.person = people.person
WHERE actors.actor IN (SELECT unnest(?))
"""

Row = dict[str, Any]
Key = tuple[str, int, str]


@dataclass(frozen=True)
class Audit:
    """`live` and `history`: how many leads in each state; `leads`: each with its state; `findings`: what is
    wrong, lead by lead. `qualified` is the sum of all states and findings."""

    qualified: int
    live: dict[str, int]
    history: dict[str, int]
    leads: list[Row]
    findings: list[Row]


def audit(
    engine: Engine, agreement: Agreement, start: datetime | None = None, end: datetime | None = None
) -> Audit:
    """Account for every lead that qualified in [start, end), naive UTC, as it stood at `end`; without an end,
    as it stands now."""
    since = midnight(agreement.go_live, agreement.calendar.zone) if agreement.go_live else LONG_AGO
    book = book_of(engine, since, min(end or FOREVER, workspace.now()))
    return account(book, start or LONG_AGO, end or FOREVER)


@dataclass(frozen=True)
class Book:
    """All decisions (`rows`), with what was `said` of their leads and what the desk did (`pasts`), to be read
    as of the moment `at`; `since`: going live."""

    rows: list[Row]
    said: dict[int, list[tuple[datetime, str]]]
    pasts: dict[Key, Past]
    since: datetime
    at: datetime

    def past(self, row: Row) -> Past | None:
        """What the desk did about the lead; None if it was never handed over."""
        return self.pasts.get((row["name"], row["cycle_no"], row["stage"]))


def book_of(engine: Engine, since: datetime, at: datetime) -> Book:
    """The book of a build and the desk."""
    said: dict[int, list[tuple[datetime, str]]] = {}
    for row in engine.query(_SAID).to_pylist():
        said.setdefault(row["lead"], []).append((row["at"], row["verdict"]))
    return Book(engine.query(_DECIDED).to_pylist(), said, _pasts(engine), since, at)


def account(book: Book, start: datetime, end: datetime) -> Audit:
    """The audit of the decisions made in [start, end)."""
    heads = {row["lead"]: row for row in book.rows if not row["merged"]}
    live: Counter[str] = Counter()
    history: Counter[str] = Counter()
    leads, findings = [], []
    for row in book.rows:
        if not start <= row["decided_at"] < end:
            continue
        past, (state, wrong) = book.past(row), _accounted(book, row, heads)
        owed = _is_owed(book, row, past)
        is_open = state == "open" and past is not None
        lead = {
            "lead": row["name"],
            "cycle_no": row["cycle_no"],
            "qualified_at": row["decided_at"],
            "state": state,
            "owner": past.owner(book.at) if past else None,
            "due_at": past.due_at(book.at) if past and is_open else None,
        }
        leads.append(lead)
        if owed and wrong:
            findings.append({**lead, "wrong": wrong})
        else:
            (live if owed else history)[state or "open"] += 1
    return Audit(len(leads), _in_order(live), _in_order(history), leads, findings)


def _accounted(book: Book, row: Row, heads: dict[int, Row]) -> tuple[str | None, str | None]:
    """The first state that holds, and what is wrong with it, or with the lead that one was merged into."""
    if row["erased_at"] is not None and row["erased_at"] <= book.at:
        return "erased", None
    if row["merged"]:
        head = heads.get(row["lead"])
        if head is None:
            return None, "it was merged into a lead that never qualified"
        wrong = _accounted(book, head, heads)[1] if _is_owed(book, head, book.past(head)) else None
        return "merged", f"the lead it was merged into: {wrong}" if wrong else None
    past = book.past(row)
    state = _state(book, row, past)
    return state, _wrong(book, state, past)


def _state(book: Book, row: Row, past: Past | None) -> str | None:
    """The first of the states after merged that holds; None if none does."""
    taken_up = past.taken_up_at(book.at) if past else None
    said = [(at, what) for at, what in book.said.get(row["lead"], ()) if row["decided_at"] <= at <= book.at]
    if row["closed_at"] is not None and row["closed_at"] <= book.at:
        if row["closed_by"] in ("won", "lost"):
            return str(row["closed_by"])
        said.append((row["closed_at"], row["closed_by"]))
    said += past.said_by(book.at) if past else []
    last = max((one for one in said if taken_up is None or one[0] >= taken_up), default=None)
    if last is not None and last[1] in ENDING:
        return last[1]
    contacted = row["first_contact_at"] is not None and row["first_contact_at"] <= book.at
    if contacted or (past is not None and past.contacted(book.at)):
        return "contacted"
    return "open" if past is not None else None


def _wrong(book: Book, state: str | None, past: Past | None) -> str | None:
    """What is wrong with a live lead's being in that state; None if nothing is."""
    if past is None:
        return "it was never handed over"
    if state is None:
        return "it is in no state"
    if state == "open" and not past.has_running_clock(book.at):
        return "it is open and no clock runs"
    return None


def _is_owed(book: Book, row: Row, past: Past | None) -> bool:
    """Whether it was sales' at the moment: qualified live, or taken over by then."""
    live = row["live"] and row["decided_at"] >= book.since
    return bool(live or (past is not None and past.given_by(book.at)))


def _pasts(engine: Engine) -> dict[Key, Past]:
    """What the desk did, by the name a lead was handed over under and, unless another has it, by today's."""
    handoffs = list(
        Handoff.objects.prefetch_related("clocks", "verdicts", "assignments__owner").order_by("decided_at")
    )
    names = {h.person for h in handoffs}
    today = {r["actor"]: r["person_id"] for r in engine.query(_PEOPLE, [sorted(names)]).to_pylist()}
    own = {(h.person, h.cycle_no, h.stage): past_of(h) for h in handoffs}
    renamed = {
        (today.get(h.person, h.person), h.cycle_no, h.stage): own[h.person, h.cycle_no, h.stage]
        for h in reversed(handoffs)
    }
    return {**renamed, **own}


def _in_order(counted: Counter[str]) -> dict[str, int]:
    return {state: counted[state] for state in STATES if counted[state]}
