"""Points, section 4: one account, day by day, with a list of lots of which the oldest is spent first."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.reference.clocks import add_months
from tests.reference.points.accounts import Account
from tests.reference.points.entries import EVENTS, MIDNIGHT, REDEEMABLE, Entry
from tests.reference.points.events import ADJUST, CANCEL, REDEEM, TRANSFER, Key, PointsEvent
from tests.reference.points.rules import PROGRAM, Rules
from tests.reference.points.sales import Grant

ACCEPTED, NOT_MEMBER, NOT_APPROVED = "accepted", "not_member", "adjust_not_approved"
ORIGINAL_MISSING, EXCEEDS, OVERDRAFT = "original_missing", "cancel_exceeds_redeem", "overdraft"


def end_of_quarter(day: date) -> date:
    """Its last day."""
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year, month, 31 if month in (3, 12) else 30)


def expires_on(available_on: date, rules: Rules) -> date:
    """The last day of the quarter in which the validity ends; not before a lot of any earlier day."""
    last_days = [first - timedelta(days=1) for first in rules.first_days(PROGRAM) if first <= available_on]
    validities = {day: rules.validity_months(day) for day in (available_on, *last_days)}
    return max(end_of_quarter(add_months(day, months)) for day, months in validities.items() if months is not None)


@dataclass
class Lot:
    """Points that came together: how many there were, how many were spent; an expired lot has none."""

    entry: Entry
    points: int
    expires_on: date
    spent: int = 0
    is_expired: bool = False

    @property
    def remaining(self) -> int:
        """What is left."""
        return 0 if self.is_expired else self.points - self.spent


@dataclass
class Purse:
    """The lots in the order in which they came, and what is owed beyond them."""

    lots: list[Lot] = field(default_factory=list)
    debt: int = 0

    @property
    def balance(self) -> int:
        """All that is left, less the debt."""
        return sum(lot.remaining for lot in self.lots) - self.debt

    def put(self, lot: Lot) -> None:
        """A new lot pays the debt first."""
        lot.spent = min(lot.points, self.debt)
        self.debt -= lot.spent
        self.lots.append(lot)

    def spend(self, points: int) -> None:
        """The oldest lot first; what no lot has is debt."""
        for lot in self.lots:
            taken = min(points, lot.remaining)
            lot.spent += taken
            points -= taken
        self.debt += points

    def give_back(self, points: int) -> int:
        """The debt first, then the lot spent last; gives what would go to lots that have expired."""
        paid = min(points, self.debt)
        self.debt -= paid
        points -= paid
        for lot in reversed(self.lots):
            if points == 0 or lot.is_expired:
                break
            restored = min(points, lot.spent)
            lot.spent -= restored
            points -= restored
        return points


class Ledger:
    """The redeemable entries of one account up to the as-of date."""

    def __init__(self, account: Account, grants: list[Grant], events: list[PointsEvent], rules: Rules, d: date) -> None:
        """`entries`, `purse` and `statuses` (by event) are ready after this."""
        self._account, self._rules, self._d = account, rules, d
        self.entries: list[Entry] = []
        self.pending: list[Entry] = []
        self.purse = Purse()
        self.statuses: dict[Key, str] = {}
        self._redeemed: dict[Key, int] = {}
        self._lots: dict[date, list[tuple[Entry, list[Entry]]]] = defaultdict(list)
        self._debits: dict[date, list[tuple[Entry, PointsEvent | None]]] = defaultdict(list)
        for grant in grants:
            self._take_in(grant)
        for event in events:
            self._judge_or_take_in(event)
        self._walk()

    def _take_in(self, grant: Grant) -> None:
        lot = grant.entry
        netted = [reversal for reversal in grant.reversals if reversal.entry_on == lot.entry_on]
        if lot.entry_on > self._d:
            self.pending += [lot, *netted]
            return
        self._lots[lot.entry_on].append((lot, netted))
        for reversal in grant.reversals:
            if reversal.entry_on > lot.entry_on:
                self._debits[reversal.entry_on].append((reversal, None))

    def _judge_or_take_in(self, event: PointsEvent) -> None:
        """Events that are refused whatever the balance is, and the place of all others."""
        limit = int(self._rules.program(event.event_date)["adjust_limit"])
        if event.event_date < self._account.since or self._account.is_closed(event.posted_on):
            self.statuses[event.key] = NOT_MEMBER
        elif event.event_type == ADJUST and event.points > limit and not event.is_approved:
            self.statuses[event.key] = NOT_APPROVED
        else:
            entry = self._of_event(event)
            if event.is_lot:
                self.statuses[event.key] = ACCEPTED
                self._lots[event.posted_on].append((entry, []))
            else:
                self._debits[event.posted_on].append((entry, event))

    def _of_event(self, event: PointsEvent) -> Entry:
        return Entry(
            account_id=self._account.account_id,
            customer_id=event.customer_id,
            currency=REDEEMABLE,
            entry_type=event.entry_type,
            source_table=EVENTS,
            source_system=event.source_system,
            source_id=event.event_id,
            points=event.change,
            event_at=event.event_at,
            event_date=event.event_date,
            posted_on=event.posted_on,
            entry_on=event.posted_on,
            available_on=event.posted_on,
        )

    def _walk(self) -> None:
        """One day after the other; only days on which something is due are looked at."""
        due = {day for day in (*self._lots, *self._debits) if day <= self._d}
        due |= {expires_on(day, self._rules) for day in self._lots}
        due |= {span.first for span in self._account.closed} | {link.merged_on for link in self._account.links}
        for day in sorted(day for day in due if day <= self._d):
            self._expire(day)
            for lot, netted in sorted(self._lots[day], key=lambda pair: pair[0].place):
                self._put(lot, netted)
            for entry, event in sorted(self._debits[day], key=lambda pair: pair[0].place):
                self._debit(entry, event)
            if any(span.holds(day) for span in self._account.closed):
                self._forfeit(day)
            self._note_merges(day)

    def _note(self, entry: Entry) -> None:
        self.entries.append(entry.standing(self.purse.balance))

    def _expire(self, day: date) -> None:
        left = 0
        for lot in self.purse.lots:
            if not lot.is_expired and lot.expires_on == day:
                left += lot.remaining
                lot.is_expired = True
        if left:
            self._note(self._made("expire", -left, day))

    def _put(self, lot: Entry, netted: list[Entry]) -> None:
        expiry = expires_on(lot.available_on, self._rules)
        points = lot.points + sum(reversal.points for reversal in netted)
        if points > 0:
            self.purse.put(Lot(lot, points, expiry))
        for entry in (lot, *netted):
            self._note(entry)

    def _debit(self, entry: Entry, event: PointsEvent | None) -> None:
        if event is not None:
            status = self._judge(event)
            self.statuses[event.key] = status
            if status != ACCEPTED:
                return
        if entry.points < 0:
            self.purse.spend(-entry.points)
            self._note(entry)
            return
        lost = self.purse.give_back(entry.points)
        self._note(entry)
        if lost:
            self._note(self._made("expire", -lost, entry.entry_on))

    def _judge(self, event: PointsEvent) -> str:
        """Whether a debit, or what it gives back, is accepted where it stands."""
        if event.event_type == CANCEL:
            original = (event.source_system, event.original_event_id)
            if original not in self._redeemed:
                return ORIGINAL_MISSING
            if event.points > self._redeemed[original]:
                return EXCEEDS
            self._redeemed[original] -= event.points
        elif event.event_type in (REDEEM, TRANSFER):
            if event.points > max(0, self.purse.balance):
                return OVERDRAFT
            if event.event_type == REDEEM:
                self._redeemed[event.key] = event.points
        return ACCEPTED

    def _forfeit(self, day: date) -> None:
        left = self.purse.balance
        if left > 0:
            self.purse.spend(left)
            self._note(self._made("forfeit", -left, day))

    def _made(self, entry_type: str, points: int, day: date, customer_id: str = "") -> Entry:
        """An entry that nobody delivered."""
        return Entry(
            account_id=self._account.account_id,
            customer_id=customer_id or self._account.account_id,
            currency=REDEEMABLE,
            entry_type=entry_type,
            source_table="",
            source_system="",
            source_id="",
            points=points,
            event_at=MIDNIGHT,
            event_date=day,
            posted_on=day,
            entry_on=day,
        )

    def _note_merges(self, day: date) -> None:
        """Pairs that move what somebody has to whom it is merged into; they change nothing."""
        for link in self._account.links:
            if link.merged_on == day:
                merged = self._merged_into(link.from_id, day)
                left = sum(lot.remaining for lot in self.purse.lots if lot.entry.customer_id in merged)
                if left:
                    self._note(self._made("merge_out", -left, day, link.from_id))
                    self._note(self._made("merge_in", left, day, link.to_id))

    def _merged_into(self, customer_id: str, day: date) -> set[str]:
        """Somebody and everybody merged into it by a day."""
        found = {customer_id}
        while more := {
            link.from_id
            for link in self._account.links
            if link.to_id in found and link.merged_on <= day and link.from_id not in found
        }:
            found |= more
        return found
