"""Publishing: the marts of a built work file as a new DuckDB file and as Parquet, shown to readers by one rename."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

KEPT_PUBLISHES = 5
STORAGE_VERSION = "v1.4.0"
UNFINISHED = ".unfinished"

Connection = duckdb.DuckDBPyConnection


class PublishError(Exception):
    """The marts cannot be published; what was published before is still there."""


@dataclass(frozen=True)
class Publication:
    """A publish: its id, its directory, and the number of rows per mart."""

    publish_id: str
    directory: Path
    row_counts: dict[str, int]


@dataclass(frozen=True)
class _Column:
    name: str
    data_type: str
    is_nullable: bool
    comment: str | None


@dataclass(frozen=True)
class _Mart:
    name: str
    comment: str | None
    columns: list[_Column]


def publish(work_file: Path, home: Path, now: datetime | None = None) -> Publication:
    """Copy schema `marts` of `work_file` into <home>/publishes/<publish_id> and let <home>/published point to it.

    `now` is the UTC time in the publish_id (default: the clock). The last KEPT_PUBLISHES publishes stay. Raises
    PublishError when there are no marts or the copy differs from the work file; readers then keep the previous publish.
    """
    publishes = home / "publishes"
    publishes.mkdir(parents=True, exist_ok=True)
    unfinished = publishes / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "parquet").mkdir(parents=True)
    row_counts = _copy_marts(work_file, unfinished)
    hashes = mart_hashes(unfinished / "tiers.duckdb")
    if hashes != mart_hashes(work_file):
        raise PublishError("the copied marts differ from those that were built")
    publish_id = _publish_id(hashes, now or datetime.now(UTC))
    record = {"publish_id": publish_id, "row_counts": row_counts, "mart_hashes": hashes}
    (unfinished / "publish.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    _sync_tree(unfinished)
    unfinished.rename(publishes / publish_id)
    _sync(publishes)
    _point(home / "published", Path("publishes") / publish_id)
    _drop_old(publishes, publish_id)
    return Publication(publish_id, publishes / publish_id, row_counts)


def mart_hashes(path: Path) -> dict[str, str]:
    """A hash per table of schema `marts` in the DuckDB file `path`, over its column names, types and rows.

    The order of the rows does not matter; how often equal rows occur does. Comparable within one DuckDB release.
    """
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false; set temp_directory = ''")
        _attach(connection, path, "source", "read_only")
        return {mart.name: _content_hash(connection, mart) for mart in _marts(connection)}


def _content_hash(connection: Connection, mart: _Mart) -> str:
    values = ", ".join(_name(column.name) for column in mart.columns)
    content = connection.execute(
        f"select count(*), sum(hash({values})) from source.marts.{_name(mart.name)}"
    ).fetchone()
    columns = [(column.name, column.data_type) for column in mart.columns]
    return hashlib.md5(repr((columns, content)).encode("utf-8")).hexdigest()


def _copy_marts(work_file: Path, target: Path) -> dict[str, int]:
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false; set TimeZone = 'UTC'")
        connection.execute(
            f"set memory_limit = {sql_text(os.environ.get('TIERS_MEMORY', '5GB'))}"
        )  # as in profiles.yml
        connection.execute(f"set temp_directory = {sql_text(str(work_file.parent / '.spill'))}")
        _attach(connection, work_file, "source", "read_only")
        _attach(connection, target / "tiers.duckdb", "target", f"storage_version {sql_text(STORAGE_VERSION)}")
        marts = _marts(connection)
        if not marts:
            raise PublishError("the work file holds no marts")
        connection.execute("create schema target.marts")
        row_counts = {mart.name: _copy_mart(connection, mart, target / "parquet") for mart in marts}
        connection.execute("checkpoint target")
        connection.execute("detach target")
    if (target / "tiers.duckdb.wal").exists():
        raise PublishError("the copied file was not closed cleanly")
    return row_counts


def _copy_mart(connection: Connection, mart: _Mart, parquet: Path) -> int:
    name = f"target.marts.{_name(mart.name)}"
    columns = ", ".join(
        f"{_name(column.name)} {column.data_type}{'' if column.is_nullable else ' not null'}" for column in mart.columns
    )
    connection.execute(f"create table {name} ({columns})")
    connection.execute(f"insert into {name} from source.marts.{_name(mart.name)} order by all")
    connection.execute(f"comment on table {name} is {sql_text(mart.comment)}")
    for column in mart.columns:
        connection.execute(f"comment on column {name}.{_name(column.name)} is {sql_text(column.comment)}")
    path = sql_text(str(parquet / f"{mart.name}.parquet"))
    connection.execute(f"copy (from {name}) to {path} (format parquet, compression zstd)")
    return connection.execute(f"select count(*) from {name}").fetchone()[0]


def _attach(connection: Connection, path: Path, alias: str, option: str) -> None:
    connection.execute(f"attach {sql_text(str(path))} as {alias} ({option})")


def _marts(connection: Connection) -> list[_Mart]:
    tables = connection.execute(
        "select table_name, comment from duckdb_tables() where database_name = 'source' and schema_name = 'marts' "
        "order by table_name"
    ).fetchall()
    return [_Mart(name, comment, _columns(connection, name)) for name, comment in tables]


def _columns(connection: Connection, table: str) -> list[_Column]:
    rows = connection.execute(
        "select column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where database_name = 'source' and schema_name = 'marts' and table_name = ? order by column_index",
        [table],
    ).fetchall()
    return [_Column(*row) for row in rows]


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def sql_text(text: str | None) -> str:
    """A text as SQL, quotes in it doubled; None as null."""
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def _publish_id(hashes: dict[str, str], now: datetime) -> str:
    """Sorts by time; the last part is equal for equal marts."""
    return f"{now:%Y%m%dT%H%M%S%f}Z-{hashlib.md5(repr(sorted(hashes.items())).encode()).hexdigest()[:8]}"


def _point(link: Path, target: Path) -> None:
    """Let `link` point to `target`: readers see the old or the new, never nothing."""
    new_link = link.with_name(f".{link.name}.new")
    new_link.unlink(missing_ok=True)
    new_link.symlink_to(target, target_is_directory=True)
    os.replace(new_link, link)
    _sync(link.parent)


def _drop_old(publishes: Path, current: str) -> None:
    others = sorted(path for path in publishes.iterdir() if path.is_dir() and path.name != current)
    for path in others[: max(0, len(others) - KEPT_PUBLISHES + 1)]:
        shutil.rmtree(path)


def _sync_tree(directory: Path) -> None:
    paths: Iterable[Path] = directory.rglob("*")
    for path in (*paths, directory):
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
