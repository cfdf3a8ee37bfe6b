"""What the command line asks of the connections."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from accord.errors import AccordError


class UnknownConnection(AccordError):
    """accord.toml names no such connection."""

    code = "unknown_connection"


def standings(folder: Path) -> list[dict[str, Any]]:
    """Every connection as a row."""
    from accord.desk import serve

    serve.setup(folder)
    from accord.desk.connections.standing import standings
    from accord.workspace import Workspace, now

    space = Workspace(folder)
    return [
        asdict(one) | {"state": one.state, "folder": str(one.folder)}
        for one in standings(space.folder, space.settings, now())
    ]


def sync(folder: Path, names: list[str]) -> list[dict[str, Any]]:
    """Load what lies in the folders, without waiting whether it stands still; a row for each load.

    What another worker has begun already is left to it. Raises UnknownConnection and NoFolder.
    """
    from accord.desk import serve

    serve.setup(folder)
    from accord.desk.connections.watching import folder_of, watch
    from accord.desk.hours.calendars import aware
    from accord.desk.jobs.worker import run_next
    from accord.workspace import Workspace, now

    space = Workspace(folder)
    known = space.settings.connections
    if unknown := set(names) - set(known):
        raise UnknownConnection(
            f"There is no connection {', '.join(sorted(unknown))}.",
            mend=f"Connections in accord.toml: {', '.join(sorted(known)) or 'none'}.",
        )
    rows = []
    for name in names or sorted(known):
        place = folder_of(space.folder, known[name])
        job = watch(name, place, aware(now()), still=timedelta())
        if job is not None:
            run_next(only=job.pk)
            job.refresh_from_db()
            standing = job.get_state_display().lower()
            rows.append(
                {"connection": name, "state": standing, "remark": job.error or job.result.get("load_id")}
            )
            if build := job.result.get("build"):
                run_next(only=build)
    return rows
