"""What lifetime value takes for many customers, beside `lifetimes` on the same ones: `python -m scripts.benchmark_clv`.

The customers are made up; every step runs in a process of its own. Exit codes: 0 measured; 1 a step failed, or the two
sides differ; 2 wrong usage.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from scripts.benchmark import MAXRSS_PER_MB, DifferentFiguresError, Usage, in_new_process, machine_facts
from scripts.contract import PROJECT_DIR
from scripts.refresh import StepFailedError
from scripts.simulated_buyers import Buyers, Truth, build_around_a_sale, database, dbt_arguments, replace_purchases

SIZES = (1_000_000, 10_000_000)
MOST_FOR_LIFETIMES = 1_000_000
AS_OF = date(2025, 12, 31)
DAYS_OF_HISTORY = 730
TRUTH = Truth(r=0.24, alpha=31, a=0.79, b=2.43, p=6.25, q=3.74, v=15.4)
MODELS = (
    "int_clv_purchase_cells",
    "int_clv_spend_cells",
    "int_clv_purchase_fits",
    "int_clv_spend_fits",
    "int_clv_fits_judged",
    "int_clv_line_parameters",
    "int_clv_pairs",
    "int_clv_pair_expectations",
    "int_clv_repeat_scores",
)
NEXT_TO_NOTHING = "int_clv_lines_in_force"
LIFETIMES_SCRIPT = PROJECT_DIR / "benchmarks" / "lifetimes_baseline.py"
LIFETIMES_PACKAGES = PROJECT_DIR / "requirements" / "lifetimes.txt"
SAME_PARAMETER, SAME_TOTAL = 1e-3, 1e-3


@dataclass(frozen=True)
class Comparison:
    """How far the two sides are apart: relative differences of parameters and of totals over all customers."""

    parameters: dict[str, float]
    totals: dict[str, float]

    @property
    def is_close(self) -> bool:
        """Whether both sides did the same work."""
        limits = ((self.parameters, SAME_PARAMETER), (self.totals, SAME_TOTAL))
        return all(difference < limit for part, limit in limits for difference in part.values())


@dataclass(frozen=True)
class Outcome:
    """What was measured at one size; `seconds` has what each model took, two of them at a time."""

    customers: int
    ours: Usage
    seconds: dict[str, float]
    lifetimes: Usage | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Report:
    """All that goes into the report."""

    heading: list[str]
    memory_limit: str
    startup: Usage
    outcomes: list[Outcome]
    versions: dict[str, str] = field(default_factory=dict)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parse(arguments)
    heading = machine_facts()
    try:
        report = measure(options, heading)
    except (StepFailedError, DifferentFiguresError) as error:
        print("benchmark-clv:", *error.args, sep="\n  ", file=sys.stderr)
        return 1
    text = markdown(report)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.benchmark_clv", description=__doc__.split("\n")[0])
    parser.add_argument("--customers", type=_size, nargs="+", default=SIZES, help="sizes (default: %(default)s)")
    parser.add_argument(
        "--lifetimes-up-to", type=int, default=MOST_FOR_LIFETIMES, help="larger sizes without it (default: %(default)s)"
    )
    parser.add_argument("--memory", default="1200MB", help="memory limit of the database (default: %(default)s)")
    parser.add_argument("--directory", type=Path, default=Path("warehouse/benchmark"), help="what is built")
    parser.add_argument("--report", type=Path, default=Path("benchmarks/clv.md"), help="where the tables are written")
    return parser.parse_args(arguments)


def _size(text: str) -> int:
    number = int(text)
    if number < 1_000:
        raise argparse.ArgumentTypeError(f"expected at least 1000 customers, got {text}")
    return number


# Measure


def measure(options: argparse.Namespace, heading: list[str]) -> Report:
    """Every size; raises what a step raises, and DifferentFiguresError when the two sides differ."""
    directory = options.directory.resolve()
    sizes = sorted(set(options.customers))
    os.environ |= {"TIERS_MEMORY": options.memory, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    python = directory / "lifetimes" / "bin" / "python"
    if sizes[0] <= options.lifetimes_up_to:
        _make_environment(python)
    shutil.rmtree(directory / "clv", ignore_errors=True)
    home = in_new_process(build_around_a_sale, directory / "clv", AS_OF)
    startup, _ = _run_ours(home, (NEXT_TO_NOTHING,))
    outcomes, versions = [], {}
    for size in sizes:
        in_new_process(_write_customers, home, size)
        ours, seconds = _run_ours(home, MODELS)
        _say(size, "ours", ours)
        lifetimes = comparison = None
        if size <= options.lifetimes_up_to:
            lifetimes, said = _run_lifetimes(python, home)
            _say(size, "lifetimes", lifetimes)
            comparison = in_new_process(compare, home, said["parameters"])
            versions = said["versions"]
            if not comparison.is_close:
                raise DifferentFiguresError(f"ours and lifetimes differ: {comparison}")
        outcomes.append(Outcome(size, ours, seconds, lifetimes, comparison))
    return Report(heading, options.memory, startup, outcomes, versions)


def _make_environment(python: Path) -> None:
    """An environment of its own for lifetimes, made again when its packages are others."""
    installed = python.parent.parent / "installed.txt"
    wanted = LIFETIMES_PACKAGES.read_text(encoding="utf-8")
    if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return
    venv.create(python.parent.parent, clear=True, with_pip=True)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", LIFETIMES_PACKAGES]
    if subprocess.run(command, check=False).returncode != 0:
        raise StepFailedError(f"{LIFETIMES_PACKAGES.name} could not be installed below {python.parent.parent}")
    installed.write_text(wanted, encoding="utf-8")


def _write_customers(home: Path, size: int) -> None:
    """The customers as the table the models read, and as the file that lifetimes reads."""
    with database(home) as connection:
        replace_purchases(connection, [Buyers(size, TRUTH, AS_OF, DAYS_OF_HISTORY)])
        connection.execute(f"""
            copy (
                select
                    customer_key,
                    cast(repeat_purchases as double) as frequency,
                    cast(recency_days as double) as recency,
                    cast(age_days as double) as "T",
                    coalesce(cast(repeat_contribution as double) / nullif(repeat_purchases, 0), 0) as monetary_value
                from intermediate.int_clv_purchases
            ) to '{home / "customers.parquet"}'
        """)


def _run_ours(home: Path, models: tuple[str, ...]) -> tuple[Usage, dict[str, float]]:
    """`dbt run` of some models; what it took, and the seconds of each model."""
    dbt = Path(sys.executable).parent / "dbt"
    usage, _ = usage_of_command([dbt, *dbt_arguments(home, AS_OF, "run", list(models))])
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))
    return usage, seconds_by_model(results)


def _run_lifetimes(python: Path, home: Path) -> tuple[Usage, dict[str, Any]]:
    command = [python, LIFETIMES_SCRIPT, home / "customers.parquet", home / "lifetimes.parquet"]
    usage, output = usage_of_command(command)
    return usage, json.loads(output)


def usage_of_command(command: list[Any]) -> tuple[Usage, str]:
    """Run a command; what it took, and what it printed. Raises StepFailedError when it fails."""
    started = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise StepFailedError(f"{Path(command[0]).name} failed", *output.splitlines())
    return Usage(time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / MAXRSS_PER_MB), output


def seconds_by_model(results: dict[str, Any]) -> dict[str, float]:
    """What each model took, from dbt's run_results.json."""
    return {entry["unique_id"].split(".")[-1]: entry["execution_time"] for entry in results["results"]}


def compare(home: Path, theirs: dict[str, float]) -> Comparison:
    """Our parameters and totals beside those of lifetimes."""
    totals = ("clv_12m", "clv_36m", "purchases_30d", "purchases_90d", "purchases_365d", "p_alive")
    with database(home) as connection:
        ours = connection.execute(
            f"select {', '.join(f'max({name})' for name in theirs)} from intermediate.int_clv_fits_judged "
            "where model in ('bg_nbd', 'gamma_gamma')"
        ).fetchone()
        both = connection.execute(
            f"select {', '.join(f'sum(ours.{name}), sum(theirs.{name})' for name in totals)} "
            f"from intermediate.int_clv_repeat_scores as ours "
            f"full join read_parquet('{home / 'lifetimes.parquet'}') as theirs using (customer_key)"
        ).fetchone()
    return Comparison(
        {name: _difference(value, theirs[name]) for name, value in zip(theirs, ours, strict=True)},
        {name: _difference(*both[2 * place : 2 * place + 2]) for place, name in enumerate(totals)},
    )


def _difference(ours: float, theirs: float) -> float:
    return abs(ours / theirs - 1)


def _say(size: int, side: str, usage: Usage) -> None:
    line = f"{size:,} customers: {side} {usage.wall:.1f} s, CPU {usage.cpu:.1f} s, {usage.peak:,.0f} MB"
    print(f"benchmark-clv: {line}", file=sys.stderr, flush=True)


# Report


def markdown(report: Report) -> str:
    """The measurements as Markdown: what each side took, their ratio, how far they are apart, and where time goes."""
    versions = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    lines = [
        "# Lifetime value of many customers",
        "",
        "Written by `make benchmark-clv`. Both sides fit BG/NBD and Gamma-Gamma to the same made-up customers of one",
        "line on one review date, and write what each customer is expected to buy (30, 90, 365 days) and to bring (12",
        "and 36 months, discounted), and whether they are still there. `ours` is `dbt run` from the table of purchases",
        "to the table of scores, which fits MBG/NBD as well; `lifetimes` reads and writes a Parquet file. Each is a",
        "process of its own; CPU seconds are those of all its threads, memory is its peak.",
        "",
        *report.heading,
        f"- memory limit of the database: {report.memory_limit}",
        *([f"- beside it: {versions}"] if versions else []),
        "",
        *_usage_table(report),
        "",
        *_ratio_table(report),
        *_comparison_table(report.outcomes),
        "",
        *_model_table(report.outcomes),
    ]
    return "\n".join(lines) + "\n"


def _usage_table(report: Report) -> list[str]:
    lines = ["| customers | side | wall s | CPU s | peak MB | customers / CPU s |", "|---:|---|---:|---:|---:|---:|"]
    lines.append(_usage_row("", "dbt's start-up alone", report.startup) + " |")
    for outcome in report.outcomes:
        for side, usage in (("ours", outcome.ours), ("lifetimes", outcome.lifetimes)):
            if usage:
                speed = f"{outcome.customers / usage.cpu:,.0f}"
                lines.append(_usage_row(f"{outcome.customers:,}", side, usage) + f" {speed} |")
    return lines


def _usage_row(customers: str, side: str, usage: Usage) -> str:
    return f"| {customers} | {side} | {usage.wall:.1f} | {usage.cpu:.1f} | {usage.peak:,.0f} |"


def _ratio_table(report: Report) -> list[str]:
    lines = [
        "| customers | lifetimes / ours, CPU | without dbt's start-up | wall | peak memory |",
        "|---:|---:|---:|---:|---:|",
    ]
    for outcome in report.outcomes:
        theirs, ours = outcome.lifetimes, outcome.ours
        if theirs:
            models = max(ours.cpu - report.startup.cpu, 0.01)
            lines.append(
                f"| {outcome.customers:,} | {theirs.cpu / ours.cpu:.1f} | {theirs.cpu / models:.1f} "
                f"| {theirs.wall / ours.wall:.1f} | {theirs.peak / ours.peak:.1f} |"
            )
    return lines if len(lines) > 2 else []


def _comparison_table(outcomes: list[Outcome]) -> list[str]:
    lines = []
    for outcome in outcomes:
        if outcome.comparison:
            parts = {"parameter": outcome.comparison.parameters, "total": outcome.comparison.totals}
            lines += ["", f"Relative differences at {outcome.customers:,} customers:", ""]
            lines += ["| figure | of what | difference |", "|---|---|---:|"]
            lines += [
                f"| {name} | {what} | {value:.0e} |" for what, part in parts.items() for name, value in part.items()
            ]
    return lines


def _model_table(outcomes: list[Outcome]) -> list[str]:
    sizes = [f"{outcome.customers:,}" for outcome in outcomes]
    rows = [[model, *(f"{outcome.seconds[model]:.1f}" for outcome in outcomes)] for model in MODELS]
    return [
        "Seconds by model (two run at a time, each with all cores):",
        "",
        f"| model | {' | '.join(sizes)} |",
        f"|---|{'---:|' * len(sizes)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


if __name__ == "__main__":
    sys.exit(main())
