"""The commands. Each opens the workspace, makes one call and prints what came back."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from accord.cli.keys import keys
from accord.cli.leads import leads
from accord.cli.output import Format, measure, print_json, print_rows
from accord.cli.people import people
from accord.cli.users import users
from accord.errors import AccordError

app = typer.Typer(
    help="The working agreement between a sales team and a marketing team, as software.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
show = typer.Typer(help="Show the numbers, each with what stands behind it.", no_args_is_help=True)
app.add_typer(show, name="show")
show.command()(leads)
app.add_typer(users, name="user")
app.add_typer(people, name="people")
app.add_typer(keys, name="key")

DAY = ["%Y-%m-%d"]
MOMENT = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]

In = Annotated[
    Path, typer.Option("--workspace", "-w", help="The workspace's folder.", envvar="ACCORD_WORKSPACE")
]
As = Annotated[Format, typer.Option("--format", "-f", help="How to print.")]
From = Annotated[
    datetime | None, typer.Option("--from", formats=DAY, help="First day, in the agreement's zone.")
]
To = Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Day after the last.")]
AsOf = Annotated[datetime | None, typer.Option("--as-of", formats=MOMENT, help="As known then (UTC).")]
AsIf = Annotated[str | None, typer.Option("--as-if", help="As if this version had judged all of the past.")]
Channel = Annotated[str | None, typer.Option("--channel", help="Only this channel.")]
Segment = Annotated[str | None, typer.Option("--segment", help="Only this segment.")]
HERE = Path()


class Basis(StrEnum):
    """Whose word on stages counts."""

    agreement = "agreement"
    tools = "tools"


class SpendBy(StrEnum):
    """Whose spend is decided about."""

    channel = "channel"
    campaign = "campaign"


class CreditBy(StrEnum):
    """What credit is summed by."""

    channel = "channel"
    campaign = "campaign"
    team = "team"
    origin = "origin"
    content = "content"
    person = "person"


class Trend(StrEnum):
    """Periods a scoreboard can be split into."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


class FunnelBy(StrEnum):
    """What a funnel can be split by."""

    channel = "channel"
    campaign = "campaign"
    segment = "segment"
    month = "month"


def main() -> None:
    """Run the command line; an error a user can mend is one message, never a traceback."""
    try:
        app()
    except AccordError as error:
        print(f"accord: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        print(f"accord: {error.filename or ''}: {error.strerror}", file=sys.stderr)
        sys.exit(1)


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"accord {installed('accord')}")
        raise typer.Exit


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where to make the workspace.")] = HERE) -> None:
    """Make a workspace with a starter agreement to edit."""
    from accord.workspace import Workspace

    workspace = Workspace.create(folder)
    print(f"Made a workspace in {workspace.folder}. Next: edit agreement.yaml, then `accord check`.")


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The agreement; default: the workspace's.")] = None,
    workspace: In = HERE,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema for editors instead.")
    ] = False,
) -> None:
    """Check an agreement: every mistake with its line, column and mend."""
    from accord import agreement

    if schema:
        print_json(agreement.json_schema())
        return
    path = file or workspace / "agreement.yaml"
    checked = agreement.load(path)
    print(f"{path}: fine. Behaviour {checked.behaviour_hash}, wording {checked.wording_hash}.")


@app.command()
def mapping(
    paths: Annotated[list[Path], typer.Argument(help="The files, or folders of them, to look at.")],
) -> None:
    """Propose a mapping from the headers and samples of files; print it to be kept and corrected."""
    from accord.sources.propose import propose

    print(propose(paths), end="")


@app.command()
def load(
    paths: Annotated[
        list[Path], typer.Argument(help="Files, or folders of them: CSV, Excel, Parquet, JSON Lines.")
    ],
    mapping: Annotated[
        str, typer.Option("--mapping", "-m", help="A mapping file, or the name of a shipped one.")
    ],
    workspace: In = HERE,
    history: Annotated[
        bool, typer.Option("--history", help="These facts were known when they happened.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what the load would do, with samples; change nothing.")
    ] = False,
    format: As = Format.table,
) -> None:
    """Load files into the ledger. Loading the same export again adds nothing."""
    from accord.cli.preview import print_ignored, print_preview
    from accord.cli.progress import loading
    from accord.sources.shipped import mapping_file
    from accord.workspace import Workspace

    space = Workspace(workspace)
    if dry_run:
        with loading() as progress:
            tried = space.preview(paths, mapping_file(mapping), progress=progress)
        print_preview(tried, format)
        return
    with loading() as progress:
        receipt = space.load(paths, mapping_file(mapping), history=history, by=_user(), progress=progress)
    counted = ("table", "received", "loaded", "quarantined", "skipped")
    print_rows([{name: getattr(table, name) for name in counted} for table in receipt.tables], format)
    for file in receipt.quarantine:
        print(f"Rows to mend and load again: {file}", file=sys.stderr)
    print_ignored(receipt.ignored)


def _user() -> str:
    """The name of who is at the terminal, as far as the system says it."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or ""


@app.command()
def diff(
    draft: Annotated[Path, typer.Argument(help="The agreement to look at: a YAML file.")],
    against: Annotated[
        str | None, typer.Option("--against", help="A version that has judged; none: the one in the folder.")
    ] = None,
    workspace: In = HERE,
    format: As = Format.table,
) -> None:
    """What a changed agreement changes, in plain words."""
    from accord.workspace import Workspace

    told = Workspace(workspace).differences(draft, against=against)
    if format is not Format.table:
        print_rows([{"change": words, "only_words": only} for words, only in told], format)
        return
    for words, only in told:
        print(f"{words}{' (only words)' if only else ''}")
    if not told:
        print("Nothing.")


@app.command()
def backtest(
    draft: Annotated[Path, typer.Argument(help="The agreement to try: a YAML file.")],
    against: Annotated[
        str | None, typer.Option("--against", help="A version that has judged; none: the one in the folder.")
    ] = None,
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    horizon: Annotated[int, typer.Option(min=1, max=3650, help="Days within which an outcome counts.")] = 90,
    format: As = Format.table,
) -> None:
    """What a changed agreement would have done: whom it qualifies, and what became of them."""
    from accord.cli.backtest import backtest

    days = (start.date() if start else None, end.date() if end else None)
    backtest(workspace, draft, against, days, horizon, format)


@app.command()
def learn(
    workspace: In = HERE,
    horizon: Annotated[
        int, typer.Option(min=1, max=3650, help="Days within which an opportunity or a win counts.")
    ] = 90,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days of verdicts are read.")] = 365,
    save: Annotated[
        Path | None, typer.Option("--save", help="A folder: each suggested edit as a draft to backtest.")
    ] = None,
    format: As = Format.table,
) -> None:
    """What sales' answers teach: rules that let bad leads in, edits worth trying, and a learned score."""
    from accord.cli.learn import learn

    learn(workspace, horizon, days, save, format)


@app.command()
def attribute(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet: one row a touch, or one a path.")],
    model: Annotated[str, typer.Option(help="markov or shapley.")] = "markov",
    order: Annotated[int, typer.Option(min=1, help="Of markov: so many last channels are remembered.")] = 1,
    repeats: Annotated[bool, typer.Option(help="Count a channel each time it follows itself.")] = True,
    replicates: Annotated[
        int, typer.Option(min=0, help="Draw the journeys anew so often: 90% intervals.")
    ] = 0,
    format: As = Format.table,
) -> None:
    """Credit from a file of journeys, those without a conversion among them; needs no workspace."""
    from accord.cli.attribute import attribute

    attribute(file, model, order, repeats, replicates, format)


@app.command()
def plan(
    workspace: In = HERE,
    period: Annotated[
        str | None, typer.Option(help="2027Q1, 2027-03 or 2027; none: the running one with a revenue target.")
    ] = None,
    target: Annotated[float | None, typer.Option(min=1, help="Another target than the agreement's.")] = None,
    volume: Annotated[float, typer.Option(min=0, max=100, help="What if: times as many leads.")] = 1,
    conversion: Annotated[float, typer.Option(min=0, max=100, help="What if: times as many deals each.")] = 1,
    deal_size: Annotated[float, typer.Option(min=0, max=100, help="What if: deals times as large.")] = 1,
    minutes: Annotated[
        float, typer.Option(min=1, max=600, help="Assumed: minutes an act of sales takes.")
    ] = 15,
    share_of_time: Annotated[
        float, typer.Option(min=0.01, max=1, help="Assumed: share of sellers' time free for new leads.")
    ] = 0.5,
    format: As = Format.table,
) -> None:
    """What a revenue target needs and how likely it is; of a period that is over, where the miss arose."""
    from accord.cli.plan import plan
    from accord.insight.planning import Asked, Scenario

    scenario = Scenario(volume, conversion, deal_size)
    plan(workspace, Asked(period, target, scenario, minutes, share_of_time), format)


@app.command()
def seal(
    name: Annotated[str, typer.Argument(help="What to call the report, as in 2026-09.")],
    workspace: In = HERE,
    start: From = None,
    end: To = None,
) -> None:
    """Keep the numbers of a period as they are now: what they become is then a restatement."""
    from accord.cli.restate import seal

    seal(workspace, name, start.date() if start else None, end.date() if end else None)


@app.command()
def restate(
    workspace: In = HERE,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Only reports sealed on this day or later.")
    ] = None,
    format: As = Format.table,
) -> None:
    """Numbers of sealed reports that differ now, and which new knowledge made the difference."""
    from accord.cli.restate import restate

    restate(workspace, since.date() if since else None, format)


@app.command()
def undo(
    load_id: Annotated[str | None, typer.Argument(help="The load to withdraw; none: list the loads.")] = None,
    workspace: In = HERE,
    format: As = Format.table,
) -> None:
    """Withdraw a load: its facts no longer count. Without an id, list the loads."""
    from accord.workspace import Workspace

    space = Workspace(workspace)
    if load_id is None:
        shown = ("load_id", "finished_at", "by", "source", "loaded", "quarantined", "withdrawn")
        rows = [{name: getattr(one, name) for name in shown} for one in space.loads()]
        print_rows(rows, format, empty="No loads yet.")
        return
    later = space.undo(load_id)
    print(f"Withdrew load {load_id}. Run `accord build` to see the numbers without it.")
    if later:
        print(f"Later loads left out rows it had brought; load their files again: {', '.join(later)}.")


@app.command()
def build(
    workspace: In = HERE,
    engine: Annotated[
        str | None,
        typer.Option(help="Where to build, this once: duckdb, local[4], spark://host:7077, spark."),
    ] = None,
) -> None:
    """Judge every lead by the agreement and publish the numbers."""
    from accord.cli.progress import building
    from accord.workspace import Workspace

    with building() as progress:
        built = Workspace(workspace).build(engine=engine, progress=progress)
    print(f"Built {built.build_id} under agreement version {built.about['version']}.")


@app.command()
def experiments(
    file: Annotated[
        Path | None, typer.Argument(help="A CSV file of holdouts and lift tests to keep.")
    ] = None,
    workspace: In = HERE,
    format: As = Format.table,
) -> None:
    """What holdouts and lift tests found, beside what the models credit; with a file, keep its tests."""
    from accord.workspace import Workspace

    space = Workspace(workspace)
    if file:
        space.keep_experiments(file)
    rows = space.experiments_beside_models()
    print_rows(rows, format, empty="No tests are kept. `accord experiments FILE` keeps those of a CSV file.")


@app.command()
def serve(
    workspace: In = HERE,
    host: Annotated[str, typer.Option(help="Address to listen on; other machines reach only others.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Whether a worker runs beside the pages.")
    ] = True,
) -> None:
    """Serve the pages of both teams, with a worker beside them."""
    from accord.desk import serve

    desk = serve.prepare(workspace, host, port)
    print(f"Accord is at {desk.address}")
    if desk.first_account:
        print(f"Nobody can sign in yet. Make the first account (valid for a day):\n{desk.first_account}")
    serve.run(host, port, with_worker=with_worker)


@app.command()
def connections(workspace: In = HERE, format: As = Format.table) -> None:
    """List the connections: up to when each has been read, what waits, what failed."""
    from accord.cli.connections import standings

    rows = standings(workspace)
    print_rows(rows, format, empty="No connections; name folders under [connections] in accord.toml.")


@app.command()
def sync(
    names: Annotated[list[str] | None, typer.Argument(help="Only these connections.")] = None,
    workspace: In = HERE,
    format: As = Format.table,
) -> None:
    """Load at once what lies in the folders of the connections, and build if there was anything."""
    from accord.cli.connections import sync

    rows = sync(workspace, names or [])
    print_rows(rows, format, empty="Nothing new.")


@app.command()
def worker(workspace: In = HERE) -> None:
    """Do what falls due, without pages: clocks, facts, loads, builds. Any number may run."""
    from accord.desk import serve

    serve.setup(workspace)
    from accord.desk.jobs.worker import run

    run()


@app.command()
def export(
    table: Annotated[
        str, typer.Argument(help="A read model, such as leads, or a fact table as facts.touches.")
    ],
    file: Annotated[Path, typer.Argument(help="Where to: .csv, .parquet or .jsonl.")],
    workspace: In = HERE,
) -> None:
    """Write a whole table to a file."""
    from accord.cli.files import write
    from accord.workspace import Workspace

    count = write(Workspace(workspace).table(table), file)
    print(f"Wrote {count:,} rows to {file}.")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where to make it.")] = Path("demo-workspace"),
    people: Annotated[int, typer.Option(help="How many people.")] = 40_000,
    seed: Annotated[int, typer.Option(help="Another number makes another company.")] = 7,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=DAY, help="Last day of the data; default: yesterday, or that of the one made before."
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Make it anew where one is already.")] = False,
    serve: Annotated[bool, typer.Option(help="Serve its pages afterwards.")] = True,
    port: Annotated[int, typer.Option(help="Port to serve them on.")] = 8000,
) -> None:
    """Make the demo company: a fictional maker of robot cells with eighteen months behind it."""
    from datetime import timedelta

    from accord.cli import demo
    from accord.cli.progress import loading
    from accord.workspace import now

    yesterday = (now() - timedelta(days=1)).date()
    last = until.date() if until else (None if again else demo.last_day(folder)) or yesterday
    demo.make(folder, people, seed, last, again=again, told=_tell, loading=loading)
    print(f"Northwind Robotics, up to {last}, is in {folder}. All of it is fiction.")
    if serve:
        demo.serve(folder, port)
    else:
        print(f"Next: accord show scoreboard -w {folder}")


def _tell(step: str) -> None:
    print(step, file=sys.stderr)


@app.command()
def route(
    leads: Annotated[
        list[str], typer.Argument(help="E-mail addresses, records, or a CSV file with a column `lead`.")
    ],
    workspace: In = HERE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it and change nothing.")] = False,
    format: As = Format.table,
) -> None:
    """Show who would get leads, and why: everybody considered, with the reason."""
    from accord.cli import handoffs

    if not dry_run:
        raise typer.BadParameter("Leads are routed when they qualify; add --dry-run to see where to.")
    print_rows(handoffs.dry_run(workspace, leads), format)


@app.command()
def audit(workspace: In = HERE, start: From = None, end: To = None, format: As = Format.table) -> None:
    """Prove that no qualified lead is lost: each in exactly one state. Fails and lists those that are not."""
    from accord.cli import handoffs

    found = handoffs.audit(workspace, start.date() if start else None, end.date() if end else None)
    if format is Format.json:
        print_json(found)
    else:
        print_rows(handoffs.counts(found), format, empty="No lead qualified.")
        print_rows(found["findings"], format, empty="Every lead is accounted for.")
    if found["findings"]:
        raise typer.Exit(1)


@app.command()
def promises(
    workspace: In = HERE,
    period: Annotated[
        str | None, typer.Option(help="2026-11, 2026-W46, 2026Q4, 2026; without it, the running one.")
    ] = None,
    at: Annotated[
        datetime | None, typer.Option("--at", formats=MOMENT, help="As they stood then (UTC).")
    ] = None,
    format: As = Format.table,
) -> None:
    """Both teams' promises in a period: what is owed, done, carried over, waiting and left out."""
    from accord.cli import handoffs

    print_rows(handoffs.promises(workspace, period, at), format, empty="The agreement has no promises.")


@app.command("hand-over")
def hand_over(
    workspace: In = HERE,
    confirm: Annotated[bool, typer.Option("--confirm", help="Even if they are more than 200.")] = False,
) -> None:
    """Hand over the leads that qualified and have no owner yet, at once instead of by the worker."""
    from accord.cli import handoffs

    print(f"Handed over {handoffs.hand_over(workspace, confirmed=confirm)} leads.")


@show.command()
def scoreboard(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    as_if: AsIf = None,
    by: Annotated[Trend | None, typer.Option(help="One set of rows for each period.")] = None,
    channel: Channel = None,
    segment: Segment = None,
    format: As = Format.table,
) -> None:
    """KPIs against targets, leading and lagging, of both teams."""
    rows = _ask(
        "scoreboard",
        workspace,
        start=start,
        end=end,
        as_of=as_of,
        as_if=as_if,
        by=by,
        channel=channel,
        segment=segment,
    )
    if format is Format.table:
        rows = [_kpi(row) for row in rows]
    print_rows(rows, format)


@show.command()
def funnel(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    as_if: AsIf = None,
    by: Annotated[FunnelBy | None, typer.Option(help="One funnel for each value.")] = None,
    channel: Channel = None,
    segment: Segment = None,
    basis: Annotated[
        Basis, typer.Option(help="By the agreement, or as the tools recorded it.")
    ] = Basis.agreement,
    format: As = Format.table,
) -> None:
    """Stages: how many entered, how many went on, and how long it took."""
    options = {
        "start": start,
        "end": end,
        "as_of": as_of,
        "as_if": as_if,
        "by": by,
        "channel": channel,
        "segment": segment,
    }
    print_rows(_ask("funnel", workspace, basis=basis, **options), format)


@show.command()
def campaigns(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    as_if: AsIf = None,
    model: Annotated[
        str | None, typer.Option(help="Model that gives the credit; default: the agreement's first.")
    ] = None,
    channel: Channel = None,
    segment: Segment = None,
    format: As = Format.table,
) -> None:
    """Campaigns: cost, leads, what sales returned, credit by stage, pipeline, revenue and return."""
    options = {
        "start": start,
        "end": end,
        "as_of": as_of,
        "as_if": as_if,
        "channel": channel,
        "segment": segment,
    }
    print_rows(_ask("campaigns", workspace, model=model, **options), format)


@show.command()
def models(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    as_if: AsIf = None,
    milestone: Annotated[str | None, typer.Option(help="Stage whose credit to show.")] = None,
    channel: Channel = None,
    format: As = Format.table,
) -> None:
    """The return of every campaign under each model, side by side."""
    options = {"start": start, "end": end, "as_of": as_of, "as_if": as_if, "channel": channel}
    print_rows(_ask("models", workspace, milestone=milestone, **options), format)


@show.command()
def attribution(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    as_if: AsIf = None,
    model: Annotated[list[str] | None, typer.Option(help="Only this model; may be given again.")] = None,
    by: Annotated[CreditBy, typer.Option(help="What to sum the credit by.")] = CreditBy.channel,
    milestone: Annotated[str | None, typer.Option(help="Stage whose credit to show.")] = None,
    channel: Channel = None,
    segment: Segment = None,
    format: As = Format.table,
) -> None:
    """Who gets the credit, under each model."""
    options = {
        "start": start,
        "end": end,
        "as_of": as_of,
        "as_if": as_if,
        "channel": channel,
        "segment": segment,
    }
    rows = _ask("attribution", workspace, by=by, models=model, milestone=milestone, **options)
    print_rows(rows, format)


@show.command()
def influenced(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    as_if: AsIf = None,
    by: Annotated[CreditBy, typer.Option(help="What had the touches.")] = CreditBy.channel,
    milestone: Annotated[str | None, typer.Option(help="Stage that was reached.")] = None,
    channel: Channel = None,
    segment: Segment = None,
    format: As = Format.table,
) -> None:
    """Which channels had any touch in what was won, and which the first; counted whole, so they overlap."""
    options = {"start": start, "end": end, "as_of": as_of, "as_if": as_if, "by": by.value}
    rows = _ask("influenced", workspace, milestone=milestone, channel=channel, segment=segment, **options)
    print_rows(rows, format, empty="Nothing in this period was touched before.")


@show.command()
def cohorts(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    as_if: AsIf = None,
    by: Annotated[SpendBy, typer.Option(help="Whose spend, and whose leads.")] = SpendBy.channel,
    segment: Segment = None,
    format: As = Format.table,
) -> None:
    """Each month's spend beside what the leads of that month have won since, and when it came back."""
    options = {"start": start, "end": end, "as_of": as_of, "as_if": as_if, "segment": segment}
    rows = _ask("cohorts", workspace, by=by.value, **options)
    print_rows(rows, format, empty="No month in this period spent anything or brought a lead.")


@show.command()
def unmatched(
    workspace: In = HERE, start: From = None, end: To = None, as_of: AsOf = None, format: As = Format.table
) -> None:
    """Spend without a campaign, channel, rate or touch, and campaigns without spend: never dropped."""
    rows = _ask("unmatched", workspace, start=start, end=end, as_of=as_of)
    print_rows(rows, format, empty="All spend and all campaigns find their match.")


@show.command()
def sources(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    as_if: AsIf = None,
    field: Annotated[
        str | None, typer.Option(help="Own field of people that holds the answer; none: their tool's source.")
    ] = None,
    channel: Channel = None,
    segment: Segment = None,
    format: As = Format.table,
) -> None:
    """What leads said brought them, against the channel that was tracked."""
    from accord.cli import sources as printed

    options = {"start": start, "end": end, "as_of": as_of, "as_if": as_if}
    rows = _ask("sources", workspace, field=field, channel=channel, segment=segment, **options)
    printed.sources(rows, format)


@show.command()
def decision(
    workspace: In = HERE,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    model: Annotated[list[str] | None, typer.Option(help="Only this model; may be given again.")] = None,
    by: Annotated[SpendBy, typer.Option(help="Whose spend to decide about.")] = SpendBy.channel,
    milestone: Annotated[str | None, typer.Option(help="Stage whose credit to show.")] = None,
    part: Annotated[float, typer.Option("--move", help="Part of the spend to move.", min=0, max=1)] = 0.1,
    source: Annotated[str | None, typer.Option("--away-from", help="Whose spend to move.")] = None,
    target: Annotated[str | None, typer.Option("--towards", help="Where to move it.")] = None,
    format: As = Format.table,
) -> None:
    """Whether the budget decision would change with the model: what all agree on, with intervals."""
    from accord.cli import decision as printed

    days = {"start": start and start.date(), "end": end and end.date()}
    options = {**days, "as_of": as_of, "models": model, "milestone": milestone}
    printed.decision(workspace, by.value, format, part=part, source=source, target=target, **options)


@show.command()
def lead(
    name: Annotated[str, typer.Argument(help="An e-mail address, or a record's id in its tool.")],
    workspace: In = HERE,
    as_of: AsOf = None,
    format: As = Format.table,
) -> None:
    """One lead's whole story: score line by line, gates, stages, timeline."""
    from accord.cli.lead import print_lead
    from accord.workspace import Workspace

    story = Workspace(workspace).lead(name, as_of=as_of)
    if format is Format.json:
        print_json(story)
    elif format is Format.csv:
        print_rows(story["timeline"], format)
    else:
        print_lead(story)


@show.command()
def exceptions(workspace: In = HERE, as_of: AsOf = None, format: As = Format.table) -> None:
    """What does not run as agreed, worst first: what changed, why, and what to do next."""
    from accord.insight.exceptions import plain
    from accord.workspace import Workspace

    rows = Workspace(workspace).exceptions(as_of=as_of)
    for row in rows:
        row |= {name: plain(row[name]) for name in ("title", "why", "next_step")}
    if format is Format.table:
        shown = ("no", "state", "team", "title", "why", "next_step")
        rows = [{name: row[name] for name in shown} for row in rows]
    print_rows(rows, format, empty="Everything runs as agreed.")


@show.command()
def facts(
    workspace: In = HERE,
    table: Annotated[str, typer.Option(help="The fact table.")] = "touches",
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    format: As = Format.table,
) -> None:
    """How many facts a table holds, and from when to when."""
    from accord.workspace import Workspace

    summary = Workspace(workspace).facts(table, source)
    if format is Format.json:
        print_json(summary)
    else:
        print_rows([summary], format)


@show.command()
def excluded(workspace: In = HERE, format: As = Format.table) -> None:
    """People the agreement excludes, each with the rule: never qualified, never credited."""
    from accord.workspace import Workspace

    print_rows(Workspace(workspace).excluded(), format, empty="Nobody is excluded.")


@show.command()
def sealed(workspace: In = HERE, format: As = Format.table) -> None:
    """The sealed reports."""
    from accord.cli.restate import sealed_reports

    sealed_reports(workspace, format)


@show.command()
def restatements(workspace: In = HERE, format: As = Format.table) -> None:
    """Decisions that today's facts would have made differently; they stand as made."""
    from accord.workspace import Workspace

    rows = Workspace(workspace).table("restatements").to_pylist()
    print_rows(rows, format, empty="Every decision stands as today's facts would make it.")


def _ask(report: str, folder: Path, **options: Any) -> list[dict[str, Any]]:
    """The rows of one of the workspace's reports; days come as datetimes from the command line."""
    from accord.workspace import Workspace

    for name in ("start", "end"):
        if options.get(name) is not None:
            options[name] = options[name].date()
    return Workspace(folder).rows(report, **options)


def _kpi(row: dict[str, Any]) -> dict[str, Any]:
    """A KPI as a line for people: what it cannot be computed from, or what it leaves out, in one note."""
    shown = {"kpi": row["kpi"]}
    shown |= {name: measure(row[name], row["unit"]) for name in ("value", "target")}
    shown |= {name: row[name] for name in ("period", "kind", "owner")}
    return shown | {"note": row["missing"] or row["note"] or ""}
