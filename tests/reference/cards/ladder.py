"""Cards, section 1: the rules that give a rank, and what is missing to one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.cards.metrics import OVERDUE, POINTS, PROGRAM, SPEND, Metrics
from tests.reference.points.rules import CARDS, PolicyRow, Rules

RULES, FLOORS = "policy_card_rules", "policy_card_floors"
ENTRY, MAINTAIN = "entry", "maintain"
Route = dict[str, Fraction]
"""Thresholds by metric."""


@dataclass(frozen=True)
class Gap:
    """What the nearest route misses: points and spend where it asks for them, its share, and if a bill blocks it."""

    points: Fraction | None
    spend: Fraction | None
    share: Fraction
    is_blocked: bool


class Ladder:
    """The tiers and their rules."""

    def __init__(self, rules: Rules) -> None:
        """Rows are looked up by day, and remembered."""
        self._rules = rules
        self._routes: dict[tuple[str, str, date], dict[str, Route]] = {}

    def program(self, on: date) -> PolicyRow:
        """The row of the card program."""
        return self._rules.rows(PROGRAM, on)[0]

    def ranks(self, on: date) -> dict[str, int]:
        """The rank of each tier."""
        return {row["card_tier"]: int(row["card_rank"]) for row in self._rules.rows(CARDS, on)}

    def tier(self, rank: int, on: date) -> str | None:
        """The tier of a rank; None above the highest."""
        return {number: tier for tier, number in self.ranks(on).items()}.get(rank)

    def floors(self, on: date) -> list[tuple[int, int, int]]:
        """Rank at or above which renewals count, how many it takes, and the rank it never falls below."""
        ranks = self.ranks(on)
        rows = self._rules.rows(FLOORS, on)
        return [(ranks[row["card_tier"]], int(row["floor_years"]), ranks[row["floor_tier"]]) for row in rows]

    def routes(self, tier: str, purpose: str, on: date) -> dict[str, Route]:
        """The routes to (or to stay in) a tier by their id."""
        if (tier, purpose, on) not in self._routes:
            routes: dict[str, Route] = defaultdict(dict)
            for row in self._rules.rows(RULES, on):
                if row["card_tier"] == tier and row["purpose"] == purpose:
                    routes[row["route_id"]][row["metric"]] = Fraction(row["threshold"])
            self._routes[tier, purpose, on] = routes
        return self._routes[tier, purpose, on]

    def rank(self, metrics: Metrics, purpose: str, on: date) -> int:
        """The highest tier with a route all of whose conditions hold; 0 without any."""
        met = [rank for tier, rank in self.ranks(on).items() if self._is_met(metrics, tier, purpose, on)]
        return max(met, default=0)

    def _is_met(self, metrics: Metrics, tier: str, purpose: str, on: date) -> bool:
        routes = self.routes(tier, purpose, on).values()
        return any(all(metrics[metric] >= threshold for metric, threshold in route.items()) for route in routes)

    def gap(self, metrics: Metrics, tier: str | None, purpose: str, on: date) -> Gap | None:
        """What the nearest route to a tier misses; None where there is no route."""
        gaps = []
        for route_id, route in self.routes(tier, purpose, on).items() if tier else ():
            missing = {metric: max(Fraction(0), threshold - metrics[metric]) for metric, threshold in route.items()}
            counted = [metric for metric in route if metric != OVERDUE and route[metric]]
            share = max((missing[metric] / route[metric] for metric in counted), default=Fraction(0))
            is_blocked = missing.get(OVERDUE, Fraction(0)) > 0
            gaps.append((share, route_id, Gap(missing.get(POINTS), missing.get(SPEND), share, is_blocked)))
        return min(gaps, key=lambda gap: gap[:2])[2] if gaps else None
