"""The mappings that come with Accord: one folder a vendor, found by the file that is in it."""

from __future__ import annotations

from pathlib import Path

from accord.errors import AccordError


class UnknownMapping(AccordError):
    """There is neither a shipped mapping of that name nor such a file."""

    code = "unknown_mapping"


def shipped() -> dict[str, Path]:
    """Name of each shipped mapping to its file, in order of name."""
    return {path.parent.name: path for path in sorted(Path(__file__).parent.glob("*/mapping.yaml"))}


def mapping_file(name: str, folder: Path = Path()) -> Path:
    """The file of a shipped mapping, or the file of that path, seen from a folder. Raises UnknownMapping."""
    file = shipped().get(name, folder / name)
    if not file.is_file():
        known = ", ".join(shipped())
        raise UnknownMapping(
            f"There is no mapping {name}.",
            mend=f"Give a file or one of {known}; `accord mapping PATH` proposes one for your files.",
        )
    return file


def shipped_agreement(name: str) -> Path:
    """The sample agreement that goes with the shipped mapping `name`; KeyError if it has none."""
    path = Path(__file__).parent / name / "agreement.yaml"
    if not path.is_file():
        raise KeyError(f"no sample agreement goes with the mapping {name!r}")
    return path
