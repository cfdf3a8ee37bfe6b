"""The promises as the page shows them: cards, who owes whom, the ledger by week or month, the leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accord.desk.promises.report import Report, promised_by_marketing
from accord.desk.promises.words import APPLIES, ICONS, SHORT, STATES
from accord.desk.shell.filters import title

if TYPE_CHECKING:
    from accord.desk.promises.given import Lead
    from accord.desk.promises.marketing import Delivering
    from accord.desk.promises.sales import Answer, Responding
    from accord.desk.reading import Reading
    from accord.insight.metrics.targets import Period

WITHIN = {"week": "day", "month": "week", "quarter": "month", "year": "month"}
"""The shorter periods a ledger is told by."""


def marketing_card(number: int, promise: Delivering, reading: Reading) -> dict[str, Any]:
    """One of marketing's promises."""
    pace, zone = promise.pace, reading.agreement.calendar.zone
    longest = max(pace.owed, pace.done, pace.forecast or 0, 1)
    return {
        "key": f"marketing-{number}",
        "title": promised_by_marketing(promise, reading.agreement),
        "state": STATES[pace.state if promise.is_owed else "off"],
        "pace": pace,
        "carried_in": promise.carried_in,
        "tally": _tally(promise.counts),
        "bars": {
            "done": f"{max(pace.done, 0) / longest:.3f}",
            "forecast": f"{max(pace.forecast or pace.done, 0) / longest:.3f}",
            "owed": f"{pace.owed / longest:.3f}",
        },
        "running": pace.gone < pace.whole,
        "past": [{"label": title(p, zone), **_badge(state)} for p, state in promise.before()],
    }


def sales_card(promise: Responding) -> dict[str, Any]:
    """One of sales' promises."""
    return {
        "key": promise.promise,
        "title": promise.title,
        "state": STATES[promise.state],
        "share": promise.share,
        "decided": promise.decided,
        "tally": _tally(promise.counts),
        "bar": f"{promise.share or 0:.3f}",
        "owed": promise.owed,
    }


def ledger(report: Report, calendar: Sequence[Period], zone: str) -> list[dict[str, Any]]:
    """The period in shorter ones: what marketing gave and owed, and how sales answered."""
    kind = WITHIN.get(report.period.kind, "week")
    start, end = report.period.start, report.period.end
    parts = [p for p in calendar if p.kind == kind and p.start < min(end, report.at) and p.end > start]
    cut = [replace(p, start=max(p.start, start), end=min(p.end, end)) for p in parts]
    return [_ledger_row(report, part, zone) for part in cut]


def leads_of(report: Report, key: str, applies: str | None) -> list[dict[str, Any]] | None:
    """The leads under one promise's number, or under all its numbers; None if there is no such promise."""
    if key == "flags":
        rows = [_row(lead, lead.at, flag, None, 0) for lead, flag in report.flagged()]
    elif key.startswith("marketing-") and key[10:].isdecimal() and int(key[10:]) < len(report.marketing):
        lines = report.marketing[int(key[10:])].lines
        rows = [_row(line.lead, line.at, line.applies, line.reason, line.amount) for line in lines]
    elif found := next((promise for promise in report.sales if promise.promise == key), None):
        answers = [answer for answer in found.answers if applies != "owed" or answer.is_owed]
        rows = [_row(answer.lead, answer.due_at, answer.applies, _why(answer), 0) for answer in answers]
        applies = None if applies == "owed" else applies
    else:
        return None
    if applies == "delivered":
        return [row for row in rows if row["amount"]]
    return [row for row in rows if applies in (None, row["applies"])]


def with_names(rows: Iterable[dict[str, Any]], reading: Reading) -> tuple[list[dict[str, Any]], int]:
    """The rows of leads that the reader may see, with what they may know of them; and how many others."""
    given = list(rows)
    columns = ("lead", "name", "company", "segment", "channel")
    sql = reading.scope.select("lead_list", *columns).where(f"lead IN ({_keys(given)})").sql(dialect="duckdb")
    seen = {row["lead"]: row for row in reading.rows(sql)} if given else {}
    shown = [{**seen[row["lead"]], **row} for row in given if row["lead"] in seen]
    return shown, len(given) - len(shown)


def _keys(rows: Sequence[dict[str, Any]]) -> str:
    return ", ".join(str(int(row["lead"])) for row in rows)


def _why(answer: Answer) -> str | None:
    """Why it is left out, or how what was carried over stands."""
    return str(APPLIES[answer.state]) if answer.applies == "carried_over" else answer.reason


def _row(lead: Lead, at: datetime | None, applies: str, reason: str | None, amount: int) -> dict[str, Any]:
    return {
        "lead": lead.lead,
        "link": f"lead={lead.lead}",
        "qualified_at": lead.at,
        "at": at,
        "applies": applies,
        "word": str(APPLIES[applies]),
        "reason": reason,
        "amount": amount,
    }


def _tally(counts: Any) -> list[dict[str, Any]]:
    return [
        {"applies": name, "word": word, "icon": ICONS[name], "number": counts[name]}
        for name, word in SHORT.items()
        if counts[name]
    ]


def _badge(state: str) -> dict[str, Any]:
    shown, word = STATES[state]
    icon = {"ok": "circle-check", "bad": "octagon-x", "risk": "triangle-alert"}.get(shown, "circle-dashed")
    return {"tone": shown, "word": word, "icon": icon}


def _ledger_row(report: Report, part: Period, zone: str) -> dict[str, Any]:
    given = [replace(promise, period=part) for promise in report.marketing[:1]]
    answers = {str(p.promise): replace(p, period=part).counts for p in report.sales}
    owed, done = (given[0].pace.due, given[0].pace.done) if given else (0, 0)
    none = Counter[str]()
    accept, contact = answers.get("accept", none), answers.get("first_contact", none)
    return {
        "period": title(part, zone),
        "delivered": done,
        "owed": owed,
        "balance": done - owed,
        "handed_over": sum(part.start <= lead.at < min(part.end, report.at) for lead in report.leads),
        "answered_in_time": accept["kept"],
        "answered_late": accept["broken"],
        "contacted_in_time": contact["kept"],
        "contacted_late": contact["broken"],
    }
