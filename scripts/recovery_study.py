"""How often the truth lies within the standard errors of what is fitted to it: `python -m scripts.recovery_study`.

Many true parameters are drawn, customers are made up by each, and all of them are fitted in one build: every draw has a
review date of its own. Exit codes: 0 studied; 1 a step failed; 2 wrong usage.
"""

import argparse
import itertools
import math
import shutil
import statistics
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from scripts.refresh import StepFailedError
from scripts.simulated_buyers import Buyers, Truth, build_around_a_sale, database, replace_purchases, run_models

DRAWS, CUSTOMERS, SEED = 200, 4_000, 20_250_101
RANGES = {
    "r": (0.25, 2.0),
    "alpha": (15.0, 150.0),
    "a": (0.3, 3.0),
    "b": (1.0, 10.0),
    "p": (1.5, 12.0),
    "q": (2.0, 8.0),
    "v": (10.0, 200.0),
}
MODELS = {"bg_nbd": ("r", "alpha", "a", "b"), "gamma_gamma": ("p", "q", "v")}
WITHIN = 1.96
CLOCKS = (1, 100)
INTERVALS = (0, 30, 90, 180, math.inf)
DAYS_OF_HISTORY, DAYS_AT_LEAST = 730, 30
FIRST_DATE, BUILT_FOR = date(2020, 1, 1), date(2025, 12, 31)
FITS = (
    "int_clv_purchase_cells",
    "int_clv_spend_cells",
    "int_clv_purchase_fits",
    "int_clv_spend_fits",
    "int_clv_fits_judged",
)


@dataclass(frozen=True)
class Estimate:
    """One parameter of one draw: the truth, and what was fitted with its standard error."""

    parameter: str
    truth: float
    value: float
    error: float
    interval: float  # true days between purchases, alpha / r

    @property
    def distance(self) -> float:
        """How many standard errors the estimate lies from the truth, in logarithms."""
        return (math.log(self.value) - math.log(self.truth)) * self.value / self.error

    @property
    def plain_distance(self) -> float:
        """How many standard errors the estimate lies from the truth, as numbers."""
        return (self.value - self.truth) / self.error


@dataclass(frozen=True)
class Study:
    """The estimates of all draws that were believed, and by model how many were not, and why.

    `clock`: the number of parts of a day in which times are counted.
    """

    clock: int
    draws: int
    estimates: list[Estimate]
    doubts: dict[str, Counter[str]]


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parse(arguments)
    try:
        studies = run(options.draws, options.customers, options.seed, options.directory.resolve() / "recovery")
    except StepFailedError as error:
        print("recovery-study:", *error.args, sep="\n  ", file=sys.stderr)
        return 1
    text = markdown(studies, options.customers, options.seed)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.recovery_study", description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=_positive, default=DRAWS, help="true parameters (default: %(default)s)")
    parser.add_argument("--customers", type=_positive, default=CUSTOMERS, help="of each draw (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="default: %(default)s")
    parser.add_argument("--directory", type=Path, default=Path("warehouse/benchmark"), help="what is built")
    parser.add_argument("--report", type=Path, default=Path("benchmarks/recovery.md"), help="where it is written")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected at least 1, got {text}")
    return number


# Study


def run(draws: int, customers: int, seed: int, directory: Path) -> list[Study]:
    """Draw, simulate, fit and judge below `directory`, which is emptied; a study for each clock."""
    shutil.rmtree(directory, ignore_errors=True)
    home = build_around_a_sale(directory, BUILT_FOR)
    truths = {clock: _in_units(draw_truths(draws, seed), clock) for clock in CLOCKS}
    with database(home) as connection:
        replace_purchases(
            connection,
            (
                Buyers(customers, truth, as_of, DAYS_OF_HISTORY * clock, DAYS_AT_LEAST * clock, seed + number)
                for clock in CLOCKS
                for number, (as_of, truth) in enumerate(truths[clock].items(), 1)
            ),
        )
        connection.execute("""
            insert into intermediate.int_knowledge_dates by name
            select distinct as_of_date, true as is_review from intermediate.int_clv_purchases
        """)
    run_models(home, BUILT_FOR, list(FITS))
    with database(home) as connection:
        cursor = connection.execute("select * from intermediate.int_clv_fits_judged order by as_of_date, model")
        columns = [column[0] for column in cursor.description]
        fits = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [judged(fits, truths[clock], clock) for clock in CLOCKS]


def draw_truths(draws: int, seed: int) -> list[Truth]:
    """True parameters, each uniform in its logarithm."""
    low, high = np.log(np.array(list(RANGES.values()))).T
    drawn = np.exp(np.random.default_rng(seed).uniform(low, high, (draws, len(RANGES))))
    return [Truth(**dict(zip(RANGES, map(float, row), strict=True))) for row in drawn]


def _in_units(truths: list[Truth], clock: int) -> dict[date, Truth]:
    """The truths in units of a `clock`-th of a day, by the review date that stands for them."""
    first = FIRST_DATE + timedelta(days=CLOCKS.index(clock) * len(truths))
    scaled = [replace(truth, alpha=truth.alpha * clock) for truth in truths]
    return {first + timedelta(days=number): truth for number, truth in enumerate(scaled)}


def judged(fits: Iterable[dict], truths: dict[date, Truth], clock: int = 1) -> Study:
    """The rows of `int_clv_fits_judged` beside the truth; those of other dates are left alone."""
    estimates, doubts = [], {model: Counter() for model in MODELS}
    for fit in fits:
        if fit["model"] not in MODELS or fit["as_of_date"] not in truths:
            continue
        if fit["doubt"] is None:
            truth = asdict(truths[fit["as_of_date"]])
            interval = truth["alpha"] / clock / truth["r"]
            estimates += [
                Estimate(name, truth[name], fit[name], fit[f"{name}_se"], interval) for name in MODELS[fit["model"]]
            ]
        else:
            doubts[fit["model"]][fit["doubt"]] += 1
    return Study(clock, len(truths), estimates, doubts)


# Report


def markdown(studies: list[Study], customers: int, seed: int) -> str:
    """The studies as Markdown: coverage by parameter and in all, and what was not believed."""
    lines = [
        "# Recovery of known parameters",
        "",
        f"Written by `make recovery-study`. {studies[0].draws} draws of true parameters (seed {seed}), each uniform in",
        f"its logarithm; {customers:,} made-up customers by each, who bought first at any time from two years to",
        f"{DAYS_AT_LEAST} days ago. They buy at moments. What is fitted are whole days, as in the warehouse, and what",
        "falls on one day is one purchase; or, to tell what this does, hundredths of a day. *Covered* is a truth",
        "within 1.96 standard errors of its estimate: in logarithms, in which the fit is made and errors are nearer to",
        "normal, or as plain numbers. Of the distances in standard errors (in logarithms) the mean should be 0, the",
        "deviation 1.",
    ]
    for study in studies:
        lines += [
            "",
            f"## {_title(study)}",
            "",
            *_coverage_table(study),
            "",
            *_interval_table(study),
            "",
            *_doubt_table(study),
        ]
    return "\n".join(lines) + "\n"


def _title(study: Study) -> str:
    return "Whole days" if study.clock == 1 else f"Days of {study.clock} parts"


def _coverage_table(study: Study) -> list[str]:
    return [
        "| parameter | drawn from | believed | covered (logarithms) | covered (plain) | mean distance | deviation |",
        "|---|---|---:|---:|---:|---:|---:|",
        *(_row(name, study) for name in (*RANGES, None)),
    ]


def _interval_table(study: Study) -> list[str]:
    """The purchase model's rate by how often customers buy: where whole days matter."""
    lines = ["| days between purchases (alpha / r) | believed | r covered | alpha covered |", "|---|---:|---:|---:|"]
    for low, high in itertools.pairwise(INTERVALS):
        inside = [estimate for estimate in study.estimates if low <= estimate.interval < high]
        distances = {
            name: [estimate.distance for estimate in inside if estimate.parameter == name] for name in ("r", "alpha")
        }
        if distances["r"]:
            covered = " | ".join(map(_covered, distances.values()))
            lines.append(f"| {low} to {high:g} | {len(distances['r'])} | {covered} |")
    return lines


def _doubt_table(study: Study) -> list[str]:
    return [
        "Draws of which the warehouse says that the data cannot tell the parameters, not counted above:",
        "",
        "| model | draws | reasons |",
        "|---|---:|---|",
        *(f"| {model} | {sum(counts.values())} | {_reasons(counts)} |" for model, counts in study.doubts.items()),
    ]


def _row(parameter: str | None, study: Study) -> str:
    estimates = [estimate for estimate in study.estimates if parameter in (None, estimate.parameter)]
    name = parameter or "all"
    span = "" if parameter is None else " - ".join(f"{bound:g}" for bound in RANGES[parameter])
    if not estimates:
        return f"| {name} | {span} | 0 | | | | |"
    distances = [estimate.distance for estimate in estimates]
    plain = [estimate.plain_distance for estimate in estimates]
    return (
        f"| {name} | {span} | {len(estimates)} | {_covered(distances)} | {_covered(plain)} "
        f"| {statistics.fmean(distances):+.2f} | {statistics.pstdev(distances):.2f} |"
    )


def _covered(distances: list[float]) -> str:
    """The share of distances within 1.96."""
    share = sum(abs(distance) <= WITHIN for distance in distances) / len(distances)
    return f"{share:.1%}"


def _reasons(counts: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.most_common())


if __name__ == "__main__":
    sys.exit(main())
