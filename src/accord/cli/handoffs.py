"""What the command line asks of the desk about handoffs."""

from __future__ import annotations

import csv
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.workspace import Workspace


class NoLeadColumn(AccordError):
    """A file of leads does not say which they are."""

    code = "no_lead_column"


def dry_run(folder: Path, leads: list[str]) -> list[dict[str, Any]]:
    """Who would get the leads; a name that is a file stands for the leads in its column `lead`."""
    space = _desk(folder)
    from accord.desk.handoff.dry_run import dry_run
    from accord.workspace import now

    names = [name for given in leads for name in _names(given)]
    return dry_run(space.builds.current().reader(space.settings.memory), space.agreement, names, now())


def audit(folder: Path, start: date | None, end: date | None) -> dict[str, Any]:
    """The audit of the leads qualified between two local days, as plain data."""
    space = _desk(folder)
    from accord.desk.handoff.audit import audit
    from accord.insight.periods import midnight

    zone = space.agreement.calendar.zone
    moments = [midnight(day, zone) if day else None for day in (start, end)]
    engine = space.builds.current().reader(space.settings.memory)
    return asdict(audit(engine, space.agreement, *moments))


def promises(folder: Path, period: str | None, at: datetime | None) -> list[dict[str, Any]]:
    """Both teams' promises of a period as rows, as they stood at a moment (naive UTC)."""
    space = _desk(folder)
    from accord.desk.promises.report import period_of, report
    from accord.workspace import now

    engine, moment = space.builds.current().reader(space.settings.memory), min(at or now(), now())
    asked = period_of(engine, space.agreement, period, moment)
    return report(engine, space.agreement, asked, moment).rows()


def counts(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The audit's counts as rows: state, live, history."""
    live, history = found["live"], found["history"]
    from accord.desk.handoff.audit import STATES

    states = [state for state in STATES if state in live or state in history]
    rows = [{"state": s, "live": live.get(s, 0), "history": history.get(s, 0)} for s in states]
    if not rows:
        return []
    whole = {name: sum(row[name] for row in rows) for name in ("live", "history")}
    return [*rows, {"state": "all", **whole}]


def hand_over(folder: Path, *, confirmed: bool) -> int:
    """Hand over what waits; how many."""
    space = _desk(folder)
    from accord.desk.handoff.actions.make import hand_over
    from accord.workspace import now

    engine = space.builds.current().reader(space.settings.memory)
    return hand_over(engine, space.agreement, now(), confirmed=confirmed)


def _desk(folder: Path) -> Workspace:
    """The workspace, its desk ready to be asked."""
    from accord.desk import serve
    from accord.workspace import Workspace

    serve.setup(folder)
    return Workspace(folder)


def _names(given: str) -> list[str]:
    file = Path(given)
    if not file.is_file():
        return [given]
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    if rows and "lead" not in rows[0]:
        raise NoLeadColumn(f"{given} has no column `lead`.", mend="Give e-mail addresses or records in it.")
    return [row["lead"] for row in rows]
