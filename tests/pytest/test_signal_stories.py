"""The stories reach every status, reason and level that the reference of the signals knows."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from signal_stories import SIGNAL_STORIES
from strategies import ALL_COLUMNS, STORIES, Author, in_date_order, write_customer
from tests.reference.clocks import quarter_ends_before
from tests.reference.delivery import Delivery, Options
from tests.reference.signals import engagement, feedback, intent, satisfaction, satisfaction_segments
from tests.reference.signals.world import Rows, World
from voice_worlds import INTENT, VOICE_TABLES, Voice

AS_OF = date(2024, 12, 31)
OWN_STORIES = [story for story in SIGNAL_STORIES if story not in STORIES]
REACHED = {
    "response_status": "answered refused wrong_number not_reached pending non_responder expired not_surveyed",
    "sat_class": "satisfied neutral dissatisfied",
    "sat_reason": "index recent_negative",
    "sat_confidence": "firm stale",
    "owner_tenure_band": "signed_not_delivered under_1y 1_2y 2_5y over_5y",
    "fb_grade": "positive neutral negative",
    "fb_reason": "no_feedback expired open_critical many_complaints index",
    "engagement_status": "measured outbound_only bot_days_only no_interaction",
    "intent_level": "A B+ B B- C+ C C- D",
    "intent_reason": "subscription deposit declined unit_locked contact too_little nothing",
    "probability_source": "policy observed",
    "expected_purchase_window": "within_1m within_3m within_6m over_6m",
    "window_source": "declared level",
    "grade_agreement": "same sales_higher sales_lower",
}


def lived(seed: int) -> Delivery:
    """Customers with some of the stories each."""
    rng = Random(seed)
    delivery = Delivery(customers=[], transactions=[], transaction_columns=ALL_COLUMNS)
    for number in range(30):
        author = Author(rng, AS_OF, delivery, f"C{number}")
        write_customer(author)
        for story in rng.choices(OWN_STORIES, k=rng.randint(0, 4)):
            story(author)
    return delivery


def looked_at(delivery: Delivery, options: Options, d: date) -> World:
    """What is seen from a day, with types of interaction as the seeds have them."""
    tables = {name: rows for name, rows in VOICE_TABLES.items() if name != "policy_interaction_events"}
    tables["policy_intent"] = [INTENT | {"min_leads": "1"}]
    return Voice(delivery).world(d, tables, options)


def intent_rows(world: World) -> Rows:
    """Intent, with the levels of those who were graded at the start."""
    start = intent.start_of(world)
    if start is None:
        return intent.rows(world, None, None)
    past = looked_at(world.delivery, world.options, start)
    return intent.rows(world, intent.levels(intent.rows(past, None, None)), start)


def every_row(delivery: Delivery, options: Options) -> dict[str, dict[tuple[str, ...], dict[str, object]]]:
    """All marts of the last four reviews."""
    found: dict[str, dict] = defaultdict(dict)
    worlds = [looked_at(delivery, options, d) for d in (*reversed(quarter_ends_before(AS_OF)[:3]), AS_OF)]
    for world in worlds:
        found["intent"] |= intent_rows(world)
        for module in (engagement, feedback, satisfaction):
            found[module.__name__] |= module.rows(world)
    now = worlds[-1]
    tiers = dict.fromkeys(now.views, "low")
    found["segments"] = satisfaction_segments.rows(now, satisfaction.rows(now), tiers)
    found["responses"] = satisfaction.survey_responses(now)
    found["cases"] = feedback.feedback_cases(now)
    found["voice"] = feedback.voice_of_customer(now, tiers)
    return found


@pytest.fixture(scope="module")
def told() -> dict[str, set[object]]:
    """Every value of every column."""
    values = defaultdict(set)
    for seed in range(16):
        for rows in every_row(lived(seed), Options(as_of_date=AS_OF)).values():
            for row in rows.values():
                for column, value in row.items():
                    values[column].add(value)
    return values


@pytest.mark.parametrize("column", sorted(REACHED))
def test_every_code_is_reached(told: dict[str, set[object]], column: str) -> None:
    assert set(REACHED[column].split()) - told[column] == set()
    assert told[column] - {None} <= set(REACHED[column].split())


@pytest.mark.parametrize(
    "column",
    [
        *("has_recent_negative", "has_contact_issue", "is_attitudinally_loyal", "is_suppressed"),
        *("is_repeat", "is_sla_missed"),
    ],
)
def test_every_flag_is_true_and_false(told: dict[str, set[object]], column: str) -> None:
    assert {True, False} <= told[column]


@pytest.mark.parametrize("column", ["reopened_complaint_count", "bot_day_count", "adopted_count", "lead_count"])
def test_every_count_is_sometimes_more_than_none(told: dict[str, set[object]], column: str) -> None:
    assert max(count for count in told[column] if count is not None) > 0


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_the_order_of_dates_changes_nothing(order: str) -> None:
    options = Options(as_of_date=AS_OF, knowledge_cutoff=f"{AS_OF - timedelta(days=45)} 12:00:00")
    delivery = lived(3)
    turned = every_row(in_date_order(delivery, order), replace(options, date_order=order))
    assert turned == every_row(delivery, options)


def test_the_order_of_rows_changes_nothing() -> None:
    delivery, options = lived(5), Options(as_of_date=AS_OF)
    tables = {
        name: list(getattr(delivery, name)) for name in ("surveys", "complaints", "complaint_events", "interactions")
    }
    for rows in tables.values():
        Random(1).shuffle(rows)
    assert every_row(replace(delivery, **tables), options) == every_row(delivery, options)
