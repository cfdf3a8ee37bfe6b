"""How fast pages answer with eight users at once, over a made-up company of any size.

A user asks for a page, reads it for a second and asks for the next, with periods, filters, names and leads
that differ each time. The same without reading time stands beside it: what the server can do at most.
"""

from __future__ import annotations

import gzip
import http.client
import json
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.world import NOW

USERS = 8
READING_SECONDS = 1.0
ROUNDS = 12
"""How often each user asks for each page."""
EMAIL, PASSWORD = "bench@firm.example", "robots and coffee"
CHANNELS = ("", "Paid Search", "Paid Social", "Email")


def main(folder: Path, people: int, touches: int) -> None:
    if not (folder / "ledger").exists():
        command = [sys.executable, "-m", "benchmarks.make", str(folder), str(people), str(touches)]
        subprocess.run(command, check=True)
    _build(folder)
    with _served(folder) as port:
        cookie = _sign_in(port)
        for page in _pages(random.Random(0), people).values():
            _get(port, page, cookie)
        reading = _users(port, cookie, people, READING_SECONDS)
        without = _users(port, cookie, people, 0)
    print(json.dumps({"pages": reading, "pages_without_reading_time": without}))


def _build(folder: Path) -> None:
    """The read models, by a process of its own, unless they are there."""
    shutil.copy(Path(__file__).parent / "agreement.yaml", folder / "agreement.yaml")
    if not (folder / "ledger" / "builds" / "current").exists():
        subprocess.run([sys.executable, "-c", _BUILD, str(folder), NOW.isoformat()], check=True)
    subprocess.run([sys.executable, "-c", _USER, str(folder), EMAIL, PASSWORD], check=True)


_BUILD = """
import datetime, pathlib, sys
from accord import pipeline
from accord.workspace import Workspace
space = Workspace(sys.argv[1])
request = pipeline.Request(space.agreement, space.settings, datetime.datetime.fromisoformat(sys.argv[2]))
pipeline.build(space.ledger, space.builds, request)
"""

_USER = """
import pathlib, sys
from accord.desk import serve
serve.setup(pathlib.Path(sys.argv[1]))
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
from accord.desk.teams.models import User
if not User.objects.exists():
    add_person(sys.argv[2], "Bench", Role.OPERATIONS, password=sys.argv[3])
"""


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from accord.cli import main; main()", "serve", "-w", str(folder)]
    server = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("the server did not start")


def _sign_in(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/sign-in")
    page = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    cookie = page.headers["Set-Cookie"].split(";")[0]
    assert token is not None
    form = urlencode({"email": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": token[1]})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    assert answer.status == 302, answer.status
    answer.read()
    session = next(c for c in answer.headers.get_all("Set-Cookie") or [] if c.startswith("sessionid"))
    return session.split(";")[0]


def _pages(chance: random.Random, people: int) -> dict[str, str]:
    """An address for every page, different each time."""
    period = chance.choice(["2026Q1", "2026Q2", "2026-03", "2026-06", "2026-W20", "2025"])
    common = urlencode({"period": period, "channel": chance.choice(CHANNELS)})
    stage = chance.choice(["mql", "sal", "sql"])
    order = chance.choice(["-score", "-opened_at", "name", "-last_activity_at"])
    firm = chance.randrange(people // 4)
    return {
        "scoreboard": f"/?{common}",
        "journey": f"/journey?{common}",
        "campaigns": f"/campaigns?{common}",
        "leads": f"/leads?{urlencode({'stage': stage, 'sort': order})}",
        "lead": f"/leads/crm:person:{chance.randrange(people)}",
        "search": f"/search?{urlencode({'q': f'firm {firm}'})}",
    }


def _users(port: int, cookie: str, people: int, reading: float) -> dict[str, dict[str, float]]:
    """Median and 95th percentile in milliseconds of each page, and its size, with all users at once."""
    took: defaultdict[str, list[float]] = defaultdict(list)
    size: dict[str, int] = {}

    def user(number: int) -> None:
        chance = random.Random(number)
        for _ in range(ROUNDS):
            for name, address in _pages(chance, people).items():
                started = time.perf_counter()
                size[name] = max(size.get(name, 0), _get(port, address, cookie))
                took[name].append((time.perf_counter() - started) * 1000)
                time.sleep(reading * chance.uniform(0.5, 1.5))

    threads = [threading.Thread(target=user, args=(n,)) for n in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        name: {
            "median_ms": round(statistics.median(times), 1),
            "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
            "kb": round(size[name] / 1024, 1),
        }
        for name, times in took.items()
    }


def _get(port: int, address: str, cookie: str) -> int:
    """The bytes of the page's HTML. A lead that the build does not know is a fair question too."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status not in (200, 404):
        raise RuntimeError(f"{address}: {answer.status}")
    return len(gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
