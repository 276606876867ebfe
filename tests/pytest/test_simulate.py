"""Trying a policy: who would move, and nothing else happens."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from scripts import refresh, simulate
from scripts.contract import ConfigurationError
from scripts.generate_sample import main as generate_sample
from scripts.landing import land
from scripts.simulate import Scenario, compare, find_scenario
from tests.pytest.warehouse import Warehouse
from tests.reference import Options

REVIEW = date(2025, 12, 31)
GRADED = ["--select", "+int_customers_monitored"]
NO_MEMORY = """
    update policy.policy_tiers set margin_hold_months = 0;
    update policy.policy_tier_rules set hold_months = 0;
"""
# Medium by score alone, below the new cut, not engaged, and not on the way down from high.
PREDICTED = """
    with tiers as (from intermediate.int_customers_tiered join intermediate.int_monitoring_dates using (as_of_date))
    select today.customer_id
    from tiers as today
    left join tiers as before on today.previous_date = before.as_of_date and today.customer_key = before.customer_key
    where today.is_current and today.rule_path = 'SC_MED' and today.value_tier = 'medium' and today.composite_score < 50
        and not coalesce(today.engagement_score >= 60 and today.days_since_interaction <= 90, false)
        and coalesce(before.value_tier, '') <> 'high' and today.reason not like 'INTERIM%'
    order by today.customer_id
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Work files of a sample: under the live policy, under a copy of it, and under the copy with a raised cut."""
    folder = tmp_path_factory.mktemp("simulated")
    warehouse = Warehouse(folder)
    generate_sample(["--out", str(warehouse.raw), "--customers", "150"])
    land(warehouse.raw, warehouse.home, lambda line: None)
    warehouse.seed(Options())
    files = {name: folder / f"{name}.duckdb" for name in ("live", "copied", "raised")}
    with duckdb.connect(str(warehouse.database)) as connection:
        connection.execute(NO_MEMORY)
        for table, columns in _versioned(connection):
            others = ", ".join(column for column in columns if column != "scenario_id")
            copy = f"insert into policy.{table} (scenario_id, {others}) select 'copied', {others}"
            connection.execute(f"{copy} from policy.{table} where scenario_id = 'live'")
    warehouse._dbt("run", Options(as_of_date=REVIEW), GRADED)
    shutil.copy(warehouse.database, files["live"])
    warehouse._dbt("run", Options(as_of_date=REVIEW, scenario_id="copied"), GRADED)
    shutil.copy(warehouse.database, files["copied"])
    with duckdb.connect(str(warehouse.database)) as connection:
        raised = "update policy.policy_tier_thresholds set threshold = 50, maintain = 50"
        connection.execute(f"{raised} where scenario_id = 'copied' and rule_path = 'SC_MED'")
    warehouse._dbt(
        "run",
        Options(as_of_date=REVIEW, scenario_id="copied"),
        ["--select", "int_tier_thresholds_in_force+,+int_customers_monitored"],
    )
    shutil.copy(warehouse.database, files["raised"])
    return files


def _versioned(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, list[str]]]:
    return connection.execute(
        "select table_name, list(column_name) from duckdb_columns() where schema_name = 'policy' group by table_name "
        "having list_contains(list(column_name), 'effective_from')"
    ).fetchall()


def _read(directory: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(directory / "simulation.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_copy_of_the_live_policy_moves_nobody(graded: dict[str, Path], tmp_path: Path) -> None:
    compare(graded["live"], graded["copied"], "copied", tmp_path)
    assert _read(tmp_path, "select count(*) from tier_simulation") != [(0,)]
    assert (
        _read(tmp_path, "from tier_simulation where live_tier <> simulated_tier or live_reason <> simulated_reason")
        == []
    )
    assert _read(tmp_path, "from tier_simulation_dates where up_count + down_count > 0") == []
    assert _read(tmp_path, "from tier_simulation_summary where customer_change <> 0 or cost_change <> 0") == []
    assert "nobody moves" in simulate.summary(Scenario("copied", "A copy"), tmp_path)


def test_a_raised_cut_moves_whom_a_query_predicts(graded: dict[str, Path], tmp_path: Path) -> None:
    with duckdb.connect(str(graded["live"]), read_only=True) as connection:
        predicted = connection.execute(PREDICTED).fetchall()
    compare(graded["live"], graded["raised"], "copied", tmp_path)
    moved = "select customer_id from tier_simulation where direction <> 'same' order by customer_id"
    assert _read(tmp_path, moved) == predicted != []
    count = len(predicted)
    changes = "select tier, customer_change, cost_change from tier_simulation_summary where customer_change <> 0"
    assert sorted(_read(tmp_path, changes)) == [("low", count, count * 12), ("medium", -count, count * -90)]
    moves = "select live_tier, simulated_tier, customer_count from tier_simulation_moves where direction <> 'same'"
    assert _read(tmp_path, moves) == [("medium", "low", count)]
    lines = simulate.summary(Scenario("raised", "A raised cut"), tmp_path)
    assert any(line.startswith(f"medium -> low: {count:,} customers, spend 12m ") for line in lines)
    assert any(f"0 would be higher, {count:,} lower" in line for line in lines)


def test_every_table_is_written_in_three_ways(graded: dict[str, Path], tmp_path: Path) -> None:
    compare(graded["live"], graded["copied"], "copied", tmp_path)
    expected = {f"{table}.{kind}" for table in simulate.TABLES for kind in ("csv", "parquet")}
    assert {file.name for file in tmp_path.iterdir()} == {"simulation.duckdb", *expected}


# The command


@pytest.fixture
def home(tmp_path: Path, graded: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a delivery beside it, where building is a copy of what was built before."""
    for table, content in {
        "customers": "customer_id\nC1\n",
        "transactions": "txn_id,customer_id,event_at,amount\nT1,C1,2025-01-01,1\n",
    }.items():
        (tmp_path / "raw" / table).mkdir(parents=True)
        (tmp_path / "raw" / table / "part.csv").write_text(content)

    def build(work: Path, variables: dict[str, str], selection: list[str]) -> str:
        assert (work / "landing" / "customers").is_dir() and variables["as_of_date"] == REVIEW.isoformat()
        (work / "work").mkdir()
        is_live = variables["scenario_id"] == "live"
        shutil.copy(graded["live" if is_live else "raised"], work / "work" / "tiers.duckdb")
        return "built"

    monkeypatch.setattr(simulate, "build", build)
    return tmp_path / "home"


def run(home: Path, scenario: str) -> int:
    raw = str(home.parent / "raw")
    return simulate.main(["--scenario", scenario, "--raw", raw, "--home", str(home), "--as-of", REVIEW.isoformat()])


def test_a_simulation_publishes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "stricter") == 0
    out, err = capsys.readouterr()
    assert err == "" and "stricter: Example of a candidate" in out and str(home / "simulations" / "stricter") in out
    assert not (home / "published").exists() and not (home / "work").exists()
    assert not (home / "simulations" / "stricter" / "work").exists()
    assert run(home, "stricter") == 0


@pytest.mark.parametrize("name", ["strict", "live", "x y"])
def test_a_scenario_there_is_not_is_wrong_usage(home: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(home, name) == 2
    err = capsys.readouterr().err
    assert f"'{name}'" in err and "known scenarios: stricter" in err
    assert not (home / "simulations").exists()


def test_a_scenario_without_rows_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "policy_scenarios.csv").write_text("scenario_id,description\nlive,x\nempty,y\n")
    (tmp_path / "policy_a.csv").write_text("scenario_id,b\nlive,1\n")
    with pytest.raises(ConfigurationError, match="no policy seed has rows of scenario 'empty': copy the live rows"):
        find_scenario("empty", tmp_path)


def test_a_simulation_gives_way_to_a_refresh(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with refresh.lease(home):
        assert run(home, "stricter") == 75
    assert "another refresh" in capsys.readouterr().err


def test_a_candidate_that_contradicts_itself_is_told(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise refresh.StepFailedError("the build failed", "the weights in force sum to 0.9")

    monkeypatch.setattr(simulate, "build", fail)
    assert run(home, "stricter") == 1
    assert "simulate: the build failed\n  the weights in force sum to 0.9" in capsys.readouterr().err
