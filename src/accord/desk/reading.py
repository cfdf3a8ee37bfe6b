"""The one query layer of the pages: what a request may read, of which build, under which agreement.

A view asks `request.reading` and nothing else for numbers and leads; it resolves the published build once, so
that every number of a page is of the same build, and knows whose leads the signed-in person may see.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db.models import Q
from django.utils.functional import SimpleLazyObject

from accord.desk.rights import Right, rights_of
from accord.errors import AccordError, MistakesError
from accord.ledger.builds import Build, NoBuild
from accord.settings import Settings, load_settings
from accord.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa
    from django.http import HttpRequest, HttpResponseBase

    from accord.agreement import Agreement
    from accord.desk.shell.filters import Filters
    from accord.desk.teams.models import User
    from accord.insight.attribution.decision import Decision
    from accord.insight.exceptions import Language
    from accord.insight.leads import Filters as LeadFilters
    from accord.insight.leads import LeadPage, Scope
    from accord.insight.metrics import Kpi
    from accord.insight.metrics.behind import Facts
    from accord.insight.metrics.targets import Period
    from accord.insight.restatement import Numbers
    from accord.ledger.engine import DuckDBEngine


_log = logging.getLogger(__name__)
Report = Callable[..., Sequence[dict[str, Any]]]

KEPT = 400
"""How many things a process keeps of what it has read of a build."""
BUILDS = 3
"""Of how many builds: the published one, and those of people who look at it as if judged otherwise."""

AS_IF = "as_if"
"""What a session calls the build somebody looks at instead of the published one."""
REPORTS = tuple(f"accord.desk.{app}." for app in ("scoreboard", "journey", "campaigns", "content", "numbers"))
"""Where the pages of reports lie: they can be shown as if one version had judged all of the past."""

_kept: dict[str, dict[str, tuple[Any, ...]]] = {}
"""By build and name what `Reading` reads once."""


_TOOL_USERS = """
    SELECT owner_names.owner_id, owner_names.email, owner_names.name, owner_names.team,
        coalesce(open.leads, 0) AS open_leads
    FROM owner_names
    LEFT JOIN (
        SELECT owner_id, count(*) AS leads FROM lead_list WHERE closed_at IS NULL GROUP BY owner_id
    ) AS open ON owner_names.owner_id = open.owner_id
    ORDER BY open_leads DESC, owner_names.name, owner_names.owner_id
"""


class Reading:
    """What one request reads. Raises NoBuild where something is asked for before the first build."""

    def __init__(self, user: User, as_if: str | None = None) -> None:
        self.user, self._as_if = user, as_if
        self.rights = rights_of(user) if user.is_authenticated else frozenset()

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace being served."""
        return _workspace(settings.WORKSPACE)

    @cached_property
    def agreement(self) -> Agreement:
        """The agreement in the workspace's folder."""
        return agreement_of(settings.WORKSPACE)

    @cached_property
    def company(self) -> str:
        """The company's name; that of the folder while the agreement has mistakes."""
        try:
            return self.agreement.name
        except MistakesError:
            return str(settings.WORKSPACE.name)

    @cached_property
    def settings(self) -> Settings:
        """The settings in the workspace's folder."""
        return settings_of(settings.WORKSPACE)

    @cached_property
    def build(self) -> Build:
        """The build that is looked at, the same for the whole request: else the published one."""
        return self.as_if or self.workspace.builds.current()

    @cached_property
    def as_if(self) -> Build | None:
        """The build in which one version has judged all of the past, if it is looked at and there."""
        return self.workspace.as_if_builds.find(self._as_if) if self._as_if else None

    @cached_property
    def has_build(self) -> bool:
        """Whether anything has been built yet."""
        try:
            return bool(self.build)
        except NoBuild:
            return False

    @cached_property
    def engine(self) -> DuckDBEngine:
        """A handle on the build's read models for this request alone."""
        return self.build.reader(self.workspace.settings.memory)

    @cached_property
    def periods(self) -> list[Period]:
        """The agreement's calendar periods, in order of their start."""
        from accord.insight.metrics import targets

        return list(self._once("periods", lambda: targets.periods(self.engine)))

    @cached_property
    def channels(self) -> list[str]:
        """The channels leads came by, in order."""
        found = "SELECT DISTINCT channel FROM leads WHERE known AND channel IS NOT NULL ORDER BY channel"
        return list(self._once("channels", lambda: [row["channel"] for row in self.rows(found)]))

    @cached_property
    def now(self) -> datetime:
        """The moment the build looks from, in naive UTC."""
        about = self.build.about
        return datetime.fromisoformat(about["as_of"] or about["built_at"])

    @cached_property
    def kpis(self) -> list[Kpi]:
        """The KPIs of the agreement the build was judged by."""
        from accord.insight.metrics import kpis_of

        stages = "SELECT stage_no, stage, enter, label FROM stages ORDER BY stage_no"
        return list(self._once("kpis", lambda: kpis_of(self.rows(stages))))

    @cached_property
    def stages(self) -> list[dict[str, Any]]:
        """The stages the build was judged by, in order: stage_no, stage, kind, enter, label."""
        return list(self._once("stages", lambda: self.rows("SELECT * FROM stages ORDER BY stage_no")))

    @cached_property
    def models(self) -> list[str]:
        """The attribution models credits were made for, the agreement's first first."""
        found = "SELECT model FROM attribution_models ORDER BY model_no"
        return list(self._once("models", lambda: [row["model"] for row in self.rows(found)]))

    @cached_property
    def first_known(self) -> datetime:
        """When the first lead was opened; the build's moment if there is none."""
        first = "SELECT min(opened_at) AS at FROM leads"
        return cast(datetime, self._once("first known", lambda: [self.rows(first)[0]["at"] or self.now])[0])

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of a query over the build's read models."""
        found: list[dict[str, Any]] = self.engine.query(sql, parameters).to_pylist()
        return found

    @cached_property
    def owners(self) -> frozenset[str] | None:
        """E-mail addresses whose leads the person may see: own and own teams'; None for everybody's."""
        if Right.LEADS not in self.rights:
            return frozenset()
        if Right.ALL_LEADS in self.rights:
            return None
        from accord.desk.teams.models import User

        mates = User.objects.filter(teams__in=self.user.teams.all())
        theirs = {self.user.email, *mates.values_list("email", flat=True)}
        return frozenset(theirs | {row["email"] for row in self._matched if row["email"]})

    @cached_property
    def _matched(self) -> list[dict[str, Any]]:
        """The owners in the tools said by hand to be the person or of their teams: owner_id and email."""
        from accord.desk.teams.models import OwnerMatch

        mine = Q(user=self.user) | Q(user__teams__in=self.user.teams.all())
        ids = list(OwnerMatch.objects.filter(mine).values_list("owner_id", flat=True).distinct())
        if not ids or not self.has_build:
            return []
        return self.rows(
            "SELECT owner_id, email FROM owner_names WHERE owner_id IN (SELECT unnest(?))", [ids]
        )

    @cached_property
    def scope(self) -> Scope:
        """Which leads the person may see, and whether with names and addresses."""
        from accord.insight.leads import Scope

        return Scope(owners=self.owners, personal=Right.PERSONAL in self.rights, people=self.handed_over)

    @cached_property
    def handed_over(self) -> frozenset[int]:
        """Keys of the people handed over to the person or their teams, whoever the tools say owns them."""
        if not self.owners or not self.has_build:
            return frozenset()
        from accord.desk.handoff.models import Handoff

        mine = Q(owner__email__in=self.owners) | Q(owner=None, team__in=self.user.teams.all())
        names = list(Handoff.objects.filter(mine).values_list("person", flat=True))
        nameless = [row["owner_id"] for row in self._matched if not row["email"]]
        known = """
            SELECT person FROM actors WHERE actor IN (SELECT unnest(?))
            UNION SELECT person FROM lead_list WHERE owner_id IN (SELECT unnest(?))
        """
        found = self.rows(known, [names, nameless]) if names or nameless else []
        return frozenset(row["person"] for row in found)

    @cached_property
    def _sellers(self) -> frozenset[str]:
        """What reports call the owners in the tools whose leads the person may see, and who is nobody."""
        ids = [row["owner_id"] for row in self._matched]
        found = (
            "SELECT name FROM owner_names WHERE email IN (SELECT unnest(?)) OR owner_id IN (SELECT unnest(?))"
        )
        names = {row["name"] for row in self.rows(found, [sorted(self.owners or ()), ids])}
        return frozenset(names | {"(marketing)", "(not set)"})

    @cached_property
    def tool_users(self) -> list[dict[str, Any]]:
        """The users of the source tools, most open leads first: owner_id, email, name, team, open_leads.

        Empty for whoever may not manage people, and before the first build.
        """
        if Right.PEOPLE not in self.rights or not self.has_build:
            return []
        return list(self._once("tool users", lambda: self.rows(_TOOL_USERS)))

    def may(self, right: Right) -> bool:
        """Whether the person has the right."""
        return right in self.rights

    def scoreboard(self, filters: Filters, **options: Any) -> list[dict[str, Any]]:
        """The scoreboard's rows for the asked period and filters, or for `start`, `end`, `by`."""
        from accord.insight.metrics import scoreboard

        asked = filters.asked() | options
        name = f"scoreboard {self.agreement.behaviour_hash} {asked}"
        return list(self._once(name, lambda: scoreboard(self.engine, self.agreement, **asked)))

    def booked(self, filters: Filters, **options: Any) -> list[dict[str, Any]]:
        """Revenue day by day and summed up over the asked period."""
        from accord.insight.metrics import booked

        return self._report(booked, **filters.asked() | options)

    def exceptions(self) -> list[dict[str, Any]]:
        """The day's exceptions, worst first, in the reader's language."""
        from django.utils import translation

        from accord.insight.exceptions import exceptions

        return exceptions(self.engine, cast("Language", translation))

    def freshness(self) -> list[dict[str, Any]]:
        """How fresh each source is, the stalest first."""
        return self.rows("SELECT * FROM freshness ORDER BY newest_at, source")

    def funnel(self, filters: Filters, **options: Any) -> list[dict[str, Any]]:
        """The funnel's rows for the asked period and filters."""
        from accord.insight.journey import funnel

        return self._report(funnel, **filters.asked() | options)

    def leads(self, filters: LeadFilters, **options: Any) -> LeadPage:
        """A page of the leads that the person may see; options are `order`, `page`, `size`."""
        from accord.insight import leads

        return leads.leads(self.engine, self.scope, filters=filters, **options)

    def all_leads(self, filters: LeadFilters, order: str) -> Iterator[pa.RecordBatch]:
        """All of the same list, for a file."""
        from accord.insight import leads

        return leads.all_leads(self.engine, self.scope, filters=filters, order=order)

    def lead_counts(self, asked: Mapping[str, LeadFilters]) -> dict[str, int]:
        """How many leads that the person may see each of these filters matches, by name."""
        from accord.insight import leads

        def read() -> list[tuple[str, int]]:
            return list(leads.counts(self.engine, self.scope, asked).items())

        return dict(self._once(f"counts {asked} {self._sees}", read))

    @cached_property
    def lead_facets(self) -> dict[str, list[dict[str, Any]]]:
        """What the person's leads can be filtered by, each value with its number of leads."""
        from accord.insight import leads

        found = self._once(
            f"facets {self._sees}", lambda: list(leads.facets(self.engine, self.scope).items())
        )
        return dict(found)

    @cached_property
    def campaigns(self) -> dict[str, str]:
        """What campaigns are called, by id."""
        found = "SELECT campaign_id, label FROM campaign_labels WHERE label IS NOT NULL"
        pairs = self._once("campaigns", lambda: [tuple(row.values()) for row in self.rows(found)])
        return dict(pairs)

    @cached_property
    def campaign_names(self) -> dict[str, str]:
        """Campaigns as their sources write them, by the label that reports know them by."""
        found = "SELECT campaign, name FROM campaign_profiles"
        pairs = self._once("campaign names", lambda: [tuple(row.values()) for row in self.rows(found)])
        return dict(pairs)

    def lead(self, name: str, *, before: str | None = None) -> dict[str, Any]:
        """One lead's whole story, its events those before the event `before`. Raises UnknownLead."""
        from accord.insight import explain

        return explain.lead(self.engine, self.judged_by, name, scope=self.scope, before=before)

    def account(self, name: str, *, page: int = 1) -> dict[str, Any]:
        """An account's story, by its record or its key in this build. Raises UnknownAccount."""
        from accord.insight import explain

        return explain.account(self.engine, self.scope, self._key("accounts", "account", name), page=page)

    def deal(self, name: str) -> dict[str, Any]:
        """A deal's story, by its record or its key in this build. Raises UnknownDeal."""
        from accord.insight import explain

        return explain.deal(self.engine, self.scope, self._key("deals_counted", "deal", name))

    def search(self, text: str, *, limit: int = 8) -> list[dict[str, Any]]:
        """The people, accounts, campaigns and deals called so that the person may see."""
        from accord.insight import leads

        return leads.search(self.engine, self.scope, text, limit=limit)

    def _key(self, table: str, kind: str, name: str) -> int:
        """The key in this build of a record; of a key itself, or of nothing that is known, the key or 0."""
        if name.isdecimal():
            return int(name[:18])
        from sqlglot import exp

        query = exp.select(kind).from_(table).where(exp.column(f"{kind}_id").eq(name))
        found = self.rows(query.sql(dialect="duckdb"))
        return int(found[0][kind]) if found else 0

    @cached_property
    def judged_by(self) -> Agreement:
        """The agreement that the build was judged by, whatever the one in the folder says by now."""
        version = self.build.about["version"]
        if self.agreement.behaviour_hash == version:
            return self.agreement
        found = self._once("judged by", lambda: [self.workspace.agreement_of(version)])
        return cast("Agreement", found[0])

    @cached_property
    def _sees(self) -> str:
        """What is the same for people who see the same leads."""
        owners = "all" if self.owners is None else ",".join(sorted(self.owners))
        besides = ",".join(map(str, sorted(self.handed_over)))
        return f"{owners} {besides} {Right.PERSONAL in self.rights}"

    def leavings(self, filters: Filters) -> list[dict[str, Any]]:
        """Leads that ended in the stage they reached in the asked period, by how they ended."""
        from accord.insight import journey

        return self._report(journey.leavings, **filters.asked())

    def returned(self, filters: Filters, stage: str) -> list[dict[str, Any]]:
        """Leads of a stage in the asked period that sales gave back, by reason."""
        from accord.insight import journey

        return self._report(journey.returned, stage, **filters.asked())

    def waiting(self, filters: Filters) -> list[dict[str, Any]]:
        """Leads that are open now, by stage, whatever the period."""
        from accord.insight import journey

        return self._report(journey.waiting, channel=filters.channel, segment=filters.segment)

    def differences(self, filters: Filters) -> list[dict[str, Any]]:
        """What makes the tools' funnel another than the agreement's, by stage."""
        from accord.insight import journey

        return self._report(journey.differences, **filters.asked())

    def content(self, filters: Filters) -> list[dict[str, Any]]:
        """Every piece of content, its sums of the asked period and channel, its keeper as rights are."""
        from accord.insight.content import content

        asked = filters.asked()
        rows = self._report(content, start=asked["start"], end=asked["end"], channel=asked["channel"])
        return rows if self.may(Right.PERSONAL) else [{**row, "owner": None} for row in rows]

    def behind(self, filters: Filters, kpi: Kpi, limit: int | None = None) -> list[Facts]:
        """The facts behind a KPI of the asked period; of people's only those the person may see."""
        from accord.insight.metrics.behind import behind

        return behind(self.engine, kpi, self.scope, **filters.asked(), limit=limit)

    def campaign_report(self, filters: Filters, **options: Any) -> list[dict[str, Any]]:
        """The campaigns' rows for the asked period and filters; `model` names who is credited."""
        from accord.insight.attribution import campaigns

        return self._report(campaigns, **filters.asked() | options)

    def campaign_course(self, campaign: str, **options: Any) -> list[dict[str, Any]]:
        """A campaign month by month; options are `model`, `start`, `end`."""
        from accord.insight import attribution

        return self._report(attribution.campaign_course, campaign, **options)

    def campaign_stages(self, filters: Filters, campaign: str) -> list[dict[str, Any]]:
        """The leads a campaign brought in the asked period, by segment and stage."""
        from accord.insight import attribution

        return self._report(attribution.campaign_stages, campaign, **filters.asked())

    def campaign_returns(self, filters: Filters, campaign: str) -> list[dict[str, Any]]:
        """Those of them that sales returned, by reason."""
        from accord.insight import attribution

        return self._report(attribution.campaign_returns, campaign, **filters.asked())

    def campaign_deals(self, filters: Filters, campaign: str, model: str) -> list[dict[str, Any]]:
        """The deals of the asked period credited to it, of those the person may see."""
        from accord.insight import attribution

        return attribution.campaign_deals(self.engine, campaign, self.scope, model=model, **filters.asked())

    def returns_by_model(self, filters: Filters) -> list[dict[str, Any]]:
        """Every campaign's return under each attribution model, for the asked period and filters."""
        from accord.insight.attribution import compare_models

        return self._report(compare_models, **filters.asked())

    def credits(self, filters: Filters, **options: Any) -> list[dict[str, Any]]:
        """Credit beside cost by channel, campaign, team or origin, for the asked period and filters."""
        from accord.insight.attribution import report

        return self._report(report, **filters.asked() | options)

    def influenced(self, filters: Filters, *, by: str, milestone: str) -> list[dict[str, Any]]:
        """What had any touch in the asked period's conversions, and what the first; of people of sales only
        those whose leads the person may see, and none without the right to names."""
        from accord.insight import attribution

        if by == "person" and not self.may(Right.PERSONAL):
            return []
        asked = filters.asked() | {"channel": None}
        rows = self._report(attribution.influenced, by=by, milestone=milestone, **asked)
        if by == "person" and self.owners is not None:
            return [row for row in rows if row["person"] in self._sellers]
        return rows

    def cohorts(self, filters: Filters, by: str) -> list[dict[str, Any]]:
        """Each month of the asked period: its spend by channel or campaign, what its leads have won since."""
        from accord.insight import attribution

        asked = filters.asked()
        return self._report(
            attribution.cohorts, by=by, start=asked["start"], end=asked["end"], segment=asked["segment"]
        )

    @cached_property
    def answer_fields(self) -> tuple[str, ...]:
        """The agreement's fields that may hold what brought people. Their own words may be personal data, so
        there is none for whoever may not see that of everybody."""
        if self.may(Right.PERSONAL) and self.may(Right.ALL_LEADS):
            return self.agreement.person_fields
        return ()

    def self_reported(self, filters: Filters, field: str | None) -> list[dict[str, Any]]:
        """What leads of the asked period said brought them, in a field of theirs or the source their tool
        keeps, against the channel that was tracked."""
        from accord.insight import attribution

        asked = filters.asked() | {"channel": None, "field": field, "fields": self.answer_fields}
        return self._report(attribution.self_reported, **asked)

    def unmatched(self, filters: Filters) -> list[dict[str, Any]]:
        """Spend and campaigns of the asked period that find no match."""
        from accord.insight import attribution

        return self._report(attribution.unmatched, start=filters.period.start, end=filters.period.end)

    def experiments(self) -> list[dict[str, Any]]:
        """What holdouts and lift tests found beside what models credit; none where the file has mistakes."""
        from accord.insight.attribution.experiments import beside_models

        try:
            tests = self.workspace.experiments
        except MistakesError:
            _log.warning("experiments.csv has mistakes; `accord experiments` tells them")
            return []
        zone = self.agreement.calendar.zone
        return list(self._once(f"experiments {tests}", lambda: beside_models(self.engine, tests, zone)))

    def decision(self, filters: Filters, **options: Any) -> Decision:
        """What all models agree on about the spend of the asked period; options as of the library's."""
        from accord.insight.attribution import decision

        asked = {"start": filters.period.start, "end": filters.period.end} | options
        return cast("Decision", self._once(f"decision {asked}", lambda: [decision(self.engine, **asked)])[0])

    def sealable(self, start: datetime | None, end: datetime | None) -> Numbers:
        """The numbers of a period as a report that is sealed now would keep them."""
        from accord.insight.restatement import numbers

        def read() -> list[Numbers]:
            return [numbers(self.engine, self.judged_by, start, end)]

        return cast("Numbers", self._once(f"sealable {start} {end}", read)[0])

    def _report(self, report: Report, *given: Any, **options: Any) -> list[dict[str, Any]]:
        """A report's rows over the build. Not to be changed: whoever asks the same next gets them too."""
        name = f"{report.__module__}.{report.__name__} {given} {options}"
        return list(self._once(name, lambda: report(self.engine, *given, **options)))

    def _once(self, name: str, read: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        """What is the same for every request on a build, read once a process; the oldest makes room."""
        kept = _kept[self.build.build_id] = _kept.pop(self.build.build_id, {})
        for build_id in list(_kept)[:-BUILDS]:
            _kept.pop(build_id, None)
        found = kept.get(name)
        if found is None:
            for oldest in list(kept)[:-KEPT]:
                kept.pop(oldest, None)
            found = kept[name] = tuple(read())
        return found


class ReadingMiddleware:
    """Gives every request its `reading`, made when first used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.reading = SimpleLazyObject(lambda: Reading(cast("User", request.user), _as_if(request)))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """What a user can mend is told on a page of its own; everything else goes on its way."""
        if not isinstance(exception, AccordError):
            return None
        _log.error("%s on %s", exception.code, request.path)
        from django.shortcuts import render

        return render(request, "shell/mend.html", {"lines": str(exception).splitlines()}, status=503)


def _as_if(request: HttpRequest) -> str | None:
    """The build looked at instead of the published one, on the page of a report."""
    view = request.resolver_match.func if request.resolver_match else None
    return request.session.get(AS_IF) if view and view.__module__.startswith(REPORTS) else None


def reading_of(request: HttpRequest) -> Reading:
    """The request's reading."""
    return cast(Reading, request.reading)  # type: ignore[attr-defined]


def agreement_of(folder: Path) -> Agreement:
    """The agreement in a workspace's folder with its messages, read once until a file changes."""
    files = sorted(folder.glob("*.yaml"))
    return _agreement(folder / "agreement.yaml", tuple((file, file.stat().st_mtime_ns) for file in files))


def settings_of(folder: Path) -> Settings:
    """The settings in a workspace's folder, read once until their file changes."""
    file = folder / "accord.toml"
    return _settings(file, file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=1)
def _workspace(folder: Path) -> Workspace:
    return Workspace(folder)


@lru_cache(maxsize=2)
def _settings(file: Path, changed: int) -> Settings:
    return load_settings(file)


@lru_cache(maxsize=2)
def _agreement(file: Path, changed: tuple[tuple[Path, int], ...]) -> Agreement:
    from accord.agreement import load

    return load(file)
