"""What one date says of everybody known at it, before tiers remember anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.registers import Customer
from tests.reference.signals.world import Rows, Values, World
from tests.reference.tier_facts import energy_rises, has_several_properties, keep_scores, maintain_scores
from tests.reference.tier_machine import Computed, Observation, walk

Scores = dict[str, Fraction | None]


@dataclass(frozen=True)
class Graded:
    """One graded date: who is known, what the rules and the other signals say.

    `rules` and `population` hold everybody known, `scores` (by component) and `spend_12m` those who are graded;
    `found` are the rows of the other signals by mart, `clv_bands` the bands of the total.
    """

    d: date
    is_review: bool
    last_review: date | None
    """The last graded review before d."""
    world: World
    found: Mapping[str, Rows]
    population: Mapping[str, Customer]
    rules: Mapping[str, Values]
    scores: Mapping[str, Scores]
    weights: Mapping[str, Fraction]
    rfm: Mapping[str, Values]
    clv_bands: Mapping[str, str | None]

    def said(self, mart: str, column: str, customer_id: str) -> object:
        """A figure of another signal; None where there is no row."""
        return self.found[mart].get((self.d.isoformat(), customer_id), {}).get(column)

    def observations(self) -> dict[str, Observation]:
        """What the machine of tiers has to know of each customer."""
        risen = energy_rises(self.world, self.last_review)
        types = {row["customer_type"] for row in self.rules.values()}
        policy = self.world.policy
        keep = {name: keep_scores(name, policy, self.d) for name in types}
        maintain = {name: maintain_scores(name, policy, self.d) for name in types}
        margin = policy.tiers(self.d).margin_hold_months
        return {
            customer_id: Observation(
                rule_path=row["rule_path"],
                rule_tier=row["rule_tier"],
                composite_score=None if row["composite_score"] is None else Fraction(row["composite_score"]),
                keep=keep[row["customer_type"]],
                maintain=maintain[row["customer_type"]],
                margin_hold_months=margin,
                hold_months=policy.hold_months(row["rule_path"], self.d),
                has_energy_rise=customer_id in risen,
                has_several_properties=self._has_several_properties(customer_id),
            )
            for customer_id, row in self.rules.items()
        }

    def _has_several_properties(self, customer_id: str) -> bool:
        world = self.world
        return has_several_properties(world.views.get(customer_id), world.contracts, world.policy, self.d)


def computed_tiers(graded: list[Graded]) -> dict[date, dict[str, Computed]]:
    """Tier and reason of everybody known at each date, before overrides; `graded` are all graded dates in order."""
    seen = [(one.d, one.is_review, one.observations()) for one in graded]
    found: dict[date, dict[str, Computed]] = {one.d: {} for one in graded}
    for customer_id in sorted({c for _, _, observed in seen for c in observed}):
        told = ((d, is_review, observed.get(customer_id)) for d, is_review, observed in seen)
        for d, computed in walk(told).items():
            found[d][customer_id] = computed
    return found
