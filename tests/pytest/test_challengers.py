"""Challengers: known clusters and factors are found, the same whatever the order, and only proposals are written."""

import hashlib
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager

pytest.importorskip("sklearn", reason="requirements/test.txt is not installed")
pytest.importorskip("statsmodels", reason="requirements/test.txt is not installed")

from sklearn.metrics import adjusted_rand_score, silhouette_score

from scripts import dbt_test
from scripts.challengers import __main__ as command
from scripts.challengers import clusters, factors, marts, report, tables
from scripts.challengers.marts import Cells, ComponentSums
from scripts.publish import publish

AS_OF = date(2025, 12, 31)
GROUPS = (
    # value, occasions, days since last, engagement, categories, tenure, satisfaction
    (100_000, 40, 10, 60, 8, 2_000, 70),
    (3_000, 12, 90, 20, 4, 900, 70),
    (50, 2, 700, 1, 1, 1_500, 70),
)
COMPONENTS = ("clv", "engagement", "loyalty", "rfm", "satisfaction", "variety")
LIVE_WEIGHTS = dict(zip(COMPONENTS, (0.30, 0.10, 0.15, 0.30, 0.10, 0.05), strict=True))


# A made-up publish


def people(per_group: int = 100, never_bought: int = 10) -> pd.DataFrame:
    """Customers of three groups that lie far apart, and some who never bought; `group` is the truth."""
    rng = np.random.default_rng(7)
    rows = []
    for group, centre in enumerate(GROUPS, 1):
        for value, occasions, recency, engagement, variety, tenure, satisfaction in centre * np.exp(
            rng.normal(0, 0.08, (per_group, len(centre)))
        ):
            rows.append((group, value, occasions, recency, engagement, round(variety), tenure, satisfaction))
    rows += [(0, 0, 0, None, 5, 0, None, None)] * never_bought
    columns = ["group", "m_value", "f_value", "r_days", "engagement", "variety", "tenure", "satisfaction"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.insert(0, "customer_id", [f"C{number:05d}" for number in range(len(frame))])
    frame.loc[frame.index % 3 == 0, "satisfaction"] = None
    frame["tier"] = frame["group"].map({0: None, 1: "high", 2: "medium", 3: "low"})
    return frame


def component_scores(customers: pd.DataFrame, loadings: np.ndarray | None = None) -> pd.DataFrame:
    """Scores of two independent factors (rfm, clv, variety; loyalty, engagement, satisfaction), for every customer."""
    if loadings is None:
        loadings = np.array([[0.9, 0], [0, 0.8], [0, 0.9], [0.8, 0], [0, 0.7], [0.7, 0]])
    rng = np.random.default_rng(11)
    common = rng.normal(size=(len(customers), 2)) @ loadings.T
    noise = rng.normal(size=common.shape) * np.sqrt(1 - (loadings**2).sum(axis=1))
    scores = np.clip(50 + 12 * (common + noise), 0, 100).round(4)
    frame = pd.DataFrame(scores, columns=COMPONENTS).assign(customer_id=customers["customer_id"].to_numpy())
    return frame.melt("customer_id", var_name="component", value_name="score")


def publish_people(
    home: Path, customers: pd.DataFrame, scores: pd.DataFrame | None = None, shuffle_seed: int | None = None
) -> Path:
    """Publish the marts that the challengers read; gives the home."""
    scores = component_scores(customers) if scores is None else scores
    if shuffle_seed is not None:
        customers, scores = (each.sample(frac=1, random_state=shuffle_seed) for each in (customers, scores))
    (home / "work").mkdir(parents=True, exist_ok=True)
    work = home / "work" / "tiers.duckdb"
    work.unlink(missing_ok=True)
    with duckdb.connect(str(work)) as connection:
        connection.register("customers", customers)
        connection.register("scores", scores.assign(weight=scores["component"].map(LIVE_WEIGHTS)))
        connection.execute(f"""
            create schema marts;
            create table marts.customer_rfm as
            select
                date '{AS_OF}' as as_of_date, customer_id, cast(round(r_days) as integer) as r_days,
                cast(f_value as decimal(18, 4)) as f_value, cast(m_value as decimal(18, 4)) as m_value,
                cast(1 as integer) as variety_lobs, cast(variety as integer) as variety_categories,
                date '{AS_OF}' - cast(round(tenure) as integer) as first_purchase_date
            from customers where coalesce(tier, '') <> 'excluded';
            create table marts.customer_tiers as
            select date '{AS_OF}' as as_of_date, customer_id, nullif(tier, 'excluded') as value_tier from customers;
            create table marts.customer_engagement as
            select as_of_date, c.customer_id, cast(engagement as decimal(9, 4)) as engagement_score
            from customers as c inner join marts.customer_rfm as rfm using (customer_id);
            create table marts.customer_satisfaction as
            select as_of_date, c.customer_id, cast(satisfaction as decimal(9, 4)) as sat_score
            from customers as c inner join marts.customer_rfm as rfm using (customer_id);
            create table marts.customer_tier_reasons as
            select
                date '{AS_OF}' as as_of_date, customer_id, component, cast(weight as decimal(9, 4)) as weight,
                cast(score as decimal(9, 4)) as score
            from scores;
        """)
    publish(work, home)
    return home


def run(home: Path) -> int:
    """The exit code of the command."""
    return command.main(["--home", str(home)])


def proposals(home: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a reader of the proposals gets; names of tables need no schema."""
    with duckdb.connect(str(home / "proposals" / "challengers.duckdb"), read_only=True) as connection:
        connection.execute("set search_path = 'proposals'")
        return connection.execute(sql).fetchall()


def everything(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all proposals, but for the name of the publish."""
    names = [name for (name,) in proposals(home, "select table_name from duckdb_tables() order by table_name")]
    without = {"cluster_runs": "* exclude (publish_id)", "factor_runs": "* exclude (publish_id)"}
    return {name: proposals(home, f"select {without.get(name, '*')} from {name} order by all") for name in names}


def files(directory: Path) -> dict[str, str]:
    """The hash of every file, by path; links are not followed."""
    return {
        str(path.relative_to(directory)): hashlib.md5(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and "proposals" not in path.parts
    }


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return people()


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory, customers: pd.DataFrame) -> Path:
    """A home with proposals; tests only read it."""
    home = publish_people(tmp_path_factory.mktemp("proposed") / "home", customers)
    assert run(home) == 0
    return home


@pytest.fixture
def cells(customers: pd.DataFrame) -> Cells:
    """The three groups in two dimensions, scaled by hand."""
    bought = customers[customers["group"] > 0]
    points = np.column_stack([np.log1p(bought["m_value"].astype(float)), bought["f_value"].astype(float) / 10])
    return Cells(points, np.ones(len(points), dtype=np.int64))


# Clusters


def test_known_groups_are_found_again(proposed: Path, customers: pd.DataFrame) -> None:
    found = dict(proposals(proposed, "select customer_id, cluster_id from customer_clusters"))
    bought = customers[customers["group"] > 0]
    assert [found[customer] for customer in bought["customer_id"]] == bought["group"].tolist()
    assert proposals(proposed, "select cluster_count from cluster_choices where is_chosen") == [(3,)]
    (run_row,) = proposals(
        proposed,
        "select status, customer_count, adjusted_rand_with_tiers, mean_stability, resample_count from cluster_runs",
    )
    assert run_row == ("done", 300, 1, 1, 20)


def test_cluster_1_has_most_value_whatever_the_number_of_clusters(cells: Cells) -> None:
    for k in range(clusters.FEWEST, clusters.MOST + 1):
        values = clusters.fit(cells, k)[:, 0]
        assert list(values) == sorted(values, reverse=True)


def test_every_graded_customer_has_one_row_and_buyers_alone_a_cluster(proposed: Path) -> None:
    counts = "select cluster_status, count(*), count(distinct customer_id), count(cluster_id) from customer_clusters"
    assert proposals(proposed, f"{counts} group by 1 order by 1") == [
        ("clustered", 300, 300, 300),
        ("never_bought", 10, 10, 0),
    ]


def test_customers_who_are_not_graded_are_in_no_proposal(tmp_path: Path, customers: pd.DataFrame) -> None:
    excluded = customers.assign(tier=customers["tier"].where(customers.index % 10 != 0, "excluded"))
    home = publish_people(tmp_path / "home", excluded)
    assert run(home) == 0
    gone = set(excluded.loc[excluded["tier"] == "excluded", "customer_id"])
    for table in ("customer_clusters", "customer_factor_scores"):
        left = {customer for (customer,) in proposals(home, f"select customer_id from {table}")}
        assert left == set(excluded["customer_id"]) - gone


def test_neither_the_order_of_rows_nor_threads_nor_a_second_run_matter(
    proposed: Path, tmp_path: Path, customers: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = everything(proposed)
    for threads, seed in (("1", 1), ("4", 2)):
        monkeypatch.setenv("TIERS_THREADS", threads)
        home = publish_people(tmp_path / threads, customers, shuffle_seed=seed)
        assert run(home) == 0
        assert everything(home) == expected
    assert run(home) == 0
    assert everything(home) == expected


def test_a_cell_of_five_counts_as_five_customers() -> None:
    points = np.random.default_rng(9).normal(size=(60, 3))
    summed = Cells(points, np.arange(60) % 5 + 1)
    each = Cells(np.repeat(points, summed.weights, axis=0), np.ones(summed.weights.sum(), dtype=np.int64))
    for k in (3, 5, 8):
        np.testing.assert_allclose(clusters.fit(summed, k), clusters.fit(each, k), atol=1e-6)
    np.testing.assert_array_equal(np.sort(clusters.sample(summed, 10_000), axis=0), np.sort(each.points, axis=0))


def test_no_cluster_rests_on_who_was_asked(proposed: Path) -> None:
    assert "satisfaction_known" not in marts.NAMES
    shown = "select count(centroid), min(typical) > 0.6, max(typical) < 0.7 from cluster_profiles where measure = "
    assert proposals(proposed, f"{shown} 'satisfaction_known'") == [(0, True, True)]


def test_a_coarse_grid_gives_nearly_the_same_clusters(tmp_path: Path, customers: pd.DataFrame) -> None:
    home = publish_people(tmp_path / "home", customers)
    with marts.open_publish(marts.published(home), tmp_path) as connection:
        marts.measure_customers(connection)
        exact, coarse = marts.read_cells(connection), marts.read_cells(connection, most_cells=60)
        assert exact.grid_step is None and coarse.grid_step in marts.GRID_STEPS
        assert len(coarse.weights) <= 60 < len(exact.weights) <= 300
        assert coarse.weights.sum() == exact.weights.sum() == 300
        np.testing.assert_allclose(coarse.weights @ coarse.points, exact.weights @ exact.points)
        centroids = clusters.fit(coarse, 3)
        assert marts.cluster_sizes(connection, centroids) == [100, 100, 100]
        assert exact.weights @ np.eye(3)[clusters.predict(exact.points, centroids)] == pytest.approx([100] * 3)


def test_starts_are_the_means_of_equal_parts() -> None:
    line = Cells(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([1, 1, 1, 1]))
    assert clusters.starts(line, 2).tolist() == [[0.5], [2.5]]
    on_the_border = Cells(np.array([[0.0], [1.0], [2.0]]), np.array([1, 2, 1]))
    assert clusters.starts(on_the_border, 2).tolist() == [[0.5], [1.5]]


def test_a_cluster_below_two_percent_or_five_customers_is_too_small() -> None:
    far = Cells(np.array([[10.0], [5.0], [0.0]]), np.array([600, 391, 9]))
    sizes = {True: [500, 480, 20], False: [500, 481, 19]}
    for is_eligible, counts in sizes.items():
        choice = clusters.choices(far, lambda centroids, counts=counts: counts)[0]
        assert choice.is_eligible is is_eligible
    for is_eligible, counts in {True: [50, 45, 5], False: [50, 46, 4]}.items():
        assert clusters.choices(far, lambda centroids, counts=counts: counts)[0].is_eligible is is_eligible


def test_of_equal_silhouettes_fewer_clusters_are_chosen() -> None:
    tried = [clusters.Choice(k, np.zeros((k, 1)), [9] * k, score, True) for k, score in ((3, 0.4), (4, 0.5), (5, 0.5))]
    assert clusters.best(tried).k == 4
    assert clusters.best([]) is None


def test_fewer_distinct_customers_than_clusters_are_no_clusters(tmp_path: Path, customers: pd.DataFrame) -> None:
    alike = customers.assign(m_value=10, f_value=1, engagement=0, variety=1, satisfaction=None)
    alike.loc[alike["group"] > 0, ["r_days", "tenure"]] = 100, 100
    home = publish_people(tmp_path / "home", alike)
    assert run(home) == 0
    assert proposals(home, "select status, cluster_count from cluster_runs") == [("no_clusters", None)]
    assert proposals(home, "select distinct basis from cluster_measures") == [("constant",)]
    statuses = "select cluster_status, count(cluster_id) from customer_clusters group by 1 order by 1"
    assert proposals(home, statuses) == [("never_bought", 0), ("no_clusters", 0)]
    assert proposals(home, "select status from factor_runs") == [("done",)]
    text = (home / "proposals" / "challengers" / "report.md").read_text(encoding="utf-8")
    assert "No number of clusters from 3 to 8" in text and "nan" not in text.lower()


def test_the_silhouette_of_cells_is_that_of_customers() -> None:
    points = np.array([[0.0], [1.0], [9.0], [10.0]])
    summed = Cells(points, np.array([3, 1, 1, 2]))
    each = np.repeat(points, summed.weights, axis=0)
    expected = silhouette_score(each, [0, 0, 0, 0, 1, 1, 1])
    assert clusters.silhouette(clusters.sample(summed), np.array([[0.0], [10.0]])) == pytest.approx(expected, abs=1e-6)
    assert clusters.silhouette(points, np.array([[0.0], [99.0]])) is None


def test_a_sample_takes_from_each_cell_by_its_weight() -> None:
    taken = clusters.sample(Cells(np.array([[1.0], [2.0], [3.0]]), np.array([5_000, 3_000, 2_000])), most=10)
    assert taken.ravel().tolist() == [1] * 5 + [2] * 3 + [3] * 2


def test_the_adjusted_rand_index_is_that_of_the_library() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.integers(0, 4, 500), rng.integers(0, 3, 500)
    second = np.where(rng.random(500) < 0.5, first % 3, second)
    table = np.zeros((4, 3), dtype=int)
    np.add.at(table, (first, second), 1)
    assert clusters.adjusted_rand(table.tolist()) == pytest.approx(adjusted_rand_score(first, second), abs=1e-6)
    assert clusters.adjusted_rand([[10, 0], [0, 5]]) == 1
    assert clusters.adjusted_rand([[10]]) == 1


def test_groups_that_lie_apart_are_stable_and_a_cloud_is_not(cells: Cells) -> None:
    assert clusters.stability(cells, clusters.fit(cells, 3)) == [1.0] * 20
    cloud = Cells(np.random.default_rng(5).normal(size=(200, 4)), np.ones(200, dtype=np.int64))
    found = clusters.stability(cloud, clusters.fit(cloud, 4))
    assert len(found) == 20 and np.mean(found) < 0.9
    assert found == clusters.stability(cloud, clusters.fit(cloud, 4))


# Measures


def test_spreads_are_interquartile_ranges_and_something_else_where_these_are_0() -> None:
    value, scale = "value", marts.scale_of
    assert scale(value, (1, 2, 5), 4, 110_000, 3_900_000_000) == marts.Scale("value", 4, 2, 4, "iqr")
    one_of_four = scale(value, (0, 0, 0), 4, 40_000, 1_600_000_000)  # 0, 0, 0, 4: standard deviation 1.732
    assert (one_of_four.centre, one_of_four.basis) == (0, "standard_deviation")
    assert one_of_four.spread == pytest.approx(1.349 * 3**0.5)
    assert scale(value, (7, 7, 7), 4, 280_000, 19_600_000_000) == marts.Scale("value", 4, 7, 1, "constant")
    assert scale(value, None, 0, 0, 0).basis == "constant"


def test_measures_are_clipped_and_satisfaction_alone_is_imputed(tmp_path: Path, customers: pd.DataFrame) -> None:
    edge = customers.copy()
    edge.loc[0, ["m_value", "r_days", "satisfaction", "engagement"]] = -500, 100_000, None, None
    edge.loc[1, ["m_value", "satisfaction"]] = 0, 55
    home = publish_people(tmp_path / "home", edge)
    with marts.open_publish(marts.published(home), tmp_path) as connection:
        scales = {scale.measure: scale for scale in marts.measure_customers(connection)}
        columns = "value, recency, satisfaction, engagement"
        first, second = connection.execute(
            f"select {columns} from scaled where customer_id in ('C00000', 'C00001') order by customer_id"
        ).fetchall()
        (median,) = connection.execute(
            "select quantile_cont(cast(sat_score as double), 0.5) from published.marts.customer_satisfaction "
            "inner join published.marts.customer_rfm using (customer_id) where r_days is not null"
        ).fetchone()
    assert first[0] == second[0]  # a negative value counts as 0
    assert first[1:3] == (30_000, 0)
    engagement = scales["engagement"]
    assert first[3] == pytest.approx(-10_000 * engagement.centre / engagement.spread, abs=1)
    assert scales["satisfaction"].centre == median
    assert second[2] == pytest.approx(10_000 * (55 - median) / scales["satisfaction"].spread, abs=1)
    assert run(home) == 0
    imputed = (
        "select is_satisfaction_imputed from customer_clusters where customer_id in ('C00000', 'C00001', 'C00305')"
    )
    assert proposals(home, f"{imputed} order by customer_id") == [(True,), (False,), (False,)]


# Factors


def sums_of(scores: np.ndarray, names: tuple[str, ...] | None = None) -> ComponentSums:
    """What the marts would give for a table of scores; nan is an absent component."""
    whole = np.round(scores * marts.UNITS)
    names = names or tuple(f"c{number}" for number in range(scores.shape[1]))
    pairs = {}
    for i in range(len(names)):
        for j in range(i, len(names)):
            both = whole[~np.isnan(whole[:, i]) & ~np.isnan(whole[:, j])]
            x, y = ([int(value) for value in both[:, place]] for place in (i, j))
            products = [sum(a * b for a, b in zip(*each, strict=True)) for each in ((x, x), (y, y), (x, y))]
            pairs[i, j] = (len(both), sum(x), sum(y), *products)
    complete = int((~np.isnan(scores)).all(axis=1).sum())
    return ComponentSums(names, (0.1,) * len(names), pairs, complete)


@pytest.fixture(scope="module")
def two_factors() -> np.ndarray:
    """300 customers, six scores, two factors."""
    rng = np.random.default_rng(1)
    common = rng.normal(size=(300, 2))
    loadings = np.array([[0.9, 0], [0.8, 0.1], [0.7, 0], [0, 0.8], [0.1, 0.9], [0, 0.6]])
    return common @ loadings.T + 0.5 * rng.normal(size=(300, 6))


def test_kmo_and_bartlett_are_those_of_another_package(two_factors: np.ndarray) -> None:
    matrix = np.corrcoef(two_factors.T)
    overall, each = factors.kmo(matrix)
    assert overall == pytest.approx(0.712670973526774, abs=1e-6)
    assert each == pytest.approx([0.68115622, 0.73676133, 0.75170842, 0.65711028, 0.69158376, 0.79826211], abs=1e-6)
    chi_square, freedom, p = factors.bartlett(matrix, 300)
    assert chi_square == pytest.approx(869.4855368775709, abs=1e-4)
    assert freedom == 15 and p == pytest.approx(1.1926669885829883e-175)


def test_kmo_and_bartlett_by_hand() -> None:
    matrix = np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]])
    overall, each = factors.kmo(matrix)  # given the third, two correlate by (.5 - .25) / .75 = 1/3
    assert overall == pytest.approx(0.25 / (0.25 + 1 / 9), abs=1e-6)
    assert each == pytest.approx([overall] * 3)
    chi_square, freedom, p = factors.bartlett(matrix, 101)  # determinant 1/2
    assert chi_square == pytest.approx((100 - 11 / 6) * np.log(2), abs=1e-6)
    assert (freedom, p) == (3, pytest.approx(0, abs=1e-12))


def test_varimax_finds_a_simple_structure_even_from_a_saddle() -> None:
    simple = np.array([[0.9, 0], [0.9, 0], [0.9, 0], [0, 0.8], [0, 0.8], [0, 0.8]])
    for degrees in (0, 20, 45, 80):
        turn = np.radians(degrees)
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        np.testing.assert_allclose(factors.rotate(simple @ rotation), simple, atol=1e-5)


def test_varimax_is_the_best_of_all_angles(two_factors: np.ndarray) -> None:
    extracted = factors.extract(np.corrcoef(two_factors.T), 2, 300)
    lengths = np.sqrt((extracted**2).sum(axis=1, keepdims=True))
    best = factors.varimax_criterion(factors.rotate(extracted) / lengths)
    for turn in np.linspace(0, np.pi / 2, 1_000):
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        assert factors.varimax_criterion(extracted @ rotation / lengths) <= best + 1e-6


def test_loadings_are_eigenvectors_and_give_the_correlations_back(two_factors: np.ndarray) -> None:
    matrix = np.corrcoef(two_factors.T)
    values, vectors = np.linalg.eigh(matrix)
    extracted = factors.extract(matrix, 2, 300)
    expected = vectors[:, ::-1][:, :2] * np.sqrt(values[::-1][:2])
    np.testing.assert_allclose(np.abs(extracted), np.abs(expected), atol=1e-10)
    rotated = factors.rotate(extracted)
    np.testing.assert_allclose(rotated @ rotated.T, expected @ expected.T, atol=1e-5)


def test_the_largest_loading_is_positive_and_the_strongest_factor_first(two_factors: np.ndarray) -> None:
    for turned in (two_factors, -two_factors, two_factors[:, ::-1]):
        loadings = factors.analyse(sums_of(turned)).loadings
        largest = np.abs(loadings).argmax(axis=0)
        assert (loadings[largest, [0, 1]] > 0).all()
        assert (loadings[:, 0] ** 2).sum() >= (loadings[:, 1] ** 2).sum()


def test_suggested_weights_are_shares_of_the_explained_variance(two_factors: np.ndarray) -> None:
    found = factors.analyse(sums_of(two_factors))
    assert found.status == "done" and found.sentence.startswith("2 factors explain")
    assert sum(round(weight * 10_000) for weight in found.weights) == 10_000
    by_factor = (found.loadings**2).sum(axis=0)
    variance = by_factor / by_factor.sum()
    by_loading = ((found.loadings**2) / by_factor) @ variance
    assert found.weights == pytest.approx(by_loading, abs=1e-4)
    assert factors.shares(np.array([1.0, 1.0, 1.0])) == [0.3334, 0.3333, 0.3333]


def test_correlations_of_the_marts_are_those_of_numpy(proposed: Path, customers: pd.DataFrame) -> None:
    scores = component_scores(customers).pivot_table("score", "customer_id", "component")
    expected = scores.corr()
    for first, second, value, count in proposals(proposed, "from score_correlations"):
        assert float(value) == pytest.approx(expected.loc[first, second], abs=1e-6)
        assert count == len(customers)
    assert proposals(proposed, "select factor_count, component_count, complete_count from factor_runs") == [(2, 6, 310)]
    strong = "select component from score_factors where abs(loading) > 0.6 and factor = 1 order by 1"
    assert {name for (name,) in proposals(proposed, strong)} in (
        {"clv", "rfm", "variety"},
        {"engagement", "loyalty", "satisfaction"},
    )
    weights = "select sum(suggested_weight), sum(live_weight), sum(live_weight_of_used) from score_weights"
    assert [float(total) for total in proposals(proposed, weights)[0]] == pytest.approx([1, 1, 1], abs=1e-3)


def test_factor_scores_have_mean_0_and_spread_1_and_absent_components_count_as_their_mean(
    proposed: Path, tmp_path: Path, customers: pd.DataFrame
) -> None:
    figures = "select avg(factor_score), stddev_pop(factor_score) from customer_factor_scores group by factor"
    for mean, deviation in proposals(proposed, figures):
        assert float(mean) == pytest.approx(0, abs=1e-3) and float(deviation) == pytest.approx(1, abs=1e-3)
    scores = component_scores(customers)
    only_rfm = scores[(scores["customer_id"] != "C00000") | (scores["component"] == "rfm")]
    home = publish_people(tmp_path / "home", customers, only_rfm)
    assert run(home) == 0
    ((score, present),) = proposals(
        home,
        "select sum(factor_score), min(present_component_count) "
        "from customer_factor_scores where customer_id = 'C00000'",
    )
    ((per_deviation, mean, deviation),) = proposals(
        home,
        "select sum(coefficient), any_value(mean), any_value(standard_deviation) "
        "from score_factors inner join score_weights using (component) where component = 'rfm'",
    )
    own = only_rfm.loc[only_rfm["customer_id"] == "C00000", "score"].item()
    expected = float(per_deviation) * (own - float(mean)) / float(deviation)
    assert present == 1 and float(score) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("two say the same", "singular"),
        ("one follows from others", "singular"),
        ("pairs of different customers contradict each other", "singular"),
        ("nothing in common", "no_factor"),
        ("all constant", "too_few_components"),
        ("two components", "too_few_components"),
        ("too few customers", "too_few_components"),
        ("no component", "too_few_components"),
    ],
)
def test_what_has_no_factors_says_why(name: str, status: str, two_factors: np.ndarray) -> None:
    base = two_factors[:, :3]
    contradicting = np.full((180, 3), np.nan)
    line = np.arange(60.0)
    for start, (i, j, sign) in enumerate(((0, 1, 1), (1, 2, 1), (0, 2, -1))):
        contradicting[60 * start : 60 * start + 60, i] = line
        contradicting[60 * start : 60 * start + 60, j] = sign * line
    cube = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)] * 10, dtype=float)
    scores = {
        "two say the same": np.column_stack([base, base[:, 0]]),
        "one follows from others": np.column_stack([base, np.round(base, 4) @ [1, 2, 3]]),
        "pairs of different customers contradict each other": contradicting,
        "nothing in common": cube,
        "all constant": np.ones((100, 4)),
        "two components": base[:, :2],
        "too few customers": base[: factors.FEWEST_IN_COMMON - 1],
        "no component": np.empty((100, 0)),
    }[name]
    found = factors.analyse(sums_of(scores))
    assert found.status == status
    assert found.sentence.endswith(".") and "nan" not in found.sentence
    assert found.loadings is None and found.weights == []


def test_components_that_cannot_take_part_are_left_out_with_a_reason(two_factors: np.ndarray) -> None:
    rare, apart = np.full(300, np.nan), np.full(300, np.nan)
    rare[:49] = two_factors[:49, 0]
    apart[:60] = two_factors[:60, 3]
    thin = two_factors.copy()
    thin[:60, 5] = np.nan  # who has `apart` has no c5
    scores = np.column_stack([thin, rare, np.full(300, 5.0), apart])
    names = (*(f"c{number}" for number in range(6)), "rare", "flat", "apart")
    found = factors.analyse(sums_of(scores, names))
    left_out = {component.name: component.status for component in found.components if component.status != "used"}
    assert left_out == {"rare": "too_few", "flat": "constant", "apart": "too_few_in_common"}
    assert found.status == "done" and found.fewest_in_common == 240
    by_name = {row[0]: row for row in tables.weight_rows(found)}
    assert by_name["flat"][-1] is None and by_name["c0"][-1] > 0


def test_50_customers_in_common_are_enough(two_factors: np.ndarray) -> None:
    assert factors.analyse(sums_of(two_factors[:50])).status == "done"


def test_a_publish_without_reasons_still_has_clusters(tmp_path: Path, customers: pd.DataFrame) -> None:
    home = publish_people(tmp_path / "home", customers, component_scores(customers).iloc[:0])
    assert run(home) == 0
    assert proposals(home, "select status from factor_runs") == [("too_few_components",)]
    assert proposals(home, "select count(*) from customer_factor_scores") == [(0,)]
    assert proposals(home, "select status from cluster_runs") == [("done",)]


# The command


def test_nothing_but_proposals_is_written(tmp_path: Path, customers: pd.DataFrame) -> None:
    home = publish_people(tmp_path / "home", customers)
    before = files(tmp_path)
    assert run(home) == 0
    assert files(tmp_path) == before
    shown = sorted(path.name for path in (home / "proposals" / "challengers").iterdir())
    assert shown == ["challengers.duckdb", "parquet", "pictures", "report.md"]
    runs = [path for path in (home / "proposals" / ".challengers").iterdir() if path.is_dir()]
    assert len(runs) == 1
    assert run(home) == 0
    again = [path for path in (home / "proposals" / ".challengers").iterdir() if path.is_dir()]
    assert len(again) == 1 and again != runs


def test_a_reader_keeps_what_is_open(tmp_path: Path, customers: pd.DataFrame) -> None:
    home = publish_people(tmp_path / "home", customers)
    run(home)
    with duckdb.connect(str(home / "proposals" / "challengers.duckdb"), read_only=True) as connection:
        assert run(home) == 0
        assert connection.execute("select count(*) from proposals.customer_clusters").fetchone() == (310,)


def test_current_bi_tools_can_open_the_proposals(proposed: Path) -> None:
    header = (proposed / "proposals" / "challengers.duckdb").read_bytes()[:64]
    assert 64 <= int.from_bytes(header[12:20], "little") <= 67  # what DuckDB 1.4 reads
    parquet = proposed / "proposals" / "challengers" / "parquet"
    assert {path.stem for path in parquet.iterdir()} == set(everything(proposed))
    undescribed = "select table_name from duckdb_tables() where comment is null"
    assert proposals(proposed, undescribed) == []


def test_pictures_are_drawn_and_the_report_names_no_customer(proposed: Path, customers: pd.DataFrame) -> None:
    beside = proposed / "proposals" / "challengers"
    text = (beside / "report.md").read_text(encoding="utf-8")
    pictures = sorted(path.name for path in (beside / "pictures").iterdir())
    assert pictures == [
        "cluster_profiles.png", "cluster_tiers.png", "factor_loadings.png", "score_weights.png", "silhouette.png",
    ]  # fmt: skip
    assert all(f"(pictures/{name})" in text for name in pictures)
    assert not any(customer in text for customer in customers["customer_id"])
    assert "nan" not in text.lower() and "None" not in text


def test_without_a_publish_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 1
    assert "nothing is published" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_too_few_customers_leave_the_earlier_proposals(
    tmp_path: Path, customers: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    home = publish_people(tmp_path / "home", customers)
    run(home)
    earlier = everything(home)
    publish_people(home, customers[customers.index % 4 == 0])
    assert run(home) == 1
    assert "75 graded customers have bought" in capsys.readouterr().err
    assert everything(home) == earlier
    assert not list((home / "proposals" / ".challengers").glob("new-*"))


def test_100_customers_are_enough(tmp_path: Path, customers: pd.DataFrame) -> None:
    bought = customers[customers["group"] > 0]
    assert run(publish_people(tmp_path / "home", bought.iloc[::3])) == 0
    assert run(publish_people(tmp_path / "home", bought.iloc[::3].iloc[1:])) == 1


def test_a_publish_of_an_earlier_version_is_named(
    tmp_path: Path, customers: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    home = publish_people(tmp_path / "home", customers)
    with duckdb.connect(str(home / "work" / "tiers.duckdb")) as connection:
        connection.execute("drop table marts.customer_engagement")
    publish(home / "work" / "tiers.duckdb", home)
    assert run(home) == 1
    assert "the publish has no customer_engagement" in capsys.readouterr().err


def test_two_runs_at_once_do_not_meet(proposed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with command.new_run(proposed) as directory:
        assert run(proposed) == 75
        assert "another run" in capsys.readouterr().err
        earlier = (proposed / "proposals" / "challengers").resolve()
        for path in earlier.iterdir():
            path.rename(directory / path.name)


def test_wrong_usage_ends_with_2(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere") == 2
    with pytest.raises(SystemExit) as error:
        command.main(["--as-of", "2025-01-01"])
    assert error.value.code == 2


def test_an_unexpected_error_shows_no_values(
    tmp_path: Path, customers: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> None:
        raise ValueError("secret")

    home = publish_people(tmp_path / "home", customers)
    monkeypatch.setattr(tables, "propose_clusters", fail)
    assert run(home) == 1
    said = capsys.readouterr().err
    assert "ValueError" in said and "secret" not in said
    log = home / "proposals" / ".challengers" / "traceback.log"
    assert "secret" in log.read_text(encoding="utf-8") and log.stat().st_mode & 0o777 == 0o600


def test_without_its_libraries_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "scripts.challengers.run")
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    assert run(tmp_path) == 1
    assert "threadpoolctl is not installed here: run `make challengers`" in capsys.readouterr().err


@pytest.mark.parametrize(("kmo", "word"), [(0.9, "very good"), (0.6, "mediocre"), (0.49, "not suited to factors")])
def test_kmo_levels_begin_at_their_limit(kmo: float, word: str) -> None:
    assert report.kmo_level(kmo) == word


def test_the_sample_has_proposals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERS_HOME", "")
    selection = ["--exclude-resource-type", "unit_test", "--exclude-resource-type", "test", "--vars", "review_count: 0"]
    needed = ["--select", *(f"+{name}" for name in marts.NEEDED)]
    assert dbt_test.build("sample", ["--customers", "400"], [*selection, *needed], tmp_path)
    DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()
    home = tmp_path / "home"
    publish(home / "work" / "tiers.duckdb", home)
    assert run(home) == 0
    ((graded,),) = proposals(home, "select count(*) from customer_clusters")
    with duckdb.connect(str(home / "published" / "tiers.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.customer_rfm").fetchone() == (graded,)
    assert proposals(home, "select status from cluster_runs") == [("done",)]
    ((kmo,),) = proposals(home, "select kmo from factor_runs")
    assert kmo is None or 0 < kmo < 1
