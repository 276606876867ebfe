"""The proposals as tables: schema `proposals` of challengers.duckdb, and one Parquet file each."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.challengers import clusters, factors
from scripts.challengers.marts import (
    CLIP,
    MEASURES,
    NAMES,
    UNITS,
    Cells,
    Connection,
    Publish,
    Scale,
    cluster_sizes,
    column,
    nearest,
    number,
    squared_distances,
)
from scripts.publish import sql_text

TIERS = ("high", "medium", "low", "potential", "none")
LIBRARIES = ("duckdb", "numpy", "scipy", "scikit-learn", "statsmodels")
RATIO = "decimal(18, 6)"


@dataclass(frozen=True)
class ClusterProposal:
    """Everything found about clusters; `choice` is None where there are none, and `sentence` says why."""

    status: str
    sentence: str
    scales: list[Scale]
    cells: Cells
    tried: list[clusters.Choice]
    choice: clusters.Choice | None
    stability: list[float]
    profiles: list[tuple[Any, ...]]
    tiers: list[tuple[Any, ...]]
    adjusted_rand: float | None


@dataclass(frozen=True)
class FactorProposal:
    """Everything found about factors; `tiers` has the mean factor scores of each tier."""

    found: factors.Factors
    tiers: list[tuple[Any, ...]]


def propose_clusters(connection: Connection, publish: Publish, scales: list[Scale], cells: Cells) -> ClusterProposal:
    """Choose, assign every customer and describe; writes `customer_clusters`."""
    tried = clusters.choices(cells, lambda centroids: cluster_sizes(connection, centroids))
    choice = clusters.best(tried)
    _write_customers(connection, publish, choice)
    if choice is None:
        sentence = (
            f"No number of clusters from {clusters.FEWEST} to {clusters.MOST} leaves at least "
            f"{1 / clusters.SMALLEST_SHARE_IN:.0%} and {clusters.SMALLEST_COUNT} customers in each."
        )
        return ClusterProposal("no_clusters", sentence, scales, cells, tried, None, [], [], [], None)
    tiers = _cross_tab(connection)
    found = clusters.stability(cells, choice.centroids)
    return ClusterProposal(
        "done",
        f"{choice.k} clusters of {sum(choice.sizes):,} customers.",
        scales,
        cells,
        tried,
        choice,
        found,
        _profiles(connection, choice),
        tiers,
        clusters.adjusted_rand(contingency(tiers, choice.k)),
    )


def _write_customers(connection: Connection, publish: Publish, choice: clusters.Choice | None) -> None:
    """`customer_clusters`: one row per graded customer."""
    cluster, distance, source = "null", "null", "(select null as customer_id, false as satisfaction_known where false)"
    if choice is not None:
        cluster = nearest(choice.centroids)
        distance = f"sqrt(least({', '.join(squared_distances(choice.centroids))}))"
        source = "scaled"
    connection.execute(f"""
        create table target.proposals.customer_clusters as
        with assigned as (
            select
                customer_id,
                cast({cluster} as integer) as cluster_id,
                cast({distance} as decimal(9, 4)) as centroid_distance
            from {source}
        )
        select
            cast({sql_text(str(publish.as_of_date))} as date) as as_of_date,
            rfm.customer_id,
            case
                when rfm.r_days is null then 'never_bought'
                when assigned.cluster_id is null then 'no_clusters'
                else 'clustered'
            end as cluster_status,
            tiers.value_tier,
            assigned.cluster_id,
            assigned.centroid_distance,
            rfm.r_days is not null and sat.sat_score is null as is_satisfaction_imputed
        from published.marts.customer_rfm as rfm
        left join assigned on rfm.customer_id = assigned.customer_id
        left join published.marts.customer_tiers as tiers
            on rfm.as_of_date = tiers.as_of_date and rfm.customer_id = tiers.customer_id
        left join published.marts.customer_satisfaction as sat
            on rfm.as_of_date = sat.as_of_date and rfm.customer_id = sat.customer_id
        order by rfm.customer_id
    """)
    _comment(connection, "customer_clusters", "One row per graded customer: the proposed cluster, 1 has most value.")


def _cross_tab(connection: Connection) -> list[tuple[Any, ...]]:
    """(cluster, tier, customers, share of the cluster, share of the tier), every combination there is."""
    counts = {
        (cluster, tier): count
        for cluster, tier, count in connection.execute(
            "select cluster_id, coalesce(value_tier, 'none'), count(*) from target.proposals.customer_clusters "
            "where cluster_id is not null group by 1, 2"
        ).fetchall()
    }
    by_cluster, by_tier = {}, {}
    for (cluster, tier), count in counts.items():
        by_cluster[cluster] = by_cluster.get(cluster, 0) + count
        by_tier[tier] = by_tier.get(tier, 0) + count
    return [
        (cluster, tier, count, count / by_cluster[cluster], count / by_tier[tier])
        for cluster in sorted(by_cluster)
        for tier in in_order(by_tier)
        for count in [counts.get((cluster, tier), 0)]
    ]


def in_order(tiers: Iterable[str]) -> list[str]:
    """Tiers as people list them; unknown ones last."""
    return sorted(set(tiers), key=lambda tier: (TIERS.index(tier) if tier in TIERS else len(TIERS), tier))


def percent(share: float) -> str:
    """A share for people: a little is not nothing."""
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def contingency(tiers: Sequence[tuple[Any, ...]], k: int) -> list[list[int]]:
    """The cross-tab as a table: a row per cluster, a column per tier."""
    columns = in_order(row[1] for row in tiers)
    counts = {(row[0], row[1]): row[2] for row in tiers}
    return [[counts.get((cluster, tier), 0) for tier in columns] for cluster in range(1, k + 1)]


def _profiles(connection: Connection, choice: clusters.Choice) -> list[tuple[Any, ...]]:
    """(cluster, measure, customers, share, centroid, typical): the median, of an indicator the share."""
    typical = ", ".join(
        f"count(*) filter (where shown_{measure.name} = 1) / count(*)"
        if measure.is_indicator
        else f"quantile_cont(shown_{measure.name}, 0.5)"
        for measure in MEASURES
    )
    rows = connection.execute(
        f"select cluster_id, count(*), {typical} from target.proposals.customer_clusters "
        "inner join measured using (customer_id) where cluster_id is not null group by cluster_id order by cluster_id"
    ).fetchall()
    return [
        (
            cluster,
            measure.name,
            count,
            count / sum(choice.sizes),
            _centroid(choice, cluster, measure.name),
            values[place],
        )
        for cluster, count, *values in rows
        for place, measure in enumerate(MEASURES)
    ]


def _centroid(choice: clusters.Choice, cluster: int, measure: str) -> float | None:
    return choice.centroids[cluster - 1][NAMES.index(measure)] if measure in NAMES else None


def propose_factors(connection: Connection, publish: Publish, found: factors.Factors) -> FactorProposal:
    """Give every customer with a used component their factor scores; writes `customer_factor_scores`."""
    scores = (
        "select null as customer_id, null as value_tier, null as factor, null as score, null as present where false"
    )
    if found.status == "done":
        scores = " union all ".join(_factor_scores(found, factor) for factor in range(found.loadings.shape[1]))
    connection.execute(f"""
        create table target.proposals.customer_factor_scores as
        select
            cast({sql_text(str(publish.as_of_date))} as date) as as_of_date,
            cast(customer_id as varchar) as customer_id,
            cast(factor as integer) as factor,
            cast(score as decimal(9, 4)) as factor_score,
            cast(present as integer) as present_component_count
        from ({scores})
        order by customer_id, factor
    """)
    _comment(
        connection,
        "customer_factor_scores",
        "One row per graded customer with a used component, and factor: absent components count as their mean.",
    )
    tiers = connection.execute(
        "select coalesce(tiers.value_tier, 'none'), factor, count(*), cast(sum(factor_score) as double) / count(*) "
        "from target.proposals.customer_factor_scores as scores left join published.marts.customer_tiers as tiers "
        "on scores.as_of_date = tiers.as_of_date and scores.customer_id = tiers.customer_id group by 1, 2"
    ).fetchall()
    order = in_order(row[0] for row in tiers)
    return FactorProposal(found, sorted(tiers, key=lambda row: (order.index(row[0]), row[1])))


def _factor_scores(found: factors.Factors, factor: int) -> str:
    terms = [
        f"coalesce({column(component.place)} / {UNITS}.0e0 - {number(component.mean)}, 0) "
        f"* {number(round(coefficient / component.deviation, 12))}"
        for component, coefficient in zip(found.used, found.coefficients[:, factor], strict=True)
    ]
    present = " + ".join(f"cast({column(component.place)} is not null as integer)" for component in found.used)
    return (
        f"select customer_id, value_tier, {factor + 1} as factor, {' + '.join(terms)} as score, {present} as present "
        f"from component_scores where {present} > 0"
    )


# Writing


def write(connection: Connection, publish: Publish, grouped: ClusterProposal, common: FactorProposal) -> None:
    """All tables that are not per customer."""
    _table(
        connection,
        "cluster_runs",
        "One row: what the clusters were made of, and how far to believe them.",
        "as_of_date date, publish_id varchar, status varchar, sentence varchar, software varchar, "
        f"customer_count bigint, cell_count bigint, grid_step {RATIO}, cluster_count integer, silhouette {RATIO}, "
        f"adjusted_rand_with_tiers {RATIO}, mean_stability {RATIO}, lowest_stability {RATIO}, resample_count integer",
        [_cluster_run(publish, grouped)],
    )
    _table(
        connection,
        "cluster_measures",
        "One row per measure: scaled = (measure - centre) / spread, within +-clip; value is ln(1 + contribution).",
        f"measure varchar, basis varchar, known_count bigint, centre {RATIO}, spread {RATIO}, clip integer",
        [(it.measure, it.basis, it.known_count, it.centre, it.spread, CLIP) for it in grouped.scales],
    )
    _table(
        connection,
        "cluster_choices",
        "One row per number of clusters that was tried.",
        f"cluster_count integer, silhouette {RATIO}, smallest_share {RATIO}, is_eligible boolean, is_chosen boolean",
        [
            (it.k, it.silhouette, min(it.sizes) / sum(it.sizes), it.is_eligible, it is grouped.choice)
            for it in grouped.tried
        ],
    )
    _table(
        connection,
        "cluster_profiles",
        "One row per cluster and measure: its centre (scaled) and what is typical (median; of an indicator the share).",
        f"cluster_id integer, measure varchar, customer_count bigint, share {RATIO}, centroid {RATIO}, typical {RATIO}",
        grouped.profiles,
    )
    _table(
        connection,
        "cluster_tiers",
        "One row per cluster and value tier: customers in both.",
        "cluster_id integer, value_tier varchar, customer_count bigint, "
        f"share_of_cluster {RATIO}, share_of_tier {RATIO}",
        grouped.tiers,
    )
    _table(
        connection,
        "cluster_stability",
        "One row per resample: adjusted Rand index of its clusters with the proposed ones.",
        f"seed integer, adjusted_rand {RATIO}",
        list(enumerate(grouped.stability, 1)),
    )
    _write_factors(connection, publish, common)


def _write_factors(connection: Connection, publish: Publish, common: FactorProposal) -> None:
    found = common.found
    _table(
        connection,
        "factor_runs",
        "One row: what the factors were made of, and how far to believe them.",
        "as_of_date date, publish_id varchar, status varchar, sentence varchar, software varchar, "
        f"component_count integer, factor_count integer, explained_share {RATIO}, kmo {RATIO}, "
        f"bartlett_chi_square {RATIO}, bartlett_df integer, bartlett_p double, fewest_in_common_count bigint, "
        "complete_count bigint",
        [_factor_run(publish, found)],
    )
    _table(
        connection,
        "score_factors",
        "One row per used component and factor; coefficient: what a standardised score adds to the factor score.",
        f"component varchar, factor integer, loading {RATIO}, coefficient {RATIO}",
        [
            (component.name, factor + 1, found.loadings[row][factor], found.coefficients[row][factor])
            for row, component in enumerate(found.used if found.loadings is not None else [])
            for factor in range(found.loadings.shape[1])
        ],
    )
    _table(
        connection,
        "score_weights",
        "One row per component: its live weight, and its share of the variance the factors explain, as a suggestion.",
        f"component varchar, status varchar, customer_count bigint, mean {RATIO}, standard_deviation {RATIO}, "
        f"kmo {RATIO}, communality {RATIO}, live_weight decimal(9, 4), live_weight_of_used decimal(9, 4), "
        "suggested_weight decimal(9, 4)",
        weight_rows(found),
    )
    _table(
        connection,
        "score_correlations",
        "One row per pair of components: Pearson's correlation over the customers who have both.",
        f"component varchar, other_component varchar, correlation {RATIO}, customer_count bigint",
        [(*pair, *value) for pair, value in found.correlations.items()],
    )
    _table(
        connection,
        "factor_eigenvalues",
        "One row per eigenvalue of the correlation matrix; those above 1 make factors.",
        f"number integer, eigenvalue {RATIO}, is_kept boolean",
        [
            (place, value, found.loadings is not None and place <= found.loadings.shape[1])
            for place, value in enumerate(found.eigenvalues, 1)
        ],
    )
    _table(
        connection,
        "factor_tiers",
        "One row per value tier and factor: mean factor score.",
        f"value_tier varchar, factor integer, customer_count bigint, mean_factor_score {RATIO}",
        common.tiers,
    )


def weight_rows(found: factors.Factors) -> list[tuple[Any, ...]]:
    """The rows of `score_weights`."""
    places = {component.name: place for place, component in enumerate(found.used)}
    live = sum(component.live_weight for component in found.used)
    rows = []
    for component in found.components:
        place = places.get(component.name)
        is_used = place is not None
        rows.append(
            (
                component.name,
                component.status,
                component.customer_count,
                component.mean,
                component.deviation,
                found.kmo_by_component[place] if is_used and found.kmo_by_component else None,
                found.communalities[place] if is_used and found.loadings is not None else None,
                component.live_weight,
                component.live_weight / live if is_used and live else None,
                found.weights[place] if is_used and found.weights else None,
            )
        )
    return rows


def _cluster_run(publish: Publish, grouped: ClusterProposal) -> tuple[Any, ...]:
    stable = grouped.stability
    return (
        publish.as_of_date,
        publish.publish_id,
        grouped.status,
        grouped.sentence,
        software(),
        publish.bought_count,
        len(grouped.cells.weights),
        grouped.cells.grid_step,
        grouped.choice.k if grouped.choice else None,
        grouped.choice.silhouette if grouped.choice else None,
        grouped.adjusted_rand,
        sum(stable) / len(stable) if stable else None,
        min(stable, default=None),
        len(stable),
    )


def _factor_run(publish: Publish, found: factors.Factors) -> tuple[Any, ...]:
    is_done = found.loadings is not None
    return (
        publish.as_of_date,
        publish.publish_id,
        found.status,
        found.sentence,
        software(),
        len(found.used),
        found.loadings.shape[1] if is_done else None,
        found.communalities.sum() / len(found.used) if is_done else None,
        found.kmo,
        *(found.bartlett or (None, None, None)),
        found.fewest_in_common,
        found.complete_count,
    )


def software() -> str:
    """What computed it."""
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)])


def _table(connection: Connection, name: str, comment: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    connection.execute(f"create table target.proposals.{name} ({columns})")
    if rows:
        places = ", ".join("?" for _ in rows[0])
        plain = [tuple(value.item() if hasattr(value, "item") else value for value in row) for row in rows]
        connection.executemany(f"insert into target.proposals.{name} values ({places})", plain)
    _comment(connection, name, comment)


def _comment(connection: Connection, name: str, comment: str) -> None:
    connection.execute(f"comment on table target.proposals.{name} is {sql_text(comment)}")


def copy_to_parquet(connection: Connection, directory: Path) -> None:
    """Each table as <directory>/<table>.parquet."""
    directory.mkdir()
    names = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'target' order by table_name"
    ).fetchall()
    for (name,) in names:
        path = sql_text(str(directory / f"{name}.parquet"))
        connection.execute(
            f"copy (select * from target.proposals.{name} order by all) to {path} (format parquet, compression zstd)"
        )
