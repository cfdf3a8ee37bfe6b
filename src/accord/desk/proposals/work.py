"""What the worker does for proposals: puts them in force on their day, and tries them on the past."""

from __future__ import annotations

import json

from django.conf import settings

from accord import workspace
from accord.csv_text import plain
from accord.desk.jobs.kinds import Arguments, Report, every_pass, work
from accord.desk.proposals.actions import JOB, agreement_of_text, put_in_force
from accord.desk.proposals.models import Trial
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
