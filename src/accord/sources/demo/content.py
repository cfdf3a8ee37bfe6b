"""What marketing has made for buyers: pieces people download and sellers use, and some that nobody does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Asset:
    """A piece of content. `weight`: how often it is taken, 0 for never; `price`: what it says its product
    costs."""

    id: str
    title: str
    kind: str
    stage: str
    product: str
    owner: str
    weight: int
    price: int | None = None

    @property
    def path(self) -> str:
        """Where it lies on the website."""
        return f"/library/{self.id}"


THINKING, DECIDING, NOTICING, KEEPING = "consideration", "decision", "awareness", "retention"
INES, THEO, MIRA, LENA = "Ines Albrecht", "Theo Martin", "Mira Jansen", "Lena Brandt"

ASSETS = (
    Asset("line-guide", "Guide: planning a robot line", "guide", THINKING, "", INES, 30),
    Asset("palletising-guide", "Guide: palletising mixed cartons", "guide", THINKING, "NR-10", INES, 26),
    Asset("payback-sheet", "Payback calculator for palletising", "calculator", DECIDING, "NR-10", THEO, 18),
    Asset("nr-6-datasheet", "NR-6 data sheet", "datasheet", THINKING, "NR-6", INES, 16, 48_500),
    Asset("nr-10-datasheet", "NR-10 data sheet", "datasheet", THINKING, "NR-10", INES, 14, 79_000),
    Asset("safety-checklist", "Checklist: fencing and safety", "checklist", THINKING, "", INES, 10),
    Asset("voss-story", "Mixed cartons at Voss", "case study", DECIDING, "NR-10", THEO, 9),
    Asset("price-overview", "Price overview for partners", "price list", DECIDING, "NR-6", THEO, 5, 52_900),
    Asset("maintenance-faq", "Questions on maintenance", "faq", KEEPING, "", INES, 4),
    Asset("vision-2030", "The factory of 2030", "whitepaper", NOTICING, "", LENA, 0),
    Asset("cobot-myths", "Nine myths about cobots", "e-book", NOTICING, "", INES, 0),
    Asset("nr-4-brochure", "NR-4 brochure", "brochure", THINKING, "NR-4", THEO, 0, 31_000),
    Asset("it-integration-deck", "Integration for IT departments", "deck", DECIDING, "", MIRA, 0),
    Asset("founder-interview", "Interview with our founders", "video", NOTICING, "", LENA, 0),
)
TAKEN = tuple(asset for asset in ASSETS if asset.weight)
UNUSED = tuple(asset for asset in ASSETS if not asset.weight)
CONTRADICTING = tuple(asset for asset in ASSETS if asset.product == "NR-6" and asset.price)
"""Two pieces that quote different prices of one product."""
