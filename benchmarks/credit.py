"""Six models by rules, and Markov, from the touches of a ledger, beside DuckDB sorting and writing them.

`python -m benchmarks.credit FOLDER PEOPLE TOUCHES`
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from accord import agreement
from accord.insight import attribution, journey, metrics
from accord.insight.scoring import decide
from accord.ledger.engine import Step
from accord.ledger.writer import Ledger
from accord.pipeline import Request, judged
from accord.settings import Settings
from benchmarks.build import MEMORY, sort_and_write
from benchmarks.world import NOW

MODELS = "models: [first, last, linear, u_shaped, w_shaped, time_decay"


def main(folder: Path, people: int, touches: int) -> None:
    if not (folder / "ledger").exists():
        command = [sys.executable, "-m", "benchmarks.make", str(folder), str(people), str(touches)]
        subprocess.run(command, check=True)
    ledger = Ledger(folder / "ledger")
    sorting = sort_and_write(ledger, folder)
    text = (Path(__file__).parent / "agreement.yaml").read_text()
    promised = agreement.parse(text.replace(f"{MODELS}]", f"{MODELS}, markov]"))
    with judged(ledger, Request(promised, Settings(memory=MEMORY), NOW)) as engine:
        engine.run([*decide(untold=True), *journey.stage_steps(promised), *metrics.steps()])
        steps = attribution.steps(promised)
        last = [step.name for step in steps].index("credits") + 1
        rules = seconds(lambda: engine.run(steps[:last]))
        engine.run([step for step in steps[last:] if not _of_journeys(step)])
        journeys = seconds(lambda: engine.run([step for step in steps[last:] if _of_journeys(step)]))
        markov = seconds(lambda: attribution.report(engine, models=("markov",)))
        counts = {
            name: engine.query(f"SELECT count(*) AS n FROM {name}").to_pylist()[0]["n"]
            for name in ("conversions", "buying_touches", "credits", "journeys")
        }
    found = {
        "sort_and_write": sorting,
        "rules": rules,
        "making_journeys": journeys,
        "markov": markov,
        "rules_ratio": rules / sorting,
        "markov_ratio": (journeys + markov) / sorting,
        "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        **counts,
    }
    print(json.dumps(found))


def _of_journeys(step: Step) -> bool:
    return step.name.startswith("journey")


def seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
