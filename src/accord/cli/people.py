"""`accord people`: teams, people, hours and absences from CSV files."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from accord.cli.output import Format, print_rows

people = typer.Typer(help="Teams, people, working hours and absences from files.", no_args_is_help=True)


@people.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="CSV files; what each holds is told by its columns.")],
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="The workspace's folder.", envvar="ACCORD_WORKSPACE")
    ] = Path(),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only try it; change nothing.")] = False,
    address: Annotated[str, typer.Option(help="Where the pages are served.")] = "http://127.0.0.1:8000",
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print.")] = Format.table,
) -> None:
    """Load all files, or with a mistake anywhere nothing; prints the links of new people."""
    from accord.desk import serve

    contents = [(file.name, file.read_bytes()) for file in files]
    serve.setup(workspace)
    from accord.desk.staff import files as staff
    from accord.desk.staff.loading import load
    from accord.desk.teams.actions import invite
    from accord.workspace import Workspace, now

    read = [staff.read(name, content) for name, content in contents]
    loaded = load(read, Workspace(workspace).agreement, now(), by=None, dry_run=dry_run)
    print_rows([asdict(receipt) for receipt in loaded.receipts], format)
    if loaded.mistakes:
        print("\n".join(map(str, loaded.mistakes)), file=sys.stderr)
        raise typer.Exit(1)
    if not dry_run:
        for person in loaded.added:
            print(f"{person.email}: {address.rstrip('/')}{invite(person)}", file=sys.stderr)
