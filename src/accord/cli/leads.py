"""`accord show leads`: the leads list with the filters that its page has."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from accord.cli.output import Format, print_rows

DAY = ["%Y-%m-%d"]
MOMENT = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]

PRINTED = ("lead", "label", "company", "stage", "stage_at", "score", "channel", "owner_name", "wrong")
"""Columns of the table for people; `wrong` names the flags that are set."""


class By(StrEnum):
    """What of a lead lies in the period."""

    opened = "opened"
    qualified = "qualified"
    staged = "staged"


class Status(StrEnum):
    """Whether a lead is still open."""

    open = "open"
    closed = "closed"


def leads(
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="The workspace's folder.", envvar="ACCORD_WORKSPACE")
    ] = Path(),
    text: Annotated[str, typer.Option(help="Words of a name, an e-mail address or a company.")] = "",
    stage: Annotated[list[str] | None, typer.Option(help="A stage, or `new`; may be given again.")] = None,
    status: Annotated[Status | None, typer.Option(help="Only open, or only closed ones.")] = None,
    flag: Annotated[
        list[str] | None,
        typer.Option(help="never_contacted, overdue, worked_by_two or missing; may be given again."),
    ] = None,
    channel: Annotated[str | None, typer.Option(help="Channel; an empty one for none.")] = None,
    segment: Annotated[str | None, typer.Option(help="Segment; an empty one for none.")] = None,
    campaign: Annotated[str | None, typer.Option(help="Campaign; an empty one for none.")] = None,
    owner: Annotated[
        str | None, typer.Option(help="The owner's e-mail address; an empty one for none.")
    ] = None,
    verdict: Annotated[str | None, typer.Option(help="The last verdict; an empty one for none.")] = None,
    score: Annotated[float | None, typer.Option(help="Lowest score.")] = None,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="First day, in the agreement's zone.")
    ] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Day after the last.")] = None,
    by: Annotated[By, typer.Option(help="What lies in the period.")] = By.opened,
    order: Annotated[str, typer.Option(help="A column; descending with a minus before it.")] = "-stage_at",
    page: Annotated[int, typer.Option(min=1, help="Which 50 leads to print; CSV and JSON hold all.")] = 1,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=MOMENT, help="As known then (UTC).")
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print.")] = Format.table,
) -> None:
    """The leads, filtered and in order: where each stands, whose it is, what is wrong with it."""
    from accord.insight.leads import Filters
    from accord.workspace import Workspace

    space = Workspace(workspace)
    given: dict[str, Any] = {
        "text": text,
        "stages": tuple(stage or ()),
        "closed": None if status is None else status is Status.closed,
        "flags": frozenset(flag or ()),
        "channel": channel,
        "segment": segment,
        "campaign": campaign,
        "owner": owner and owner.lower(),
        "verdict": verdict,
        "score": (score, None),
        by.value: space.moments(start and start.date(), end and end.date()),
    }
    filters = Filters(**given)
    if format is not Format.table:
        print_rows(list(space.all_leads(filters, order=order, as_of=as_of)), format)
        return
    found = space.leads(filters, order=order, page=page, as_of=as_of)
    print_rows([_printed(row) for row in found.rows], format, empty="No lead matches.")
    if found.total > len(found.rows):
        print(f"Page {page} of {-(-found.total // found.size)}, {found.total:,} leads.", file=sys.stderr)


def _printed(row: dict[str, Any]) -> dict[str, Any]:
    flags = [name for name in ("never_contacted", "overdue", "worked_by_two") if row[name]]
    missing = [f"missing {row['missing']}"] if row["missing"] else []
    wrong = ", ".join([*(flag.replace("_", " ") for flag in flags), *missing])
    return {name: {**row, "wrong": wrong}[name] for name in PRINTED}
