"""The mappings that come with Accord: one folder a vendor, found by the file that is in it."""

from __future__ import annotations

from pathlib import Path


def shipped() -> dict[str, Path]:
    """Name of each shipped mapping to its file, in order of name."""
    return {path.parent.name: path for path in sorted(Path(__file__).parent.glob("*/mapping.yaml"))}


def shipped_agreement(name: str) -> Path:
    """The sample agreement that goes with the shipped mapping `name`; KeyError if it has none."""
    path = Path(__file__).parent / name / "agreement.yaml"
    if not path.is_file():
        raise KeyError(f"no sample agreement goes with the mapping {name!r}")
    return path
