"""What customers say: surveys, complaints, suggestions, praise. Mood shapes all; complaints lower later scores."""

import numpy as np

from scripts.sample_data import schema
from scripts.sample_data.catalogue import VENUE
from scripts.sample_data.columns import DAY, NULL, Frame, choose, concat, constant, expand, length, take, uniform
from scripts.sample_data.lines import MINOR, Lines
from scripts.sample_data.people import People
from scripts.sample_data.scenario import Scenario, serials
from scripts.sample_data.transactions import Transactions

ASKED_AFTER_SALE_SHARE = 0.035
MEAN_RELATIONSHIP_SURVEYS = 0.5
RESPONSE_SHARE = 0.48
SCORE_LOST = np.array([0.0, 0.4, 1.2, 2.0])  # points of five, after no, a minor, a major, a critical complaint
RELATIONSHIP, AFTER_PURCHASE, NPS, _, AT_VENUE = range(5)
CSAT, NPS_SCALE, CES, RATING, YES_NO = range(5)
OVERALL, REBUY, RECOMMEND, SERVICE, _, BRAND = range(6)
RELATIONSHIP_QUESTIONS = np.array([OVERALL, REBUY, RECOMMEND, BRAND])
PHONE_CALLBACK, KIOSK = 4, 5
ANSWERED = 0  # position in schema.CALL_OUTCOMES
COMPLAINT, SUGGESTION, PRAISE, INQUIRY = range(4)
OPEN, IN_PROGRESS, _, RESOLVED, CASE_CLOSED, WITHDRAWN, UNFOUNDED = range(7)
HOURS_TO_RESOLVE = np.array([60, 110, 200])  # median by severity
MORE_FEEDBACK_SHARE = 0.06


def surveys_frame(scenario: Scenario, block: int, people: People, lines: Lines, transactions: Transactions) -> Frame:
    """Answers to surveys after a sale and to yearly ones; invitations without answer have no score."""
    rng = scenario.rng(block, "surveys")
    asked = concat(
        [_asked_after_sale(rng, transactions), _asked_yearly(rng, scenario, people, lines)],
        ("customer", "survey_type", "lob", "txn_id", "invited_at", "channel"),
    )
    asked = take(asked, asked["invited_at"] < scenario.last_day * DAY)
    count = length(asked)
    answers = rng.random(count) < RESPONSE_SHARE + 0.05 * people.mood[asked["customer"]]
    responded_at = asked["invited_at"] + np.clip(rng.lognormal(np.log(40_000), 1.2, count), 120, 20 * DAY).astype(
        np.int64
    )
    by_phone = asked["channel"] == PHONE_CALLBACK
    outcome = np.where(answers, ANSWERED, 1 + choose(rng, [25, 45, 15, 6, 9], count))
    responded_at = np.where(by_phone, asked["invited_at"] + rng.integers(60, 1800, count), responded_at)
    answers &= responded_at < (scenario.last_day + 1) * DAY - 3600
    asked |= {
        "invitation_id": serials(block, count),
        "responded_at": np.where(answers, responded_at, NULL),
        "callback_outcome": np.where(by_phone, outcome, NULL),
        "attempt_no": 1 + choose(rng, [80, 15, 5], count),
        "agent_id": np.where(by_phone, 200 + rng.integers(0, 12, count), NULL),
        "recorded_at": np.where(answers, responded_at, asked["invited_at"]) + rng.integers(60, 3600, count),
        "satisfaction": 3.75
        + 0.6 * people.mood[asked["customer"]]
        - SCORE_LOST[lines.annoyance(asked["customer"], asked["invited_at"] // DAY)],
    }
    return _answers(rng, block, people, asked)


def _asked_after_sale(rng: np.random.Generator, transactions: Transactions) -> Frame:
    frame = transactions.frame
    is_sale = np.isin(frame["txn_type"], (schema.PURCHASE, schema.BILL)) & (frame["payment_status"] != schema.VOID)
    rows = np.flatnonzero(is_sale & (rng.random(len(is_sale)) < ASKED_AFTER_SALE_SHARE))
    is_venue = frame["lob"][rows] == VENUE
    count = len(rows)
    return {
        "customer": transactions.customer[rows],
        "survey_type": np.where(is_venue & (rng.random(count) < 0.6), AT_VENUE, AFTER_PURCHASE),
        "lob": frame["lob"][rows],
        "txn_id": frame["txn_id"][rows],
        "invited_at": frame["event_at"][rows] + rng.integers(3600, 2 * DAY, count),
        "channel": np.where(
            is_venue, choose(rng, [0, 50, 25, 10, 0, 15], count), choose(rng, [10, 25, 25, 15, 25], count)
        ),
    }


def _asked_yearly(rng: np.random.Generator, scenario: Scenario, people: People, lines: Lines) -> Frame:
    """The relationship survey or the recommendation question, some months after the first contact at the earliest."""
    since = np.maximum(people.created, scenario.first_day) + 90
    is_asked = lines.holds.any(axis=1) & (since < people.horizon)
    customer = expand(np.where(is_asked, rng.poisson(MEAN_RELATIONSHIP_SURVEYS, len(people)), 0))[0]
    count = len(customer)
    invited = uniform(rng, since[customer], people.horizon[customer], count)
    main_line = np.argmax(lines.holds[customer], axis=1)
    return {
        "customer": customer,
        "survey_type": np.where(rng.random(count) < 0.55, RELATIONSHIP, NPS),
        "lob": main_line,
        "invited_at": invited * DAY + rng.integers(9 * 3600, 18 * 3600, count),
        "channel": choose(rng, [35, 15, 10, 20, 20], count),
    }


def _answers(rng: np.random.Generator, block: int, people: People, asked: Frame) -> Frame:
    """One row per question: four in the relationship survey, one in the others; one where nobody answered."""
    is_answered = asked["responded_at"] != NULL
    is_relationship = asked["survey_type"] == RELATIONSHIP
    row, position = expand(np.where(is_answered & is_relationship, len(RELATIONSHIP_QUESTIONS), 1))
    question = RELATIONSHIP_QUESTIONS[position]
    count = len(row)
    survey_type, answered = asked["survey_type"][row], is_answered[row]
    scale = np.select(
        [
            survey_type == NPS,
            survey_type == AT_VENUE,
            (survey_type == AFTER_PURCHASE) & (asked["txn_id"][row] % 4 == 0),
            question == BRAND,
        ],
        [NPS_SCALE, RATING, CES, YES_NO],
        CSAT,
    )
    felt = asked["satisfaction"][row] + rng.normal(0, 0.6, count)
    score = np.select(
        [scale == NPS_SCALE, scale == CES, scale == YES_NO],
        [np.clip(np.round((felt - 1) * 2.6), 0, 10), np.clip(np.round((felt - 1) * 1.6 + 1), 1, 7), felt > 3],
        np.clip(np.round(felt), 1, 5),
    ).astype(np.int64)
    comment = np.where(felt > 3.5, np.array([0, 1, 4, 6])[row % 4], np.array([2, 3, 5, 7])[row % 4])
    return {
        "response_id": serials(block, count),
        "invitation_id": asked["invitation_id"][row],
        "survey_id": survey_type,
        "survey_type": survey_type,
        "scale": scale,
        "question_code": np.select([survey_type == NPS, survey_type == AT_VENUE], [RECOMMEND, SERVICE], question),
        "score": np.where(answered, score, NULL),
        "customer_id": people.number[asked["customer"][row]],
        "comment_text": np.where(answered & (rng.random(count) < 0.15), comment, NULL),
    } | {
        name: asked[name][row]
        for name in (
            "lob",
            "txn_id",
            "channel",
            "invited_at",
            "responded_at",
            "callback_outcome",
            "attempt_no",
            "agent_id",
            "recorded_at",
        )
    }


def complaints_frames(scenario: Scenario, block: int, people: People, lines: Lines) -> tuple[Frame, Frame]:
    """Complaints, suggestions, praise and inquiries, and the steps in which they were handled."""
    rng = scenario.rng(block, "complaints")
    raised = concat(
        [_main_complaints(lines), _more_feedback(rng, scenario, people, lines)],
        ("customer", "day", "severity", "feedback_type"),
    )
    count = length(raised)
    customer, severity, feedback_type = raised["customer"], raised["severity"], raised["feedback_type"]
    created = raised["day"] * DAY + rng.integers(8 * 3600, 21 * 3600, count)
    end = (scenario.last_day + 1) * DAY - 7200
    is_case = np.isin(feedback_type, (COMPLAINT, SUGGESTION))
    response = created + np.clip(rng.lognormal(np.log(3 * 3600), 1.0, count), 300, 10 * DAY).astype(np.int64)
    hours = HOURS_TO_RESOLVE[np.where(severity == NULL, MINOR, severity)] * rng.lognormal(0, 0.6, count)
    resolved = response + (hours * 3600).astype(np.int64)
    closed = resolved + rng.integers(3600, 6 * DAY, count)
    response, resolved, closed = (np.where(is_case & (at < end), at, NULL) for at in (response, resolved, closed))
    decision = choose(rng, [92, 4, 4], count)
    status = np.select(
        [(closed != NULL) & (decision > 0), closed != NULL, resolved != NULL, response != NULL],
        [np.array([CASE_CLOSED, WITHDRAWN, UNFOUNDED])[decision], CASE_CLOSED, RESOLVED, IN_PROGRESS],
        np.where(is_case, OPEN, CASE_CLOSED),
    )
    answered_at_once = np.where(is_case, NULL, created + 900)
    is_angry = feedback_type == COMPLAINT
    in_chinese = ~people.is_english[customer]
    compensation = is_angry & (closed != NULL) & (rng.random(count) < 0.12 + 0.2 * (severity > MINOR))
    rating = np.clip(np.round(3.4 + 0.7 * people.mood[customer] + rng.normal(0, 0.8, count)), 1, 5).astype(np.int64)
    number = serials(block, count)
    cases = {
        "complaint_id": number,
        "customer_id": people.number[customer],
        "feedback_type": feedback_type,
        "category": choose(rng, [30, 18, 20, 12, 6, 14], count),
        "sub_category": rng.integers(0, len(schema.SUB_CATEGORIES), count),
        "lob": np.argmax(lines.holds[customer], axis=1),
        "severity": np.where(is_angry, severity + 3 * in_chinese, NULL),
        "channel": choose(rng, [30, 30, 10, 20, 10], count),
        "created_at": created,
        "first_response_at": np.where(is_case, response, answered_at_once),
        "resolved_at": np.where(is_case, resolved, answered_at_once),
        "closed_at": np.where(is_case, closed, answered_at_once),
        "status": status,
        "incident_id": np.where(is_angry & (rng.random(count) < 0.06), block * 100 + raised["day"] // 90 % 100, NULL),
        "adopted": np.where(feedback_type == SUGGESTION, (rng.random(count) < 0.3).astype(np.int64), NULL),
        "closure_rating": np.where((closed != NULL) & (rng.random(count) < 0.5), rating, NULL),
        "compensation_amount": np.where(compensation, rng.integers(1, 20, count) * 5000, NULL),
        "recorded_at": created + rng.integers(30, 3600, count),
    }
    return cases, _case_events(rng, cases, is_case)


def _main_complaints(lines: Lines) -> Frame:
    customer = np.flatnonzero(lines.complaint_day != NULL)
    return {
        "customer": customer,
        "day": lines.complaint_day[customer],
        "severity": lines.complaint_severity[customer],
        "feedback_type": constant(COMPLAINT, len(customer)),
    }


def _more_feedback(rng: np.random.Generator, scenario: Scenario, people: People, lines: Lines) -> Frame:
    """Suggestions, inquiries, small complaints and praise, the latter from the satisfied."""
    since = np.maximum(people.created, scenario.first_day) + 20
    speaks = (rng.random(len(people)) < MORE_FEEDBACK_SHARE) & lines.holds.any(axis=1) & (since < people.horizon)
    customer = np.flatnonzero(speaks)
    count = len(customer)
    kind = np.where(
        rng.random(count) < 0.5,
        np.where(people.mood[customer] + rng.normal(0, 0.5, count) > 0.2, PRAISE, COMPLAINT),
        np.where(rng.random(count) < 0.6, SUGGESTION, INQUIRY),
    )
    return {
        "customer": customer,
        "day": uniform(rng, since[customer], people.horizon[customer] - 1, count),
        "severity": np.where(kind == COMPLAINT, MINOR, NULL),
        "feedback_type": kind,
    }


def _case_events(rng: np.random.Generator, cases: Frame, is_case: np.ndarray) -> Frame:
    """Status changes of the cases; a few resolved ones were opened again and resolved at once."""
    steps = []
    reopened = is_case & (cases["closed_at"] != NULL) & (rng.random(len(is_case)) < 0.05)
    between = (cases["resolved_at"] + cases["closed_at"]) // 2
    for at, before, after, taken in (
        (cases["first_response_at"], OPEN, IN_PROGRESS, is_case),
        (cases["resolved_at"], IN_PROGRESS, RESOLVED, is_case),
        (between - 600, RESOLVED, OPEN, reopened),
        (between, OPEN, RESOLVED, reopened),
        (cases["closed_at"], RESOLVED, CASE_CLOSED, is_case),
    ):
        happened = np.flatnonzero(taken & (at != NULL))
        to = np.where(after == CASE_CLOSED, cases["status"][happened], after)
        steps.append(
            {
                "complaint_id": cases["complaint_id"][happened],
                "event_at": at[happened],
                "from_status": constant(before, len(happened)),
                "to_status": to,
                "recorded_at": at[happened] + 60,
            }
        )
    return concat(steps, steps[0])
