"""Land, check, build, check, publish: from delivered files to the marts that readers see.

``python -m scripts.refresh --raw DIR --home DIR --as-of YYYY-MM-DD``

Exit codes: 0 published; 1 a check failed, readers keep the previous publish; 2 wrong usage or configuration;
75 another refresh of the same home is running.
"""

import argparse
import fcntl
import itertools
import json
import os
import re
import shlex
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from scripts.contract import PROJECT_DIR, ConfigurationError
from scripts.landing import LandingError, LandingReport, land
from scripts.publish import publish

EXIT_PUBLISHED, EXIT_FAILED, EXIT_USAGE, EXIT_LEASE_HELD = 0, 1, 2, 75
FAILED = ("error", "fail", "runtime error", "partial success")
ERRORS_WITHOUT_VALUES = ("Binder Error", "Catalog Error", "Parser Error", "Compilation Error", "Parsing Error")
TEST_COUNTS = re.compile(r"Got \d+ results?, configured to (fail|warn) if [^'\"]*")  # dbt's words about a data test
TIER_ORDER = ("high", "medium", "low", "potential", "none")
MOST_RULES = 8
MOST_POLICY_ROWS = 5
PROGRESS_SECONDS = 1.0


class StepFailedError(Exception):
    """A step that stops the refresh; each argument is a line for the reader, free of delivered values."""


class LeaseHeldError(Exception):
    """Another refresh of this home is running."""


@dataclass(frozen=True)
class Settings:
    """What to refresh: absolute directories, the review date (None: the last date with data), and whether a critical
    difference from the last publish is accepted."""

    raw: Path
    home: Path
    as_of: date | None
    accept_change: bool = False


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    settings = Settings(options.raw.resolve(), options.home.resolve(), options.as_of, options.accept_change)
    return exit_code("refresh", settings.home, lambda: refresh(settings))


def exit_code(program: str, home: Path, work: Callable[[], None]) -> int:
    """Do the work while holding the lease of the home; what went wrong is told in lines free of delivered values."""
    try:
        check_home(home)
        with lease(home):
            work()
    except LeaseHeldError as error:
        return _stop(program, EXIT_LEASE_HELD, str(error))
    except ConfigurationError as error:
        return _stop(program, EXIT_USAGE, str(error))
    except LandingError as error:
        findings = (*map(str, error.findings), *_notes(error.warnings))
        return _stop(program, EXIT_FAILED, "the delivery cannot land", *findings)
    except StepFailedError as error:
        return _stop(program, EXIT_FAILED, *error.args)
    except Exception as error:  # the message might quote delivered values: only the owner's log gets it
        log = _log_traceback(home)
        return _stop(program, EXIT_FAILED, f"{_without_values(f'{type(error).__name__}: {error}')}; see {log}")
    return EXIT_PUBLISHED


def refresh(settings: Settings) -> None:
    """Run all steps; raises what main() turns into exit codes. Until the last step readers see the previous publish."""
    with owner_only():
        timed("land", lambda: land_files(settings))
        timed("check", lambda: _check("raw", settings))
        timed("build", lambda: _build(settings))
        timed("check", lambda: _check("marts", settings))
    timed("publish", lambda: _publish(settings.home))
    say(*summary(settings.home))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.refresh", description=__doc__.splitlines()[0])
    parser.add_argument("--raw", type=Path, default=Path("data/raw"), help="delivered files (default: data/raw)")
    parser.add_argument("--home", type=Path, default=Path("warehouse"), help="what is built (default: warehouse)")
    parser.add_argument(
        "--as-of", type=read_date, metavar="YYYY-MM-DD", help="review date (default: the last date with data)"
    )
    parser.add_argument(
        "--accept-change", action="store_true", help="publish although the marts differ much from the last publish"
    )
    return parser


def read_date(text: str) -> date:
    """A date of the command line."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date") from None


def check_home(home: Path) -> None:
    """Raises ConfigurationError where a home cannot be used."""
    if home.exists() and not home.is_dir():
        raise ConfigurationError(f"{home}: not a directory")
    if re.search(r"[\"'*?\[\]{}\n]", str(home)):
        raise ConfigurationError(f"{home}: the path of the home must be free of quotes, brackets, braces, * and ?")


@contextmanager
def lease(home: Path) -> Iterator[None]:
    """Hold <home>/refresh.lock; raises LeaseHeldError at once when somebody else does. It ends with the process."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "refresh.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LeaseHeldError(f"another refresh of {home} is running ({file.read().strip()})") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield


@contextmanager
def owner_only() -> Iterator[None]:
    """Files and directories made here are for the owner alone: they hold personal data."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def timed(step: str, work: Callable[[], str]) -> None:
    """Do a step and say what it did and how long it took."""
    started = time.monotonic()
    text = work()
    say(f"{step:<8}{text} ({time.monotonic() - started:.1f} s)")


def say(*lines: str) -> None:
    """Lines for the operator, at once."""
    for line in lines:
        print(line, flush=True)


def _now_and_then(step: str) -> Callable[[str], None]:
    """Says a line, but not more than one in PROGRESS_SECONDS."""
    last = time.monotonic()

    def tell(line: str) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_SECONDS:
            last = time.monotonic()
            say(f"{step:<8}{line}")

    return tell


def _stop(program: str, code: int, *lines: str) -> int:
    print(f"{program}: {lines[0]}", *(f"  {line}" for line in lines[1:]), sep="\n", file=sys.stderr, flush=True)
    if code == EXIT_FAILED:
        print(f"{program}: nothing was published; a previous publish is as it was", file=sys.stderr, flush=True)
    return code


def _log_traceback(home: Path) -> Path:
    log = home / "logs" / "refresh.log"
    with owner_only():
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{traceback.format_exc()}\n")
    return log


def _without_values(message: str) -> str:
    """The line of an error that says what happened, without anything that may quote a delivered value."""
    lines = [line.strip() for line in message.splitlines() if line.strip()] or ["no message"]
    if TEST_COUNTS.fullmatch(lines[0]):
        return lines[0]
    line = next((line for line in lines if re.match(r"[\w ]+ Error: ", line)), " ".join(lines[:3]))
    if line.startswith(ERRORS_WITHOUT_VALUES):
        return line
    return re.sub(r"\d+", "#", re.sub(r"['\"].*", "...", line))


# Land


def land_files(settings: Settings) -> str:
    """Land the delivered files; what was landed, in words."""
    report = land(settings.raw, settings.home, _now_and_then("land"))
    say(*(f"land    {line}" for line in _notes(landing_notes(report))))
    total = {
        field: sum(getattr(table, field) for table in report.tables)
        for field in ("files", "parsed", "cached", "repeated", "delivered", "rejected")
    }
    return (
        f"{total['files']} files ({total['parsed']} read, {total['cached']} unchanged, {total['repeated']} repeated), "
        f"{total['delivered']:,} rows, {total['rejected']:,} lines set aside"
    )


def _notes(lines: list[str]) -> list[str]:
    return [f"note: {line}" for line in lines]


def landing_notes(report: LandingReport) -> list[str]:
    """What a reader should know about a landing beside its figures."""
    notes = list(report.warnings)
    if report.vanished:
        notes.append(f"no longer delivered: {', '.join(report.vanished)}")
    absent = [table.table for table in report.tables if not table.files]
    if absent:
        notes.append(f"not delivered, what depends on them is absent: {', '.join(absent)}")
    return notes


# Check


def _check(stage: Literal["raw", "marts"], settings: Settings) -> str:
    from scripts import expectations  # loads Great Expectations: seconds

    try:
        report = expectations.run(stage, settings.home, accept_change=settings.accept_change)
    except expectations.CannotRunError as error:
        raise StepFailedError(f"the {stage} checks could not run: {error}") from None
    if not report.ok:
        rejected = _rejected_lines(settings.home) if stage == "marts" else []
        raise StepFailedError(f"the {stage} checks failed", *report.lines, *rejected, *_way_out(report))
    say(*(f"check   {line}" for line in report.lines if not line.startswith("ok")))
    return f"{stage} passed"


def _rejected_lines(home: Path) -> list[str]:
    """What the build rejected, by table and rule: how many rows, where the first is, and where to look for all."""
    work = home / "work" / "tiers.duckdb"
    with duckdb.connect(str(work), read_only=True) as connection:
        rows = connection.execute(
            "select source_table, rule_id, count(*), first(file order by file, line), first(line order by file, line) "
            "from marts.rejected_rows group by source_table, rule_id order by count(*) desc, source_table, rule_id"
        ).fetchall()
    if not rows:
        return []
    lines = [
        f"  {table} {rule}: {count:,}, first {file} line {line}" for table, rule, count, file, line in rows[:MOST_RULES]
    ]
    more = f"{len(rows) - MOST_RULES} more rules; " if len(rows) > MOST_RULES else ""
    return ["rejected in this build:", *lines, f"  {more}all rows are in {work}, marts.rejected_rows"]


def _way_out(report: Any) -> list[str]:
    if not report.is_acceptable:
        return []
    command = ".venv/bin/python -m scripts.refresh --accept-change"
    return [f"if this change is meant: run the refresh again with --accept-change (instead of make build: {command})"]


# Build


def _build(settings: Settings) -> str:
    return build(settings.home, {"as_of_date": settings.as_of.isoformat()} if settings.as_of else {})


def build(home: Path, variables: dict[str, str], selection: Sequence[str] = ()) -> str:
    """Build the work file of a home anew, all of it or a selection; what was done, in words."""
    _remove_work_file(home)
    os.environ["TIERS_HOME"] = str(home)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    return judge(run_dbt(_build_arguments(home, variables, selection)), home)


def _remove_work_file(home: Path) -> None:
    work = home / "work"
    work.mkdir(parents=True, exist_ok=True)
    for name in ("tiers.duckdb", "tiers.duckdb.wal"):
        (work / name).unlink(missing_ok=True)


def _build_arguments(home: Path, variables: dict[str, str], selection: Sequence[str]) -> list[str]:
    arguments = [
        "--quiet",
        "--log-level",
        "none",
        "--log-level-file",
        "debug",
        "build",
        "--exclude-resource-type",
        "unit_test",
    ]
    arguments += ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
    arguments += ["--target-path", str(home / "target"), "--log-path", str(home / "logs")]
    if variables:
        arguments += ["--vars", json.dumps(variables)]
    return [*arguments, *selection]


def run_dbt(arguments: list[str]) -> Any:
    """Run dbt in this process and release the database file; returns dbt's dbtRunnerResult."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner  # takes seconds to load

    try:
        return dbtRunner(callbacks=[_BuildProgress()]).invoke(arguments)
    finally:
        if DuckDBConnectionManager._ENV is not None:
            DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()


class _BuildProgress:
    """Turns dbt's events, which come from several threads, into a line for every tenth of the work."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self.lock = threading.Lock()

    def __call__(self, event: Any) -> None:
        if event.info.name == "LogStartLine":
            self.total = event.data.total
        if event.info.name == "NodeFinished" and self.total:
            with self.lock:
                self.done += 1
                if self.done * 10 // self.total > (self.done - 1) * 10 // self.total:
                    say(f"build   {self.done}/{self.total} models and tests")


def judge(result: Any, home: Path) -> str:
    """What a dbt build did, in words; raises StepFailedError unless it did something and all of it went well."""
    nodes = list(getattr(result.result, "results", None) or [])
    built = [node for node in nodes if node.node.resource_type != "operation"]  # the others are hooks
    failed = [node for node in nodes if node.status in FAILED]
    if result.exception and not nodes:  # nothing has run, so nothing of the data can be in the message
        raise StepFailedError("dbt could not start", *str(result.exception).splitlines()[:5], _dbt_log(home))
    if result.exception or failed:
        lines = [line for node in failed for line in _node_lines(node, home)] or [
            _without_values(str(result.exception))
        ]
        skipped = sum(node.status == "skipped" for node in nodes)
        if skipped:
            lines.append(f"{skipped} models and tests that depend on them were skipped")
        raise StepFailedError("the build failed", *lines, _dbt_log(home))
    if not built:
        raise StepFailedError("dbt found nothing to build", _dbt_log(home))
    warned = [line for node in nodes if node.status == "warn" for line in _node_lines(node, home)]
    say(*(f"build   warning: {line}" for line in warned))
    return f"{len(built)} models and tests"


def _node_lines(node: Any, home: Path) -> list[str]:
    """What became of a node; below a data test what it says of the policy, and how to see all rows it found."""
    message = node.message or str(node.status)
    is_policy = node.node.resource_type == "seed" and node.node.name.startswith("policy_")
    told = _error_of_policy(message) if is_policy else _without_values(message)
    lines = [f"{node.node.resource_type} {node.node.name}: {told}"]
    if node.node.resource_type == "test" and node.status in ("fail", "warn") and node.node.compiled_path:
        lines += [f"  {row}" for row in _policy_rows(node.node, home)]
        lines.append(f"  rows: {_command_for_rows(Path(node.node.compiled_path), home)}")
    return lines


def _error_of_policy(message: str) -> str:
    """The first paragraph of an error in a seed of the policy, which holds nothing that was delivered."""
    lines = [line.strip() for line in message.strip().splitlines()]
    lines = lines[next((place for place, line in enumerate(lines) if re.match(r"[\w ]+ Error: ", line)), 0) :]
    return "; ".join(itertools.takewhile(bool, lines)) or "no message"


def _policy_rows(test: Any, home: Path) -> list[str]:
    """Some of what a data test of the policy found: its sentences (column `problem`), or rows where it reads only seeds
    of the policy. Of any other test none: its rows were delivered."""
    is_of_policy = test.original_file_path.startswith(("tests/policy/", "seeds/policy/"))
    reads_only_policy = all(re.match(r"seed\.\w+\.policy_", name) for name in test.depends_on.nodes or ["nothing"])
    if not (is_of_policy or reads_only_policy):
        return []
    with duckdb.connect(str(home / "work" / "tiers.duckdb"), read_only=True) as connection:
        found = connection.execute(test.compiled_code)
        columns = [column for column, *_ in found.description]
        if columns == ["problem"]:
            return sorted({problem for (problem,) in found.fetchall()})[:MOST_POLICY_ROWS]
        rows = found.fetchmany(MOST_POLICY_ROWS) if reads_only_policy else []
    return [
        ", ".join(f"{column} {'null' if value is None else value}" for column, value in zip(columns, row, strict=True))
        for row in rows
    ]


def _command_for_rows(query: Path, home: Path) -> str:
    """A command that runs the query of a data test against the work file."""
    work, query_text = (json.dumps(str(path), ensure_ascii=False) for path in (home / "work" / "tiers.duckdb", query))
    opened = f"duckdb.connect({work}, read_only=True)"
    return f".venv/bin/python -c {shlex.quote(f'import duckdb; {opened}.sql(open({query_text}).read()).show()')}"


def _dbt_log(home: Path) -> str:
    return f"the full log is {home / 'logs' / 'dbt.log'}"


# Publish


def _publish(home: Path) -> str:
    publication = publish(home / "work" / "tiers.duckdb", home)
    return f"{len(publication.row_counts)} marts as {publication.publish_id}"


def summary(home: Path) -> list[str]:
    """What was published, for people: date, rows by table and by broken rule, customers by tier, and where to look."""
    published = home / "published"
    with duckdb.connect(str(published / "tiers.duckdb"), read_only=True) as connection:
        return [
            "",
            *_clock_lines(connection),
            *_row_lines(connection),
            *_rule_lines(connection),
            "",
            f"marts: {published / 'tiers.duckdb'} (schema marts)",
            f"       {published / 'parquet'}/<mart>.parquet",
        ]


def _clock_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    (as_of_date,) = connection.execute("select max(as_of_date) from marts.review_dates where is_current").fetchone()
    counts = "select coalesce(value_tier, 'none'), count(*) from marts.customer_tiers group by 1"
    tiers = dict(connection.execute(counts).fetchall())
    mix = ", ".join(f"{tier} {tiers[tier]:,}" for tier in TIER_ORDER if tier in tiers)
    excluded = "select count(*) from marts.customer_tiers where exclusion_reason is not null"
    (not_graded,) = connection.execute(excluded).fetchone()
    graded = sum(tiers.values()) - not_graded
    return [f"as of {as_of_date}: {graded:,} customers graded, {not_graded:,} excluded; tiers: {mix}"]


def _row_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select source_table, sum(delivered_row_count), sum(accepted_row_count), sum(rejected_row_count), "
        "sum(duplicate_row_count) from marts.load_reconciliation group by source_table order by source_table"
    ).fetchall()
    header = f"{'rows':<20}{'delivered':>12}{'accepted':>12}{'rejected':>12}{'duplicate':>12}"
    return [header] + [f"{table:<20}" + "".join(f"{count:>12,}" for count in counts) for table, *counts in rows]


def _rule_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select rule_id, count(*) from marts.rejected_rows group by rule_id order by count(*) desc, rule_id"
    ).fetchall()
    if not rows:
        return []
    named = ", ".join(f"{rule} {count:,}" for rule, count in rows[:MOST_RULES])
    more = f", {len(rows) - MOST_RULES} more rules" if len(rows) > MOST_RULES else ""
    return [f"rejected by rule: {named}{more} (see marts.rejected_rows)"]


if __name__ == "__main__":
    sys.exit(main())
