"""Who is who: the people and companies behind the names in the facts, and which records are one event.

Every join is a row of the table `links` with its rule and evidence, and a `links` fact takes it back. The
rules are told in `docs/explanation/identity.md`.
"""

from __future__ import annotations

from accord.identity.resolve import resolve

__all__ = ["resolve"]
