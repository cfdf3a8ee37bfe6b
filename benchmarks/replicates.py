"""1,000 draws of all models' credit over one run of the same: `python -m benchmarks.replicates [DEALS]`."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pyarrow as pa

from accord.insight.attribution.uncertainty import DRAWS, drawn_anew

CHANNELS = [f"channel {n:02}" for n in range(12)]
RULES = ("first", "last", "linear", "u_shaped", "w_shaped", "z_shaped")
FROM_DATA = ("markov", "shapley")
TOUCHES = 20
"""Touches of a deal; as many companies again have an open journey."""
SEED = 1


def tables(deals: int) -> tuple[pa.Table, pa.Table]:
    """Credit by rules and paths of companies with one deal each; rules differ by the touches they credit."""
    chance = np.random.default_rng(SEED)
    codes = chance.integers(0, len(CHANNELS), (2 * deals, TOUCHES))
    credits = []
    for model in RULES:
        credited = codes[:deals, :1] if model in ("first", "last") else codes[:deals]
        unit = np.repeat(np.arange(deals), credited.shape[1])
        place = np.unique(unit * len(CHANNELS) + credited.ravel(), return_counts=True)
        share = place[1] / credited.shape[1]
        credits.append(
            pa.table(
                {
                    "model": [model] * len(share),
                    "unit_no": place[0] // len(CHANNELS),
                    "label": pa.array(CHANNELS).take(pa.array(place[0] % len(CHANNELS))),
                    "conversions": share,
                    "value": share * 1000,
                    "journeys": np.ones(len(share), dtype=np.int64),
                }
            )
        )
    won = np.arange(2 * deals) < deals
    paths = pa.table(
        {
            "unit_no": np.arange(2 * deals),
            "path": [[CHANNELS[code] for code in row] for row in codes],
            "conversions": won.astype(float),
            "value": won * 1000.0,
            "nulls": np.zeros(2 * deals),
            "open": (~won).astype(float),
        }
    )
    return pa.concat_tables(credits), paths


def seconds(given: tuple[pa.Table, pa.Table], models: tuple[str, ...], draws: int) -> float:
    started = time.monotonic()
    drawn_anew(*given, models, draws)
    return time.monotonic() - started


def main(deals: int) -> None:
    given = tables(deals)
    found = {}
    for name, models in (("rules", RULES), ("from data", FROM_DATA), ("all", (*RULES, *FROM_DATA))):
        plain = min(seconds(given, models, 0) for _ in range(3))
        drawn = seconds(given, models, DRAWS)
        found[name] = {"plain": plain, "drawn": drawn, "times": drawn / plain}
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
