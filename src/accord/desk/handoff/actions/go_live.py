"""Going live: what it would do, the switch in `accord.toml`, and the hand-over that follows in a job."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accord.desk.handoff.actions.adopt import adopt, open_before
from accord.desk.handoff.actions.assign import UnknownTeam, team_of
from accord.desk.handoff.actions.make import MOST_AT_ONCE, Qualified, hand_over, missing
from accord.desk.handoff.people import Pools
from accord.desk.jobs.actions import enqueue_once
from accord.desk.teams.actions import note
from accord.desk.teams.models import User
from accord.errors import AccordError
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

JOB = "go live"
SETTINGS = "accord.toml"


class NotLive(AccordError):
    """Going live was refused, and nothing has changed."""

    code = "not_live"


@dataclass(frozen=True)
class TakeOver:
    """What becomes of the leads that were open before: left to the tools, or taken over, with clocks that
    start then (`fresh`) or have run since each qualified (`running`); only of the last `days`."""

    how: Literal["leave", "fresh", "running"] = "leave"
    days: int = 30


@dataclass(frozen=True)
class Plan:
    """What going live does: `moved` counts leads by team and whoever gets them (None: the team's pool).

    `new` qualified since the agreement's day, `before` were open already and are `taken` over or left.
    `obstacles` must be mended first.
    """

    new: int
    before: int
    taken: int
    moved: tuple[tuple[str, str | None, int], ...]
    obstacles: tuple[str, ...]

    @property
    def total(self) -> int:
        """Leads handed over at once."""
        return self.new + self.taken

    @property
    def asks(self) -> bool:
        """Whether it is so many that their number has to be typed."""
        return self.total > MOST_AT_ONCE


def plan(engine: Engine, agreement: Agreement, now: datetime, wanted: TakeOver) -> Plan:
    """What going live now would do; nothing is written. `now` is naive UTC."""
    new, before = missing(engine, agreement), open_before(engine)
    taken = _taken(before, now, wanted)
    try:
        moved, obstacles = _moved([*taken, *new], agreement, now), _obstacles(agreement, now)
    except UnknownTeam as error:
        moved, obstacles = (), (str(error),)
    return Plan(len(new), len(before), len(taken), moved, obstacles)


def go_live(planned: Plan, wanted: TakeOver, typed: str, *, by: User) -> None:
    """Switch to live, and hand over in a job what was planned. Raises NotLive.

    `typed`: the number of leads, where the plan asks for it.
    """
    if planned.obstacles:
        raise NotLive(planned.obstacles[0])
    if planned.asks and typed.strip() != str(planned.total):
        raise NotLive(
            _("%(n)s leads would be handed over at once.") % {"n": planned.total},
            mend=_("Type their number to confirm."),
        )
    with transaction.atomic():
        enqueue_once(JOB, {"how": wanted.how, "days": wanted.days, "by": by.pk}, by=by)
        note(by, "went live", f"{planned.total} leads, {wanted.how}")
        set_mode(settings.WORKSPACE, "live")


def back_to_shadow(*, by: User) -> None:
    """Touch nobody any more: no clock is looked at, nothing is handed over or sent. Raises NotLive."""
    with transaction.atomic():
        note(by, "went back to shadow", "")
        set_mode(settings.WORKSPACE, "shadow")


def set_mode(folder: Path, mode: Literal["live", "shadow"]) -> None:
    """Write the mode into the settings, which otherwise stay as they are, comments too. Raises NotLive."""
    import tomlkit

    file, unfinished = folder / SETTINGS, folder / f".{SETTINGS}.{os.getpid()}"
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        document = tomlkit.parse(text)
        document["mode"] = mode
        unfinished.write_text(tomlkit.dumps(document), encoding="utf-8")
        if file.exists():
            unfinished.chmod(file.stat().st_mode)
        unfinished.replace(file)
    except OSError as error:
        raise NotLive(
            _("%(file)s cannot be written: %(why)s.") % {"file": SETTINGS, "why": error.strerror},
            mend=_('Write mode = "%(mode)s" into it by hand.') % {"mode": mode},
        ) from error


def carry_out(wanted: TakeOver, engine: Engine, agreement: Agreement, now: datetime, *, by: User) -> int:
    """Take over and hand over what was confirmed; how many leads. Done again, it goes on where it ended."""
    taken = _taken(open_before(engine), now, wanted)
    made = adopt(engine, agreement, taken, now, fresh=wanted.how == "fresh", by=by) if taken else 0
    return made + hand_over(engine, agreement, now, confirmed=True)


def _taken(before: list[Qualified], now: datetime, wanted: TakeOver) -> list[Qualified]:
    if wanted.how == "leave":
        return []
    return [lead for lead in before if lead.decided_at >= now - timedelta(days=wanted.days)]


def _moved(
    leads: list[Qualified], agreement: Agreement, now: datetime
) -> tuple[tuple[str, str | None, int], ...]:
    pools, counted = Pools(agreement, now), Counter[tuple[str, str | None]]()
    teams = {route_no: team_of(agreement, route_no) for route_no in {lead.route_no for lead in leads}}
    for lead in leads:
        team, rule = teams[lead.route_no]
        counted[team.name, pools.route(team, rule, lead.owner_email).owner] += 1
    names = dict(User.objects.values_list("email", "name"))
    found = ((team, names.get(owner or ""), n) for (team, owner), n in counted.items())
    return tuple(sorted(found, key=lambda row: (row[0], row[1] or "")))


def _obstacles(agreement: Agreement, now: datetime) -> tuple[str, ...]:
    """What keeps a workspace from going live, each with what mends it."""
    if agreement.handoff is None:
        return (_("The agreement hands no leads over. Write a section `handoff`."),)
    for route_no in range(len(agreement.handoff.route) + 1):
        team_of(agreement, route_no)
    if agreement.go_live is None:
        return (_("The agreement names no day. Set go_live in agreement.yaml, and build."),)
    if midnight(agreement.go_live, agreement.calendar.zone) > now:
        return (_("The agreement’s day, %(day)s, is still to come.") % {"day": agreement.go_live},)
    return ()
