"""The models; the rule-based ones are data: which position of a journey earns which weight.

Definitions follow the two tools that made these models common in B2B:

- HubSpot, "Understand attribution reporting"
  (https://knowledge.hubspot.com/reports/understand-attribution-reporting): first interaction; lead creation =
  the last interaction before the conversion to a contact; deal creation = the last interaction before a deal
  was associated; closed-won = the last interaction before the deal was won; every other one is a middle
  interaction. U-shaped 40/40/20, W-shaped 30/30/30/10, full path 22.5 x 4 + 10.
- Marketo Measure (Bizible), "Attribution models" (https://experienceleague.adobe.com/en/docs/
  marketo-measure-learn/tutorials/onboarding/marketo-measure-101/attribution-models): first touch, lead
  creation, U-shaped, W-shaped, full path, with the same positions.

"Lead creation" is in Accord the moment the lead was qualified (handed over), the one both teams signed.
Last non-direct follows Google Analytics: direct touches are skipped unless there is nothing else. Time
decay halves a touch's weight for every half-life it lies further back; seven days as in Google Ads
unless agreed otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.agreement.models import Attribution

POSITIONS = ("first", "lead", "deal", "won", "last", "last_non_direct")
"""The positions a touch can hold; every touch of a journey that holds none of a model's is a middle touch."""

SCALE = 1_000_000
"""Weights are whole millionths, so that shares are exact integer arithmetic on every engine."""

POSITION_WEIGHTS: Mapping[str, Mapping[str, Fraction]] = {
    "first": {"first": Fraction(1)},
    "last": {"last": Fraction(1)},
    "last_non_direct": {"last_non_direct": Fraction(1)},
    "linear": {"middle": Fraction(1)},
    "u_shaped": {"first": Fraction(40, 100), "lead": Fraction(40, 100), "middle": Fraction(20, 100)},
    "w_shaped": {
        "first": Fraction(30, 100),
        "lead": Fraction(30, 100),
        "deal": Fraction(30, 100),
        "middle": Fraction(10, 100),
    },
    "z_shaped": {
        "first": Fraction(225, 1000),
        "lead": Fraction(225, 1000),
        "deal": Fraction(225, 1000),
        "won": Fraction(225, 1000),
        "middle": Fraction(100, 1000),
    },
}
"""Weight by model and position. What a journey lacks is left out and the rest re-normalised."""

TIME_DECAY = "time_decay"
OWN_WEIGHTS = "own"
RULE_MODELS: tuple[str, ...] = (*POSITION_WEIGHTS, TIME_DECAY, OWN_WEIGHTS)
"""All models that share out one journey by rules; the others need many (`data_driven`)."""


class ModelError(AccordError):
    """A model was asked for that cannot be computed: names it and those that can."""

    code = "attribution_model"


def known_models(attribution: Attribution) -> tuple[str, ...]:
    """The rule models the agreement lists, in its order, each once."""
    return tuple(m for m in dict.fromkeys(attribution.models) if m in RULE_MODELS)


def data_models(attribution: Attribution) -> tuple[str, ...]:
    """The models from data the agreement lists, in its order, each once."""
    return tuple(m for m in dict.fromkeys(attribution.models) if m not in RULE_MODELS)


def weight_rows(attribution: Attribution) -> list[tuple[str, str, int]]:
    """(model, position, weight in millionths) of every listed positional model.

    Raises ModelError if own weights are asked for and none above zero are given.
    """
    rows = []
    for model in known_models(attribution):
        if model == TIME_DECAY:
            continue
        weights = own_weights(attribution) if model == OWN_WEIGHTS else POSITION_WEIGHTS[model]
        rows += [(model, position, round(w * SCALE)) for position, w in weights.items() if w > 0]
    return rows


def own_weights(attribution: Attribution) -> dict[str, Fraction]:
    """The agreement's own weights by position; only their proportion matters. ModelError without any."""
    given = attribution.weights
    positions = ("first", "lead", "deal", "won", "middle")
    values = {p: Fraction(str(getattr(given, p))) for p in positions} if given else {}
    if not any(values.values()):
        raise ModelError(
            "The attribution model 'own' needs your own weights, and none above 0 are given.",
            mend="Set attribution.weights, for example {first: 0.3, lead: 0.3, deal: 0.3, middle: 0.1}.",
        )
    return {p: w / sum(values.values()) for p, w in values.items()}
