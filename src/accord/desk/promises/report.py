"""Both teams' promises of a period at a moment: the same for the page, its files and the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.desk.handoff.models import STAGE, Clock
from accord.desk.hours.calendars import open_time_of
from accord.desk.promises.given import Lead, leads_given
from accord.desk.promises.marketing import Delivering
from accord.desk.promises.sales import Responding
from accord.errors import AccordError
from accord.insight.metrics import targets
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.insight.metrics.targets import Period
    from accord.ledger.engine import Engine

LONG_AGO = datetime(1, 1, 1)


class UnknownPeriod(AccordError):
    """There is no such period in what was built."""

    code = "unknown_period"


@dataclass(frozen=True)
class Report:
    """The promises of both sides in `period`, as they stand at `at`; `leads` are those handed to sales."""

    period: Period
    at: datetime
    marketing: list[Delivering]
    sales: list[Responding]
    leads: list[Lead]

    @property
    def answers_owed(self) -> int:
        """Leads on which sales is late with something, each promise for itself."""
        return sum(promise.owed for promise in self.sales)

    def flagged(self) -> list[tuple[Lead, str]]:
        """Leads of the period rejected without an attempt, or rejected and won later."""
        inside = [lead for lead in self.leads if self.period.start <= lead.at < self.period.end]
        untried = [(lead, "untried") for lead in inside if lead.rejected_untried(self.at)]
        return untried + [(lead, "then_won") for lead in inside if lead.rejected_then_won(self.at)]

    def rows(self) -> list[dict[str, Any]]:
        """One row a promise, for tables and files."""
        return [_marketing_row(p) for p in self.marketing] + [_sales_row(p) for p in self.sales]


def report(engine: Engine, agreement: Agreement, period: Period, at: datetime) -> Report:
    """The promises of a period as they stand at a moment (naive UTC)."""
    since = midnight(agreement.go_live, agreement.calendar.zone) if agreement.go_live else LONG_AGO
    handed = agreement.handoff.at if agreement.handoff else None
    stages = [*(clause.of for clause in agreement.sla.marketing), *([handed] if handed else [])]
    found = leads_given(engine, stages, since)
    owed_since = since if agreement.go_live else min((lead.at for lead in found), default=since)
    calendar = targets.periods(engine, days=False)
    open_time = open_time_of(None, agreement, at)
    marketing = [
        Delivering(clause, _of(found, clause.of, clause.segment), calendar, open_time, period, owed_since, at)
        for clause in agreement.sla.marketing
    ]
    leads = _of(found, handed, None)
    titles = promised_by_sales(agreement)
    sales = [Responding(promise, title, leads, period, at) for promise, title in titles.items()]
    return Report(period, at, marketing, sales, leads)


def period_of(engine: Engine, agreement: Agreement, label: str | None, now: datetime) -> Period:
    """The period called so, else the running one of marketing's first promise. Raises UnknownPeriod."""
    kind = default_kind(agreement)
    for period in targets.periods(engine, days=False):
        running = period.kind == kind and period.start <= now < period.end
        if period.label == label or (label is None and running):
            return period
    raise UnknownPeriod(
        f"There is no period {label or 'of today'} in the build.",
        mend="Write 2026-11 for a month, 2026-W46, 2026Q4 or 2026 for others; build anew for today's.",
    )


def default_kind(agreement: Agreement) -> str:
    """The kind of period that marketing's first promise is about; months without one."""
    return next((clause.per for clause in agreement.sla.marketing), "month")


def promised_by_sales(agreement: Agreement) -> dict[str, str]:
    """Sales' promises with their titles."""
    clauses = agreement.sla.sales
    titles: dict[str, str] = {}
    if clauses.accept:
        titles[Clock.Promise.ACCEPT] = _("An answer within %(time)s") % {"time": clauses.accept.within}
    if clauses.first_contact:
        titles[Clock.Promise.FIRST_CONTACT] = _("First contact within %(time)s") % {
            "time": clauses.first_contact.within
        }
    if clauses.follow_up:
        titles[Clock.Promise.FOLLOW_UP] = ngettext(
            "%(n)s attempt within %(time)s", "%(n)s attempts within %(time)s", clauses.follow_up.attempts
        ) % {"n": clauses.follow_up.attempts, "time": clauses.follow_up.within}
    for stage in agreement.stages:
        if stage.within:
            titles[f"{STAGE}{stage.name}"] = _("On from %(stage)s within %(time)s") % {
                "stage": stage.title,
                "time": stage.within,
            }
    return titles


def promised_by_marketing(promise: Delivering, agreement: Agreement) -> str:
    """The title of one of marketing's promises: 120 accepted MQL a month."""
    clause = promise.clause
    words = {
        "n": clause.deliver,
        "stage": agreement.stage(clause.of).title,
        "segment": f" ({clause.segment})" if clause.segment else "",
        "per": {"week": _("week"), "month": _("month"), "quarter": _("quarter"), "year": _("year")}[
            clause.per
        ],
    }
    if clause.that == "accepted":
        return _("%(n)s accepted %(stage)s%(segment)s per %(per)s") % words
    if clause.that == "qualified":
        return _("%(n)s qualified %(stage)s%(segment)s per %(per)s") % words
    return _("%(n)s %(stage)s%(segment)s per %(per)s") % words


def _of(leads: list[Lead], stage: str | None, segment: str | None) -> list[Lead]:
    return [lead for lead in leads if lead.stage == stage and segment in (None, lead.segment)]


def _marketing_row(promise: Delivering) -> dict[str, Any]:
    clause, pace, counts = promise.clause, promise.pace, promise.counts
    return _row(
        "marketing",
        f"deliver {clause.deliver} of {clause.of}" + (f" that {clause.that}" if clause.that else ""),
        promise.period.label,
        pace.state if promise.is_owed else "off",
        owed=pace.owed,
        done=pace.done,
        due_by_now=pace.due,
        forecast=pace.forecast,
        carried_in=promise.carried_in,
        open_debt=promise.debt,
        excluded=counts["excluded"],
        waiting=counts["awaiting"] + counts["in_dispute"],
        taken_out=counts["returned"] + counts["withdrawn"],
    )


def _sales_row(promise: Responding) -> dict[str, Any]:
    counts = promise.counts
    waiting = sum(counts[state] for state in ("running", "at_risk", "unconfirmed"))
    return _row(
        "sales",
        promise.promise,
        promise.period.label,
        promise.state,
        owed=promise.decided,
        done=counts["kept"],
        carried_in=counts["carried_over"],
        open_debt=promise.owed,
        excluded=counts["excluded"],
        waiting=waiting,
        broken=counts["broken"],
        at_risk=counts["at_risk"],
        stopped=counts["stopped"],
    )


NUMBERS = (
    *("owed", "done", "due_by_now", "forecast", "carried_in", "open_debt", "waiting", "excluded"),
    *("taken_out", "broken", "at_risk", "stopped"),
)


def _row(side: str, promise: str, period: str, state: str, **numbers: int | None) -> dict[str, Any]:
    """A row with the same columns for both sides; a number that does not apply is None."""
    shown = {name: numbers.get(name) for name in NUMBERS}
    return {"side": side, "promise": promise, "period": period, "state": state, **shown}
