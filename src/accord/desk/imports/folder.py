"""An upload's folder in the workspace: the files, the mapping as it stands, what was seen in them."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from accord.desk.imports.models import Upload
from accord.sources.choices import Shape, look
from accord.sources.samples import Field, Sample


class Folder:
    """`<workspace>/uploads/<slug>/`: `files/`, `mapping.yaml`, `samples.json`, `preview.json`."""

    def __init__(self, upload: Upload) -> None:
        self.root = Path(settings.WORKSPACE) / "uploads" / upload.slug
        self.files = self.root / "files"
        self.mapping = self.root / "mapping.yaml"
        self._samples = self.root / "samples.json"
        self._preview = self.root / "preview.json"

    def make(self) -> None:
        """Make the folder."""
        self.files.mkdir(parents=True)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def names(self) -> list[str]:
        """Names of the files, in order."""
        return sorted(path.name for path in self.files.iterdir()) if self.files.is_dir() else []

    @property
    def text(self) -> str:
        """The mapping, as YAML; empty if there is none yet."""
        return self.mapping.read_text(encoding="utf-8") if self.mapping.is_file() else ""

    def write_mapping(self, text: str) -> None:
        """Keep the mapping; a dry run made by another one no longer counts."""
        _write(self.mapping, text)
        self._preview.unlink(missing_ok=True)

    @cached_property
    def shapes(self) -> list[Shape]:
        """The first rows of the files, looked at once. Raises FileError."""
        if self._samples.is_file():
            return [_shape(one) for one in json.loads(self._samples.read_text(encoding="utf-8"))]
        shapes = look([self.files])
        _write(self._samples, json.dumps([asdict(shape) for shape in shapes], default=_plain))
        return shapes

    def forget_samples(self) -> None:
        """Look at the files again when next asked."""
        self._samples.unlink(missing_ok=True)
        self.__dict__.pop("shapes", None)

    @property
    def preview(self) -> dict[str, Any] | None:
        """What the dry run by the present mapping found, as `Preview.as_dict`; None if there was none."""
        if not self._preview.is_file():
            return None
        found: dict[str, Any] = json.loads(self._preview.read_text(encoding="utf-8"))
        return found

    def write_preview(self, found: dict[str, Any]) -> None:
        """Keep what a dry run found."""
        _write(self._preview, json.dumps(found, default=str))

    def plain(self, message: str) -> str:
        """The message with the files' names instead of their paths."""
        return message.replace(f"{self.files.resolve()}/", "").replace(f"{self.files}/", "")


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else sorted(value)


def _shape(data: dict[str, Any]) -> Shape:
    return Shape(
        data["match"],
        tuple(
            Sample(
                Path(one["path"]),
                tuple(Field(field["name"], tuple(field["values"]), field["rows"]) for field in one["fields"]),
                frozenset(one["placeholders"]),
                one["encoding"],
            )
            for one in data["samples"]
        ),
    )
