"""Refresh: every step, every exit code, and readers who never see a failed one."""

import json
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from scripts import expectations, refresh
from scripts.publish import PublishError

SECRET = "王伟 13800000000"
MARTS = """
    create schema marts;
    create table marts.review_dates as select date '2025-03-31' as as_of_date, true as is_current;
    create table marts.customer_tiers as
        from (values ('C1', 'high', null), ('C2', null, 'closed'), ('C3', 'low', null))
        t(customer_id, value_tier, exclusion_reason);
    create table marts.load_reconciliation as
        select 'transactions' as source_table, 'a.csv' as file, 1200::bigint as delivered_row_count,
            1190::bigint as accepted_row_count, 6::bigint as rejected_row_count, 4::bigint as duplicate_row_count;
    create table marts.rejected_rows as
        select 'transactions' as source_table, 'transactions/t.csv' as file, 20 - range as line,
            if(range < 4, 'orphan_customer', 'rule_' || range) as rule_id
        from range(14);
"""


class Bench:
    """A refresh whose dbt and checks are stand-ins: what they do is said by their fields."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.raw, self.home = root / "raw", root / "home"
        self.deliver("customers/c.csv", "customer_id\nC1\n")
        self.deliver("transactions/t.csv", "txn_id,customer_id,event_at,amount\nT1,C1,2025-01-01,1\n")
        self.steps: list[str] = []
        self.dbt_arguments: list[str] = []
        self.nodes = [node("success")]
        self.exception: Exception | None = None
        self.failing_check, self.compares = "", False
        monkeypatch.setattr(refresh, "run_dbt", self._run_dbt)
        monkeypatch.setattr(expectations, "run", self._check)

    def deliver(self, file: str, content: str) -> None:
        """Write a delivered file."""
        (self.raw / file).parent.mkdir(parents=True, exist_ok=True)
        (self.raw / file).write_text(content, encoding="utf-8")

    def run(self, *arguments: str) -> int:
        """One refresh; its exit code."""
        return refresh.main(["--raw", str(self.raw), "--home", str(self.home), *arguments])

    def _run_dbt(self, arguments: list[str]) -> Any:
        self.steps.append("build")
        self.dbt_arguments = arguments
        with duckdb.connect(str(self.home / "work" / "tiers.duckdb")) as connection:
            connection.execute(MARTS)
        return SimpleNamespace(result=SimpleNamespace(results=self.nodes), exception=self.exception)

    def _check(self, stage: str, home: Path, *, accept_change: bool) -> expectations.CheckReport:
        self.steps.append(f"{stage}{'!' if accept_change else ''}")
        assert (home / "landing" / "customers").is_dir()
        label = "FAIL" if stage == self.failing_check else "ok"
        lines = [f"{label}    {stage}_customers: 3 of 4", "warn  odd: 1 of 2"]
        failed = [] if label == "ok" else [expectations.FailedCheck("x", "critical", "why", "1 of 2", self.compares)]
        return expectations.CheckReport(ok=not failed, lines=lines, failed=failed)


def node(status: str, message: str | None = None, resource_type: str = "model") -> Any:
    """A result of dbt for one node."""
    of = SimpleNamespace(resource_type=resource_type, name="m", compiled_path=None)
    return SimpleNamespace(status=status, message=message, node=of)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("TIERS_HOME", "")
    return Bench(tmp_path, monkeypatch)


def test_a_refresh_lands_checks_builds_checks_and_publishes(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run() == 0
    assert bench.steps == ["raw", "build", "marts"]
    out, err = capsys.readouterr()
    steps = [line.split()[0] for line in out.split("\n\n")[0].splitlines() if line.endswith(" s)")]
    assert steps == ["land", "check", "build", "check", "publish"]
    assert "as of 2025-03-31: 2 customers graded, 1 excluded; tiers: high 1, low 1, none 1" in out
    assert "transactions               1,200       1,190           6           4" in out
    assert "rejected by rule: orphan_customer 4, rule_10 1" in out and "3 more rules" in out
    assert str(bench.home / "published" / "tiers.duckdb") in out
    assert "check   warn  odd: 1 of 2" in out and "ok    raw" not in out
    assert err == ""
    assert (bench.home / "published" / "tiers.duckdb").exists()


def test_progress_is_shown_while_files_are_read(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "PROGRESS_SECONDS", 0)
    bench.run()
    assert "land    2/2 transactions/t.csv: 1 rows" in capsys.readouterr().out


def test_dbt_builds_everything_but_unit_tests_at_the_review_date(bench: Bench) -> None:
    assert bench.run("--as-of", "2025-02-28") == 0
    arguments = bench.dbt_arguments
    assert arguments[arguments.index("--exclude-resource-type") + 1] == "unit_test"
    assert json.loads(arguments[arguments.index("--vars") + 1]) == {"as_of_date": "2025-02-28"}
    assert os.environ["TIERS_HOME"] == str(bench.home)
    bench.run()
    assert "--vars" not in bench.dbt_arguments


def test_a_difference_can_be_accepted(bench: Bench) -> None:
    bench.run("--accept-change")
    assert bench.steps == ["raw!", "build", "marts!"]


def test_the_work_file_is_made_anew_and_for_its_owner_only(bench: Bench) -> None:
    (bench.home / "work").mkdir(parents=True, mode=0o700)
    for name in ("tiers.duckdb", "tiers.duckdb.wal"):
        (bench.home / "work" / name).write_text("not a database")
    umask = os.umask(0o022)
    try:
        assert bench.run() == 0
    finally:
        os.umask(umask)
    modes = {
        name: stat.S_IMODE((bench.home / name).stat().st_mode)
        for name in ("work/tiers.duckdb", "landing", "published/tiers.duckdb", "published")
    }
    assert modes == {"work/tiers.duckdb": 0o600, "landing": 0o700, "published/tiers.duckdb": 0o644, "published": 0o755}


# Readers keep the previous publish


def broken_file(bench: Bench) -> None:
    bench.deliver("transactions/bad.csv", f'txn_id,customer_id,event_at,amount\n"{SECRET}" x\n')


def missing_table(bench: Bench) -> None:
    (bench.raw / "transactions" / "t.csv").unlink()


def misnamed_table(bench: Bench) -> None:
    (bench.raw / "transactions").rename(bench.raw / "transaction")


def failing_raw_check(bench: Bench) -> None:
    bench.failing_check = "raw"


def failing_mart_check(bench: Bench) -> None:
    bench.failing_check = "marts"


def failing_model(bench: Bench) -> None:
    message = f"Runtime Error in model m (m.sql)\n  Conversion Error: Could not convert string '{SECRET}' to INT32"
    bench.nodes = [node("success"), node("error", message), node("skipped")]


def failing_test(bench: Bench) -> None:
    bench.nodes = [node("success"), node("fail", "Got 3 results, configured to fail if != 0", "test")]


def failing_parse(bench: Bench) -> None:
    bench.nodes, bench.exception = [], RuntimeError("'nosuchmacro' is undefined")


def nothing_built(bench: Bench) -> None:
    bench.nodes = []


FAULTS = [
    (broken_file, "transactions/bad.csv line 2: broken_quotes"),
    (missing_table, "transactions: required_table_missing"),
    (misnamed_table, "note: transaction: not a table of the contract, ignored"),
    (failing_raw_check, "FAIL    raw_customers: 3 of 4"),
    (failing_mart_check, "FAIL    marts_customers: 3 of 4"),
    (failing_model, "model m: Conversion Error: Could not convert string ..."),
    (failing_test, "test m: Got 3 results, configured to fail if != 0"),
    (failing_parse, "dbt could not start\n  'nosuchmacro' is undefined"),
    (nothing_built, "dbt found nothing to build"),
]


@pytest.mark.parametrize(("fault", "told"), FAULTS)
def test_a_failed_step_leaves_the_previous_publish(
    bench: Bench, capsys: pytest.CaptureFixture[str], fault: Callable[[Bench], None], told: str
) -> None:
    assert bench.run() == 0
    published = (bench.home / "published").readlink()
    content = (bench.home / "published" / "tiers.duckdb").read_bytes()
    capsys.readouterr()
    fault(bench)
    assert bench.run() == 1
    out, err = capsys.readouterr()
    assert told in err and "nothing was published" in err
    assert SECRET not in out + err and "13800000000" not in out + err
    assert (bench.home / "published").readlink() == published
    assert (bench.home / "published" / "tiers.duckdb").read_bytes() == content


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        duckdb.ConstraintException(f'Constraint Error: duplicate key "{SECRET}"'),
        PublishError("the copied marts differ from those that were built"),
    ],
)
def test_an_error_while_publishing_is_told_in_one_line(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(refresh, "publish", fail)
    assert bench.run() == 1
    _, err = capsys.readouterr()
    log = bench.home / "logs" / "refresh.log"
    assert len(err.splitlines()) == 2 and str(log) in err
    assert SECRET not in err
    assert "Traceback" in log.read_text() and stat.S_IMODE(log.stat().st_mode) == 0o600
    assert not (bench.home / "published").exists()


def test_checks_that_cannot_run_fail(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise expectations.CannotRunError("marts/x.json is no valid suite")

    monkeypatch.setattr(expectations, "run", fail)
    assert bench.run() == 1
    assert "the raw checks could not run: marts/x.json is no valid suite" in capsys.readouterr().err


def test_a_failed_check_of_the_marts_says_what_was_rejected(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    failing_mart_check(bench)
    assert bench.run() == 1
    lines = capsys.readouterr().err.splitlines()
    first = lines.index("  rejected in this build:")
    assert lines[first + 1] == "    transactions orphan_customer: 4, first transactions/t.csv line 17"
    assert lines[first + 2] == "    transactions rule_10: 1, first transactions/t.csv line 10"
    work_file = bench.home / "work" / "tiers.duckdb"
    assert lines[first + 9] == f"    3 more rules; all rows are in {work_file}, marts.rejected_rows"
    failing_raw_check(bench)
    assert bench.run() == 1
    assert "rejected in this build" not in capsys.readouterr().err


def test_a_failed_check_of_marts_without_rejected_rows_names_none(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "MARTS", MARTS + "delete from marts.rejected_rows;")
    failing_mart_check(bench)
    assert bench.run() == 1
    assert "rejected" not in capsys.readouterr().err


def test_a_stop_by_a_comparison_names_its_way_out(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.failing_check, bench.compares = "marts", True
    assert bench.run() == 1
    assert ".venv/bin/python -m scripts.refresh --accept-change" in capsys.readouterr().err
    bench.compares = False
    assert bench.run() == 1
    assert "--accept-change" not in capsys.readouterr().err


# Wrong usage


@pytest.mark.parametrize("text", ["2025-02-30", "20250228", "yesterday", "2025-2-3"])
def test_a_wrong_date_is_wrong_usage(bench: Bench, capsys: pytest.CaptureFixture[str], text: str) -> None:
    with pytest.raises(SystemExit) as stop:
        bench.run("--as-of", text)
    assert stop.value.code == 2
    assert f"'{text}' is not" in capsys.readouterr().err
    assert not bench.home.exists()


def test_a_missing_raw_directory_is_wrong_usage(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("--raw", str(bench.raw / "nowhere")) == 2
    assert "nowhere: no such directory" in capsys.readouterr().err


def test_a_wrong_declaration_is_wrong_usage(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.deliver("sources.yml", "defaults: {encoding: utf8}")
    assert bench.run() == 2
    assert "sources.yml: defaults.encoding: 'utf8' is not one of" in capsys.readouterr().err
    assert bench.steps == []


@pytest.mark.parametrize("name", ["it's", "a*", "{x}"])
def test_a_home_that_sql_would_misread_is_wrong_usage(bench: Bench, name: str) -> None:
    assert bench.run("--home", str(bench.home / name)) == 2
    assert not bench.home.exists()


def test_a_home_that_is_a_file_is_wrong_usage(bench: Bench) -> None:
    assert bench.run("--home", str(bench.raw / "customers" / "c.csv")) == 2


# Lease


def test_a_second_refresh_gives_way(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    with refresh.lease(bench.home):
        assert bench.run() == 75
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1
    assert f"another refresh of {bench.home} is running (process {os.getpid()} since 20" in err
    assert bench.steps == [] and not (bench.home / "landing").exists()


def test_a_lock_file_left_behind_does_not_stop_a_refresh(bench: Bench) -> None:
    bench.home.mkdir()
    (bench.home / "refresh.lock").write_text("process 1 since 2020-01-01 00:00:00 UTC\n")
    assert bench.run() == 0
    assert bench.run() == 0
    assert (bench.home / "refresh.lock").read_text().count("\n") == 1


def test_another_home_is_another_lease(bench: Bench, tmp_path: Path) -> None:
    with refresh.lease(tmp_path / "other"):
        assert bench.run() == 0


# Messages


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "Conversion Error: Could not convert string 'O'Neil' to INT32",
            "Conversion Error: Could not convert string ...",
        ),
        ("Conversion Error: Could not convert 'two\nlines' to DATE", "Conversion Error: Could not convert ..."),
        ("Out of Range Error: Overflow (123 * 45.6)!", "Out of Range Error: Overflow (# * #.#)!"),
        ('Catalog Error: Table "stg_x1" does not exist!', 'Catalog Error: Table "stg_x1" does not exist!'),
        ("Runtime Error in test t\n  Binder Error: no column a1", "Binder Error: no column a1"),
        ("Got 13 results, configured to fail if != 0", "Got 13 results, configured to fail if != 0"),
        ("Got 1 result, configured to warn if >10", "Got 1 result, configured to warn if >10"),
        ("Got 13 results, configured to fail if != 0 in '13'", "Got # results, configured to fail if != # in ..."),
        ("", "no message"),
    ],
)
def test_messages_are_freed_of_values(message: str, told: str) -> None:
    assert refresh._without_values(message) == told


# dbt itself


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small dbt project beside the real one, built into the work file of the home like it."""
    return make_project(tmp_path_factory.mktemp("project"))


def make_project(directory: Path) -> Path:
    (directory / "models").mkdir()
    settings = "on-run-start: select 1\nflags: {send_anonymous_usage_stats: false}"
    (directory / "dbt_project.yml").write_text(f"name: small\nversion: '1.0'\nprofile: small\n{settings}\n")
    path = "{{ [env_var('TIERS_HOME'), 'work', 'tiers.duckdb'] | join('/') }}"
    (directory / "profiles.yml").write_text(
        f'small: {{target: dev, outputs: {{dev: {{type: duckdb, path: "{path}", threads: 2}}}}}}\n'
    )
    return directory


def build(project: Path, home: Path, monkeypatch: pytest.MonkeyPatch, model: str, tests: str = "[]") -> str:
    """Build the small project with one model and tests of its column x; what the step says."""
    monkeypatch.setattr(refresh, "PROJECT_DIR", project)
    monkeypatch.setenv("TIERS_HOME", "")
    (project / "models" / "m.sql").write_text("{{ config(materialized='table') }}\n" + model)
    columns = f"columns: [{{name: x, data_tests: {tests}}}]"
    (project / "models" / "m.yml").write_text(f"models: [{{name: m, {columns}}}]")
    return refresh._build(refresh.Settings(project, home, None))


def test_dbt_builds_quietly_and_lets_go_of_the_file(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert build(project, tmp_path, monkeypatch, "select 1 as x", "[not_null, unique]") == "3 models and tests"
    out, err = capfd.readouterr()
    assert out.splitlines()[-1] == "build   3/3 models and tests"
    assert all(line.startswith("build   ") for line in out.splitlines())
    assert err == ""
    with duckdb.connect(str(tmp_path / "work" / "tiers.duckdb")) as connection:
        assert connection.execute("from m").fetchall() == [(1,)]
    assert not (tmp_path / "work" / "tiers.duckdb.wal").exists()
    assert (tmp_path / "logs" / "dbt.log").exists()


@pytest.mark.parametrize(
    ("model", "tests", "told"),
    [
        (f"select cast(v as int) as x from (values ('{SECRET}')) t(v)", "[]", "model m: Conversion Error"),
        ("select nothing as x", "[]", "model m: Binder Error"),
        ("select null as x", "[not_null]", "test not_null_m_x: Got"),
        ("select {{ nosuchmacro() }} as x", "[]", "nosuchmacro"),
    ],
)
def test_a_dbt_build_that_fails_is_told_per_node(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    model: str,
    tests: str,
    told: str,
) -> None:
    with pytest.raises(refresh.StepFailedError) as error:
        build(project, tmp_path, monkeypatch, model, tests)
    lines = error.value.args
    assert any(told in line for line in lines) and "dbt.log" in lines[-1]
    out, err = capfd.readouterr()
    assert "王伟" not in "".join((*lines, out, err))


def test_a_project_without_nodes_is_a_failure(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(refresh.StepFailedError, match="nothing to build"):
        build(project, tmp_path, monkeypatch, "{{ config(enabled=false) }} select 1 as x")


@pytest.fixture
def policy_project(tmp_path: Path) -> Path:
    """A small dbt project with a policy seed: a column of digits, and one of at most ten letters."""
    (tmp_path / "policy").mkdir()
    directory = make_project(tmp_path / "policy")
    types = "{config: {column_types: {limit_value: 'decimal(18, 4)', rule: varchar}}}"
    (directory / "seeds").mkdir()
    (directory / "seeds" / "policy.yml").write_text(f"seeds: [{{name: policy_limits, {types[1:-1]}}}]")
    return directory


def test_an_error_of_the_policy_is_told_in_full(
    policy_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (policy_project / "seeds" / "policy_limits.csv").write_text("rule,limit_value\nSC_1,40\nSC_2,seventy 80\n")
    with pytest.raises(refresh.StepFailedError) as error:
        build(policy_project, tmp_path, monkeypatch, "select 1 as x")
    (line,) = (line for line in error.value.args if line.startswith("seed"))
    assert line.startswith("seed policy_limits: Conversion Error: CSV Error on Line: 3; Original Line: SC_2,seventy 80")
    assert 'converting column "limit_value". Could not convert string "seventy 80"' in line
    assert "\n" not in line and "delimiter" not in line


def test_a_failed_data_test_says_how_to_see_its_rows(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "my home"
    with pytest.raises(refresh.StepFailedError) as error:
        build(project, home, monkeypatch, f"from (values ('{SECRET}'), ('{SECRET}')) t(x)", "[unique]")
    _, told, rows, *_ = error.value.args
    assert told == "test unique_m_x: Got 1 result, configured to fail if != 0"
    assert rows.startswith("  rows: .venv/bin/python -c ") and str(home / "target" / "compiled") in rows
    command = [sys.executable, *shlex.split(rows.removeprefix("  rows: "))[1:]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert SECRET in done.stdout
    assert SECRET not in "".join(error.value.args)


def test_a_failed_test_of_the_policy_shows_some_rows(
    policy_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"SC_{n},-{n}\n" for n in range(1, 8))
    (policy_project / "seeds" / "policy_limits.csv").write_text("rule,limit_value\nSC_0,40\n" + rows)
    (policy_project / "tests").mkdir()
    query = "select limits.* from {{ ref('policy_limits') }} as limits %s where limit_value < 0 order by rule"
    (policy_project / "tests" / "limits_are_positive.sql").write_text(query % "")
    (policy_project / "tests" / "limits_beside_a_model.sql").write_text(query % "cross join {{ ref('m') }}")
    with pytest.raises(refresh.StepFailedError) as error:
        build(policy_project, tmp_path, monkeypatch, "select 1 as x")
    lines = error.value.args
    first = lines.index("test limits_are_positive: Got 7 results, configured to fail if != 0")
    shown = [f"  rule SC_{n}, limit_value -{n}.0000" for n in range(1, 6)]
    assert list(lines[first + 1 : first + 6]) == shown
    assert lines[first + 6].startswith("  rows: ")
    beside = lines.index("test limits_beside_a_model: Got 7 results, configured to fail if != 0")
    assert lines[beside + 1].startswith("  rows: ")


def test_a_check_of_the_policy_is_told_in_its_sentences(
    policy_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (policy_project / "seeds" / "policy_limits.csv").write_text("rule,limit_value\nSC_1,-1\nSC_2,-1\n")
    (policy_project / "tests" / "policy").mkdir(parents=True)
    query = "select 'SC_' || x || ' is below 0.' as problem from {{ ref('m') }} cross join {{ ref('policy_limits') }}"
    (policy_project / "tests" / "policy" / "limits_are_positive.sql").write_text(query)
    with pytest.raises(refresh.StepFailedError) as error:
        build(policy_project, tmp_path, monkeypatch, "select 1 as x")
    lines = error.value.args
    first = lines.index("test limits_are_positive: Got 2 results, configured to fail if != 0")
    assert lines[first + 1] == "  SC_1 is below 0." and lines[first + 2].startswith("  rows: ")


def test_a_hook_that_fails_stops_the_build(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.nodes = [node("error", "Catalog Error: no such function", "operation"), node("success")]
    assert bench.run() == 1
    assert "operation m: Catalog Error: no such function" in capsys.readouterr().err
