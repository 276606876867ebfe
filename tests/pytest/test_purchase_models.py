"""The purchase and spend models: published values, the derivatives, known truths, and data that tell nothing."""

import csv
import math
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import duckdb
import pytest

from published import (
    CALIBRATION_END,
    DAYS_PER_WEEK,
    REFERENCE_DATA,
    WHOLE_AMOUNT,
    Sale,
    cdnow,
    delivery_of,
    needs_cdnow,
    repeat_days,
)
from strategies import changed_policy
from tests.reference import Options
from warehouse import Row, Warehouse

# Published in weeks (Fader, Hardie and Lee 2005; Batislam, Denizel and Filiztekin 2007; Fader and Hardie 2013).
SAMPLE = {
    "bg_nbd": ({"r": 0.242595, "alpha": 4.413602, "a": 0.792922, "b": 2.425907}, -9582.4292),
    "mbg_nbd": ({"r": 0.524843, "alpha": 6.183085, "a": 0.891359, "b": 1.614002}, -9582.1357),
    "gamma_gamma": ({"p": 6.249572, "q": 3.744225, "v": 15.443521}, -4055.9177),
}
SAMPLE_ERRORS = {"r": 0.0126, "alpha": 0.3782, "a": 0.1857, "b": 0.7054}
MASTER = {
    "bg_nbd": ({"r": 0.251624, "alpha": 4.788943, "a": 0.723434, "b": 2.161088}, -95368.4439),
    "gamma_gamma": ({"p": 6.2754, "q": 3.6245, "v": 14.9837}, -40763.4763),
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A warehouse whose policy takes the whole amount for contribution: published values are about amounts."""
    folder = tmp_path_factory.mktemp("purchase_models")
    warehouse = Warehouse(folder)
    warehouse.use_policy(changed_policy(folder / "policy", WHOLE_AMOUNT), Options())
    return warehouse


def fitted(warehouse: Warehouse, sales: list[Sale], as_of: date) -> dict[str, Row]:
    """The rows of clv_parameters by model, from (customer, date, amount)."""
    options = Options(as_of_date=as_of, review_count=0)
    warehouse.run(delivery_of(sales), options, marts=("clv_parameters",))
    return {row["model"]: row for row in warehouse.read(("clv_parameters",))["clv_parameters"]}


@pytest.fixture(scope="module")
def sample(warehouse: Warehouse) -> dict[str, Row]:
    """What is fitted to the CDNOW sample."""
    return fitted(warehouse, cdnow("CDNOW_sample.txt"), CALIBRATION_END)


def assert_published(rows: dict[str, Row], published: dict[str, tuple[dict[str, float], float]], repeats: int) -> None:
    """Times are days here: alpha is seven times the weekly one, and every repeat purchase, a density over time, shifts
    the log-likelihood by ln 7."""
    for model, (parameters, log_likelihood) in published.items():
        row = rows[model]
        assert row["status"] == "fitted", (model, row["status_reason"])
        for name, value in parameters.items():
            in_days = value * (DAYS_PER_WEEK if name == "alpha" else 1)
            assert row[name] == pytest.approx(in_days, rel=5e-5), (model, name)
        shift = 0 if model == "gamma_gamma" else repeats * math.log(DAYS_PER_WEEK)
        assert row["log_likelihood"] == pytest.approx(log_likelihood - shift, abs=1e-3), model


@needs_cdnow
def test_the_cdnow_sample_gives_the_published_parameters(sample: dict[str, Row]) -> None:
    assert_published(sample, SAMPLE, repeat_days(cdnow("CDNOW_sample.txt"), CALIBRATION_END))
    assert {model: row["customer_count"] for model, row in sample.items()} == {
        "bg_nbd": 2357,
        "mbg_nbd": 2357,
        "gamma_gamma": 946,
    }
    for name, error in SAMPLE_ERRORS.items():
        in_days = error * (DAYS_PER_WEEK if name == "alpha" else 1)
        assert sample["bg_nbd"][f"{name}_se"] == pytest.approx(in_days, abs=0.0005 * (7 if name == "alpha" else 1)), (
            name
        )


@needs_cdnow
def test_the_cdnow_master_gives_the_published_parameters(warehouse: Warehouse) -> None:
    sales = cdnow("CDNOW_master.txt")
    assert_published(fitted(warehouse, sales, CALIBRATION_END), MASTER, repeat_days(sales, CALIBRATION_END))


@needs_cdnow
def test_an_age_that_is_a_day_long_is_seen(warehouse: Warehouse, sample: dict[str, Row]) -> None:
    """Published of this slip, in weeks: -9589.89 in place of -9582.43."""
    sales = [sale for sale in cdnow("CDNOW_sample.txt") if sale[1] <= CALIBRATION_END]
    shift = repeat_days(sales, CALIBRATION_END) * math.log(DAYS_PER_WEEK)
    slipped = fitted(warehouse, sales, CALIBRATION_END + timedelta(days=1))["bg_nbd"]["log_likelihood"]
    assert slipped == pytest.approx(-9589.89 - shift, abs=0.01)
    assert sample["bg_nbd"]["log_likelihood"] - slipped > 5


@needs_cdnow
def test_an_age_that_is_a_day_short_is_seen(warehouse: Warehouse, sample: dict[str, Row]) -> None:
    sales = [sale for sale in cdnow("CDNOW_sample.txt") if sale[1] < CALIBRATION_END]
    slipped = fitted(warehouse, sales, CALIBRATION_END - timedelta(days=1))["bg_nbd"]["log_likelihood"]
    assert abs(slipped - sample["bg_nbd"]["log_likelihood"]) > 1


@needs_cdnow
def test_orders_of_one_day_are_one_purchase(warehouse: Warehouse, sample: dict[str, Row]) -> None:
    halves = [
        (customer, day, f"{part:.3f}")
        for customer, day, dollars in cdnow("CDNOW_sample.txt")
        for part in (float(dollars) * 0.5, float(dollars) * 0.5)
    ]
    whole = [(customer, day, f"{2 * float(part):.2f}") for customer, day, part in halves[::2]]
    split = [sale for pair in zip(whole, whole, strict=True) for sale in pair]
    doubled = fitted(warehouse, split, CALIBRATION_END)["bg_nbd"]
    assert doubled["log_likelihood"] == sample["bg_nbd"]["log_likelihood"]


# Derivatives: the gradient is the difference of log-likelihoods, the Hessian that of gradients.

PURCHASE_CELLS = """
    select 'm' as model, 'group' as kind, x, x + 1 as j, recency, age, customers, 0 as customers_j
    from (values (0, 0, 90, 7), (1, 30, 200, 5), (4, 111, 365, 2), (40, 364, 365, 1)) as g (x, recency, age, customers)
    union all
    select 'm', 'above', k, 0, 0, 0, above_x, above_j
    from (
        select
            k,
            sum(case when x > k then customers else 0 end) as above_x,
            sum(case when x + 1 > k then customers else 0 end) as above_j
        from (values (0, 7), (1, 5), (4, 2), (40, 1)) as g (x, customers)
        cross join (select unnest(range(41)) as k)
        group by k
    )
"""
SPEND_CELLS = """
    select 'm' as model, 'spend' as kind, x, z, 1 as customers
    from (values (1, 12.5), (1, 80.0), (3, 41.0), (20, 900.0)) as c (x, z)
    union all
    select 'm', 'count', x, null, customers from (values (1, 2), (3, 1), (20, 1)) as c (x, customers)
"""
STATE = """
    select 'm' as model, {thetas}, 0.0 as step1, 0.0 as step2, 0.0 as step3, 0.0 as step4, -1e300 as log_likelihood,
        false as is_converged, 0 as passes
"""


@pytest.mark.parametrize(
    ("model", "cells", "theta", "size"),
    [
        ("purchase_model", PURCHASE_CELLS, (-0.6, 3.4, -0.2, 0.7), 4),
        ("purchase_model", PURCHASE_CELLS, (1.1, 5.0, 1.3, -0.5), 4),
        ("spend_model", SPEND_CELLS, (1.8, 1.3, 2.7, 0.0), 3),
        ("spend_model", SPEND_CELLS, (-0.7, 0.4, 4.0, 0.0), 3),
    ],
)
def test_gradient_and_hessian_are_the_differences_of_what_they_derive(
    warehouse: Warehouse, model: str, cells: str, theta: tuple[float, ...], size: int
) -> None:
    sums = warehouse.compile(f"select * from ({{{{ {model}_sums('state', 'cells', ['model']) }}}}) as sums")
    connection = duckdb.connect()
    connection.execute(f"create table cells as {cells}")

    def at(moved: tuple[float, ...]) -> dict[str, float]:
        thetas = ", ".join(f"cast({value!r} as double) as theta{i}" for i, value in enumerate(moved, 1))
        connection.execute(f"create or replace table state as {STATE.format(thetas=thetas)}")
        cursor = connection.execute(sums)
        return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))

    middle, step = at(theta), 1e-3
    for i in range(size):
        below, above = (
            at(tuple(value + sign * step * (place == i) for place, value in enumerate(theta))) for sign in (-1, 1)
        )
        slope = (above["new_log_likelihood"] - below["new_log_likelihood"]) / (2 * step)
        assert middle[f"g{i + 1}"] == pytest.approx(slope, rel=1e-5, abs=1e-5)
        for j in range(i, size):
            bend = (above[f"g{j + 1}"] - below[f"g{j + 1}"]) / (2 * step)
            assert middle[f"h{i + 1}{j + 1}"] == pytest.approx(bend, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("z", [0.001, 0.3, 1, 1.5, 2, 10, 171.3, 12345.6])
def test_gamma_functions(warehouse: Warehouse, z: float) -> None:
    text = warehouse.compile("select {{ ln_gamma('z') }}, {{ digamma('z') }}, {{ trigamma('z') }} from t")
    connection = duckdb.connect()

    def at(value: float) -> tuple[float, float, float]:
        connection.execute(f"create or replace table t as select cast({value!r} as double) as z")
        return connection.execute(text).fetchone()

    value, first, second = at(z)
    assert value == pytest.approx(math.lgamma(z), rel=1e-10, abs=1e-10)
    after = at(z + 1)  # the recurrences that tell these functions from others
    assert after[1] - first == pytest.approx(1 / z, rel=1e-9)
    assert after[2] - second == pytest.approx(-1 / z**2, rel=1e-7, abs=1e-11)
    assert at(1)[1] == pytest.approx(-0.5772156649015329, abs=1e-11)
    assert at(1)[2] == pytest.approx(math.pi**2 / 6, abs=1e-11)


SHARES = "{{ expectation_shares('cases', 'nodes', ['id']) }}"

# Expectations: 600 cases of 50-digit arithmetic, a = 1, z = .998 and x = 500 among them.


def test_expectations_agree_with_50_digit_arithmetic(warehouse: Warehouse) -> None:
    path = REFERENCE_DATA / "golden" / "bgnbd_mpmath_grid.csv"
    if not path.exists():
        pytest.skip("no reference data")
    connection = duckdb.connect()
    columns = ("id", "r", "alpha", "a", "b", "x", "j", "recency", "age", "horizon")
    connection.execute(f"create table cases ({', '.join(f'{column} double' for column in columns)})")
    expected = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            values = [float(row[column]) for column in ("r", "alpha", "a", "b", "x", "x", "t_x", "T", "t")]
            connection.execute(f"insert into cases values ({', '.join('?' * len(columns))})", [number, *values])
            expected[number] = [float(row[column]) for column in ("p_alive", "exp_trx_given_alive", "cond_exp_trx")]
    assert len(expected) == 600
    connection.execute(f"create table nodes as {warehouse.compile('{{ expectation_nodes() }}')}")
    alive = "probability_alive('r', 'alpha', 'a', 'b', 'x', 'j', 'recency', 'age')"
    connection.execute(f"create table shares as {warehouse.compile(SHARES)}")
    purchases = "purchases_within('(r + x)', 'p', 'horizon / (alpha + age)')"
    text = f"""
        select id, max({{{{ {alive} }}}}), sum(share * {{{{ {purchases} }}}})
        from cases join shares using (id) group by id
    """
    for number, is_alive, given_alive in connection.execute(warehouse.compile(text)).fetchall():
        p_alive, exp_given_alive, conditional = expected[number]
        assert given_alive == pytest.approx(exp_given_alive, rel=1e-8), number
        assert is_alive == pytest.approx(p_alive, rel=1e-9, abs=1e-300), number
        assert is_alive * given_alive == pytest.approx(conditional, rel=1e-8, abs=1e-300), number


# Known truths

END = date(2024, 12, 31)


def simulated(random: Random, customers: int, truth: dict[str, float]) -> list[Sale]:
    """Purchases of BG/NBD customers who start within the first half of two years."""
    sales = []
    for number in range(customers):
        start = END - timedelta(days=random.randrange(365, 730))
        rate = random.gammavariate(truth["r"], 1 / truth["alpha"])
        leaves = random.betavariate(truth["a"], truth["b"])
        mean = truth["p"] / random.gammavariate(truth["q"], 1 / truth["v"])
        age, day = (END - start).days, 0.0
        days = [0]
        while True:
            day += random.expovariate(rate)
            if day > age:
                break
            days.append(math.ceil(day))
            if random.random() < leaves:
                break
        for day in days:
            amount = max(random.gammavariate(truth["p"], mean / truth["p"]), 0.01)
            sales.append((str(number), start + timedelta(days=min(day, age)), f"{amount:.2f}"))
    return sales


def test_the_truth_lies_within_four_standard_errors(warehouse: Warehouse) -> None:
    truth = {"r": 0.8, "alpha": 60.0, "a": 0.9, "b": 3.0, "p": 5.0, "q": 4.0, "v": 60.0}
    rows = fitted(warehouse, simulated(Random(11), 4000, truth), END)
    for model, names in {"bg_nbd": ("r", "alpha", "a", "b"), "gamma_gamma": ("p", "q", "v")}.items():
        assert rows[model]["status"] == "fitted"
        for name in names:
            assert abs(rows[model][name] - truth[name]) < 4 * rows[model][f"{name}_se"], (name, rows[model])


# Data that tell nothing


def repeated(customers: int, days: int, gap: int = 1, amount: str = "10.00") -> list[Sale]:
    """Customers who all bought on so many days, `gap` days apart, the last one today."""
    return [
        (str(number), END - timedelta(days=gap * day + number % 7), amount)
        for number in range(customers)
        for day in range(days)
    ]


DEGENERATE = {
    "single buyers": (repeated(300, 1), "few_repeat_purchases"),
    "all new today": ([(str(number), END, "10.00") for number in range(300)], "few_repeat_purchases"),
    "three in a hundred come back": (repeated(300, 1) + repeated(9, 5), "few_repeat_purchases"),
    "one whale": (
        repeated(250, 1) + [("whale", END - timedelta(days=day), "99999999.99") for day in range(400)],
        "few_repeaters",
    ),
    "daily users": (repeated(250, 60), None),
    "all alike": (repeated(250, 6, 30), None),
    "few": (repeated(199, 6, 30), "few_customers"),
}


@pytest.mark.parametrize("case", sorted(DEGENERATE))
def test_data_that_tell_nothing_say_so(warehouse: Warehouse, case: str) -> None:
    sales, reason = DEGENERATE[case]
    rows = fitted(warehouse, sales, END)
    assert set(rows) == {"bg_nbd", "mbg_nbd", "gamma_gamma"}
    for model, row in rows.items():
        assert row["status"] == "not_identifiable", (model, row)
        assert reason is None or row["status_reason"] == reason, (model, row)
        assert all(math.isfinite(value) for value in row.values() if isinstance(value, float)), (model, row)


def test_nobody_has_no_parameters(warehouse: Warehouse) -> None:
    assert fitted(warehouse, [("1", END, "-5.00")], END) == {}


# Passes written out, for engines whose recursions may not add up, end where the recursion does.

ENDS = """
    {{{{ with_passes() }}}}
    start as (
        select 'm' as model, 0e0 as theta1, ln(200e0) as theta2, 0e0 as theta3, 0e0 as theta4, {{{{ newton_start() }}}}
    ),
    {{{{ {passes}(purchase_model_sums, 'cells', ['model'], 20, 'start', 'rest') }}}},
    {{{{ newton_result(purchase_model_sums, 'cells', ['model'], 'rest') }}}}
    select theta1, theta2, theta3, theta4, variance1, variance4, log_likelihood, passes from fitted
"""


def test_passes_written_out_end_where_the_recursion_does(warehouse: Warehouse) -> None:
    connection = duckdb.connect()
    connection.execute(f"create table cells as {PURCHASE_CELLS}")
    ends = [
        connection.execute(warehouse.compile(ENDS.format(passes=passes))).fetchall()
        for passes in ("newton_passes", "default__newton_passes")
    ]
    assert ends[0] == ends[1]
    assert 3 < ends[0][0][-1] <= 20
