"""A workspace: the folder with one company's agreement, settings and ledger, and what one can ask of it.

This is the library's front door; the command line is made of the same calls:

    import accord
    workspace = accord.open("northwind")
    workspace.funnel(by="channel").to_pandas()
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.errors import AccordError, Mistake, MistakesError
from accord.settings import STARTER, Settings, load_settings

if TYPE_CHECKING:
    import pyarrow as pa

    from accord.agreement import Agreement
    from accord.insight.attribution.decision import Decision
    from accord.insight.attribution.experiments import Experiment
    from accord.insight.backtest import Backtest
    from accord.insight.leads import Filters as LeadFilters
    from accord.insight.leads import LeadPage
    from accord.insight.learning import Lessons
    from accord.insight.planning import Asked, Outlook
    from accord.learning import Learned
    from accord.ledger.builds import Build, Builds
    from accord.ledger.engine import DuckDBEngine
    from accord.ledger.writer import Ledger
    from accord.restating import Restatement
    from accord.sealing import Sealed, Seals
    from accord.sources.history import LoadRecord
    from accord.sources.load import Receipt
    from accord.sources.preview import Preview


class NoWorkspace(AccordError):
    """The folder is not a workspace."""

    code = "no_workspace"


class WorkspaceExists(AccordError):
    """The folder is a workspace already."""

    code = "workspace_exists"


class UnknownVersion(AccordError):
    """No version of the agreement has that name."""

    code = "unknown_version"


class UnknownTable(AccordError):
    """There is no such fact table or read model."""

    code = "unknown_table"


def now() -> datetime:
    """The present moment as naive UTC: the one place where the clock is read."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Workspace:
    """One company's folder: `agreement.yaml`, `accord.toml`, `ledger/`. Raises NoWorkspace."""

    def __init__(self, folder: Path | str = ".") -> None:
        self.folder = Path(folder)
        if not (self.folder / "agreement.yaml").is_file():
            raise NoWorkspace(
                f"{self.folder.resolve()} is not a workspace: it has no agreement.yaml.",
                mend="Make one with `accord init FOLDER`, or name one with --workspace.",
            )

    @staticmethod
    def create(folder: Path | str) -> Workspace:
        """Make a workspace with the starter agreement. Raises WorkspaceExists, and then changes nothing."""
        from accord.agreement import starter_files

        root = Path(folder)
        files = {**starter_files(), "accord.toml": STARTER}
        taken = [name for name in files if (root / name).exists()]
        if taken:
            raise WorkspaceExists(f"{root} already has {', '.join(taken)}.", mend="Choose another folder.")
        root.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        return Workspace(root)

    @cached_property
    def settings(self) -> Settings:
        """The settings in `accord.toml`."""
        return load_settings(self.folder / "accord.toml")

    @cached_property
    def agreement(self) -> Agreement:
        """The agreement in `agreement.yaml`. Raises MistakesError."""
        from accord.agreement import load

        return load(self.folder / "agreement.yaml")

    def agreement_at(self, moment: datetime) -> Agreement:
        """The agreement in force at that moment of the past; before any build, the one in the folder."""
        from accord.pipeline import versions_in_force

        for span in versions_in_force(self.ledger.versions()):
            if span["from_at"] <= moment < span["until_at"]:
                return self._worded(span["agreement"])
        return self.agreement

    def agreement_of(self, version: str) -> Agreement:
        """The agreement of a version that has judged; of one that never has, the one in the folder."""
        if self.agreement.behaviour_hash == version:
            return self.agreement
        texts = [row["agreement"] for row in self.ledger.versions() if row["version"] == version]
        return self._worded(texts[-1]) if texts else self.agreement

    def _worded(self, text: str) -> Agreement:
        """The agreement written in `text`, with the messages of today."""
        from accord.agreement import parse

        return parse(text, messages=self._messages)

    @property
    def _messages(self) -> str | None:
        """The text of today's messages file, if there is one."""
        words = self.folder / (self.agreement.messages_file or "")
        return words.read_text(encoding="utf-8") if words.is_file() else None

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, brought to the present schema."""
        from accord.ledger.locks import PostgresLock
        from accord.ledger.migrations import migrate
        from accord.ledger.writer import Ledger

        database = self.settings.database.get_secret_value()
        lock = PostgresLock(database) if database else None
        ledger = Ledger((self.folder / "ledger").resolve(), lock)
        migrate(ledger)
        return ledger

    @property
    def builds(self) -> Builds:
        """The published builds."""
        from accord.ledger.builds import Builds

        return Builds(self.ledger.folder / "builds")

    @property
    def as_if_builds(self) -> Builds:
        """Builds that look at the past as it was known, or as if one version had judged it; five are kept."""
        from accord.ledger.builds import Builds

        return Builds(self.ledger.folder / "as-of")

    def load(
        self,
        paths: Sequence[Path],
        mapping: Path,
        *,
        history: bool = False,
        by: str = "",
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Receipt:
        """Load files by a mapping. What a source brings into a table for the first time is history, even
        without `history`. `by` names who loads them, for the receipt."""
        from accord.sources.load import load
        from accord.sources.mapping import load_mapping

        parsed = load_mapping(mapping)
        before = {
            table["table"]
            for entry in self._standing_loads()
            if entry["receipt"].get("source") == parsed.source
            for table in entry["receipt"]["tables"]
        }
        return load(
            paths,
            parsed,
            self.ledger,
            history=history,
            known_tables=before,
            by=by,
            now=now(),
            progress=progress,
        )

    def preview(
        self,
        paths: Sequence[Path],
        mapping: Path,
        *,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Preview:
        """A dry run of `load`: what would be new, changed, known already or quarantined. Changes nothing."""
        from accord.sources.mapping import load_mapping
        from accord.sources.preview import preview

        return preview(paths, load_mapping(mapping), self.ledger, now=now(), progress=progress)

    def undo(self, load_id: str) -> list[str]:
        """Withdraw a load; returns the later loads that left out rows because this one had brought them."""
        later = [
            entry["load_id"]
            for entry in self._standing_loads()
            if load_id in entry["receipt"].get("known_from", {}) and entry["load_id"] != load_id
        ]
        self.ledger.withdraw(load_id, now())
        return later

    def loads(self) -> list[LoadRecord]:
        """The loads with their receipts, oldest first."""
        from accord.sources.history import history

        return history(self.ledger)

    def load_record(self, load_id: str) -> LoadRecord:
        """One load with its receipt. Raises UnknownLoad."""
        from accord.sources.history import record

        return record(self.ledger, load_id)

    def _standing_loads(self) -> list[dict[str, Any]]:
        withdrawn = self.ledger.withdrawn()
        return [entry for entry in self.ledger.loads() if entry["load_id"] not in withdrawn]

    def build(
        self,
        *,
        as_of: datetime | None = None,
        as_if: str | None = None,
        engine: str | None = None,
        progress: Callable[[str], None] = lambda name: None,
    ) -> Build:
        """Judge everything by the agreement and publish the result; with `as_of`, as it was known then.

        `as_if`: a version (or the beginning of its name) that judges all of the past alone, whichever was in
        force. Builds of either kind are kept apart, and keep no decisions. In shadow mode a changed agreement
        judges all of the past anew; in live mode only what no build has judged yet. `engine`: where, instead
        of where the settings say. Raises UnknownVersion, UnknownEngine, NoSpark.
        """
        from accord import pipeline

        moment = now()
        settings = self.settings if engine is None else self.settings.on(engine)
        request = pipeline.Request(self.agreement, settings, moment, as_of)
        if as_of is not None or as_if is not None:
            judging = self._judging(as_if) if as_if else self.agreement_at(as_of or moment)
            request = pipeline.Request(judging, settings, moment, as_of, alone=as_if is not None)
            return pipeline.build(self.ledger, self.as_if_builds, request, progress)
        text = (self.folder / "agreement.yaml").read_text(encoding="utf-8")
        shadow = self.settings.mode == "shadow"
        version, since = self.agreement.behaviour_hash, self._judged_until()
        self.ledger.register_version(version, text, moment, since=since, from_start=shadow)
        return pipeline.build(self.ledger, self.builds, request, progress)

    def _judged_until(self) -> datetime | None:
        """The first moment after what the published build has judged; None without one."""
        from accord.ledger.builds import NoBuild

        try:
            built_at: str = self.builds.current().about["built_at"]
        except NoBuild:
            return None
        return datetime.fromisoformat(built_at) + timedelta(microseconds=1)

    def scoreboard(self, **options: Any) -> pa.Table:
        """KPIs against targets. Options: start, end (local days, half-open), as_of, channel, segment, by."""
        return _arrow(self.rows("scoreboard", **options))

    def funnel(self, **options: Any) -> pa.Table:
        """Stages, conversion, median days. Options: start, end, as_of, basis, by, channel, segment."""
        return _arrow(self.rows("funnel", **options))

    def attribution(self, **options: Any) -> pa.Table:
        """Credit under each model. Options: start, end, as_of, by, models, milestone, segment, channel."""
        return _arrow(self.rows("attribution", **options))

    def campaigns(self, **options: Any) -> pa.Table:
        """Campaigns with cost, leads, stages, pipeline, won value, return.

        Options: start, end, as_of, model, segment, channel.
        """
        return _arrow(self.rows("campaigns", **options))

    def models(self, **options: Any) -> pa.Table:
        """The return of every campaign, a column for each model. Options as of `attribution`, without by."""
        return _arrow(self.rows("models", **options))

    def cohorts(self, **options: Any) -> pa.Table:
        """A month's spend beside what its leads won since. Options: by, start, end, as_of, segment."""
        return _arrow(self.rows("cohorts", **options))

    def sources(self, **options: Any) -> pa.Table:
        """What leads said brought them against what was tracked. Options: field, start, end, as_of, segment,
        channel."""
        return _arrow(self.rows("sources", **options))

    def influenced(self, **options: Any) -> pa.Table:
        """Conversions each channel had any touch in, or the first. Options: `attribution`'s but models."""
        return _arrow(self.rows("influenced", **options))

    def unmatched(self, **options: Any) -> pa.Table:
        """Spend and campaigns that find no match. Options: start, end, as_of."""
        return _arrow(self.rows("unmatched", **options))

    def decision(self, *, as_of: datetime | None = None, **options: Any) -> Decision:
        """What all models agree on about the spend. Options: start, end, by, models, milestone, part, source,
        target, as of `accord.insight.attribution.decision`."""
        from accord.insight import attribution

        return attribution.decision(self._engine(as_of), **self._period(options))

    @property
    def experiments(self) -> list[Experiment]:
        """The holdouts and lift tests in `experiments.csv`, newest first; none without the file.

        Raises MistakesError.
        """
        from accord.insight.attribution.experiments import FILE, experiments

        file = self.folder / FILE
        return experiments(file.read_text(encoding="utf-8"), FILE) if file.exists() else []

    def keep_experiments(self, path: Path) -> None:
        """Put a file of holdouts and lift tests in the place of the one there is. Raises MistakesError."""
        from accord.insight.attribution.experiments import FILE, experiments

        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise MistakesError([Mistake(str(path), 0, 0, "", f"It cannot be read: {error}.")]) from error
        experiments(text, path.name)
        (self.folder / FILE).write_text(text, encoding="utf-8")

    def experiments_beside_models(self) -> list[dict[str, Any]]:
        """Each test beside the returns that models credit, as `experiments.beside_models` tells them."""
        from accord.insight.attribution.experiments import beside_models

        tests = self.experiments
        return beside_models(self._engine(None), tests, self.agreement.calendar.zone) if tests else []

    @property
    def seals(self) -> Seals:
        """The sealed reports."""
        from accord.sealing import Seals

        return Seals(self.ledger.folder / "sealed")

    def seal(
        self, name: str, start: date | None = None, end: date | None = None, *, sealed_by: str = ""
    ) -> Sealed:
        """Keep the numbers of a period (local days, half-open) as the published build gives them.

        Raises NoBuild, and SealError for a name that is taken.
        """
        from accord.insight.restatement import numbers
        from accord.sealing import Sealed

        build = self.builds.current()
        about, (start_at, end_at) = build.about, self.moments(start, end)
        judging = self.agreement_of(about["version"])
        sealed = Sealed(
            name=name,
            sealed_at=now(),
            sealed_by=sealed_by,
            start=start,
            end=end,
            start_at=start_at,
            end_at=end_at,
            build_id=build.build_id,
            built_at=datetime.fromisoformat(about["built_at"]),
            version=about["version"],
            accord=about["accord"],
            numbers=numbers(build.reader(self.settings.memory), judging, start_at, end_at),
        )
        self.seals.keep(sealed)
        return sealed

    def restate(self, name: str, progress: Callable[[str], None] = lambda name: None) -> Restatement:
        """The numbers of a sealed report that differ in the published build, itemised by cause.

        Raises SealError and NoBuild.
        """
        from accord import restating
        from accord.insight.restatement import Since

        sealed, build = self.seals.get(name), self.builds.current()
        present = restating.Present(
            ledger=self.ledger,
            settings=self.settings,
            agreement=self.agreement_of(build.about["version"]),
            build_id=build.build_id,
            since=Since(sealed.built_at, datetime.fromisoformat(build.about["built_at"])),
            engine=build.reader(self.settings.memory),
        )
        return restating.restate(present, sealed, self.agreement_of(sealed.version), progress)

    def exceptions(self, *, as_of: datetime | None = None) -> list[dict[str, Any]]:
        """What does not run as agreed, worst first, as `accord.insight.exceptions.exceptions` tells it."""
        from accord.insight import exceptions

        return exceptions.exceptions(self._engine(as_of))

    def backtest(
        self,
        draft: Path | Agreement,
        *,
        against: str | None = None,
        start: date | None = None,
        end: date | None = None,
        horizon: timedelta = timedelta(days=90),
        progress: Callable[[str], None] = lambda name: None,
    ) -> Backtest:
        """Whom a draft (a file, or an agreement) would have qualified, beside one that has judged.

        `against`: a version; none: the one in the folder. Local days, by default the year up to now. What
        became of the leads is read from the published build. Raises MistakesError, NoBuild, UnknownVersion
        and NoSuchGate.
        """
        from accord.agreement import load
        from accord.backtesting import Past, backtest
        from accord.insight.backtest import Window

        moment, baseline = now(), self._judging(against)
        first, after = self.moments(start, end)
        begins, ends = first or moment - timedelta(days=365), min(after or moment, moment)
        past = Past(self.ledger, self.settings, self.builds.current().reader(self.settings.memory))
        window = Window(begins, ends, moment, horizon, baseline.calendar.zone)
        drafted = load(draft) if isinstance(draft, Path) else draft
        return backtest(past, drafted, baseline, window, progress)

    def learn(
        self, *, horizon: timedelta = timedelta(days=90), progress: Callable[[str], None] = lambda name: None
    ) -> Learned | None:
        """A score learned from what became of the leads that qualified, within a horizon.

        None without a gate to qualify at. Raises NoBuild.
        """
        from accord.backtesting import Past
        from accord.learning import learn

        past = Past(self.ledger, self.settings, self.builds.current().reader(self.settings.memory))
        text = (self.folder / "agreement.yaml").read_text(encoding="utf-8")
        return learn(
            past, self.agreement, now(), horizon, text=text, messages=self._messages, progress=progress
        )

    def lessons(self, *, since: timedelta = timedelta(days=365)) -> Lessons:
        """What sales' verdicts on the leads of the latest time say of the agreement. Raises NoBuild."""
        from accord.insight import learning

        engine, begins = self.builds.current().reader(self.settings.memory), now() - since
        leads = learning.handed_over(engine, self.agreement, begins)
        text = (self.folder / "agreement.yaml").read_text(encoding="utf-8")
        return learning.Lessons(
            learning.debits(leads, self.agreement),
            learning.suggestions(leads, self.agreement, text, self._messages),
            learning.audit(engine, leads, begins),
        )

    def plan(self, asked: Asked | None = None) -> Outlook:
        """What a revenue target needs and how likely it is; of a period that is over, where the miss arose.

        Raises NoBuild and NoTarget.
        """
        from accord.insight.planning import Asked, outlook

        return outlook(self._engine(None), self.agreement, asked or Asked())

    def differences(self, draft: Path, *, against: str | None = None) -> list[tuple[str, bool]]:
        """What the agreement in the file `draft` changes, in plain words, and whether only words change.

        `against` as of `backtest`. Raises MistakesError and UnknownVersion.
        """
        from accord.agreement import load
        from accord.agreement.plain_words import sentences

        return sentences(self._judging(against), load(draft))

    def _judging(self, version: str | None) -> Agreement:
        """The agreement of a version; of none, the one in the folder. Raises UnknownVersion."""
        if version is None:
            return self.agreement
        known = [self.agreement.behaviour_hash, *(row["version"] for row in self.ledger.versions())]
        matching = sorted({one for one in known if one.startswith(version)})
        if len(matching) != 1:
            raise UnknownVersion(
                f"There is no version {version}."
                if not matching
                else f"Several versions begin with {version}.",
                mend=f"Versions that have judged: {', '.join(sorted(set(known)))}.",
            )
        return self.agreement_of(matching[0])

    def rows(self, report: str, **options: Any) -> list[dict[str, Any]]:
        """The rows of a report as dictionaries: scoreboard, funnel, attribution, campaigns, cohorts, models,
        sources, influenced, unmatched.

        Options `as_of` and `as_if` as of `build`; the others as of the report.
        """
        from accord.insight import attribution, journey, metrics

        engine = self._engine(options.pop("as_of", None), options.pop("as_if", None))
        given = self._period(options)
        if report == "scoreboard":
            board = metrics.scoreboard(engine, self.agreement, **given)
            return board if options.get("by") else [row | {"period": _days(options)} for row in board]
        reports: dict[str, Callable[..., list[dict[str, Any]]]] = {
            "funnel": journey.funnel,
            "attribution": attribution.report,
            "campaigns": attribution.campaigns,
            "cohorts": attribution.cohorts,
            "models": attribution.compare_models,
            "sources": attribution.self_reported,
            "influenced": attribution.influenced,
            "unmatched": attribution.unmatched,
        }
        if report == "sources":
            given["fields"] = self.agreement.person_fields
        return reports[report](engine, **given)

    def leads(
        self, filters: LeadFilters, *, order: str, page: int = 1, as_of: datetime | None = None
    ) -> LeadPage:
        """A page of the leads that the filters match, as `accord.insight.leads.leads` lists them."""
        from accord.insight import leads

        return leads.leads(self._engine(as_of), leads.EVERYTHING, filters=filters, order=order, page=page)

    def all_leads(
        self, filters: LeadFilters, *, order: str, as_of: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """All rows of the same list."""
        from accord.insight import leads

        engine = self._engine(as_of)
        for batch in leads.all_leads(engine, leads.EVERYTHING, filters=filters, order=order):
            yield from batch.to_pylist()

    def moments(self, start: date | None, end: date | None) -> tuple[datetime | None, datetime | None]:
        """When these local days of the agreement's zone begin, in naive UTC."""
        from accord.insight.periods import midnight

        zone = self.agreement.calendar.zone
        first, after = (None if day is None else midnight(day, zone) for day in (start, end))
        return first, after

    def lead(self, name: str, *, as_of: datetime | None = None) -> dict[str, Any]:
        """One lead's whole story, as `accord.insight.explain.lead` tells it."""
        from accord.insight import explain

        return explain.lead(self._engine(as_of), self.agreement, name)

    def excluded(self) -> list[dict[str, Any]]:
        """People the agreement excludes now: person_id, rule, to_team."""
        sql = """
            SELECT people.person_id, excluded.rule, excluded.to_team
            FROM excluded JOIN people ON excluded.person = people.person ORDER BY rule, person_id
        """
        rows: list[dict[str, Any]] = self._engine(None).query(sql).to_pylist()
        return rows

    def facts(self, table: str, source: str | None = None) -> dict[str, Any]:
        """How many current facts a table holds, and the first and last moment: table, rows, first, last."""
        from accord.ledger.current import fact_summary
        from accord.ledger.tables import FACTS

        if table not in FACTS:
            raise UnknownTable(f"There is no fact table {table}.", mend=f"Choose from {', '.join(FACTS)}.")
        return fact_summary(self.ledger, table, source)

    def table(self, name: str) -> pa.Table:
        """A whole read model of the current build, or a fact table named `facts.<table>`.

        Raises UnknownTable.
        """
        from accord.ledger.current import current_facts
        from accord.ledger.tables import FACTS

        if name.removeprefix("facts.") != name and name.removeprefix("facts.") in FACTS:
            return current_facts(self.ledger, name.removeprefix("facts."))
        build = self.builds.current()
        if name not in build.tables:
            raise UnknownTable(
                f"There is no read model {name}.", mend=f"Choose from {', '.join(build.tables)}."
            )
        engine = build.reader(self.settings.memory)
        return engine.query(f'SELECT * FROM "{name}"')  # noqa: S608  the name is one of the build's own

    def _engine(self, as_of: datetime | None, as_if: str | None = None) -> DuckDBEngine:
        """The engine over the current build, over one of the past, or over one as if judged by a version."""
        present = as_of is None and as_if is None
        build = self.builds.current() if present else self.build(as_of=as_of, as_if=as_if)
        return build.reader(self.settings.memory)

    def _period(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options with `start` and `end`, given as local days, as moments of naive UTC."""
        from accord.insight.periods import midnight

        given = {name: value for name, value in options.items() if value is not None}
        for name in {"start", "end"} & given.keys():
            given[name] = midnight(given[name], self.agreement.calendar.zone)
        return given


def _days(options: dict[str, Any]) -> str:
    """The period asked for, in local days as it was given: `2026-03-01/2026-04-01`, `..` for an open side."""
    start, end = (options.get(side) for side in ("start", "end"))
    return "all" if start is None and end is None else f"{start or '..'}/{end or '..'}"


def _arrow(rows: list[dict[str, Any]]) -> pa.Table:
    """The rows as Arrow; a dictionary in a cell becomes JSON."""
    import pyarrow as pa

    texts = [
        {k: json.dumps(v, default=str) if isinstance(v, dict) else v for k, v in r.items()} for r in rows
    ]
    return pa.Table.from_pylist(texts)
