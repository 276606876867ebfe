"""What landing, build and publish take, beside one query for the figures alone: `python -m scripts.benchmark`.

Made-up deliveries of several sizes are written once and kept; every step runs in a process of its own. Exit codes:
0 measured; 1 a step failed, or the query and the marts differ; 2 wrong usage.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import duckdb

from scripts.contract import PROJECT_DIR
from scripts.generate_sample import generate
from scripts.landing import land
from scripts.publish import publish
from scripts.refresh import StepFailedError, judge, run_dbt
from scripts.sample_data.scenario import Scenario

SIZES = (100_000, 1_000_000, 10_000_000)
REVIEW_COUNTS = (8, 0)
TRANSACTIONS_PER_CUSTOMER = 12.7
FLOOR_FILE = PROJECT_DIR / "benchmarks" / "floor.sql"
MAXRSS_PER_MB = 2**20 if sys.platform == "darwin" else 2**10
GIGABYTE = 2**30

Connection = duckdb.DuckDBPyConnection
Result = TypeVar("Result")


class DifferentFiguresError(Exception):
    """The floor query does not give the figures of the marts: its times mean nothing."""


@dataclass(frozen=True)
class Usage:
    """What a step took: wall-clock and CPU seconds, and the peak memory of its largest process in MB."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Measurement:
    """One step at one size; `review_count` is None for steps that do not depend on it."""

    transactions: int
    step: str
    review_count: int | None
    usage: Usage


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parse(arguments)
    heading = machine_facts()
    measurements: list[Measurement] = []
    try:
        for size in sorted(set(options.transactions)):
            measurements += measure_size(size, options.review_counts, options.directory.resolve())
    except (StepFailedError, DifferentFiguresError) as error:
        print("benchmark:", *error.args, sep="\n  ", file=sys.stderr)
        return 1
    text = report(heading, measurements)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.benchmark", description=__doc__.split("\n")[0])
    parser.add_argument("--transactions", type=_size, nargs="+", default=SIZES, help="sizes (default: %(default)s)")
    parser.add_argument("--review-counts", type=int, nargs="+", default=REVIEW_COUNTS, help="default: %(default)s")
    parser.add_argument("--directory", type=Path, default=Path("warehouse/benchmark"), help="samples and what is built")
    parser.add_argument("--report", type=Path, default=Path("benchmarks/latest.md"), help="where the table is written")
    return parser.parse_args(arguments)


def _size(text: str) -> int:
    number = int(text)
    if number < 1_000:
        raise argparse.ArgumentTypeError(f"expected at least 1000 transactions, got {text}")
    return number


# Measure


def measure_size(size: int, review_counts: Iterable[int], directory: Path) -> list[Measurement]:
    """All steps on a sample of about `size` transactions below `directory`; raises what a step raises.

    `review_counts`: how many past quarter ends are graded beside the as-of date, one build for each.
    """
    raw, home = directory / str(size) / "raw", directory / str(size) / "home"
    if not raw.exists():
        in_new_process(_write_sample, raw, round(size / TRANSACTIONS_PER_CUSTOMER))
    shutil.rmtree(home, ignore_errors=True)
    transactions = _transaction_count(raw)
    measurements = []

    def measured(step: str, review_count: int | None, work: Callable[..., Usage], *arguments: object) -> None:
        usage = in_new_process(work, *arguments)
        measurements.append(Measurement(transactions, step, review_count, usage))
        _say(f"{transactions:,} transactions: {step} {usage.wall:.1f} s, CPU {usage.cpu:.1f} s, {usage.peak:,.0f} MB")

    measured("landing", None, _land, raw, home)
    for review_count in review_counts:
        measured("build", review_count, _build, home, review_count)
        measured("publish", review_count, _publish, home)
        measured("floor", review_count, _floor, home)
    return measurements


def in_new_process(work: Callable[..., Result], *arguments: object) -> Result:
    """Peak memory is kept by process and never falls: every step gets its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as executor:
        return executor.submit(work, *arguments).result()


def _usage_of(work: Callable[[], object]) -> Usage:
    started, cpu_before = time.monotonic(), _cpu_seconds()
    work()
    wall, cpu = time.monotonic() - started, _cpu_seconds() - cpu_before
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Usage(wall, cpu, peak / MAXRSS_PER_MB)


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _write_sample(raw: Path, customers: int) -> None:
    _say(f"writing {raw}")
    generate(Scenario(customers), raw, file_format="parquet")


def _transaction_count(raw: Path) -> int:
    with duckdb.connect() as connection:
        path = str(raw / "transactions" / "*.parquet")
        return connection.execute("select count(*) from read_parquet(?)", [path]).fetchone()[0]


def _land(raw: Path, home: Path) -> Usage:
    return _usage_of(lambda: land(raw, home, lambda line: None))


def _build(home: Path, review_count: int) -> Usage:
    """Seeds and models as `refresh` builds them, parsing included; no tests."""
    work_file = home / "work" / "tiers.duckdb"
    work_file.parent.mkdir(exist_ok=True)
    work_file.unlink(missing_ok=True)
    os.environ |= {"TIERS_HOME": str(home), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    arguments = ["--quiet", "--log-level", "none", "build", "--exclude-resource-type", "test", "unit_test"]
    arguments += ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
    arguments += ["--target-path", str(home / "target" / str(review_count)), "--log-path", str(home / "logs")]
    arguments += ["--vars", json.dumps({"review_count": review_count})]
    with redirect_stdout(sys.stderr):
        return _usage_of(lambda: judge(run_dbt(arguments), home))


def _publish(home: Path) -> Usage:
    return _usage_of(lambda: publish(home / "work" / "tiers.duckdb", home))


def _floor(home: Path) -> Usage:
    with duckdb.connect() as connection:
        usage = _usage_of(lambda: run_floor(connection, home))
        differences = different_rows(connection)
    if differences:
        raise DifferentFiguresError(f"{FLOOR_FILE.name} and the marts differ in {differences:,} rows")
    return usage


def run_floor(connection: Connection, home: Path) -> None:
    """Make the table `floor` from what has landed below `home`, for the review dates built there."""
    connection.execute("set enable_progress_bar = false; set preserve_insertion_order = false; set TimeZone = 'UTC'")
    connection.execute(f"attach '{home / 'work' / 'tiers.duckdb'}' as built (read_only)")
    connection.execute(f"set variable landing = '{home / 'landing'}'")
    connection.execute(f"set variable policy = '{PROJECT_DIR / 'seeds' / 'policy'}'")
    connection.execute("set variable review_dates = (select list(as_of_date) from built.marts.review_dates)")
    connection.execute(f"create temp table floor as {FLOOR_FILE.read_text(encoding='utf-8')}")


def different_rows(connection: Connection) -> int:
    """The number of rows in which the table `floor` and the built marts differ: in r_days, in f_value, or in m_value by
    more than 0.01; or that only one of them has."""
    return connection.execute("""
        with marts as (
            select as_of_date, customer_id, lob, r_days, f_value, m_value from built.marts.customer_rfm_lines_history
            union all
            select as_of_date, customer_id, 'group', r_days, f_value, m_value from built.marts.customer_rfm_history
            where r_days is not null
        )
        select count(*)
        from floor
        full join marts using (as_of_date, customer_id, lob)
        where
            floor.r_days is distinct from marts.r_days
            or abs(floor.f_value - marts.f_value) > 0.000001
            or abs(floor.m_value - marts.m_value) > 0.010001
    """).fetchone()[0]


# Report


def report(heading: list[str], measurements: list[Measurement]) -> str:
    """The measurements as Markdown: a table of all steps, and what the build takes in terms of the floor."""
    lines = [
        "# Benchmark",
        "",
        "Written by `make benchmark`. `build` is all that dbt computes and stores: seeds and models, parsing included,",
        "no tests. `floor` is one hand-written query that computes only recency, frequency and value (floor.sql).",
        "CPU seconds hardly depend on what else the machine does; wall-clock seconds do. Memory is the peak of the",
        "largest process of a step.",
        "",
        *heading,
        "",
        "| transactions | step | review_count | wall s | CPU s | peak MB | rows / s |",
        "|---:|---|---:|---:|---:|---:|---:|",
        *(_row(measurement) for measurement in measurements),
        "",
        "| transactions | review_count | build / floor, CPU | build / floor, wall |",
        "|---:|---:|---:|---:|",
        *_ratios(measurements),
    ]
    return "\n".join(lines) + "\n"


def _row(measurement: Measurement) -> str:
    usage = measurement.usage
    reviews = "" if measurement.review_count is None else str(measurement.review_count)
    return (
        f"| {measurement.transactions:,} | {measurement.step} | {reviews} | {usage.wall:.1f} | {usage.cpu:.1f} "
        f"| {usage.peak:,.0f} | {measurement.transactions / usage.wall:,.0f} |"
    )


def _ratios(measurements: list[Measurement]) -> list[str]:
    usages = {(entry.transactions, entry.review_count, entry.step): entry.usage for entry in measurements}
    lines = []
    for (transactions, review_count, step), build in usages.items():
        if step == "build":
            floor = usages[transactions, review_count, "floor"]
            cpu, wall = build.cpu / floor.cpu, build.wall / floor.wall
            lines.append(f"| {transactions:,} | {review_count} | {cpu:.1f} | {wall:.1f} |")
    return lines


def machine_facts() -> list[str]:
    """Lines that say where and with what a benchmark was run."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIGABYTE
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "dbt-core", "dbt-duckdb"))
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return [
        f"- machine: {os.cpu_count()} cores, {memory:.0f} GB memory, {platform.system()} {platform.machine()}",
        f"- load average at the start (1, 5, 15 minutes): {load}",
        f"- versions: Python {platform.python_version()}, {versions}",
    ]


def _say(line: str) -> None:
    print(f"benchmark: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
