"""The two sizes of every proof: `make test` runs the small one, `make campaign` the full one."""

import os

CAMPAIGN = os.environ.get("ACCORD_PROOF") == "campaign"

SEED = 20260901

EXAMPLES = 150 if CAMPAIGN else 50
"""Hypothesis examples per property."""

KILL_POINTS = 15 if CAMPAIGN else 5
"""How many moments of a run are tried with kill -9."""

ORDERS = 6 if CAMPAIGN else 2
"""How many random orders of loading are tried."""

CROSSINGS = 50 if CAMPAIGN else 4
"""How often the crossing from people to facts is killed at each of its two points."""

FLOW = (20_000, 10, 20) if CAMPAIGN else (240, 3, 2)
"""Leads that flow to two workers, in how many builds, and how often one is killed in each."""

COVERED = (400, (0.85, 0.95)) if CAMPAIGN else (30, (0.75, 1.0))
"""Companies for which intervals of credit are made, and which share of them must hold the truth."""
