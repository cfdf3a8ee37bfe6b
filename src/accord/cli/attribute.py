"""Credit from a file of journeys or paths, printed; no workspace is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from accord.cli.output import Format, print_rows

if TYPE_CHECKING:
    import pyarrow as pa


def attribute(file: Path, model: str, order: int, repeats: bool, replicates: int, format: Format) -> None:
    """Print each channel's credit, the highest first."""
    import pyarrow as pa

    from accord.insight.attribution.data_driven import JourneyError
    from accord.insight.attribution.data_driven import attribute as credit

    try:
        found = credit(_read(file), model, order, repeats=repeats, replicates=replicates)
    except (OSError, pa.ArrowException) as error:  # Parquet is read while it is counted
        raise JourneyError(f"{file}: {error}", mend="Give a CSV or Parquet file with a header.") from error
    rows = found.to_pylist()
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
    """What is in a CSV or Parquet file, the latter in parts."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    from accord.insight.attribution.data_driven.counted import ROWS

    if file.suffix.lower() != ".parquet":
        return csv.read_csv(file)
    opened = parquet.ParquetFile(file)
    return pa.RecordBatchReader.from_batches(opened.schema_arrow, opened.iter_batches(ROWS))
