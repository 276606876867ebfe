"""Pictures of the proposals: groups and components only, never a customer."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scripts.challengers import factors
from scripts.challengers.marts import CLIP, MEASURES
from scripts.challengers.tables import ClusterProposal, contingency, in_order, percent, weight_rows

BLUE, GREY, ORANGE = "#2f5d8a", "#b8bfc6", "#d9822b"
DIVERGING, SHARES = "RdBu_r", "Blues"


def draw(directory: Path, grouped: ClusterProposal, found: factors.Factors) -> list[str]:
    """Write what can be drawn; gives the names of the files."""
    directory.mkdir()
    drawn = {"silhouette.png": silhouettes(grouped)} if grouped.tried else {}
    if grouped.choice is not None:
        drawn |= {"cluster_profiles.png": profiles(grouped), "cluster_tiers.png": tiers(grouped)}
    if found.loadings is not None:
        drawn |= {"factor_loadings.png": loadings(found), "score_weights.png": weights(found)}
    for name, figure in drawn.items():
        figure.savefig(directory / name, dpi=130, metadata={"Software": None})
        pyplot.close(figure)
    return list(drawn)


def silhouettes(grouped: ClusterProposal) -> Figure:
    """Silhouette by number of clusters; those with a cluster too small are grey, the chosen one is orange."""
    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for choice in grouped.tried:
        colour = ORANGE if choice is grouped.choice else BLUE if choice.is_eligible else GREY
        axes.bar(choice.k, choice.silhouette or 0, color=colour, width=0.7)
        label = "none" if choice.silhouette is None else f"{choice.silhouette:.3f}"
        axes.annotate(
            label, (choice.k, max(choice.silhouette or 0, 0)), (0, 3), textcoords="offset points", ha="center"
        )
    for colour, label in ((ORANGE, "chosen"), (BLUE, "eligible"), (GREY, "a cluster is too small")):
        axes.bar(0, 0, color=colour, label=label)
    greatest = max((choice.silhouette or 0 for choice in grouped.tried), default=0)
    axes.set(
        title="How well customers fit their cluster",
        xlabel="number of clusters",
        ylabel="mean silhouette (-1 to 1)",
        xlim=(grouped.tried[0].k - 0.6, grouped.tried[-1].k + 0.6),
        ylim=(min(0, *(choice.silhouette or 0 for choice in grouped.tried)), max(greatest * 1.35, 0.1)),
    )
    axes.set_xticks([choice.k for choice in grouped.tried])
    axes.legend(frameon=False, ncols=3, loc="upper center")
    _bare(axes)
    return figure


def profiles(grouped: ClusterProposal) -> Figure:
    """Centre of each cluster by measure; in the field what is typical, in the unit of the measure."""
    k = grouped.choice.k
    centres, typical = np.zeros((len(MEASURES), k)), np.full((len(MEASURES), k), None)
    names = [measure.name for measure in MEASURES]
    for cluster, measure, _, _, centre, value in grouped.profiles:
        centres[names.index(measure), cluster - 1] = centre or 0
        typical[names.index(measure), cluster - 1] = value
    figure, axes = pyplot.subplots(figsize=(3.4 + 1.15 * k, 5), layout="constrained")
    image = axes.imshow(centres, cmap=DIVERGING, vmin=-CLIP, vmax=CLIP, aspect="auto")
    _label_fields(
        axes, centres, lambda row, place: _typical(typical[row, place], is_share=MEASURES[row].is_indicator), 1.9
    )
    axes.set_yticks(range(len(MEASURES)), [measure.label for measure in MEASURES])
    axes.set_xticks(range(k), _cluster_labels(grouped))
    axes.set_xlabel("customers (share of all who have bought)")
    axes.set_title("Clusters: the median in the field, the centre as colour")
    figure.colorbar(image, ax=axes, label="centre, in interquartile ranges from the median of all")
    _plain(axes)
    return figure


def tiers(grouped: ClusterProposal) -> Figure:
    """Which tiers the customers of each cluster are in."""
    table = np.array(contingency(grouped.tiers, grouped.choice.k), dtype=float).T
    rows = in_order(row[1] for row in grouped.tiers)
    part = table / table.sum(axis=0)
    figure, axes = pyplot.subplots(figsize=(3.4 + 1.15 * grouped.choice.k, 1.9 + 0.6 * len(rows)), layout="constrained")
    image = axes.imshow(part, cmap=SHARES, vmin=0, vmax=1, aspect="auto")
    _label_fields(axes, part, lambda row, place: f"{table[row, place]:,.0f}\n{percent(part[row, place])}", 0.6)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xticks(range(grouped.choice.k), _cluster_labels(grouped))
    axes.set_xlabel("customers (share of all who have bought)")
    axes.set(title=f"Value tiers of each cluster (adjusted Rand {grouped.adjusted_rand:.2f})", ylabel="value tier")
    bar = figure.colorbar(image, ax=axes, label="share of the cluster")
    bar.ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    _plain(axes)
    return figure


def loadings(found: factors.Factors) -> Figure:
    """Loadings of the components on the factors, and how much of each component they explain."""
    names = [component.name for component in found.used]
    count = found.loadings.shape[1]
    figure, axes = pyplot.subplots(figsize=(4.2 + 1.2 * count, 1.8 + 0.5 * len(names)), layout="constrained")
    image = axes.imshow(found.loadings, cmap=DIVERGING, vmin=-1, vmax=1, aspect="auto")
    _label_fields(axes, found.loadings, lambda row, place: f"{round(found.loadings[row, place], 2) + 0.0:.2f}", 0.65)
    axes.set_yticks(
        range(len(names)), [f"{name} ({part:.0%})" for name, part in zip(names, found.communalities, strict=True)]
    )
    explained = (found.loadings**2).sum(axis=0) / len(names)
    axes.set_xticks(range(count), [f"factor {place + 1}\n{part:.0%} of all" for place, part in enumerate(explained)])
    axes.set(title="Loadings after varimax", ylabel="component (share explained)")
    figure.colorbar(image, ax=axes, label="loading")
    _plain(axes)
    return figure


def weights(found: factors.Factors) -> Figure:
    """The suggested weights beside the live ones, among the components that took part."""
    rows = [row for row in weight_rows(found) if row[1] == "used"]
    places = np.arange(len(rows))
    figure, axes = pyplot.subplots(figsize=(7, 1.6 + 0.55 * len(rows)), layout="constrained")
    for shift, place, colour, label in (
        (-0.19, 8, GREY, "live (these components only)"),
        (0.19, 9, ORANGE, "suggested"),
    ):
        values = [row[place] or 0 for row in rows]
        axes.barh(places + shift, values, 0.36, color=colour, label=label)
        for height, value in zip(places + shift, values, strict=True):
            axes.annotate(f"{value:.2f}", (value, height), (3, 0), textcoords="offset points", va="center", fontsize=9)
    axes.set_yticks(places, [row[0] for row in rows])
    axes.invert_yaxis()
    axes.set(title="Weights: live, and by explained variance", xlabel="weight (they sum to 1)")
    axes.set_xlim(0, 1.15 * max(max(row[8] or 0, row[9]) for row in rows))
    figure.legend(*axes.get_legend_handles_labels(), frameon=False, ncols=2, loc="outside lower center")
    _bare(axes)
    return figure


def _cluster_labels(grouped: ClusterProposal) -> list[str]:
    sizes = grouped.choice.sizes
    return [f"cluster {place}\n{size:,}\n({size / sum(sizes):.0%})" for place, size in enumerate(sizes, 1)]


def _label_fields(axes: Axes, values: np.ndarray, label: object, dark_from: float) -> None:
    for (row, place), value in np.ndenumerate(values):
        colour = "white" if abs(value) >= dark_from else "black"
        axes.text(place, row, label(row, place), ha="center", va="center", color=colour, fontsize=9)


def _typical(value: float | None, *, is_share: bool) -> str:
    if value is None:
        return "unknown"
    if is_share:
        return f"{value:.0%}"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.1f}"


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _plain(axes: Axes) -> None:
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
