"""The reference of engagement and intent against examples computed by hand, at the edges of their rules."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from signal_worlds import D, ago
from tests.reference.delivery import Options
from tests.reference.signals.engagement import rows as engagement_rows
from tests.reference.signals.engagement import score_of
from tests.reference.signals.facts import interactions_at
from tests.reference.signals.intent import levels, start_of
from tests.reference.signals.intent import rows as intent_rows
from tests.reference.signals.weights import decay
from voice_worlds import EVENT_TYPES, VOICE_TABLES, Voice, own, table

F = Fraction


def engagement(voice: Voice, back: int = 0, options: Options | None = None) -> dict[str, object]:
    """Engagement of customer A so many days before D."""
    return own(engagement_rows(voice.look(ago(back), options)))


def intent(voice: Voice, back: int = 0, **changes: dict[str, str]) -> dict[str, object]:
    """Intent of customer A so many days before D, as if nothing was known before."""
    return own(intent_rows(voice.look(ago(back), **changes), None, None))


def grade(voice: Voice, back: int = 0) -> tuple[object, object]:
    """Level and reason of customer A."""
    row = intent(voice, back)
    return row["intent_level"], row["intent_reason"]


def seen(*events: tuple[int, str]) -> Voice:
    """Customer A had these events so many days before D."""
    voice = Voice()
    for back, event_type in events:
        voice.interaction(ago(back), event_type)
    return voice


# --- Interactions


@pytest.mark.parametrize(
    "cells",
    [
        {"interaction_id": ""},
        {"customer_id": ""},
        {"customer_id": "", "anonymous_id": "X"},
        {"customer_id": "stranger"},
        {"event_at": ""},
        {"event_at": "2023-02-29"},
        {"duration_s": "-0.001"},
    ],
)
def test_rows_that_break_a_rule_or_name_nobody_are_not_there(cells: dict[str, str]) -> None:
    voice = Voice()
    voice.interaction(D, **cells)
    voice.customer("A")
    assert interactions_at(voice.look()) == []


@pytest.mark.parametrize(
    ("moment", "is_there"),
    [
        ("1989-12-31 23:59:59", False),
        ("1990-01-01 00:00:00", True),
        (f"{ago(-1)} 23:59:59", True),
        (f"{ago(-2)} 00:00:00", False),
    ],
)
def test_rows_are_from_1990_and_at_most_a_day_after_the_as_of_date(moment: str, is_there: bool) -> None:
    voice = Voice()
    voice.interaction(D, event_at=moment, recorded_at=str(D))
    later = replace(voice.look(ago(-9)), review_dates=[D])
    assert len(interactions_at(later)) == is_there


def test_types_are_read_in_all_spellings_and_others_are_unknown() -> None:
    voice = Voice()
    for name in ("Site_Visit", "到访", "gossip", ""):
        voice.interaction(D, name, duration_s="long")
    assert [i.event_type for i in interactions_at(voice.look())] == ["site_visit", "site_visit", "unknown", "unknown"]


def test_equal_rows_are_one_and_different_rows_of_a_key_are_none() -> None:
    voice = Voice()
    voice.interaction(D, "enquiry", interaction_id="I", event_at=f"{D} 10:00:00")
    voice.interaction(D, "enquiry", interaction_id="I", event_at=f"{D}T02:00:00Z", batch_id="2")
    assert len(interactions_at(voice.look())) == 1
    voice.interaction(D, "Enquiry", interaction_id="I", event_at=f"{D} 10:00:00")
    assert interactions_at(voice.look()) == []


def test_unknown_customers_count_where_they_are_admitted_and_had_transactions() -> None:
    voice = Voice()
    voice.sale(D, customer="A")
    voice.delivery.customers.clear()
    for name in ("A", "stranger"):
        row = {"interaction_id": name, "customer_id": name, "event_type": "enquiry", "event_at": str(D)}
        voice.delivery.interactions.append(row)
    voice.customer("B")
    assert interactions_at(voice.look()) == []
    admitted = voice.look(D, Options(as_of_date=D, admit_unknown_customers=True))
    assert [i.customer_id for i in interactions_at(admitted)] == ["A"]


# --- Engagement


def test_points_of_a_day_are_limited_and_decay() -> None:
    voice = seen(*[(45, "page_view")] * 3, (0, "enquiry"), (364, "site_visit"), (365, "site_visit"))
    row = engagement(voice)
    assert row["engagement_points"] == 1 + 6 + F("0.0367")  # 2 x 1 x 0.5; 10 x 0.003670
    assert (row["top_event_type"], row["interaction_count_365d"], row["interaction_count_90d"]) == ("enquiry", 5, 4)
    assert (row["active_days_90d"], row["days_since_interaction"]) == (2, 0)


def test_score_halves_the_distance() -> None:
    assert [score_of(F(points), F(20)) for points in (0, 20, 40)] == [0, 50, 75]
    assert score_of(F(10), F(20)) == F("29.2893")


def test_nothing_that_weighs_something_is_null_and_what_is_old_is_zero() -> None:
    row = engagement(Voice())
    assert (row["engagement_points"], row["engagement_score"], row["bot_day_count"]) == (None, None, 0)
    assert row["engagement_status"] == "no_interaction"
    row = engagement(seen((5, "event_invite"), (5, "gossip")))
    assert (row["engagement_points"], row["engagement_score"], row["top_event_type"]) == (None, None, None)
    assert row["engagement_status"] == "outbound_only"
    assert (row["interaction_count_365d"], row["last_interaction_date"], row["days_since_interaction"]) == (
        0,
        None,
        None,
    )
    row = engagement(seen((500, "enquiry")))
    assert (row["engagement_score"], row["last_interaction_date"]) == (0, ago(500).isoformat())
    assert row["engagement_status"] == "measured"
    row = engagement(seen((3, "event_invite"), *[(1, "enquiry")] * 6))
    assert (row["engagement_status"], row["engagement_score"], row["bot_day_count"]) == ("outbound_only", None, 1)


@pytest.mark.parametrize(("back", "in_90", "in_365"), [(89, 1, 1), (90, 0, 1), (364, 0, 1), (365, 0, 0)])
def test_windows_are_half_open(back: int, in_90: int, in_365: int) -> None:
    row = engagement(seen((back, "enquiry")))
    assert (row["interaction_count_90d"], row["interaction_count_365d"], row["active_days_90d"]) == (
        in_90,
        in_365,
        in_90,
    )
    assert (row["engagement_points"] > 0) == bool(in_365)


def test_a_day_with_more_events_than_a_person_can_have_counts_nowhere() -> None:
    voice = seen(*[(1, "enquiry")] * 5)
    assert (engagement(voice)["bot_day_count"], engagement(voice)["interaction_count_90d"]) == (0, 5)
    voice.interaction(ago(1), "gossip", recorded_at=f"{D} 10:00:00")
    assert engagement(voice, 1)["interaction_count_90d"] == 5
    row = engagement(voice)
    assert (row["bot_day_count"], row["engagement_score"], row["interaction_count_365d"]) == (1, None, 0)
    assert (row["engagement_status"], engagement(voice, 1)["engagement_status"]) == ("bot_days_only", "measured")
    assert engagement(seen(*[(364, "enquiry")] * 6, *[(365, "enquiry")] * 6))["bot_day_count"] == 1


def test_the_day_is_that_of_the_business_zone() -> None:
    voice = Voice()
    voice.interaction(D, "enquiry", event_at=f"{ago(1)}T16:00:00Z")
    assert engagement(voice, 1)["engagement_score"] is None
    assert engagement(voice)["days_since_interaction"] == 0
    there = Options(as_of_date=D, business_tz="UTC")
    assert engagement(voice, 1, there)["days_since_interaction"] == 0


def test_ties_of_the_top_type_go_by_name() -> None:
    assert engagement(seen((0, "unit_shortlist"), (0, "site_visit")))["top_event_type"] == "site_visit"


def test_a_type_whose_points_are_gone_is_not_the_top_one() -> None:
    row = own(engagement_rows(seen((364, "enquiry")).look(engagement={"half_life_days": "1"})))
    assert (row["top_event_type"], row["engagement_points"], row["interaction_count_365d"]) == (None, 0, 1)


# --- Intent: points


@pytest.mark.parametrize(
    ("events", "score"),
    [
        ([(0, "enquiry")], "8"),
        ([(14, "enquiry")], "4"),
        ([(0, "site_visit"), (0, "site_visit")], "35"),
        ([(14, "site_visit"), (0, "site_visit")], "25"),  # the earlier one is the first: 10 + 15
        ([(0, "enquiry")] * 4, "24"),  # capped
        ([(0, "enquiry")] * 3, "24"),
        ([(0, "loan_precheck")] * 3, "20"),
        ([(0, "not_interested")], "0"),
        ([(0, "not_interested"), (1, "not_interested"), (0, "unit_shortlist"), (0, "unit_shortlist")], "10"),
        ([(0, "unit_shortlist")] * 2 + [(0, "site_visit")] * 2 + [(1, "subscribe")], "100"),
        ([(179, "enquiry")], "0.0011"),  # 8 x 0.000142
        ([(0, "page_view")], None),
        ([(180, "enquiry")], None),
        ([], None),
    ],
)
def test_score(events: list[tuple[int, str]], score: str | None) -> None:
    assert intent(seen(*events))["intent_score"] == (None if score is None else F(score))


def test_the_limit_of_a_day_keeps_those_with_the_slower_half_life_then_the_first_projects() -> None:
    voice = Voice()
    for hour, cells in ((10, {"venue_id": "V"}), (11, {}), (12, {"project_id": "P"})):
        voice.interaction(ago(14), "loan_precheck", event_at=f"{ago(14)} {hour}:00:00", **cells)
    tables = dict(VOICE_TABLES)
    wide = [line.replace("loan_precheck 8 20 20 20 2", "loan_precheck 8 20 10 90 2") for line in EVENT_TYPES]
    tables["policy_interaction_events"] = table(
        "event_type engagement_weight intent_weight repeat_intent_weight intent_cap daily_limit", tuple(wide)
    )
    row = own(intent_rows(voice.world(D, tables), None, None))
    assert (row["intent_score"], row["top_project_id"]) == (15, "P")  # 20 x 0.5 + 10 x 0.5; the last is left out


def test_of_one_day_the_first_project_is_the_first_of_its_type() -> None:
    voice = Voice()
    for hour, cells in ((9, {}), (10, {"project_id": "P2"}), (11, {"project_id": "P1"})):
        voice.interaction(D, "site_visit", event_at=f"{D} {hour:02d}:00:00", **cells)
    voice.interaction(D, "listing_view", project_id="P2")
    assert intent(voice)["top_project_id"] == "P1"  # 20 against 15 + 1
    voice.interaction(ago(14), "site_visit", project_id="P4")
    assert intent(voice)["top_project_id"] == "P2"  # 16 against 15 and 10


def test_of_one_day_the_slower_half_life_is_the_first_of_its_type() -> None:
    voice = Voice()
    for hour, cells in (("09", {"venue_id": "V"}), ("10", {"project_id": "P"})):
        voice.interaction(ago(14), "site_visit", event_at=f"{ago(14)} {hour}:00:00", **cells)
    assert intent(voice)["intent_score"] == F("13.75")  # 20 x 0.5 + 15 x 0.25


def test_a_faster_sale_makes_venues_come_first() -> None:
    voice = Voice()
    for cells in ({"project_id": "P"}, {"venue_id": "V"}):
        voice.interaction(ago(14), "site_visit", **cells)
    row = intent(voice, intent={"sale_half_life_days": "7", "venue_half_life_days": "14"})
    assert row["intent_score"] == F("13.75")


def test_venues_alone_decay_sooner() -> None:
    for cells, score in (
        ({"venue_id": "V"}, 2),
        ({"project_id": "P"}, 4),
        ({"venue_id": "V", "project_id": "P"}, 4),
        ({}, 4),
    ):
        voice = Voice()
        voice.interaction(ago(14), "enquiry", **cells)
        assert intent(voice)["intent_score"] == score


def test_bot_days_count_nowhere() -> None:
    voice = seen(*[(1, "unit_shortlist")] * 6, (2, "enquiry"))
    assert grade(voice) == (None, "too_little")
    voice.interaction(ago(1), "grade_set", value="A")
    assert intent(voice)["sales_grade"] is None


def test_top_project_and_last_date() -> None:
    voice = Voice()
    voice.interaction(ago(3), "enquiry", project_id="P2")
    voice.interaction(ago(3), "enquiry", project_id="P1")
    voice.interaction(ago(1), "page_view", project_id="P0")
    row = intent(voice)
    assert (row["top_project_id"], row["last_intent_date"]) == ("P1", ago(3).isoformat())
    voice.interaction(ago(2), "site_visit", project_id="P3")
    assert intent(voice)["top_project_id"] == "P3"
    assert intent(seen((1, "page_view")))["last_intent_date"] is None


# --- Intent: levels


def test_a_subscribed_contract_is_an_a() -> None:
    voice = Voice()
    contract = voice.contract("lease", status="subscribed", recorded_at=str(ago(10)))
    signed = {"contract_id": contract, "customer_id": "A", "lob": "lease", "status": "signed"}
    voice.delivery.contracts.append(signed | {"recorded_at": str(ago(5))})
    assert [grade(voice, back) for back in (11, 10, 6)] == [(None, "nothing"), *[("A", "subscription")] * 2]
    assert grade(voice) == (None, "nothing")
    row = intent(voice, 6)
    assert (row["intent_score"], row["conversion_probability"], row["probability_source"]) == (0, None, None)
    assert row["lead_count"] is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"subscribed_at": f"{ago(179)} 10:00:00"}, "A"),
        ({"subscribed_at": f"{ago(180)} 10:00:00", "signed_at": str(ago(1)), "start_date": str(D)}, None),
        ({"signed_at": f"{ago(179)} 10:00:00", "start_date": str(ago(500))}, "A"),
        ({"signed_at": f"{ago(180)} 10:00:00", "start_date": str(ago(1))}, None),
        ({"start_date": str(ago(179)), "recorded_at": str(ago(500))}, "A"),
        ({"start_date": str(ago(180)), "recorded_at": str(ago(1))}, None),
        ({"start_date": str(ago(-1)), "recorded_at": str(ago(1))}, None),
        ({"recorded_at": f"{ago(179)} 10:00:00"}, "A"),
        ({"recorded_at": f"{ago(180)} 10:00:00"}, None),
        ({"subscribed_at": f"{ago(181)}T16:00:00Z"}, None),
        ({"subscribed_at": f"{ago(180)}T16:00:00Z"}, "A"),
        ({}, None),
    ],
)
def test_a_contract_subscribes_for_180_days(cells: dict[str, str], expected: str | None) -> None:
    voice = Voice()
    voice.contract("property_sale", status="subscribed", **cells)
    assert grade(voice) == ((expected, "subscription") if expected else (None, "nothing"))


@pytest.mark.parametrize(
    ("bought", "lob", "expected"),
    [
        (6, "property_sale", "A"),
        (5, "property_sale", None),
        (4, "property_sale", None),
        (4, "venue", "A"),
    ],
)
def test_a_contract_subscribes_until_a_home_is_bought(bought: int, lob: str, expected: str | None) -> None:
    voice = Voice()
    voice.contract("property_sale", status="subscribed", subscribed_at=f"{ago(5)} 10:00:00")
    voice.sale(ago(bought), "1000", lob)
    assert grade(voice)[0] == expected


@pytest.mark.parametrize(
    ("back", "bought", "expected"),
    [
        (89, None, "A"),
        (90, None, "C-"),
        (5, 5, "C"),
        (5, 4, "C"),
        (5, 6, "A"),
    ],
)
def test_a_subscription_holds_until_a_home_is_bought(back: int, bought: int | None, expected: str) -> None:
    voice = seen((back, "subscribe"), (0, "enquiry"), (0, "enquiry"))
    if bought is not None:
        voice.sale(ago(bought), "1000", "property_sale")
    voice.sale(D, lob="venue")
    assert grade(voice)[0] == expected


def test_a_home_bought_and_given_back_keeps_the_subscription() -> None:
    voice = seen((5, "subscribe"))
    home = voice.sale(ago(4), "1000", "property_sale")
    assert grade(voice, 4) == ("C-", "contact")
    voice.refund(home, ago(2), "1000")
    assert grade(voice) == ("A", "subscription")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(89, "deposit", "venue")], "A"),
        ([(90, "deposit", "venue")], None),
        ([(5, "deposit", "venue"), (4, "deposit_return", "venue")], None),
        ([(5, "deposit", "venue"), (6, "deposit_return", "venue")], "A"),
        ([(5, "deposit", "venue"), (4, "deposit_return", "lease")], "A"),
        ([(5, "deposit", "venue"), (4, "deposit_return", "venue"), (3, "deposit", "venue")], "A"),
        ([(5, "deposit", "venue"), (5, "purchase", "venue")], None),
        ([(5, "deposit", "venue"), (6, "purchase", "venue")], "A"),
        ([(5, "deposit", "venue"), (4, "purchase", "lease")], "A"),
        ([(5, "deposit_return", "venue")], None),
    ],
)
def test_a_deposit_is_an_a_until_it_is_returned_or_used(told: list[tuple[int, str, str]], expected: str | None) -> None:
    voice = Voice()
    for back, txn_type, lob in told:
        voice.sale(ago(back), "50", lob, txn_type=txn_type)
    assert grade(voice) == (("A", "deposit") if expected else (None, "nothing"))


@pytest.mark.parametrize(("back", "expected"), [("09:59:59", "A"), ("10:00:00", None), ("10:00:01", None)])
def test_a_return_takes_back_a_deposit_from_its_moment_on(back: str, expected: str | None) -> None:
    voice = Voice()
    voice.sale(ago(5), "50", txn_type="deposit", event_at=f"{ago(5)} 10:00:00")
    voice.sale(ago(5), "50", txn_type="deposit_return", event_at=f"{ago(5)} 10:00:00", payment_status="void")
    voice.sale(ago(5), "50", txn_type="deposit_return", event_at=f"{ago(5)} {back}")
    assert intent(voice)["intent_level"] == expected


def test_void_and_unknown_deposits_are_none() -> None:
    voice = Voice()
    voice.sale(ago(5), "50", txn_type="deposit", payment_status="void")
    voice.sale(ago(5), "50", txn_type="deposit", recorded_at=str(ago(1)))
    assert [grade(voice, 2), grade(voice, 1)] == [(None, "nothing"), ("A", "deposit")]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([(179, "not_interested")], ("D", "declined")),
        ([(180, "not_interested")], (None, "nothing")),
        ([(5, "not_interested"), (5, "unit_shortlist")], ("D", "declined")),
        ([(5, "not_interested"), (4, "unit_shortlist")], ("B-", "unit_locked")),
        ([(5, "not_interested"), (4, "page_view")], ("D", "declined")),
        ([(5, "not_interested"), (4, "enquiry"), (3, "not_interested")], ("D", "declined")),
        ([(5, "subscribe"), (0, "not_interested")], ("A", "subscription")),
    ],
)
def test_declined(events: list[tuple[int, str]], expected: tuple[str | None, str]) -> None:
    assert grade(seen(*events)) == expected


@pytest.mark.parametrize(
    ("events", "policy", "expected"),
    [
        ([(89, "unit_shortlist")], {}, ("B-", "unit_locked")),
        ([(90, "unit_shortlist")], {}, (None, "too_little")),
        ([(0, "unit_shortlist")], {"zero_from": "25"}, ("B", "unit_locked")),
        ([(0, "unit_shortlist")], {"zero_from": "25.0001"}, ("B-", "unit_locked")),
        ([(0, "unit_shortlist")], {"plus_from": "25", "zero_from": "1"}, ("B+", "unit_locked")),
        ([(0, "unit_shortlist")], {"plus_from": "25.0001", "zero_from": "1"}, ("B", "unit_locked")),
        ([(0, "enquiry")], {"contact_from": "8"}, ("C-", "contact")),
        ([(0, "enquiry")], {"contact_from": "8.0001"}, (None, "too_little")),
        ([(0, "enquiry")], {"contact_from": "1", "zero_from": "8"}, ("C", "contact")),
        ([(0, "enquiry")], {"contact_from": "1", "zero_from": "1", "plus_from": "8"}, ("C+", "contact")),
        ([(0, "page_view")], {}, (None, "nothing")),
    ],
)
def test_levels_by_the_cuts(
    events: list[tuple[int, str]], policy: dict[str, str], expected: tuple[str | None, str]
) -> None:
    row = intent(seen(*events), intent=policy)
    assert (row["intent_level"], row["intent_reason"]) == expected


# --- Intent: what it means


START = date(2023, 12, 31)


def observed(voice: Voice, at_start: dict[str, str | None] | None, **changes: dict[str, str]) -> tuple[object, ...]:
    """Leads, source and probability of customer A, a C-, where these were the levels a year before."""
    if not voice.delivery.interactions:
        voice.interaction(D, "enquiry")
        voice.interaction(D, "enquiry")
    world = voice.look(**changes)
    row = own(intent_rows(world, at_start, START if at_start is not None else None))
    assert row["intent_level"] == "C-"
    return row["lead_count"], row["probability_source"], row["conversion_probability"]


def test_conversion_is_observed_once_there_were_enough_leads() -> None:
    voice = Voice()
    for number, days in enumerate((180, 181, 0, 1)):
        voice.sale(START + timedelta(days=days), customer=f"L{number}", lob="energy")
    two = {"L0": "C-", "L1": "C-", "L2": "C", "L3": "B-", "X": None}
    assert observed(voice, two) == (2, "policy", F("0.2"))
    assert observed(voice, two, intent={"min_leads": "2"}) == (2, "observed", F("0.5"))
    four = dict.fromkeys(("L0", "L1", "L2", "L3"), "C-")
    assert observed(voice, four) == (4, "observed", F("0.5"))
    assert observed(voice, four, intent={"conversion_days": "181"}) == (4, "observed", F("0.75"))
    assert observed(voice, {"L0": "C-", "L2": "C-", "L3": "C-"}) == (3, "observed", F("0.6667"))
    assert observed(voice, None) == (0, "policy", F("0.2"))


def test_what_a_lead_bought_counts_as_known_at_d_whoever_is_graded_then() -> None:
    voice = Voice()
    voice.sale(START + timedelta(days=9), customer="late", recorded_at=f"{ago(-1)} 10:00:00")
    voice.sale(START + timedelta(days=9), customer="gone")
    voice.customer("gone", status="closed")
    voice.refund(voice.sale(START + timedelta(days=9), customer="back"), D)
    assert observed(voice, dict.fromkeys(("late", "gone", "back"), "C-")) == (3, "observed", F("0.3333"))


def test_a_lead_converts_by_any_home_and_by_the_first_purchase_of_another_line() -> None:
    voice = Voice()
    before, within = date(2020, 1, 1), START + timedelta(days=180)
    for customer, lobs in (("guest", ("venue", "venue")), ("home", ("property_sale", "property_sale"))):
        voice.sale(before, customer=customer, lob=lobs[0])
        voice.sale(within, customer=customer, lob=lobs[1])
    voice.sale(before, customer="new line", lob="venue")
    voice.sale(within, customer="new line", lob="energy")
    voice.sale(START, customer="home too early", lob="property_sale")
    for customer, share in (("guest", "0"), ("home", "1"), ("new line", "1"), ("home too early", "0")):
        assert observed(voice, {customer: "C-"}, intent={"min_leads": "1"}) == (1, "observed", F(share))


@pytest.mark.parametrize(
    ("first_sale", "expected"),
    [(START, START), (START + timedelta(days=1), None), (date(2020, 1, 1), START), (None, None)],
)
def test_the_start_is_that_of_the_backtest_unless_before_the_first_sale(
    first_sale: date | None, expected: date | None
) -> None:
    voice = Voice()
    if first_sale is not None:
        voice.sale(first_sale, recorded_at=f"{D} 10:00:00")
    voice.sale(date(2019, 1, 1), txn_type="deposit")
    assert start_of(voice.look()) == expected


def test_leads_are_those_graded_at_the_start_by_what_was_known_then() -> None:
    voice = Voice()
    voice.sale(date(2023, 1, 1), customer="B")
    for customer, cells in (("L", {}), ("late", {"recorded_at": f"{D} 10:00:00"})):
        for _ in range(2):
            voice.interaction(START, "enquiry", customer, **cells)
    assert levels(intent_rows(voice.look(START), None, None)) == {"B": None, "L": "C-", "late": None}


@pytest.mark.parametrize(
    ("said", "window"),
    [
        ([(31, 1)], (None, None)),  # a month after 30 November is over
        ([(30, 1)], ("within_1m", "declared")),
        ([(0, 1)], ("within_1m", "declared")),
        ([(0, 2)], ("within_3m", "declared")),
        ([(0, 3)], ("within_3m", "declared")),
        ([(0, 4)], ("within_6m", "declared")),
        ([(0, 6)], ("within_6m", "declared")),
        ([(0, 7)], ("over_6m", "declared")),
        ([(0, 0)], ("within_1m", "declared")),
        ([(1, 0)], (None, None)),
        ([(150, 6)], ("within_3m", "declared")),
        ([(3, 12), (2, 1)], ("within_1m", "declared")),
        ([(3, 12), (100, 24)], ("over_6m", "declared")),
        ([(3, 12), (2, 0)], ("over_6m", "declared")),
        ([(180, 24)], (None, None)),
        ([(0, 999)], ("over_6m", "declared")),
        ([(0, 1000)], (None, None)),
    ],
)
def test_declared_windows(said: list[tuple[int, int]], window: tuple[str | None, str | None]) -> None:
    voice = Voice()
    for back, months in said:
        voice.interaction(ago(back), "page_view", value=f"horizon_months {months}")
    row = intent(voice)
    assert (row["expected_purchase_window"], row["window_source"]) == window


@pytest.mark.parametrize("value", ["horizon_months", "horizon_months six", "horizon_months -1", "6", "horizon 6"])
def test_other_values_declare_nothing(value: str) -> None:
    voice = Voice()
    voice.interaction(D, "unit_shortlist", value=value)
    assert intent(voice)["window_source"] == "level"
    assert intent(voice)["expected_purchase_window"] == "within_3m"


def test_windows_by_level() -> None:
    voices = {"A": seen((0, "subscribe")), "C": seen((0, "enquiry"), (0, "enquiry")), "D": seen((0, "not_interested"))}
    assert {level: intent(voice)["expected_purchase_window"] for level, voice in voices.items()} == {
        **{"A": "within_1m", "C": "within_6m", "D": "over_6m"}
    }


def test_of_declared_windows_of_one_moment_the_greatest_id_counts() -> None:
    voice = Voice()
    voice.interaction(D, value="horizon_months 12", interaction_id="I10")
    voice.interaction(D, value="Horizon_Months 3", interaction_id="I9")
    assert intent(voice)["expected_purchase_window"] == "within_3m"
    for system, months in (("s1", 6), ("s2", 1), ("s3", 12)):
        voice.interaction(D, value=f"HORIZON_MONTHS {months}", interaction_id="I9", source_system=system)
    assert intent(voice)["expected_purchase_window"] == "within_1m"


@pytest.mark.parametrize(
    ("sales", "agreement"),
    [("B-", "same"), ("B", "sales_higher"), ("A", "sales_higher"), ("C+", "sales_lower"), ("D", "sales_lower")],
)
def test_the_grade_of_sales_beside_the_level(sales: str, agreement: str) -> None:
    voice = seen((0, "unit_shortlist"))
    voice.interaction(ago(900), "grade_set", value=sales)
    voice.interaction(ago(899), "grade_set", value="E")
    voice.interaction(ago(899), "enquiry", value="A")
    row = intent(voice)
    assert (row["sales_grade"], row["sales_grade_date"], row["grade_agreement"]) == (
        *(sales, ago(900).isoformat(), agreement),
    )


def test_a_grade_of_sales_is_read_in_any_case_and_of_one_id_the_better_counts() -> None:
    voice = Voice()
    for system, value in (("s1", "c+"), ("s2", "b-"), ("s3", "D")):
        voice.interaction(D, "grade_set", value=value, interaction_id="I9", source_system=system)
    assert intent(voice)["sales_grade"] == "B-"
    voice.interaction(D, "grade_set", value="d", interaction_id="I91")
    assert intent(voice)["sales_grade"] == "D"


def test_without_level_or_grade_there_is_no_agreement() -> None:
    assert intent(seen((0, "unit_shortlist")))["grade_agreement"] is None
    voice = Voice()
    voice.interaction(ago(3), "grade_set", value="A")
    row = intent(voice)
    assert (row["sales_grade"], row["grade_agreement"], row["intent_reason"]) == ("A", None, "nothing")


def test_decay_of_intent_is_that_of_six_decimals() -> None:
    assert intent(seen((13, "enquiry")))["intent_score"] == round(8 * decay(13, F(14)) * 10**4) / F(10**4)
