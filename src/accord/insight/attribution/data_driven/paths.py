"""Journeys as paths: the same run of channels once, with how many journeys took it and how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.errors import AccordError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

SEPARATOR = ">"
"""Between the channels of a path that is given as text."""


class JourneyError(AccordError):
    """A table of journeys or paths that cannot be read: names the column, and the row (from 1)."""

    code = "journeys"


@dataclass(frozen=True)
class Ends:
    """How journeys ended, by draw and path: `conversions` worth `value`, `lost`, and `open` ones.

    One draw is what was counted; more are what chance might have made of it.
    """

    conversions: NDArray[np.float64]
    value: NDArray[np.float64]
    lost: NDArray[np.float64]
    open: NDArray[np.float64]


@dataclass(frozen=True)
class Paths:
    """Distinct paths: path p is `codes[offsets[p]:offsets[p + 1]]`, of numbers (from 1) into `channels`.

    Of each path so many journeys ended in a conversion (`conversions`, worth `value` together), ended without
    one (`lost`), and go on still (`open`): these tell how journeys run, not how they end.
    """

    channels: list[str]
    codes: NDArray[np.int64]
    offsets: NDArray[np.int64]
    conversions: NDArray[np.float64]
    value: NDArray[np.float64]
    lost: NDArray[np.float64]
    open: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.conversions)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """The number of touches of each path."""
        return np.diff(self.offsets)

    @cached_property
    def path_of(self) -> NDArray[np.int64]:
        """The path each of `codes` is of."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def ends(self) -> Ends:
        """How the journeys ended, in one draw."""
        return Ends(self.conversions[None], self.value[None], self.lost[None], self.open[None])

    def drawn(self, draws: int, chance: np.random.Generator) -> Ends:
        """The same journeys drawn anew, each as often as chance has it.

        The Poisson bootstrap: N. Chamandy, O. Muralidharan, A. Najmi, S. Naidu (2012), "Estimating
        uncertainty for massive data streams", Google.
        """
        conversions, lost, going_on = (
            chance.poisson(each, (draws, len(self))).astype(np.float64)
            for each in (self.conversions, self.lost, self.open)
        )
        worth = np.divide(self.value, self.conversions, out=np.zeros(len(self)), where=self.conversions > 0)
        return Ends(conversions, conversions * worth, lost, going_on)

    def without_repeats(self) -> Paths:
        """The same paths, where a channel that follows itself stands once."""
        first = np.ones(len(self.codes), dtype=bool)
        if len(self.codes):
            first[1:] = (self.codes[1:] != self.codes[:-1]) | (self.path_of[1:] != self.path_of[:-1])
        lengths = np.bincount(self.path_of[first], minlength=len(self))
        return Paths(
            self.channels,
            self.codes[first],
            _offsets(lengths),
            self.conversions,
            self.value,
            self.lost,
            self.open,
        )


def paths_of(journeys: Any) -> Paths:
    """The paths of a table of touches or of paths (see `attribute`). Raises JourneyError."""
    table = table_of(journeys)
    return _from_paths(table) if "path" in table.column_names else _from_touches(table)


def table_of(journeys: Any) -> pa.Table:
    """A table of touches or of paths as Arrow. Raises JourneyError."""
    import pyarrow as pa

    if isinstance(journeys, pa.Table):
        return journeys
    if isinstance(journeys, pa.RecordBatchReader):
        return journeys.read_all()
    try:
        if isinstance(journeys, list):
            names = dict.fromkeys(name for row in journeys for name in row)
            return pa.table({name: [row.get(name) for row in journeys] for name in names})
        return pa.table(journeys)
    except (AttributeError, TypeError, ValueError, pa.ArrowException) as error:
        raise JourneyError(
            f"This is no table: {type(journeys).__name__}.",
            mend="Give a pyarrow, pandas or polars table, a dictionary of columns, or a list of rows.",
        ) from error


# Aggregated paths


def _from_paths(table: pa.Table) -> Paths:
    """From `path` (text or lists), `conversions`, and where they are there `value`, `nulls` and `open`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    pathless(table)
    numbers, path = amounts_of(table), table["path"]
    if pa.types.is_list(path.type) or pa.types.is_large_list(path.type):
        lists, place = path.combine_chunks(), np.arange(len(table))
    else:
        known = path.cast(pa.string()).combine_chunks().dictionary_encode()
        lists = _split(known.dictionary)
        place = known.indices.to_numpy(zero_copy_only=False)
    codes, channels = _coded(lists.flatten())
    count = len(lists)
    together = {name: summed(place, amounts, count) for name, amounts in numbers.items()}
    lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    return Paths(
        channels,
        codes,
        _offsets(lengths),
        together["conversions"],
        together["value"],
        together["nulls"],
        together["open"],
    )


def pathless(table: pa.Table, start: int = 0) -> None:
    """Raises JourneyError for a row without a path; the first row is row `start`, counted from 0."""
    import pyarrow.compute as pc

    path = table["path"]
    if path.null_count:
        row = start + _first(pc.is_null(path))
        raise _wrong("path", row, "is empty", "Give each row its path; [] or '' for none.")


def amounts_of(table: pa.Table, start: int = 0) -> dict[str, NDArray[np.float64]]:
    """`conversions`, `value`, `nulls` and `open` of rows, the first of which is row `start` (from 0).

    Raises JourneyError."""
    numbers = {
        name: _amounts(table, name, needed=name == "conversions", start=start)
        for name in ("conversions", "value", "nulls", "open")
    }
    worthless = (numbers["value"] > 0) & (numbers["conversions"] == 0)
    if worthless.any():
        row = int(np.argmax(worthless))
        what = f"is {numbers['value'][row]:g}, with no conversion"
        raise _wrong("value", start + row, what, "Value comes of these.")
    return numbers


@dataclass(frozen=True)
class Pieces:
    """Paths cut into channels: `codes` are numbers (from 1) into `names`, one path after the other, of which
    each has so many as `lengths` says."""

    names: list[str]
    codes: NDArray[np.int32]
    lengths: NDArray[np.int64]


def pieces(path: Any) -> Pieces | None:
    """The channels of a column of paths; None if one of them is not known."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = path.combine_chunks()
    if not (pa.types.is_list(path.type) or pa.types.is_large_list(path.type)):
        return _cut(column.cast(pa.string()))
    known = column.flatten().dictionary_encode()
    if known.null_count:
        return None
    lengths = pc.list_value_length(column).to_numpy(zero_copy_only=False).astype(np.int64)
    return Pieces(known.dictionary.cast(pa.string()).to_pylist(), _from_one(known), lengths)


def _cut(texts: Any) -> Pieces:
    """Texts as paths. Most are written with spaces around the separator: then nothing needs to be trimmed."""
    import pyarrow.compute as pc

    for separator in (f" {SEPARATOR} ", SEPARATOR):
        lists = pc.split_pattern(texts, separator)
        known = lists.flatten().dictionary_encode()
        names: list[str] = known.dictionary.to_pylist()
        if all(name and name == name.strip() and SEPARATOR not in name for name in names):
            break
    lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    trimmed = sorted(dict.fromkeys(name.strip() for name in names), key=lambda name: name == "")
    if trimmed == names and "" not in trimmed:
        return Pieces(names, _from_one(known), lengths)
    number = np.array([0, *(trimmed.index(name.strip()) + 1 for name in names)], dtype=np.int32)
    codes = number[_from_one(known)]
    if "" in trimmed:
        codes, lengths = _without_empty(codes, lengths, len(trimmed))
        if not (codes == len(trimmed)).any():
            trimmed.pop()
    return Pieces(trimmed, codes, lengths)


def _from_one(known: Any) -> NDArray[np.int32]:
    indices: NDArray[np.int32] = known.indices.to_numpy(zero_copy_only=False)
    return indices + np.int32(1)


def _without_empty(
    codes: NDArray[np.int32], lengths: NDArray[np.int64], nothing: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """A path whose only channel is nothing has none."""
    alone = np.repeat(lengths == 1, lengths) & (codes == nothing)
    path_of = np.repeat(np.arange(len(lengths)), lengths)
    return codes[~alone], np.bincount(path_of[~alone], minlength=len(lengths))


def _split(texts: Any) -> Any:
    """Each text as the list of its channels, trimmed; no channel of an empty one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = pc.split_pattern(texts, SEPARATOR)
    trimmed = pc.utf8_trim_whitespace(parts.flatten())
    empty = pc.equal(pc.utf8_trim_whitespace(texts), "")
    if not pc.any(empty).as_py():
        return pa.ListArray.from_arrays(parts.offsets, trimmed)
    kept = [[] if none else part for none, part in zip(empty.to_pylist(), parts.to_pylist(), strict=True)]
    return pa.array([[name.strip() for name in part] for part in kept], pa.list_(pa.string()))


def _amounts(table: pa.Table, name: str, *, needed: bool = False, start: int = 0) -> NDArray[np.float64]:
    """A column of amounts of at least 0, all 0 where it is not there; nulls are 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name not in table.column_names:
        if needed:
            raise JourneyError(
                f"There is no column {name!r}.", mend=f"There are: {', '.join(table.column_names)}."
            )
        return np.zeros(len(table))
    try:
        amounts = pc.fill_null(table[name].cast(pa.float64()), 0.0).to_numpy()
    except pa.ArrowInvalid as error:
        raise JourneyError(f"{name} is no column of numbers: {error}.", mend="Write numbers.") from error
    wrong = ~np.isfinite(amounts) | (amounts < 0)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise _wrong(name, start + row, f"is {amounts[row]:g}", "Amounts are 0 or more.")
    return np.asarray(amounts, dtype=np.float64)


# One row a touch


def _from_touches(table: pa.Table) -> Paths:
    """From `journey_id`, `channel`, `converted`, `position` or `occurred_at`, and perhaps `value`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    order = next((name for name in ("position", "occurred_at") if name in table.column_names), None)
    missing = [name for name in ("journey_id", "channel", "converted") if name not in table.column_names]
    if missing or order is None:
        wanted = ", ".join(missing) or "position or occurred_at"
        raise JourneyError(
            f"There is no column {wanted}.",
            mend="A table of touches has journey_id, channel, converted, and position or occurred_at; "
            "one of paths has path and conversions.",
        )
    for name in ("journey_id", "channel", order):
        if table[name].null_count:
            raise _wrong(name, _first(pc.is_null(table[name])), "is empty", "Every touch has one.")
    value = _amounts(table, "value")
    sorted_ = pc.sort_indices(table, [("journey_id", "ascending"), (order, "ascending")])
    place = sorted_.to_numpy()
    journeys = table["journey_id"].combine_chunks().dictionary_encode().indices.to_numpy()[place]
    begins = np.flatnonzero(np.diff(journeys, prepend=-1))
    codes, channels = _coded(table["channel"].combine_chunks().cast(pa.string()).take(sorted_))
    said = table["converted"].combine_chunks().cast(pa.bool_()).take(sorted_)
    converted = _any(pc.fill_null(said, False), begins)
    open_ = ~_any(pc.is_valid(said), begins)
    worth = np.maximum.reduceat(value[place], begins) if len(begins) else np.zeros(0)
    return Paths(
        channels,
        codes,
        np.append(begins, len(codes)),
        converted.astype(np.float64),
        np.where(converted, worth, 0.0),
        (~converted & ~open_).astype(np.float64),
        open_.astype(np.float64),
    )


def _any(flags: Any, begins: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether one flag of each run is set."""
    found = flags.to_numpy(zero_copy_only=False).astype(bool)
    return np.logical_or.reduceat(found, begins) if len(begins) else np.zeros(0, dtype=bool)


def _coded(channels: Any) -> tuple[NDArray[np.int64], list[str]]:
    """Each channel's number (from 1), in the order of their names, and the names."""
    known = channels.dictionary_encode()
    if known.null_count:
        raise _wrong("channel", _first(known.is_null()), "is empty", "Every touch has one.")
    names: list[str] = known.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    number = np.empty(len(names), dtype=np.int64)
    number[order] = np.arange(1, len(names) + 1)
    indices = known.indices.to_numpy(zero_copy_only=False)
    codes = number[indices] if len(names) else np.zeros(0, dtype=np.int64)
    return codes, [names[place] for place in order]


def summed(place: NDArray[np.int64], weights: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """The sum of the weights at each of so many places."""
    return np.bincount(place, weights=weights, minlength=size).astype(np.float64, copy=False)


def _offsets(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _first(flags: Any) -> int:
    return int(np.argmax(np.asarray(flags.to_numpy(zero_copy_only=False), dtype=bool)))


def _wrong(column: str, row: int, what: str, mend: str) -> JourneyError:
    return JourneyError(f"{column} of row {row + 1} {what}.", mend=mend, column=column, row=row + 1)
