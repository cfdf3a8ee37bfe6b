"""How far a job is, as a piece of a page that asks again until it has ended."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition

from accord.desk.jobs.kinds import SEEN_BY
from accord.desk.jobs.models import Job
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs


def _mark(request: HttpRequest, pk: int) -> str | None:
    found = Job.objects.filter(pk=pk).first()
    return f'"{found.mark}"' if found else None


@needs(Right.NUMBERS)
@cache_control(private=True, no_cache=True)
@condition(etag_func=_mark)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The job's state, for whoever may see jobs of its kind. Once it has ended, the page around it is loaded
    anew."""
    found = get_object_or_404(Job, pk=pk)
    if not reading_of(request).may(SEEN_BY.get(found.kind, Right.IMPORT)):
        raise PermissionDenied
    answer = render(request, "jobs/progress.html", {"job": found})
    if not found.is_open:
        answer["HX-Refresh"] = "true"
    return answer
