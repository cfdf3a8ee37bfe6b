"""A score learned from what became of leads: regularised logistic regression, calibrated, and how good it is.

Sources: T. Hastie, R. Tibshirani, J. Friedman (2009), The Elements of Statistical Learning, sections 4.4 and
18.4 (penalised logistic regression); J. Platt (1999), Advances in Large Margin Classifiers, 61-74
(calibration by a logistic curve); G. Brier (1950), Monthly Weather Review 78, 1-3 (the Brier score).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENOUGH = 40
"""So many leads with the outcome, and so many without it, are needed to learn from..."""
ENOUGH_EARLY, ENOUGH_LATE = 20, 10
"""...and of them so many among the earlier, and among the latest, to see how good it is."""
TRAINED = 0.7
"""The earliest leads, this share of them, are learned from to see how the latest would have been told."""
LATE = 0.5
"""An attribute that more than this share of those who have it got only after qualifying is refused."""
GIVEAWAY, GAP = 0.75, 0.02
"""A field that alone tells so well (AUC), and so much better, beyond chance, than all others together, was
set when the outcome was known."""
TOP = 0.2
"""Lift is that of the best fifth."""
REASONS = 3
MOST_VALUES = 30
"""Values of a text beyond the commonest are taken together."""


@dataclass(frozen=True)
class Quality:
    """How well a score tells who will have the outcome: `auc`, the chance that it ranks one who does above
    one who does not; `brier`, the mean squared error of its probabilities; `lift`, how many times as often
    its best fifth has the outcome as all do."""

    auc: float
    brier: float
    lift: float


@dataclass(frozen=True)
class Refused:
    """A field that is not learned from, and why."""

    field: str
    why: str


@dataclass(frozen=True)
class Examples:
    """Leads in the order of time: `rows` of feature values, `outcomes`, and the hand-made `points`."""

    rows: Sequence[Mapping[str, Any]]
    outcomes: Sequence[bool]
    points: Sequence[float] | None = None

    @property
    def positive(self) -> int:
        """How many had the outcome."""
        return sum(self.outcomes)

    @property
    def negative(self) -> int:
        """How many had it not."""
        return len(self.outcomes) - self.positive

    @property
    def enough(self) -> bool:
        """Whether there is enough to learn from, and to see how good it is."""
        early, late = self.split()
        needed = ((self, ENOUGH), (early, ENOUGH_EARLY), (late, ENOUGH_LATE))
        return all(min(one.positive, one.negative) >= least for one, least in needed)

    def split(self) -> tuple[Examples, Examples]:
        """The earlier leads, and the latest."""
        cut = int(len(self.rows) * TRAINED)
        points = self.points
        return (
            Examples(self.rows[:cut], self.outcomes[:cut], points[:cut] if points else None),
            Examples(self.rows[cut:], self.outcomes[cut:], points[cut:] if points else None),
        )


@dataclass(frozen=True)
class Reason:
    """What speaks for a lead or against it: the field, its value, and how much, in log-odds."""

    field: str
    value: Any
    weight: float


@dataclass(frozen=True)
class Told:
    """A lead's probability of the outcome, and the strongest reasons for and against it."""

    probability: float
    speaks_for: list[Reason]
    speaks_against: list[Reason]


class LearnedScore:
    """A model of the outcome, from the fields of its examples."""

    def __init__(self, examples: Examples, fields: Sequence[str]) -> None:
        from sklearn.calibration import CalibratedClassifierCV

        self.fields = list(fields)
        self._numbers = _numbers(examples.rows, self.fields)
        rows, outcomes = self._read(examples.rows), _outcomes(examples.outcomes)
        calibrated = CalibratedClassifierCV(_model(self._numbers, regression()), ensemble=False, cv=5)
        calibrated.fit(rows, outcomes)
        self._fitted = calibrated.calibrated_classifiers_[0].estimator
        # From very few leads calibration can turn the order round; the plain regression is taken then.
        turned = calibrated.calibrated_classifiers_[0].calibrators[0].a_ > 0
        self._model = self._fitted if turned else calibrated
        self._means = self._transformed(rows).mean(axis=0)

    def probabilities(self, rows: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
        """The probability of the outcome for each."""
        found: NDArray[np.float64] = self._model.predict_proba(self._read(rows))[:, 1]
        return found

    def tell(self, rows: Sequence[Mapping[str, Any]]) -> list[Told]:
        """Each lead's probability, with the three strongest reasons for it and against."""
        if not rows:
            return []
        weights = self._weights(self._transformed(self._read(rows)) - self._means)
        return [
            Told(float(chance), *_reasons(row, dict(zip(self.fields, parts, strict=True))))
            for row, chance, parts in zip(rows, self.probabilities(rows), weights, strict=True)
        ]

    def _read(self, rows: Sequence[Mapping[str, Any]]) -> NDArray[np.object_]:
        return _table(rows, self.fields, self._numbers)

    def _transformed(self, rows: NDArray[np.object_]) -> NDArray[np.float64]:
        import numpy as np

        found = self._fitted[0].transform(rows)
        return np.asarray(found.toarray() if hasattr(found, "toarray") else found, dtype=float)

    def _weights(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """By lead and field: what the field adds to the log-odds, against the average lead."""
        import numpy as np

        parts = values * self._fitted[1].coef_[0]
        owners = np.array([_field_no(name) for name in self._fitted[0].get_feature_names_out()])
        return np.stack([parts[:, owners == n].sum(axis=1) for n in range(len(self.fields))], axis=1)


def usable(examples: Examples, late: Mapping[str, tuple[int, int]]) -> tuple[list[str], list[Refused]]:
    """The fields that may be learned from, and those refused.

    Refused is what is set only later: an attribute most got after qualifying (`late`: had it then, got it
    later), or a field that alone tells more than all the others together. Fields with one value are left out
    without a word.
    """
    refused = [
        Refused(name, f"{later} of the {had + later} leads that have it got it only after qualifying")
        for name, (had, later) in late.items()
        if later > LATE * (had + later)
    ]
    named = {one.field for one in refused}
    fields = [name for name in examples.rows[0] if name not in named and _varies(examples.rows, name)]
    return _without_giveaways(examples, fields, refused)


def _without_giveaways(
    examples: Examples, fields: list[str], refused: list[Refused]
) -> tuple[list[str], list[Refused]]:
    alone = {name: _guessed(examples, [name]) for name in fields}
    found = list(refused)
    while len(fields) > 1:
        name = max(fields, key=lambda one: alone[one])
        others = [one for one in fields if one != name]
        together = _guessed(examples, others)
        better = max(GAP, 2 * _error(alone[name], examples))
        if alone[name] < GIVEAWAY or alone[name] <= together + better:
            break
        why = f"alone it tells more (AUC {alone[name]:.2f}) than all other fields together ({together:.2f})"
        found.append(Refused(name, f"{why}, as only what is set afterwards does"))
        fields = others
    return fields, found


def _error(auc: float, examples: Examples) -> float:
    """The most an AUC's standard error can be.

    Source: D. Bamber (1975), Journal of Mathematical Psychology 12, 387-415.
    """
    fewer = min(examples.positive, examples.negative)
    return float((auc * (1 - auc) / fewer) ** 0.5)


def out_of_time(examples: Examples, fields: Sequence[str]) -> tuple[Quality, Quality | None]:
    """How well the latest leads are told by what was learned from the earlier ones; and by their points."""
    early, late = examples.split()
    learned = quality(LearnedScore(early, fields).probabilities(late.rows), late.outcomes)
    if early.points is None or late.points is None:
        return learned, None
    by_points = LearnedScore(Examples(_pointed(early.points), early.outcomes), ["points"])
    return learned, quality(by_points.probabilities(_pointed(late.points)), late.outcomes, late.points)


def _pointed(points: Sequence[float]) -> list[dict[str, float]]:
    return [{"points": value} for value in points]


def quality(
    probabilities: NDArray[np.float64], outcomes: Sequence[bool], ranked: Sequence[float] | None = None
) -> Quality:
    """The quality of probabilities, given what came; with `ranked`, leads are ranked by that instead."""
    import numpy as np
    from sklearn.metrics import brier_score_loss, roc_auc_score

    came = np.asarray(outcomes, dtype=float)
    order = probabilities if ranked is None else np.asarray(ranked)
    best = np.argsort(-order, kind="stable")[: max(1, int(len(came) * TOP))]
    return Quality(
        float(roc_auc_score(came, order)),
        float(brier_score_loss(came, probabilities)),
        float(came[best].mean() / came.mean()),
    )


def _model(numbers: Sequence[bool], regression: Any) -> Any:
    """A regression on prepared columns: numbers scaled, and marked where missing; texts as marks."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    counted = make_pipeline(
        FunctionTransformer(_on_a_log_scale, feature_names_out="one-to-one"),
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
    )
    named = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MOST_VALUES)
    columns = {
        kind: [n for n, is_number in enumerate(numbers) if is_number == kind] for kind in (True, False)
    }
    prepared = ColumnTransformer([("numbers", counted, columns[True]), ("words", named, columns[False])])
    return make_pipeline(prepared, regression)


def regression() -> Any:
    """A regularised logistic regression, the strength chosen by cross-validation."""
    from sklearn.linear_model import LogisticRegressionCV

    return LogisticRegressionCV(
        Cs=8, cv=5, scoring="neg_log_loss", max_iter=2000, l1_ratios=(0.0,), use_legacy_attributes=False
    )


def _guessed(examples: Examples, fields: Sequence[str]) -> float:
    """The AUC of a plain regression on some fields, each lead told by the others (five parts)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    numbers = _numbers(examples.rows, fields)
    model = _model(numbers, LogisticRegression(max_iter=2000))
    parts = StratifiedKFold(5, shuffle=True, random_state=0)
    rows, outcomes = _table(examples.rows, fields, numbers), _outcomes(examples.outcomes)
    told = cross_val_predict(model, rows, outcomes, cv=parts, method="predict_proba")
    return float(roc_auc_score(outcomes, told[:, 1]))


def _numbers(rows: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> list[bool]:
    """Of each field, whether its values are numbers."""
    counted = (int, float, type(None))
    return [all(isinstance(row.get(name), counted) for row in rows) for name in fields]


def _table(
    rows: Sequence[Mapping[str, Any]], fields: Sequence[str], numbers: Sequence[bool]
) -> NDArray[np.object_]:
    """One row for each lead; what is missing is NaN among numbers, and the empty text among texts."""
    import numpy as np

    found = np.empty((len(rows), len(fields)), dtype=object)
    for n, (name, is_number) in enumerate(zip(fields, numbers, strict=True)):
        for m, row in enumerate(rows):
            value = row.get(name)
            if is_number:
                found[m, n] = float("nan") if value is None else float(value)
            else:
                found[m, n] = "" if value is None else str(value)
    return found


def _on_a_log_scale(values: NDArray[np.object_]) -> NDArray[np.float64]:
    """Counts and amounts spread over powers of ten; on this scale ten more matters less the more there is."""
    import numpy as np

    found = values.astype(float)
    scaled: NDArray[np.float64] = np.sign(found) * np.log1p(np.abs(found))
    return scaled


def _varies(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return len({row.get(name) for row in rows}) > 1


def _outcomes(outcomes: Sequence[bool]) -> NDArray[np.int64]:
    import numpy as np

    return np.asarray(outcomes, dtype=np.int64)


def _field_no(column: str) -> int:
    """The place of the field a prepared column was made from: `words__x3_operations` from the fourth."""
    found = re.match(r"\w+?__(?:missingindicator_)?x(\d+)", column)
    return int(found[1]) if found else -1


def _reasons(row: Mapping[str, Any], weights: Mapping[str, float]) -> tuple[list[Reason], list[Reason]]:
    ranked = sorted(weights.items(), key=lambda item: item[1])
    reasons = [Reason(name, row.get(name), float(weight)) for name, weight in ranked]
    return (
        [one for one in reversed(reasons[-REASONS:]) if one.weight > 0],
        [one for one in reasons[:REASONS] if one.weight < 0],
    )
