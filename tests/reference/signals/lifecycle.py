"""Section 3: the stage of a customer's life with the group."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from tests.reference.clocks import add_months, in_last_days, in_last_months
from tests.reference.measures import YEAR, CustomerView, Posting, recognised
from tests.reference.rfm import TWO_YEARS
from tests.reference.signals.activity import PROPERTY, by_customer, counted, is_only_owner, running_contracts_of, spans
from tests.reference.signals.facts import Interaction
from tests.reference.signals.figures import kth_smallest, rounded
from tests.reference.signals.world import Rows, Values, World

OVER_EARLY = ("terminated", "cancelled")


@dataclass(frozen=True)
class LifecyclePolicy:
    """The row of policy_lifecycle."""

    owner_gap_days: int
    min_occasions: int
    rhythm_share: Fraction
    min_gap_factor: Fraction
    max_gap_factor: Fraction
    returned_days: int
    return_gap_factor: Fraction
    churned_above: Fraction
    churn_min_days: int
    dormant_above: Fraction
    decline_until: Fraction
    growth_from: Fraction
    exclude_run_off: bool


def policy_at(world: World) -> LifecyclePolicy:
    """The policy in force on d."""
    row = world.policy.rows("policy_lifecycle", world.d)[0]
    told = {name: kind(row[name]) for name, kind in LifecyclePolicy.__annotations__.items() if kind is not bool}
    return LifecyclePolicy(**told, exclude_run_off=row["exclude_run_off"] == "true")


def rows(world: World, interactions: list[Interaction]) -> Rows:
    """customer_lifecycle_history at d; `interactions` are all known at d."""
    policy = policy_at(world)
    of_customers = by_customer(counted(world, interactions))
    orders = {row["lifecycle_stage"]: int(row["stage_order"]) for row in stages_at(world)}
    found = {}
    for customer_id in world.graded:
        row = Life(world, policy, customer_id, of_customers.get(customer_id, []), bool(interactions)).row()
        found[world.d.isoformat(), customer_id] = row | {"stage_order": orders[row["lifecycle_stage"]]}
    return found


def stages_at(world: World) -> list[dict[str, str]]:
    """The stages in force on d."""
    return world.policy.rows("policy_lifecycle_stages", world.d)


class Life:
    """What a review at d knows of one customer's activity, and the stage that follows."""

    def __init__(
        self, world: World, policy: LifecyclePolicy, customer_id: str, own: list[Interaction], is_any_known: bool
    ) -> None:
        """`own` are the interactions that count; `is_any_known`: there are interactions of anybody."""
        self.world, self.policy, self.d = world, policy, world.d
        self.view: CustomerView | None = world.views.get(customer_id)
        self.contracts = running_contracts_of(world, customer_id)
        self.spans = spans(world, customer_id, own)
        self._is_any_known = is_any_known
        last = max((span.end for span in self.spans), default=None)
        self.last_activity = last
        self.idle_days = None if last is None else (self.d - last).days
        self.expected_gap = self._expected_gap() if self.view else None
        own_gap = self._own_gap() if self.view else None
        self.is_own_rhythm = own_gap is not None if self.view else None
        self.rhythm = rounded(self.expected_gap if own_gap is None else own_gap, 1)
        self.u = None if self.rhythm is None else rounded(Fraction(self.idle_days) / Fraction(self.rhythm), 4)
        self.value = self._value(self.d) if self.view else None
        self.previous_value = self._value(self.d - timedelta(days=YEAR)) if self.view else None

    def row(self) -> Values:
        """The columns of the mart, `stage_order` aside."""
        stage, reason = self.stage()
        first = min((occasion.date for occasion in self.view.occasions), default=None) if self.view else None
        return {
            "lifecycle_stage": stage,
            "stage_reason": reason,
            "expected_gap_days": self.expected_gap,
            "idle_days": self.idle_days,
            "days_since_first_purchase": None if first is None else (self.d - first).days,
            "rhythm_days": self.rhythm,
            "idle_to_rhythm": self.u,
            "value_12m": self.value,
            "value_previous_12m": self.previous_value,
            "value_trend_12m": self._trend(),
            "is_own_rhythm": self.is_own_rhythm,
            "has_active_contract": self._is_any_active(),
            "has_returned": self.view is not None and self._is_returned(),
            "has_added_line": self.view is not None and self._is_line_added(),
            "first_purchase_date": None if first is None else first.isoformat(),
            "last_activity_date": None if self.last_activity is None else self.last_activity.isoformat(),
        }

    def stage(self) -> tuple[str, str]:
        """The first stage that matches, and why."""
        if self.view is None:
            return "prospect", "never_bought"
        u, policy = Fraction(self.u), self.policy
        value, before = Fraction(self.value), Fraction(self.previous_value)
        rules = [
            (u > policy.churned_above, "churned", "idle"),
            (self._is_out_of_contracts(), "churned", "contracts_over"),
            (self._is_terminated(), "churned", "terminated"),
            (u > policy.dormant_above, "dormant", "idle"),
            (u <= 1 and self._is_returned(), "reactivated", "returned"),
            (self._is_new(), "new", "first_purchase"),
            (before > 0 and value <= policy.decline_until * before, "decline", "value_fell"),
            (u > 1, "decline", "idle"),
            (before > 0 and value >= policy.growth_from * before, "growth", "value_rose"),
            (self._is_line_added(), "growth", "line_added"),
            (True, "mature", "steady"),
        ]
        return next((stage, reason) for holds, stage, reason in rules if holds)

    def _expected_gap(self) -> int:
        """The days between two purchases that the lines held let expect."""
        gaps = {row["lob"]: int(row["expected_gap_days"]) for row in self.world.policy.rows("policy_lobs", self.d)}
        if is_only_owner(self.view):
            return self.policy.owner_gap_days if self._is_any_known else gaps[PROPERTY]
        recent = {occasion.lob for occasion in self.view.occasions if self._is_recent(occasion.date)}
        active = {contract.lob for contract in self.contracts if contract.is_active(self.d)}
        lines = recent | (active & set(self.view.lobs_held))
        if not lines:
            last = max(occasion.date for occasion in self.view.occasions)
            lines = {occasion.lob for occasion in self.view.occasions if occasion.date == last}
        return min(gaps[lob] for lob in lines)

    def _is_recent(self, day: date) -> bool:
        """Whether a day is in the two years up to the last activity: idleness alone must not slow the pace."""
        return in_last_days(day, self.last_activity, TWO_YEARS)

    def _own_gap(self) -> Fraction | None:
        """The customer's own gap, within bounds; None with too few occasions."""
        days = sorted({occasion.date for occasion in self.view.occasions if self._is_recent(occasion.date)})
        if len(days) < max(2, self.policy.min_occasions):
            return None
        gap = kth_smallest([(later - day).days for day, later in pairwise(days)], self.policy.rhythm_share)
        least, most = (f * self.expected_gap for f in (self.policy.min_gap_factor, self.policy.max_gap_factor))
        return max(least, min(most, Fraction(gap)))

    def _value(self, until: date) -> object:
        """Contribution recognised in the 365 days up to a day, over the lines held."""
        postings = [posting for posting in self.view.postings if not self._is_run_off(posting)]
        units = sum(recognised(postings, lob, self.world.policy, until) for lob in self.view.lobs_held)
        return rounded(Fraction(units, 10_000), 2)

    def _is_run_off(self, posting: Posting) -> bool:
        """Whether a posting spread over several months has had its last day by d, whatever year is looked at."""
        months = self.world.policy.lobs(posting.value_date)[posting.lob].recognition_months
        last_day = add_months(posting.value_date, months) - timedelta(days=1)
        return self.policy.exclude_run_off and months > 1 and last_day <= self.d

    def _trend(self) -> object:
        """The exact change against the year before, rounded once; None where that year had no value."""
        if self.previous_value is None or self.previous_value <= 0:
            return None
        value, before = Fraction(self.value), Fraction(self.previous_value)
        return rounded((value - before) / before, 4)

    def _is_any_active(self) -> bool:
        return any(contract.is_active(self.d) for contract in self.contracts)

    def _is_out_of_contracts(self) -> bool:
        """Whether there are contracts and none is active."""
        is_idle = self.idle_days > self.policy.churn_min_days and self.u > 1
        return bool(self.contracts) and not self._is_any_active() and is_idle

    def _is_terminated(self) -> bool:
        """Whether the last contract was given up, and nothing came after it."""
        over = [contract for contract in self.contracts if contract.ends_on is not None and contract.ends_on <= self.d]
        if not over or self._is_any_active() or PROPERTY in self.view.lobs_held:
            return False
        last = max(contract.ends_on for contract in over)
        is_given_up = any(c.status in OVER_EARLY for c in over if c.ends_on == last)
        return is_given_up and all(span.end <= last for span in self.spans)

    def _is_returned(self) -> bool:
        """Whether a recent span follows a long silence."""
        longest = self.policy.return_gap_factor * Fraction(self.rhythm)
        for span in self.spans:
            ends = [other.end for other in self.spans if other.begin < span.begin]
            is_recent = in_last_days(span.begin, self.d, self.policy.returned_days)
            if ends and is_recent and (span.begin - max(ends)).days > longest:
                return True
        return False

    def _is_new(self) -> bool:
        first = min(occasion.date for occasion in self.view.occasions)
        lines = self.world.policy.lobs(self.d)
        new_days = max(lines[o.lob].new_days for o in self.view.occasions if o.date == first)
        return (self.d - first).days <= new_days

    def _is_line_added(self) -> bool:
        """Whether a line was first bought in the last 12 months by somebody who held another one before."""
        firsts = [min(o.date for o in self.view.occasions if o.lob == lob) for lob in self.view.lobs_held]
        return any(in_last_months(first, self.d, 12) and min(firsts) < first for first in firsts)
