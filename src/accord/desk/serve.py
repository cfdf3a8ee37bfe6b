"""`accord serve`: prepares the workspace's desk and runs the web server."""

from __future__ import annotations

import fcntl
import ipaddress
import multiprocessing
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accord.desk import key
from accord.errors import AccordError
from accord.workspace import Workspace

THREADS = 8


class ServeRefused(AccordError):
    """The desk may not be served like this."""

    code = "serve_refused"


@dataclass(frozen=True)
class Desk:
    """A desk ready to be served: its address, and the link for the first account while nobody has one."""

    address: str
    first_account: str | None


def prepare(folder: Path, host: str, port: int) -> Desk:
    """Bring the desk database to the present schema and write what pages need. Raises ServeRefused."""
    workspace = Workspace(folder)
    _check_free(host, port)
    _setup(workspace.folder)
    if not _is_loopback(host):
        _check_public(workspace)
    from accord.desk.shell import charts
    from accord.desk.teams.actions import first_account_token
    from accord.desk.teams.models import User

    charts.library()
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    missing = None if User.objects.exists() else f"{address}/first-account/{first_account_token()}"
    return Desk(address, missing)


def run(host: str, port: int, *, with_worker: bool = True) -> None:
    """Serve until interrupted, with a worker beside unless others do the work. `prepare` comes first."""
    from granian import Granian
    from granian.constants import Interfaces

    from accord.desk.jobs import worker

    # A forked server would inherit an engine of this process without the threads that do its work.
    multiprocessing.set_start_method("spawn", force=True)
    if with_worker:
        worker.start()
    Granian(
        "accord.desk.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        log_level="error",  # type: ignore[arg-type]
    ).serve()


def setup(folder: Path) -> None:
    """Make Django ready for the workspace in `folder`, its database at the present schema."""
    _setup(Workspace(folder).folder)


def _setup(folder: Path) -> None:
    with _one_at_a_time(folder):
        _migrated(folder)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the others that set up the workspace on this machine: several workers may be started at once."""
    with (folder / ".setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _migrated(folder: Path) -> None:
    import django
    from django.core.management import call_command

    key.ensure_key(folder)
    os.environ["ACCORD_WORKSPACE"] = str(folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "accord.desk.settings"
    django.setup()
    from django.db import OperationalError

    from accord.desk.database import upgrading

    try:
        with upgrading():
            call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise ServeRefused(
            f"The desk database cannot be used: {str(error).strip()}.",
            mend="Look at `database` in accord.toml, or ACCORD_DATABASE, and whether the database runs.",
        ) from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_free(host: str, port: int) -> None:
    """That nobody listens there: the server itself would share the port, and answer every other request."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServeRefused(
                f"{host}:{port} cannot be listened on: {error.strerror}.", mend="Name another with --port."
            ) from None


def _check_public(workspace: Workspace) -> None:
    """What must hold before anybody but this machine may connect."""
    from accord.desk.teams.models import User

    if key.lies_in_folder(workspace.folder):
        raise ServeRefused(
            "The key was generated into the workspace's folder, where a copy of the folder takes it along.",
            mend=f"Move its content into the environment variable {key.VARIABLE} and remove {key.FILE}.",
        )
    if User.objects.filter(email__endswith=".example").exists():
        raise ServeRefused(
            "There are accounts of the demo company, whose passwords everybody knows.",
            mend="Serve the demo on 127.0.0.1 alone, or serve a workspace of your own.",
        )
