"""Files: blocks appended to part files, CSV or Parquet, in a directory that appears when it is complete."""

import os
from pathlib import Path
from typing import BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from scripts.sample_data import schema
from scripts.sample_data.columns import UTC_OFFSET, Code, Text, Timestamp

BLOCKS_PER_PART = 10
COMPRESSION = "snappy"


class _Part(Protocol):
    """An open part file."""

    def write(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


class _CsvPart:
    def __init__(self, path: Path, name: str) -> None:
        self._file: BinaryIO = path.open("wb")
        self._name = name
        self._has_header = False

    def write(self, table: pa.Table) -> None:
        options = pyarrow.csv.WriteOptions(
            include_header=not self._has_header,
            quoting_style="needed" if _has_free_text(self._name, table) else "none",
            quoting_header="none",
            batch_size=10_000,
        )
        pyarrow.csv.write_csv(as_text(self._name, table), self._file, options)
        self._has_header = True

    def close(self) -> None:
        self._file.close()


class _ParquetPart:
    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._writer: pyarrow.parquet.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        if self._writer is None:
            repeated = [name for name in table.column_names if pa.types.is_dictionary(table.schema.field(name).type)]
            self._writer = pyarrow.parquet.ParquetWriter(
                self._path,
                table.schema,
                compression=COMPRESSION,
                use_dictionary=repeated,
                write_statistics=False,
                store_schema=False,
            )
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _has_free_text(name: str, table: pa.Table) -> bool:
    """Whether a column may hold commas: Arrow quotes all text or none."""
    kinds = (schema.TABLES[name][column] for column in table.column_names)
    return any(isinstance(kind, Text) or (isinstance(kind, Code) and "," in "".join(kind.words)) for kind in kinds)


def as_text(name: str, table: pa.Table) -> pa.Table:
    """Timestamps and codes of a table as the text that its CSV shows; other types are written as they are."""
    columns = {}
    for column, kind in schema.TABLES[name].items():
        if column not in table.column_names:
            continue
        values = table.column(column)
        if isinstance(kind, Timestamp):
            values = _timestamp_text(values, kind.in_utc)
        elif isinstance(kind, Code):
            values = values.cast(pa.string())
        columns[column] = values
    return pa.table(columns)


def _timestamp_text(values: pa.ChunkedArray, in_utc: bool) -> pa.ChunkedArray:
    seconds = pc.add(pc.divide(values.cast(pa.int64()), 1_000_000), 0 if in_utc else UTC_OFFSET)
    text = seconds.cast(pa.timestamp("s")).cast(pa.string())
    return pc.binary_join_element_wise(text, "Z" if in_utc else "+08:00", "")


class SampleWriter:
    """Writes tables below a directory, one folder per table, a new part file every ten blocks.

    Everything is written beside the target and moved there by `close`, so that the target is complete or absent.
    """

    def __init__(self, out: Path, file_format: str) -> None:
        self._out = out
        self._working = out.with_name(f"{out.name}.{os.getpid()}.partial")
        self._suffix = file_format
        self._open: dict[str, _Part] = {}
        self._part_numbers: dict[str, int] = {}
        self._blocks_in_part = 0
        self.rows: dict[str, int] = {}

    @property
    def working(self) -> Path:
        """Where the files are until `close`."""
        return self._working

    def write(self, tables: dict[str, pa.Table]) -> None:
        """Append one block."""
        for name, table in tables.items():
            if name not in self._open:
                self._open[name] = self._new_part(name)
            self._open[name].write(table)
            self.rows[name] = self.rows.get(name, 0) + table.num_rows
        self._blocks_in_part += 1
        if self._blocks_in_part == BLOCKS_PER_PART:
            self.finish_parts()

    def finish_parts(self) -> None:
        """Close the open part files; later blocks go to new ones."""
        for part in self._open.values():
            part.close()
        self._open.clear()
        self._blocks_in_part = 0

    def close(self) -> None:
        """Move everything to its place."""
        self.finish_parts()
        self._out.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self._working, self._out)

    def _new_part(self, name: str) -> _Part:
        number = self._part_numbers.get(name, 0) + 1
        self._part_numbers[name] = number
        folder = self._working / name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"part-{number:04d}.{self._suffix}"
        return _CsvPart(path, name) if self._suffix == "csv" else _ParquetPart(path, name)
