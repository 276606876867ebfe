"""What the challengers read: bounded summaries of the published marts, and what DuckDB computes per customer.

Measures become whole numbers (ten-thousandths) before anything is summed, so sums do not depend on the order of rows.
"""

import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations_with_replacement
from pathlib import Path

import duckdb
import numpy as np

from scripts.publish import sql_text

STORAGE_VERSION = "v1.4.0"
UNITS = 10_000
CLIP = 3
IQR_OF_A_NORMAL = 1.349
MOST_CELLS = 50_000
GRID_STEPS = (3, 2, 1.5, 1, 0.75, 0.5, 0.25, 0.125)
FEWEST_CUSTOMERS = 100
NEEDED = ("customer_rfm", "customer_tiers", "customer_tier_reasons", "customer_engagement", "customer_satisfaction")

Connection = duckdb.DuckDBPyConnection


class CannotProposeError(Exception):
    """There is nothing to propose from; the message is one sentence for the reader."""


@dataclass(frozen=True)
class Measure:
    """A measure of a customer: its SQL over the marts, how people call it, and, where it is not the same, what people
    are shown of it. An indicator is shown, and no cluster rests on it."""

    name: str
    label: str
    sql: str
    shown: str = ""
    is_indicator: bool = False


MEASURES = (
    Measure("value", "contribution of 12 months", "ln(1 + greatest(rfm.m_value, 0))", shown="rfm.m_value"),
    Measure("frequency", "occasions of 24 months", "rfm.f_value"),
    Measure("recency", "days since last purchase", "rfm.r_days"),
    Measure("engagement", "engagement (0-100)", "coalesce(eng.engagement_score, 0)"),
    Measure("variety", "categories and further lines", "rfm.variety_categories + greatest(rfm.variety_lobs - 1, 0)"),
    Measure("tenure", "days since first purchase", "rfm.as_of_date - rfm.first_purchase_date"),
    Measure("satisfaction", "satisfaction (0-100)", "sat.sat_score"),
    Measure(
        "satisfaction_known",
        "satisfaction known (share)",
        "cast(sat.sat_score is not null as integer)",
        is_indicator=True,
    ),
)
NAMES = tuple(measure.name for measure in MEASURES if not measure.is_indicator)


@dataclass(frozen=True)
class Scale:
    """How a measure is scaled: (value - centre) / spread. `basis` says what the spread is: iqr, standard_deviation, or
    constant (then the measure is left out)."""

    measure: str
    known_count: int
    centre: float
    spread: float
    basis: str


@dataclass(frozen=True)
class Cells:
    """Customers summed up: the mean of the scaled measures in each cell (a row each), and how many customers."""

    points: np.ndarray
    weights: np.ndarray
    grid_step: float | None = None


@dataclass(frozen=True)
class ComponentSums:
    """Per pair of components, over the customers with both: (n, sum x, sum y, sum xx, sum yy, sum xy) of scores in
    ten-thousandths; the live weight of each component; how many customers have them all."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    pairs: dict[tuple[int, int], tuple[int, int, int, int, int, int]]
    complete_count: int


@dataclass(frozen=True)
class Publish:
    """Which publish was read."""

    publish_id: str
    as_of_date: date
    graded_count: int
    bought_count: int


def published(home: Path) -> Path:
    """The directory of what is published now; raises CannotProposeError when nothing is."""
    directory = (home / "published").resolve()
    if not (directory / "tiers.duckdb").exists():
        raise CannotProposeError(f"nothing is published in {home}: run the refresh first")
    return directory


def open_publish(publication: Path, directory: Path) -> Connection:
    """A connection with the published marts (read-only, as `published`), and a new proposals file (as `target`).

    `directory` is where everything is written. Raises CannotProposeError when marts are missing.
    """
    connection = duckdb.connect(str(directory / "scratch.duckdb"))
    connection.execute("set enable_progress_bar = false; set TimeZone = 'UTC'")
    connection.execute(f"set memory_limit = {sql_text(os.environ.get('TIERS_MEMORY', '5GB'))}")  # as in profiles.yml
    connection.execute(f"set threads = {int(os.environ.get('TIERS_THREADS', '2'))}")
    connection.execute(f"set temp_directory = {sql_text(str(directory / '.spill'))}")
    connection.execute(f"attach {sql_text(str(publication / 'tiers.duckdb'))} as published (read_only)")
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'published' and schema_name = 'marts'"
    ).fetchall()
    missing = [name for name in NEEDED if (name,) not in rows]
    if missing:
        raise CannotProposeError(f"the publish has no {', '.join(missing)}: run the refresh of this version first")
    target = sql_text(str(directory / "challengers.duckdb"))
    connection.execute(f"attach {target} as target (storage_version {sql_text(STORAGE_VERSION)})")
    connection.execute("create schema target.proposals")
    return connection


def read_publish(connection: Connection, publication: Path) -> Publish:
    """Which publish it is; raises CannotProposeError when too few customers have bought."""
    as_of_date, graded, bought = connection.execute(
        "select max(as_of_date), count(*), count(r_days) from published.marts.customer_rfm"
    ).fetchone()
    if bought < FEWEST_CUSTOMERS:
        raise CannotProposeError(
            f"{bought} graded customers have bought; clusters and factors need at least {FEWEST_CUSTOMERS}"
        )
    record = json.loads((publication / "publish.json").read_text(encoding="utf-8"))
    return Publish(record["publish_id"], as_of_date, graded, bought)


# Measures


def measure_customers(connection: Connection) -> list[Scale]:
    """Make `measured` and `scaled`, one row per graded customer who has bought; gives the scales."""
    columns = ", ".join(
        f"cast({sql} as double) as {name}"
        for measure in MEASURES
        for name, sql in ((measure.name, measure.sql), (f"shown_{measure.name}", measure.shown or measure.sql))
    )
    connection.execute(f"""
        create table measured as
        select rfm.customer_id, coalesce(tiers.value_tier, 'none') as value_tier, {columns}
        from published.marts.customer_rfm as rfm
        left join published.marts.customer_tiers as tiers
            on rfm.as_of_date = tiers.as_of_date and rfm.customer_id = tiers.customer_id
        left join published.marts.customer_engagement as eng
            on rfm.as_of_date = eng.as_of_date and rfm.customer_id = eng.customer_id
        left join published.marts.customer_satisfaction as sat
            on rfm.as_of_date = sat.as_of_date and rfm.customer_id = sat.customer_id
        where rfm.r_days is not null
    """)
    scales = [_scale(connection, name) for name in NAMES]
    scaled = ", ".join(f"{_scaled(scale)} as {scale.measure}" for scale in scales)
    connection.execute(f"create table scaled as select customer_id, value_tier, {scaled} from measured")
    return scales


def _scale(connection: Connection, name: str) -> Scale:
    whole = f"cast(round({name} * {UNITS}) as hugeint)"
    quartiles, count, total, squares = connection.execute(
        f"select quantile_cont({name}, [0.25, 0.5, 0.75]), count({name}), sum({whole}), "
        f"sum({whole} * {whole}) from measured"
    ).fetchone()
    return scale_of(name, quartiles, count, int(total or 0), int(squares or 0))


def scale_of(name: str, quartiles: Sequence[float] | None, count: int, total: int, squares: int) -> Scale:
    """The scale of a measure from its quartiles, and the exact count, sum and sum of squares in ten-thousandths."""
    variance = count * squares - total * total
    if variance <= 0:
        return Scale(name, count, quartiles[1] if quartiles else 0.0, 1.0, "constant")
    lower, median, upper = quartiles
    if upper > lower:
        return Scale(name, count, median, upper - lower, "iqr")
    deviation = math.sqrt(variance) / count / UNITS
    return Scale(name, count, median, IQR_OF_A_NORMAL * deviation, "standard_deviation")


def _scaled(scale: Scale) -> str:
    if scale.basis == "constant":
        return "cast(0 as integer)"
    centre = number(scale.centre)
    scaled = f"(coalesce({scale.measure}, {centre}) - {centre}) / {number(scale.spread)}"
    return f"cast(round(greatest(-{CLIP}, least({CLIP}, {scaled})) * {UNITS}) as integer)"


def read_cells(connection: Connection, most_cells: int = MOST_CELLS) -> Cells:
    """The customers in at most `most_cells` cells: each distinct customer, or the finest grid that has no more."""
    (count,) = connection.execute("select count(*) from scaled").fetchone()
    if count <= most_cells:
        return _cells(connection, None)
    steps = iter(GRID_STEPS)
    best = next(steps)
    for step in steps:
        if _cell_count(connection, step) > most_cells:
            break
        best = step
    return _cells(connection, best)


def _keys(step: float | None) -> str:
    if step is None:
        return ", ".join(NAMES)
    return ", ".join(f"({name} + {CLIP * UNITS}) // {int(step * UNITS)}" for name in NAMES)


def _cell_count(connection: Connection, step: float) -> int:
    return connection.execute(f"select count(*) from (select 1 as one from scaled group by {_keys(step)})").fetchone()[
        0
    ]


def _cells(connection: Connection, step: float | None) -> Cells:
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in NAMES)
    rows = connection.execute(
        f"select count(*) as customer_count, {sums} from scaled group by {_keys(step)} order by {_keys(step)}"
    ).fetchnumpy()
    weights = np.asarray(rows["customer_count"], dtype=np.int64)
    totals = np.column_stack([np.asarray(rows[name], dtype=np.float64) for name in NAMES])
    return Cells(totals / weights[:, None] / UNITS, weights, step)


def nearest(centroids: np.ndarray) -> str:
    """SQL over `scaled`: the number of the nearest centroid (of equally near ones the first)."""
    distances = ", ".join(squared_distances(centroids))
    return f"list_position([{distances}], least({distances}))"


def squared_distances(centroids: np.ndarray) -> list[str]:
    """SQL over `scaled`: the squared distance to each centroid."""
    return [
        " + ".join(
            f"({name} / {UNITS}.0e0 - {number(place)}) * ({name} / {UNITS}.0e0 - {number(place)})"
            for name, place in zip(NAMES, centroid, strict=True)
        )
        for centroid in centroids
    ]


def cluster_sizes(connection: Connection, centroids: np.ndarray) -> list[int]:
    """How many customers are nearest to each centroid."""
    counts = dict(
        connection.execute(f"select {nearest(centroids)} as cluster, count(*) from scaled group by cluster").fetchall()
    )
    return [counts.get(place + 1, 0) for place in range(len(centroids))]


# Components


def read_components(connection: Connection) -> ComponentSums:
    """Make `component_scores`, one row per graded customer with a score; gives the sums of each pair of components."""
    live = connection.execute(
        "select component, max(weight) from published.marts.customer_tier_reasons group by component order by component"
    ).fetchall()
    names = tuple(name for name, _ in live)
    columns = ", ".join(
        f"cast(max(score) filter (where component = {sql_text(name)}) * {UNITS} as bigint) as {column(place)}"
        for place, name in enumerate(names)
    )
    connection.execute(f"""
        create table component_scores as
        select reasons.customer_id, coalesce(max(tiers.value_tier), 'none') as value_tier
            {"," if names else ""} {columns}
        from published.marts.customer_tier_reasons as reasons
        inner join published.marts.customer_rfm as rfm
            on reasons.as_of_date = rfm.as_of_date and reasons.customer_id = rfm.customer_id
        left join published.marts.customer_tiers as tiers
            on reasons.as_of_date = tiers.as_of_date and reasons.customer_id = tiers.customer_id
        where reasons.score is not null
        group by reasons.customer_id
    """)
    pairs = list(combinations_with_replacement(range(len(names)), 2))
    every = " and ".join(f"{column(place)} is not null" for place in range(len(names))) or "false"
    sums = ", ".join(_pair_sums(*pair) for pair in pairs)
    row = connection.execute(
        f"select count(*) filter (where {every}) {',' if pairs else ''} {sums} from component_scores"
    ).fetchone()
    found = [int(figure or 0) for figure in row[1:]]
    return ComponentSums(
        names,
        tuple(float(weight or 0) for _, weight in live),
        {pair: tuple(found[6 * place : 6 * place + 6]) for place, pair in enumerate(pairs)},
        int(row[0]),
    )


def _pair_sums(first: int, second: int) -> str:
    x, y = column(first), column(second)
    both = f"filter (where {x} is not null and {y} is not null)"
    sums = ", ".join(f"sum({what}) {both}" for what in (x, y, f"{x} * {x}", f"{y} * {y}", f"{x} * {y}"))
    return f"count(*) {both}, {sums}"


def column(place: int) -> str:
    """The column of a component in `component_scores`."""
    return f"component_{place}"


# SQL


def number(value: float) -> str:
    """A number as SQL of type double, every digit of it."""
    return f"{float(value):.17e}"
