"""A real PostgreSQL of one's own: made in a folder that goes away, run by somebody without privileges."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

MISSING = (
    "NO POSTGRESQL: the proofs on it did not run. Install it, such as with `apt-get install postgresql`."
)
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=5s")
"""For tests, in which the server itself never dies. A benchmark runs it as it comes."""
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server; `address` is that of its first database, which stays empty."""

    address: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def database(self, copied: str = "template1") -> str:
        """The address of a new database: an empty one, or a copy of the one of that address."""
        name = f"desk_{next(self._numbers)}"
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {copied.rpartition('/')[2]}")
        return self.address.removesuffix("postgres") + name


def installed() -> Path | None:
    """Where this machine's PostgreSQL is, if it has one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def required() -> Path:
    """Where this machine's PostgreSQL is. Without it tests are skipped loudly, and fail where CI is set."""
    if binaries := installed():
        return binaries
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    warnings.warn(MISSING, stacklevel=1)
    pytest.skip(MISSING)


@contextmanager
def running(binaries: Path, settings: tuple[str, ...] = FAST) -> Iterator[Server]:
    """A server for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="accord-postgres-"))
    password, port, user = secrets.token_urlsafe(12), _free_port(), _unprivileged()
    (folder / "password").write_text(password)
    if user:
        for path in (folder, folder / "password"):
            os.chown(path, user.pw_uid, user.pw_gid)
    data = folder / "data"
    _run(user, binaries / "initdb", "-D", data, "-U", "accord", "-E", "UTF8", "--auth=scram-sha-256",
         f"--pwfile={folder / 'password'}")  # fmt: skip
    options = [f"-c{option}" for option in (*settings, f"unix_socket_directories={folder}", f"port={port}")]
    process = subprocess.Popen(
        [binaries / "postgres", "-D", data, *options], stderr=(folder / "log").open("w"), **_as(user)
    )
    try:
        server = Server(f"postgresql://accord:{password}@127.0.0.1:{port}/postgres")
        _wait_for(server, process, folder / "log")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # somebody is still connected
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses to be root. None: as whoever runs the tests."""
    if os.getuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as(user: pwd.struct_passwd | None) -> dict[str, object]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"} if user else {}


def _run(user: pwd.struct_passwd | None, *command: object) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **_as(user))  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended with {process.returncode}: {log.read_text()}")
        try:
            psycopg.connect(server.address).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not answer in time.")
