"""Reading delivered CSV and Parquet files as text, row by row with its place, without guessing anything."""

import codecs
import csv
import glob
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any, Protocol, TextIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from scripts.contract import ENCODINGS, LANDING_COLUMNS, Declaration, Table

CHUNK_ROWS = 4096
BLOCK_CHARACTERS = 2**20
LONGEST_FIELD = 2**24
FOOTERS = frozenset(("total", "grand total", "sum", "合计", "总计", "小计"))
LINE_BREAK = re.compile(r"\r\n|\r|\n")
TEXT = pa.string()


@dataclass(frozen=True)
class Problem:
    """Why a delivered file cannot be used. `line` is None where no line is to blame; `detail` never quotes data."""

    line: int | None
    rule_id: str
    detail: str


class BadFileError(Exception):
    """The file cannot be used at all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.detail for problem in problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class RejectedLine:
    """A line that has not the shape of a row: its number, the broken rule and the sha256 of its text."""

    line: int
    rule_id: str
    row_hash: str


@dataclass(frozen=True)
class Part:
    """Some consecutive rows: the line each starts on, one text array per column, and the lines set aside among them."""

    lines: Sequence[int]
    values: list[pa.Array]
    rejected: list[RejectedLine]


class DeliveredFile(Protocol):
    """An open delivered file: its normalised column names and its rows."""

    columns: list[str]

    def parts(self) -> Iterator[Part]:
        """All rows in order, a bounded number at a time; raises BadFileError."""


@contextmanager
def open_delivered(path: Path, declaration: Declaration, table: Table) -> Iterator[DeliveredFile]:
    """The delivered file `path`, its header checked against the contract.

    Raises BadFileError for a file that cannot be read or whose header breaks the contract.
    """
    with _open_parquet(path) if is_parquet(path) else _open_csv(path, declaration) as delivered:
        problems = header_problems(delivered.columns, table, None if is_parquet(path) else 1)
        if problems:
            raise BadFileError(problems)
        yield delivered


def is_parquet(path: Path) -> bool:
    """Whether a delivered file is Parquet; otherwise it is CSV."""
    return path.suffix.lower() == ".parquet"


def header_problems(columns: Sequence[str], table: Table, line: int | None) -> list[Problem]:
    """What is wrong with the column names of a file for `table`. Delivered names are not repeated: without a
    header line they would be data."""
    problems = []
    first_position: dict[str, int] = {}
    for position, column in enumerate(columns, 1):
        if column in LANDING_COLUMNS:
            detail = f"column {position} is called {column}, a name that landing uses itself"
            problems.append(Problem(line, "duplicate_column", detail))
        elif column in first_position:
            detail = f"columns {first_position[column]} and {position} have the same name"
            problems.append(Problem(line, "duplicate_column", detail))
        first_position.setdefault(column, position)
    missing = [column for column in table.required_columns if column not in first_position]
    if missing:
        hint = "; the header is a single field: is another delimiter to be declared?" if len(columns) == 1 else ""
        problems.append(Problem(line, "required_column_missing", f"no column {', '.join(missing)}{hint}"))
    return problems


def _normalised_name(name: str, position: int) -> str:
    return unicodedata.normalize("NFKC", name).strip().lower() or f"unnamed_{position}"


# CSV


@contextmanager
def _open_csv(path: Path, declaration: Declaration) -> Iterator["CsvFile"]:
    csv.field_size_limit(LONGEST_FIELD)
    _refuse_other_byte_order_mark(path, declaration.encoding)
    with path.open(encoding=declaration.encoding, newline="") as stream:
        try:
            yield CsvFile(stream, declaration.delimiter)
        except UnicodeError:
            detail = f"not {declaration.encoding}{_encoding_hint(path, declaration.encoding)}"
            problem = Problem(_first_undecodable_line(path, declaration.encoding), "undecodable_bytes", detail)
            raise BadFileError([problem]) from None


class CsvFile:
    """Rows of a delimited text with the physical line each starts on (the header is line 1)."""

    def __init__(self, stream: TextIO, delimiter: str) -> None:
        self._stream = stream
        self._delimiter = delimiter
        self._texts: list[str] = []  # the lines from _first on that were taken from the stream
        self._first = 1
        self._untouched: list[str] = []  # those of them that the reader has not seen
        self._blanks: list[RejectedLine] = []
        self._rewind()
        self._reader = self._records(chain.from_iterable(self._blocks()))
        self.columns = self._header()

    def parts(self) -> Iterator[Part]:
        """All rows in order, a bounded number at a time; raises BadFileError where quotes are broken."""
        while True:
            rows, starts = self._read(CHUNK_ROWS)
            if not rows:
                return
            yield self._part(rows, starts)

    def _rewind(self) -> None:
        self._stream.seek(0)
        if self._stream.read(1) != "\ufeff":
            self._stream.seek(0)

    def _records(self, lines: Iterable[str]) -> Any:
        return csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _blocks(self) -> Iterator[list[str]]:
        while self._untouched or self._fill():
            block, self._untouched = self._untouched, []
            yield block

    def _fill(self) -> bool:
        self._untouched = self._stream.readlines(BLOCK_CHARACTERS)
        self._texts += self._untouched
        return bool(self._untouched)

    def _header(self) -> list[str]:
        rows, _ = self._read(1)
        if not rows or not any(name.strip() for name in rows[0]):
            raise BadFileError([Problem(1, "empty_file", "the first line is no header")])
        if any("\0" in name for name in rows[0]):
            raise BadFileError([Problem(1, "undecodable_bytes", "the header holds NUL characters: is it utf-16?")])
        return [_normalised_name(name, position) for position, name in enumerate(rows[0], 1)]

    def _read(self, most: int) -> tuple[list[list[str]], Sequence[int]]:
        """The next records and the line each starts on; their texts stay in _texts until the next read."""
        seen = self._reader.line_num
        del self._texts[: seen + 1 - self._first]
        self._first = seen + 1
        if not self._texts:
            self._fill()
        try:
            rows = list(islice(self._reader, min(most, len(self._texts))))
        except csv.Error as error:
            raise BadFileError([_broken_quotes(self._first_broken_line(), str(error))]) from None
        if len(rows) == self._reader.line_num - seen:
            return rows, range(self._first, self._first + len(rows))
        return rows, list(accumulate(map(_line_count, rows), initial=self._first))[:-1]

    def _first_broken_line(self) -> int:
        """Where the first record starts that the reader cannot finish."""
        self._rewind()
        reader, line = self._records(self._stream), 1
        try:
            for _ in reader:
                line = reader.line_num + 1
        except csv.Error:
            pass
        return line

    def _part(self, rows: list[list[str]], starts: Sequence[int]) -> Part:
        rejected: list[RejectedLine] = []
        if self._blanks or not _are_plain(rows, len(self.columns)):
            rows, starts, rejected = self._sorted_out(rows, starts)
        if not rows:
            return Part([], [pa.array([], TEXT) for _ in self.columns], rejected)
        return Part(starts, [pa.array(values, TEXT) for values in zip(*rows, strict=True)], rejected)

    def _sorted_out(
        self, rows: list[list[str]], starts: Sequence[int]
    ) -> tuple[list[list[str]], Sequence[int], list[RejectedLine]]:
        kept_rows, kept_starts, rejected = [], [], []
        ends = [*starts[1:], self._reader.line_num + 1]
        for row, start, end in zip(rows, starts, ends, strict=True):
            text = "".join(self._texts[start - self._first : end - self._first])
            rule_id = _broken_rule(row, text, len(self.columns))
            if rule_id == "wrong_field_count" and end - start > 1:
                problem = _broken_quotes(start, f"a record of {end - start} lines has too many or too few fields")
                raise BadFileError([problem])
            if rule_id == "blank_line":
                self._blanks.append(_rejected_line(start, rule_id, text))
                continue
            rejected += self._blanks  # a blank line counts only where something follows it
            self._blanks.clear()
            if rule_id:
                rejected.append(_rejected_line(start, rule_id, text))
            else:
                kept_rows.append(row)
                kept_starts.append(start)
        return kept_rows, kept_starts, rejected


def _are_plain(rows: list[list[str]], width: int) -> bool:
    if set(map(len, rows)) != {width}:
        return False
    return FOOTERS.isdisjoint(map(str.casefold, map(str.strip, (row[0] for row in rows))))


def _broken_rule(row: list[str], text: str, width: int) -> str | None:
    if not text.strip():
        return "blank_line"
    if row[0].strip().casefold() in FOOTERS:
        return "footer_line"
    return None if len(row) == width else "wrong_field_count"


def _rejected_line(line: int, rule_id: str, text: str) -> RejectedLine:
    return RejectedLine(line, rule_id, hashlib.sha256(text.rstrip("\r\n").encode("utf-8")).hexdigest())


def _line_count(row: list[str]) -> int:
    return 1 + sum(len(LINE_BREAK.findall(field)) for field in row if "\n" in field or "\r" in field)


def _broken_quotes(line: int, what: str) -> Problem:
    reasons = {
        "unexpected end of data": "the file ends inside the quotes opened in this record",
        f"field larger than field limit ({LONGEST_FIELD})": "a quoted field goes on and on: its quote is not closed",
    }
    if "expected after" in what:
        return Problem(line, "broken_quotes", "text follows a closing quote in this record")
    return Problem(line, "broken_quotes", reasons.get(what, what))


# Encodings


def _refuse_other_byte_order_mark(path: Path, encoding: str) -> None:
    with path.open("rb") as stream:
        start = stream.read(3)
    marked = None
    if start == codecs.BOM_UTF8:
        marked = "utf-8"
    elif start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        marked = "utf-16"
    if marked and marked != encoding:
        detail = f"declared {encoding}, but its first bytes mark it as {marked}"
        raise BadFileError([Problem(1, "undecodable_bytes", detail)])


def _encoding_hint(path: Path, declared: str) -> str:
    for encoding in ENCODINGS:
        if encoding not in (declared, "utf-16") and _is_decodable(path, encoding):
            return f"; its bytes can be read as {encoding}: is that to be declared?"
    return ""


def _is_decodable(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block, final=not block)
    except UnicodeError:
        return False
    return True


def _first_undecodable_line(path: Path, encoding: str) -> int:
    """The 1-based line at which decoding fails: block by block, and within the failing block byte by byte."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    line = 1
    for block in _blocks(path):
        before = decoder.getstate()
        try:
            line += decoder.decode(block, final=not block).count("\n")
        except UnicodeError:
            decoder.setstate(before)
            break
    try:
        for position in range(len(block)):
            line += decoder.decode(block[position : position + 1]).count("\n")
    except UnicodeError:
        pass
    return line


def _blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file in blocks, and an empty block last."""
    with path.open("rb") as stream:
        while block := stream.read(2**16):
            yield block
    yield b""


# Parquet


@contextmanager
def _open_parquet(path: Path) -> Iterator["ParquetFile"]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; set temp_directory = ''")
        yield ParquetFile(connection, path)


class ParquetFile:
    """Rows of a Parquet file, every value as DuckDB writes it as text in time zone UTC; the first row is row 1."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        try:
            names = pq.read_schema(path).names
            self._rows = connection.sql(
                "select * from read_parquet(?, hive_partitioning = false)", params=[glob.escape(str(path))]
            )
        except (duckdb.Error, pa.ArrowException, OSError):
            raise _unreadable_parquet("no Parquet file, or cut off") from None
        if not names or len(names) != len(self._rows.columns):
            raise _unreadable_parquet("its columns cannot be read")
        self.columns = [_normalised_name(name, position) for position, name in enumerate(names, 1)]

    def parts(self) -> Iterator[Part]:
        """All rows in order, a bounded number at a time; raises BadFileError where a value cannot be read."""
        texts = map(_text_expression, self._rows.columns, map(str, self._rows.types), range(len(self.columns)))
        first = 1
        try:
            for batch in self._rows.project(", ".join(texts)).to_arrow_reader(CHUNK_ROWS):
                yield Part(range(first, first + batch.num_rows), [_as_text(column) for column in batch.columns], [])
                first += batch.num_rows
        except (duckdb.Error, pa.ArrowException):
            raise _unreadable_parquet(f"a value after row {first - 1} cannot be read") from None


def _text_expression(column: str, type_name: str, position: int) -> str:
    name = '"' + column.replace('"', '""') + '"'
    text = f"cast({name} as varchar)"
    if type_name == "BLOB":  # older writers leave text unmarked
        text = f"coalesce(try(decode({name})), {text})"
    return f"{text} as c{position}"


def _as_text(column: pa.Array) -> pa.Array:
    return column if column.type == TEXT else column.cast(TEXT)


def _unreadable_parquet(detail: str) -> BadFileError:
    return BadFileError([Problem(None, "unreadable_parquet", detail)])
