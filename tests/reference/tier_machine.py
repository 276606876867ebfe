"""Value tiers, section 3: what a tier keeps, as a machine that walks over the reviews of one customer.

It knows one customer and nothing of the world: what each date says goes in, tier and reason of each date come out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference.tier_dates import months_between

TIERS = ("low", "medium", "high")
LEVELS = {tier: level for level, tier in enumerate(TIERS)}
MEDIUM, HIGH = LEVELS["medium"], LEVELS["high"]


@dataclass(frozen=True)
class Observation:
    """What one graded date says of the customer, before anything is remembered.

    By level (1, 2) `keep` is the score that keeps it and `maintain` that of the row in force; None: there is none.
    `hold_months` are those of the rule that matched, `margin_hold_months` those of the policy.
    """

    rule_path: str
    rule_tier: str | None
    composite_score: Fraction | None = None
    keep: dict[int, Fraction | None] = field(default_factory=dict)
    maintain: dict[int, Fraction | None] = field(default_factory=dict)
    margin_hold_months: int = 0
    hold_months: int | None = None
    has_energy_rise: bool = False
    has_several_properties: bool = False

    @property
    def level(self) -> int | None:
        """The level of the rule; None where it has none."""
        return LEVELS.get(self.rule_tier)

    def earns(self, k: int) -> bool:
        """Whether the rule gives the level."""
        return self.level is not None and self.level >= k

    def is_below(self, k: int) -> bool:
        """Whether neither the rule gives the level nor the score keeps it."""
        keep = self.keep.get(k)
        keeps = keep is not None and self.composite_score is not None and self.composite_score >= keep
        return not self.earns(k) and not keeps


@dataclass(frozen=True)
class Computed:
    """The tier of one date and where it comes from."""

    tier: str | None
    reason: str

    @property
    def level(self) -> int | None:
        """The level of the tier; None where it has none."""
        return LEVELS.get(self.tier)


@dataclass(frozen=True)
class Rule:
    """A review whose rule holds for some months."""

    day: date
    level: int
    hold_months: int


@dataclass
class State:
    """What is remembered since the last break."""

    is_broken: bool = True
    """Whether the customer had no level at the last review, or there was none."""
    was_below: dict[int, bool] = field(default_factory=dict)
    earned_on: dict[int, date] = field(default_factory=dict)
    """By level the last review that earned it and no fall has followed."""
    rules: list[Rule] = field(default_factory=list)
    held: int = 0
    """The level held at the last review, without the landing."""
    level: int = 0
    computed: int = 0


@dataclass(frozen=True)
class Holds:
    """Which levels are held at a review without being earned, and how."""

    by_rule: set[int]
    by_margin: set[int]


class Machine:
    """Walks over the graded dates of one customer, one after the other."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self._state = State()

    def step(self, d: date, is_review: bool, seen: Observation | None) -> Computed | None:
        """The tier at the next date; None where the customer is not known at it."""
        if seen is None or seen.level is None:
            if is_review:
                self._state = State()
            return None if seen is None else Computed(seen.rule_tier, seen.rule_path)
        return self._review(d, seen) if is_review else self._between(seen)

    def _review(self, t: date, seen: Observation) -> Computed:
        before, is_first = self._state, self._state.is_broken
        earned_on = dict(before.earned_on)
        below = {k: seen.is_below(k) for k in (MEDIUM, HIGH)}
        for k in (MEDIUM, HIGH):
            if seen.earns(k):
                earned_on[k] = t
            elif below[k] and before.was_below.get(k, False):
                earned_on.pop(k, None)
        holds = Holds(
            by_rule={k for k in (MEDIUM, HIGH) for rule in before.rules if rule.level >= k and _lasts(rule, t)},
            by_margin={k for k, s in earned_on.items() if s < t and months_between(s, t) < seen.margin_hold_months},
        )
        held = max([0, *(k for k in (MEDIUM, HIGH) if seen.earns(k)), *holds.by_rule, *holds.by_margin])
        level = max(held, before.held - 1)
        lift = 0 if is_first else _lift(seen)
        computed = min(HIGH, level + lift)
        rules = list(before.rules)
        if seen.hold_months is not None:
            rules.append(Rule(t, seen.level, seen.hold_months))
        self._state = State(False, below, earned_on, rules, held, level, computed)
        return Computed(TIERS[computed], _reason_at_review(seen, computed, level, holds, is_first))

    def _between(self, seen: Observation) -> Computed:
        state = self._state
        if state.is_broken:
            return Computed(seen.rule_tier, "INITIAL")
        computed = max(state.computed, min(HIGH, state.level + _lift(seen)))
        if computed > state.computed:
            reason = _lift_reason(seen)
        elif seen.level > computed:
            reason = "WAITS_FOR_REVIEW"
        elif seen.level < computed:
            reason = "HELD_UNTIL_REVIEW"
        else:
            reason = "EARNED"
        return Computed(TIERS[computed], reason)


def _lasts(rule: Rule, t: date) -> bool:
    return months_between(rule.day, t) < rule.hold_months


def _lift(seen: Observation) -> int:
    return int(seen.has_energy_rise or seen.has_several_properties)


def _lift_reason(seen: Observation) -> str:
    return "INTERIM_ENERGY_RISE" if seen.has_energy_rise else "INTERIM_MULTI_PROPERTY"


def _reason_at_review(seen: Observation, computed: int, level: int, holds: Holds, is_first: bool) -> str:
    if is_first:
        return "INITIAL"
    if computed > level:
        return _lift_reason(seen)
    if computed == seen.level:
        return "EARNED"
    if level in holds.by_rule:
        return "HELD_BY_RULE"
    if level in holds.by_margin:
        return "GRANDFATHERED" if _is_grandfathered(seen, level) else "HELD_BY_MARGIN"
    return "SOFT_LANDING"


def _is_grandfathered(seen: Observation, k: int) -> bool:
    """Whether only a cut of earlier policy keeps the level."""
    score, keep, maintain = seen.composite_score, seen.keep.get(k), seen.maintain.get(k)
    return None not in (score, keep, maintain) and keep <= score < maintain


def walk(dates: Iterable[tuple[date, bool, Observation | None]]) -> dict[date, Computed]:
    """Tier and reason at each date at which the customer is known.

    `dates` are the graded dates in their order: the day, whether it is a review, and what is seen (None: not known).
    """
    machine = Machine()
    steps = ((d, machine.step(d, is_review, seen)) for d, is_review, seen in dates)
    return {d: computed for d, computed in steps if computed is not None}
