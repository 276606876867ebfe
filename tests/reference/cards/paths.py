"""Cards, section 2: the paths of an account and of everybody merged into it."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta

from tests.reference.cards.ladder import ENTRY, FLOORS, MAINTAIN, RULES, Ladder
from tests.reference.cards.machine import Cause, Machine, Period, State, end_of_month, walked
from tests.reference.cards.metrics import PROGRAM, Facts, Meter, Metrics
from tests.reference.cards.overrides import CardJudge, CardOverride, shown_rank
from tests.reference.points.accounts import Account
from tests.reference.points.rules import CARDS, Rules
from tests.reference.points.sales import refunds_of

POLICY_TABLES = (PROGRAM, CARDS, RULES, FLOORS)


class Path:
    """The card of one member; of the account, with everybody merged into it, where it is the end of the chain."""

    def __init__(
        self,
        account: Account,
        customer_id: str,
        meter: Meter,
        facts: Mapping[str, Facts],
        overrides: Mapping[str, list[CardOverride]],
        ladder: Ladder,
        rules: Rules,
        d: date,
    ) -> None:
        """`periods` are ready after this."""
        self.account_id, self.first = account.account_id, account.paths[customer_id]
        self._account, self._customer_id = account, customer_id
        self._is_end = customer_id == account.account_id
        self._group = account.customers if self._is_end else [customer_id]
        self._meter, self._facts, self._rules, self._d = meter, facts, rules, d
        self.ladder = ladder
        self._overrides, self._judge = overrides, CardJudge(rules)
        self._others = {
            other: Path(account, other, meter, facts, overrides, ladder, rules, d)
            for other in (sorted(account.paths) if self._is_end else ())
            if other != customer_id
        }
        self._ranks: dict[date, int] = {}
        self.periods: list[Period] = walked(Machine(self.ladder, self), self._days(), self._shown)
        self._starts = [period.valid_from for period in self.periods]

    def period_at(self, t: date) -> Period | None:
        """What is held at the end of a day; None before the first."""
        place = bisect_right(self._starts, t)
        return self.periods[place - 1] if place else None

    def shown_to(self, customer_id: str, t: date) -> int:
        """The card that a customer of the account showed at the end of a day; regular before there was one."""
        path: Path | None = self
        if customer_id != self._customer_id and t < self._account.joined[customer_id]:
            path = self._others.get(customer_id)
        period = path.period_at(t) if path is not None else None
        return period.shown_rank if period is not None else 0

    def members(self, t: date) -> list[str]:
        """Whose facts count on a day."""
        return self._account.merged_by(t) if self._is_end else [self._customer_id]

    def since(self, t: date) -> date:
        """The earliest member_since of those who count on a day."""
        return min(self._account.paths[c] for c in self.members(t) if c in self._account.paths)

    def metrics(self, t: date) -> Metrics:
        """What is measured on a day."""
        return self._meter.metrics(self.members(t), self.since(t), t)

    def entry_rank(self, t: date) -> int:
        """The rank that entry rules give."""
        return self.ladder.rank(self.metrics(t), ENTRY, t)

    def keep_rank(self, t: date, rows_of: date) -> int:
        """The rank that the maintain rules of a day give to what is measured at t."""
        return self.ladder.rank(self.metrics(t), MAINTAIN, rows_of)

    def cause(self, t: date) -> Cause | None:
        """The sale known or posted on a day, the last by the moment it happened."""
        own = [self._facts[c] for c in self.members(t) if c in self._facts]
        sales = [sale.transaction for facts in own for sale in facts.sales if sale.transaction.known_on == t]
        sales += [sale.transaction for facts in own for sale, day in facts.posted if day == t]
        if not sales:
            return None
        last = max(sales, key=lambda sale: (sale.event_at, sale.txn_id, sale.source_system))
        return Cause(last.source_system, last.txn_id, last.event_date)

    def is_refunded(self, cause: Cause, t: date) -> bool:
        """Whether a refund of the sale became known on a day."""
        sales = [sale for c in self.members(t) if c in self._facts for sale in self._facts[c].sales]
        own = [sale for sale in sales if sale.transaction.key == (cause.source_system, cause.txn_id)]
        return any(refund.known_on == t for sale in own for refund in refunds_of(sale))

    def arrivals(self, t: date) -> list[State]:
        """The states of those who are merged into this one on a day, by customer."""
        periods = [path.period_at(t) for other, path in self._others.items() if self._account.joined[other] == t]
        return [period.state for period in periods if period is not None]

    def _shown(self, t: date, computed: int) -> tuple[int, object, str | None]:
        """The rank shown, with the override applied."""
        self._ranks[t] = computed
        versions = [version for c in self.members(t) for version in self._overrides.get(c, ())]
        ranks = self.ladder.ranks(t)
        override = self._judge.applied(versions, ranks, self._computed_on, t)
        rank = shown_rank(override, computed, ranks, self._computed_on)
        return (rank, None, None) if override is None else (rank, override.key, override.override_id)

    def _computed_on(self, day: date) -> int | None:
        """The computed rank at the end of a day that has been walked; None before the first."""
        known = [walked_day for walked_day in self._ranks if walked_day <= day]
        return self._ranks[max(known)] if known else None

    def _days(self) -> list[date]:
        """The days on which something may happen, up to the as-of date (and to the merge of somebody else)."""
        last = self._d if self._is_end else self._account.joined[self._customer_id]
        happened = {self._seen(c, day) for c in self._group if c in self._facts for day in self._facts[c].days()}
        days = {self.first} | happened
        if happened:
            for month_end in month_ends(min(happened), last):
                days |= {month_end, month_end + self._grace(month_end)}
        days |= set(self._account.joined.values()) if self._is_end else set()
        days |= {day for table in POLICY_TABLES for day in self._rules.first_days(table)}
        days |= {day for c in self._group for version in self._overrides.get(c, ()) for day in version.days}
        return sorted(day for day in days if self.first <= day <= last)

    def _seen(self, customer_id: str, day: date) -> date:
        """The day on which this path sees what became known of a customer: not before the merge."""
        return day if customer_id == self._customer_id else max(day, self._account.joined[customer_id])

    def _grace(self, day: date) -> timedelta:
        return timedelta(days=int(self.ladder.program(day)["grace_days"]))


def month_ends(first: date, last: date) -> list[date]:
    """The month ends after a day, up to another."""
    days = [end_of_month(first, 0)]
    while days[-1] < last:
        days.append(end_of_month(days[-1], 1))
    return [day for day in days if first < day <= last]
