"""Section 4, referrals: which are valid, and which of them brought a customer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.reference.measures import CustomerView, Occasion, views_at
from tests.reference.registers import Contract
from tests.reference.signals.activity import PROPERTY, counted, event_types
from tests.reference.signals.facts import Interaction
from tests.reference.signals.reading import (
    Cells,
    Clock,
    Content,
    is_dated_in_time,
    is_known,
    known_customers,
    last_versions,
    without_duplicates,
)
from tests.reference.signals.world import Rows, World
from tests.reference.tiers import is_firm

LONGEST_WAY = 10


@dataclass(frozen=True)
class Referral:
    """An accepted referral; `moment` is that of the referral, else of its recording."""

    source_system: str
    referral_id: str
    referrer: str
    referee: str | None
    moment: datetime
    date: date
    known_on: date | None
    recorded_at: datetime | None

    @property
    def place(self) -> tuple[datetime, str, str]:
        """The order of referrals."""
        return self.moment, self.referral_id, self.source_system


@dataclass(frozen=True)
class JudgedReferral:
    """A referral with its verdict at d."""

    referral: Referral
    verdict: str
    is_converted: bool


def accepted_referrals(world: World) -> list[Referral]:
    """The referrals that break no rule, known at d or not."""
    customers, clock = known_customers(world), Clock(world.options)
    delivered = [Cells(row, world.options) for row in world.delivery.referrals]
    found = []
    for cells in without_duplicates(delivered, "referral_id", referral_content, has_versions=True):
        referred_at, recorded_at = cells.moment("referred_at"), cells.moment("recorded_at")
        moment = referred_at or recorded_at
        is_dated = moment is not None and is_dated_in_time(referred_at, world)
        if cells.text("referrer_customer_id") in customers and is_dated:
            referral = Referral(
                source_system=cells.system,
                referral_id=cells.text("referral_id"),
                referrer=cells.text("referrer_customer_id"),
                referee=cells.text("referee_customer_id"),
                moment=moment,
                date=clock.local(moment),
                known_on=clock.known_on(moment, recorded_at),
                recorded_at=recorded_at,
            )
            found.append(referral)
    return found


def referral_content(cells: Cells) -> Content:
    """What two rows of one referral have to share."""
    texts = ("referrer_customer_id", "referee_customer_id", "referee_contact_hash", "project_id", "claimed_by")
    moments = ("referred_at", "recorded_at")
    return {column: cells.text(column) for column in texts} | {
        "lob": cells.code("lob", "lob"),
        "status": cells.code("status", "referral_status"),
        **{column: cells.moment(column) for column in moments},
    }


def judged_referrals(world: World, interactions: list[Interaction]) -> list[JudgedReferral]:
    """Every referral known at d with its verdict; `interactions` are all known at d."""
    told = [referral for referral in accepted_referrals(world) if is_known(referral.known_on, world.d)]
    known = last_versions(told, lambda referral: (referral.source_system, referral.referral_id))
    return Judge(world, interactions).judge(sorted(known, key=lambda referral: referral.place))


def rows(world: World, judged: list[JudgedReferral]) -> Rows:
    """The mart of referrals at d, by source system and id."""
    return {
        (one.referral.source_system, one.referral.referral_id): {
            "referrer_customer_id": one.referral.referrer,
            "referral_verdict": one.verdict,
            "is_converted": one.is_converted,
            "referral_date": one.referral.date.isoformat(),
        }
        for one in judged
    }


class Judge:
    """What decides on referrals at d: who is graded, purchases and leads of everybody."""

    def __init__(self, world: World, interactions: list[Interaction]) -> None:
        """Views and leads are ready after this."""
        self._world = world
        self._customers = known_customers(world)
        row = world.policy.rows("policy_loyalty", world.d)[0]
        self._lead_days, self._conversion_days = int(row["lead_days"]), int(row["conversion_days"])
        self._paid_share = world.policy.parameter("sale_firm_paid_share", world.d)
        self._views: dict[str, CustomerView] = views_at(world.books.book, world.policy, world.d)
        self._contracts: dict[str, Contract] = world.contracts
        kinds = {event["event_type"] for event in event_types(world) if event["is_lead"] == "true"}
        self._lead_days_of: dict[str, set[date]] = defaultdict(set)
        for interaction in counted(world, interactions):
            if interaction.event_type in kinds:
                self._lead_days_of[interaction.customer_id].add(interaction.event_date)

    def judge(self, known: list[Referral]) -> list[JudgedReferral]:
        """The verdicts on the referrals known, which are in their order."""
        firsts: dict[str, Referral] = {}
        early = {referral.place: self._early_verdict(referral) for referral in known}
        for referral in known:
            if early[referral.place] is None:
                firsts.setdefault(referral.referee, referral)
        judged = []
        for referral in known:
            verdict = early[referral.place]
            if verdict is None:
                verdict = late_verdict(referral, firsts)
            is_converted = verdict == "valid" and self._is_converted(referral)
            judged.append(JudgedReferral(referral, verdict, is_converted))
        return judged

    def first_occasions(self, customer_id: str) -> list[Occasion]:
        """The occasions of the first day on which somebody bought."""
        view = self._views.get(customer_id)
        first = min((o.date for o in view.occasions), default=None) if view else None
        return [occasion for occasion in view.occasions if occasion.date == first] if view else []

    def _early_verdict(self, referral: Referral) -> str | None:
        """The verdict that needs no other referral; None where there is none."""
        referee, on = referral.referee, referral.date
        if referee is None or referee not in self._customers:
            return "referee_unknown"
        if referee == referral.referrer:
            return "self"
        if referral.referrer not in self._world.graded:
            return "referrer_not_graded"
        if any(occasion.date < on for occasion in self.first_occasions(referee)):
            return "earlier_customer"
        since = on - timedelta(days=self._lead_days)
        if any(since <= day < on for day in self._lead_days_of[referee]):
            return "earlier_lead"
        return None

    def _is_converted(self, referral: Referral) -> bool:
        """Whether the referee's first purchase came in time; a home has to be firm, whatever its age."""
        until = referral.date + timedelta(days=self._conversion_days)
        firsts = self.first_occasions(referral.referee)
        in_time = [occasion for occasion in firsts if referral.date <= occasion.date <= until]
        return any(occasion.lob != PROPERTY or self._is_firm(occasion, referral.referee) for occasion in in_time)

    def _is_firm(self, occasion: Occasion, customer_id: str) -> bool:
        return is_firm(occasion, self._views[customer_id], self._contracts, self._paid_share, self._world.d)


def late_verdict(referral: Referral, firsts: dict[str, Referral]) -> str:
    """The verdict that looks at other referrals; `firsts` are the first ones of each referee."""
    if firsts[referral.referee] is not referral:
        return "referred_before"
    above = referral.referrer
    for _ in range(LONGEST_WAY):
        first = firsts.get(above)
        if first is None or first.place >= referral.place:
            return "valid"
        above = first.referrer
        if above == referral.referee:
            return "cycle"
    return "valid"
