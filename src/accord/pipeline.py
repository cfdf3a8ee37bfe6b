"""The build: facts and agreement in, published read models out, by the steps in their order."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from sqlglot import exp

from accord.insight.scoring import decide
from accord.ledger import facts
from accord.ledger.builds import Build, Builds
from accord.ledger.engine import DuckDBEngine
from accord.ledger.store import BEGINNING
from accord.ledger.tables import FACTS
from accord.settings import ObjectKind

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine
    from accord.ledger.spark import SparkEngine
    from accord.ledger.writer import Ledger
    from accord.settings import Settings

Progress = Callable[[str], None]

READ_MODELS = (
    "accounts",
    "actors",
    "as_of",
    "attribution_data_models",
    "attribution_models",
    "board",
    "board_filters",
    "board_left_out",
    "board_spans",
    "board_stages",
    "buying_touches",
    "campaign_labels",
    "campaign_months",
    "campaign_profiles",
    "content",
    "content_days",
    "conversions",
    "credit_months",
    "credits",
    "cycles",
    "deal_leads",
    "deal_persons",
    "deal_sources",
    "deal_values",
    "deals_counted",
    "decisions_accounted",
    "decisions_made",
    "entry_days",
    "entry_pairs",
    "exceptions",
    "excluded",
    "fact_counts",
    "freshness",
    "funnel_days",
    "handoff_leads",
    "handoff_stage",
    "journeys",
    "known_time",
    "lead_days",
    "lead_facets",
    "lead_list",
    "lead_returns",
    "lead_routes",
    "lead_verdicts",
    "leads",
    "leaving_days",
    "links",
    "live_moments",
    "owned",
    "owner_names",
    "people",
    "periods",
    "present_leads",
    "restatements",
    "return_days",
    "revenue_values",
    "score_lines",
    "scores",
    "search_index",
    "spend_values",
    "stage_entries",
    "stages",
    "timeline",
    "touch_days",
    "touched_months",
    "unattributed",
    "uncounted",
    "valued_deals",
    "verdicts_without_evidence",
    "waiting_leads",
    "win_credits",
    "workspace_currency",
)
"""Tables a build publishes; the other tables of a build are steps on the way."""

SORTED = {
    "accounts": ("account",),
    "actors": ("actor",),
    "credits": ("conversion",),
    "deal_persons": ("person",),
    "deal_values": ("deal",),
    "deals_counted": ("deal",),
    "decisions_made": ("lead",),
    "funnel_days": ("basis", '"at"'),
    "lead_list": ("lead",),
    "lead_verdicts": ("lead",),
    "leads": ("lead",),
    "links": ("person",),
    "owned": ("owner_email", "kind", "key"),
    "people": ("person",),
    "present_leads": ("lead",),
    "score_lines": ("lead",),
    "search_index": ("kind", "key"),
    "stage_entries": ("lead",),
    "timeline": ("person", '"at"'),
}
"""Read models that pages read by key, stored in that order."""

OBJECT_KINDS = get_args(ObjectKind)


@dataclass(frozen=True)
class Request:
    """What to build: the agreement, the settings, the moment, and whether to look at the past.

    `alone`: as if the agreement had been in force from the beginning, and no other. `reading`: which facts
    are seen, instead of those known at `as_of`. `registered_until`: versions registered later are unknown.
    """

    agreement: Agreement
    settings: Settings
    now: datetime
    as_of: datetime | None = None
    alone: bool = False
    reading: facts.Reading | None = None
    registered_until: datetime | None = None


def build(ledger: Ledger, builds: Builds, request: Request, progress: Progress = lambda name: None) -> Build:
    """Build all read models and publish them together.

    With `as_of` the build sees only what was known then; with it, or `alone`, no decisions are kept.
    """
    folder = builds.start(request.now)
    engine = _engine(request.settings, ledger, folder)
    try:
        progress("facts")
        attach(engine, ledger, request)
        _run_steps(engine, request, progress)
        if request.as_of is None and not request.alone:
            _keep_decisions(engine, ledger, folder / "scratch", request.now)
        progress("read models")
        for table in READ_MODELS:
            engine.write_parquet(table, folder / table, SORTED.get(table, ()))
    finally:
        engine.close()
    shutil.rmtree(folder / "scratch", ignore_errors=True)
    return builds.publish(folder, _about(ledger, request))


def _engine(settings: Settings, ledger: Ledger, folder: Path) -> DuckDBEngine | SparkEngine:
    scratch = folder / "scratch"
    if settings.engine == "duckdb":
        return DuckDBEngine(scratch, folders=[ledger.folder, folder], memory=settings.memory)
    from accord.ledger.spark import SparkEngine, connect

    return SparkEngine(connect(settings.engine, settings.memory), scratch)


@contextmanager
def judged(
    ledger: Ledger, request: Request, progress: Progress = lambda name: None
) -> Iterator[DuckDBEngine]:
    """An engine in which one agreement has judged all of the past (`decisions_computed`), whichever version
    was in force; nothing is kept or published."""
    with scratch_engine(ledger, request.settings.memory) as engine:
        progress("facts")
        attach(engine, ledger, replace(request, alone=True))
        _judge(engine, request.agreement, progress)
        yield engine


@contextmanager
def counted(
    ledger: Ledger, request: Request, progress: Progress = lambda name: None
) -> Iterator[DuckDBEngine]:
    """An engine that can be asked for numbers and credit, as a build's reader can; nothing is kept or
    published."""
    with scratch_engine(ledger, request.settings.memory) as engine:
        progress("facts")
        attach(engine, ledger, request)
        _count(engine, request, progress)
        yield engine


@contextmanager
def scratch_engine(ledger: Ledger, memory: str) -> Iterator[DuckDBEngine]:
    """An engine that may read the ledger, with room on disk; what it holds is gone afterwards."""
    scratch = ledger.folder / ".scratch" / uuid.uuid4().hex
    engine = DuckDBEngine(scratch, folders=[ledger.folder], memory=memory)
    try:
        yield engine
    finally:
        engine.close()
        shutil.rmtree(scratch, ignore_errors=True)


def attach(engine: Engine, ledger: Ledger, request: Request) -> None:
    """Make the facts of the request's reading in the engine, and the small tables beside them."""
    facts.attach(engine, ledger, request.reading or facts.as_known(request.as_of))
    add_small_tables(engine, ledger, request)


def _judge(engine: Engine, agreement: Agreement, progress: Progress) -> None:
    from accord import identity
    from accord.insight import journey, scoring

    progress("identity")
    identity.resolve(engine, agreement)
    progress("journey")
    engine.run(journey.timeline_steps(agreement))
    progress("scoring")
    engine.run(scoring.steps(agreement))


def _count(engine: Engine, request: Request, progress: Progress) -> None:
    """What the scoreboard, funnel and reports of credit are made of."""
    from accord.insight import attribution, content, journey, metrics

    agreement = request.agreement
    _judge(engine, agreement, progress)
    engine.run(decide(untold=request.alone))
    progress("stages")
    engine.run(journey.stage_steps(agreement))
    progress("attribution")
    engine.run(metrics.steps())
    engine.run(attribution.steps(agreement))
    engine.run(content.steps())
    progress("scoreboard")
    engine.run(metrics.board_steps())


def _run_steps(engine: Engine, request: Request, progress: Progress) -> None:
    from accord.insight import exceptions, handoff, leads

    agreement = request.agreement
    _count(engine, request, progress)
    progress("leads")
    engine.run(leads.steps(agreement))
    engine.run(handoff.steps(agreement))
    progress("exceptions")
    engine.run(exceptions.steps())
    engine.add("exceptions", exceptions.find(engine, agreement))


def _keep_decisions(engine: Engine, ledger: Ledger, scratch: Path, now: datetime) -> None:
    """Write the decisions made just now as facts, known from now on."""
    if engine.query("SELECT count(*) AS n FROM decisions_staged").to_pylist()[0]["n"] == 0:
        return
    with _embedded(engine, "decisions_staged", scratch, ledger) as here:
        ledger.append(here, "decisions", "decisions_staged", load_id="build", recorded_at=now, history=False)


@contextmanager
def _embedded(engine: Engine, table: str, scratch: Path, ledger: Ledger) -> Iterator[DuckDBEngine]:
    """An embedded engine that has this table of the engine: the ledger has one writer, wherever judged."""
    if isinstance(engine, DuckDBEngine):
        yield engine
        return
    engine.write_parquet(table, scratch / "embedded" / table)
    here = DuckDBEngine(scratch / "embedded", folders=[ledger.folder, scratch])
    try:
        files = sorted((scratch / "embedded" / table).glob("*.parquet"))
        here.read_parquet(table, [str(file) for file in files], {"*": ""})
        yield here
    finally:
        here.close()


@cache
def steps_version() -> str:
    """What tells builds of this Accord from those made by other code, which may lack what pages read now: a
    hash of all but the pages."""
    root, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and inside.parts[0] != "desk" and "__pycache__" not in inside.parts:
            digest.update(str(inside).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _about(ledger: Ledger, request: Request) -> dict[str, Any]:
    return {
        "accord": version("accord"),
        "steps": steps_version(),
        "agreement": request.agreement.name,
        "version": request.agreement.behaviour_hash,
        "built_at": request.now.isoformat(),
        "as_of": request.as_of.isoformat() if request.as_of else None,
        "facts": {table: ledger.version(table) for table in FACTS if ledger.exists(table)},
    }


def add_small_tables(engine: Engine, ledger: Ledger, request: Request) -> None:
    """The small tables every step may read: the moment, versions, stages, periods, masters."""
    import pyarrow as pa

    from accord.identity.free_mail import free_mail_domains

    agreement, now = request.agreement, request.as_of or request.now
    moment, text, whole = pa.timestamp("us"), pa.string(), pa.int64()

    def add(name: str, columns: dict[str, pa.DataType], rows: list[dict[str, Any]]) -> None:
        engine.add(name, pa.Table.from_pylist(rows, schema=pa.schema(list(columns.items()))))

    add("as_of", {"now": moment}, [{"now": now}])
    add("free_mail_domains", {"domain": text}, [{"domain": d} for d in free_mail_domains()])
    add("internal_domains", {"domain": text}, [{"domain": d.lower()} for d in request.settings.own_domains])
    add("workspace_currency", {"currency": text}, [{"currency": agreement.currency}])
    stages = [
        {"stage_no": n, "stage": s.name, "kind": s.kind, "enter": s.enter, "label": s.title}
        for n, s in enumerate(agreement.stages, start=1)
    ]
    add("stages", {"stage_no": whole, **dict.fromkeys(("stage", "kind", "enter", "label"), text)}, stages)
    until = request.registered_until or facts.FOREVER
    known = [row for row in ledger.versions() if row["registered_at"] <= until]
    spans = ([] if request.alone else versions_in_force(known)) or [
        {"version": agreement.behaviour_hash, "from_at": BEGINNING, "until_at": facts.FOREVER}
    ]
    mine = [span for span in spans if span["version"] == agreement.behaviour_hash]
    add("versions_in_force", {"version": text, "from_at": moment, "until_at": moment}, spans)
    add("in_force", {"version": text, "from_at": moment, "until_at": moment}, mine[-1:])
    add(
        "sources_rank", {"object_kind": text, "source": text, "rank": whole}, _ranks(engine, request.settings)
    )
    _add_periods(engine, agreement, now)


def versions_in_force(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each registered version with the span of time it judges: `version`, `agreement`, `from_at`, `until_at`.

    A later version ends those before it; one that begins no later than they do replaces them altogether.
    """
    spans: list[dict[str, Any]] = []
    for row in versions:
        spans = [span for span in spans if span["from_at"] < row["from_at"]]
        if spans:
            spans[-1]["until_at"] = row["from_at"]
        spans.append({**row, "until_at": facts.FOREVER})
    return spans


def _ranks(engine: Engine, settings: Settings) -> list[dict[str, Any]]:
    """For every kind of object the sources in order: its master first, the others by name."""
    each = [exp.select("source").from_(f"states.{table}") for table in FACTS]
    every = exp.select("source").distinct().from_(exp.union(*each, distinct=False).subquery("every_one"))
    found = {row["source"] for row in engine.query(every.sql(dialect="duckdb")).to_pylist()}
    ranks = []
    for kind in OBJECT_KINDS:
        master = settings.master.get(kind)
        in_order = sorted(found, key=lambda source, master=master: (source != master, source))  # type: ignore[misc]
        ranks += [{"object_kind": kind, "source": s, "rank": n} for n, s in enumerate(in_order, start=1)]
    return ranks


def _add_periods(engine: Engine, agreement: Agreement, now: datetime) -> None:
    """Periods from the first event to a year and a half after now, for targets that lie ahead."""
    from accord.insight.periods import periods

    events = [table for table, definition in FACTS.items() if definition.grain == "event"]
    each = [exp.select("min(occurred_at) AS earliest").from_(f"states.{table}") for table in events]
    rows = engine.query(exp.union(*each, distinct=False).sql(dialect="duckdb")).to_pylist()
    first = min([now, *(row["earliest"] for row in rows if row["earliest"])])
    first = max(first, now - timedelta(days=366 * 15))
    until = now + timedelta(days=550)
    zone, month = agreement.calendar.zone, agreement.first_month
    engine.add("periods", periods(zone, first.date(), until.date(), month))
