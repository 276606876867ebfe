"""Factors: what the components of the score have in common, from their correlations alone.

Principal components of the correlation matrix (eigenvalues above 1), rotated by varimax with Kaiser's normalisation.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import chi2
from statsmodels.multivariate.factor import Factor
from statsmodels.multivariate.factor_rotation import rotate_factors

from scripts.challengers.marts import UNITS, ComponentSums

FEWEST_IN_COMMON = 50
FEWEST_COMPONENTS = 3
SMALLEST_EIGENVALUE = 1e-6
STARTS = 10
DIGITS = 6


@dataclass(frozen=True)
class Component:
    """A component: its scores, and why it was left out, if it was (status `used`, `too_few`, `constant` or
    `too_few_in_common`)."""

    name: str
    place: int
    live_weight: float
    customer_count: int
    mean: float
    deviation: float
    status: str


@dataclass(frozen=True)
class Factors:
    """What was found; arrays have one row per used component. Status `done`, or why there are no factors."""

    status: str
    sentence: str
    components: list[Component]
    correlations: dict[tuple[str, str], tuple[float | None, int]] = field(default_factory=dict)
    fewest_in_common: int | None = None
    complete_count: int = 0
    kmo: float | None = None
    kmo_by_component: list[float] = field(default_factory=list)
    bartlett: tuple[float, int, float] | None = None
    eigenvalues: list[float] = field(default_factory=list)
    loadings: np.ndarray | None = None
    coefficients: np.ndarray | None = None
    weights: list[float] = field(default_factory=list)

    @property
    def used(self) -> list[Component]:
        """The components that took part."""
        return [component for component in self.components if component.status == "used"]

    @property
    def communalities(self) -> np.ndarray:
        """How much of each component's variance the factors explain."""
        return (self.loadings**2).sum(axis=1)


def analyse(sums: ComponentSums) -> Factors:
    """Factors of the components; where there are none, a status and a sentence say why."""
    correlations = {pair: correlation(figures) for pair, figures in sums.pairs.items()}
    components = _components(sums, correlations)
    used = [component.place for component in components if component.status == "used"]
    named = {
        (sums.names[i], sums.names[j]): (correlations[i, j], sums.pairs[i, j][0]) for i, j in correlations if i != j
    }
    known = {"components": components, "correlations": named, "complete_count": sums.complete_count}
    if len(used) < FEWEST_COMPONENTS:
        return Factors(
            "too_few_components",
            f"{len(used)} of {len(sums.names)} components vary and have {FEWEST_IN_COMMON} customers or more with each "
            f"other component; factors need {FEWEST_COMPONENTS}.",
            **known,
        )
    matrix = np.eye(len(used))
    for row, i in enumerate(used):
        for place, j in enumerate(used[row + 1 :], row + 1):
            matrix[row, place] = matrix[place, row] = correlations[i, j]
    known["fewest_in_common"] = min(sums.pairs[i, j][0] for i in used for j in used if i < j)
    eigenvalues = np.linalg.eigvalsh(matrix)[::-1]
    known["eigenvalues"] = [round(float(value), DIGITS) for value in eigenvalues]
    if eigenvalues[-1] < SMALLEST_EIGENVALUE:
        return Factors(
            "singular",
            "The correlation matrix is singular or, as its pairs rest on different customers, no correlation matrix at "
            "all: some components follow from others.",
            **known,
        )
    known["bartlett"] = bartlett(matrix, known["fewest_in_common"])
    known["kmo"], known["kmo_by_component"] = kmo(matrix)
    count = int((eigenvalues > 1 + 1e-9).sum())
    if count == 0:
        return Factors("no_factor", "The components have nothing in common: no eigenvalue is above 1.", **known)
    loadings = rotate(extract(matrix, count, known["fewest_in_common"]))
    weights = shares((loadings**2).sum(axis=1))
    coefficients = np.linalg.solve(matrix, loadings)
    explained = (loadings**2).sum() / len(used)
    sentence = (
        f"{count} {'factor explains' if count == 1 else 'factors explain'} {explained:.0%} of {len(used)} components."
    )
    return Factors("done", sentence, loadings=loadings, coefficients=coefficients, weights=weights, **known)


def correlation(figures: tuple[int, int, int, int, int, int]) -> float | None:
    """Pearson's correlation from exact sums; None where one side does not vary."""
    n, x, y, xx, yy, xy = figures
    spread = (n * xx - x * x) * (n * yy - y * y)
    return (n * xy - x * y) / math.sqrt(spread) if spread > 0 else None


def _components(sums: ComponentSums, correlations: dict[tuple[int, int], float | None]) -> list[Component]:
    counts = [sums.pairs[place, place][0] for place in range(len(sums.names))]
    status = {place: _status(sums.pairs[place, place]) for place in range(len(sums.names))}
    while True:
        used = [place for place in status if status[place] == "used"]
        short = [
            place
            for i, j in correlations
            if i != j and i in used and j in used
            if sums.pairs[i, j][0] < FEWEST_IN_COMMON or correlations[i, j] is None
            for place in (i, j)
        ]
        if not short:
            break
        status[min(short, key=lambda place: (counts[place], -place))] = "too_few_in_common"
    found = []
    for place, name in enumerate(sums.names):
        n, x, _, xx, _, _ = sums.pairs[place, place]
        mean = x / n / UNITS if n else 0.0
        deviation = math.sqrt(max(n * xx - x * x, 0)) / n / UNITS if n else 0.0
        found.append(Component(name, place, sums.weights[place], n, mean, deviation, status[place]))
    return found


def _status(figures: tuple[int, int, int, int, int, int]) -> str:
    n, x, _, xx, _, _ = figures
    if n < FEWEST_IN_COMMON:
        return "too_few"
    return "used" if n * xx > x * x else "constant"


def kmo(matrix: np.ndarray) -> tuple[float | None, list[float]]:
    """Kaiser, Meyer and Olkin's measure: correlations beside what is left of them given all other components.

    Overall, and per component; None and nothing where nothing correlates.
    """
    inverse = np.linalg.inv(matrix)
    partial = -inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    off = ~np.eye(len(matrix), dtype=bool)
    simple, left = (np.where(off, matrix, 0) ** 2).sum(axis=1), (np.where(off, partial, 0) ** 2).sum(axis=1)
    if np.any(simple + left < 1e-12):
        return None, []
    overall = simple.sum() / (simple.sum() + left.sum())
    return round(float(overall), DIGITS), [round(float(each), DIGITS) for each in simple / (simple + left)]


def bartlett(matrix: np.ndarray, n: int) -> tuple[float, int, float]:
    """Bartlett's test that nothing correlates: chi-square, degrees of freedom, p."""
    p = len(matrix)
    statistic = -(n - 1 - (2 * p + 5) / 6) * float(np.linalg.slogdet(matrix)[1])
    freedom = p * (p - 1) // 2
    statistic = max(statistic, 0.0)
    return round(statistic, DIGITS), freedom, float(chi2.sf(statistic, freedom))


def extract(matrix: np.ndarray, count: int, n: int) -> np.ndarray:
    """Loadings of the first principal components: unit communalities, one pass of the principal-axis method."""
    return Factor(corr=matrix, n_factor=count, method="pa", smc=False, nobs=n).fit(maxiter=1).loadings


def rotate(loadings: np.ndarray) -> np.ndarray:
    """Varimax; the factor that explains most first, its largest loading positive.

    The search stands still on a saddle where loadings are symmetric, so it starts from several fixed directions.
    """
    count = loadings.shape[1]
    if count > 1:
        lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
        normal = loadings / np.where(lengths > 0, lengths, 1)
        with np.errstate(divide="ignore"):  # the library takes the logarithm of a step of 0
            tried = [rotate_factors(normal @ start, "varimax", tol=1e-6)[0] for start in _starts(count)]
        loadings = max(tried, key=lambda it: round(varimax_criterion(it), 9)) * lengths
    order = np.argsort(-np.round((loadings**2).sum(axis=0), 9), kind="stable")
    loadings = loadings[:, order]
    largest = np.argmax(np.round(np.abs(loadings), 9), axis=0)
    return np.round(loadings * np.sign(loadings[largest, np.arange(count)]), DIGITS) + 0.0


def _starts(count: int) -> list[np.ndarray]:
    drawn = [np.random.default_rng(seed).normal(size=(count, count)) for seed in range(1, STARTS)]
    return [np.eye(count), *(np.linalg.qr(each)[0] for each in drawn)]


def varimax_criterion(loadings: np.ndarray) -> float:
    """What varimax makes great: the variance of the squared loadings, over all factors."""
    return float((loadings**2).var(axis=0).sum())


def shares(communalities: np.ndarray) -> list[float]:
    """Each communality's share of all, in steps of 0.0001 that sum to 1: largest remainders first, ties in order."""
    exact = communalities / communalities.sum() * UNITS
    whole = np.floor(np.round(exact, 9))
    missing = UNITS - int(whole.sum())
    whole[np.argsort(-np.round(exact - whole, 9), kind="stable")[:missing]] += 1
    return [float(each) / UNITS for each in whole]
