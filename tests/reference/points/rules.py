"""The policy of points and cards: rows in force, remembered by day, and how their cells are read."""

from datetime import date
from fractions import Fraction

from tests.reference.policy import Line, Policy

PROGRAM, RATES, PARTNERS = "policy_points_program", "policy_points_rates", "policy_points_partners"
CARDS = "policy_card_tiers"
ANY_CATEGORY = "*"
PolicyRow = dict[str, str]


class Rules(Policy):
    """A policy that remembers what it has said of a day."""

    def __init__(self, policy: Policy) -> None:
        """Nothing is asked yet."""
        self._asked = policy
        self._told: dict[tuple[str, date], list[PolicyRow]] = {}
        self._lines: dict[date, dict[str, Line]] = {}

    def _rows(self, table: str) -> list[PolicyRow]:
        return self._asked._rows(table)

    def _in_force(self, table: str, on: date) -> list[PolicyRow]:
        if (table, on) not in self._told:
            self._told[table, on] = self._asked._in_force(table, on)
        return self._told[table, on]

    def lobs(self, on: date) -> dict[str, Line]:
        """Lines of business by name."""
        if on not in self._lines:
            self._lines[on] = self._asked.lobs(on)
        return self._lines[on]

    def first_days(self, table: str) -> set[date]:
        """The first days of all rows of the scenario."""
        rows = [row for row in self._rows(table) if row["scenario_id"] == self._asked._scenario_id]
        return {date.fromisoformat(row["effective_from"]) for row in rows}

    def program(self, on: date) -> PolicyRow:
        """The row of the points program."""
        return self.rows(PROGRAM, on)[0]

    def backfill_days(self, on: date) -> int:
        """How long before membership a sale may be to count."""
        return int(self.program(on)["backfill_days"])

    def validity_months(self, on: date) -> int | None:
        """How long lots of a day last; None where no policy was in force."""
        rows = self.rows(PROGRAM, on)
        return int(rows[0]["validity_months"]) if rows else None

    def rate(self, lob: str, category: str | None, on: date) -> PolicyRow | None:
        """What a line and category earn: the row of the category, else that of the whole line."""
        own = {row["category"]: row for row in self.rows(RATES, on) if row["lob"] == lob}
        return own.get(category or ANY_CATEGORY, own.get(ANY_CATEGORY))

    def partner_multiplier(self, partner_id: str | None, on: date) -> Fraction:
        """The multiplier of a partner; 1 where there is none."""
        told = [row["points_multiplier"] for row in self.rows(PARTNERS, on) if row["partner_id"] == partner_id]
        return Fraction(told[0]) if told else Fraction(1)

    def card_multiplier(self, rank: int, on: date) -> Fraction:
        """The multiplier of a card; 1 where there is none."""
        told = [row["points_multiplier"] for row in self.rows(CARDS, on) if int(row["card_rank"]) == rank]
        return Fraction(told[0]) if told else Fraction(1)


def capped(points: int, cap: str) -> int:
    """At most the cap; an empty one is none."""
    return min(points, int(Fraction(cap))) if cap else points


def floored(amount: Fraction) -> int:
    """Whole points; an amount is never negative here."""
    return amount.numerator // amount.denominator
