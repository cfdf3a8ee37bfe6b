"""Writes a table to a file that another program reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from accord.csv_text import csv_text, plain
from accord.errors import AccordError

if TYPE_CHECKING:
    import pyarrow as pa


class UnknownFileKind(AccordError):
    """The file's name ends in nothing Accord can write."""

    code = "unknown_file_kind"


def write(table: pa.Table, file: Path) -> int:
    """Write the rows as the name's ending says (.csv, .parquet, .jsonl); returns how many.

    Raises UnknownFileKind.
    """
    kind = file.suffix.lower()
    if kind == ".parquet":
        import pyarrow.parquet as pq

        pq.write_table(table, file)
    elif kind == ".csv":
        with file.open("w", encoding="utf-8", newline="") as out:
            for number, batch in enumerate(table.to_batches(max_chunksize=50_000)):
                text = csv_text(batch.to_pylist())
                out.write(text if number == 0 else text.split("\n", 1)[1])
    elif kind == ".jsonl":
        with file.open("w", encoding="utf-8") as out:
            for batch in table.to_batches(max_chunksize=50_000):
                out.writelines(
                    json.dumps(row, default=plain, ensure_ascii=False) + "\n" for row in batch.to_pylist()
                )
    else:
        raise UnknownFileKind(
            f"{file.name} ends in none of .csv, .parquet, .jsonl.", mend="Name the file so."
        )
    return int(table.num_rows)
