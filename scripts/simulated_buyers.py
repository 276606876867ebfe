"""Made-up buyers of one line whose true parameters are known, and the models of lifetime value run on them.

The buyers take the place of the table `int_clv_purchases` in a database that is otherwise built from a single sale.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from scripts.contract import PROJECT_DIR
from scripts.landing import land
from scripts.refresh import judge, run_dbt

LOB = "venue"
BLOCK_SIZE = 250_000


@dataclass(frozen=True)
class Truth:
    """Parameters of BG/NBD (r, alpha in days, a, b) and Gamma-Gamma (p, q, v)."""

    r: float
    alpha: float
    a: float
    b: float
    p: float
    q: float
    v: float


@dataclass(frozen=True)
class Buyers:
    """How many buyers there are, their true parameters, and the review date they are seen on.

    They have bought for the first time at any moment between `oldest` and `youngest` days before the end of that day.
    """

    customers: int
    truth: Truth
    as_of: date
    oldest: int
    youngest: int = 0
    seed: int = 1

    def blocks(self) -> Iterator[pa.Table]:
        """Rows of `int_clv_purchases`, in blocks."""
        for number, first_key in enumerate(range(1, self.customers + 1, BLOCK_SIZE)):
            count = min(BLOCK_SIZE, self.customers + 1 - first_key)
            yield self._block(first_key, count, np.random.default_rng([self.seed, number]))

    def _block(self, first_key: int, count: int, rng: np.random.Generator) -> pa.Table:
        # In days, from the first midnight: `oldest` days later the review date is over.
        start = rng.uniform(0, self.oldest - self.youngest, count)
        first_day = np.floor(start).astype(np.int64)
        customer, day = self._visits(start, rng)
        repeats = np.bincount(customer, minlength=count)
        recency = np.zeros(count, np.int64)
        recency[customer] = day - first_day[customer]  # the last visit of a customer stands last
        first_spend, repeat_spend = self._spend(repeats, rng)
        epoch_day = (self.as_of - date(1970, 1, 1)).days - (self.oldest - 1) + first_day
        return pa.table(
            {
                "as_of_date": pa.repeat(pa.scalar(self.as_of, pa.date32()), count),
                "customer_key": np.arange(first_key, first_key + count),
                "lob": pa.repeat(LOB, count),
                "first_purchase_date": pa.array(epoch_day.astype(np.int32)).cast(pa.date32()),
                "repeat_purchases": repeats,
                "recency_days": recency,
                "age_days": self.oldest - 1 - first_day,
                "contribution": first_spend + repeat_spend,
                "repeat_contribution": repeat_spend,
            }
        )

    def _visits(self, start: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Days with a purchase after the day of the first, as arrays of (customer, day), in order: a Poisson process
        from the start until the customer leaves. What falls on one day is one purchase."""
        count, end = len(start), self.oldest
        rate = rng.gamma(self.truth.r, 1 / self.truth.alpha, count)
        stays_for = rng.geometric(np.maximum(rng.beta(self.truth.a, self.truth.b, count), 1e-9))
        purchases = rng.poisson(rate * (end - start))
        customer = np.repeat(np.arange(count), purchases)
        share = np.sort(customer + rng.random(len(customer))) - customer  # of the time until the end
        rank = np.arange(len(customer)) - np.repeat(np.cumsum(purchases) - purchases, purchases)
        is_alive = rank < stays_for[customer]
        customer, share = customer[is_alive], share[is_alive]
        day = np.minimum(np.floor(start[customer] + share * (end - start[customer])).astype(np.int64), end - 1)
        is_new = day > np.floor(start[customer])
        is_new[1:] &= (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
        return customer[is_new], day[is_new]

    def _spend(self, repeats: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """What the first and the repeat purchases of each customer leave, in cents' steps and above 0."""
        rate = rng.gamma(self.truth.q, 1 / self.truth.v, len(repeats))
        first = rng.gamma(self.truth.p, 1, len(repeats)) / rate
        repeat = rng.gamma(np.maximum(self.truth.p * repeats, 1e-9), 1) / rate
        return np.maximum(first.round(2), 0.01), np.where(repeats > 0, np.maximum(repeat.round(2), 0.01), 0)


def build_around_a_sale(directory: Path, as_of: date) -> Path:
    """Build the policy, the clock and the models of lifetime value for a single sale; returns the home."""
    raw, home = directory / "raw", directory / "home"
    for table, text in {
        "customers": "customer_id\n1\n",
        "transactions": f"txn_id,customer_id,event_at,amount\n1,1,{as_of - timedelta(days=1)},10.00\n",
    }.items():
        (raw / table).mkdir(parents=True)
        (raw / table / "rows.csv").write_text(text, encoding="utf-8")
    land(raw, home, lambda line: None)
    (home / "work").mkdir()
    run_models(home, as_of, ["+int_clv_repeat_scores"], verb="build")
    return home


@contextmanager
def database(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to what dbt has built."""
    with duckdb.connect(str(home / "work" / "tiers.duckdb")) as connection:
        connection.execute("set enable_progress_bar = false; set preserve_insertion_order = false")
        yield connection


def replace_purchases(connection: duckdb.DuckDBPyConnection, populations: Iterable[Buyers]) -> None:
    """Put made-up buyers in the place of those that were delivered."""
    connection.execute("delete from intermediate.int_clv_purchases")
    for population in populations:
        for block in population.blocks():
            connection.register("block", block)
            connection.execute("insert into intermediate.int_clv_purchases by name select * from block")
            connection.unregister("block")


def run_models(home: Path, as_of: date, selection: list[str], verb: str = "run") -> None:
    """Run dbt in this process; raises StepFailedError."""
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    with redirect_stdout(sys.stderr):
        judge(run_dbt(dbt_arguments(home, as_of, verb, selection)), home)


def dbt_arguments(home: Path, as_of: date, verb: str, selection: list[str]) -> list[str]:
    """What to call dbt with; sets the home in the environment, where the profile looks for it."""
    os.environ["TIERS_HOME"] = str(home)
    arguments = ["--quiet", "--log-level-file", "none", verb, "--select", *selection]
    arguments += ["--exclude-resource-type", "test", "unit_test"] if verb == "build" else []
    arguments += ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
    arguments += ["--target-path", str(home / "target"), "--log-path", str(home / "logs")]
    return [*arguments, "--vars", json.dumps({"as_of_date": as_of.isoformat(), "review_count": 0})]
