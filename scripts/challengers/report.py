"""The proposals in words and tables: report.md, with the pictures beside it. Groups and components only."""

from collections.abc import Iterable

from scripts.challengers import factors
from scripts.challengers.marts import MEASURES, Publish
from scripts.challengers.tables import (
    ClusterProposal,
    FactorProposal,
    contingency,
    in_order,
    percent,
    software,
    weight_rows,
)

KMO_LEVELS = ((0.9, "very good"), (0.8, "good"), (0.7, "fair"), (0.6, "mediocre"), (0.5, "poor"))
LEFT_OUT = {
    "too_few": f"fewer than {factors.FEWEST_IN_COMMON} customers have it",
    "constant": "it is the same for all",
    "too_few_in_common": f"with another component it has fewer than {factors.FEWEST_IN_COMMON} customers in common, "
    "or they do not vary",
}


def kmo_level(kmo: float) -> str:
    """Kaiser's words for his measure, in plain ones."""
    return next((word for limit, word in KMO_LEVELS if kmo >= limit), "not suited to factors")


def markdown(publish: Publish, grouped: ClusterProposal, common: FactorProposal, pictures: list[str]) -> str:
    """The report."""
    lines = [
        "# Challengers",
        "",
        f"Publish {publish.publish_id}, as of {publish.as_of_date}. These are proposals: they grade nobody. "
        "How to read the figures: docs/challengers.md.",
        "",
        *_clusters(publish, grouped, pictures),
        "",
        *_factors(common, pictures),
        "",
        f"Computed with {software()}.",
    ]
    return "\n".join(lines) + "\n"


def _clusters(publish: Publish, grouped: ClusterProposal, pictures: list[str]) -> list[str]:
    known = {scale.measure: scale.known_count for scale in grouped.scales}["satisfaction"]
    cells = f"{len(grouped.cells.weights):,} cells"
    if grouped.cells.grid_step is not None:
        cells += f" of a grid of {grouped.cells.grid_step} spreads"
    left_out = [scale.measure for scale in grouped.scales if scale.basis == "constant"]
    lines = [
        "## Clusters",
        "",
        f"{grouped.sentence} {publish.bought_count:,} of {publish.graded_count:,} graded customers have bought; "
        f"the others are in no cluster. Summed up in {cells}. "
        f"Satisfaction is known of {known:,}; for the others the median stands in.",
        *([f"Left out, because the same for all: {', '.join(left_out)}."] if left_out else []),
        "",
        *_table(
            ("clusters", "silhouette", "smallest", ""),
            (
                (
                    it.k,
                    "" if it.silhouette is None else f"{it.silhouette:.3f}",
                    f"{min(it.sizes) / sum(it.sizes):.1%}",
                    "chosen" if it is grouped.choice else "" if it.is_eligible else "a cluster is too small",
                )
                for it in grouped.tried
            ),
        ),
        "",
        *_picture(pictures, "silhouette.png"),
    ]
    if grouped.choice is None:
        return lines[:-1]
    stable = grouped.stability
    return [
        *lines,
        f"Stability: adjusted Rand {sum(stable) / len(stable):.2f} on average over {len(stable)} resamples, "
        f"{min(stable):.2f} at the lowest.",
        "",
        "Typical customers: medians, and the share whose satisfaction is known. Cluster 1 has most value.",
        "",
        *_table(("cluster", "customers", *(it.label for it in MEASURES)), _typical_rows(grouped)),
        "",
        *_picture(pictures, "cluster_profiles.png"),
        f"Beside the value tiers: adjusted Rand {grouped.adjusted_rand:.2f} (1: the same groups, 0: as if by chance).",
        "",
        *_table(("cluster", *in_order(row[1] for row in grouped.tiers)), _tier_rows(grouped)),
        "",
        *_picture(pictures, "cluster_tiers.png")[:-1],
    ]


def _typical_rows(grouped: ClusterProposal) -> Iterable[tuple[object, ...]]:
    for place, size in enumerate(grouped.choice.sizes, 1):
        values = [row[5] for row in grouped.profiles if row[0] == place]
        yield (
            place,
            f"{size:,}",
            *(
                "" if value is None else f"{value:.0%}" if measure.is_indicator else f"{value:,.1f}"
                for measure, value in zip(MEASURES, values, strict=True)
            ),
        )


def _tier_rows(grouped: ClusterProposal) -> Iterable[tuple[object, ...]]:
    for place, counts in enumerate(contingency(grouped.tiers, grouped.choice.k), 1):
        yield (place, *(f"{count:,} ({percent(count / sum(counts))})" for count in counts))


def _factors(common: FactorProposal, pictures: list[str]) -> list[str]:
    found = common.found
    lines = ["## Factors", "", found.sentence]
    if found.fewest_in_common is not None:
        lines += [
            "",
            "Correlations are pairwise: each over the customers who have both components, at least "
            f"{found.fewest_in_common:,}; {found.complete_count:,} customers have all components.",
        ]
    left_out = [(it.name, LEFT_OUT[it.status]) for it in found.components if it.status != "used"]
    if left_out:
        lines += ["", *(f"- `{name}` is left out: {why}." for name, why in left_out)]
    if found.bartlett is not None:
        chi_square, freedom, p = found.bartlett
        said = "no correlations" if found.kmo is None else f"{found.kmo:.2f} ({kmo_level(found.kmo)})"
        shown = "below 0.0001" if p < 0.0001 else f"{p:.4f}"
        lines += ["", f"KMO {said}; Bartlett chi-square {chi_square:,.1f}, {freedom} degrees of freedom, p {shown}."]
    if found.loadings is None:
        return lines
    numbers = range(1, found.loadings.shape[1] + 1)
    return [
        *lines,
        "",
        *_table(("component", *(f"factor {it}" for it in numbers), "explained", "KMO"), _loading_rows(found)),
        "",
        *_picture(pictures, "factor_loadings.png"),
        "Suggested weights: a component's share of the variance that the factors explain. "
        "Live weights are scaled to the same components.",
        "",
        *_table(("component", "live", "suggested"), _weight_rows(found)),
        "",
        *_picture(pictures, "score_weights.png"),
        "Mean factor scores by value tier (0: all customers):",
        "",
        *_table(("tier", "customers", *(f"factor {it}" for it in numbers)), _factor_tier_rows(common)),
    ]


def _loading_rows(found: factors.Factors) -> Iterable[tuple[object, ...]]:
    for component, row, part, kmo in zip(
        found.used, found.loadings, found.communalities, found.kmo_by_component, strict=True
    ):
        yield (component.name, *(f"{round(value, 2) + 0.0:.2f}" for value in row), f"{part:.0%}", f"{kmo:.2f}")


def _weight_rows(found: factors.Factors) -> Iterable[tuple[object, ...]]:
    for row in weight_rows(found):
        if row[1] == "used":
            yield (row[0], "" if row[8] is None else f"{row[8]:.2f}", f"{row[9]:.2f}")


def _factor_tier_rows(common: FactorProposal) -> Iterable[tuple[object, ...]]:
    for tier in in_order(row[0] for row in common.tiers):
        rows = [row for row in common.tiers if row[0] == tier]
        yield (tier, f"{rows[0][2]:,}", *(f"{round(row[3], 2) + 0.0:+.2f}" for row in rows))


def _table(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    lines = [header, tuple("---" for _ in header), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]


def _picture(pictures: list[str], name: str) -> list[str]:
    return [f"![{name.removesuffix('.png').replace('_', ' ')}](pictures/{name})", ""] if name in pictures else []


def spoken(publish: Publish, grouped: ClusterProposal, common: FactorProposal) -> list[str]:
    """What the command prints."""
    lines = [f"as of {publish.as_of_date}: {publish.bought_count:,} customers who have bought"]
    if grouped.choice is None:
        lines.append(f"clusters: {grouped.sentence}")
    else:
        stable = sum(grouped.stability) / len(grouped.stability)
        lines.append(
            f"clusters: {grouped.choice.k}, silhouette {grouped.choice.silhouette:.2f}, stability {stable:.2f}, "
            f"adjusted Rand with the tiers {grouped.adjusted_rand:.2f}"
        )
    found = common.found
    kmo = f" (KMO {found.kmo:.2f}, {kmo_level(found.kmo)})" if found.kmo is not None else ""
    return [*lines, f"factors: {found.sentence}{kmo}"]
