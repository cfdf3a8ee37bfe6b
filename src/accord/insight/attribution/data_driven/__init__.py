"""Credit from data: what channels add, told by journeys that ended in a conversion beside those that did not.

`attribute` is the function for analysts, also `accord.attribute`; definitions are in
docs/explanation/attribution.md.
"""

from accord.insight.attribution.data_driven.attribute import MODELS, attribute
from accord.insight.attribution.data_driven.markov import Chain
from accord.insight.attribution.data_driven.paths import JourneyError, Paths
from accord.insight.attribution.data_driven.shapley import EvenShares

__all__ = ["MODELS", "Chain", "EvenShares", "JourneyError", "Paths", "attribute"]
