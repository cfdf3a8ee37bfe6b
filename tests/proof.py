"""The two sizes of every proof: `make test` runs the small one, `make campaign` the numbers issues state."""

import os

CAMPAIGN = os.environ.get("ACCORD_PROOF") == "campaign"

SEED = 20260901
EXAMPLES = 1000 if CAMPAIGN else 50
"""Hypothesis examples per property."""

KILL_POINTS = 100 if CAMPAIGN else 5
"""How many moments of a run are tried with kill -9."""
