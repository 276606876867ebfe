"""The stories of lifecycle, loyalty, preferences and energy reach what they are written for."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from signal_energy_stories import ENERGY_STORIES
from signal_life_stories import LIFE_STORIES
from signal_worlds import ENERGY, world_of
from strategies import ALL_COLUMNS, Author, Story
from tests.reference.clocks import quarter_ends_before
from tests.reference.delivery import Delivery, Options
from tests.reference.signals import cohorts, energy, lifecycle, loyalty, preferences, referrals, usage
from tests.reference.signals.energy_readings import accepted_readings
from tests.reference.signals.facts import interactions_at
from tests.reference.signals.world import Rows, World

AS_OF = date(2024, 12, 31)
STAGES = {
    *(("prospect", "never_bought"), ("churned", "idle"), ("churned", "contracts_over"), ("churned", "terminated")),
    *(("dormant", "idle"), ("reactivated", "returned"), ("new", "first_purchase"), ("decline", "value_fell")),
    *(("decline", "idle"), ("growth", "value_rose"), ("growth", "line_added"), ("mature", "steady")),
}
FLAGS = ("has_active_contract", "has_returned", "has_added_line")
VERDICTS = {"referee_unknown", "self", "earlier_customer", "earlier_lead", "referred_before", "cycle", "valid"}
PATTERNS = {"vacant", "irregular", "peak_heavy", "night_heavy", "summer_cooling", "winter_heating", "high_baseload"}


def lived(stories: list[Story], customers: int) -> Delivery:
    """Customers who live two stories each."""
    delivery = Delivery(customers=[], transactions=[], transaction_columns=ALL_COLUMNS)
    for number in range(customers):
        rng = Random(number)
        delivery.customers.append({"customer_id": f"C{number}"})
        author = Author(rng, AS_OF, delivery, f"C{number}")
        for story in (stories[number % len(stories)], rng.choice(stories)):
            story(replace(author, rng=Random(rng.random())))
    return delivery


def column(rows: Rows, name: str) -> set[object]:
    """The values of a column."""
    return {row[name] for row in rows.values()}


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    """All reviews of many lives."""
    delivery = lived(LIFE_STORIES, 80)
    options = Options(as_of_date=AS_OF)
    return [world_of(delivery, options, d) for d in [*reversed(quarter_ends_before(AS_OF)[:8]), AS_OF]]


def test_every_stage_and_verdict_is_reached(worlds: list[World]) -> None:
    stages, verdicts, converted, levels = set(), set(), set(), set()
    rhythms, flags = set(), {name: set() for name in FLAGS}
    for world in worlds:
        interactions = interactions_at(world)
        lives = lifecycle.rows(world, interactions)
        judged = referrals.judged_referrals(world, interactions)
        loyal = loyalty.rows(world, {}, lives, judged)
        stages |= {(row["lifecycle_stage"], row["stage_reason"]) for row in lives.values()}
        rhythms |= column(lives, "is_own_rhythm")
        for name, values in flags.items():
            values |= column(lives, name)
        verdicts |= {one.verdict for one in judged}
        converted |= {one.is_converted for one in judged}
        levels |= column(loyal, "loyalty_level")
        everybody = cohorts.rows(world, loyal)[world.d.isoformat(), cohorts.EVERYBODY]
        assert everybody["customer_count"] == len(world.views)
    assert stages == STAGES
    assert verdicts == VERDICTS
    assert converted == {True, False}
    assert levels >= {"low", "medium", None}
    assert rhythms == {True, False, None}
    assert all(values == {True, False} for values in flags.values())


def test_preferences_differ(worlds: list[World]) -> None:
    found = preferences.rows(worlds[-1], interactions_at(worlds[-1]))
    assert column(found, "has_changed_habits") == {True, False, None}
    for name in ("declared_channel", "used_channel", "purchase_channel", "discount_share", "discounted_sale_share"):
        assert len(column(found, name)) > 2
    assert {row["usage_rate"] for row in usage.rows(worlds[-1], []).values()} > {0}


def test_every_pattern_and_standing_is_reached() -> None:
    delivery = lived(ENERGY_STORIES, 60)
    options = Options(as_of_date=AS_OF)
    patterns, states, levels, statuses = set(), set(), set(), set()
    for d in [*reversed(quarter_ends_before(AS_OF)[:2]), AS_OF]:
        few = {"policy_energy": [ENERGY | {"min_months": "2"}]}
        found = energy.rows(world_of(delivery, options, d, few))
        patterns |= column(found, "energy_pattern")
        states |= column(found, "peer_state")
        levels |= column(found, "peer_level")
        statuses |= column(found, "energy_status")
    assert patterns >= PATTERNS
    assert states == {"great", "good", "above", None}
    assert levels == {"city", "area", "type", "none", None}
    assert statuses == {"measured", "too_few_months", "no_readings"}
    assert 0 < len(accepted_readings(world_of(delivery, options, AS_OF))) < len(delivery.energy_readings)
