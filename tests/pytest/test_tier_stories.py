"""The stories of tiers reach every reason, status and flag that the reference knows."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from strategies import ALL_COLUMNS, Author, changed_policy
from tests.reference import Options, Result, grade
from tests.reference.delivery import Delivery
from tier_stories import (
    TIER_POLICIES,
    TIER_STORIES,
    asked_again,
    bought_again,
    came_and_went,
    held_nothing,
    house_hunting,
    in_touch,
    not_in_order,
    overridden,
    splurged,
    swung,
    used_more,
)

OWN_STORIES = [swung, swung, splurged, used_more, bought_again, in_touch, came_and_went, overridden, asked_again]
LATE = [
    *[not_in_order] * 6,
    house_hunting,
    held_nothing,
    *(story for story in TIER_STORIES if story.__name__ in ("sat_before_a_panel", "declared_income")),
]
HISTORIES = [
    ("low_cuts_and_experts", date(2025, 8, 15)),
    ("low_cuts_and_experts", date(2025, 3, 31)),
    ("half_yearly", date(2024, 2, 29)),
    ("dated", date(2024, 12, 31)),
]
REACHED = {
    "reason": "EXCL POT NOQ INITIAL INTERIM_ENERGY_RISE INTERIM_MULTI_PROPERTY WAITS_FOR_REVIEW HELD_UNTIL_REVIEW"
    " EARNED HELD_BY_RULE HELD_BY_MARGIN SOFT_LANDING",
    "rule_path": "EXCL POT NOQ HR_ENERGY HR_PROPERTY HR_SPEND SC_HIGH SC_MED MR_ENGAGED LOW",
    "override_kind": "set floor ceiling freeze",
    "attention_reason": "at_risk upside both",
    "spending_power_band": "high_end mid_range low_end",
    "spending_power_basis": "income ticket",
    "status": "unknown_axis unknown_kind unknown_tier unknown_reason reason_text_short not_approved"
    " approved_by_requester approver_not_allowed period_empty too_long revoked pending expired not_graded"
    " nothing_to_hold overruled applied",
    "consensus": "too_few no_consensus consensus",
    "direction": "up down same entered left",
    "compared_with": "previous year_before",
}


def lived(seed: str, as_of: date) -> Delivery:
    """Customers who were graded before, with some of the stories each."""
    rng = Random(seed)
    delivery = Delivery(customers=[], transactions=[], transaction_columns=ALL_COLUMNS)
    for number in range(60):
        author = Author(rng, as_of, delivery, f"C{number}")
        consent = {"marketing_consent": rng.choice(["true", "false"])}
        delivery.customers.append({"customer_id": author.customer_id} | consent)
        for story in [*rng.choices(OWN_STORIES, k=rng.randint(0, 2)), *rng.choices(LATE, k=1)]:
            story(replace(author, rng=Random(rng.random())))
    return delivery


def reached(result: Result) -> dict[str, set[object]]:
    """The codes of a result by their column."""
    found = defaultdict(set)
    rows = [*result.tiers.values()]
    rows += [
        row for mart in ("override_audit", "customer_expert_scores_history") for row in result.signals[mart].values()
    ]
    rows += result.signals["tier_migrations"].values()
    for row in rows:
        for column in REACHED:
            found[column].add(row.get(column))
    found["compared_with"] |= {name for _, name in result.signals["tier_drift"]}
    return found


def test_the_stories_reach_every_code(tmp_path: Path) -> None:
    found = defaultdict(set)
    for policy, as_of in HISTORIES:
        folder = changed_policy(tmp_path / policy, TIER_POLICIES[policy])
        delivery = lived(f"{policy} {as_of}", as_of)
        result = grade(delivery, Options(as_of_date=as_of, review_count=5, policy_folder=folder))
        for column, codes in reached(result).items():
            found[column] |= codes
    missing = {column: set(codes.split()) - found[column] for column, codes in REACHED.items()}
    assert {column: codes for column, codes in missing.items() if codes} == {}
