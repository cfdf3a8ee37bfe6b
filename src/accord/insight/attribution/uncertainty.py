"""How sure each model is of its credit: buyers are drawn anew many times, and all models credited at once.

What is drawn is a company with all it converted, lost and has open (without one, a deal or a person): deals
of one company are not independent. Each draw gives every buyer a weight that is Poisson with mean one: N.
Chamandy, O. Muralidharan, A. Najmi, S. Naidu (2012), "Estimating uncertainty for massive data streams". How
many convert varies between draws; what is asked is how those there are may be shared, so each draw is
scaled to them. Touches are read once, whatever the number of draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from accord.insight.attribution.asked import Asked, sql
from accord.insight.attribution.data_driven import MODELS, Chain, EvenShares
from accord.insight.attribution.data_driven.markov import in_proportion
from accord.insight.attribution.data_driven.paths import Ends, Paths, paths_of, summed
from accord.insight.attribution.from_data import NOBODY

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from accord.ledger.engine import Engine

DRAWS, FEWEST, SEED = 1000, 200, 1
MOST = 50_000_000
"""Weights drawn at most: of more than 50,000 buyers fewer draws are made, down to the fewest."""
AT_ONCE = 10_000_000
"""Weights held in memory at once."""


@dataclass(frozen=True)
class Draws:
    """Credit of one milestone by every model, as counted and in each draw.

    `conversions[model]` and `value[model]`: the first row as counted, then one row a draw; a column for each
    of `labels`. `journeys`: of how many converted journeys each label was a part, as far as the models tell.
    """

    labels: list[str]
    conversions: dict[str, NDArray[np.float64]]
    value: dict[str, NDArray[np.float64]]
    journeys: NDArray[np.int64]


def draw(
    engine: Engine, models: Sequence[str], by: str, milestone: str, asked: Asked, *, draws: int = DRAWS
) -> Draws:
    """Credit by channel or campaign under these models, drawn anew up to so many times. Raises StepError."""
    given = [by, milestone, *asked.period, asked.segment]
    credits = engine.query(sql("unit_credits"), given)
    paths = engine.query(sql("journey_paths"), given) if set(models) & set(MODELS) else None
    return drawn_anew(credits, paths, models, draws)


def drawn_anew(credits: pa.Table, paths: pa.Table | None, models: Sequence[str], draws: int) -> Draws:
    """The same from tables of each buyer: credit by rules (`model, unit_no, label, conversions, value,
    journeys`), and paths for models from data (`unit_no, path, conversions, value, nulls, open`)."""
    units = np.unique(np.concatenate([_units(table) for table in (credits, paths) if table is not None]))
    made = {
        model: _FromData.of(paths, model, units)
        if paths is not None and model in MODELS
        else _ByRules.of(credits, model, units)
        for model in models
    }
    drawn: dict[str, list[tuple[NDArray[np.float64], NDArray[np.float64]]]] = {model: [] for model in models}
    for weights in _weights(len(units), draws):
        for model in models:
            drawn[model].append(made[model].credit(weights))
    labels = sorted({label for each in made.values() for label in each.names})
    return Draws(
        labels,
        {model: _whole(made[model].names, [part[0] for part in drawn[model]], labels) for model in models},
        {model: _whole(made[model].names, [part[1] for part in drawn[model]], labels) for model in models},
        np.max([_placed(each.names, each.journeys[None], labels)[0] for each in made.values()], axis=0),
    )


def _weights(units: int, draws: int) -> Iterator[NDArray[np.float64]]:
    """Of each buyer (a column): once as counted, then in each draw (a row) as often as chance has it."""
    yield np.ones((1, units))
    chance = np.random.default_rng(SEED)
    left = min(draws, max(FEWEST, MOST // max(1, units)))
    while left:
        some = min(left, max(1, AT_ONCE // max(1, units)))
        yield chance.poisson(1.0, (some, units)).astype(np.float64)
        left -= some


@dataclass(frozen=True)
class _ByRules:
    """A model's credit of each buyer: label by buyer. Drawing buyers anew is one product of matrices."""

    names: list[str]
    conversions: csr_array
    value: csr_array
    journeys: NDArray[np.float64]

    @classmethod
    def of(cls, credits: pa.Table, model: str, units: NDArray[np.int64]) -> _ByRules:
        import pyarrow.compute as pc

        rows = credits.filter(pc.equal(credits["model"], model))
        coded = rows["label"].combine_chunks().dictionary_encode()
        label = coded.indices.to_numpy(zero_copy_only=False)
        place = (label, np.searchsorted(units, _units(rows)))
        shape = (len(coded.dictionary), len(units))
        conversions, value = (
            csr_array((rows[amount].to_numpy(), place), shape=shape) for amount in ("conversions", "value")
        )
        journeys = summed(label, rows["journeys"].to_numpy().astype(np.float64), shape[0])
        return cls(coded.dictionary.to_pylist(), conversions, value, journeys)

    def credit(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Conversions and value by draw and label."""
        return (self.conversions @ weights.T).T, (self.value @ weights.T).T


@dataclass(frozen=True)
class _FromData:
    """A model of all journeys together: each draw is made anew. `buyer`: whose each path is."""

    paths: Paths
    made: Chain | EvenShares
    buyer: NDArray[np.int64]

    @classmethod
    def of(cls, table: pa.Table, model: str, units: NDArray[np.int64]) -> _FromData:
        paths = paths_of(table.drop_columns(["unit_no"]))
        made = EvenShares.of(paths) if model == "shapley" else Chain.of(paths)
        return cls(paths, made, np.searchsorted(units, _units(table)))

    @property
    def names(self) -> list[str]:
        """Its labels; the last is that of conversions without a touch, where there are any."""
        return [*self.paths.channels, NOBODY] if self._untouched else self.paths.channels

    @property
    def _untouched(self) -> float:
        return float(self.paths.conversions[self.paths.lengths == 0].sum())

    @property
    def journeys(self) -> NDArray[np.float64]:
        """Converted journeys by label."""
        parts = EvenShares.of(self.paths).shares.astype(bool).astype(np.float64)
        return np.append(parts @ self.paths.conversions, self._untouched)[: len(self.names)]

    def credit(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Conversions and value by draw and label."""
        size = self.made.at_once
        parts = [self._some(weights[start : start + size]) for start in range(0, len(weights), size)]
        counts, value = (np.concatenate([part[number] for part in parts]) for number in (0, 1))
        return counts[:, : len(self.names)], value[:, : len(self.names)]

    def _some(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        paths, each = self.paths, weights[:, self.buyer]
        ends = Ends(each * paths.conversions, each * paths.value, each * paths.lost, each * paths.open)
        counts, value = self.made.credit(ends)
        untouched = paths.lengths == 0
        return (
            np.column_stack([counts, ends.conversions[:, untouched].sum(axis=1)]),
            np.column_stack([value, ends.value[:, untouched].sum(axis=1)]),
        )


def _whole(names: list[str], parts: list[NDArray[np.float64]], labels: list[str]) -> NDArray[np.float64]:
    """All draws of an amount, each scaled to what was counted, with a column for each of all labels."""
    amounts = np.concatenate(parts)
    return _placed(names, in_proportion(amounts, np.full(len(amounts), amounts[0].sum())), labels)


def _placed(names: list[str], amounts: NDArray[np.float64], labels: list[str]) -> NDArray[np.float64]:
    found = np.zeros((len(amounts), len(labels)))
    found[:, np.searchsorted(labels, names)] = amounts
    return found


def _units(table: pa.Table) -> NDArray[np.int64]:
    return np.asarray(table["unit_no"].to_numpy(), dtype=np.int64)
