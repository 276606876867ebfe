"""Section 2: what a review knows of a praise, suggestion or complaint: its steps, state and delays."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.reference.signals.complaint_rows import Complaint, ComplaintEvent, complaint_events_at, complaints_at
from tests.reference.signals.reading import Clock
from tests.reference.signals.weights import rounded
from tests.reference.signals.world import World

COMPLAINT, SUGGESTION, PRAISE, INQUIRY = "complaint", "suggestion", "praise", "inquiry"
VOID = {"withdrawn", "unfounded"}
DONE = {"resolved", "closed"} | VOID
UNDONE = {"open", "in_progress", "pending_customer"}
STATUS_ORDER = ("open", "in_progress", "pending_customer", "resolved", "closed", "withdrawn", "unfounded")
SECONDS_PER_HOUR = 3600
Step = tuple[datetime, bool, str]
"""Moment, whether the row opens the case again (the last step of its moment), status."""


def end_of_day(d: date, zone: str) -> datetime:
    """The midnight at the end of a day."""
    return datetime.combine(d + timedelta(days=1), time(0), ZoneInfo(zone)).astimezone(UTC)


def seconds_between(first: datetime, last: datetime) -> int:
    """Whole seconds; each moment is cut to its second."""
    return int((last.replace(microsecond=0) - first.replace(microsecond=0)).total_seconds())


def row_steps(case: Complaint) -> list[Step]:
    """The steps that the row of a case tells."""
    steps = [(case.created_at, False, "open")]
    if case.resolved_at is not None:
        steps.append((case.resolved_at, False, "resolved"))
    if case.status in VOID:
        steps.append((case.closed_at or case.resolved_at or case.created_at, False, case.status))
    elif case.closed_at is not None:
        steps.append((case.closed_at, False, "closed"))
    elif case.status in ("resolved", "closed") and case.resolved_at is None:
        steps.append((case.recorded_at or case.created_at, False, "resolved"))
    if case.status in UNDONE and (case.resolved_at or case.closed_at):
        ends = (case.recorded_at, case.resolved_at, case.closed_at)
        steps.append((max(moment for moment in ends if moment is not None), True, case.status))
    return steps


def steps_at(case: Complaint, events: Iterable[ComplaintEvent], clock: Clock, d: date) -> list[Step]:
    """The steps of a case that count at d, in their order."""
    told = [(event.event_at, False, event.to_status) for event in events] + row_steps(case)
    steps = {(max(moment, case.created_at), *rest) for moment, *rest in told}
    seen = [step for step in steps if clock.local(step[0]) <= d]
    return sorted(seen, key=lambda step: (step[0], step[1], STATUS_ORDER.index(step[2])))


@dataclass(frozen=True)
class CaseState:
    """A case at d. `end` is the end of the day d."""

    case: Complaint
    steps: list[Step]
    clock: Clock
    d: date
    end: datetime

    @cached_property
    def status(self) -> str:
        """The status of the last step."""
        return self.steps[-1][2]

    @property
    def is_void(self) -> bool:
        """Withdrawn or unfounded."""
        return self.status in VOID

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in DONE

    @cached_property
    def resolved_at(self) -> datetime | None:
        """The first moment of the run of done steps that lasts at d."""
        first = None
        for moment, _, status in reversed(self.steps):
            if status not in DONE:
                break
            first = moment
        return first

    @property
    def reopened_count(self) -> int:
        """How often a step that is not done follows a done one."""
        statuses = [status for *_, status in self.steps]
        return sum(1 for before, after in pairwise(statuses) if before in DONE and after not in DONE)

    @cached_property
    def resolution_seconds(self) -> int:
        """Seconds from the creation to the resolution or the end of d; waiting for the customer does not count."""
        created_at = self.case.created_at
        moments = [moment for moment, *_ in self.steps] + [self.end]
        waits = [
            seconds_between(moment, following)
            for (*_, status), (moment, following) in zip(self.steps, pairwise(moments), strict=True)
            if status == "pending_customer"
        ]
        return seconds_between(created_at, self.resolved_at or self.end) - sum(waits)

    @property
    def resolution_hours(self) -> Fraction:
        """The same in hours, 2 decimals."""
        return rounded(Fraction(self.resolution_seconds, SECONDS_PER_HOUR), 2)

    @property
    def answer_seconds(self) -> int:
        """Seconds from the creation to the first response, else the resolution, else the end of d."""
        first = self.case.first_response_at
        answered_at = first if first is not None and self.clock.local(first) <= self.d else self.resolved_at
        return seconds_between(self.case.created_at, answered_at or self.end)

    def misses(self, limits: dict[str, Fraction]) -> bool:
        """Whether the first response or the resolution took longer than allowed."""
        return (
            self.answer_seconds > limits["first_response_hours"] * SECONDS_PER_HOUR
            or self.resolution_seconds > limits["resolution_hours"] * SECONDS_PER_HOUR
        )

    @property
    def is_adopted(self) -> bool:
        """Whether a suggestion was taken up by d."""
        case = self.case
        since = case.closed_at or case.resolved_at or case.created_at
        return case.feedback_type == SUGGESTION and case.is_adopted is True and self.clock.local(since) <= self.d

    @property
    def rating(self) -> int | None:
        """The closing rating, once there is one."""
        since = self.case.closed_at or self.case.resolved_at or self.resolved_at
        return self.case.closure_rating if since is not None and self.clock.local(since) <= self.d else None


def states_at(world: World) -> list[CaseState]:
    """All cases known at d but inquiries."""
    clock, events = Clock(world.options), defaultdict(list)
    for event in complaint_events_at(world):
        events[event.key].append(event)
    end = end_of_day(world.d, world.options.business_tz)
    return [
        CaseState(case, steps_at(case, events[case.key], clock, world.d), clock, world.d, end)
        for case in complaints_at(world)
        if case.feedback_type != INQUIRY
    ]
