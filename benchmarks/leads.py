"""What the leads list, one lead's story and the search cost: CPU milliseconds a call on a warm reader.

python -m benchmarks.leads FOLDER PEOPLE TOUCHES
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from accord import agreement
from accord.insight import explain
from accord.insight.leads import EVERYTHING, Filters, Scope, facets, leads, search
from accord.ledger.builds import Builds
from accord.ledger.engine import DuckDBEngine

CALLS = 15


def main(folder: Path, people: int, touches: int) -> None:
    if not (folder / "builds" / "current").exists():
        command = [sys.executable, "-m", "benchmarks.build", str(folder), str(people), str(touches)]
        subprocess.run(command, check=True)
    started = time.process_time()
    engine = Builds(folder / "builds").current().reader("3GB")
    opened = round((time.process_time() - started) * 1000)
    cost = {name: _cost(call) for name, call in _calls(engine, people).items()}
    print(json.dumps({"opening": opened, **cost}))


def _calls(engine: DuckDBEngine, people: int) -> dict[str, Callable[[random.Random], Any]]:
    """What a page asks for, by name, with something else to look for at each call."""
    promised = agreement.load(Path(__file__).parent / "agreement.yaml")
    rep = Scope(owners=frozenset({"rep7@seller.example"}), personal=True)
    filtered = Filters(stages=("mql",), channel="Email", closed=False)

    def page(scope: Scope, order: str = "-stage_at", **given: Any) -> Callable[[random.Random], Any]:
        return lambda chance: leads(engine, scope, order=order, page=chance.randint(1, 5), **given)

    def story(scope: Scope) -> Callable[[random.Random], Any]:
        def tell(chance: random.Random) -> Any:
            try:
                return explain.lead(engine, promised, f"crm:person:{chance.randrange(people)}", scope=scope)
            except explain.UnknownLead:
                return None

        return tell

    return {
        "list": page(EVERYTHING),
        "list filtered": page(EVERYTHING, "-score", filters=filtered),
        "list by text": lambda chance: leads(
            engine, EVERYTHING, filters=Filters(text=f"firm {chance.randrange(people // 4)}"), order="name"
        ),
        "list of a rep": page(rep, "-score", filters=Filters(closed=False)),
        "facets": lambda chance: facets(engine, EVERYTHING),
        "lead": story(EVERYTHING),
        "lead by key": lambda chance: explain.lead(engine, promised, f"lead={chance.randrange(1, people)}"),
        "lead of a rep": story(rep),
        "account": lambda chance: explain.account(engine, EVERYTHING, chance.randrange(1, people // 4)),
        "deal": lambda chance: explain.deal(engine, EVERYTHING, chance.randrange(1, people // 50)),
        "search": lambda chance: search(engine, EVERYTHING, f"firm {chance.randrange(people // 4)}"),
        "search a name": lambda chance: search(
            engine, EVERYTHING, chance.choice(["ada ber", "rossen", "finn"])
        ),
        "search two letters": lambda chance: search(engine, EVERYTHING, chance.choice(["ad", "be", "fi"])),
        "search of a rep": lambda chance: search(engine, rep, chance.choice(["ada", "ross", "kalsen"])),
    }


def _cost(call: Callable[[random.Random], Any]) -> float:
    """The median CPU time of a call in milliseconds."""
    chance = random.Random(1)
    call(chance)
    took = []
    for _ in range(CALLS):
        started = time.process_time()
        call(chance)
        took.append((time.process_time() - started) * 1000)
    return round(statistics.median(took), 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
