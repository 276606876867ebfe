"""Value tiers together: overrides on top of what is computed, and everything that is shown of it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.reference.attention import Seen, attention_rows, potential_grade, spending_power
from tests.reference.explanation import Explained, gap_to, medians, next_tier, reason_rows
from tests.reference.graded import Graded
from tests.reference.monitoring import drifts, migrations, state_of
from tests.reference.overrides import KINDS, VALUE, Judge, Override, Standing, known_overrides, renewal_count
from tests.reference.signals.satisfaction_segments import NONE, main_lob
from tests.reference.signals.world import Rows, Values
from tests.reference.tier_facts import entry_scores, keep_scores
from tests.reference.tier_machine import HIGH, MEDIUM, Computed

TIER_COLUMNS = (
    *("value_tier", "computed_tier", "rule_tier", "rule_path", "reason", "exclusion_reason", "customer_type"),
    *("absent_components", "override_id", "override_kind", "next_tier", "at_risk_reason", "upside_reason"),
    *("attention_reason", "potential_grade", "spending_power_band", "spending_power_basis", "composite_score"),
    *("coverage", "score_gap_to_next", "property_net_60m", "firm_units_60m", "spend_12m_outside_property"),
    *("energy_kwh_12m", "engagement_score", "days_since_interaction", "override_days_left", "is_provisional"),
    *("at_risk_flag", "upside_flag", "attention_flag"),
)
"""The columns of customer_tier_history, keys aside."""


class DatedTiers:
    """The tiers of everybody known at one graded date."""

    def __init__(
        self,
        one: Graded,
        computed: dict[str, Computed],
        reviews: dict[date, dict[str, Computed]],
        versions: list[Override],
    ) -> None:
        """`rows` of customer_tier_history by customer are ready after this; `reviews` are those up to d."""
        self.one, self._computed, self._policy = one, computed, one.world.policy
        self.known = known_overrides(versions, one.d)
        standing = Standing(one.d, set(one.world.graded), computed, reviews)
        self.judge = Judge(self.known, self._policy, standing)
        self._entry = {c.customer_type: entry_scores(c.customer_type, self._policy, one.d) for c in self._everybody()}
        tiers = {customer_id: self._tier(customer_id) for customer_id in one.rules}
        terms = self._policy.rows("policy_attention", one.d)[0]
        seen = {customer_id: self._seen(customer_id, tier) for customer_id, tier in tiers.items()}
        flags = attention_rows(seen, terms)
        self.rows = {c: one.rules[c] | tier | flags[c] | self._views(c, tier) for c, tier in tiers.items()}

    def _everybody(self) -> list:
        return list(self.one.population.values())

    def _tier(self, customer_id: str) -> Values:
        """The tier after overrides, and what is missing to the next."""
        rule, computed = self.one.rules[customer_id], self._computed[customer_id]
        applied = self.judge.applied.get(customer_id)
        above = next_tier(rule["rule_tier"], computed.tier)
        entry = self._entry[rule["customer_type"]]
        cut = {"medium": entry[MEDIUM], "high": entry[HIGH]}.get(above)
        return {
            "value_tier": applied.final_tier if applied else computed.tier,
            "computed_tier": computed.tier,
            "reason": computed.reason,
            "override_id": applied.override.override_id if applied else None,
            "override_kind": applied.override.kind if applied else None,
            "override_tier": applied.tier if applied else None,
            "override_days_left": (applied.override.valid_to - self.one.d).days if applied else None,
            "next_tier": above,
            "score_gap_to_next": gap_to(cut, rule["composite_score"]),
        }

    def _seen(self, customer_id: str, tier: Values) -> Seen:
        """What the flags look at."""
        one, rule = self.one, self.one.rules[customer_id]
        view = one.world.views.get(customer_id)
        thresholds = self._policy.thresholds(rule["customer_type"], one.d)
        return Seen(
            value_tier=tier["value_tier"],
            rule_tier=rule["rule_tier"],
            has_level=self._computed[customer_id].level is not None,
            customer_type=rule["customer_type"],
            main_lob=main_lob(one.world, customer_id) if customer_id in one.world.graded else NONE,
            line_count=len(view.lobs_held) if view else 0,
            engagement_score=rule["engagement_score"],
            engagement_threshold=thresholds.get(("MR_ENGAGED", "engagement_score")),
            lifecycle_stage=one.said("customer_lifecycle_history", "lifecycle_stage", customer_id),
            sat_class=one.said("customer_satisfaction_history", "sat_class", customer_id),
            fb_grade=one.said("customer_feedback_history", "fb_grade", customer_id),
            clv_band=one.clv_bands.get(customer_id),
            intent_level=one.said("customer_intent_history", "intent_level", customer_id),
        )

    def _views(self, customer_id: str, tier: Values) -> Values:
        """What is shown beside the tier and scored nowhere."""
        one, graded = self.one, customer_id in self.one.world.graded
        level = one.said("customer_intent_history", "intent_level", customer_id)
        window = one.said("customer_intent_history", "expected_purchase_window", customer_id)
        view, rows = one.world.views.get(customer_id), self._policy.rows("policy_spending_power", one.d)
        income = one.population[customer_id].income_band
        power = spending_power(income, view.sales if view else [], rows) if graded else (None, None)
        return {
            "potential_grade": potential_grade(tier["value_tier"], level, window),
            "spending_power_band": power[0],
            "spending_power_basis": power[1],
        }

    def shown(self) -> dict[str, Values]:
        """The rows of customer_tier_history by customer."""
        return {c: {name: row[name] for name in TIER_COLUMNS} for c, row in self.rows.items()}

    def states(self) -> dict[str, str]:
        """What each customer counts as in the mix of tiers."""
        return {c: state_of(row["value_tier"], row["rule_path"]) for c, row in self.rows.items()}

    def spend(self) -> dict[str, Decimal]:
        """Spend of the last 12 months by customer graded."""
        return {c: Decimal(row["spend_12m"]) for c, row in self.one.rfm.items()}

    def reasons(self) -> Rows:
        """customer_tier_reasons, by customer and component."""
        weights = {name: weight for name, weight in self.one.weights.items() if weight}
        absent: dict[str, Fraction | None] = dict.fromkeys(weights)
        explained = {}
        for customer_id in self.one.rules:
            scores = self.one.scores.get(customer_id, absent)
            explained[customer_id] = Explained({name: scores[name] for name in weights}, weights)
        middle = medians(explained.values())
        found: Rows = {}
        for customer_id, one in explained.items():
            customer_type = self.one.rules[customer_id]["customer_type"]
            keep = keep_scores(customer_type, self._policy, self.one.d)
            rows = reason_rows(one, middle, self.rows[customer_id], self._entry[customer_type], keep)
            found |= {(customer_id, component): row for component, row in rows.items()}
        return found

    def audit(self) -> Rows:
        """override_audit by source system and override: those that are not on the axis of cards."""
        return {o.key: self._audit_row(o) for o in self.known if o.key in self.judge.statuses}

    def _audit_row(self, override: Override) -> Values:
        status, tier = self.judge.statuses[override.key], self.rows.get(override.customer_id, {})
        is_running = override.valid_from <= self.one.d < override.valid_to
        return {
            "customer_id": override.customer_id,
            "axis": override.axis if override.axis == VALUE else None,
            "override_kind": override.kind if override.kind in KINDS else None,
            "status": status,
            "computed_tier": tier.get("computed_tier"),
            "value_tier": tier.get("value_tier"),
            "period_days": override.days,
            "days_left": (override.valid_to - self.one.d).days if is_running else None,
            "renewal_count": renewal_count(override, self.known),
            "is_applied": status == "applied",
            "valid_from": override.valid_from.isoformat(),
            "valid_to": override.valid_to.isoformat(),
        }


def moves(shown: list[DatedTiers]) -> dict[str, Rows]:
    """tier_migrations and tier_drift over the shown dates."""
    states = {tiers.one.d: tiers.states() for tiers in shown}
    spend = {tiers.one.d: tiers.spend() for tiers in shown}
    return {"tier_migrations": migrations(states, spend), "tier_drift": drifts(states)}
