"""Publishing: marts only, complete, and swapped in by one rename."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from scripts import publish as publishing
from scripts.publish import PublishError, mart_hashes, publish

NOW = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)


def build(path: Path, rows: str = "('C2', 1.50), ('C1', null)", *statements: str) -> Path:
    """A work file with one mart, and tables that are not to be published."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create schema staging")
        connection.execute("create table staging.stg_people as select 'Secret Name' as display_name")
        connection.execute('create table marts.customers (customer_id varchar not null, "a ""b" decimal(18, 2))')
        connection.execute(f"insert into marts.customers values {rows}")
        for statement in statements:
            connection.execute(statement)
    return path


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a reader of a DuckDB file gets."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def work_file(home: Path) -> Path:
    return build(home / "work" / "tiers.duckdb")


def test_only_marts_are_published(home: Path, work_file: Path) -> None:
    publication = publish(work_file, home, NOW)
    published = home / "published" / "tiers.duckdb"
    assert query(published, "select schema_name, table_name from duckdb_tables()") == [("marts", "customers")]
    assert query(published, "from marts.customers") == query(work_file, "from marts.customers order by all")
    assert b"Secret Name" not in published.read_bytes()
    assert b"Secret Name" in work_file.read_bytes()
    assert publication.row_counts == {"customers": 2}
    assert sorted(path.name for path in publication.directory.iterdir()) == ["parquet", "publish.json", "tiers.duckdb"]


def test_current_bi_tools_can_open_the_file(home: Path, work_file: Path) -> None:
    publish(work_file, home, NOW)
    header = (home / "published" / "tiers.duckdb").read_bytes()[:64]
    storage_version = int.from_bytes(header[12:20], "little")
    assert 64 <= storage_version <= 67  # what DuckDB 1.4 reads


def test_comments_types_and_not_null_are_kept(home: Path) -> None:
    work_file = build(
        home / "work" / "tiers.duckdb",
        "('C1', 1)",
        "comment on table marts.customers is 'one row per customer''s id'",
        "comment on column marts.customers.customer_id is 'who'",
    )
    publish(work_file, home, NOW)
    published = home / "published" / "tiers.duckdb"
    assert query(published, "select comment from duckdb_tables()") == [("one row per customer's id",)]
    columns = "select column_name, data_type, is_nullable, comment from duckdb_columns() where schema_name = 'marts'"
    assert query(published, columns) == [
        ("customer_id", "VARCHAR", False, "who"),
        ('a "b', "DECIMAL(18,2)", True, None),
    ]


def test_parquet_copies_hold_the_same_rows(home: Path, work_file: Path) -> None:
    publish(work_file, home, NOW)
    with duckdb.connect() as connection:
        rows = connection.execute(f"from '{home}/published/parquet/customers.parquet'").fetchall()
    assert rows == query(home / "published" / "tiers.duckdb", "from marts.customers")


def test_equal_content_in_another_order_gives_equal_files(home: Path, work_file: Path) -> None:
    first = publish(work_file, home, NOW)
    second = publish(build(work_file, "('C1', null), ('C2', 1.50)"), home, NOW + timedelta(seconds=1))
    assert first.publish_id[-8:] == second.publish_id[-8:]
    parquet = [(one.directory / "parquet" / "customers.parquet").read_bytes() for one in (first, second)]
    assert parquet[0] == parquet[1]


@pytest.mark.parametrize(
    ("rows", "statements"),
    [
        ("('C2', 1.51), ('C1', null)", ()),
        ("('C2', null), ('C1', 1.50)", ()),
        ("('C2', 1.50), ('C1', 0)", ()),
        ("('C2', 1.50), ('C1', null), ('C1', null)", ()),
        ("('C2', 1.50)", ()),
        ("('C2', 1.50), ('C1', null)", ("alter table marts.customers rename customer_id to id",)),
        ("('C2', 1.50), ('C1', null)", ('alter table marts.customers alter "a ""b" type decimal(18, 3)',)),
        ("('C2', 1.50), ('C1', null)", ("create table marts.more (x integer)",)),
    ],
)
def test_a_different_mart_has_a_different_hash(tmp_path: Path, rows: str, statements: tuple[str, ...]) -> None:
    base = mart_hashes(build(tmp_path / "a.duckdb"))
    assert mart_hashes(build(tmp_path / "b.duckdb", "('C1', null), ('C2', 1.50)")) == base
    assert mart_hashes(build(tmp_path / "c.duckdb", rows, *statements)) != base


def test_the_publish_records_what_it_is(home: Path, work_file: Path) -> None:
    publication = publish(work_file, home, NOW)
    record = json.loads((home / "published" / "publish.json").read_text())
    assert record["publish_id"] == publication.publish_id == publication.directory.name
    assert record["publish_id"].startswith("20260102T030405000006Z-")
    assert record["mart_hashes"] == mart_hashes(work_file)


def test_a_reader_keeps_its_publish_while_the_next_comes(home: Path, work_file: Path) -> None:
    publish(work_file, home, NOW)
    reader = duckdb.connect(str(home / "published" / "tiers.duckdb"), read_only=True)
    publish(build(work_file, "('C9', 9)"), home, NOW + timedelta(seconds=1))
    assert reader.execute("select count(*) from marts.customers").fetchone() == (2,)
    reader.close()
    assert query(home / "published" / "tiers.duckdb", "from marts.customers")[0][0] == "C9"


def test_the_last_publishes_are_kept(home: Path, work_file: Path) -> None:
    ids = [publish(work_file, home, NOW + timedelta(minutes=minute)).publish_id for minute in range(7)]
    assert sorted(path.name for path in (home / "publishes").iterdir()) == ids[-5:]
    assert (home / "published").readlink() == Path("publishes") / ids[-1]


def test_a_publish_that_fails_leaves_the_previous_one(
    home: Path, work_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(work_file, home, NOW)
    for name in ("_copy_mart", "mart_hashes", "_sync_tree", "_point"):
        build(work_file, "('C9', 9)")
        with monkeypatch.context() as patch:
            patch.setattr(publishing, name, _disk_full)
            with pytest.raises(OSError, match="disk full"):
                publish(work_file, home, NOW + timedelta(seconds=1))
        assert (home / "published").readlink() == Path("publishes") / first.publish_id
        assert query(home / "published" / "tiers.duckdb", "select count(*) from marts.customers") == [(2,)]
    publish(work_file, home, NOW + timedelta(seconds=2))
    assert query(home / "published" / "tiers.duckdb", "select count(*) from marts.customers") == [(1,)]
    assert not (home / "publishes" / publishing.UNFINISHED).exists()


def _disk_full(*_: object) -> None:
    raise OSError("disk full")


def test_a_copy_that_differs_is_not_published(home: Path, work_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_mart = publishing._copy_mart

    def lose_a_row(connection: duckdb.DuckDBPyConnection, *arguments: Any) -> int:
        count = copy_mart(connection, *arguments)
        connection.execute("delete from target.marts.customers where customer_id = 'C1'")
        return count

    monkeypatch.setattr(publishing, "_copy_mart", lose_a_row)
    with pytest.raises(PublishError, match="differ"):
        publish(work_file, home, NOW)
    assert not (home / "published").exists()


def test_a_work_file_without_marts_is_not_published(home: Path, work_file: Path) -> None:
    build(work_file, "('C1', 1)", "drop table marts.customers")
    with pytest.raises(PublishError, match="no marts"):
        publish(work_file, home, NOW)
    assert not (home / "published").exists()
