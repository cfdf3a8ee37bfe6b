"""`accord key`: changes the key that signs and encrypts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accord.errors import AccordError

keys = typer.Typer(help="The key that signs sessions and links and encrypts secrets.", no_args_is_help=True)

Folder = Annotated[
    Path, typer.Option("--workspace", "-w", help="The workspace's folder.", envvar="ACCORD_WORKSPACE")
]


class NotInFolder(AccordError):
    """The key is kept elsewhere than in the workspace's folder."""

    code = "key_not_in_folder"


@keys.command()
def rotate(workspace: Folder = Path()) -> None:
    """Encrypt all secrets with a new key; a key in ACCORD_KEY you put before the old one yourself."""
    from accord.desk import key, serve

    if key.lies_in_folder(workspace):
        key.add_key(workspace)
    serve.setup(workspace)
    from accord.desk.vault.secrets import seal_anew

    print(f"{seal_anew()} secrets are encrypted with the newest of {len(key.keys_of(workspace))} keys.")
    print("Restart what runs. What was signed with the old key holds until `accord key forget-old`.")


@keys.command()
def forget_old(workspace: Folder = Path()) -> None:
    """Drop all keys but the newest: sessions and links signed with them end, everybody signs in anew."""
    from accord.desk import key, serve

    if not key.lies_in_folder(workspace):
        raise NotInFolder(
            "The key does not lie in the workspace's folder.",
            mend=f"Run `accord key rotate`, then leave only the first key in {key.VARIABLE}.",
        )
    serve.setup(workspace)
    from accord.desk.vault.secrets import seal_anew

    seal_anew()
    key.forget_old_keys(workspace)
    print("Only the newest key is left. Restart what runs.")
