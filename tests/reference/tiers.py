"""Value tiers, section 2: components, composite score and the first tier rule that holds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.reference.clocks import in_last_days, in_last_months
from tests.reference.measures import YEAR, CustomerView, Occasion
from tests.reference.numbers import round_half_away, to_decimal
from tests.reference.policy import Policy
from tests.reference.registers import Contract, Customer

PROPERTY = "property_sale"
PROPERTY_MONTHS = 60
Values = dict[str, object]


def component_scores(
    rfm: Values,
    clv: Fraction | None,
    signals: dict[str, Decimal | None],
    feedback_index: Decimal | None,
    weights: dict[str, Fraction],
) -> dict[str, Fraction | None]:
    """The components 0-100; None: nothing to go on, or no weight. `signals` are the others' scores.

    Feedback counts in its own direction only: below an index of 0 for no more than the others come to, above it for no
    less.
    """
    categories, lobs = rfm["variety_categories"], max(1, rfm["variety_lobs"])
    variety = Fraction(min(100, 25 * categories + 25 * (lobs - 1))) if rfm["has_known_category"] else None
    scores = {"rfm": Fraction(rfm["rfm_score_100"]) if rfm["rfm_total"] else None, "clv": clv, "variety": variety}
    scores |= {name: None if score is None else Fraction(score) for name, score in signals.items()}
    counted = {name: score if weights.get(name) else None for name, score in scores.items()}
    if counted["feedback"] is not None:
        others = composite_units(counted | {"feedback": None}, weights)
        bound = counted["feedback"] if others is None else Fraction(others, 10_000)
        pull = (min if feedback_index < 0 else max)(counted["feedback"], bound)
        counted["feedback"] = pull if feedback_index else None
    return counted


def composite_units(scores: dict[str, Fraction | None], weights: dict[str, Fraction]) -> int | None:
    """The weighted mean over the components present, in 1e-4."""
    present = {name: score for name, score in scores.items() if score is not None}
    total = sum(weights[name] for name in present)
    return round_half_away(sum(weights[n] * s for n, s in present.items()) / total * 10_000) if total else None


def property_net(view: CustomerView | None, d: date) -> int:
    """Property net of the last 60 months, in cents."""
    postings = view.postings if view else []
    return sum(p.net for p in postings if p.lob == PROPERTY and in_last_months(p.value_date, d, PROPERTY_MONTHS))


def spend_outside_property(view: CustomerView | None, d: date) -> int:
    """Net spend of the last 365 days outside property sale, in cents."""
    postings = view.postings if view else []
    return sum(p.net for p in postings if p.lob != PROPERTY and in_last_days(p.value_date, d, YEAR))


def is_firm(
    occasion: Occasion, view: CustomerView, contracts: dict[str, Contract], paid_share: Fraction, d: date
) -> bool:
    """Whether the sale of a home can be counted on: handed over, or enough of its contract paid."""
    contract = contracts.get(occasion.contract_id)
    if contract is None:
        return True
    if contract.cancelled_on is not None and contract.cancelled_on <= d:
        return False
    if contract.handover_date is not None and contract.handover_date <= d:
        return True
    of_contract = [sale for sale in view.sales if sale.transaction.contract_id == contract.contract_id]
    paid = sum(sale.original_net for sale in of_contract if sale.transaction.lob == PROPERTY)
    return not contract.total_cents or Fraction(paid, contract.total_cents) >= paid_share


def firm_homes(view: CustomerView | None, contracts: dict[str, Contract], policy: Policy, d: date) -> list[Occasion]:
    """The firm homes of the last 60 months."""
    share = policy.parameter("sale_firm_paid_share", d)
    homes = [occasion for occasion in view.occasions if occasion.lob == PROPERTY] if view else []
    recent = [home for home in homes if in_last_months(home.date, d, PROPERTY_MONTHS)]
    return [home for home in recent if is_firm(home, view, contracts, share, d)]


@dataclass(frozen=True)
class Said:
    """What other signals say that a tier rule asks for."""

    energy_kwh_12m: Decimal | None = None
    engagement_score: Fraction | None = None
    days_since_interaction: int | None = None
    intent_level: str | None = None


def excluded_row(customer: Customer) -> Values:
    """What the rules say of somebody who is not graded."""
    return dict.fromkeys(RULE_COLUMNS) | {
        "customer_type": customer.customer_type,
        "rule_path": "EXCL",
        "exclusion_reason": customer.exclusion_reason,
        "coverage": Decimal(0),
        "is_provisional": False,
    }


RULE_COLUMNS = (
    "customer_type",
    "rule_path",
    "rule_tier",
    "exclusion_reason",
    "absent_components",
    "composite_score",
    "coverage",
    "is_provisional",
    "property_net_60m",
    "firm_units_60m",
    "spend_12m_outside_property",
    "energy_kwh_12m",
    "engagement_score",
    "days_since_interaction",
)


def rule_row(
    customer: Customer,
    scores: dict[str, Fraction | None],
    weights: dict[str, Fraction],
    view: CustomerView | None,
    contracts: dict[str, Contract],
    said: Said,
    policy: Policy,
    d: date,
) -> Values:
    """The rule that matched and what it looked at; `contracts` are all known at d, `view` is None: holds no line."""
    composite = composite_units(scores, weights)
    present = sum((weights[name] for name, score in scores.items() if score is not None), Fraction(0))
    coverage = present / sum(weights.values())
    measured = {
        "property_net_60m": Fraction(property_net(view, d), 100),
        "firm_units_60m": Fraction(len(firm_homes(view, contracts, policy, d))),
        "spend_12m_outside_property": Fraction(spend_outside_property(view, d), 100),
        "composite_score": None if composite is None else Fraction(composite, 10_000),
        "energy_kwh_12m": said.energy_kwh_12m,
        "engagement_score": said.engagement_score,
        "days_since_interaction": said.days_since_interaction,
    }
    has_bought = view is not None
    rule_path, rule_tier = first_rule(customer, has_bought, measured, said.intent_level, policy, d)
    return {
        "customer_type": customer.customer_type,
        "rule_path": rule_path,
        "rule_tier": rule_tier,
        "exclusion_reason": None,
        "absent_components": ", ".join(n for n, score in scores.items() if score is None and weights.get(n)) or None,
        "composite_score": None if composite is None else to_decimal(composite, 4),
        "coverage": to_decimal(round_half_away(coverage * 10_000), 4),
        "is_provisional": has_bought and coverage < policy.parameter("min_coverage", d),
        "property_net_60m": to_decimal(int(measured["property_net_60m"] * 100), 2),
        "firm_units_60m": int(measured["firm_units_60m"]),
        "spend_12m_outside_property": to_decimal(int(measured["spend_12m_outside_property"] * 100), 2),
        "energy_kwh_12m": said.energy_kwh_12m,
        "engagement_score": said.engagement_score,
        "days_since_interaction": said.days_since_interaction,
    }


def first_rule(
    customer: Customer,
    has_bought: bool,
    measured: dict[str, Fraction | Decimal | int | None],
    intent_level: str | None,
    policy: Policy,
    d: date,
) -> tuple[str, str | None]:
    """The first rule that holds for somebody who is graded: its path and its tier."""
    thresholds = policy.thresholds(customer.customer_type, d)

    def compares(rule_path: str, measure: str, sign: int) -> bool:
        threshold, value = thresholds.get((rule_path, measure)), measured[measure]
        return threshold is not None and value is not None and sign * Fraction(value) >= sign * threshold

    def reaches(rule_path: str, measure: str) -> bool:
        return compares(rule_path, measure, 1)

    holds = {
        "EXCL": False,
        "POT": not has_bought and customer.marketing_consent and intent_level != "D",
        "NOQ": not has_bought,
        "HR_ENERGY": reaches("HR_ENERGY", "energy_kwh_12m"),
        "HR_PROPERTY": reaches("HR_PROPERTY", "property_net_60m") or reaches("HR_PROPERTY", "firm_units_60m"),
        "HR_SPEND": reaches("HR_SPEND", "spend_12m_outside_property"),
        "SC_HIGH": reaches("SC_HIGH", "composite_score"),
        "SC_MED": reaches("SC_MED", "composite_score"),
        "MR_ENGAGED": reaches("MR_ENGAGED", "engagement_score")
        and compares("MR_ENGAGED", "days_since_interaction", -1),
        "LOW": True,
    }
    return next((path, tier) for path, tier in policy.tier_rules(d) if holds[path])
