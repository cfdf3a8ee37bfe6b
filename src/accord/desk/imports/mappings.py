"""Mappings to choose from: those earlier loads were made by, and those that come with Accord."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from accord.desk.imports.folder import Folder
from accord.desk.imports.models import Upload
from accord.errors import Mistake, MistakesError
from accord.sources.load import entries_of
from accord.sources.mapping import load_mapping, parse_mapping
from accord.sources.shipped import shipped

LONGEST = 200_000
"""Characters of the longest mapping that is read on a page."""


def mistakes(text: str) -> list[Mistake]:
    """All that is wrong with a mapping, each with its line."""
    if len(text) > LONGEST:
        return [Mistake("mapping", 0, 0, "", f"This is longer than {LONGEST:,} characters.")]
    try:
        if line := _alias(text):
            mend = "Write out what it stands for."
            return [Mistake("mapping", line, 1, "", "Aliases (*name) are not read here.", mend)]
        parse_mapping(text)
    except MistakesError as error:
        return error.mistakes
    return []


def _alias(text: str) -> int:
    """The line of the first alias, 0 without one: a few lines of them can stand for millions."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.tokens import AliasToken

    try:
        for token in YAML(typ="rt").scan(text):
            if isinstance(token, AliasToken):
                return int(token.start_mark.line) + 1
    except YAMLError:
        pass  # the reader says better what is wrong
    return 0


def known() -> dict[str, Path]:
    """The mappings there are: the workspace's own first."""
    own = {path.stem: path for path in sorted(_folder().glob("*.yaml"))}
    return own | {name: path for name, path in shipped().items() if name not in own}


def fitting(names: list[str]) -> str | None:
    """The workspace's own mapping that has an entry for every one of the files, if one has."""
    for path in sorted(_folder().glob("*.yaml")):
        try:
            mapping = load_mapping(path)
        except MistakesError:
            continue
        if names and all(entries_of(Path(name), mapping) for name in names):
            return path.stem
    return None


def keep(upload: Upload) -> None:
    """Keep the mapping that a load was made by, under its own name, for the next files."""
    text = Folder(upload).text
    _folder().mkdir(exist_ok=True)
    (_folder() / f"{parse_mapping(text).mapping}.yaml").write_text(text, encoding="utf-8")


def of_load(load_id: str, name: str) -> str:
    """The text of the mapping a load was made by: its upload's own, else the one of that name, else empty."""
    for upload in Upload.objects.filter(load_id=load_id):
        if text := Folder(upload).text:
            return text
    path = known().get(name)
    return path.read_text(encoding="utf-8") if path else ""


def _folder() -> Path:
    return Path(settings.WORKSPACE) / "mappings"
