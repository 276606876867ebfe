"""Stories in which the rules of satisfaction and feedback bite: surveys and complaints on the edges."""

from datetime import date, datetime, time, timedelta

from strategies import Author
from tests.reference.clocks import quarter_ends_before

SCORES = {
    "csat_5": ("1", "2", "2.99", "3", "3.99", "4", "5"),
    "rating_5": ("1", "2.99", "3", "4", "5"),
    "nps_10": ("0", "6", "6.99", "7", "8", "9", "10"),
    "ces_7": ("1", "3.99", "4", "5.99", "6", "7"),
    "yes_no": ("0", "0.49", "0.5", "1"),
}
ANSWER_AGES = (0, 1, 13, 14, 15, 89, 90, 91, 179, 180, 359, 360, 361, 540, 729, 730, 731, 900)
QUESTIONS = ("", "overall", "overall", "service", "service", "product", "recommend", "rebuy_intent", "brand_awareness")
CHANNELS = ("", "app", "sms", "EMAIL", "自助机", "questionnaire", "phone_callback", "pigeon")
TYPES = ("", "relationship", "交易", "nps", "product", "venue", "gossip")
OUTCOMES = ("connected_answered", "connected_refused", "no_answer", "占线", "wrong_number", "unreachable")
CATEGORIES = ("", "noise", "noise", "lift", "lift 4", "电" * 40, "电" * 41)
SEVERITIES = ("", "minor", "minor", "major", "critical", "odd")
SLA_HOURS = {"minor": (24, 168), "major": (8, 120), "critical": (4, 72)}
STATUSES = ("open", "in_progress", "pending_customer", "resolved", "closed")
CHINA = "+08:00"


def reviewed(author: Author) -> date:
    """A day on which somebody is reviewed: as_of or one of the quarter ends before."""
    return author.rng.choice([author.as_of, author.as_of, *quarter_ends_before(author.as_of)[:3]])


def told_late(author: Author, day: date) -> dict[str, str]:
    """When a row was recorded: not told, at once, or on the day of a review that follows, or the day after it."""
    rng = author.rng
    ends = [end for end in [author.as_of, *quarter_ends_before(author.as_of)[:6]] if end >= day]
    late = rng.choice([None, None, None, day, min(ends, default=day), min(ends, default=day) + timedelta(days=1)])
    return {} if late is None else {"recorded_at": author.moment(late)}


def clock_time(day: date, seconds: int) -> str:
    """So many seconds after a midnight in China."""
    return (datetime.combine(day, time(0)) + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S") + CHINA


def survey(author: Author, /, **cells: str) -> dict[str, str]:
    """Add a survey row of the customer; ids do not follow time."""
    rows = author.delivery.surveys
    row = {"response_id": f"S{author.rng.randrange(1000):03d}-{len(rows)}", "customer_id": author.customer_id} | cells
    rows.append({column: text for column, text in row.items() if text != ""})
    return rows[-1]


def answer(author: Author, day: date, scale: str, score: str, /, **cells: str) -> dict[str, str]:
    """Add an answer given on a day."""
    told = {"scale": scale, "score": score, "responded_at": author.moment(day)}
    return survey(author, **(told | told_late(author, day) | cells))


def case(author: Author, kind: str, created_at: str, /, **cells: str) -> dict[str, str]:
    """Add a complaint, suggestion, praise or inquiry of the customer."""
    rows = author.delivery.complaints
    row = {"complaint_id": f"F{author.rng.randrange(1000):03d}-{len(rows)}", "customer_id": author.customer_id}
    row |= {"feedback_type": kind, "created_at": created_at} | cells
    rows.append({column: text for column, text in row.items() if text != ""})
    return rows[-1]


def step(author: Author, of: dict[str, str], event_at: str, to_status: str, /, **cells: str) -> None:
    """Add a change of status of a case."""
    row = {"complaint_id": of["complaint_id"], "event_at": event_at, "to_status": to_status} | cells
    author.delivery.complaint_events.append({column: text for column, text in row.items() if text != ""})


def surveyed(author: Author) -> None:
    """Answers on the edges of scales and ages; several to one question by one invitation, or on one day by sale."""
    rng, anchor = author.rng, reviewed(author)
    ages = rng.choice([ANSWER_AGES, ANSWER_AGES, ANSWER_AGES, (730, 731, 900)])
    for number in range(rng.randint(1, 6)):
        day = anchor - timedelta(days=rng.choice(ages))
        scale = rng.choice(list(SCORES))
        asked = day - timedelta(days=rng.choice([0, 1, 20]))
        cells = {
            "survey_type": rng.choice(TYPES),
            "channel": rng.choice(CHANNELS),
            "question_code": rng.choice([*QUESTIONS, "odd"]),
            "survey_id": rng.choice(["", "V1", "V2"]),
            "invitation_id": rng.choice(["", "", f"N-{author.customer_id}-{number}", f"N-{author.customer_id}-0"]),
            "lob": rng.choice(["", "venue", "租赁", "casino"]),
            "invited_at": rng.choice(["", f"{asked} 00:00:00{CHINA}"]),
            "source_system": rng.choice(["", "", "", "panel"]),
        }
        for _ in range(rng.choice([1, 1, 2])):
            answer(author, day, scale, rng.choice(SCORES[scale]), **cells, txn_id=rng.choice(["", "", "T1", "T2"]))


def made_good(author: Author) -> None:
    """Good answers, a bad one of late, and perhaps a good one at the same moment or later."""
    rng, anchor = author.rng, reviewed(author)
    for number in range(rng.randint(2, 5)):
        day = anchor - timedelta(days=rng.choice([100, 180, 300]))
        answer(author, day, "csat_5", "5", invitation_id=f"G-{author.customer_id}-{number}")
    bad = anchor - timedelta(days=rng.choice([0, 5, 88, 89, 90, 91]))
    at_noon = {"responded_at": clock_time(bad, 43_200), "channel": rng.choice(["", "kiosk", "app"])}
    answer(author, bad, "csat_5", "1", **at_noon, question_code="service")
    if rng.random() < 0.5:
        later = rng.choice([43_200, 43_201, 43_199])
        answer(
            author,
            bad,
            "nps_10",
            rng.choice(["9", "8"]),
            responded_at=clock_time(bad, later),
            question_code="recommend",
        )


def asked_in_vain(author: Author) -> None:
    """Calls and invitations without a score; the last day with several outcomes; pending until exactly its day."""
    rng, anchor = author.rng, reviewed(author)
    outcomes = rng.choice([(*OUTCOMES, "", "", "", "asleep"), ("wrong_number", "unreachable", "无法接通"), ("",)])
    for _ in range(rng.randint(1, 5)):
        day = anchor - timedelta(days=rng.choice([0, 1, 1, 14, 15, 16, 200, 729, 730]))
        outcome = rng.choice(outcomes)
        cells = {
            "callback_outcome": outcome,
            "channel": rng.choice(["phone_callback", "电话回访"]) if outcome else rng.choice(CHANNELS),
            "invitation_id": rng.choice(["", f"C-{author.customer_id}-0", f"C-{author.customer_id}-1"]),
            "invited_at": f"{day} 12:00:00{CHINA}",
            "attempt_no": rng.choice(["", "1", "2", "two"]),
        }
        cells["source_system"] = rng.choice(["", "", "panel"])
        if outcome == "connected_answered" and rng.random() < 0.5:
            cells |= {"responded_at": f"{day} 12:05:00{CHINA}", "scale": "csat_5", "score": rng.choice(["2", "4"])}
        elif rng.random() < 0.2:
            refused_on = day + timedelta(days=rng.choice([0, 1, 2, 90]))
            cells |= {"responded_at": f"{refused_on} 13:00:00{CHINA}"}
        survey(author, **(cells | told_late(author, day)))


def asked_oddly(author: Author) -> None:
    """Answers without a time that were recorded before the invitation; one id of two systems; calls untold."""
    rng, anchor = author.rng, reviewed(author)
    day = anchor - timedelta(days=rng.choice([0, 1, 30]))
    later = day + timedelta(days=rng.choice([0, 1, 2, 90]))
    told = {"recorded_at": clock_time(day, 43_200), "invited_at": clock_time(later, 43_200)}
    row = survey(author, scale="csat_5", score=rng.choice(["1", "4"]), question_code="service", **told)
    if rng.random() < 0.5:
        author.delivery.surveys.append(row | {"source_system": "panel", "score": rng.choice(["1", "2", "4"])})
    call = {"scale": "csat_5", "score": "4", "channel": "phone_callback", "responded_at": clock_time(day, 0)}
    survey(author, callback_outcome=rng.choice(["", "connected_answered"]), **call)


def loyal(author: Author) -> None:
    """All three questions of loyalty, or two of them; asked again later, or just too long ago."""
    rng, anchor = author.rng, reviewed(author)
    for question in rng.choice(
        [("overall", "rebuy_intent", "recommend"), ("", "rebuy_intent", "recommend"), ("", "recommend")]
    ):
        for _ in range(rng.choice([1, 1, 2])):
            day = anchor - timedelta(days=rng.choice([0, 10, 300, 729, 730]))
            answer(author, day, "csat_5", rng.choice(["4", "5", "4", "3"]), question_code=question)


def odd_surveys(author: Author) -> None:
    """Rows that break a rule, rows told twice, and rows told twice in other words."""
    rng, day = author.rng, reviewed(author) - timedelta(days=3)
    broken = [
        {"score": "6"},
        {"score": "five"},
        {"scale": "stars"},
        {"scale": ""},
        {"response_id": ""},
        {"customer_id": "C-unknown"},
        {"responded_at": ""},
        {"responded_at": "soon"},
        {"invited_at": f"{day + timedelta(days=2)} 10:00:00"},
        {"callback_outcome": "busy"},
        {"score": "４．５０"},
        {"responded_at": "1989-12-31"},
        {"recorded_at": "yesterday"},
    ]
    answer(author, day, "csat_5", "4", **rng.choice(broken))
    row = answer(author, day, "csat_5", "4", question_code="product")
    if rng.random() < 0.6:
        author.delivery.surveys.append(row | rng.choice([{"score": "4.0"}, {"score": "2"}, {"comment_text": "again"}]))


def complained(author: Author) -> None:
    """Complaints answered and resolved exactly in time or a second late, reopened, waiting, withdrawn, over at once."""
    rng, anchor = author.rng, reviewed(author)
    for _ in range(rng.randint(1, 4)):
        severity, day = (
            rng.choice(SEVERITIES),
            anchor - timedelta(days=rng.choice([0, 1, 7, 89, 90, 180, 364, 365, 500, 730])),
        )
        start = rng.choice([0, 36_000, 86_399])
        first, last = (hours * 3600 for hours in SLA_HOURS.get(severity, SLA_HOURS["minor"]))
        late = rng.choice([0, 1, -1, 3600])
        cells = {
            "severity": severity,
            "category": rng.choice(CATEGORIES),
            "incident_id": rng.choice(["", "", "", "X1", "X2"]),
            "first_response_at": rng.choice(["", clock_time(day, start + first + rng.choice([0, 1]))]),
            "closure_rating": rng.choice(["", "3", "4", "3.5", "good", "0", "5.4", "6"]),
        }
        ended = clock_time(day, start + last + late)
        kind = rng.choice(["open", "resolved", "closed", "withdrawn", "untold", "going on", "day", *["steps"] * 3])
        if kind in ("resolved", "closed"):
            cells |= {"status": kind, "resolved_at": ended, "closed_at": ended if kind == "closed" else ""}
        elif kind == "withdrawn":
            cells |= {"status": rng.choice(["withdrawn", "不成立"]), "closed_at": rng.choice(["", ended])}
        elif kind == "untold":
            cells |= {"status": rng.choice(["resolved", "closed"])}
        elif kind == "going on":
            cells |= {"status": rng.choice(STATUSES[:3]), rng.choice(["resolved_at", "closed_at"]): ended}
        elif kind == "day":
            cells |= {"status": rng.choice(STATUSES), rng.choice(["resolved_at", "closed_at"]): day.isoformat()}
        row = case(author, "complaint", clock_time(day, start), **(cells | told_late(author, day)))
        if kind == "steps":
            worked_on(author, row, day, start, last + late)


def worked_on(author: Author, row: dict[str, str], day: date, start: int, allowed: int) -> None:
    """Steps of a case: waiting for the customer stops the clock, so that it ends exactly as allowed; then reopened."""
    rng, waited = author.rng, author.rng.choice([0, 3600, 90_000])
    if waited:
        step(author, row, clock_time(day, start + 1800), rng.choice(["pending_customer", "待客户"]))
        step(author, row, clock_time(day, start + 1800 + waited), "in_progress")
    if rng.random() < 0.2:
        step(author, row, clock_time(day, start - 60), "pending_customer")
        step(author, row, clock_time(day, start + rng.choice([-30, 0, 60])), "in_progress")
    done = start + allowed + waited
    step(author, row, clock_time(day, done), "resolved", **told_late(author, day + timedelta(seconds=done)))
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        done += rng.choice([0, 60, 86_400 * 30])
        step(author, row, clock_time(day, done), rng.choice(["open", "in_progress"]))
        done += rng.choice([60, 86_400 * 10])
        if rng.random() < 0.8:
            step(author, row, clock_time(day, done), rng.choice(["resolved", "closed"]))
    if rng.random() < 0.1:
        step(author, row, clock_time(day, done + 60), rng.choice(["withdrawn", "unfounded"]))


def complained_again(author: Author) -> None:
    """Complaints in one category, exactly the days apart that still repeat; many of them within 90 days."""
    rng, anchor = author.rng, reviewed(author)
    day, gaps = anchor - timedelta(days=rng.choice([260, 180, 120, 100])), (0, 1, 10, 30, 90, 91)
    if rng.random() < 0.5:
        day, gaps = anchor - timedelta(days=rng.choice([88, 89, 90, 91])), (0, 1, 10, 40)
    for _ in range(rng.randint(2, 5)):
        if day > author.as_of:
            break
        over = rng.choice([0, 1, 5])
        told = {"resolved_at": clock_time(day, 86_400 * over + rng.choice([0, 86_399]) + 43_200)}
        told = rng.choice([told, told, {}, told | {"status": "withdrawn"}])
        row = case(author, "complaint", clock_time(day, 43_200), category=rng.choice(["noise", "noise", ""]), **told)
        if rng.random() < 0.1:
            author.delivery.complaints.append(row | {"source_system": "desk"})
        gap = rng.choice(gaps)
        day += timedelta(days=gap + over if gap >= 90 else gap)


def praised(author: Author) -> None:
    """Praise, suggestions taken up then or later, inquiries."""
    rng, anchor = author.rng, reviewed(author)
    for _ in range(rng.randint(1, 4)):
        day = anchor - timedelta(days=rng.choice([0, 30, 89, 90, 180, 400, 729, 730]))
        kind = rng.choice(["praise", "表扬", "suggestion", "suggestion", "inquiry"])
        later = rng.choice(["", clock_time(day + timedelta(days=rng.choice([0, 40, 100])), 43_200)])
        adopted = rng.choice(["", "yes", "是", "no", "maybe"]) if kind == "suggestion" else ""
        cells = {"adopted": adopted, "closed_at": later, "category": rng.choice(CATEGORIES)}
        case(author, kind, clock_time(day, 1800), **(cells | told_late(author, day)))


def odd_complaints(author: Author) -> None:
    """Cases and steps that break a rule or are told twice."""
    rng, day = author.rng, reviewed(author) - timedelta(days=20)
    broken = [
        {"feedback_type": "gossip"},
        {"feedback_type": ""},
        {"created_at": "soon"},
        {"resolved_at": clock_time(day, 0)},
        {"complaint_id": ""},
        {"customer_id": "C-unknown"},
        {"severity": "odd", "status": "odd", "closure_rating": "?"},
    ]
    case(author, "complaint", clock_time(day, 60), **rng.choice(broken))
    row = case(author, "complaint", clock_time(day, 0), category="lift")
    author.delivery.complaints.append(row | rng.choice([{}, {"category": "lift "}, {"category": "noise"}]))
    for status in rng.sample([*STATUSES, "lost", ""], 3):
        step(author, row, rng.choice([clock_time(day, 86_400), clock_time(day, 3600), "soon"]), status)
    step(author, row, clock_time(day, 7200), "resolved", source_system="other")
    step(author, {"complaint_id": "F-missing"}, clock_time(day, 7200), "resolved")


def told_again(author: Author) -> None:
    """A case and a survey row delivered anew as their state changes, in quarters that differ; one in conflict."""
    rng, anchor = author.rng, reviewed(author)
    days = sorted(anchor - timedelta(days=rng.choice([0, 1, 60, 100, 200, 300])) for _ in range(3))
    recorded = [author.moment(day) for day in days]
    created = clock_time(days[0], rng.choice([0, 43_200]))
    row = case(author, "complaint", created, severity=rng.choice(SEVERITIES), category="noise", recorded_at=recorded[0])
    for moment, status in zip(recorded[1:], rng.sample(STATUSES, 2), strict=True):
        ended = clock_time(days[-1], 86_399) if status in ("resolved", "closed") else ""
        told = {"status": status, "resolved_at": ended, "recorded_at": rng.choice([moment, moment, moment, ""])}
        told |= rng.choice([{}, {}, {"feedback_type": "inquiry"}, {"category": "lift"}, {"customer_id": ""}])
        author.delivery.complaints.append({c: text for c, text in (row | told).items() if text})
    if rng.random() < 0.5:
        step(author, row, clock_time(days[1], 43_200), rng.choice(STATUSES))
    asked = survey(author, invited_at=author.moment(days[0]), recorded_at=recorded[0], channel="app")
    for moment, score in zip(recorded[1:], rng.sample(SCORES["csat_5"], 2), strict=True):
        told = {"responded_at": moment, "recorded_at": moment, "scale": "csat_5", "score": score}
        author.delivery.surveys.append({c: text for c, text in (asked | told).items() if text})
