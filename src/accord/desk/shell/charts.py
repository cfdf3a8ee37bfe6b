"""Charts: specs built by Altair, drawn in the browser by Vega from this host alone.

A chart is a function that returns a spec without rows, made once a process; `chart` puts the rows in.
Every chart stands beside a table of the same rows.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

ROWS = "rows"
"""The name under which a spec reads its rows."""


def chart(spec: dict[str, Any], rows: Sequence[dict[str, Any]], label: str) -> dict[str, Any]:
    """What the template `shell/chart.html` shows: the spec with its rows, and its result in words."""
    return {"spec": spec | {"datasets": {ROWS: [_plain(row) for row in rows]}}, "label": label}


def library_version() -> str:
    """What changes with the chart library."""
    return version("vl-convert-python")


def library() -> Path:
    """The file with Vega, Vega-Lite and vegaEmbed, written into the workspace when first asked for.

    Made in a process of its own: the converter holds a whole browser engine in memory.
    """
    path = Path(settings.WORKSPACE) / ".desk" / f"vega-{library_version()}.js"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".part")
        subprocess.run([sys.executable, "-c", _WRITE, str(unfinished)], check=True)  # noqa: S603
        unfinished.replace(path)
    return path


_WRITE = """
import pathlib, sys, vl_convert
text = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
pathlib.Path(sys.argv[1]).write_text(text, encoding="utf-8")
"""


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON knows them."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
