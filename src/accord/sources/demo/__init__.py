"""The demo company: Northwind Robotics, a fictional maker of robot cells, with everything that goes wrong in
one.

`write` simulates eighteen months of it and writes what its tools would export, the mappings, the agreement,
the settings and the hidden truth. The same people, seed and last day give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path

from accord.sources.demo.cast import Colleague, sign_ins

__all__ = ["FEWEST", "SOURCES", "Colleague", "sign_ins", "write"]

SOURCES = ("crm", "automation", "web", "ads", "finance", "content")
"""The tools: `exports/<tool>` is loaded by `mappings/<tool>.yaml`."""
FEWEST = 500
"""With fewer people the company has too few deals to show anything."""

Told = Callable[[str], None]


def write(folder: Path, people: int, seed: int, until: date, told: Told = lambda step: None) -> None:
    """Write the company into the folder: `exports/`, `mappings/`, `agreement.yaml`, `accord.toml`,
    `truth.json`."""
    from accord.sources.demo import promised
    from accord.sources.demo.automation import write_automation
    from accord.sources.demo.company import company
    from accord.sources.demo.crm import write_crm
    from accord.sources.demo.crm_deals import write_crm_deals
    from accord.sources.demo.records import records
    from accord.sources.demo.spending import write_ads, write_content, write_finance
    from accord.sources.demo.truth import truth
    from accord.sources.demo.web import write_web

    told("simulating")
    northwind = company(people, seed, until)
    kept = records(northwind)
    exports = folder / "exports"
    told("writing exports")
    write_crm(exports / "crm", northwind, kept)
    write_crm_deals(exports / "crm", northwind, kept)
    write_automation(exports / "automation", northwind, kept)
    write_web(exports / "web", northwind)
    write_ads(exports / "ads", northwind)
    write_finance(exports / "finance", northwind)
    write_content(exports / "content")
    _write_mappings(folder / "mappings")
    (folder / "agreement.yaml").write_text(promised.agreement(northwind), encoding="utf-8")
    (folder / "accord.toml").write_text(promised.SETTINGS.format(mode="shadow"), encoding="utf-8")
    text = json.dumps(truth(northwind, kept, people), indent=2, ensure_ascii=False)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")


def go_live(folder: Path) -> None:
    """Switch the settings to live: the past is judged, from now on decisions count."""
    from accord.sources.demo import promised

    (folder / "accord.toml").write_text(promised.SETTINGS.format(mode="live"), encoding="utf-8")


def _write_mappings(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        name = f"{source}.yaml"
        text = (files(__package__) / "mappings" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")
