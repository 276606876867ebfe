"""The benchmark on 2,000 customers: what it reports, and that the floor query gives the figures of the marts."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from scripts import benchmark

TRANSACTIONS = 25_400
LINES = {"property_sale", "lease", "energy", "venue", "property_service", "group"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run at one size, with its report in latest.md."""
    folder = tmp_path_factory.mktemp("benchmark")
    options = ["--transactions", str(TRANSACTIONS), "--review-counts", "8"]
    assert benchmark.main([*options, "--directory", str(folder), "--report", str(folder / "latest.md")]) == 0
    return folder


@pytest.fixture
def connection(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the table `floor`."""
    with duckdb.connect() as connection:
        benchmark.run_floor(connection, folder / str(TRANSACTIONS) / "home")
        yield connection


def test_the_report_has_a_row_per_step_and_a_ratio_per_build(folder: Path) -> None:
    lines = (folder / "latest.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| [0-9]", line)]
    steps, ratios = [row for row in rows if len(row) == 7], [row for row in rows if len(row) == 4]
    assert len(steps) + len(ratios) == len(rows)
    assert [(row[1], row[2]) for row in steps] == [("landing", ""), ("build", "8"), ("publish", "8"), ("floor", "8")]
    assert [row[1] for row in ratios] == ["8"]
    for row in rows:
        assert 20_000 < float(row[0].replace(",", "")) < 30_000
    for row in steps:
        assert all(float(cell.replace(",", "")) > 0 for cell in row[3:])


def test_the_report_says_where_and_with_what_it_was_measured(folder: Path) -> None:
    text = (folder / "latest.md").read_text(encoding="utf-8")
    for line in ("machine: [0-9]+ cores", "load average at the start", f"versions: .*duckdb {duckdb.__version__}"):
        assert re.search(line, text), line


def test_the_floor_gives_the_figures_of_the_marts(connection: duckdb.DuckDBPyConnection) -> None:
    rows, reviews = connection.execute("select count(*), count(distinct as_of_date) from floor").fetchone()
    assert rows > 20_000 and reviews == 9
    assert {lob for (lob,) in connection.execute("select distinct lob from floor").fetchall()} == LINES
    assert benchmark.different_rows(connection) == 0


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ("update floor set r_days = r_days + 1", 1),
        ("update floor set f_value = f_value + 0.0001", 1),
        ("update floor set m_value = m_value + 0.02", 1),
        ("update floor set m_value = m_value + 0.005", 0),
        ("delete from floor", 1),
    ],
)
def test_a_difference_is_noticed(connection: duckdb.DuckDBPyConnection, change: str, difference: int) -> None:
    connection.execute(f"{change} where rowid = (select min(rowid) from floor where lob <> 'group')")
    assert benchmark.different_rows(connection) == difference


def test_a_size_that_says_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        benchmark.main(["--transactions", "10"])
    assert error.value.code == 2
    assert "at least 1000" in capsys.readouterr().err
