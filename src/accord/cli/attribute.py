"""Credit from a file of journeys or paths, printed; no workspace is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from accord.cli.output import Format, print_rows

if TYPE_CHECKING:
    import pyarrow as pa

PART = 500_000
"""So many rows of a Parquet file are read at once."""


def attribute(file: Path, model: str, order: int, repeats: bool, replicates: int, format: Format) -> None:
    """Print each channel's credit, the highest first."""
    from accord.insight.attribution.data_driven import attribute as credit

    rows = credit(_read(file), model, order, repeats=repeats, replicates=replicates).to_pylist()
    places = 6 if format is Format.table else 12
    shown = [
        {
            name: round(told, places) if isinstance(told, float) else told
            for name, told in {**row, "channel": row["channel"] or "(none)"}.items()
        }
        for row in rows
    ]
    shown.sort(key=lambda row: (-row["conversions"], row["channel"]))
    print_rows(shown, format, empty="There are no journeys.")


def _read(file: Path) -> pa.Table | pa.RecordBatchReader:
    """What is in a CSV or Parquet file, the latter in parts. Raises JourneyError."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    from accord.insight.attribution.data_driven import JourneyError

    try:
        if file.suffix.lower() == ".parquet":
            opened = parquet.ParquetFile(file)
            return pa.RecordBatchReader.from_batches(opened.schema_arrow, opened.iter_batches(PART))
        return csv.read_csv(file)
    except (OSError, pa.ArrowException) as error:
        raise JourneyError(f"{file}: {error}", mend="Give a CSV or Parquet file with a header.") from error
