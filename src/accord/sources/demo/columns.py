"""Arrow columns and files of the exports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from accord.sources.demo.chance import Flags, Ints
from accord.sources.demo.clock import DAY, Clock

Columns = dict[str, pa.Array]


def ids(prefix: str, numbers: Ints, known: Flags | None = None) -> pa.Array:
    """Ids made of a prefix and a number; missing where it is not `known`."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 7, "0")
    joined = pc.binary_join_element_wise(prefix, digits, "")
    return joined if known is None else pc.if_else(pa.array(known), joined, None)


def words(table: list[str] | tuple[str, ...] | pa.Array, places: Ints) -> pa.Array:
    """A word of the table for each place, missing where it is empty."""
    listed = table if isinstance(table, pa.Array) else pa.array([word or None for word in table], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), listed).cast(pa.string())


def times(clock: Clock, moments: Ints) -> pa.Array:
    """Moments in UTC, missing where they are 0."""
    return pa.array(clock.utc(moments), pa.timestamp("s"), mask=np.asarray(moments == 0))


def days(moments: Ints) -> pa.Array:
    """The local days of moments, missing where they are 0."""
    return pa.array(moments // DAY, pa.int32(), mask=np.asarray(moments == 0)).cast(pa.date32())


def cents(amounts: Ints) -> pa.Array:
    """Amounts with two decimals."""
    signs = np.where(amounts < 0, "-", "")
    whole, rest = np.divmod(np.abs(amounts), 100)
    parts = [pa.array(whole).cast(pa.string()), pc.utf8_lpad(pa.array(rest).cast(pa.string()), 2, "0")]
    return pc.binary_join_element_wise(pa.array(signs), pc.binary_join_element_wise(*parts, "."), "")


def texts(values: NDArray[np.str_]) -> pa.Array:
    """Texts, missing where they are empty."""
    array = pa.array(values)
    return pc.if_else(pc.equal(array, ""), None, array)


def write(path: Path, columns: Columns) -> None:
    """Write a table as CSV or Parquet, as the file's name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table(columns)
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(table, path, row_group_size=500_000)
    else:
        pyarrow.csv.write_csv(table, path)
