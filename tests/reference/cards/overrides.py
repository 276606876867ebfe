"""Cards, section 2: overrides on axis card, judged on a day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tests.reference.delivery import Delivery, Options
from tests.reference.points.rules import Rules
from tests.reference.registers import Customers
from tests.reference.signals.reading import FIRST_EVENT, Cells, Clock, Content, last_versions, without_duplicates
from tests.reference.versions import cutoff_of

CARD = "card"
STRENGTHS = {"set": 2, "freeze": 1, "floor": 0, "ceiling": 0}
ANYBODY = "*"


@dataclass(frozen=True)
class CardOverride:
    """A version of a request to show another card; codes and staff in lower case."""

    source_system: str
    override_id: str
    customer_id: str
    kind: str | None
    tier: str | None
    reason_code: str | None
    reason_length: int
    requested_by: str | None
    approved_by: str | None
    approved_at: datetime | None
    approved_on: date | None
    valid_from: date
    valid_to: date
    revoked_on: date | None
    recorded_at: datetime | None
    recorded_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """What its versions have in common."""
        return self.source_system, self.override_id

    @property
    def days(self) -> set[date]:
        """The days on which it may begin or end to count."""
        days = (self.recorded_on, self.approved_on, self.valid_from, self.valid_to, self.revoked_on)
        return {day for day in days if day is not None}

    @property
    def strength(self) -> tuple:
        """The greatest goes first."""
        return STRENGTHS[self.kind], self.approved_at, self.override_id, self.source_system


def card_overrides(delivery: Delivery, options: Options, customers: Customers) -> list[CardOverride]:
    """All accepted versions on axis card."""
    rows = [Cells(row, options) for row in delivery.tier_overrides]
    clock, cutoff = Clock(options), cutoff_of(options)
    read = [
        read_override(cells, clock) for cells in without_duplicates(rows, "override_id", content, has_versions=True)
    ]
    seen = [o for o in read if o is not None and customers.is_accepted(o.customer_id)]
    return [o for o in seen if cutoff is None or o.recorded_at is None or o.recorded_at <= cutoff]


def lower(text: str | None) -> str | None:
    """A text in lower case."""
    return None if text is None else text.lower()


def content(cells: Cells) -> Content:
    """What two rows of one version have to share."""
    return {
        **{column: cells.text(column) for column in ("customer_id", "reason_text", "requested_by", "approved_by")},
        **{column: lower(cells.text(column)) for column in ("axis", "kind", "tier", "reason_code")},
        **{column: cells.date(column) for column in ("valid_from", "valid_to")},
        **{column: cells.moment(column) for column in ("requested_at", "approved_at", "revoked_at", "recorded_at")},
    }


def read_override(cells: Cells, clock: Clock) -> CardOverride | None:
    """The typed row; None where it breaks a rule (but for its customer), or is on another axis."""
    told = content(cells)
    valid_from, valid_to = told["valid_from"], told["valid_to"]
    if told["axis"] != CARD or told["customer_id"] is None or valid_from is None or valid_to is None:
        return None
    if valid_from < FIRST_EVENT:
        return None
    return CardOverride(
        source_system=cells.system,
        override_id=cells.text("override_id"),
        **{column: told[column] for column in ("customer_id", "kind", "tier", "reason_code")},
        reason_length=len(told["reason_text"] or ""),
        requested_by=lower(told["requested_by"]),
        approved_by=lower(told["approved_by"]),
        approved_at=told["approved_at"],
        approved_on=clock.local(told["approved_at"]),
        valid_from=valid_from,
        valid_to=valid_to,
        revoked_on=clock.local(told["revoked_at"]),
        recorded_at=told["recorded_at"],
        recorded_on=clock.local(told["recorded_at"]),
    )


class CardJudge:
    """Says which override is applied on a day."""

    def __init__(self, rules: Rules) -> None:
        """Rows are looked up by day."""
        self._rules = rules

    def applied(
        self, versions: Iterable[CardOverride], ranks: dict[str, int], rank_on: Callable[[date], int | None], t: date
    ) -> CardOverride | None:
        """The one that goes first among those in force on a day; `rank_on` gives the computed card (to freeze)."""
        known = [version for version in versions if version.recorded_on is None or version.recorded_on <= t]
        in_force = [
            override
            for override in last_versions(known, lambda override: override.key)
            if self._is_valid(override, ranks, t)
            and self._is_in_force(override, t)
            and not (override.kind == "freeze" and rank_on(override.valid_from) is None)
        ]
        return max(in_force, key=lambda override: override.strength, default=None)

    def _is_valid(self, override: CardOverride, ranks: dict[str, int], t: date) -> bool:
        least = int(self._rules.rows("policy_overrides", t)[0]["min_text_length"])
        reasons = {r["reason_code"].lower(): int(r["max_days"]) for r in self._rules.rows("policy_override_reasons", t)}
        is_frozen = override.kind == "freeze"
        approvers = [
            row
            for row in self._rules.rows("policy_approvers", t)
            if row["axis"] == CARD and row["approver"].lower() in (override.approved_by, ANYBODY)
        ]
        return (
            override.kind in STRENGTHS
            and (is_frozen or override.tier in ranks)
            and override.reason_code in reasons
            and override.reason_length >= least
            and override.approved_by is not None
            and override.approved_on is not None
            and override.approved_on <= t
            and override.requested_by not in (None, override.approved_by)
            and any(is_frozen or row["tier"] in (override.tier, ANYBODY) for row in approvers)
            and 0 < (override.valid_to - override.valid_from).days <= reasons[override.reason_code]
        )

    @staticmethod
    def _is_in_force(override: CardOverride, t: date) -> bool:
        is_revoked = override.revoked_on is not None and override.revoked_on <= t
        return override.valid_from <= t < override.valid_to and not is_revoked


def shown_rank(
    override: CardOverride | None, computed: int, ranks: dict[str, int], rank_on: Callable[[date], int | None]
) -> int:
    """The card that is shown."""
    if override is None:
        return computed
    if override.kind == "freeze":
        return rank_on(override.valid_from)
    given = ranks[override.tier]
    return {"set": given, "floor": max(given, computed), "ceiling": min(given, computed)}[override.kind]
