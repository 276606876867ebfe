"""The reference of satisfaction against examples computed by hand, at the edges of its rules."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from signal_worlds import D, ago
from tests.reference.delivery import Options
from tests.reference.signals.answers import SatisfactionPolicy, class_of, norm_of
from tests.reference.signals.satisfaction import index_class, owner_tenure_band, rows, survey_responses
from tests.reference.signals.satisfaction_segments import Member, segment_rows, wilson
from tests.reference.signals.satisfaction_segments import rows as segments
from tests.reference.signals.survey_rows import surveys_at
from tests.reference.signals.weights import decay, half_power, rounded
from voice_worlds import Voice, own

POLICY = SatisfactionPolicy.of(Voice().look().policy, D)
F = Fraction


def sat(voice: Voice, d: date = D, options: Options | None = None, **changes: dict[str, str]) -> dict[str, object]:
    """Satisfaction of customer A."""
    return own(rows(voice.look(d, options, **changes)))


def test_decay_is_rounded_to_six_decimals() -> None:
    assert decay(0, F(180)) == 1
    assert decay(180, F(180)) == F("0.5")
    assert decay(1, F(180)) == F("0.996157")
    assert decay(90, F(180)) == F("0.707107")
    assert rounded(half_power(F(1, 2)), 30) == F("0.707106781186547524400844362105")


@pytest.mark.parametrize(
    ("scale", "score", "expected"),
    [
        *[(scale, s, c) for scale in ("csat_5", "rating_5") for s, c in [("4", "s"), ("3.99", "n"), ("3", "n")]],
        *[(scale, s, "d") for scale in ("csat_5", "rating_5") for s in ("2.99", "1")],
        *[("nps_10", s, c) for s, c in [("9", "s"), ("8.99", "n"), ("7", "n"), ("6.99", "d"), ("0", "d")]],
        *[("ces_7", s, c) for s, c in [("6", "s"), ("5.99", "n"), ("4", "n"), ("3.99", "d"), ("1", "d")]],
        *[("yes_no", s, c) for s, c in [("1", "s"), ("0.99", "n"), ("0.5", "n"), ("0.49", "d"), ("0", "d")]],
    ],
)
def test_class_of_a_score(scale: str, score: str, expected: str) -> None:
    assert class_of(F(score), POLICY.scales[scale])[0] == expected


def test_a_score_is_a_percentage_of_its_scale() -> None:
    pairs = {("csat_5", 4): 75, ("csat_5", 1): 0, ("nps_10", 9): 90, ("yes_no", 1): 100, ("ces_7", 2): F("16.6667")}
    assert {key: norm_of(F(key[1]), POLICY.scales[key[0]]) for key in pairs} == pairs


@pytest.mark.parametrize(
    "cells",
    [
        {"score": "5.01"},
        {"score": "0.99"},
        {"score": "-1", "scale": "nps_10"},
        {"score": "four"},
        {"scale": "stars"},
        {"scale": ""},
        {"response_id": ""},
        {"customer_id": ""},
        {"customer_id": "stranger"},
        {"responded_at": ""},
        {"responded_at": "soon"},
        {"invited_at": f"{D} 10:00:01"},
        {"callback_outcome": "connected_refused"},
        {"callback_outcome": "busy"},
    ],
)
def test_rows_that_break_a_rule_are_not_there(cells: dict[str, str]) -> None:
    voice = Voice()
    voice.customer()
    row = {"response_id": "S", "customer_id": "A", "scale": "csat_5", "score": "4", "responded_at": f"{D} 10:00:00"}
    voice.delivery.surveys.append(row | cells)
    assert surveys_at(voice.look()) == []
    voice.delivery.surveys[0] = row
    assert len(surveys_at(voice.look())) == 1


@pytest.mark.parametrize(
    ("cells", "is_there"),
    [
        ({"responded_at": "1989-12-31 23:59:59"}, False),
        ({"responded_at": "1990-01-01 00:00:00"}, True),
        ({"responded_at": f"{ago(-1)} 23:59:59"}, True),
        ({"responded_at": f"{ago(-2)} 00:00:00"}, False),
        ({"invited_at": "1989-12-31"}, False),
        ({"invited_at": "1990-01-01"}, True),
        ({"invited_at": "1989-12-31", "responded_at": "1990-01-01"}, True),
        ({"invited_at": str(D), "responded_at": str(ago(-1))}, True),
        ({"invited_at": str(D), "responded_at": str(ago(-2))}, False),
        ({}, True),
    ],
)
def test_rows_are_from_1990_and_at_most_a_day_after_the_as_of_date(cells: dict[str, str], is_there: bool) -> None:
    voice = Voice()
    voice.survey(None, invited_at=str(D))
    voice.delivery.surveys[0] = {"response_id": "S", "customer_id": "A", "recorded_at": str(D)} | cells
    later = replace(voice.look(ago(-9)), review_dates=[D])
    assert len(surveys_at(later)) == is_there


def test_unreadable_codes_are_taken_as_unknown_and_weigh_one() -> None:
    voice = Voice()
    voice.survey(D, "4.", channel="pigeon", survey_type="odd", lob="casino", callback_outcome="asleep")
    assert sat(voice)["answer_weight"] == 1


def test_chinese_spellings_and_upper_case_are_read() -> None:
    voice = Voice()
    voice.survey(D, "４", scale="CSAT_5", channel="回访", survey_type="交易", callback_outcome="已接听")
    assert sat(voice)["answer_weight"] == F("0.64")
    assert sat(voice)["last_callback_outcome"] == "connected_answered"


def test_equal_rows_are_one_and_different_rows_of_a_key_are_none() -> None:
    voice = Voice()
    voice.survey(D, "4", response_id="S")
    voice.survey(D, "4.00", response_id="S", comment_text="told again")
    assert len(surveys_at(voice.look())) == 1
    voice.survey(D, "5", response_id="S", source_system="other")
    assert len(surveys_at(voice.look())) == 2
    voice.survey(D, "5", response_id="S")
    assert [s.source_system for s in surveys_at(voice.look())] == ["other"]


def test_the_moment_is_the_response_else_the_recording_else_the_invitation() -> None:
    voice = Voice()
    voice.survey(None, "4", recorded_at=f"{ago(3)} 09:00:00", invited_at=f"{ago(5)} 09:00:00")
    voice.survey(None, "4", invited_at=f"{ago(7)} 09:00:00", question_code="service")
    answers = surveys_at(voice.look())
    assert [a.answer_date for a in answers] == [ago(3), ago(7)]
    assert [a.asked_on for a in answers] == [ago(5), ago(7)]


def test_a_late_recording_counts_from_its_day_on() -> None:
    voice = Voice()
    voice.survey(ago(10), "4", recorded_at=f"{ago(2)} 23:59:59")
    assert sat(voice, ago(3))["answer_count"] == 0
    assert sat(voice, ago(2))["answer_count"] == 1


def test_what_is_recorded_before_it_happens_waits_for_its_date() -> None:
    voice = Voice()
    voice.survey(ago(2), "4", recorded_at=f"{ago(10)} 10:00:00")
    assert [sat(voice, ago(n))["answer_count"] for n in (3, 2)] == [0, 1]


def test_a_refusal_is_known_when_it_is_given() -> None:
    voice = Voice()
    voice.survey(ago(9), responded_at=f"{ago(2)} 10:00:00", recorded_at=f"{ago(9)} 10:00:00")
    assert [sat(voice, ago(n))["response_status"] for n in (3, 2)] == ["not_surveyed", "refused"]
    assert sat(voice)["last_asked_date"] == ago(9).isoformat()
    hidden = Voice()
    hidden.survey(ago(9), responded_at=f"{ago(2)} 10:00:00")
    cutoff = Options(as_of_date=D, knowledge_cutoff=f"{ago(2)} 01:59:59")
    assert sat(hidden, options=cutoff)["response_status"] == "not_surveyed"


def test_the_cutoff_hides_what_was_recorded_after_it() -> None:
    voice = Voice()
    voice.survey(ago(2), "4")
    inside = Options(as_of_date=D, knowledge_cutoff=f"{ago(2)} 02:00:00")
    outside = Options(as_of_date=D, knowledge_cutoff=f"{ago(2)} 01:59:59")
    assert sat(voice, options=inside)["answer_count"] == 1
    assert sat(voice, options=outside)["answer_count"] == 0
    assert sat(voice, options=outside)["response_status"] == "not_surveyed"


def test_nobody_asked_is_null_with_a_status() -> None:
    row = sat(Voice())
    nulls = {"sat_index", "sat_mean_norm", "answer_weight", "sat_class", "sat_confidence", "sat_reason", "sat_score"}
    assert {name for name in nulls if row[name] is None} == nulls
    assert (row["answer_count"], row["response_status"], row["has_recent_negative"]) == (0, "not_surveyed", False)
    assert row["is_attitudinally_loyal"] is None and row["owner_tenure_band"] is None


def test_answers_under_one_invitation_are_one_the_last() -> None:
    voice = Voice()
    voice.survey(ago(5), "1", invitation_id="I", responded_at=f"{ago(5)} 10:00:00")
    voice.survey(ago(4), "5", invitation_id="I", responded_at=f"{ago(4)} 10:00:00")
    voice.survey(ago(4), "1", invitation_id="I", question_code="service")
    assert (sat(voice)["answer_count"], sat(voice)["sat_index"]) == (2, 50)


def test_an_invitation_is_one_of_its_system() -> None:
    voice = Voice()
    voice.survey(ago(5), "1", invitation_id="I")
    voice.survey(ago(4), "5", invitation_id="I", source_system="other")
    row = sat(voice)
    assert (row["answer_count"], row["contact_count"], row["last_answer_date"]) == (2, 2, ago(4).isoformat())
    voice.survey(ago(6), "1", survey_id="V")
    voice.survey(ago(6), "1", survey_id="V", source_system="other")
    assert (sat(voice)["answer_count"], sat(voice)["contact_count"]) == (4, 4)


def test_without_invitation_one_survey_and_day_is_one_answer() -> None:
    voice = Voice()
    voice.survey(ago(5), "1", survey_id="V", responded_at=f"{ago(5)} 10:00:00")
    voice.survey(ago(5), "4", survey_id="V", responded_at=f"{ago(5)} 11:00:00")
    voice.survey(ago(5), "4", survey_id="W")
    voice.survey(ago(6), "4", survey_id="V")
    voice.survey(ago(6), "4", survey_id="V", question_code="overall")
    assert (sat(voice)["answer_count"], sat(voice)["sat_index"]) == (3, 100)


def test_without_invitation_each_sale_of_a_day_has_its_answer() -> None:
    voice = Voice()
    for survey_id in ("V", ""):
        voice.survey(ago(5), "1", survey_id=survey_id, txn_id="T1", responded_at=f"{ago(5)} 10:00:00")
        voice.survey(ago(5), "5", survey_id=survey_id, txn_id="T1", responded_at=f"{ago(5)} 11:00:00")
        voice.survey(ago(5), "5", survey_id=survey_id, txn_id="T2")
    assert (sat(voice)["answer_count"], sat(voice)["sat_index"]) == (4, 100)
    voice.survey(ago(5), "5", invitation_id="I", txn_id="T1")
    voice.survey(ago(4), "5", invitation_id="I", txn_id="T2")
    assert sat(voice)["answer_count"] == 5


def test_an_answer_to_neither_invitation_nor_survey_nor_sale_is_one_by_itself() -> None:
    voice = Voice()
    voice.survey(ago(5), "1")
    voice.survey(ago(5), "5")
    assert (sat(voice)["answer_count"], sat(voice)["sat_index"]) == (2, 50)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"recorded_at": ""}, {"recorded_at": f"{ago(5)} 09:00:00"}),
        ({"recorded_at": f"{ago(5)} 12:00:00"}, {"recorded_at": f"{ago(5)} 13:00:00"}),
        ({"response_id": "S1"}, {"response_id": "S2"}),
        ({"response_id": "S10"}, {"response_id": "S9"}),
    ],
)
def test_of_answers_at_one_moment_the_last_recorded_then_the_greatest_id_counts(
    first: dict[str, str], second: dict[str, str]
) -> None:
    for order in ((("1", first), ("5", second)), (("5", second), ("1", first))):
        voice = Voice()
        for score, cells in order:
            voice.survey(ago(5), score, **({"response_id": f"S{score}", "survey_id": "V"} | cells))
        assert sat(voice)["sat_index"] == 100


@pytest.mark.parametrize(
    ("scales", "is_loyal"),
    [(("csat_5 4", "nps_10 5"), False), (("nps_10 5", "csat_5 5"), True), (("csat_5 5", "nps_10 5"), False)],
)
def test_of_answers_of_one_id_the_greatest_score_then_the_last_system_is_the_last(
    scales: tuple[str, str], is_loyal: bool
) -> None:
    voice = Voice()
    voice.survey(ago(5), "5", question_code="rebuy_intent")
    voice.survey(ago(5), "5", question_code="recommend")
    for system, told in zip(("s1", "s2"), scales, strict=True):
        scale, score = told.split()
        voice.survey(ago(5), score, response_id="S", scale=scale, source_system=system)
    assert sat(voice)["is_attitudinally_loyal"] is is_loyal


def test_answers_count_for_730_days_and_only_to_questions_that_count() -> None:
    voice = Voice()
    voice.survey(ago(729), "4")
    voice.survey(ago(730), "4")
    voice.survey(D, "1", question_code="brand_awareness")
    voice.survey(D, "1", question_code="Overall")
    row = sat(voice)
    assert (row["answer_count"], row["sat_index"], row["brand_awareness"]) == (1, 100, 0)
    assert row["last_answer_date"] == D.isoformat()


def test_the_index_is_a_weighted_mean() -> None:
    voice = Voice()
    voice.survey(ago(180), "5", channel="phone_callback", survey_type="transactional")  # 0.5 x 0.8 x 0.8 = 0.32
    voice.survey(D, "2", channel="sms", question_code="service")  # 0.9
    voice.survey(D, "7", scale="nps_10", question_code="recommend")  # 1
    row = sat(voice)
    assert row["answer_weight"] == F("2.22")
    assert row["sat_index"] == F("36.9369")  # (32 + 0 + 50) / 2.22
    assert row["sat_mean_norm"] == F("56.0811")  # (32 + 22.5 + 70) / 2.22


def test_the_weight_is_rounded_to_eight_decimals() -> None:
    voice = Voice()
    voice.survey(ago(1), "5", channel="kiosk", survey_type="venue")
    assert sat(voice)["answer_weight"] == F("0.48811693")  # 0.996157 x 0.49


@pytest.mark.parametrize(
    ("index", "expected"),
    [("66.67", "satisfied"), ("66.6699", "neutral"), ("33.33", "neutral"), ("33.3299", "dissatisfied")],
)
def test_class_of_an_index(index: str, expected: str) -> None:
    assert index_class(F(index), POLICY.numbers) == expected


@pytest.mark.parametrize(("age", "confidence"), [(359, "firm"), (360, "firm"), (361, "stale")])
def test_an_answer_that_weighs_too_little_is_stale(age: int, confidence: str) -> None:
    voice = Voice()
    voice.survey(ago(age), "5")
    row = sat(voice)
    assert (row["sat_confidence"], row["sat_class"]) == (confidence, "satisfied")
    assert row["sat_score"] == (100 if confidence == "firm" else None)


@pytest.mark.parametrize(
    ("age", "later", "expected"),
    [(89, None, True), (90, None, False), (10, 9, False), (10, 11, True), (10, 10, True)],
)
def test_a_recent_negative_caps_until_a_later_satisfied_answer(age: int, later: int | None, expected: bool) -> None:
    voice = Voice()
    voice.survey(ago(age), "2", question_code="service", survey_type="venue", channel="kiosk")
    for number in range(5):
        voice.survey(ago(200), "5", invitation_id=f"I{number}")
    if later is not None:
        voice.survey(ago(later), "5", question_code="recommend")
    row = sat(voice)
    assert row["has_recent_negative"] is expected
    assert (row["sat_class"], row["sat_reason"]) == (
        ("neutral", "recent_negative") if expected else ("satisfied", "index")
    )
    assert (row["sat_score"] == 50) is expected and row["sat_index"] > 66


def test_a_recent_negative_changes_no_lower_class_and_no_lower_score() -> None:
    voice = Voice()
    voice.survey(D, "2")
    voice.survey(ago(180), "3", question_code="service")
    row = sat(voice)
    assert (row["sat_class"], row["sat_reason"], row["has_recent_negative"]) == ("dissatisfied", "index", True)
    assert row["sat_score"] == row["sat_index"] == F("16.6667")


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([(729, "4", {})], "answered"),
        ([(729, "4", {"question_code": "odd"}), (1, "", {})], "answered"),
        ([(730, "4", {})], "expired"),
        ([(1, "", {"callback_outcome": "connected_refused"})], "refused"),
        ([(1, "", {"callback_outcome": "connected_answered"})], "refused"),
        ([(1, "", {"responded_at": f"{ago(1)} 11:00:00"})], "refused"),
        ([(1, "", {"responded_at": f"{ago(1)} 11:00:00", "callback_outcome": "asleep"})], "refused"),
        ([(1, "", {"responded_at": f"{ago(1)} 11:00:00", "callback_outcome": "busy"})], "not_reached"),
        ([(1, "", {"responded_at": f"{ago(1)} 11:00:00", "callback_outcome": "wrong_number"})], "wrong_number"),
        ([(1, "", {"callback_outcome": "wrong_number"})], "wrong_number"),
        ([(1, "", {"callback_outcome": "no_answer"})], "not_reached"),
        ([(1, "", {"callback_outcome": "busy"})], "not_reached"),
        ([(1, "", {"callback_outcome": "unreachable"})], "not_reached"),
        ([(14, "", {})], "pending"),
        ([(15, "", {})], "non_responder"),
        ([(729, "", {})], "non_responder"),
        ([(730, "", {})], "not_surveyed"),
        ([(800, "4", {}), (15, "", {})], "non_responder"),
        ([(800, "4", {}), (730, "", {})], "expired"),
        ([(2, "", {"callback_outcome": "connected_refused"}), (1, "", {"callback_outcome": "busy"})], "not_reached"),
        ([(1, "", {"callback_outcome": "busy"}), (1, "", {"callback_outcome": "wrong_number"})], "wrong_number"),
        ([(1, "", {"callback_outcome": "wrong_number"}), (1, "", {"callback_outcome": "已接听"})], "refused"),
        ([(1, "", {}), (1, "", {"callback_outcome": "busy"})], "not_reached"),
        ([], "not_surveyed"),
    ],
)
def test_response_status(told: list[tuple[int, str, dict[str, str]]], status: str) -> None:
    voice = Voice()
    for age, score, cells in told:
        voice.survey(ago(age), score, **cells)
    assert sat(voice)["response_status"] == status


def test_contacts_and_issues_are_counted_by_invitation() -> None:
    voice = Voice()
    call = {"channel": "phone_callback"}
    for outcome in ("wrong_number", "unreachable"):
        voice.survey(ago(3), invitation_id="I", callback_outcome=outcome, **call)
    voice.survey(ago(2), "4", invitation_id="J", callback_outcome="connected_answered", **call)
    voice.survey(ago(2), "4", invitation_id="J", question_code="service", **call)
    voice.survey(ago(1))
    voice.survey(ago(730), callback_outcome="wrong_number", **call)
    row = sat(voice)
    assert (row["contact_count"], row["callback_count"], row["callback_answered_count"]) == (3, 2, 1)
    assert row["has_contact_issue"] is False and row["last_asked_date"] == ago(1).isoformat()
    voice.survey(ago(729), callback_outcome="unreachable")
    voice.survey(ago(3), invitation_id="I", callback_outcome="unreachable", channel="app")
    assert sat(voice)["has_contact_issue"] is False
    voice.survey(ago(3), invitation_id="I", callback_outcome="unreachable", source_system="other")
    assert sat(voice)["has_contact_issue"] is True


def test_answered_calls_are_those_whose_outcome_says_so() -> None:
    voice = Voice()
    call = {"channel": "phone_callback"}
    voice.survey(ago(3), "4", invitation_id="I", **call)
    voice.survey(ago(3), invitation_id="J", callback_outcome="connected_answered", channel="app")
    assert (sat(voice)["callback_count"], sat(voice)["callback_answered_count"]) == (1, 0)
    voice.survey(ago(3), invitation_id="K", callback_outcome="connected_answered", **call)
    assert (sat(voice)["callback_count"], sat(voice)["callback_answered_count"]) == (2, 1)


@pytest.mark.parametrize(("age", "outcome"), [(729, "busy"), (730, None)])
def test_the_last_callback_outcome_is_not_too_old(age: int, outcome: str | None) -> None:
    voice = Voice()
    voice.survey(ago(age), callback_outcome="busy", channel="app")
    assert sat(voice)["last_callback_outcome"] == outcome


def test_an_invitation_after_d_is_not_the_last_one() -> None:
    voice = Voice()
    voice.survey(None, "4", recorded_at=f"{ago(9)} 09:00:00", invited_at=f"{ago(5)} 09:00:00")
    row = sat(voice, ago(6))
    assert (row["last_answer_date"], row["last_asked_date"], row["contact_count"]) == (ago(9).isoformat(), None, 0)
    assert sat(voice, ago(5))["last_asked_date"] == ago(5).isoformat()


def test_the_last_callback_outcome_of_one_day_goes_by_its_order() -> None:
    order = ("connected_answered", "connected_refused", "wrong_number", "unreachable", "no_answer", "busy")
    voice = Voice()
    voice.survey(ago(9), callback_outcome="connected_refused")
    for outcome in reversed(order):
        voice.survey(ago(8), callback_outcome=outcome)
        assert sat(voice)["last_callback_outcome"] == outcome


def test_ratings_are_weighted_means_of_their_question() -> None:
    voice = Voice()
    voice.survey(ago(180), "5", question_code="service")
    voice.survey(D, "3", question_code="service")
    voice.survey(ago(730), "1", question_code="product")
    row = sat(voice)
    assert (row["service_rating"], row["product_rating"]) == (F("66.6667"), None)


def test_loyal_are_those_whose_last_three_answers_are_satisfied() -> None:
    voice = Voice()
    voice.survey(ago(3), "1")
    voice.survey(ago(2), "4")
    voice.survey(ago(729), "4", question_code="rebuy_intent")
    assert sat(voice)["is_attitudinally_loyal"] is None
    voice.survey(ago(1), "9", scale="nps_10", question_code="recommend")
    assert sat(voice)["is_attitudinally_loyal"] is True
    voice.survey(D, "8", scale="nps_10", question_code="recommend")
    assert sat(voice)["is_attitudinally_loyal"] is False
    assert sat(voice, D.replace(year=2025, month=1, day=1))["is_attitudinally_loyal"] is None


@pytest.mark.parametrize(
    ("handover", "d", "band"),
    [
        ("", D, "signed_not_delivered"),
        ("2025-01-01", D, "signed_not_delivered"),
        ("2024-12-31", D, "under_1y"),
        ("2024-01-01", D, "under_1y"),
        ("2023-12-31", D, "1_2y"),
        ("2023-01-01", D, "1_2y"),
        ("2022-12-31", D, "2_5y"),
        ("2020-01-01", D, "2_5y"),
        ("2019-12-31", D, "over_5y"),
        ("2024-02-29", date(2025, 2, 27), "under_1y"),
        ("2024-02-29", date(2025, 2, 28), "1_2y"),
    ],
)
def test_owner_tenure_in_whole_years(handover: str, d: date, band: str) -> None:
    voice = Voice()
    voice.contract("property_sale", status="signed", handover_date=handover)
    assert sat(voice, d)["owner_tenure_band"] == band


def test_subscribed_or_cancelled_homes_and_other_lines_make_no_owner() -> None:
    voice = Voice()
    voice.contract("property_sale", status="subscribed", handover_date="2020-01-01")
    voice.contract("lease", status="active", handover_date="2020-01-01")
    cancelled = {"status": "cancelled", "cancelled_at": f"{ago(5)} 10:00:00", "handover_date": "2020-01-01"}
    voice.contract("property_sale", **cancelled)
    assert sat(voice)["owner_tenure_band"] is None
    assert sat(voice, ago(6))["owner_tenure_band"] is not None
    voice.contract("property_sale", status="signed", handover_date="2024-06-01")
    assert sat(voice)["owner_tenure_band"] == "under_1y"
    assert owner_tenure_band([], D) is None


def member(tier: str, is_asked: bool, sat_class: str | None, index: str = "0") -> Member:
    """Somebody of a tier."""
    of_class = None if sat_class is None else F(index)
    return Member({"all": "all", "value_tier": tier, "main_lob": "venue"}, is_asked, sat_class, of_class)


def test_answerers_stand_for_those_asked_in_their_stratum() -> None:
    members = [member("high", True, "satisfied", "90"), member("high", True, None), member("high", False, "neutral")]
    members += [member("low", True, "dissatisfied", "10"), member("low", True, "satisfied", "70")]
    found = segment_rows(members, "d", 2)
    everybody = found["d", "all", "all"]  # weights 2, 1, 1
    assert (everybody["asked_count"], everybody["answered_count"], everybody["response_rate"]) == (4, 3, F("0.75"))
    assert (everybody["satisfied_share"], everybody["dissatisfied_share"]) == (F("0.75"), F("0.25"))
    assert everybody["mean_sat_index"] == 65 and everybody["effective_size"] == F("2.67")
    assert found["d", "value_tier", "high"]["is_suppressed"] is True
    assert found["d", "value_tier", "high"]["mean_sat_index"] is None
    assert found["d", "value_tier", "high"]["response_rate"] == F("0.5")
    assert found["d", "value_tier", "low"]["satisfied_share"] == F("0.5")


def test_weights_have_six_decimals_and_the_interval_goes_by_rounded_figures() -> None:
    members = [member("high", True, None)] * 4 + [member("high", True, "satisfied", "100")] * 3
    members += [member("low", True, "dissatisfied", "0")]
    found = segment_rows(members, "d", 1)["d", "all", "all"]  # weights 2.333333 three times, and 1
    assert (found["satisfied_share"], found["effective_size"]) == (F("0.875"), F("3.69"))
    assert (found["satisfied_low"], found["satisfied_high"]) == wilson(F("0.875"), F("3.69"))
    assert wilson(F("0.875"), F("3.69")) != wilson(F("0.875"), F(64) / F(52, 3))
    assert found["mean_sat_index"] == F("87.5")
    members += [member("low", True, "satisfied", "100")] * 2  # weights 2.333333 three times, and 1 three times
    found = segment_rows(members, "d", 1)["d", "all", "all"]
    assert (found["satisfied_share"], found["effective_size"]) == (F("0.9"), F("5.17"))
    assert (found["satisfied_low"], found["satisfied_high"]) == wilson(F("0.9"), F("5.17"))


def test_wilson_interval() -> None:
    assert wilson(F(1, 2), F(100)) == (F("0.4038"), F("0.5962"))
    assert wilson(F(0), F(10)) == (0, F("0.2775"))
    assert wilson(F(1), F(10)) == (F("0.7225"), 1)


def test_segments_of_a_world() -> None:
    voice = Voice()
    voice.sale(ago(10), "100", "venue")
    voice.sale(ago(10), "1000", "energy")
    voice.survey(ago(729), "4")
    voice.customer("B")
    world = voice.look(satisfaction={"min_segment_size": "1"})
    found = segments(world, rows(world), {"A": "high", "B": None})
    assert {key[1:] for key in found} == {
        *(("all", "all"), ("value_tier", "high"), ("value_tier", "none"), ("main_lob", "energy")),
        *(("main_lob", "none"), ("owner_tenure_band", "none")),
    }
    assert found["2024-12-31", "all", "all"]["asked_count"] == 1
    assert found["2024-12-31", "main_lob", "none"] == {
        **dict.fromkeys(("satisfied_share", "dissatisfied_share", "mean_sat_index", "satisfied_low")),
        **dict.fromkeys(("satisfied_high", "effective_size", "response_rate")),
        **{"asked_count": 0, "answered_count": 0, "is_suppressed": True},
    }


def test_survey_responses_tell_outcomes_and_classes() -> None:
    voice = Voice()
    voice.survey(D, "7", scale="ces_7")
    voice.survey(D)
    voice.survey(D, callback_outcome="busy")
    found = survey_responses(voice.look())
    assert [row["contact_outcome"] for row in found.values()] == ["answered", "silent", "not_reached"]
    assert [row["answer_class"] for row in found.values()] == ["satisfied", None, None]
    assert [row["score_norm"] for row in found.values()] == [100, None, None]


def test_survey_responses_of_customers_who_are_not_graded_have_no_class() -> None:
    voice = Voice()
    voice.survey(D, "5")
    world = voice.look()
    row = next(iter(survey_responses(replace(world, graded={})).values()))
    assert (row["contact_outcome"], row["answer_class"], row["score_norm"]) == ("answered", None, None)
