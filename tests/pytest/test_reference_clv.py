"""Lifetime values, their backtests and the component of the tiers equal the plain-Python reference."""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest
from agreement import assert_marts_agree, in_time

from clv_stories import CLV_POLICIES, CLV_STORIES, OPEN_GATE
from strategies import ALL_COLUMNS, changed_policy, histories
from tests.reference import Delivery, Options, grade
from tests.reference.clv import parameters_of
from tests.reference.clv_repeat import Parameters
from tests.reference.compare import CLV_MARTS, MARTS, compare, compare_clv
from warehouse import Layout, Warehouse

BUILT = (*MARTS, *CLV_MARTS)
LAYOUTS = [Layout(), Layout(files=3, shuffle_seed=7)]
BUILDS_PER_POLICY = 2  # each is a whole dbt run
END = date(2024, 12, 31)
TRUTH = {"r": 0.9, "alpha": 60.0, "a": 0.8, "b": 2.5, "p": 5.0, "q": 4.0, "v": 60.0}
BELIEVED_SOON = {"min_customers": "50", "min_repeat_purchases": "30", "min_repeaters": "10", "max_relative_error": "4"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all histories: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference_clv"))


@pytest.mark.parametrize("policy", in_time(CLV_POLICIES, {"dated", "open_gate"}))
def test_lifetime_values_equal_the_reference(warehouse: Warehouse, policy: str, tmp_path: Path) -> None:
    assert_marts_agree(
        warehouse,
        changed_policy(tmp_path, CLV_POLICIES[policy]),
        histories(min_customers=25, headers=("full",), stories=CLV_STORIES),
        BUILT,
        lambda result, marts: compare_clv(result, marts) + compare(result, marts),
    )


def buyer(random: Random, number: int) -> list[dict[str, str]]:
    """The purchases of one customer who buys and leaves as BG/NBD and Gamma-Gamma say."""
    start = END - timedelta(days=random.randrange(0, 1095))
    rate = random.gammavariate(TRUTH["r"], 1 / TRUTH["alpha"])
    leaves = random.betavariate(TRUTH["a"], TRUTH["b"])
    mean = TRUTH["p"] / random.gammavariate(TRUTH["q"], 1 / TRUTH["v"])
    days, moment = [start], 0.0
    while len(days) == 1 or random.random() >= leaves:
        moment += random.expovariate(rate)
        if moment > (END - start).days:
            break
        days.append(start + timedelta(days=math.ceil(moment)))
    rows = []
    for day in days:
        amount = max(0.01, random.gammavariate(TRUTH["p"], mean / TRUTH["p"]) / 0.35)
        row = {"customer_id": str(number), "event_at": day.isoformat(), "amount": f"{amount:.2f}"}
        rows.append(row | {"lob": "venue", "txn_type": "purchase"})
    return rows


def buyers(seed: int, customers: int) -> Delivery:
    """Customers of the venues; some of them with refunds, losses, free purchases and credits, and a few homes."""
    random = Random(seed)
    rows = [row for number in range(customers) for row in buyer(random, number)]
    for number, row in enumerate(rows):
        row["txn_id"] = str(number)
    for number, row in enumerate(random.sample(rows, len(rows) // 8)):
        day = min(END, date.fromisoformat(row["event_at"]) + timedelta(days=random.choice([0, 30, 200]))).isoformat()
        same = {"customer_id": row["customer_id"], "lob": "venue", "event_at": day, "txn_id": f"more-{number}"}
        kind = random.choice(["all", "part", "loss", "free", "credit", "home", "lease"])
        if kind in ("all", "part"):
            back = row["amount"] if kind == "all" else "0.01"
            rows.append(same | {"txn_type": "refund", "original_txn_id": row["txn_id"], "amount": back})
        elif kind == "loss":
            row["cost_amount"] = "5000"
        elif kind == "credit":
            rows.append(same | {"txn_type": "adjustment", "direction": "credit", "amount": "900"})
        else:
            other = {"free": {"amount": "0"}, "home": {"amount": "2000000", "lob": "property_sale"}}
            rows.append(same | {"txn_type": "purchase"} | other.get(kind, {"amount": "70", "lob": "lease"}))
    return Delivery([{"customer_id": str(number)} for number in range(customers)], rows, ALL_COLUMNS)


def believed(warehouse: Warehouse) -> dict[tuple[date, str], Parameters]:
    """The parameters the models of the last run were believed with."""
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        cursor = connection.execute("select * from intermediate.int_clv_line_parameters")
        columns = [column[0] for column in cursor.description]
        return parameters_of([dict(zip(columns, row, strict=True)) for row in cursor.fetchall()])


@pytest.mark.parametrize("purchase_model", in_time(("bg_nbd", "mbg_nbd"), {"bg_nbd"}))
def test_fitted_values_equal_the_reference(warehouse: Warehouse, purchase_model: str, tmp_path: Path) -> None:
    folder = changed_policy(
        tmp_path,
        {
            "policy_clv": lambda row: [row | OPEN_GATE | BELIEVED_SOON],
            "policy_lobs": lambda row: [row | ({"purchase_model": purchase_model} if row["lob"] == "venue" else {})],
        },
    )
    options = Options(as_of_date=END, review_count=3, policy_folder=folder)
    warehouse.use_policy(folder, options)
    written = warehouse.run(buyers(4, 300), options, marts=BUILT)
    parameters = believed(warehouse)
    assert parameters[END, "venue"].purchase is not None
    assert parameters[END, "venue"].spend is not None
    result, marts = grade(written, options, parameters), warehouse.read(BUILT)
    assert {row["method"] for row in marts["customer_clv_history"]} >= {purchase_model, "repurchase"}
    assert compare_clv(result, marts) == []
    assert compare(result, marts) == []
