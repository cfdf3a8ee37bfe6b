"""The first steps: what is there, what is missing, what to do next."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accord.desk.jobs.actions import enqueue_once
from accord.desk.jobs.models import Job
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.start.steps import steps
from accord.desk.teams.models import User


@needs(Right.IMPORT)
def start(request: HttpRequest) -> HttpResponse:
    """The checklist; it opens even where the agreement has mistakes, to tell them."""
    listed = steps(reading_of(request))
    building = Job.objects.filter(kind="build", state__in=(Job.State.WAITING, Job.State.RUNNING)).first()
    context = {
        "steps": listed,
        "upcoming": next((step for step in listed if not step.done), None),
        "left": sum(not step.done for step in listed),
        "building": building,
    }
    return render(request, "start/start.html", context)


@require_POST
@needs(Right.IMPORT)
def build(request: HttpRequest) -> HttpResponse:
    """Asks for a build."""
    enqueue_once("build", by=cast(User, request.user))
    return redirect("start")
