"""Value tiers, section 7: what each component adds, what it leaves open, and how far it is to the next tier."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from tests.reference.numbers import round_half_away, to_decimal
from tests.reference.signals.figures import kth_smallest
from tests.reference.signals.world import Values
from tests.reference.tier_facts import Scores
from tests.reference.tier_machine import LEVELS, TIERS

UNIT = Fraction(1, 10_000)
FULL = 100
HALF = Fraction(1, 2)
SHOWN_RANKS = 3
Units = dict[str, int]
"""By component, in steps of 0.0001."""
Weights = Mapping[str, Fraction]
LEVEL_OF = {"medium": 1, "high": 2}


def shares(parts: Mapping[str, Fraction], total: int) -> Units:
    """Exact parts in whole units that sum to a total: rounded down, the rest to the greatest remainders."""
    exact = {name: part / UNIT for name, part in parts.items()}
    units = {name: floor(value) for name, value in exact.items()}
    in_order = sorted(exact, key=lambda name: (units[name] - exact[name], name))
    for name in in_order[: total - sum(units.values())]:
        units[name] += 1
    return units


class Explained:
    """The figures of one customer at the as-of date; `scores` are those of all components with a weight."""

    def __init__(self, scores: Mapping[str, Fraction | None], weights: Weights) -> None:
        """Contributions and losses are ready after this."""
        self.weights = {name: weights[name] for name in scores}
        self.scores = {name: score for name, score in scores.items() if score is not None}
        self.total = sum((weights[name] for name in self.scores), Fraction(0))
        weighted = {name: weights[name] * score for name, score in self.scores.items()}
        self._exact = sum(weighted.values()) / self.total if self.scores else Fraction(0)
        self.composite = round_half_away(self._exact / UNIT)
        self.contributions = shares({n: part / self.total for n, part in weighted.items()}, self.composite)
        open_ = {name: self.weights[name] * (FULL - score) / self.total for name, score in self.scores.items()}
        self.losses = shares(open_, round_half_away(FULL / UNIT) - self.composite) if open_ else {}

    def change_to(self, cut: Fraction, name: str) -> int | None:
        """The smallest rise of a score, in units, after which the composite score is at the cut; None above 100."""
        least = (ceil(cut / UNIT) - HALF) * UNIT
        missing = (least - self._exact) * self.total / self.weights[name]
        units = max(0, ceil(missing / UNIT))
        return units if self.scores[name] + units * UNIT <= FULL else None


def ranks(units: Units, above: Callable[[str], bool] = lambda name: True) -> dict[str, int]:
    """The place of each component, the greatest first, ties by name; of those only that `above` names."""
    in_order = sorted((name for name in units if above(name)), key=lambda name: (-units[name], name))
    return {name: place for place, name in enumerate(in_order, start=1)}


def medians(everybody: Iterable[Explained]) -> Units:
    """The lower median of what each component adds, over those who have it."""
    values: dict[str, list[int]] = defaultdict(list)
    for explained in everybody:
        for name, units in explained.contributions.items():
            values[name].append(units)
    return {name: kth_smallest(own, HALF) for name, own in values.items()}


def gap_to(cut: Fraction | None, composite: Decimal | None) -> Fraction | None:
    """What is missing to a cut."""
    return None if cut is None or composite is None else max(Fraction(0), cut - Fraction(composite))


def next_tier(*tiers: str | None) -> str | None:
    """The tier above the highest of some; None above none, and above the highest there is."""
    reached = max((LEVELS[tier] for tier in tiers if tier in LEVELS), default=None)
    return {0: "medium", 1: "high"}.get(reached)


def reason_rows(explained: Explained, middle: Units, tier: Values, entry: Scores, keep: Scores) -> dict[str, Values]:
    """The rows of customer_tier_reasons of one customer, by component; `tier` is the row of customer_tiers."""
    cut = entry.get(LEVEL_OF.get(tier["next_tier"]))
    changes = changes_to(cut, explained) if tier["score_gap_to_next"] else {}
    smallest = min(changes, key=lambda n: (changes[n], -explained.weights[n], n), default=None)
    adds, leaves = ranks(explained.contributions), ranks(explained.losses)
    plus = ranks(explained.contributions, lambda name: explained.contributions[name] > middle[name])
    minus = ranks(explained.losses, lambda name: explained.losses[name] > 0)
    common = {name: tier[name] for name in SHARED} | {
        "held_tier": held_tier(tier["computed_tier"], tier["reason"]),
        "medium_from": entry[1],
        "high_from": entry[2],
        "medium_keep": keep[1],
        "high_keep": keep[2],
    }
    return {
        name: {
            "is_present": name in explained.scores,
            "weight": weight,
            "score": explained.scores.get(name),
            "contribution": to_decimal(explained.contributions.get(name, 0), 4),
            "points_lost": to_decimal(explained.losses.get(name, 0), 4),
            "contribution_rank": adds.get(name),
            "lost_rank": leaves.get(name),
            "contribution_median": to_decimal(middle[name], 4) if name in middle else None,
            "top_plus_rank": shown(plus.get(name)),
            "top_minus_rank": shown(minus.get(name)),
            "change_to_next": to_decimal(changes[name], 4) if name in changes else None,
            "is_smallest_change": name == smallest,
            **common,
        }
        for name, weight in explained.weights.items()
    }


OF_THE_RULE = ("EXCL", "POT", "NOQ", "INITIAL", "EARNED")


def held_tier(computed_tier: str | None, reason: str | None) -> str | None:
    """The tier that something else than the rule of the date gives; of one that is lifted the one below."""
    if reason is None or reason in OF_THE_RULE:
        return None
    return TIERS[LEVELS[computed_tier] - 1] if reason.startswith("INTERIM_") else computed_tier


SHARED = (
    "value_tier",
    "computed_tier",
    "rule_tier",
    "rule_path",
    "reason",
    "composite_score",
    "next_tier",
    "score_gap_to_next",
    "override_kind",
    "override_tier",
)
"""What every row of a customer repeats from the tier."""


def shown(rank: int | None) -> int | None:
    """A place among the first three."""
    return rank if rank is not None and rank <= SHOWN_RANKS else None


def changes_to(cut: Fraction, explained: Explained) -> Units:
    """The smallest change of each component that alone reaches the cut, where there is one."""
    found = {name: explained.change_to(cut, name) for name in explained.scores}
    return {name: units for name, units in found.items() if units is not None}
