"""Accepted rows of surveys, complaints, their events and interactions, as a review knows them."""

from dataclasses import dataclass
from datetime import date, datetime

from tests.reference.signals.complaint_rows import Complaint, ComplaintEvent, complaint_events_at, complaints_at
from tests.reference.signals.reading import (
    Cells,
    Clock,
    Content,
    is_dated_in_time,
    is_known,
    known_customers,
    parse_decimal,
    without_duplicates,
)
from tests.reference.signals.survey_rows import OVERALL, Survey, surveys_at
from tests.reference.signals.world import World

__all__ = [
    "OVERALL",
    "Complaint",
    "ComplaintEvent",
    "Interaction",
    "Survey",
    "complaint_events_at",
    "complaints_at",
    "interactions_at",
    "surveys_at",
]


@dataclass(frozen=True)
class Interaction:
    """A contact of a known customer that is not a sale; an event type of no code is `unknown`."""

    interaction_id: str
    customer_id: str
    event_type: str
    event_at: datetime
    event_date: date
    known_on: date | None
    channel: str | None
    project_id: str | None
    venue_id: str | None
    value: str | None


def interactions_at(world: World) -> list[Interaction]:
    """The accepted interactions of known customers that are known at d."""
    rows = [Cells(row, world.options) for row in world.delivery.interactions]
    customers, clock = known_customers(world), Clock(world.options)
    read = [read_interaction(c, clock) for c in without_duplicates(rows, "interaction_id", interaction_content)]
    accepted = [i for i in read if i is not None and i.customer_id in customers]
    return [i for i in accepted if is_dated_in_time(i.event_at, world) and is_known(i.known_on, world.d)]


def interaction_content(cells: Cells) -> Content:
    """What two rows of one interaction have to share."""
    texts = ("customer_id", "anonymous_id", "channel", "project_id", "venue_id", "value")
    texts += ("campaign_id", "sales_person_id", "event_type")
    moments = ("event_at", "recorded_at")
    return {column: cells.text(column) for column in texts} | {
        "duration_s": parse_decimal(cells.text("duration_s"), 3, 18),
        **{column: cells.moment(column) for column in moments},
    }


def read_interaction(cells: Cells, clock: Clock) -> Interaction | None:
    """The typed row; None where it breaks a rule (but for its date) or names no customer."""
    content = interaction_content(cells)
    event_at, duration = content["event_at"], content["duration_s"]
    if event_at is None or content["customer_id"] is None or (duration is not None and duration < 0):
        return None
    return Interaction(
        interaction_id=cells.text("interaction_id"),
        **{column: content[column] for column in ("customer_id", "channel", "project_id", "venue_id", "value")},
        event_type=cells.code("event_type", "interaction_type") or "unknown",
        event_at=event_at,
        event_date=clock.local(event_at),
        known_on=clock.known_on(event_at, content["recorded_at"]),
    )
