"""The agreement in force, in plain words, with its versions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accord.desk.agreement import as_if as judged_as_if
from accord.desk.agreement import tables, words
from accord.desk.agreement.versions import versions
from accord.desk.hours.words import opening_hours
from accord.desk.reading import AS_IF, reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv

if TYPE_CHECKING:
    from accord.agreement import Agreement, Stage, Target


@needs(Right.NUMBERS)
def agreement(request: HttpRequest) -> HttpResponse:
    """What both teams promised, and since when; `?format=csv&table=` gives its tables as files."""
    reading = reading_of(request)
    agreed = reading.judged_by if reading.has_build else reading.agreement
    known = versions(reading.workspace.ledger.versions())
    if wants_csv(request):
        name, rows = tables.rows(request.GET.get("table", ""), agreed, known)
        return csv_response(request, f"agreement-{name}", rows)
    return page(
        request,
        "agreement/agreement.html",
        agreed=agreed,
        summary=words.summary(agreed),
        deliveries=[words.delivery(clause, agreed) for clause in agreed.sla.marketing],
        owed_by_sales=words.owed_by_sales(agreed),
        escalation=[words.rung(step) for step in agreed.sla.escalate],
        hours=opening_hours(agreed.calendar.open),
        personas=[(words.title(p.name, p.label), p) for p in agreed.audience.personas],
        segments=[(words.title(s.name, s.label), s) for s in agreed.audience.segments],
        exclusions=[(words.title(e.name, e.label), e) for e in agreed.audience.exclude],
        fit=[(words.title(name, rule.label), rule) for name, rule in agreed.scoring.fit.items()],
        engagement=_engagement(agreed),
        stages=[_stage(stage) for stage in agreed.stages],
        routes=[(words.route(r), r) for r in agreed.handoff.route] if agreed.handoff else [],
        reasons=[(words.title(r.reason, r.label), r) for r in agreed.verdicts.returns],
        targets=_targets(agreed),
        models=[words.title(model) for model in agreed.attribution.models],
        versions=known,
        since=known[0] if known else None,
        changed=reading.agreement.behaviour_hash != agreed.behaviour_hash,
    )


@needs(Right.NUMBERS)
def file(request: HttpRequest) -> FileResponse:
    """The agreement's file as it lies in the workspace."""
    path = settings.WORKSPACE / "agreement.yaml"
    return FileResponse(path.open("rb"), content_type="text/plain; charset=utf-8", filename=path.name)


@needs(Right.NUMBERS)
def as_if(request: HttpRequest, version: str) -> HttpResponse:
    """Reports as if a version had judged all of the past: asked for, under way, or to be looked at."""
    reading = reading_of(request)
    known = {row["version"] for row in reading.workspace.ledger.versions()}
    if version not in known:
        raise Http404
    job = judged_as_if.asked_for(version)
    build = judged_as_if.build_of(reading.workspace, job)
    if request.method == "POST" and request.POST.get("build") and build is not None:
        request.session[AS_IF] = build.build_id
        return redirect("scoreboard")
    if request.method == "POST" and reading.may(Right.PROPOSE):
        judged_as_if.ask(version, by=reading.user)
        return redirect("as-if", version)
    at = datetime.fromisoformat(build.about["built_at"]) if build else None
    return page(request, "agreement/as_if.html", asked=version, job=job, built=build, at=at)


@needs(Right.NUMBERS)
@require_POST
def as_judged(request: HttpRequest) -> HttpResponse:
    """Back to the reports as decisions were made."""
    request.session.pop(AS_IF, None)
    return redirect("scoreboard")


def _targets(agreed: Agreement) -> dict[str, Any]:
    """The targets as a table: a row for each period, a column for each number aimed at."""
    metrics = list(dict.fromkeys(target.metric for target in agreed.targets))
    values = {(*_among(target), target.metric): target.value for target in agreed.targets}
    among = sorted({_among(target) for target in agreed.targets}, key=_latest_first)
    return {
        "names": [words.metric(metric, agreed) for metric in metrics],
        "periods": [
            (period, only, [(m, words.amount(m, values.get((period, only, m)), agreed)) for m in metrics])
            for period, only in among
        ],
    }


def _among(target: Target) -> tuple[str, str]:
    """A target's period, and among which leads alone it is aimed at."""
    return target.period, ", ".join(name.replace("_", " ") for name in target.only)


def _latest_first(among: tuple[str, str]) -> tuple[Any, ...]:
    period, only = among
    return ([-ord(sign) for sign in period], only)


def _engagement(agreed: Agreement) -> list[tuple[str, Any, str]]:
    rules = agreed.scoring.engagement.items()
    return [(words.title(name, rule.label), rule, words.fading(rule)) for name, rule in rules]


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "stage": stage,
        "kind": words.time(stage),
        "entering": words.entering(stage),
        "evidence": words.EVIDENCE.get(stage.evidence or ""),
    }
