"""Workers as processes on a company's desk, with either database: started, killed, and asked what is left."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import accord

SOURCE = Path(accord.__file__).parents[1]
TESTS = Path(__file__).parents[1]
SET_UP = """
import os, sys
from datetime import datetime
from pathlib import Path
sys.path[:0] = [{tests!r}, {desk!r}]
folder, moment = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
from accord import workspace
workspace.now = lambda: moment
from accord.desk import serve
serve.setup(folder)
"""
PATIENCE_SECONDS = 900


@dataclass
class Desk:
    """A company's folder and its desk database: an SQLite file in it, or PostgreSQL at `address`."""

    folder: Path
    address: str = ""

    def start(self, script: str, moment: datetime, *arguments: str) -> Running:
        """Run a script beside, for which the clock stands at a moment (naive UTC)."""
        text = SET_UP.format(tests=str(TESTS), desk=str(TESTS / "desk")) + script
        command = [sys.executable, "-c", text, str(self.folder), moment.isoformat(), *arguments]
        process = subprocess.Popen(
            command, env=self._environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        return Running(process)

    def run(self, script: str, moment: datetime, *arguments: str) -> str:
        """Run a script to its end; what it printed."""
        running = self.start(script, moment, *arguments)
        assert running.wait() == 0, running.errors
        return "".join(running.said)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query on the desk database."""
        if not self.address:
            with closing(sqlite3.connect(self.folder / "desk.sqlite3")) as opened:
                return opened.execute(sql).fetchall()
        import psycopg

        with psycopg.connect(self.address) as connection:
            return connection.execute(sql.encode()).fetchall()

    def _environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("ACCORD_", "DJANGO_"))}
        given = {"ACCORD_DATABASE": self.address} if self.address else {}
        return clean | given | {"PYTHONPATH": str(SOURCE)}


@dataclass
class Running:
    """A process, with the lines it has printed so far."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._news = threading.Condition()
        listening = ((self.process.stdout, self.said), (self.process.stderr, self.complaints))
        self._threads = [threading.Thread(target=self._listen, args=both, daemon=True) for both in listening]
        for thread in self._threads:
            thread.start()

    @property
    def errors(self) -> str:
        """What it printed as errors so far."""
        return "".join(self.complaints)

    def until(self, word: str, seconds: float = PATIENCE_SECONDS) -> bool:
        """Wait until it has printed a line; whether it did, in time and before it ended."""
        with self._news:
            self._news.wait_for(lambda: self._ended() or f"{word}\n" in self.said, seconds)
        assert self.process.poll() in (None, 0, -9), self.errors
        return f"{word}\n" in self.said

    def wait(self) -> int:
        """Wait for its end; the code it ended with."""
        code = self.process.wait(PATIENCE_SECONDS)
        for thread in self._threads:
            thread.join()
        return code

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.wait()

    def _ended(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _listen(self, stream: Any, into: list[str]) -> None:
        for line in stream:
            with self._news:
                into.append(line)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()
