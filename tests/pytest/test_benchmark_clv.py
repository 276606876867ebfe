"""The benchmark of lifetime value and the recovery study: what they simulate, read and report; nothing is fitted."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from datetime import date

import duckdb
import numpy as np
import pytest

from scripts import benchmark_clv, recovery_study
from scripts.benchmark import Usage
from scripts.benchmark_clv import Comparison, Outcome, Report
from scripts.refresh import StepFailedError
from scripts.simulated_buyers import Buyers, Truth

TRUTH = Truth(r=0.8, alpha=40, a=0.9, b=2.5, p=5, q=4, v=60)
AS_OF = date(2025, 12, 31)


# Simulated buyers


@pytest.fixture(scope="module")
def buyers() -> duckdb.DuckDBPyConnection:
    """20,000 buyers, as table `buyers`."""
    connection = duckdb.connect()
    (block,) = Buyers(20_000, TRUTH, AS_OF, oldest=730, youngest=30).blocks()
    connection.register("block", block)
    connection.execute("create table buyers as select * from block")
    return connection


def test_buyers_have_histories_that_can_be(buyers: duckdb.DuckDBPyConnection) -> None:
    wrong = buyers.execute("""
        select count(*) from buyers
        where as_of_date - first_purchase_date <> age_days
            or not age_days between 29 and 729
            or not recency_days between repeat_purchases and age_days
            or (repeat_purchases = 0) <> (recency_days = 0)
            or (repeat_purchases = 0) <> (repeat_contribution = 0)
            or contribution <= repeat_contribution
    """).fetchone()[0]
    assert wrong == 0
    assert buyers.execute("select count(distinct customer_key), count(*) from buyers").fetchone() == (20_000, 20_000)


def test_buyers_buy_and_spend_by_their_parameters(buyers: duckdb.DuckDBPyConnection) -> None:
    """Who is alive at the start buys at a mean rate of r / alpha; the mean purchase is p v / (q - 1)."""
    early = Buyers(200_000, Truth(**asdict(TRUTH) | {"a": 0.001, "b": 100}), AS_OF, oldest=731, youngest=730)
    (block,) = early.blocks()
    per_day = np.mean(block["repeat_purchases"]) / np.mean(block["age_days"])
    assert per_day == pytest.approx(TRUTH.r / TRUTH.alpha, rel=0.03)  # what falls on one day is one purchase
    spend = "avg(contribution - repeat_contribution), avg(repeat_contribution / repeat_purchases)"
    first, repeat = buyers.execute(f"select {spend} from buyers where repeat_purchases > 0").fetchone()
    mean = TRUTH.p * TRUTH.v / (TRUTH.q - 1)
    assert (first, repeat) == (pytest.approx(mean, rel=0.05), pytest.approx(mean, rel=0.05))


def test_buyers_are_the_same_every_time_and_by_seed() -> None:
    first, again = (list(Buyers(500, TRUTH, AS_OF, 730).blocks()) for _ in range(2))
    other = list(Buyers(500, TRUTH, AS_OF, 730, seed=2).blocks())
    assert first == again != other


# Benchmark


def test_what_a_command_takes_and_prints_is_known() -> None:
    usage, output = benchmark_clv.usage_of_command([sys.executable, "-c", "print(sum(range(3_000_000)))"])
    assert output == "4499998500000\n"
    assert usage.wall > 0 and 0 < usage.cpu < 60 and usage.peak > 1


def test_a_command_that_fails_says_what_it_printed() -> None:
    with pytest.raises(StepFailedError) as error:
        benchmark_clv.usage_of_command([sys.executable, "-c", "print('why'); raise SystemExit(3)"])
    assert "why" in error.value.args


def test_seconds_are_read_from_what_dbt_writes() -> None:
    results = {"results": [{"unique_id": "model.tiering.int_clv_pairs", "execution_time": 1.5, "status": "success"}]}
    assert benchmark_clv.seconds_by_model(json.loads(json.dumps(results))) == {"int_clv_pairs": 1.5}


def test_sides_are_close_only_when_all_figures_are() -> None:
    assert Comparison({"r": 1e-7}, {"clv_12m": 5e-4}).is_close
    assert not Comparison({"r": 2e-3}, {"clv_12m": 1e-7}).is_close
    assert not Comparison({"r": 1e-7}, {"clv_12m": 2e-3}).is_close
    assert not Comparison({"r": 1e-7, "alpha": float("nan")}, {"clv_12m": 1e-7}).is_close


def test_the_report_compares_what_both_sides_took() -> None:
    seconds = dict.fromkeys(benchmark_clv.MODELS, 0.5)
    small = Outcome(1_000_000, Usage(5, 8, 500), seconds, Usage(60, 64, 1000), Comparison({"r": 3e-8}, {"p_alive": 1}))
    large = Outcome(10_000_000, Usage(40, 60, 1900), seconds | {"int_clv_pairs": 7.25})
    report = Report(["- machine: 2 cores"], "1200MB", Usage(3, 3, 200), [small, large], {"lifetimes": "0.11.3"})
    lines = benchmark_clv.markdown(report).splitlines()
    assert "- machine: 2 cores" in lines and "- beside it: lifetimes 0.11.3" in lines
    assert "| 1,000,000 | ours | 5.0 | 8.0 | 500 | 125,000 |" in lines
    assert "| 1,000,000 | lifetimes | 60.0 | 64.0 | 1,000 | 15,625 |" in lines
    assert "| 1,000,000 | 8.0 | 12.8 | 12.0 | 2.0 |" in lines
    assert "| r | parameter | 3e-08 |" in lines
    assert "| int_clv_pairs | 0.5 | 7.2 |" in lines
    assert not any(line.startswith("| 10,000,000 | lifetimes") for line in lines)


@pytest.mark.parametrize(
    ("script", "arguments"),
    [
        (benchmark_clv, ["--customers", "10"]),
        (recovery_study, ["--draws", "0"]),
        (recovery_study, ["--customers", "-1"]),
    ],
)
def test_sizes_that_say_nothing_are_refused(script, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        script.main(arguments)
    assert error.value.code == 2
    assert "expected at least" in capsys.readouterr().err


# Recovery study


def fit(model: str, as_of: date, doubt: str | None = None, factor: float = 1.0, error: float = 0.1) -> dict:
    """A row of int_clv_fits_judged: every parameter is the truth times a factor, with a relative standard error."""
    values = {name: value * factor for name, value in asdict(TRUTH).items()}
    errors = {f"{name}_se": value * error for name, value in values.items()}
    return {"as_of_date": as_of, "model": model, "doubt": doubt, **values, **errors}


DATES = [date(2020, 1, day) for day in (1, 2, 3)]
TRUTHS = dict.fromkeys(DATES, TRUTH)


def test_fits_that_are_not_believed_are_counted_apart() -> None:
    fits = [
        fit("bg_nbd", DATES[0]),
        fit("bg_nbd", DATES[1], doubt="not_converged"),
        fit("bg_nbd", DATES[2], doubt="not_converged"),
        fit("mbg_nbd", DATES[0]),
        fit("gamma_gamma", DATES[0], doubt="imprecise"),
        fit("gamma_gamma", DATES[1]),
        fit("gamma_gamma", AS_OF),
    ]
    study = recovery_study.judged(fits, TRUTHS)
    assert [estimate.parameter for estimate in study.estimates] == ["r", "alpha", "a", "b", "p", "q", "v"]
    assert study.doubts == {"bg_nbd": Counter(not_converged=2), "gamma_gamma": Counter(imprecise=1)}


def test_distances_are_in_standard_errors() -> None:
    (estimate, *_) = recovery_study.judged([fit("bg_nbd", DATES[0], factor=1.2)], TRUTHS).estimates
    assert estimate.distance == pytest.approx(np.log(1.2) / 0.1)
    assert estimate.plain_distance == pytest.approx(0.2 / 0.12)
    assert estimate.interval == pytest.approx(50)


def test_the_report_says_how_often_the_truth_is_covered() -> None:
    fits = [fit("bg_nbd", DATES[0], factor=1.1), fit("bg_nbd", DATES[1], factor=0.7), fit("gamma_gamma", DATES[2])]
    fits.append(fit("gamma_gamma", DATES[0], doubt="infinite_mean"))
    lines = recovery_study.markdown([recovery_study.judged(fits, TRUTHS)], 4000, 1).splitlines()
    assert "| r | 0.25 - 2 | 2 | 50.0% | 50.0% | -1.31 | 2.26 |" in lines
    assert "| p | 1.5 - 12 | 1 | 100.0% | 100.0% | +0.00 | 0.00 |" in lines
    assert any(line.startswith("| all |  | 11 | 63.6% | 63.6% |") for line in lines)
    assert "| 30 to 90 | 2 | 50.0% | 50.0% |" in lines
    assert "| gamma_gamma | 1 | infinite_mean 1 |" in lines


def test_a_study_without_an_estimate_says_so() -> None:
    lines = recovery_study.markdown([recovery_study.judged([], TRUTHS)], 4000, 1).splitlines()
    assert "| r | 0.25 - 2 | 0 | | | | |" in lines


def test_truths_lie_in_their_ranges_and_depend_on_the_seed() -> None:
    truths = recovery_study.draw_truths(300, 5)
    for name, (low, high) in recovery_study.RANGES.items():
        drawn = [getattr(truth, name) for truth in truths]
        assert low <= min(drawn) < 1.1 * low and 0.9 * high < max(drawn) <= high
        assert np.median(drawn) == pytest.approx((low * high) ** 0.5, rel=0.3)
    assert truths == recovery_study.draw_truths(300, 5) != recovery_study.draw_truths(300, 6)
