"""An entry of the ledger, and the order of the entries."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import IntEnum
from fractions import Fraction

REDEEMABLE, QUALIFYING = "redeemable", "qualifying"
TRANSACTIONS, EVENTS = "transactions", "points_events"
MIDNIGHT = datetime(1, 1, 1, tzinfo=UTC)


class Step(IntEnum):
    """What comes first on a day."""

    EXPIRY = 0
    LOT = 1
    DEBIT = 2


@dataclass(frozen=True)
class Entry:
    """One line of a ledger; `points` are signed. `balance_after` is known once it stands in its place."""

    account_id: str
    customer_id: str
    currency: str
    entry_type: str
    source_table: str
    source_system: str
    source_id: str
    points: int
    event_at: datetime
    event_date: date
    posted_on: date
    entry_on: date
    available_on: date | None = None
    expires_on: date | None = None
    lob: str | None = None
    partner_id: str | None = None
    multiplier: Fraction | None = None
    balance_after: int | None = None

    @property
    def place(self) -> tuple:
        """Its place among the entries of its step on its day."""
        return self.event_at, self.source_id, self.source_system, self.source_table, self.entry_type != "earn"

    def standing(self, balance: int) -> "Entry":
        """The entry with the balance after it."""
        return replace(self, balance_after=balance)
