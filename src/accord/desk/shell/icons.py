"""The icons of all pages in one sprite, drawn by Lucide; a template names one with `{% icon "gauge" %}`."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

import lucide

NAMES = (
    "arrow-down",
    "arrow-down-right",
    "arrow-right",
    "arrow-up",
    "arrow-up-right",
    "ban",
    "bot",
    "building-2",
    "calendar",
    "calendar-check",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevrons-up-down",
    "circle-check",
    "circle-dashed",
    "circle-pause",
    "clock",
    "contact",
    "corner-up-left",
    "database",
    "download",
    "ellipsis",
    "eye",
    "file-text",
    "files",
    "flag",
    "gauge",
    "globe",
    "graduation-cap",
    "handshake",
    "history",
    "inbox",
    "info",
    "key-round",
    "list-checks",
    "lock",
    "log-out",
    "mail",
    "megaphone",
    "message-square",
    "message-square-quote",
    "mouse-pointer-click",
    "octagon-x",
    "pen-line",
    "phone",
    "phone-call",
    "plug",
    "plus",
    "rotate-ccw",
    "route",
    "scale",
    "search",
    "settings",
    "signature",
    "sliders-horizontal",
    "sparkle",
    "target",
    "trending-down",
    "trending-up",
    "triangle-alert",
    "upload",
    "users",
    "video",
    "x",
)


@lru_cache(maxsize=1)
def sprite() -> str:
    """The sprite: one symbol an icon, `i-` before its name."""
    symbols = "".join(_symbol(name) for name in NAMES)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'


@lru_cache(maxsize=1)
def sprite_hash() -> str:
    """What changes with the sprite: part of its address, so that browsers may keep it."""
    return sha256(sprite().encode()).hexdigest()[:12]


def _symbol(name: str) -> str:
    drawing = lucide._render_icon(name, None)
    inner = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{inner.strip()}</symbol>'
