"""Points, section 5: the rows of the marts at the as-of date."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.clocks import in_last_months
from tests.reference.numbers import round_half_away, to_decimal
from tests.reference.points.accounts import Account
from tests.reference.points.entries import Entry
from tests.reference.points.ledger import Ledger
from tests.reference.points.rules import Rules

EXPIRING_DAYS = 90
EARNED = {"earn", "bonus", "reversal"}
REDEEMED = {"redeem", "redeem_cancel"}
Values = dict[str, object]


def day_text(day: date | None) -> str | None:
    """A date as ISO text."""
    return None if day is None else day.isoformat()


def balance_row(ledger: Ledger, qualifying: Iterable[Entry], rules: Rules, d: date) -> Values:
    """The row of points_balances."""
    balance = sum(entry.points for entry in ledger.entries)
    spendable = max(0, balance)
    left = [lot for lot in ledger.purse.lots if lot.remaining]
    next_expiry_on = min((lot.expires_on for lot in left), default=None)
    until = d + timedelta(days=EXPIRING_DAYS)
    program = rules.program(d)
    worth = spendable * Fraction(program["value_per_point"]) * (1 - Fraction(program["breakage"]))

    def total(*entry_types: str) -> int:
        return sum(entry.points for entry in ledger.entries if entry.entry_type in entry_types)

    return {
        "balance": balance,
        "spendable": spendable,
        "pending": sum(entry.points for entry in ledger.pending),
        "debt": max(0, -balance),
        "expiring_90d": sum(lot.remaining for lot in left if lot.expires_on <= until),
        "next_expiry_on": day_text(next_expiry_on),
        "next_expiry_points": sum(lot.remaining for lot in left if lot.expires_on == next_expiry_on),
        "lifetime_earned": total(*EARNED) + sum(entry.points for entry in ledger.pending),
        "lifetime_redeemed": -total(*REDEEMED),
        "lifetime_expired": -total("expire"),
        "lifetime_forfeited": -total("forfeit"),
        "qualifying_12m": sum(entry.points for entry in qualifying if in_last_months(entry.event_date, d, 12)),
        "liability": to_decimal(round_half_away(worth * 100), 2),
    }


def lot_rows(account: Account, ledger: Ledger) -> list[Values]:
    """The rows of points_lots."""
    return [
        {
            "account_id": account.account_id,
            "points": lot.points,
            "remaining_points": lot.remaining,
            "available_on": day_text(lot.entry.available_on),
            "expires_on": day_text(lot.expires_on),
        }
        for lot in ledger.purse.lots
        if lot.remaining
    ]


def ledger_rows(entries: Iterable[Entry]) -> list[Values]:
    """The rows of points_ledger, without ids; what nobody delivered has no source."""
    return [
        {
            "account_id": entry.account_id,
            "customer_id": entry.customer_id,
            "currency": entry.currency,
            "entry_type": entry.entry_type,
            "lob": entry.lob,
            "points": entry.points,
            "posted_on": day_text(entry.posted_on),
            "event_date": day_text(entry.event_date),
            "entry_on": day_text(entry.entry_on),
            "multiplier": entry.multiplier,
            "balance_after": entry.balance_after,
        }
        for entry in entries
    ]
