"""A Spark to build on: this machine's cores, or in a campaign a standalone cluster with two workers."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from proof import CAMPAIGN

MISSING = "NO SPARK: the proofs on it did not run. Install Java 17 and run `make spark`."
PATIENCE_SECONDS = 60
QUICK = (
    "--conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN pyspark-shell"
)
"""For tables of a few rows, for which compiling each step takes longest."""


def required() -> None:
    """Without PySpark and Java tests are skipped loudly, and fail where CI is set."""
    java = shutil.which("java") or os.environ.get("JAVA_HOME")
    if importlib.util.find_spec("pyspark") and java:
        return
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    warnings.warn(MISSING, stacklevel=1)
    pytest.skip(MISSING)


@contextmanager
def master() -> Iterator[str]:
    """The address of a master: two cores of this process, or a cluster's."""
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", QUICK)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if not CAMPAIGN:
        yield "local[2]"
        return
    with ExitStack() as cluster:
        address = cluster.enter_context(
            _started("Master", r"Starting Spark master at (spark://\S+)", "--port", "0")
        )
        for _ in range(2):
            given = ("--cores", "1", "--memory", "2g", address)
            cluster.enter_context(_started("Worker", "(Successfully registered with master)", *given))
        yield address


@contextmanager
def _started(role: str, ready: str, *given: str) -> Iterator[str]:
    """A master or worker on loopback; yields what its log says of being ready."""
    import pyspark

    home = Path(pyspark.__file__).parent
    command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{role.lower()}.{role}"]
    quiet = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as log:
        given = (*given, "--work-dir", folder) if role == "Worker" else given
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--webui-port", "0", *given], env=quiet, stderr=log, stdout=log
        )
        try:
            yield _said(process, log, ready)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _said(process: subprocess.Popen[bytes], log: object, ready: str) -> str:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        log.seek(0)  # type: ignore[attr-defined]
        if found := re.search(ready, log.read()):  # type: ignore[attr-defined]
            return found[1]
        time.sleep(0.2)
    raise RuntimeError(f"Spark did not start: {log}")
