"""Accepted survey rows, as a review knows them."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from tests.reference.signals.reading import (
    Cells,
    Clock,
    Content,
    is_dated_in_time,
    is_known,
    known_customers,
    last_versions,
    parse_decimal,
    parse_integer,
    without_duplicates,
)
from tests.reference.signals.world import World

SCALES = {"csat_5": (1, 5), "rating_5": (1, 5), "ces_7": (1, 7), "nps_10": (0, 10), "yes_no": (0, 1)}
"""The least and the greatest score a row may have."""
OVERALL = "overall"


@dataclass(frozen=True)
class Survey:
    """An answer, or an attempt to get one. `known_on` is None where the cutoff hides the row.

    `answer_at` is the moment of an answer; `event_date` its date where there is a response or a score, else `asked_on`.
    """

    source_system: str
    response_id: str
    customer_id: str
    invitation_id: str | None
    survey_id: str | None
    survey_type: str | None
    scale: str | None
    question_code: str
    lob: str | None
    txn_id: str | None
    channel: str | None
    callback_outcome: str | None
    score: Fraction | None
    invited_at: datetime | None
    responded_at: datetime | None
    recorded_at: datetime | None
    answer_at: datetime
    answer_date: date
    asked_on: date
    event_date: date
    known_on: date | None

    @property
    def is_answer(self) -> bool:
        """Whether there is a score."""
        return self.score is not None


def surveys_at(world: World) -> list[Survey]:
    """The accepted survey rows known at d, of graded customers and others."""
    rows = [Cells(row, world.options) for row in world.delivery.surveys]
    customers, clock = known_customers(world), Clock(world.options)
    read = [
        read_survey(cells, clock)
        for cells in without_duplicates(rows, "response_id", survey_content, has_versions=True)
    ]
    accepted = [s for s in read if s is not None and s.customer_id in customers]
    in_time = [s for s in accepted if is_dated_in_time(s.responded_at or s.invited_at, world)]
    known = [s for s in in_time if is_known(s.known_on, world.d)]
    return last_versions(known, lambda survey: (survey.source_system, survey.response_id))


def survey_content(cells: Cells) -> Content:
    """What two rows of one response have to share."""
    texts = ("invitation_id", "survey_id", "question_code", "customer_id", "txn_id", "agent_id")
    moments = ("invited_at", "responded_at", "recorded_at")
    return {column: cells.text(column) for column in texts} | {
        "survey_type": cells.code("survey_type", "survey_type"),
        "scale": cells.code("scale", "survey_scale"),
        "lob": cells.code("lob", "lob"),
        "channel": cells.code("channel", "survey_channel"),
        "callback_outcome": cells.code("callback_outcome", "callback_outcome"),
        "score": parse_decimal(cells.text("score"), 2, 9),
        "attempt_no": parse_integer(cells.text("attempt_no")),
        **{column: cells.moment(column) for column in moments},
    }


def read_survey(cells: Cells, clock: Clock) -> Survey | None:
    """The typed row; None where it breaks a rule (but for its customer and its date)."""
    content = survey_content(cells)
    invited_at, responded_at, recorded_at = (content[c] for c in ("invited_at", "responded_at", "recorded_at"))
    answer_at, asked_at = responded_at or recorded_at or invited_at, invited_at or responded_at or recorded_at
    score, scale, outcome = content["score"], content["scale"], content["callback_outcome"]
    is_readable = cells.text("score") is None or (score is not None and scale is not None)
    if answer_at is None or not is_readable or cells.text("customer_id") is None:
        return None
    if score is not None and not SCALES[scale][0] <= score <= SCALES[scale][1]:
        return None
    if score is not None and outcome not in (None, "connected_answered"):
        return None
    if invited_at is not None and responded_at is not None and responded_at < invited_at:
        return None
    event_at = asked_at if score is None and responded_at is None else answer_at
    texts = ("invitation_id", "survey_id", "customer_id", "txn_id")
    return Survey(
        source_system=cells.system,
        response_id=cells.text("response_id"),
        **{column: content[column] for column in texts},
        **{column: content[column] for column in ("survey_type", "scale", "lob", "channel", "callback_outcome")},
        question_code=cells.text("question_code") or OVERALL,
        score=score,
        invited_at=invited_at,
        responded_at=responded_at,
        recorded_at=recorded_at,
        answer_at=answer_at,
        answer_date=clock.local(answer_at),
        asked_on=clock.local(asked_at),
        event_date=clock.local(event_at),
        known_on=clock.known_on(event_at, recorded_at),
    )
