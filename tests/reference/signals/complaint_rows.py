"""Accepted complaints, suggestions, praise and inquiries and their events, as a review knows them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from tests.reference.signals.reading import (
    Cells,
    Clock,
    Content,
    is_dated_in_time,
    is_known,
    known_customers,
    last_versions,
    parse_flag,
    parse_integer,
    without_duplicates,
)
from tests.reference.signals.world import World
from tests.reference.text import parse_money

RATINGS = range(1, 6)


@dataclass(frozen=True)
class Complaint:
    """A complaint, suggestion, praise or inquiry, repaired; `severity` of complaints only."""

    source_system: str
    complaint_id: str
    customer_id: str
    feedback_type: str
    category: str | None
    lob: str | None
    severity: str | None
    status: str | None
    incident_id: str | None
    closure_rating: int | None
    is_adopted: bool | None
    created_at: datetime
    first_response_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    recorded_at: datetime | None
    created_on: date
    known_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the case."""
        return self.source_system, self.complaint_id

    @property
    def incident(self) -> tuple[str, str | None]:
        """What identifies its incident."""
        return self.source_system, self.incident_id


@dataclass(frozen=True)
class ComplaintEvent:
    """A change of status of a case."""

    source_system: str
    complaint_id: str
    to_status: str
    event_at: datetime
    known_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """The case it belongs to."""
        return self.source_system, self.complaint_id


def complaints_at(world: World) -> list[Complaint]:
    """The accepted cases known at d, of graded customers and others; inquiries too."""
    rows = [Cells(row, world.options) for row in world.delivery.complaints]
    customers, clock = known_customers(world), Clock(world.options)
    read = [
        read_complaint(cells, clock)
        for cells in without_duplicates(rows, "complaint_id", complaint_content, has_versions=True)
    ]
    accepted = [c for c in read if c is not None and c.customer_id in customers]
    known = [c for c in accepted if is_dated_in_time(c.created_at, world) and is_known(c.known_on, world.d)]
    return last_versions(known, lambda case: case.key)


def complaint_content(cells: Cells) -> Content:
    """What two rows of one case have to share."""
    texts = ("customer_id", "category", "sub_category", "channel", "incident_id")
    moments = ("created_at", "first_response_at", "resolved_at", "closed_at", "recorded_at")
    return {column: cells.text(column) for column in texts} | {
        "feedback_type": cells.code("feedback_type", "feedback_type"),
        "lob": cells.code("lob", "lob"),
        "severity": cells.code("severity", "severity"),
        "status": cells.code("status", "complaint_status"),
        "closure_rating": parse_integer(cells.text("closure_rating")),
        "compensation_amount": parse_money(cells.text("compensation_amount")),
        "adopted": parse_flag(cells.text("adopted")),
        **{column: cells.moment(column) for column in moments},
    }


def read_complaint(cells: Cells, clock: Clock) -> Complaint | None:
    """The typed and repaired row; None where it breaks a rule (but for its customer and its date)."""
    content = complaint_content(cells)
    created_at, resolved_at, closed_at = (content[c] for c in ("created_at", "resolved_at", "closed_at"))
    is_unknown_type = content["feedback_type"] is None and cells.text("feedback_type") is not None
    if created_at is None or is_unknown_type or cells.text("customer_id") is None:
        return None
    if resolved_at is not None and clock.local(resolved_at) < clock.local(created_at):
        return None
    kind = content["feedback_type"] or "complaint"
    same = ("customer_id", "category", "lob", "status", "incident_id")
    same += ("created_at", "first_response_at", "closed_at", "recorded_at")
    return Complaint(
        source_system=cells.system,
        complaint_id=cells.text("complaint_id"),
        **{column: content[column] for column in same},
        closure_rating=content["closure_rating"] if content["closure_rating"] in RATINGS else None,
        feedback_type=kind,
        severity=(content["severity"] or "minor") if kind == "complaint" else None,
        is_adopted=content["adopted"],
        resolved_at=resolved_at or closed_at if content["status"] == "closed" else resolved_at,
        created_on=clock.local(created_at),
        known_on=clock.known_on(created_at, content["recorded_at"]),
    )


def complaint_events_at(world: World) -> list[ComplaintEvent]:
    """The accepted events of cases known at d that are known themselves; the same change told twice is one."""
    clock, cases = Clock(world.options), {case.key for case in complaints_at(world)}
    found = {}
    for row in world.delivery.complaint_events:
        cells = Cells(row, world.options)
        complaint_id, event_at = cells.text("complaint_id"), cells.moment("event_at")
        to_status = cells.code("to_status", "complaint_status")
        if (cells.system, complaint_id) not in cases or event_at is None or to_status is None:
            continue
        day = clock.known_on(event_at, cells.moment("recorded_at"))
        if is_dated_in_time(event_at, world) and is_known(day, world.d):
            event = ComplaintEvent(cells.system, complaint_id, to_status, event_at, day)
            found[replace(event, known_on=None)] = event
    return list(found.values())
