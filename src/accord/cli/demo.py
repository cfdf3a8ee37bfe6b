"""Makes the demo company's workspace: simulate, write exports, load them by their mappings, build, go
live."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path

from accord.errors import AccordError
from accord.sources import demo
from accord.workspace import Workspace

MARKER = ".accord-demo"
"""The file by which a demo folder is known; it holds the parameters the company was made from."""

Told = Callable[[str], None]
Bar = Callable[[str, int, int], None]


class NotADemo(AccordError):
    """The folder holds something that `accord demo` did not make."""

    code = "not_a_demo"


class OtherDemo(AccordError):
    """The folder holds a demo company made from other parameters."""

    code = "other_demo"


class TooFewPeople(AccordError):
    """The company would be too small to show anything."""

    code = "too_few_people"


def make(
    folder: Path,
    people: int,
    seed: int,
    until: date,
    *,
    again: bool = False,
    told: Told = lambda step: None,
    loading: Callable[[], AbstractContextManager[Bar | None]] = nullcontext,
) -> Workspace:
    """The demo company's workspace in the folder; one already made from these parameters is kept as it is.

    `again` makes it anew. Raises NotADemo, OtherDemo, TooFewPeople, and then changes nothing.
    """
    given = {"people": people, "seed": seed, "until": until.isoformat()}
    if people < demo.FEWEST:
        raise TooFewPeople(f"{people} people are too few.", mend=f"Take {demo.FEWEST} or more.")
    if _made(folder, given, again):
        return Workspace(folder)
    _clear(folder)
    _mark(folder, given, finished=False)
    demo.write(folder, people, seed, until, told)
    workspace = Workspace(folder)
    for source in demo.SOURCES:
        told(f"loading {source}")
        with loading() as progress:
            mapping = folder / "mappings" / f"{source}.yaml"
            workspace.load([folder / "exports" / source], mapping, history=True, progress=progress)
    workspace.build(progress=lambda step: told(f"building: {step}"))
    demo.go_live(folder)
    _mark(folder, given, finished=True)
    return Workspace(folder)


def last_day(folder: Path) -> date | None:
    """The last day of the data of the demo company in the folder; None if there is none."""
    marker = folder / MARKER
    if not marker.is_file():
        return None
    return date.fromisoformat(json.loads(marker.read_text(encoding="utf-8"))["made_from"]["until"])


def serve(folder: Path, port: int) -> None:
    """Serve the demo's pages on this machine alone, until interrupted; prints address and sign-ins."""
    from accord.desk import serve as desk

    address = desk.prepare(folder, "127.0.0.1", port).address
    from accord.desk.seed import PASSWORD, seed

    print(f'\nAccord is at {address}. Sign in with the password "{PASSWORD}" as\n')
    for role, email in seed():
        print(f"    {role:<19}{email}")
    print("\nStop it with Ctrl+C.", flush=True)
    desk.run("127.0.0.1", port)


def _made(folder: Path, given: dict[str, object], again: bool) -> bool:
    """Whether the company of these parameters is there already, and to be kept."""
    if not folder.exists() or not any(folder.iterdir()):
        return False
    if not (folder / MARKER).is_file():
        raise NotADemo(f"{folder} is not empty, and no demo is in it.", mend="Choose an empty folder.")
    if again:
        return False
    found = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    if found["made_from"] != given:
        raise OtherDemo(
            f"{folder} holds a demo made from other parameters.", mend="Make it anew with --again."
        )
    return bool(found["finished"])


def _mark(folder: Path, given: dict[str, object], *, finished: bool) -> None:
    text = json.dumps({"made_from": given, "finished": finished})
    (folder / MARKER).write_text(text, encoding="utf-8")


def _clear(folder: Path) -> None:
    """An empty folder; only ever called on a new or a demo's own one."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
