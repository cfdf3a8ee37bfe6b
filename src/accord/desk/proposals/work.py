"""What the worker does for proposals: puts them in force on their day, tries them out."""

from __future__ import annotations

import json

from django.conf import settings

from accord import workspace
from accord.csv_text import plain
from accord.desk.jobs.kinds import Arguments, Report, every_pass, work
from accord.desk.proposals.actions import JOB, agreement_of_text, put_in_force
from accord.desk.proposals.models import Pilot, Trial
from accord.desk.proposals.pilots import OPEN, PILOT_JOB, look_again, take_leads
from accord.desk.reading import agreement_of
from accord.desk.rights import Right
from accord.desk.shell.formats import local
from accord.errors import AccordError
from accord.insight.backtest import as_dict
from accord.workspace import Workspace


class TrialGone(AccordError):
    """The proposal that was to be tried is gone."""

    code = "trial_gone"


@every_pass
def put_agreed_in_force() -> bool:
    """Put in force what both teams have signed."""
    now = workspace.now()
    today = local(now, agreement_of(settings.WORKSPACE).calendar.zone).date()
    return put_in_force(settings.WORKSPACE, today, now)


@every_pass
def look_for_pilot_leads() -> bool:
    """Hand over the new leads of a pilot, in a job of its own."""
    return look_again(workspace.now())


@work(PILOT_JOB, seen_by=Right.NUMBERS)
def pilot(arguments: Arguments, report: Report) -> Arguments:
    """Find a pilot's new leads, and hand over those chosen."""
    report("judging")
    space = Workspace(settings.WORKSPACE)
    found = Pilot.objects.filter(pk=arguments["pilot"], stopped_at=None, proposal__state__in=OPEN).first()
    if found is None:
        return {"leads": 0}
    return {"leads": take_leads(space, agreement_of(settings.WORKSPACE), found, workspace.now())}


@work(JOB, seen_by=Right.NUMBERS)
def backtest(arguments: Arguments, report: Report) -> None:
    """Try a proposal on the past, and keep what was found."""
    trial = Trial.objects.select_related("proposal").filter(pk=arguments["trial"]).first()
    if trial is None:
        raise TrialGone("The proposal is gone.")
    draft = agreement_of_text(settings.WORKSPACE, trial.proposal.text, trial.proposal.words)
    found = Workspace(settings.WORKSPACE).backtest(draft, progress=lambda step: report(step))
    kept = json.loads(json.dumps(as_dict(found), default=plain))
    Trial.objects.filter(pk=trial.pk).update(found=kept)
