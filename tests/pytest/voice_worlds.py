"""Small worlds for examples of satisfaction, feedback, engagement and intent, with their policy in memory."""

from datetime import date

from signal_worlds import D, Row, Tale
from tests.reference.delivery import Options
from tests.reference.signals.world import Rows, Values, World

SATISFACTION = {
    "half_life_days": "180",
    "max_age_days": "730",
    "response_days": "14",
    "min_weight": "0.25",
    "satisfied_from": "66.67",
    "neutral_from": "33.33",
    "recent_days": "90",
    "capped_score": "50",
    "contact_issue_count": "3",
    "min_segment_size": "2",
}
FEEDBACK = {
    "half_life_days": "180",
    "max_age_days": "730",
    "praise_points": "2",
    "suggestion_points": "0",
    "adopted_points": "1",
    "reopened_factor": "0.5",
    "max_reopened": "2",
    "sla_factor": "0.5",
    "repeat_factor": "0.5",
    "well_resolved_factor": "0.5",
    "in_sla_factor": "0.8",
    "well_rating": "4",
    "repeat_days": "90",
    "many_complaints": "3",
    "recent_days": "90",
    "negative_until": "-2",
    "positive_from": "1",
    "score_scale": "2",
}
ENGAGEMENT = {"bot_events_per_day": "5", "max_age_days": "365", "half_life_days": "45", "half_points": "20"}
INTENT = {
    "max_age_days": "180",
    "firm_days": "90",
    "sale_half_life_days": "14",
    "venue_half_life_days": "7",
    "plus_from": "60",
    "zero_from": "40",
    "contact_from": "10",
    "min_leads": "3",
    "conversion_days": "180",
}
SCALES = ("csat_5 1 3 4 5", "rating_5 1 3 4 5", "ces_7 1 4 6 7", "nps_10 0 7 9 10", "yes_no 0 0.5 1 1")
SLA = ("minor 1 24 72", "major 2 8 48", "critical 4 4 24")
CHANNELS = ("questionnaire 1", "app 1", "sms 0.9", "email 1", "phone_callback 0.8", "kiosk 0.7")
TYPES = ("relationship 1", "transactional 0.8", "nps 1", "product 0.8", "venue 0.7")
QUESTIONS = ("overall true", "rebuy_intent true", "recommend true", "service true", "product true")
LEVELS = (
    *("A 1 - within_1m", "B+ 2 0.7 within_3m", "B 3 0.5 within_3m", "B- 4 0.2 within_3m", "C+ 5 0.7 within_6m"),
    *("C 6 0.5 within_6m", "C- 7 0.2 within_6m", "D 8 - over_6m"),
)
EVENT_TYPES = (
    *("page_view 1 0 0 0 2", "listing_view 2 1 1 3 10", "enquiry 6 8 8 24 10", "site_visit 10 20 15 50 10"),
    *("unit_shortlist 10 25 25 50 10", "subscribe 15 40 40 40 10", "grade_set 0 0 0 0 10", "unknown 0 0 0 0 10"),
    *("not_interested 0 -40 -40 40 10", "event_invite 0 0 0 0 10", "loan_precheck 8 20 20 20 2"),
)


def table(columns: str, lines: tuple[str, ...]) -> list[Row]:
    """Rows from words; `-` is an empty cell."""
    split = [["" if word == "-" else word for word in line.split()] for line in lines]
    return [dict(zip(columns.split(), words, strict=True)) for words in split]


VOICE_TABLES: dict[str, list[Row]] = {
    "policy_satisfaction": [SATISFACTION],
    "policy_survey_scales": table("scale least_score neutral_from satisfied_from greatest_score", SCALES),
    "policy_survey_channels": table("channel weight", CHANNELS),
    "policy_survey_types": table("survey_type weight", TYPES),
    "policy_survey_questions": table("question_code counts_for_satisfaction", (*QUESTIONS, "brand_awareness false")),
    "policy_feedback": [FEEDBACK],
    "policy_sla": table("severity points first_response_hours resolution_hours", SLA),
    "policy_engagement": [ENGAGEMENT],
    "policy_intent": [INTENT],
    "policy_intent_grades": table("intent_level level_order conversion_probability purchase_window", LEVELS),
    "policy_interaction_events": table(
        "event_type engagement_weight intent_weight repeat_intent_weight intent_cap daily_limit", EVENT_TYPES
    ),
}


class Voice(Tale):
    """A tale with surveys and complaints; customer A is always there."""

    def _append(self, rows: list[Row], row: Row) -> None:
        self._known(row.get("customer_id") or "A")
        rows.append({column: text for column, text in row.items() if text != ""})

    def survey(self, day: date | None, score: str = "", **cells: str) -> None:
        """Deliver a survey row, answered at ten o'clock of a day where there is a score, else invited then."""
        row = {"response_id": f"S{len(self.delivery.surveys)}", "customer_id": "A"}
        if day is not None:
            row["responded_at" if score else "invited_at"] = f"{day} 10:00:00"
        told = {"scale": "csat_5", "score": score} if score else {}
        self._append(self.delivery.surveys, row | told | cells)

    def case(self, created: str, kind: str = "complaint", **cells: str) -> str:
        """Deliver a complaint, suggestion or praise and give its id."""
        complaint_id = f"F{len(self.delivery.complaints)}"
        row = {"complaint_id": complaint_id, "customer_id": "A", "feedback_type": kind, "created_at": created}
        self._append(self.delivery.complaints, row | cells)
        return complaint_id

    def step(self, complaint_id: str, event_at: str, to_status: str, **cells: str) -> None:
        """Deliver a change of status."""
        row = {"complaint_id": complaint_id, "event_at": event_at, "to_status": to_status}
        self.delivery.complaint_events.append(row | cells)

    def look(self, d: date = D, options: Options | None = None, **changes: Row) -> World:
        """The world at d; `changes` replace cells of one-row policies (`satisfaction={...}`)."""
        if not self.delivery.customers:
            self.customer()
        tables = dict(VOICE_TABLES)
        for name, cells in changes.items():
            tables[f"policy_{name}"] = [tables[f"policy_{name}"][0] | cells]
        return self.world(d, tables, options)


def own(rows: Rows, customer_id: str = "A") -> Values:
    """The row of one customer; there is one review."""
    return next(row for key, row in rows.items() if key[1] == customer_id)
