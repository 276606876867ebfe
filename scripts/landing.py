"""Landing: delivered files as all-text Parquet named by content, ready for dbt's source `raw`.

The raw directory is the truth; <home>/landing is a cache of it. A file is parsed once per content, declaration and
PARSER_VERSION. New files wait in <home>/landing/.pending until every file of the delivery is good, so that a bad
delivery leaves what has landed as it was.
"""

import hashlib
import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.contract import (
    DECLARATIONS_FILE,
    ConfigurationError,
    Declaration,
    Declarations,
    Table,
    read_contract,
    read_declarations,
)
from scripts.delivered_files import (
    BadFileError,
    Part,
    Problem,
    RejectedLine,
    header_problems,
    is_parquet,
    open_delivered,
)

PARSER_VERSION = 1  # raise it when the same bytes would land differently
ROW_GROUP_ROWS = 122_880
ROW_GROUP_BYTES = 2**27
MOST_FILES = 5
WORKERS = 2
WORKERS_FROM_BYTES = 2**24
METADATA_KEY = b"landing"
ADDED_FIELDS = [
    pa.field("_file", pa.string()),
    pa.field("_line", pa.int64()),
    pa.field("_landed_at", pa.timestamp("us")),
    pa.field("_timezone", pa.string()),
    pa.field("_date_order", pa.string()),
]
REJECTED_SCHEMA = pa.schema(
    [
        ("source_table", pa.string()),
        ("_file", pa.string()),
        ("_line", pa.int64()),
        ("rule_id", pa.string()),
        ("row_hash", pa.string()),
    ]
)
LANDED_FILES_SCHEMA = pa.schema(
    [
        ("source_table", pa.string()),
        ("file", pa.string()),
        ("sha256", pa.string()),
        ("delivered_row_count", pa.int64()),
        ("landed_row_count", pa.int64()),
        ("rejected_line_count", pa.int64()),
        ("is_repeat", pa.bool_()),
        ("column_names", pa.string()),
        ("byte_count", pa.int64()),
        ("landed_at", pa.timestamp("us")),
    ]
)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Finding:
    """Why a delivery cannot land: file or table folder within the raw directory, line, rule, and words free of data."""

    file: str
    line: int | None
    rule_id: str
    detail: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file} line {self.line}"
        return f"{place}: {self.rule_id}: {self.detail}"


class LandingError(Exception):
    """The delivery cannot land; `findings` has at least one finding per bad file, `warnings` names what is not read."""

    def __init__(self, findings: list[Finding], warnings: list[str]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings
        self.warnings = warnings


@dataclass(frozen=True)
class TableReport:
    """What became of the files of one table. Counts of files: delivered, parsed now, unchanged since an earlier
    landing, same content as another file. Counts of rows: delivered, landed, set aside as lines without shape."""

    table: str
    files: int
    parsed: int
    cached: int
    repeated: int
    delivered: int
    landed: int
    rejected: int


@dataclass(frozen=True)
class LandingReport:
    """What has landed: one report per table of the contract (also for those without files), the files of the last
    landing whose content is gone, and remarks for the reader."""

    tables: list[TableReport]
    vanished: list[str]
    warnings: list[str]


@dataclass(frozen=True)
class Delivery:
    """One delivered file: where it is, how it is written, and what is in it."""

    table: Table
    path: Path
    file: str
    declaration: Declaration
    sha256: str
    byte_count: int
    modified_ns: int

    @property
    def key(self) -> dict[str, Any]:
        """Everything beside the bytes that decides what lands."""
        file_format = "parquet" if is_parquet(self.path) else "csv"
        return {"parser": PARSER_VERSION, "format": file_format, "declaration": asdict(self.declaration)}


@dataclass(frozen=True)
class Landed:
    """What is known about a landed content, kept in its Parquet file."""

    key: dict[str, Any]
    file: str
    landed_at: str
    columns: list[str]
    landed: int
    rejected: int


def land(raw: Path, home: Path, progress: Progress, now: datetime | None = None) -> LandingReport:
    """Bring <home>/landing in line with the files under `raw`.

    `progress` gets a line of text per parsed file; `now` is the UTC time that new content is stamped with (default:
    the clock). Raises ConfigurationError for a raw directory or sources.yml that cannot be used, LandingError with
    all findings of all files otherwise; what has landed before then stays as it is.
    """
    if not raw.is_dir():
        raise ConfigurationError(f"{raw}: no such directory; deliver files as {raw}/<table>/*.csv or *.parquet")
    tables = read_contract()
    declarations = read_declarations(raw, tables)
    landing = _Directory(home / "landing")
    landing.prepare(tables)
    deliveries = _deliveries(raw, tables, declarations)
    firsts = _first_of_each_content(deliveries)
    parsed, findings = _bring_in(landing, firsts, (now or datetime.now(UTC)).replace(tzinfo=None), progress)
    contents = {_content(delivery): landing.lookup(delivery) for delivery in firsts}
    findings += _header_findings(firsts, contents) + _required_findings(tables, deliveries, contents, findings)
    warnings = _unread(raw, tables) + _unmatched(deliveries, declarations)
    if findings:
        findings.sort(key=lambda finding: (finding.file, finding.line or 0, finding.rule_id))
        raise LandingError(findings, warnings)
    vanished = landing.commit(firsts, _landed_files(deliveries, firsts, contents))
    return LandingReport(
        tables=[_table_report(table, deliveries, firsts, contents, parsed) for table in tables],
        vanished=vanished,
        warnings=warnings + _extra_columns(tables, contents),
    )


# What is there


def _deliveries(raw: Path, tables: dict[str, Table], declarations: Declarations) -> list[Delivery]:
    deliveries = []
    for table in tables.values():
        for path in sorted((raw / table.name).glob("*"), key=lambda path: path.name):
            if _is_data_file(path):
                deliveries.append(_delivery(raw, table, path, declarations.of(table.name, path.name)))
    return deliveries


def _is_data_file(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix.lower() in (".csv", ".parquet")


def _delivery(raw: Path, table: Table, path: Path, declaration: Declaration) -> Delivery:
    state = path.stat()
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    file = path.relative_to(raw).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")
    return Delivery(table, path, file, declaration, sha256, state.st_size, state.st_mtime_ns)


def _content(delivery: Delivery) -> tuple[str, str]:
    return delivery.table.name, delivery.sha256


def _first_of_each_content(deliveries: list[Delivery]) -> list[Delivery]:
    firsts: dict[tuple[str, str], Delivery] = {}
    for delivery in deliveries:
        firsts.setdefault(_content(delivery), delivery)
    return list(firsts.values())


def _unread(raw: Path, tables: dict[str, Table]) -> list[str]:
    warnings = []
    for path in sorted(raw.iterdir()):
        if path.name.startswith(".") or path.name == DECLARATIONS_FILE:
            continue
        if path.name not in tables or not path.is_dir():
            warnings.append(f"{path.name}: not a table of the contract, ignored")
            continue
        names = sorted(entry.name for entry in path.iterdir() if not _is_data_file(entry))
        warnings += [f"{path.name}/{name}: not a CSV or Parquet file, ignored" for name in names if name[0] != "."]
    return warnings


def _unmatched(deliveries: list[Delivery], declarations: Declarations) -> list[str]:
    used = {declarations.position(delivery.table.name, delivery.path.name) for delivery in deliveries}
    return [
        f"{DECLARATIONS_FILE}: sources[{index}] speaks for no file ({table}/{pattern})"
        for index, (table, pattern, _) in enumerate(declarations.sources)
        if index not in used
    ]


def _extra_columns(tables: dict[str, Table], contents: dict[tuple[str, str], Landed | None]) -> list[str]:
    warnings = []
    for table in tables.values():
        of_table = [landed for (name, _), landed in contents.items() if name == table.name]
        extra = sorted({column for landed in of_table for column in landed.columns} - set(table.columns))
        if extra:
            warnings.append(f"{table.name}: columns beyond the contract, landed and not read: {', '.join(extra)}")
    return warnings


# Bringing new content in


def _bring_in(
    landing: "_Directory", firsts: list[Delivery], now: datetime, progress: Progress
) -> tuple[set[tuple[str, str]], list[Finding]]:
    """Parse what has not landed as declared, rename what has; the contents parsed, and what was wrong with them."""
    jobs = []
    for delivery in firsts:
        landed = landing.lookup(delivery)
        if landed is None:
            jobs.append((delivery, landing.pending(delivery), landing.landed_at(delivery, now)))
        elif landed.file != delivery.file:
            landing.rename(delivery, landed)
    findings = []
    for done, (delivery, problems, row_count) in enumerate(_parsed(jobs), 1):
        findings += [_finding(delivery, problem) for problem in problems]
        progress(f"{done}/{len(jobs)} {delivery.file}: {'not usable' if problems else f'{row_count:,} rows'}")
    return {_content(delivery) for delivery, _, _ in jobs}, findings


def _parsed(jobs: list[tuple[Delivery, Path, datetime]]) -> Iterator[tuple[Delivery, list[Problem], int]]:
    if len(jobs) < 2 or sum(delivery.byte_count for delivery, _, _ in jobs) < WORKERS_FROM_BYTES:
        yield from (parse(*job) for job in jobs)
        return
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        largest_first = sorted(jobs, key=lambda job: -job[0].byte_count)
        for future in as_completed([pool.submit(parse, *job) for job in largest_first]):
            yield future.result()


def parse(delivery: Delivery, target: Path, landed_at: datetime) -> tuple[Delivery, list[Problem], int]:
    """Write one delivered file as Parquet to `target`, its rejected lines to the file rejected_path(target).

    Returns the delivery, what is wrong with it (then nothing is written), and the number of rows landed.
    """
    try:
        landed = _write(delivery, target, landed_at)
    except BadFileError as error:
        return delivery, error.problems, 0
    if not landed.rejected:
        rejected_path(target).unlink()
    return delivery, [], landed.landed


def _write(delivery: Delivery, target: Path, landed_at: datetime) -> Landed:
    with (
        open_delivered(delivery.path, delivery.declaration, delivery.table) as delivered,
        _sink(rejected_path(target), REJECTED_SCHEMA) as rejected_sink,
        _sink(target, _landed_schema(delivered.columns)) as sink,
    ):
        for part in delivered.parts():
            sink.add(_landed_batch(delivered.columns, part, delivery, landed_at))
            rejected_sink.add(_rejected_batch(part.rejected, delivery))
        _check_unchanged(delivery)
        landed = Landed(
            key=delivery.key,
            file=delivery.file,
            landed_at=landed_at.isoformat(),
            columns=delivered.columns,
            landed=sink.row_count,
            rejected=rejected_sink.row_count,
        )
        sink.metadata = rejected_sink.metadata = landed
    return landed


def _check_unchanged(delivery: Delivery) -> None:
    state = delivery.path.stat()
    if (state.st_size, state.st_mtime_ns) != (delivery.byte_count, delivery.modified_ns):
        raise BadFileError([Problem(None, "file_changed", "it changed while it was read; move finished files in")])


def _landed_schema(columns: list[str] | tuple[str, ...]) -> pa.Schema:
    return pa.schema([pa.field(column, pa.string()) for column in columns] + ADDED_FIELDS)


def _landed_batch(columns: list[str], part: Part, delivery: Delivery, landed_at: datetime) -> pa.RecordBatch:
    same_for_all = {
        "_file": delivery.file,
        "_landed_at": landed_at,
        "_timezone": delivery.declaration.timezone,
        "_date_order": delivery.declaration.date_order,
    }
    added = [
        pa.array(part.lines, field.type)
        if field.name == "_line"
        else _repeated(same_for_all[field.name], field.type, len(part.lines))
        for field in ADDED_FIELDS
    ]
    return pa.record_batch(part.values + added, schema=_landed_schema(columns))


def _rejected_batch(lines: list[RejectedLine], delivery: Delivery) -> pa.RecordBatch:
    rows = [(delivery.table.name, delivery.file, line.line, line.rule_id, line.row_hash) for line in lines]
    columns = zip(*rows, strict=True) if rows else [[]] * len(REJECTED_SCHEMA)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, REJECTED_SCHEMA, strict=True)]
    return pa.record_batch(arrays, schema=REJECTED_SCHEMA)


def _repeated(value: Any, data_type: pa.DataType, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, data_type), count)


# What is wrong with the delivery as a whole


def _finding(delivery: Delivery, problem: Problem) -> Finding:
    return Finding(delivery.file, problem.line, problem.rule_id, problem.detail)


def _header_findings(firsts: list[Delivery], contents: dict[tuple[str, str], Landed | None]) -> list[Finding]:
    """What the contract of today finds in the headers of files that landed earlier."""
    return [
        _finding(delivery, problem)
        for delivery in firsts
        if (landed := contents[_content(delivery)])
        for problem in header_problems(landed.columns, delivery.table, None if is_parquet(delivery.path) else 1)
    ]


def _required_findings(
    tables: dict[str, Table],
    deliveries: list[Delivery],
    contents: dict[tuple[str, str], Landed | None],
    earlier: list[Finding],
) -> list[Finding]:
    blamed = {finding.file.split("/")[0] for finding in earlier}
    findings = []
    for table in tables.values():
        if not table.is_required or table.name in blamed:
            continue
        of_table = [delivery for delivery in deliveries if delivery.table.name == table.name]
        if not of_table:
            detail = f"the table is required; deliver {table.name}/*.csv or {table.name}/*.parquet"
            findings.append(Finding(table.name, None, "required_table_missing", detail))
        elif not any(contents[_content(delivery)].landed for delivery in of_table):
            detail = f"the table is required; without a row that can be read: {_named(of_table)}"
            findings.append(Finding(table.name, None, "required_table_empty", detail))
    return findings


def _named(deliveries: list[Delivery]) -> str:
    named = ", ".join(delivery.file for delivery in deliveries[:MOST_FILES])
    return named + (f" and {len(deliveries) - MOST_FILES} more" if len(deliveries) > MOST_FILES else "")


# Reports


def _landed_files(
    deliveries: list[Delivery], firsts: list[Delivery], contents: dict[tuple[str, str], Landed]
) -> list[dict[str, Any]]:
    first_files = {delivery.file for delivery in firsts}
    rows = []
    for delivery in deliveries:
        landed, is_repeat = contents[_content(delivery)], delivery.file not in first_files
        rows.append(
            {
                "source_table": delivery.table.name,
                "file": delivery.file,
                "sha256": delivery.sha256,
                "delivered_row_count": landed.landed + landed.rejected,
                "landed_row_count": 0 if is_repeat else landed.landed,
                "rejected_line_count": 0 if is_repeat else landed.rejected,
                "is_repeat": is_repeat,
                "column_names": ",".join(landed.columns),
                "byte_count": delivery.byte_count,
                "landed_at": datetime.fromisoformat(landed.landed_at),
            }
        )
    return rows


def _table_report(
    table: str,
    deliveries: list[Delivery],
    firsts: list[Delivery],
    contents: dict[tuple[str, str], Landed],
    parsed: set[tuple[str, str]],
) -> TableReport:
    of_table = [delivery for delivery in deliveries if delivery.table.name == table]
    firsts = [delivery for delivery in firsts if delivery.table.name == table]
    parsed_count = sum(_content(delivery) in parsed for delivery in firsts)
    return TableReport(
        table=table,
        files=len(of_table),
        parsed=parsed_count,
        cached=len(firsts) - parsed_count,
        repeated=len(of_table) - len(firsts),
        delivered=sum(landed.landed + landed.rejected for landed in map(contents.get, map(_content, of_table))),
        landed=sum(landed.landed for landed in map(contents.get, map(_content, firsts))),
        rejected=sum(landed.rejected for landed in map(contents.get, map(_content, firsts))),
    )


# Files under <home>/landing


def rejected_path(path: Path) -> Path:
    """Where the rejected lines of the landed file <table>/<name> are: rejected_lines/<table>-<name>."""
    return path.parent.parent / "rejected_lines" / f"{path.parent.name}-{path.name}"


class _Directory:
    """<home>/landing: what dbt reads, and beside it .pending/, laid out alike, for what is not yet part of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.waiting = root / ".pending"

    def prepare(self, tables: dict[str, Table]) -> None:
        """All folders, owner only, and in each an empty file with all columns of the contract."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        schemas = {name: _landed_schema(table.columns) for name, table in tables.items()}
        for name, schema in {**schemas, "rejected_lines": REJECTED_SCHEMA}.items():
            path = self.root / name / "_contract.parquet"
            if not _has_schema(path, schema):
                _write_table(path, schema.empty_table())

    def pending(self, delivery: Delivery) -> Path:
        """Where new content waits."""
        return self.waiting / delivery.table.name / f"{delivery.sha256}.parquet"

    def landed(self, delivery: Delivery) -> Path:
        """Where landed content is."""
        return self.root / delivery.table.name / f"{delivery.sha256}.parquet"

    def lookup(self, delivery: Delivery) -> Landed | None:
        """What is known about this content if it is there, waiting or landed, just as it would land now."""
        path = self._path(delivery)
        return path and _read_landed(path)

    def _path(self, delivery: Delivery) -> Path | None:
        for path in (self.pending(delivery), self.landed(delivery)):
            landed = _read_landed(path)
            if landed is None or landed.key != delivery.key:
                continue
            if not landed.rejected or _read_landed(rejected_path(path)) == landed:
                return path
        return None

    def landed_at(self, delivery: Delivery, now: datetime) -> datetime:
        """When this content first landed, in whatever way; `now` when it is new."""
        known = [_read_landed(path) for path in (self.landed(delivery), self.pending(delivery))]
        return min((datetime.fromisoformat(landed.landed_at) for landed in known if landed), default=now)

    def rename(self, delivery: Delivery, landed: Landed) -> None:
        """The same content under the name it is delivered with now."""
        source, target = self._path(delivery), self.pending(delivery)
        renamed = replace(landed, file=delivery.file)
        if landed.rejected:
            _copy_renamed(rejected_path(source), rejected_path(target), renamed)
        _copy_renamed(source, target, renamed)

    def commit(self, firsts: list[Delivery], landed_files: list[dict[str, Any]]) -> list[str]:
        """Let what waits be landed and drop what is no longer delivered; the files that are gone since last time."""
        list_path = self.root / "landed_files" / "landed_files.parquet"
        before = pq.read_table(list_path).to_pylist() if list_path.exists() else []
        for delivery in firsts:
            if self._path(delivery) == self.pending(delivery):
                self._move(delivery)
        self._drop_all_but(firsts)
        _write_table(list_path, pa.Table.from_pylist(landed_files, LANDED_FILES_SCHEMA))
        shutil.rmtree(self.waiting, ignore_errors=True)
        contents = {(row["source_table"], row["sha256"]) for row in landed_files}
        return [row["file"] for row in before if (row["source_table"], row["sha256"]) not in contents]

    def _move(self, delivery: Delivery) -> None:
        source, target = self.pending(delivery), self.landed(delivery)
        rejected_path(target).unlink(missing_ok=True)
        if rejected_path(source).exists():
            rejected_path(source).replace(rejected_path(target))
        source.replace(target)

    def _drop_all_but(self, firsts: list[Delivery]) -> None:
        kept = {self.landed(delivery) for delivery in firsts}
        kept |= {rejected_path(path) for path in kept}
        for path in self.root.glob("*/*.parquet"):
            if path not in kept and path.name != "_contract.parquet" and path.parent.name != "landed_files":
                path.unlink()


def _read_landed(path: Path) -> Landed | None:
    """What a landed file says about itself; None where there is none or it cannot be read."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
        return Landed(**json.loads(metadata[METADATA_KEY]))
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None


def _has_schema(path: Path, schema: pa.Schema) -> bool:
    try:
        return pq.read_schema(path).equals(schema)
    except (OSError, pa.ArrowException):
        return False


def _copy_renamed(source: Path, target: Path, landed: Landed) -> None:
    file = pq.ParquetFile(source)
    position = file.schema_arrow.get_field_index("_file")
    field = pa.field("_file", pa.string())
    with _sink(target, file.schema_arrow.remove_metadata()) as sink:
        for batch in file.iter_batches(batch_size=ROW_GROUP_ROWS):
            sink.add(batch.set_column(position, field, _repeated(landed.file, field.type, batch.num_rows)))
        sink.metadata = landed


class _Sink:
    """A Parquet file being written: gathers batches into row groups and ends with `metadata`, if any."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self.row_count = 0
        self.metadata: Landed | None = None
        self._writer = writer
        self._batches: list[pa.RecordBatch] = []
        self._gathered_rows = 0
        self._gathered_bytes = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Append rows."""
        if not batch.num_rows:
            return
        self.row_count += batch.num_rows
        self._batches.append(batch)
        self._gathered_rows += batch.num_rows
        self._gathered_bytes += batch.nbytes
        if self._gathered_rows >= ROW_GROUP_ROWS or self._gathered_bytes >= ROW_GROUP_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the gathered rows as one row group."""
        if self._batches:
            self._writer.write_table(pa.Table.from_batches(self._batches), row_group_size=2**31)
            self._batches.clear()
            self._gathered_rows = self._gathered_bytes = 0


@contextmanager
def _sink(path: Path, schema: pa.Schema) -> Iterator[_Sink]:
    """A Parquet file that is there under its name when complete, and never before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    try:
        with pq.ParquetWriter(temporary, schema, compression="zstd", compression_level=1) as writer:
            sink = _Sink(writer)
            yield sink
            sink.flush()
            if sink.metadata:
                writer.add_key_value_metadata({METADATA_KEY: json.dumps(asdict(sink.metadata))})
        _sync(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_table(path: Path, table: pa.Table) -> None:
    with _sink(path, table.schema) as sink:
        for batch in table.to_batches():
            sink.add(batch)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
