"""What the worker does for handoffs: again and again, and once when a workspace goes live."""

from __future__ import annotations

from django.conf import settings

from accord import workspace
from accord.desk.handoff.actions import go_live
from accord.desk.handoff.settling import run_once
from accord.desk.jobs.kinds import Arguments, Report, every_pass, work
from accord.desk.teams.models import User


@every_pass
def settle_and_sweep() -> bool:
    """Take in new builds, sweep what is due, hand facts to the ledger."""
    return run_once(workspace.Workspace(settings.WORKSPACE), workspace.now())


@work(go_live.JOB)
def hand_over(arguments: Arguments, report: Report) -> Arguments:
    """Hand over what was confirmed when somebody went live."""
    report("handing over")
    space, by = workspace.Workspace(settings.WORKSPACE), User.objects.get(pk=arguments["by"])
    engine, wanted = space.builds.current().reader(), go_live.TakeOver(arguments["how"], arguments["days"])
    return {"leads": go_live.carry_out(wanted, engine, space.agreement, workspace.now(), by=by)}
