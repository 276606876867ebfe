"""The reference of feedback against examples computed by hand, at the edges of its rules."""

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from signal_worlds import D, ago
from tests.reference.delivery import Options
from tests.reference.signals.cases import CaseState, seconds_between, states_at
from tests.reference.signals.complaint_rows import complaint_events_at, complaints_at
from tests.reference.signals.feedback import feedback_cases, logistic, rows, shown_category, voice_of_customer
from tests.reference.signals.judged_cases import judged_at
from voice_worlds import Voice, own

F = Fraction
DAY = D.isoformat()


def feedback(voice: Voice, back: int = 0, **changes: dict[str, str]) -> dict[str, object]:
    """Feedback of customer A so many days before D."""
    return own(rows(voice.look(ago(back), **changes)))


def state(voice: Voice, back: int = 0) -> CaseState:
    """The only case."""
    (found,) = states_at(voice.look(ago(back)))
    return found


def points(voice: Voice, back: int = 0) -> list[Fraction]:
    """The points of all cases."""
    return [case.points for case in judged_at(voice.look(ago(back)))]


@pytest.mark.parametrize(
    "cells",
    [
        {"complaint_id": ""},
        {"customer_id": ""},
        {"customer_id": "stranger"},
        {"feedback_type": "gossip"},
        {"created_at": ""},
        {"created_at": "soon"},
        {"resolved_at": f"{ago(1)} 23:59:59"},
    ],
)
def test_rows_that_break_a_rule_are_not_there(cells: dict[str, str]) -> None:
    voice = Voice()
    voice.customer()
    row = {"complaint_id": "F", "customer_id": "A", "created_at": f"{DAY} 10:00:00"}
    voice.delivery.complaints.append(row | cells)
    assert complaints_at(voice.look()) == []
    voice.delivery.complaints[0] = row
    (case,) = complaints_at(voice.look())
    assert (case.feedback_type, case.severity) == ("complaint", "minor")


EDGES_OF_TIME = [
    ("1989-12-31 23:59:59", False),
    ("1990-01-01 00:00:00", True),
    (f"{ago(-1)} 23:59:59", True),
    (f"{ago(-2)} 00:00:00", False),
]


@pytest.mark.parametrize(("moment", "is_there"), EDGES_OF_TIME)
def test_cases_are_from_1990_and_at_most_a_day_after_the_as_of_date(moment: str, is_there: bool) -> None:
    voice = Voice()
    case = voice.case(moment, recorded_at=str(D))
    voice.step(case, str(D), "resolved")
    later = replace(voice.look(ago(-9)), review_dates=[D])
    assert len(complaints_at(later)) == len(complaint_events_at(later)) == is_there


@pytest.mark.parametrize(("moment", "is_there"), EDGES_OF_TIME)
def test_events_are_from_1990_and_at_most_a_day_after_the_as_of_date(moment: str, is_there: bool) -> None:
    voice = Voice()
    voice.step(voice.case(str(D)), moment, "resolved", recorded_at=str(D))
    later = replace(voice.look(ago(-9)), review_dates=[D])
    assert len(complaint_events_at(later)) == is_there


def test_rows_are_repaired_and_spellings_read() -> None:
    voice = Voice()
    voice.case(DAY, "投诉", severity="重大", status="已关闭", closed_at=DAY, closure_rating="3.5", adopted="是")
    voice.case(DAY, "praise", severity="critical", status="odd")
    first, second = complaints_at(voice.look())
    assert (first.severity, first.status, first.resolved_at, first.closure_rating) == (
        *("critical", "closed", first.closed_at, 4),
    )
    assert (second.severity, second.status) == (None, None)


@pytest.mark.parametrize(
    "cells",
    [{"complaint_id": "F9"}, {"event_at": "-"}, {"to_status": "lost"}, {"to_status": ""}, {"source_system": "crm"}],
)
def test_events_without_case_time_or_status_are_not_there(cells: dict[str, str]) -> None:
    voice = Voice()
    case = voice.case(str(ago(5)))
    voice.step(case, str(ago(4)), "resolved")
    voice.step(**({"complaint_id": case, "event_at": str(ago(3)), "to_status": "open"} | cells))
    assert [event.to_status for event in complaint_events_at(voice.look())] == ["resolved"]


def test_a_case_counts_once_it_is_recorded_and_is_not_hidden() -> None:
    voice = Voice()
    voice.case(str(ago(10)), "praise", recorded_at=f"{ago(2)} 10:00:00")
    assert [feedback(voice, back)["praise_count"] for back in (3, 2)] == [0, 1]
    hidden = Options(as_of_date=D, knowledge_cutoff=f"{ago(2)} 01:00:00")
    assert own(rows(voice.look(D, hidden)))["praise_count"] == 0


def test_a_late_event_does_not_change_what_was_known() -> None:
    voice = Voice()
    case = voice.case(str(ago(20)))
    voice.step(case, str(ago(15)), "resolved", recorded_at=str(ago(5)))
    assert [state(voice, back).status for back in (6, 5)] == ["open", "resolved"]
    assert state(voice, 5).clock.local(state(voice, 5).resolved_at) == ago(15)


@pytest.mark.parametrize(
    ("cells", "steps"),
    [
        ({}, ["open"]),
        ({"status": "in_progress"}, ["open"]),
        ({"resolved_at": str(ago(5))}, ["open", "resolved"]),
        ({"status": "resolved"}, ["open", "resolved"]),
        ({"status": "closed"}, ["open", "resolved"]),
        ({"status": "resolved", "closed_at": str(ago(4))}, ["open", "closed"]),
        ({"status": "closed", "closed_at": str(ago(4))}, ["open", "resolved", "closed"]),
        ({"status": "closed", "resolved_at": str(ago(5))}, ["open", "resolved"]),
        ({"closed_at": str(ago(4))}, ["open", "closed"]),
        ({"status": "withdrawn"}, ["open", "withdrawn"]),
        ({"status": "unfounded", "resolved_at": str(ago(5))}, ["open", "resolved", "unfounded"]),
        (
            {"status": "unfounded", "resolved_at": str(ago(5)), "closed_at": str(ago(4))},
            ["open", "resolved", "unfounded"],
        ),
        ({"status": "withdrawn", "closed_at": str(ago(-1))}, ["open"]),
    ],
)
def test_steps_of_a_row(cells: dict[str, str], steps: list[str]) -> None:
    voice = Voice()
    voice.case(str(ago(9)), **cells)
    assert [status for *_, status in state(voice).steps] == steps


@pytest.mark.parametrize("status", ["open", "in_progress", "pending_customer"])
@pytest.mark.parametrize(
    ("cells", "reopened_on"),
    [
        ({"resolved_at": str(ago(6))}, ago(6)),
        ({"closed_at": str(ago(6))}, ago(6)),
        ({"resolved_at": str(ago(6)), "closed_at": str(ago(5)), "recorded_at": str(ago(5))}, ago(5)),
        ({"resolved_at": str(ago(6)), "closed_at": str(ago(5)), "recorded_at": str(ago(4))}, ago(4)),
        ({"resolved_at": str(ago(6)), "recorded_at": str(ago(8))}, ago(6)),
    ],
)
def test_a_row_that_goes_on_although_it_has_an_end_was_opened_again(
    status: str, cells: dict[str, str], reopened_on: date
) -> None:
    voice = Voice()
    voice.case(f"{ago(9)} 10:00:00", status=status, **cells)
    case = state(voice)
    assert (case.status, case.is_done, case.reopened_count) == (status, False, 1)
    assert case.clock.local(case.steps[-1][0]) == reopened_on


def test_a_row_opened_again_at_its_creation_is_open_and_may_be_resolved_again() -> None:
    voice = Voice()
    case = voice.case(f"{ago(9)} 10:00:00", status="open", resolved_at=str(ago(9)))
    assert [status for *_, status in state(voice).steps] == ["open", "resolved", "open"]
    voice.step(case, str(ago(5)), "resolved")
    assert (state(voice).is_done, state(voice).reopened_count) == (True, 1)


def test_a_row_resolved_without_a_time_was_resolved_when_it_was_recorded() -> None:
    voice = Voice()
    voice.case(str(ago(9)), status="resolved", recorded_at=str(ago(7)))
    voice.case(str(ago(9)), status="resolved")
    assert [s.clock.local(s.resolved_at) for s in states_at(voice.look())] == [ago(7), ago(9)]


def test_steps_of_one_moment_go_by_their_order_and_equal_ones_count_once() -> None:
    voice = Voice()
    case = voice.case(str(ago(9)), resolved_at=str(ago(5)))
    order = ["open", "in_progress", "pending_customer", "resolved", "closed", "withdrawn", "unfounded"]
    for status in [*reversed(order), "resolved", "open"]:
        voice.step(case, str(ago(5)), status)
    assert [status for *_, status in state(voice).steps] == ["open", *order]


def test_the_last_run_of_done_steps_resolves_and_what_breaks_it_reopens() -> None:
    voice = Voice()
    case = voice.case(str(ago(20)))
    for back, status in [(15, "resolved"), (12, "open"), (11, "in_progress"), (9, "resolved"), (8, "closed")]:
        voice.step(case, str(ago(back)), status)
    resolved = [state(voice, back).resolved_at for back in (16, 15, 12, 10, 9, 8, 0)]
    assert [m and state(voice).clock.local(m) for m in resolved] == [None, ago(15), None, None, *[ago(9)] * 3]
    assert [state(voice, back).reopened_count for back in (15, 12, 0)] == [0, 1, 1]
    voice.step(case, str(ago(7)), "open")
    assert (state(voice).reopened_count, state(voice).is_done) == (2, False)


def test_moments_are_cut_to_their_second() -> None:
    voice = Voice()
    voice.case(f"{DAY} 10:00:00.999", resolved_at=f"{DAY} 10:00:01.000")
    case = state(voice)
    assert seconds_between(case.case.created_at, case.resolved_at) == 1


def test_resolution_time_leaves_out_the_waiting_for_the_customer() -> None:
    voice = Voice()
    case = voice.case(f"{ago(3)} 12:00:00")
    voice.step(case, f"{ago(3)} 14:00:00", "pending_customer")
    assert state(voice, 3).resolution_hours == 2
    voice.step(case, f"{ago(2)} 14:00:00", "in_progress")
    voice.step(case, f"{ago(2)} 15:00:18", "pending_customer")
    voice.step(case, f"{ago(2)} 16:00:18", "resolved")
    assert state(voice).resolution_hours == F("3.01")
    assert state(voice, 3).resolution_hours == 2


def test_steps_told_for_before_the_creation_are_at_the_creation() -> None:
    voice = Voice()
    case = voice.case(f"{ago(3)} 12:00:00", resolved_at=f"{ago(3)} 18:00:00")
    voice.step(case, f"{ago(3)} 08:00:00", "in_progress")
    assert [status for *_, status in state(voice).steps] == ["open", "in_progress", "resolved"]
    assert state(voice).resolution_hours == 6
    voice.step(case, f"{ago(4)} 11:00:00", "pending_customer")
    assert state(voice).resolution_hours == 0  # waiting since noon


@pytest.mark.parametrize("end", [{"closed_at": DAY}, {"resolved_at": DAY}, {"resolved_at": DAY, "closed_at": DAY}])
def test_an_end_without_a_time_of_day_on_the_day_of_creation_is_one(end: dict[str, str]) -> None:
    voice = Voice()
    voice.case(f"{DAY} 14:00:00", status="closed", severity="critical", **end)
    case = state(voice)
    assert (case.is_done, case.reopened_count, case.resolution_hours) == (True, 0, 0)


def test_an_open_case_runs_until_the_end_of_the_day() -> None:
    voice = Voice()
    voice.case(f"{ago(1)} 12:00:00")
    assert [state(voice, back).resolution_hours for back in (1, 0)] == [12, 36]


def seconds_after(start: str, hours: int, more: int) -> str:
    """A time of so many hours and seconds after ten o'clock ten days before D."""
    total = hours * 3600 + more + 10 * 3600
    day = ago(10) + timedelta(days=total // 86400)
    return f"{day} {total % 86400 // 3600:02d}:{total % 3600 // 60:02d}:{total % 60:02d}"


@pytest.mark.parametrize(
    ("severity", "first", "resolved", "missed"),
    [
        ("minor", (24, 0), (72, 0), False),
        ("minor", (24, 1), (72, 0), True),
        ("minor", (24, 0), (72, 1), True),
        ("minor", None, (24, 0), False),
        ("minor", None, (24, 1), True),
        ("major", (8, 0), (48, 0), False),
        ("major", (8, 1), (9, 0), True),
        ("critical", (4, 0), (24, 0), False),
        ("critical", (4, 0), (24, 1), True),
        ("", (24, 0), (72, 0), False),
    ],
)
def test_exactly_on_the_limit_is_met(
    severity: str, first: tuple[int, int] | None, resolved: tuple[int, int], missed: bool
) -> None:
    voice = Voice()
    created = f"{ago(10)} 10:00:00"
    told = {"first_response_at": seconds_after(created, *first)} if first else {}
    voice.case(created, severity=severity, resolved_at=seconds_after(created, *resolved), **told)
    assert feedback(voice)["sla_missed_count"] == missed
    assert feedback(voice)["sla_met_share"] == 1 - missed


def test_a_response_after_d_is_none_and_an_open_case_is_answered_at_the_end_of_d() -> None:
    voice = Voice()
    voice.case(f"{ago(2)} 00:00:00", first_response_at=f"{ago(1)} 00:00:00")
    assert feedback(voice, 2)["sla_missed_count"] == 0  # 24 hours until the end of the day
    assert feedback(voice, 1)["sla_missed_count"] == 0  # answered after 24 hours
    assert feedback(voice, 0)["sla_missed_count"] == 0  # open for 72 hours
    voice.case(f"{ago(2)} 00:00:00")
    assert feedback(voice, 1)["sla_missed_count"] == 1


def test_a_shared_incident_is_at_least_major() -> None:
    voice = Voice()
    voice.case(str(ago(9)), incident_id="X", severity="minor")
    voice.case(str(ago(9)), incident_id="X", severity="critical")
    assert [case.severity for case in judged_at(voice.look())] == ["minor", "critical"]
    voice.case(str(ago(9)), "praise", customer_id="B", incident_id="X")
    voice.case(str(ago(9)), customer_id="D", incident_id="X", source_system="crm")
    other = voice.case(str(ago(9)), customer_id="C", incident_id="X", recorded_at=str(ago(5)))
    assert [case.severity for case in judged_at(voice.look(ago(6)))] == ["minor", "critical", None, "minor"]
    assert [case.severity for case in judged_at(voice.look())] == ["major", "critical", None, "minor", "major"]
    voice.step(other, str(ago(2)), "unfounded")
    assert [case.severity for case in judged_at(voice.look())][:2] == ["minor", "critical"]


@pytest.mark.parametrize(
    ("earlier", "category", "expected"),
    [
        ({"resolved_at": str(ago(100))}, "noise", True),
        ({"resolved_at": f"{ago(101)} 23:59:59"}, "noise", False),
        ({}, "noise", True),
        ({"resolved_at": str(ago(1))}, "noise", True),
        ({}, "smell", False),
        ({"status": "withdrawn"}, "noise", False),
        ({"category": ""}, "", False),
        ({"feedback_type": "suggestion"}, "noise", False),
        ({"customer_id": "B"}, "noise", False),
        ({"created_at": f"{ago(10)} 10:00:00"}, "noise", True),
        ({"created_at": f"{ago(10)} 10:00:00", "complaint_id": "F9"}, "noise", False),
        ({"created_at": f"{ago(10)} 10:00:00", "complaint_id": "F5", "source_system": "a"}, "noise", True),
        ({"created_at": f"{ago(10)} 10:00:00", "complaint_id": "F5", "source_system": "z"}, "noise", False),
        ({"created_at": f"{ago(10)} 10:00:01"}, "noise", False),
    ],
)
def test_repeats(earlier: dict[str, str], category: str, expected: bool) -> None:
    voice = Voice()
    voice.case(**({"created": str(ago(200)), "category": "noise"} | earlier))
    voice.case(f"{ago(10)} 10:00:00", category=category, complaint_id="F5", source_system="m")
    judged = {case.case.key: case.is_repeat for case in judged_at(voice.look())}
    assert judged["m", "F5"] is expected


def test_praise_and_suggestions_have_points_that_decay() -> None:
    voice = Voice()
    voice.case(DAY, "praise")
    voice.case(str(ago(180)), "praise")
    voice.case(str(ago(180)), "suggestion")
    voice.case(str(ago(180)), "suggestion", adopted="yes", closed_at=str(ago(3)), resolved_at=str(ago(5)))
    voice.case(str(ago(180)), "suggestion", adopted="yes")
    voice.case(str(ago(180)), "suggestion", adopted="no")
    assert points(voice) == [2, 1, 0, F(1, 2), F(1, 2), 0]
    assert [feedback(voice, back)["adopted_count"] for back in (4, 3)] == [1, 2]


def test_an_inquiry_is_ignored() -> None:
    voice = Voice()
    voice.case(DAY, "咨询", status="open", severity="critical")
    assert feedback_cases(voice.look()) == {}
    row = feedback(voice)
    assert (row["fb_grade"], row["fb_reason"], row["last_feedback_date"]) == (None, "no_feedback", None)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"severity": "minor"}, "-1.5"),  # open, not answered within 24 hours
        ({"severity": "major"}, "-3"),
        ({"severity": "critical"}, "-6"),
        ({"status": "withdrawn"}, "0"),
        ({"status": "unfounded"}, "0"),
        ({"resolved_at": f"{ago(180)} 12:00:00"}, "-0.4"),  # in SLA 0.8, decayed to a half
        ({"resolved_at": f"{ago(170)} 12:00:00"}, "-0.75"),
        ({"resolved_at": f"{ago(180)} 12:00:00", "closure_rating": "4"}, "-0.25"),
        ({"resolved_at": f"{ago(180)} 12:00:00", "closure_rating": "3"}, "-0.4"),
        ({"resolved_at": f"{ago(180)} 12:00:00", "closure_rating": "6"}, "-0.4"),
        ({"resolved_at": f"{ago(170)} 12:00:00", "closure_rating": "5"}, "-0.375"),
        ({"resolved_at": f"{ago(180)} 12:00:00", "closed_at": str(ago(-1)), "closure_rating": "5"}, "-0.4"),
        ({"closure_rating": "5"}, "-1.5"),
    ],
)
def test_points_of_a_complaint(cells: dict[str, str], expected: str) -> None:
    voice = Voice()
    voice.case(f"{ago(180)} 10:00:00", **cells)
    assert points(voice) == [F(expected)]


def test_a_rating_of_the_handling_is_from_one_to_five() -> None:
    voice = Voice()
    for rating in ("0", "1", "5", "5.4", "6"):
        voice.case(DAY, closure_rating=rating)
    assert [case.closure_rating for case in complaints_at(voice.look())] == [None, 1, 5, 5, None]


def test_without_a_time_in_the_row_the_rating_is_known_once_the_case_is_done() -> None:
    voice = Voice()
    case = voice.case(f"{ago(180)} 10:00:00", closure_rating="5")
    voice.step(case, f"{ago(180)} 12:00:00", "resolved")
    assert points(voice) == [F("-0.25")]
    voice.step(case, f"{ago(180)} 13:00:00", "open")
    assert points(voice) == [F("-2")]  # reopened and missed


def test_reopened_missed_and_repeated_complaints_weigh_more() -> None:
    voice = Voice()
    voice.case(f"{ago(181)} 10:00:00", category="noise", status="unfounded")
    case = voice.case(f"{ago(180)} 10:00:00", severity="major", category="noise")
    for back in (170, 160, 150, 140):
        voice.step(case, str(ago(back)), "resolved")
        voice.step(case, f"{ago(back)} 01:00:00", "open")
    assert points(voice)[1] == -2 * (1 + 1 + F(1, 2))
    voice.case(f"{ago(179)} 10:00:00", "complaint", category="noise", severity="minor")
    assert points(voice)[2] == -(1 + F(1, 2) + F(1, 2))
    voice.step(case, str(ago(5)), "closed")
    assert points(voice)[1] == -F(5, 2)


def test_no_grade_without_feedback() -> None:
    voice = Voice()
    voice.case(DAY, status="withdrawn")
    row = feedback(voice)
    assert (row["fb_grade"], row["fb_score"], row["fb_index"], row["fb_reason"]) == (None, None, None, "no_feedback")
    assert (row["complaint_count"], row["sla_met_share"], row["mean_resolution_hours"]) == (0, None, None)
    voice.case(DAY, "suggestion")
    row = feedback(voice)
    assert (row["fb_grade"], row["fb_score"], row["fb_index"]) == ("neutral", 50, 0)


def test_feedback_of_long_ago_says_nothing_unless_a_complaint_is_open() -> None:
    voice = Voice()
    voice.case(ago(730).isoformat(), "praise")
    row = feedback(voice)
    assert (row["fb_grade"], row["fb_score"], row["fb_index"], row["fb_reason"]) == (None, None, None, "expired")
    assert row["praise_count"] == 1
    voice.case(ago(729).isoformat(), "suggestion")
    assert feedback(voice)["fb_index"] == 0
    voice.case(ago(900).isoformat())
    assert feedback(voice)["fb_index"] < 0


@pytest.mark.parametrize(
    ("index", "grade", "policy"),
    [
        (2, "positive", {}),
        (1, "positive", {"praise_points": "1"}),
        (1, "neutral", {"praise_points": "0.9999"}),
        (-2, "negative", {"praise_points": "-2"}),
        (-2, "neutral", {"praise_points": "-1.9999"}),
    ],
)
def test_grades_by_the_index(index: int, grade: str, policy: dict[str, str]) -> None:
    voice = Voice()
    voice.case(DAY, "praise")
    row = feedback(voice, feedback=policy)
    assert (row["fb_grade"], row["fb_reason"]) == (grade, "index")


def test_an_open_critical_complaint_comes_first_then_many_complaints() -> None:
    voice = Voice()
    for _ in range(40):
        voice.case(DAY, "praise")
    done = {"resolved_at": f"{ago(89)} 10:00:00", "severity": "critical"}
    voice.case(str(ago(89)), **done)
    voice.case(str(ago(90)), **(done | {"resolved_at": f"{ago(90)} 10:00:00"}))
    voice.case(str(ago(1)), status="unfounded", severity="critical")
    voice.case(f"{DAY} 23:59:59", severity="major")
    assert feedback(voice)["fb_reason"] == "index"
    voice.case(f"{DAY} 23:59:59")
    row = feedback(voice)
    assert (row["fb_grade"], row["fb_reason"], row["complaints_90d"]) == ("negative", "many_complaints", 3)
    voice.case(f"{DAY} 23:59:59", severity="critical")
    row = feedback(voice)
    assert (row["fb_grade"], row["fb_reason"], row["open_critical_count"]) == ("negative", "open_critical", 1)


def test_the_score_is_logistic() -> None:
    assert [logistic(F(n), F(2)) for n in (0, 2, -2)] == [50, F("73.1059"), F("26.8941")]
    assert float(logistic(F("0.3"), F(2))) == pytest.approx(100 / (1 + math.exp(-0.15)), abs=5e-5)


def test_counts_and_shares_over_complaints_that_are_not_void() -> None:
    voice = Voice()
    voice.case(f"{ago(365)} 10:00:00", resolved_at=f"{ago(365)} 11:00:00")
    voice.case(f"{ago(364)} 10:00:00", resolved_at=f"{ago(364)} 12:00:00")
    voice.case(f"{ago(364)} 10:00:00", resolved_at=f"{ago(364)} 12:00:00", status="unfounded")
    voice.case(f"{ago(100)} 10:00:00", category="lift")
    for back in (364, 365, 10):
        voice.sale(ago(back), "10", "lease", txn_type="bill")
    voice.refund(voice.sale(ago(9)), ago(8))
    row = feedback(voice)
    assert (row["complaint_count"], row["open_complaint_count"], row["sla_missed_count"]) == (3, 1, 1)
    assert (row["complaints_12m"], row["sales_12m"], row["complaints_per_100_bills"]) == (2, 2, 100)
    assert (row["mean_resolution_hours"], row["sla_met_share"]) == (F("1.5"), F("0.6667"))
    assert row["last_feedback_date"] == ago(100).isoformat()
    voice.case(f"{ago(50)} 10:00:00", status="unfounded")
    assert feedback(voice)["last_feedback_date"] == ago(100).isoformat()
    voice.case(f"{ago(60)} 10:00:00", "praise", status="unfounded")
    assert feedback(voice)["last_feedback_date"] == ago(60).isoformat()
    assert feedback(Voice())["complaints_per_100_bills"] is None


def test_cases_of_everybody_are_listed() -> None:
    voice = Voice()
    voice.customer("B", status="closed")
    voice.case(str(ago(180)), customer_id="B", resolved_at=str(ago(180)))
    voice.case(str(ago(180)), "praise")
    first, second = feedback_cases(voice.look()).values()
    assert (first["customer_id"], first["status"], first["is_sla_missed"]) == ("B", "resolved", False)
    assert (first["points"], first["points_left"]) == (None, None)
    assert (second["customer_id"], second["feedback_type"], second["status"]) == ("A", "praise", "open")
    assert (second["points"], second["points_left"]) == (2, 1)


@pytest.mark.parametrize(
    ("category", "shown"),
    [
        (None, "unknown"),
        ("lift", "lift"),
        ("电" * 40, "电" * 40),
        ("电" * 41, "other"),
        ("a" * 40, "a" * 40),
        ("lift 4", "other"),
        ("0", "other"),
    ],
)
def test_free_text_is_not_shown_as_a_category(category: str | None, shown: str) -> None:
    assert shown_category(category) == shown


def test_repeats_go_by_the_category_as_delivered() -> None:
    voice = Voice()
    for back, category in [(9, "lift 4"), (8, "lift 5"), (7, "lift 4")]:
        voice.case(str(ago(back)), category=category)
    assert [row["category"] for row in feedback_cases(voice.look()).values()] == ["other"] * 3
    assert [row["is_repeat"] for row in feedback_cases(voice.look()).values()] == [False, False, True]


def test_voice_of_customer_by_month_theme_and_tier() -> None:
    voice = Voice()
    voice.customer("B", status="closed")
    voice.case("2024-11-30 23:59:59", category="noise")
    voice.case("2024-11-01", category="noise")
    voice.case("2024-11-02", category="noise", status="withdrawn")
    voice.case("2024-11-02", "praise", category="noise")
    voice.case("2024-12-01", "suggestion", customer_id="B", adopted="yes")
    voice.survey(D, "1")
    voice.survey(D, "4", customer_id="C")
    for customer_id in ("test", "staff"):
        voice.customer(customer_id, status=customer_id)
        voice.case("2024-11-30", customer_id=customer_id, category="noise")
        voice.survey(D, "4", customer_id=customer_id)
    found = voice_of_customer(voice.look(), {"A": "high", "B": None, "C": "high"})
    nothing = dict.fromkeys(found["2024-11-01", "feedback", "noise", "high"], 0)
    assert found == {
        ("2024-11-01", "feedback", "noise", "high"): nothing
        | {"customer_count": 1, "complaint_count": 2, "praise_count": 1},
        ("2024-12-01", "feedback", "unknown", "none"): nothing
        | {"customer_count": 1, "suggestion_count": 1, "adopted_count": 1},
        ("2024-12-01", "survey", "overall", "high"): nothing
        | {"customer_count": 2, "answer_count": 2, "dissatisfied_count": 1},
    }
