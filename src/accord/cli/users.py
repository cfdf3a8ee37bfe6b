"""`accord user`: people of the desk, by the same actions as the page People."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accord.errors import AccordError

users = typer.Typer(help="People who may sign in to the pages.", no_args_is_help=True)

ROLES = ("operations", "marketer", "marketing_manager", "rep", "manager", "viewer")


class UnknownRole(AccordError):
    """There is no such role."""

    code = "unknown_role"


@users.command()
def add(
    email: Annotated[str, typer.Argument(help="Their e-mail address, as your tools know it.")],
    name: Annotated[str, typer.Option(help="Their name.")],
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")],
    team: Annotated[list[str] | None, typer.Option(help="A team's short name; may be given again.")] = None,
    address: Annotated[str, typer.Option(help="Where the pages are served.")] = "http://127.0.0.1:8000",
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="The workspace's folder.", envvar="ACCORD_WORKSPACE")
    ] = Path(),
) -> None:
    """Add a person; prints the link by which they set their password, once, within three days."""
    from accord.desk import serve

    if role not in ROLES:
        raise UnknownRole(f"There is no role {role}.", mend=f"Choose from {', '.join(ROLES)}.")
    serve.setup(workspace)
    from accord.desk.rights import Role
    from accord.desk.teams.actions import add_person, invite

    person = add_person(email, name, Role(role), teams=team or ())
    print(f"{person.name} can sign in after setting a password:")
    print(f"{address.rstrip('/')}{invite(person)}")
