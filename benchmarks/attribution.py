"""The time and memory of Markov credit for path strings, beside ChannelAttribution on the same file.

Ours does both orders, and reads the file while it counts, so its reading is in its time; the peer does order
1, and needs all of the file in memory first, which is not in the peer's time.

The peer is GPL: it is installed into an environment of its own here, run as a program, and used nowhere else.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

CHANNELS = 12
GOES_ON = 0.65
"""The chance that a path has another touch."""
LONGEST = 12
CONVERTS = 0.1
SEED = 1
PEER = ("ChannelAttribution", "matplotlib", "pyarrow")
"""The peer, what it forgets to ask for, and what reads the file."""

MAKING = "import sys; from benchmarks.attribution import make; make(*sys.argv[1:])"
MEASURED = """
import json, resource, sys, time
{prepare}
started = time.monotonic()
{run}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({{"seconds": time.monotonic() - started, "peak_gib": peak, "credit": credit}}))
"""
OURS = {
    "prepare": "import accord, pyarrow as pa; from pyarrow import parquet\n"
    "file = parquet.ParquetFile(sys.argv[1])",
    "run": "parts = pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(500_000))\n"
    "found = accord.attribute(parts, 'markov', (1, 2)).to_pylist()\n"
    "credit = {row['channel']: row['conversions'] for row in found if row['order'] == 1}",
}
THEIRS = {
    "prepare": "import pandas, ChannelAttribution as peer; table = pandas.read_parquet(sys.argv[1])",
    "run": "found = peer.markov_model(table, 'path', 'conversions', var_value='value', var_null='nulls')\n"
    "credit = dict(zip(found['channel_name'], found['total_conversions']))",
}


def main(folder: Path, paths: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "paths.parquet"
    if not file.exists():
        # In a process of its own: the most memory a process took, as told, is at least what its parent had.
        subprocess.run([sys.executable, "-c", MAKING, str(file), str(paths)], check=True)
    ours = _run(sys.executable, OURS, file)
    peer = _run(str(_peer(folder)), THEIRS, file)
    exact = ours["credit"]
    off = max(abs(peer["credit"].get(name, 0) - exact[name]) for name in exact)
    print(json.dumps({"ours": ours, "peer": peer, "peer_off_by": off / sum(exact.values())}))


def make(file: str, size: str) -> None:
    """Paths of random channels, mostly short, a tenth of which convert."""
    paths = int(size)
    chance = np.random.default_rng(SEED)
    lengths = chance.geometric(1 - GOES_ON, paths).clip(1, LONGEST)
    codes = pa.array(chance.integers(0, CHANNELS, lengths.sum()).astype(np.int32))
    names = pa.array([f"channel {n:02}" for n in range(CHANNELS)])
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    channels = pa.DictionaryArray.from_arrays(codes, names).cast(pa.string())
    converted = (chance.random(paths) < CONVERTS).astype(np.int64)
    table = pa.table(
        {
            "path": pc.binary_join(pa.ListArray.from_arrays(offsets, channels), " > "),
            "conversions": converted,
            "value": converted * 100.0,
            "nulls": 1 - converted,
        }
    )
    parquet.write_table(table, file)


def _peer(folder: Path) -> Path:
    """The Python of an environment that has the peer."""
    home = folder / "peer"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True)
    return python


def _run(python: str, script: dict[str, str], file: Path) -> dict[str, Any]:
    text = MEASURED.format(**script)
    started = time.monotonic()
    told = subprocess.run([python, "-c", text, str(file)], check=True, capture_output=True, text=True).stdout
    found = json.loads(told.strip().splitlines()[-1])
    return {**found, "whole_process_seconds": time.monotonic() - started}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
