"""Clusters: k-means of weighted cells, without chance. Every step gives the same for the same cells."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_score

from scripts.challengers.marts import Cells

FEWEST, MOST = 3, 8
LONGEST = 100
SMALLEST_SHARE_IN = 50  # one of 50: 2 %
SMALLEST_COUNT = 5
SILHOUETTE_SAMPLE = 5_000
RESAMPLES = 20
DIGITS = 6


@dataclass(frozen=True)
class Choice:
    """A number of clusters that was tried; `silhouette` is None where it cannot be computed."""

    k: int
    centroids: np.ndarray
    sizes: list[int]
    silhouette: float | None
    is_eligible: bool


def fit(cells: Cells, k: int) -> np.ndarray:
    """The centroids of k clusters, the one of the greatest value (first measure) first."""
    means = KMeans(k, init=starts(cells, k), n_init=1, max_iter=LONGEST, tol=0, algorithm="lloyd", random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct points than clusters: an empty cluster
        means.fit(cells.points, sample_weight=cells.weights)
    centroids = np.round(means.cluster_centers_, DIGITS) + 0.0
    return centroids[np.lexsort(-centroids.T[::-1])]


def starts(cells: Cells, k: int) -> np.ndarray:
    """Where k-means starts: the customers in k equal parts along the first principal component, the mean of each part.

    A cell on the border of two parts belongs to both, by its share.
    """
    along = np.round(cells.points @ first_component(cells), 9)
    order = np.lexsort((*cells.points.T[::-1], along))
    points, weights = cells.points[order], cells.weights[order].astype(float)
    ends = np.cumsum(weights)
    borders = np.linspace(0, ends[-1], k + 1)
    lower, upper = borders[:-1, None], borders[1:, None]
    parts = np.clip(np.minimum(upper, ends) - np.maximum(lower, ends - weights), 0, None)
    return parts @ points / parts.sum(axis=1, keepdims=True)


def first_component(cells: Cells) -> np.ndarray:
    """The direction in which the customers differ most; its largest part points up."""
    weights = cells.weights / cells.weights.sum()
    centred = cells.points - weights @ cells.points
    _, vectors = np.linalg.eigh((centred * weights[:, None]).T @ centred)
    vector = vectors[:, -1]
    return vector * np.sign(vector[np.argmax(np.round(np.abs(vector), 9))])


def predict(points: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """The place of the nearest centroid, of equally near ones the first."""
    return np.argmin(((points[:, None, :] - centroids) ** 2).sum(axis=2), axis=1)


def sample(cells: Cells, most: int = SILHOUETTE_SAMPLE) -> np.ndarray:
    """At most `most` customers, evenly spread over the cells in their order; all of them where they are no more."""
    total = int(cells.weights.sum())
    taken = min(most, total)
    positions = (np.arange(taken) * total) // taken
    return cells.points[np.searchsorted(np.cumsum(cells.weights), positions, side="right")]


def silhouette(points: np.ndarray, centroids: np.ndarray) -> float | None:
    """The mean silhouette of some customers."""
    labels = predict(points, centroids)
    if not 1 < len(np.unique(labels)) < len(points):
        return None
    return round(float(silhouette_score(points, labels)), DIGITS)


def choices(cells: Cells, sizes_of: Callable[[np.ndarray], list[int]]) -> list[Choice]:
    """Every number of clusters that was tried; `sizes_of` counts the customers nearest to each centroid."""
    points = sample(cells)
    tried = []
    for k in range(FEWEST, min(MOST, len(cells.points)) + 1):
        centroids = fit(cells, k)
        sizes = sizes_of(centroids)
        score = silhouette(points, centroids)
        is_large = min(sizes) >= SMALLEST_COUNT and min(sizes) * SMALLEST_SHARE_IN >= sum(sizes)
        tried.append(Choice(k, centroids, sizes, score, is_large and score is not None))
    return tried


def best(tried: list[Choice]) -> Choice | None:
    """The eligible choice with the greatest silhouette, of equal ones that with fewer clusters."""
    return max((choice for choice in tried if choice.is_eligible), key=lambda it: (it.silhouette, -it.k), default=None)


def stability(cells: Cells, centroids: np.ndarray, resamples: int = RESAMPLES) -> list[float]:
    """How alike (adjusted Rand) the clusters are when customers are drawn anew, with replacement; one per resample."""
    labels = predict(cells.points, centroids)
    k, total = len(centroids), int(cells.weights.sum())
    found = []
    for seed in range(1, resamples + 1):
        drawn = np.random.default_rng(seed).multinomial(total, cells.weights / total)
        left = Cells(cells.points[drawn > 0], drawn[drawn > 0])
        again = fit(left, min(k, len(left.points)))
        table = np.zeros((k, k), dtype=np.int64)
        np.add.at(table, (labels, predict(cells.points, again)), cells.weights)
        found.append(adjusted_rand(table.tolist()))
    return found


def adjusted_rand(table: Sequence[Sequence[int]]) -> float:
    """The adjusted Rand index of two groupings from their cross-tab; whole numbers until the last step."""
    pairs = sum(_pairs(int(count)) for row in table for count in row)
    rows = sum(_pairs(int(sum(row))) for row in table)
    columns = sum(_pairs(int(sum(column))) for column in zip(*table, strict=True))
    every = _pairs(int(sum(sum(row) for row in table)))
    above, below = pairs * every - rows * columns, (rows + columns) * every - 2 * rows * columns
    return round(2 * above / below, DIGITS) if below else 1.0


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
