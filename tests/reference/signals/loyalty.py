"""Section 4: the loyalty of each graded customer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.reference.measures import CustomerView
from tests.reference.signals.figures import rounded
from tests.reference.signals.referrals import JudgedReferral
from tests.reference.signals.world import Rows, Values, World

PARTS = ("repeat", "tenure", "referral", "attitude")
GONE = ("churned", "dormant")
ATTITUDES = {"satisfied": "satisfied_attitude", "neutral": "neutral_attitude"}
Part = Decimal | None


@dataclass(frozen=True)
class LoyaltyPolicy:
    """The row of policy_loyalty, and the occasions at which a line is bought often enough."""

    row: Mapping[str, str]
    repeat_targets: Mapping[str, int]

    def number(self, name: str) -> Fraction:
        """One parameter."""
        return Fraction(self.row[name])

    def weight(self, part: str) -> Fraction:
        """The weight of a part."""
        return self.number(f"{part}_weight")


def policy_at(world: World) -> LoyaltyPolicy:
    """The policy in force on d."""
    targets = {row["lob"]: int(row["repeat_target"]) for row in world.policy.rows("policy_lobs", world.d)}
    return LoyaltyPolicy(world.policy.rows("policy_loyalty", world.d)[0], targets)


def rows(world: World, satisfaction: Rows, lifecycle: Rows, judged: list[JudgedReferral]) -> Rows:
    """customer_loyalty_history at d; the rows of satisfaction and lifecycle are those of d, by date and customer."""
    policy = policy_at(world)
    by_all, by_valid, by_converted = (
        Counter(one.referral.referrer for one in judged if holds(one))
        for holds in (lambda one: True, lambda one: one.verdict == "valid", lambda one: one.is_converted)
    )
    found = {}
    for customer_id in world.graded:
        key = world.d.isoformat(), customer_id
        view = world.views.get(customer_id)
        counts = {
            "referral_count": by_all[customer_id],
            "valid_referral_count": by_valid[customer_id],
            "converted_referral_count": by_converted[customer_id],
        }
        of_everybody = {
            "referral": referral_part(by_converted[customer_id], policy) if judged else None,
            "attitude": attitude_part(satisfaction.get(key, {}), policy),
        }
        if view is None:
            parts = dict.fromkeys(PARTS) | of_everybody
            found[key] = row_of(parts, None, None, policy) | counts | {"occasion_count": 0, "tenure_days": None}
            continue
        tenure_days = (world.d - min(occasion.date for occasion in view.occasions)).days
        repeat, line = repeat_part(view, policy)
        tenure = tenure_part(tenure_days, lifecycle[key]["lifecycle_stage"], policy)
        parts = {"repeat": repeat, "tenure": tenure} | of_everybody
        of_purchases = {"occasion_count": len(view.occasions), "tenure_days": tenure_days}
        found[key] = row_of(parts, line, loyalty_score(parts, policy), policy) | counts | of_purchases
    return found


def row_of(parts: dict[str, Part], line: str | None, score: Part, policy: LoyaltyPolicy) -> Values:
    """The columns of a customer, counts aside."""
    return {
        "loyalty_level": level_of(score, policy),
        "repeat_line": line,
        "loyalty_score": score,
        **{f"{name}_part": part for name, part in parts.items()},
    }


def repeat_part(view: CustomerView, policy: LoyaltyPolicy) -> tuple[Decimal, str]:
    """How near to its target the line comes that is bought most often, and that line."""
    counts = Counter(occasion.lob for occasion in view.occasions)
    parts = {lob: up_to_one(count - 1, policy.repeat_targets[lob]) for lob, count in counts.items()}
    best = min(parts, key=lambda lob: (-parts[lob], lob))
    return parts[best], best


def tenure_part(days: int, stage: str, policy: LoyaltyPolicy) -> Decimal:
    """How long somebody has been a customer; nothing for those who are gone."""
    return rounded(0, 6) if stage in GONE else up_to_one(days, policy.number("tenure_full_days"))


def referral_part(converted: int, policy: LoyaltyPolicy) -> Decimal:
    """How many customers somebody brought."""
    return up_to_one(converted, policy.number("full_referrals"))


def attitude_part(satisfaction: Values, policy: LoyaltyPolicy) -> Part:
    """What somebody says; None where nothing was said."""
    sat_class = satisfaction.get("sat_class")
    if sat_class is None:
        return None
    if satisfaction.get("is_attitudinally_loyal"):
        return rounded(1, 6)
    return rounded(policy.number(ATTITUDES[sat_class]) if sat_class in ATTITUDES else 0, 6)


def up_to_one(value: int, full: Fraction | int) -> Decimal:
    """The share of what is enough, at most 1, with 6 decimals."""
    return rounded(min(Fraction(1), Fraction(value) / full), 6)


def loyalty_score(parts: Mapping[str, Part], policy: LoyaltyPolicy) -> Part:
    """The weighted mean of the parts that are present, out of 100; None where none is."""
    present = {name: Fraction(part) for name, part in parts.items() if part is not None}
    total = sum(policy.weight(name) for name in present)
    if not total:
        return None
    return rounded(100 * sum(policy.weight(name) * part for name, part in present.items()) / total, 4)


def level_of(score: Part, policy: LoyaltyPolicy) -> str | None:
    """The level of a score; None without one."""
    if score is None:
        return None
    if score >= policy.number("high_from"):
        return "high"
    return "medium" if score >= policy.number("medium_from") else "low"
