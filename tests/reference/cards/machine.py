"""Cards, section 2: a card walked from day to day."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol

from tests.reference.cards.ladder import Ladder
from tests.reference.clocks import add_months

INITIAL, REFUND_REVERSAL, MERGE_RESOLUTION = "INITIAL", "REFUND_REVERSAL", "MERGE_RESOLUTION"
UPGRADE, LATE_EVENT = "UPGRADE", "LATE_EVENT"
REQUALIFIED, GRANDFATHERED, GRACE = "REQUALIFIED", "GRANDFATHERED", "GRACE"
REQUALIFIED_IN_GRACE, DOWNGRADE = "REQUALIFIED_IN_GRACE", "DOWNGRADE"
OVERRIDE_BEGIN, OVERRIDE_END = "OVERRIDE_BEGIN", "OVERRIDE_END"
RANK_CHANGES = {REFUND_REVERSAL, MERGE_RESOLUTION, UPGRADE, LATE_EVENT, DOWNGRADE}


@dataclass(frozen=True)
class Cause:
    """The sale that raised a card."""

    source_system: str
    txn_id: str
    event_date: date


@dataclass(frozen=True)
class Upgrade:
    """How a rank was reached, and what it was before."""

    cause: Cause
    day: date
    rank_before: int
    valid_to_before: date | None
    granted_before: date | None


@dataclass(frozen=True)
class State:
    """What is held: `granted_on` is the day on which it was last gained or renewed, `renewals` counts by rank."""

    rank: int = 0
    valid_to: date | None = None
    grace_until: date | None = None
    upgrade: Upgrade | None = None
    granted_on: date | None = None
    renewals: dict[int, int] = field(default_factory=dict)
    floor_rank: int | None = None

    @property
    def in_grace(self) -> bool:
        """Whether the validity is over and the card is not."""
        return self.grace_until is not None


class View(Protocol):
    """What a card looks at."""

    def entry_rank(self, t: date) -> int:
        """The rank that entry rules give."""

    def keep_rank(self, t: date, rows_of: date) -> int:
        """The rank that the maintain rules of a day give to what is measured at t."""

    def cause(self, t: date) -> Cause | None:
        """The sale known or posted last on a day."""

    def is_refunded(self, cause: Cause, t: date) -> bool:
        """Whether a refund of the sale became known on a day."""

    def arrivals(self, t: date) -> list[State]:
        """The states of those who are merged into this one on a day."""


def end_of_month(day: date, months: int) -> date:
    """The last day of the month so many months on."""
    later = add_months(day, months)
    return add_months(later.replace(day=1), 1) - timedelta(days=1)


class Machine:
    """Steps of one day, in their order. `events` are the reasons of what happened since the day began."""

    def __init__(self, ladder: Ladder, view: View) -> None:
        """A regular card."""
        self._ladder, self._view = ladder, view
        self.state = State()
        self.events: list[str] = []

    def live(self, t: date, *, is_first: bool) -> None:
        """What happens on a day, but for overrides."""
        self.events = [INITIAL] if is_first else []
        self._refund(t)
        self._merge(t)
        self._upgrade(t)
        self._end_of_validity(t)
        self._grace(t)

    def _set(self, reason: str, **changes: object) -> None:
        """Change the state; a rank that is not held begins its count anew."""
        state = replace(self.state, **changes)
        renewals = {rank: count for rank, count in state.renewals.items() if rank <= state.rank}
        self.state = replace(state, renewals=renewals)
        self.events.append(reason)

    def _valid_from(self, day: date, t: date) -> date:
        """The end of a validity that begins on a day, by the program of t."""
        return end_of_month(day, int(self._ladder.program(t)["valid_months"]))

    def _refund(self, t: date) -> None:
        state, upgrade = self.state, self.state.upgrade
        if upgrade is None or upgrade.day >= t or t > state.valid_to or not self._view.is_refunded(upgrade.cause, t):
            return
        entry = self._view.entry_rank(t)
        rank = max(upgrade.rank_before, entry, state.floor_rank or 0)
        if entry >= state.rank or rank >= state.rank:
            return
        if rank == 0:
            valid_to, granted_on = None, None
        elif upgrade.valid_to_before is not None and upgrade.valid_to_before >= t:
            valid_to, granted_on = upgrade.valid_to_before, upgrade.granted_before
        else:
            valid_to, granted_on = self._valid_from(t, t), t
        changes = {"rank": rank, "valid_to": valid_to, "granted_on": granted_on, "grace_until": None, "upgrade": None}
        self._set(REFUND_REVERSAL, **changes)

    def _merge(self, t: date) -> None:
        for other in self._view.arrivals(t):
            state = self.state
            is_higher = other.rank > state.rank
            is_longer = other.rank == state.rank > 0 and other.valid_to > state.valid_to
            if is_higher or is_longer:
                ranks = {*state.renewals, *other.renewals}
                self._set(
                    MERGE_RESOLUTION,
                    rank=other.rank,
                    valid_to=other.valid_to,
                    grace_until=other.grace_until,
                    granted_on=other.granted_on,
                    upgrade=None if is_higher else state.upgrade,
                    renewals={r: max(state.renewals.get(r, 0), other.renewals.get(r, 0)) for r in ranks},
                    floor_rank=max((f for f in (state.floor_rank, other.floor_rank) if f is not None), default=None),
                )

    def _upgrade(self, t: date) -> None:
        state, entry = self.state, self._view.entry_rank(t)
        if entry <= state.rank:
            return
        is_multi = self._ladder.program(t)["allow_multi_level_up"] == "true"
        cause = self._view.cause(t)
        is_late = cause is not None and t > cause.event_date + timedelta(days=1)
        self._set(
            LATE_EVENT if is_late else UPGRADE,
            rank=entry if is_multi else state.rank + 1,
            valid_to=self._valid_from(t, t),
            grace_until=None,
            granted_on=t,
            upgrade=None if cause is None else Upgrade(cause, t, state.rank, state.valid_to, state.granted_on),
        )

    def _keeps(self, t: date) -> str | None:
        """Why the rank is kept: by the rows in force, or by those of when it was granted; None: it is not."""
        state = self.state
        if max(self._view.keep_rank(t, t), state.floor_rank or 0) >= state.rank:
            return REQUALIFIED
        is_grandfathered = self._ladder.program(t)["grandfathered"] == "true"
        if is_grandfathered and self._view.keep_rank(t, state.granted_on) >= state.rank:
            return GRANDFATHERED
        return None

    def _end_of_validity(self, t: date) -> None:
        state = self.state
        if state.rank == 0 or state.in_grace or state.valid_to != t:
            return
        kept = self._keeps(t)
        days = int(self._ladder.program(t)["grace_days"])
        if kept is not None:
            self._renew(kept, t)
        elif days == 0:
            self._downgrade(t)
        else:
            self._set(GRACE, grace_until=t + timedelta(days=days))

    def _grace(self, t: date) -> None:
        if not self.state.in_grace:
            return
        if self._keeps(t) is not None:
            self._renew(REQUALIFIED_IN_GRACE, t)
        elif t >= self.state.grace_until:
            self._downgrade(t)

    def _renew(self, reason: str, t: date) -> None:
        state = self.state
        renewals = {rank: state.renewals.get(rank, 0) + 1 for rank in range(1, state.rank + 1)}
        floors = [floor for since, years, floor in self._ladder.floors(t) if renewals.get(since, 0) >= years]
        reached = [floor for floor in (state.floor_rank, *floors) if floor is not None]
        self._set(
            reason,
            valid_to=self._valid_from(state.valid_to, t),
            grace_until=None,
            granted_on=t,
            upgrade=None,
            renewals=renewals,
            floor_rank=max(reached, default=None),
        )

    def _downgrade(self, t: date) -> None:
        state, entry = self.state, self._view.entry_rank(t)
        mode = self._ladder.program(t)["downgrade_mode"]
        target = {"one_level": max(entry, state.rank - 1), "to_earned": entry, "to_base": 0}[mode]
        rank = min(state.rank, max(target, state.floor_rank or 0))
        self._set(
            DOWNGRADE,
            rank=rank,
            valid_to=self._valid_from(t, t) if rank else None,
            grace_until=None,
            granted_on=t if rank else None,
            upgrade=None,
            renewals={},
        )


@dataclass(frozen=True)
class Period:
    """One state from a day on."""

    valid_from: date
    state: State
    shown_rank: int
    reason: str
    override_id: str | None


Shown = Callable[[date, int], tuple[int, object, str | None]]
"""By day and computed rank: the rank shown, what identifies the override applied, and its id."""


def walked(machine: Machine, days: list[date], shown: Shown) -> list[Period]:
    """The periods of a path; `days` begin with its first day."""
    periods: list[Period] = []
    override_key = None
    for t in days:
        machine.live(t, is_first=t == days[0])
        rank, key, override_id = shown(t, machine.state.rank)
        events = list(machine.events)
        if key != override_key:
            events.append(OVERRIDE_END if key is None else OVERRIDE_BEGIN)
            override_key = key
        if events:
            changes = [event for event in events if event in RANK_CHANGES] or events
            periods.append(Period(t, machine.state, rank, changes[-1], override_id))
    return periods
