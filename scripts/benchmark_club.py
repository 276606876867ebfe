"""What points and cards take, beside recency, frequency and value of the same data: `python -m scripts.benchmark_club`.

Made-up deliveries are written once and kept; every step runs in a process of its own. Exit codes: 0 measured; 1 a step
failed; 2 wrong usage.
"""

import argparse
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.benchmark import Usage, in_new_process, machine_facts
from scripts.benchmark_clv import seconds_by_model, usage_of_command
from scripts.contract import PROJECT_DIR
from scripts.generate_sample import generate
from scripts.landing import land
from scripts.refresh import StepFailedError
from scripts.sample_data.scenario import Scenario

SIZES = (10_000, 100_000, 1_000_000)
RFM = ("+customer_rfm",)
CLUB = ("+marts.points", "+marts.cards")
NEXT_TO_NOTHING = "int_card_routes"
MOST_FOR_CLUB = 3.0
SLOWEST = 5
COUNTED = {
    "transactions": "intermediate.int_transactions_valued",
    "accounts": "marts.points_balances",
    "entries": "marts.points_ledger",
    "card periods": "marts.card_history",
}


@dataclass(frozen=True)
class Step:
    """What a run of dbt took, and the seconds of each model, two of them at a time."""

    usage: Usage
    seconds: dict[str, float]


@dataclass(frozen=True)
class Outcome:
    """What was measured at one size; `rows` counts what was read and made."""

    customers: int
    rows: dict[str, int]
    rfm: Step
    club: Step
    startup: Step


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parse(arguments)
    heading = machine_facts()
    os.environ |= {"TIERS_MEMORY": options.memory, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    directory = options.directory.resolve()
    try:
        outcomes = [measure(size, directory, options.review_count) for size in sorted(set(options.customers))]
    except StepFailedError as error:
        print("benchmark-club:", *error.args, sep="\n  ", file=sys.stderr)
        return 1
    settings = [f"- memory limit of the database: {options.memory}", f"- review_count: {options.review_count}"]
    text = markdown([*heading, *settings], outcomes)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.benchmark_club", description=__doc__.split("\n")[0])
    parser.add_argument("--customers", type=_size, nargs="+", default=SIZES, help="sizes (default: %(default)s)")
    parser.add_argument("--review-count", type=int, default=8, help="past quarter ends graded (default: %(default)s)")
    parser.add_argument("--memory", default="5GB", help="memory limit of the database (default: %(default)s)")
    parser.add_argument("--directory", type=Path, default=Path("warehouse/benchmark/club"), help="what is built")
    parser.add_argument("--report", type=Path, default=Path("benchmarks/club.md"), help="where the tables are written")
    return parser.parse_args(arguments)


def _size(text: str) -> int:
    number = int(text)
    if number < 1_000:
        raise argparse.ArgumentTypeError(f"expected at least 1000 customers, got {text}")
    return number


# Measure


def measure(size: int, directory: Path, review_count: int) -> Outcome:
    """Both sides on a sample of `size` customers below `directory`; raises what a step raises."""
    raw, home = directory / str(size) / "raw", directory / str(size) / "home"
    if not raw.exists():
        in_new_process(_write_sample, raw, size)
    shutil.rmtree(home, ignore_errors=True)
    in_new_process(_land, raw, home)
    (home / "work").mkdir()
    os.environ["TIERS_HOME"] = str(home)
    _dbt(home, review_count, "seed")
    rfm = _dbt(home, review_count, "run", "--select", *RFM)
    _say(size, "customer_rfm", rfm.usage)
    club = _dbt(home, review_count, "run", "--select", *CLUB, "--exclude", *RFM)
    _say(size, "points and cards", club.usage)
    startup = _dbt(home, review_count, "run", "--select", NEXT_TO_NOTHING)
    return Outcome(size, in_new_process(_row_counts, home), rfm, club, startup)


def _write_sample(raw: Path, customers: int) -> None:
    generate(Scenario(customers), raw, file_format="parquet")


def _land(raw: Path, home: Path) -> None:
    land(raw, home, lambda line: None)


def _dbt(home: Path, review_count: int, verb: str, *selection: str) -> Step:
    arguments = ["--quiet", "--log-level-file", "none", verb, *selection]
    arguments += ["--project-dir", PROJECT_DIR, "--profiles-dir", PROJECT_DIR]
    arguments += ["--target-path", home / "target", "--log-path", home / "logs"]
    arguments += ["--vars", json.dumps({"review_count": review_count})]
    usage, _ = usage_of_command([Path(sys.executable).parent / "dbt", *arguments])
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))
    return Step(usage, {name: seconds for name, seconds in seconds_by_model(results).items() if "on-run" not in name})


def _row_counts(home: Path) -> dict[str, int]:
    with duckdb.connect(str(home / "work" / "tiers.duckdb"), read_only=True) as connection:
        return {
            what: connection.execute(f"select count(*) from {table}").fetchone()[0] for what, table in COUNTED.items()
        }


def _say(size: int, side: str, usage: Usage) -> None:
    line = f"{size:,} customers: {side} {usage.wall:.1f} s, CPU {usage.cpu:.1f} s, {usage.peak:,.0f} MB"
    print(f"benchmark-club: {line}", file=sys.stderr, flush=True)


# Report


def markdown(heading: list[str], outcomes: list[Outcome]) -> str:
    """The measurements as Markdown: sizes, what each side took, their ratios, and where the time goes."""
    lines = [
        "# Points and cards",
        "",
        "Written by `make benchmark-club`. `customer_rfm` is all that this mart rests on, from the landed files on,",
        "built in a database that has the policy alone (`dbt run --select +customer_rfm`); `club` is what the marts of",
        "points and cards need beyond that, built beside it (`--select +marts.points +marts.cards --exclude",
        "+customer_rfm`). Tests are not run. Each is a process of its own; CPU seconds are those of all its threads,",
        f"memory is its peak. The aim is club / customer_rfm of at most {MOST_FOR_CLUB:g} at a million customers.",
        "",
        *heading,
        "",
        f"| customers | {' | '.join(COUNTED)} |",
        f"|---:|{'---:|' * len(COUNTED)}",
        *(
            f"| {outcome.customers:,} | {' | '.join(f'{outcome.rows[what]:,}' for what in COUNTED)} |"
            for outcome in outcomes
        ),
        "",
        "| customers | side | models | wall s | CPU s | peak MB |",
        "|---:|---|---:|---:|---:|---:|",
        *(line for outcome in outcomes for line in _usage_rows(outcome)),
        "",
        "| customers | club / customer_rfm, CPU | wall | CPU without dbt's start-up | wall | peak memory |",
        "|---:|---:|---:|---:|---:|---:|",
        *map(_ratio_row, outcomes),
        "",
        f"The {SLOWEST} slowest models of points and cards, seconds (two run at a time, each with all cores):",
        "",
        *(line for outcome in outcomes for line in _slowest_row(outcome)),
    ]
    return "\n".join(lines) + "\n"


def _usage_rows(outcome: Outcome) -> list[str]:
    sides = {"dbt's start-up alone": outcome.startup, "customer_rfm": outcome.rfm, "club": outcome.club}
    return [
        f"| {outcome.customers:,} | {side} | {len(step.seconds)} | {step.usage.wall:.1f} | {step.usage.cpu:.1f} "
        f"| {step.usage.peak:,.0f} |"
        for side, step in sides.items()
    ]


def _ratio_row(outcome: Outcome) -> str:
    club, rfm, startup = outcome.club.usage, outcome.rfm.usage, outcome.startup.usage
    ratios = (
        club.cpu / rfm.cpu,
        club.wall / rfm.wall,
        (club.cpu - startup.cpu) / max(rfm.cpu - startup.cpu, 0.01),
        (club.wall - startup.wall) / max(rfm.wall - startup.wall, 0.01),
        club.peak / rfm.peak,
    )
    return f"| {outcome.customers:,} | {' | '.join(f'{ratio:.1f}' for ratio in ratios)} |"


def _slowest_row(outcome: Outcome) -> list[str]:
    slowest = sorted(outcome.club.seconds.items(), key=lambda entry: -entry[1])[:SLOWEST]
    return [f"- {outcome.customers:,} customers: " + ", ".join(f"{model} {seconds:.1f}" for model, seconds in slowest)]


if __name__ == "__main__":
    sys.exit(main())
