"""What the worker does for lessons: looks every week, tries each suggestion on the past, tells who signs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.conf import settings

from accord import workspace
from accord.csv_text import plain
from accord.desk.jobs.kinds import Arguments, Report, every_pass, work
from accord.desk.lessons.actions import JOB, look, under_way
from accord.desk.lessons.models import Look
from accord.desk.lessons.telling import tell_suggestions
from accord.desk.lessons.weekly import look_is_due
from accord.desk.proposals.actions import agreement_of_text
from accord.desk.rights import Right
from accord.errors import AccordError
from accord.insight.backtest import as_dict
from accord.workspace import Workspace

if TYPE_CHECKING:
    from accord.insight.learning import Suggestion


@every_pass
def look_every_week() -> bool:
    """Ask for the week's look, unless the last one is still under way."""
    now = workspace.now()
    if not look_is_due(now) or under_way():
        return False
    look(now)
    return True


@work(JOB, seen_by=Right.NUMBERS)
def learn(arguments: Arguments, report: Report) -> None:
    """Look at what sales' answers teach, and keep it."""
    found = findings(Workspace(settings.WORKSPACE), report)
    done = Look.objects.filter(pk=arguments["look"], found__isnull=True)
    count = len(found["lessons"]["suggestions"])
    if done.update(found=found) and count:
        tell_suggestions(arguments["look"], count, workspace.now())


def findings(space: Workspace, report: Report) -> dict[str, Any]:
    """What sales' answers teach of a workspace, as `Look` keeps it."""
    report("verdicts")
    lessons = space.lessons()
    backtests = [_tried(space, one, report) for one in lessons.suggestions]
    learned = space.learn(progress=lambda step: report(f"score: {step}"))
    found = {
        "lessons": asdict(lessons),
        "backtests": backtests,
        "score": asdict(learned) if learned else None,
    }
    kept: dict[str, Any] = json.loads(json.dumps(found, default=plain))
    return kept


def _tried(space: Workspace, one: Suggestion, report: Report) -> dict[str, Any]:
    """The backtest of a suggestion, without its flips; with `error` where it cannot be tried."""
    try:
        draft = agreement_of_text(settings.WORKSPACE, one.draft)
        found = as_dict(space.backtest(draft, progress=lambda step: report(f"{one.about}: {step}")))
    except AccordError as error:
        return {"error": str(error)}
    flips = {name: len(found.pop(name)) for name in ("flips_in", "flips_out")}
    kept = ("start", "end", "horizon_days", "draft", "baseline", "precision", "recall", "load", "answered")
    return {**{name: found[name] for name in kept}, **flips}
