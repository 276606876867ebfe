"""Points, section 3: events as delivered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.delivery import Delivery, Options
from tests.reference.registers import Customers
from tests.reference.signals.reading import FIRST_EVENT, Cells, Clock, Content, parse_decimal, without_duplicates

REDEEM, CANCEL, ADJUST, TRANSFER, PARTNER = "redeem", "redeem_cancel", "adjust", "transfer", "partner_earn"
TYPES = {REDEEM, CANCEL, ADJUST, TRANSFER, PARTNER}
DIRECTED = {ADJUST, TRANSFER}
DIRECTIONS = {"credit", "debit"}
MOST_POINTS = 1_000_000_000
Key = tuple[str, str]


@dataclass(frozen=True)
class PointsEvent:
    """A change of points that no sale earned."""

    source_system: str
    event_id: str
    customer_id: str
    event_type: str
    points: int
    direction: str | None
    original_event_id: str | None
    event_at: datetime
    event_date: date
    posted_on: date
    is_approved: bool

    @property
    def key(self) -> Key:
        """What identifies it."""
        return self.source_system, self.event_id

    @property
    def is_lot(self) -> bool:
        """Whether it brings points that expire."""
        return self.event_type == PARTNER or self.direction == "credit"

    @property
    def entry_type(self) -> str:
        """What it is called in the ledger."""
        return {PARTNER: "earn", TRANSFER: ADJUST}.get(self.event_type, self.event_type)

    @property
    def change(self) -> int:
        """Points, signed."""
        return self.points if self.is_lot or self.event_type == CANCEL else -self.points


def points_events_at(delivery: Delivery, options: Options, customers: Customers, d: date) -> list[PointsEvent]:
    """The accepted events that are posted by d."""
    rows = [Cells(row, options) for row in delivery.points_events]
    clock = Clock(options)
    read = [read_event(cells, clock, customers.is_accepted) for cells in without_duplicates(rows, "event_id", content)]
    last = d + timedelta(days=1)
    return [e for e in read if e is not None and FIRST_EVENT <= e.event_date <= last and e.posted_on <= d]


def content(cells: Cells) -> Content:
    """What two rows of one event have to share."""
    texts = ("customer_id", "original_event_id", "reason", "approved_by")
    return {
        **{column: cells.text(column) for column in texts},
        **{column: (cells.text(column) or "").lower() or None for column in ("event_type", "direction")},
        **{column: cells.moment(column) for column in ("event_at", "recorded_at")},
        "points": parse_decimal(cells.text("points"), 6, 18),
    }


def read_event(cells: Cells, clock: Clock, is_customer: Callable[[str | None], bool]) -> PointsEvent | None:
    """The typed row; None where it breaks a rule (but for its date) or is hidden by the knowledge cutoff."""
    told = content(cells)
    points, event_at, event_type = told["points"], told["event_at"], told["event_type"]
    is_whole = points is not None and 0 < points <= MOST_POINTS and Fraction(points).denominator == 1
    if not is_whole or event_at is None or event_type not in TYPES or not is_customer(told["customer_id"]):
        return None
    is_directed = event_type in DIRECTED
    posted_on = clock.known_on(event_at, told["recorded_at"])
    if posted_on is None or (is_directed and told["direction"] not in DIRECTIONS):
        return None
    return PointsEvent(
        source_system=cells.system,
        event_id=cells.text("event_id"),
        customer_id=told["customer_id"],
        event_type=event_type,
        points=int(points),
        direction=told["direction"] if is_directed else None,
        original_event_id=told["original_event_id"],
        event_at=event_at,
        event_date=clock.local(event_at),
        posted_on=posted_on,
        is_approved=told["approved_by"] is not None,
    )
