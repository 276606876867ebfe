"""Value tiers, section 5: overrides as delivered, judged at a date, and the tier that follows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tests.reference.delivery import Delivery, Options
from tests.reference.policy import Policy
from tests.reference.registers import Customers
from tests.reference.signals.reading import FIRST_EVENT, Cells, Clock, Content, last_versions, without_duplicates
from tests.reference.tier_dates import Period
from tests.reference.tier_machine import LEVELS, TIERS, Computed
from tests.reference.versions import cutoff_of

VALUE, CARD = "value", "card"
KINDS = {"set": 2, "freeze": 1, "floor": 0, "ceiling": 0}
"""The greater goes first."""
ANYBODY = "*"
Key = tuple[str, str]


@dataclass(frozen=True)
class Override:
    """One version of a request; texts that are codes or names of staff are in lower case."""

    source_system: str
    override_id: str
    customer_id: str
    axis: str
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
    known_on: date | None
    """None: from the beginning."""

    @property
    def key(self) -> Key:
        """What its versions have in common."""
        return self.source_system, self.override_id

    @property
    def days(self) -> int:
        """How long it is in force."""
        return (self.valid_to - self.valid_from).days

    @property
    def subject(self) -> tuple[str | None, ...]:
        """What an override and its renewals have in common; a freeze has no tier of its own."""
        tier = None if self.kind == "freeze" else self.tier
        return self.customer_id, self.axis, self.kind, tier

    @property
    def place(self) -> tuple[int, datetime, str, str]:
        """The greatest goes first."""
        return KINDS[self.kind], self.approved_at, self.override_id, self.source_system


def accepted_overrides(delivery: Delivery, options: Options, customers: Customers) -> list[Override]:
    """All versions that break no rule and are not hidden by the knowledge cutoff."""
    rows = [Cells(row, options) for row in delivery.tier_overrides]
    clock, cutoff = Clock(options), cutoff_of(options)
    read = [
        read_override(cells, clock)
        for cells in without_duplicates(rows, "override_id", override_content, has_versions=True)
    ]
    accepted = [o for o in read if o is not None and customers.is_accepted(o.customer_id)]
    return [o for o in accepted if cutoff is None or o.recorded_at is None or o.recorded_at <= cutoff]


def override_content(cells: Cells) -> Content:
    """What two rows of one version have to share."""
    texts = ("customer_id", "reason_text", "requested_by", "approved_by")
    codes = ("axis", "kind", "tier", "reason_code")
    moments = ("requested_at", "approved_at", "revoked_at", "recorded_at")
    return {
        **{column: cells.text(column) for column in texts},
        **{column: lower(cells.text(column)) for column in codes},
        **{column: cells.date(column) for column in ("valid_from", "valid_to")},
        **{column: cells.moment(column) for column in moments},
    }


def lower(text: str | None) -> str | None:
    """A text in lower case."""
    return None if text is None else text.lower()


def read_override(cells: Cells, clock: Clock) -> Override | None:
    """The typed row; None where it breaks a rule (but for its customer)."""
    content = override_content(cells)
    valid_from, valid_to = content["valid_from"], content["valid_to"]
    if content["customer_id"] is None or valid_from is None or valid_to is None or valid_from < FIRST_EVENT:
        return None
    recorded_at = content["recorded_at"]
    return Override(
        source_system=cells.system,
        override_id=cells.text("override_id"),
        customer_id=content["customer_id"],
        axis=content["axis"] or VALUE,
        **{column: content[column] for column in ("kind", "tier", "reason_code")},
        reason_length=len(content["reason_text"] or ""),
        requested_by=lower(content["requested_by"]),
        approved_by=lower(content["approved_by"]),
        approved_at=content["approved_at"],
        approved_on=clock.local(content["approved_at"]),
        valid_from=valid_from,
        valid_to=valid_to,
        revoked_on=clock.local(content["revoked_at"]),
        recorded_at=recorded_at,
        known_on=clock.local(recorded_at),
    )


def known_overrides(versions: Iterable[Override], d: date) -> list[Override]:
    """Each override in the version that a review at d knows."""
    known = [version for version in versions if version.known_on is None or version.known_on <= d]
    return last_versions(known, lambda override: override.key)


@dataclass(frozen=True)
class Applied:
    """An override in force and the tier it gives; `tier` is that of the override, of a freeze the frozen one."""

    override: Override
    tier: str
    final_tier: str


@dataclass(frozen=True)
class Standing:
    """What tiers a judge may look at.

    `computed` are those of everybody known at d, `frozen` those of the last review on or before a day; `graded` are
    the scoreable customers of d.
    """

    d: date
    graded: set[str]
    computed: Mapping[str, Computed]
    reviews: Mapping[date, Mapping[str, Computed]]

    def frozen(self, customer_id: str, since: date) -> Computed | None:
        """What was computed at the last review on or before a day."""
        last = max((day for day in self.reviews if day <= since), default=None)
        return None if last is None else self.reviews[last].get(customer_id)


class Judge:
    """Judges the overrides on axis `value` known at a date."""

    def __init__(self, known: Iterable[Override], policy: Policy, standing: Standing) -> None:
        """`statuses` by key and `applied` by customer are ready after this."""
        self._policy, self._standing, self._d = policy, standing, standing.d
        own = [override for override in known if override.axis != CARD]
        early = {override.key: self._early_status(override) for override in own}
        competing = defaultdict(list)
        for override in own:
            if early[override.key] is None:
                competing[override.customer_id].append(override)
        firsts = {customer_id: max(them, key=lambda o: o.place) for customer_id, them in competing.items()}
        winners = {override.key for override in firsts.values()}
        late = {key: "applied" if key in winners else "overruled" for key in early}
        self.statuses = {key: status or late[key] for key, status in early.items()}
        self.applied = {customer_id: self._apply(override) for customer_id, override in firsts.items()}

    def _early_status(self, override: Override) -> str | None:
        """The first status that matches and looks at no other override; None where there is none."""
        return self._form(override) or self._approval(override) or self._time(override) or self._hold(override)

    def _form(self, override: Override) -> str | None:
        """What is wrong with the request itself."""
        tiers = (*TIERS, "potential") if override.kind == "set" else TIERS
        least = int(self._policy.rows("policy_overrides", self._d)[0]["min_text_length"])
        checks = {
            "unknown_axis": override.axis != VALUE,
            "unknown_kind": override.kind not in KINDS,
            "unknown_tier": override.kind != "freeze" and override.tier not in tiers,
            "unknown_reason": override.reason_code not in self._max_days(),
            "reason_text_short": override.reason_length < least,
        }
        return first_that_holds(checks)

    def _max_days(self) -> dict[str, int]:
        """The longest time of each reason."""
        rows = self._policy.rows("policy_override_reasons", self._d)
        return {row["reason_code"].lower(): int(row["max_days"]) for row in rows}

    def _approval(self, override: Override) -> str | None:
        """What is wrong with who approved it."""
        by, on = override.approved_by, override.approved_on
        checks = {
            "not_approved": by is None or on is None or on > self._d,
            "approved_by_requester": override.requested_by in (None, by),
            "approver_not_allowed": not self._is_allowed(override),
        }
        return first_that_holds(checks)

    def _is_allowed(self, override: Override) -> bool:
        rows = self._policy.rows("policy_approvers", self._d)
        own = [r for r in rows if r["approver"].lower() in (override.approved_by, ANYBODY) and r["axis"] == VALUE]
        return any(override.kind == "freeze" or row["tier"] in (override.tier, ANYBODY) for row in own)

    def _time(self, override: Override) -> str | None:
        """Why it is not in force."""
        d, revoked = self._d, override.revoked_on
        checks = {
            "period_empty": override.days <= 0,
            "too_long": override.days > self._max_days()[override.reason_code],
            "revoked": revoked is not None and revoked <= d,
            "pending": d < override.valid_from,
            "expired": override.valid_to <= d,
        }
        return first_that_holds(checks)

    def _hold(self, override: Override) -> str | None:
        """Why it has nobody, or nothing, to work on."""
        standing = self._standing
        if override.customer_id not in standing.graded:
            return "not_graded"
        if override.kind == "set":
            return None
        is_frozen = override.kind == "freeze"
        known = standing.computed[override.customer_id]
        base = standing.frozen(override.customer_id, override.valid_from) if is_frozen else known
        return "nothing_to_hold" if base is None or base.level is None else None

    def _apply(self, override: Override) -> Applied:
        """The tier that an override in force gives."""
        if override.kind == "freeze":
            frozen = self._standing.frozen(override.customer_id, override.valid_from).tier
            return Applied(override, frozen, frozen)
        if override.kind == "set":
            return Applied(override, override.tier, override.tier)
        computed = self._standing.computed[override.customer_id].level
        pull = max if override.kind == "floor" else min
        return Applied(override, override.tier, TIERS[pull(LEVELS[override.tier], computed)])


def first_that_holds(checks: dict[str, bool]) -> str | None:
    """The first name whose check holds."""
    return next((name for name, holds in checks.items() if holds), None)


def renewal_count(override: Override, known: Iterable[Override]) -> int:
    """How many overrides of the same subject began before it."""
    return sum(other.subject == override.subject and other.valid_from < override.valid_from for other in known)


def freezes(versions: Iterable[Override], policy: Policy) -> list[Period]:
    """The times of the overrides that may freeze a tier."""
    longest = longest_days(policy)
    own = [o for o in versions if o.axis == VALUE and o.kind == "freeze" and 0 < o.days <= longest]
    return [(o.valid_from, o.valid_to) for o in own]


def longest_days(policy: Policy) -> int:
    """The longest time of any reason, of any time."""
    return max((int(row["max_days"]) for row in policy.rows_of_all_times("policy_override_reasons")), default=0)
