"""Makes the benchmark ledger in a process of its own: `python -m benchmarks.make FOLDER PEOPLE TOUCHES`."""

import sys
from pathlib import Path

from benchmarks.world import make

if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
