"""What an exception says, and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import NullTranslations

from accord.insight.exceptions.parts import Language, Part

ENGLISH: Language = NullTranslations()
"""The language the templates are written in."""


@dataclass(frozen=True)
class Told:
    """The sentences of an exception, in parts: what changed, why, and what to do next."""

    title: list[Part]
    why: list[Part]
    next_step: list[Part]
