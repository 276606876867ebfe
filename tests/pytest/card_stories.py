"""Families of members with deliberately nasty lives: refunds, overdrafts, expiries, merges, late facts, renewals.

Amounts are written in shares of what makes a silver card, so that a policy decides how large they are: most are on a
threshold, a cent below or a cent above one. The seed decides everything else.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from strategies import ALL_COLUMNS, Author
from tests.reference.cards.machine import end_of_month
from tests.reference.clocks import add_months
from tests.reference.delivery import Delivery

COLUMNS = (*ALL_COLUMNS, "partner_id")
ENTRIES = ("1", "4", "10", "20")
KEEPS = ("0.8", "3.2", "8", "16")
FIRST_YEARS = 8
LEAP_DAYS = (date(2020, 2, 29), date(2024, 2, 29))


@dataclass
class Member(Author):
    """Writes the rows of one customer; `silver` is the amount that makes a silver card, `since` its membership."""

    silver: Decimal = Decimal(500)
    since: date = date(2020, 1, 1)

    def share(self, share: str) -> str:
        """An amount in shares of silver, sometimes a cent more or less."""
        exact = self.silver * Decimal(share) + Decimal(self.rng.choice(["0", "0", "0", "0.01", "-0.01"]))
        return str(max(Decimal("0.01"), exact).quantize(Decimal("0.01")))

    def some(self) -> str:
        """Any amount: a threshold, a part of one, or little."""
        rng = self.rng
        return self.share(rng.choice([*ENTRIES[:3], *KEEPS[:2], "0.5", "0.2", "0.25", "0.1", "0.05", "0.001"]))

    def while_member(self) -> date:
        """A day from shortly before membership to the as-of date; leap days and month ends are frequent."""
        rng = self.rng
        first = self.since - timedelta(days=rng.choice([0, 0, 0, 0, 0, 30, 31]))
        days = max(1, (self.as_of - first).days)
        day = min(self.as_of, first + timedelta(days=rng.choice([rng.randint(0, days), rng.randint(0, days), 0, days])))
        kind = rng.random()
        if kind < 0.15:
            return min(self.as_of, end_of_month(day, 0))
        if kind < 0.25:
            return rng.choice([leap for leap in LEAP_DAYS if leap <= self.as_of])
        return day

    def later(self, day: date, *days: int) -> date:
        """So many days later, not after the as-of date."""
        return min(self.as_of, day + timedelta(days=self.rng.choice(days)))

    def told(self, day: date) -> dict[str, str]:
        """When a row was recorded: mostly at once, sometimes late."""
        late = self.rng.choice([None, None, None, None, 0, 1, 2, 30, 100, 400])
        return {"recorded_at": ""} if late is None else {"recorded_at": self.moment(day + timedelta(days=late))}

    def visit(self, day: date, amount: str, **cells: str) -> dict[str, str]:
        """Buy something."""
        rng = self.rng
        kind = {
            "category": rng.choice(["", "", "", "spa", "ride"]),
            "partner_id": rng.choice(["", "", "", "HOTEL", "OTHER"]),
            "product_id": rng.choice([*[""] * 8, "P-no", "P-yes"]),
        }
        return self.sale(day, amount, **(kind | self.told(day) | cells))

    def event(self, event_type: str, points: int, day: date, **cells: str) -> str:
        """Deliver an event of points and give its id."""
        rows = self.delivery.points_events
        event_id = f"E{self.rng.randrange(100):02d}-{len(rows)}"
        row = {"event_id": event_id, "customer_id": self.customer_id, "event_type": event_type, "points": str(points)}
        row |= {"event_at": self.moment(day)} | self.told(day) | cells
        rows.append({column: text for column, text in row.items() if text != ""})
        return event_id

    @property
    def points(self) -> int:
        """About so many points as silver is worth."""
        return max(1, int(self.silver))


def visits(member: Member) -> None:
    """Now and then, around the thresholds."""
    for _ in range(member.rng.randint(1, 8)):
        member.visit(member.while_member(), member.some())


def one_day(member: Member) -> None:
    """Several upgrades on one day, in one or several orders and lines; caps and bonuses of a day."""
    rng = member.rng
    day = member.while_member()
    for _ in range(rng.randint(2, 5)):
        lob = rng.choice(["venue", "venue", "venue", "lease"])
        member.visit(day, member.some(), lob=lob, order_id=rng.choice(["", "", f"O{rng.randrange(9)}"]))


def refunds(member: Member) -> None:
    """An upgrade and what takes it back: in parts, in full, late, the same day, too much, before it was known."""
    rng = member.rng
    day = member.while_member()
    amount = member.share(rng.choice(ENTRIES[:3]))
    order = {"order_id": "R1", "product_id": ""}
    for _ in range(rng.choice([0, 0, 1])):
        member.visit(day, member.share("0.01"), product_id="")
    sale = member.visit(day, amount, **order)
    kind = rng.choice(["full", "full", "split", "split", "same_day", "late", "too_much", "part", "twice", "before"])
    whole = Decimal(amount)
    if kind == "split":
        for part in ("0.33", "0.33", "0.34", "0.5"):
            member.refund(
                sale, member.later(day, 0, 1, 7, 40, 200), str((whole * Decimal(part)).quantize(Decimal("0.01")))
            )
    elif kind == "same_day":
        member.refund(sale, day, amount, recorded_at=sale["recorded_at"])
    elif kind == "late":
        member.refund(sale, member.later(day, 300, 364, 365, 366, 396, 500), amount)
    elif kind == "too_much":
        member.refund(sale, member.later(day, 3, 60), str(whole + 1))
    elif kind == "part":
        member.refund(sale, member.later(day, 3, 60), str((whole / 2).quantize(Decimal("0.01"))))
    elif kind == "before":
        known = member.moment(member.later(day, 90))
        member.delivery.transactions[-1]["recorded_at"] = known
        member.refund(sale, day, amount, recorded_at="")
    else:
        for _ in range(2 if kind == "twice" else 1):
            member.refund(sale, member.later(day, 1, 2, 6, 7, 8, 30, 120), amount)


def rises_and_falls(member: Member) -> None:
    """One upgrade on another, and refunds of the first, the last or both."""
    rng = member.rng
    day = member.while_member()
    sales = []
    for share in rng.choice([("1", "3"), ("1", "3", "6"), ("4", "6"), ("0.9", "0.1", "3")]):
        sales.append(member.visit(day, member.share(share), product_id="", order_id=f"U{len(sales)}"))
        day = member.later(day, 0, 1, 30, 200, 340)
    for sale in rng.sample(sales, rng.randint(1, len(sales))):
        day = member.later(day, 0, 1, 10, 100)
        member.refund(sale, day, sale["amount"])


def years(member: Member) -> None:
    """Year after year what it takes to stay, or nearly; sometimes only in the grace, on its last day or after it."""
    rng = member.rng
    tier = rng.choice([0, 0, 1, 1, 2, 2, 2, 3])
    start = member.since + timedelta(days=rng.choice([0, 0, 1, 40, 200]))
    for half in ("0.5", "0.5"):
        amount = str((member.silver * Decimal(ENTRIES[tier]) * Decimal(half)).quantize(Decimal("0.01")))
        member.visit(min(start, member.as_of), amount, product_id="", recorded_at="", order_id=f"Y{rng.randrange(99)}")
    ends = end_of_month(start, 12)
    while ends <= member.as_of:
        kind = rng.choice(["before", "before", "before", "on_the_day", "in_grace", "last_day", "too_late", "not"])
        offset = {
            "before": rng.choice([-360, -200, -30, -1]),
            "on_the_day": 0,
            "in_grace": rng.choice([1, 30, 89]),
            "last_day": 90,
            "too_late": 91,
        }.get(kind)
        if offset is not None:
            day = ends + timedelta(days=offset)
            for part in ("0.5", "0.5"):
                amount = member.share(str(Decimal(KEEPS[tier]) * Decimal(part)))
                if day <= member.as_of:
                    cells = {
                        "product_id": "",
                        "recorded_at": rng.choice(["", "", "", member.moment(day + timedelta(days=9))]),
                    }
                    member.visit(day, amount, order_id=f"Y{rng.randrange(99)}", **cells)
        ends = end_of_month(ends, 12)


def faithful(member: Member) -> None:
    """Platinum for years, and then less."""
    rng = member.rng
    day = member.since + timedelta(days=rng.randint(0, 20))
    for number in range(rng.randint(5, 8)):
        for part in range(2):
            if day <= member.as_of:
                cells = {"product_id": "", "recorded_at": "", "order_id": f"F{number}{part}", "category": ""}
                member.visit(day, str(member.silver * rng.choice([5, 5, 6])), **cells)
        day = add_months(day, rng.choice([11, 11, 12]))


def redemptions(member: Member) -> None:
    """Spending what is there, more than that, and taking it back: at once, twice, after the lot has expired."""
    rng = member.rng
    day = member.while_member()
    member.visit(day, member.share(rng.choice(["1", "2", "0.5"])), product_id="")
    for _ in range(rng.randint(1, 5)):
        day = member.later(day, 0, 0, 1, 6, 7, 8, 60, 300, 700)
        part = rng.choice(["0.1", "0.5", "0.9", "1", "1.1", "3"])
        points = max(1, int(member.points * Decimal(part)))
        event_id = member.event("redeem", points, day)
        for _ in range(rng.choice([0, 0, 1, 2])):
            back = rng.choice([points, points // 2, points + 1, 1])
            back_on = member.later(day, 0, 0, 1, 30, 400, 800)
            original = rng.choice([event_id, event_id, event_id, event_id, "E-none", ""])
            if back > 0:
                member.event("redeem_cancel", back, back_on, original_event_id=original)


def expiries(member: Member) -> None:
    """Lots that come on leap days and quarter ends, part of which is spent just before, on or after their last day."""
    rng = member.rng
    day = rng.choice([date(2020, 2, 29), date(2020, 2, 28), date(2020, 3, 31), date(2021, 9, 30), date(2021, 12, 24)])
    for _ in range(rng.randint(1, 3)):
        member.visit(min(day, member.as_of), member.share(rng.choice(["0.5", "1", "0.1"])), product_id="")
        day = member.later(day, 0, 1, 7, 92)
    ends = end_of_month(add_months(day, 24), 0)
    redeemed = []
    for offset in rng.sample([-40, -1, 0, 1, 30, 90, 92], rng.randint(1, 4)):
        on = ends + timedelta(days=offset)
        if on <= member.as_of:
            points = max(1, int(member.points * Decimal(rng.choice(["0.1", "0.3", "0.6"]))))
            redeemed.append((member.event("redeem", points, on), points, on))
    for event_id, points, on in redeemed:
        if rng.random() < 0.5:
            back_on = member.later(on, 1, 95, 200)
            member.event(
                "redeem_cancel", rng.choice([points, max(1, points // 3)]), back_on, original_event_id=event_id
            )


def grants(member: Member) -> None:
    """Adjustments around the limit, transfers, points of partners; some in conflict or unreadable."""
    rng = member.rng
    for _ in range(rng.randint(1, 4)):
        day = member.while_member()
        kind = rng.choice(["adjust", "adjust", "transfer", "partner_earn"])
        points = rng.choice([1, 50, 499, 500, 501, 1000, 1001, 5000])
        cells = {"approved_by": rng.choice(["", "ann"]), "direction": rng.choice(["credit", "debit", "debit"])}
        member.event(kind, points, day, **(cells if kind != "partner_earn" else {}))
    if rng.random() < 0.2:
        row = dict(member.delivery.points_events[-1])
        member.delivery.points_events.append(row | rng.choice([{}, {"points": "7"}]))
    if rng.random() < 0.2:
        wrong = rng.choice([{"points": "1.5"}, {"points": "0"}, {"event_type": "gift"}, {"event_at": "soon"}])
        row = member.delivery.points_events[-1] | {"event_id": f"EW{len(member.delivery.points_events)}"}
        member.delivery.points_events.append(row | wrong)


def bills(member: Member) -> None:
    """Bills that are paid at once, late or never, with due dates that make them overdue."""
    rng = member.rng
    day = member.while_member()
    for _ in range(rng.randint(1, 6)):
        paid_on = day + timedelta(days=rng.choice([0, 10, 45, 46, 200]))
        due = {"due_date": (day + timedelta(days=15)).isoformat()}
        paid = rng.choice(
            [{"paid_at": member.moment(paid_on)}, {"payment_status": "paid"}, {}, {"payment_status": "unpaid"}]
        )
        cells = {"txn_type": "bill", "lob": rng.choice(["lease", "energy", "property_service"]), "product_id": ""}
        member.visit(day, member.some(), **(cells | paid | (due if rng.random() < 0.7 else {})))
        day = member.later(day, 28, 31, 90)


def homes(member: Member) -> None:
    """A home in instalments: firm by payment, by handover, at once, never, or cancelled."""
    rng = member.rng
    day = member.while_member()
    price = member.silver * rng.choice([100, 400, 2000])
    cells = {
        "status": rng.choice(["signed", "signed", "active"]),
        "signed_at": member.moment(day),
        "total_amount": rng.choice([str(price), str(price), ""]),
        "handover_date": rng.choice(["", "", member.later(day, 100, 400).isoformat()]),
        "recorded_at": rng.choice(["", "", member.moment(day + timedelta(days=50))]),
    }
    contract_id = member.contract("property_sale", **cells)
    for share in rng.choice([["1"], ["0.3"], ["0.29", "0.01"], ["0.1", "0.1", "0.1", "0.7"]]):
        amount = str((price * Decimal(share)).quantize(Decimal("0.01")))
        named = {"contract_id": contract_id} if rng.random() < 0.9 else {}
        sale = member.sale(day, amount, "property_sale", **(named | member.told(day)))
        day = member.later(day, 0, 20, 200)
    if rng.random() < 0.2:
        member.refund(sale, member.later(day, 1, 100), sale["amount"])
    if rng.random() < 0.2:
        ended = {"status": "cancelled", "cancelled_at": member.moment(day), "recorded_at": f"{day} 23:14:15"}
        version = member.delivery.contracts[-1] | ended
        member.delivery.contracts.append({column: text for column, text in version.items() if text != ""})


def overrides(member: Member) -> None:
    """Cards set, held up or down and frozen by hand, in and out of force, revoked and recorded late."""
    rng = member.rng
    rows = member.delivery.tier_overrides
    for _ in range(rng.randint(1, 3)):
        first = member.while_member()
        days = rng.choice([1, 30, 90, 180])
        row = {
            "override_id": f"V{len(rows)}",
            "customer_id": member.customer_id,
            "axis": rng.choice([*["card"] * 9, "value"]),
            "kind": rng.choice(["set", "set", "floor", "ceiling", "freeze", "Set", "lift"]),
            "tier": rng.choice(["regular", "silver", "gold", "platinum", "diamond", "Gold"]),
            "reason_code": rng.choice([*["key_account"] * 9, "whim"]),
            "reason_text": rng.choice([*["an important guest"] * 9, "short"]),
            "requested_by": "ann",
            "approved_by": rng.choice([*["bob"] * 9, "ann", ""]),
            "approved_at": f"{first + timedelta(days=rng.choice([-9, -3, 0, 4]))} 10:00:0{rng.randrange(9)}",
            "valid_from": first.isoformat(),
            "valid_to": (first + timedelta(days=days)).isoformat(),
            "revoked_at": rng.choice(["", "", "", f"{member.later(first, 1, 20)} 09:00:00"]),
            "recorded_at": rng.choice(["", "", f"{member.later(first, 0, 5)} 08:00:00"]),
        }
        rows.append({column: text for column, text in row.items() if text != ""})
        if row["recorded_at"] and rng.random() < 0.3:
            again = rows[-1] | {"recorded_at": f"{member.later(first, 10, 40)} 08:00:00", "tier": "silver"}
            rows.append(again)


Story = Callable[[Member], None]
CARD_STORIES: list[Story] = [
    *[visits] * 3,
    *[one_day] * 2,
    *[refunds] * 4,
    *[rises_and_falls] * 2,
    *[years] * 4,
    *[redemptions] * 3,
    *[expiries] * 2,
    *[grants] * 2,
    *[bills] * 2,
    faithful,
    homes,
    overrides,
]


def write_member(member: Member) -> None:
    """The versions of a customer: membership known early or late, none at all, closed, opened again, staff."""
    rng = member.rng
    row = {"customer_id": member.customer_id, "member_since": member.since.isoformat()}
    kind = rng.choice(
        [*["plain"] * 12, "late", "later_since", "none", "closed", "closed", "reopened", "staff", "deceased"]
    )
    if kind == "none":
        row["member_since"] = rng.choice(["", "2040-01-01", "soon"])
    row["recorded_at"] = f"{member.since} 00:10:00" if kind not in ("plain", "none") or rng.random() < 0.3 else ""
    rows = [row]

    def version(day: date, **cells: str) -> None:
        rows.append({"customer_id": member.customer_id, "recorded_at": f"{day} 13:14:15"} | cells)

    on = member.while_member()
    if kind == "late":
        row["member_since"] = ""
        version(on, member_since=member.since.isoformat())
    elif kind == "later_since":
        version(on, member_since=member.later(member.since, 10, 100).isoformat())
    elif kind in ("closed", "deceased", "staff"):
        version(max(on, member.since), status=kind)
    elif kind == "reopened":
        on = max(on, member.since)
        version(on, status="closed")
        again = on + timedelta(days=rng.choice([0, 1, 40, 300]))
        version(again, status="active", recorded_at=f"{again} 15:00:00")
    member.delivery.customers.extend({column: text for column, text in r.items() if text != ""} for r in rows)


def write_merges(delivery: Delivery, family: list[Member], rng: Random) -> None:
    """Pairs and chains, in any order of time; some end, some come late, some go in circles or contradict each other."""
    rows = delivery.customer_identity

    def link(one: Member, other: Member, **cells: str) -> None:
        day = max(one.while_member(), one.since)
        row = {"from_customer_id": one.customer_id, "to_customer_id": other.customer_id, "link_type": "merge"}
        late = {"recorded_at": one.moment(one.later(day, 0, 10, 90))} if rng.random() < 0.3 else {}
        rows.append(row | {"valid_from": f"{day} {rng.randrange(10, 20)}:00:00"} | late | cells)

    for one, other in pairwise(family):
        kind = rng.random()
        if kind < 0.75:
            link(one, other)
        elif kind < 0.85:
            ended = one.as_of + timedelta(days=rng.choice([-100, 0, 1]))
            link(one, other, valid_to=ended.isoformat())
        elif kind < 0.9:
            link(one, other, link_type=rng.choice(["household", "crm_match", "friend"]))
        elif kind < 0.95:
            link(one, other)
            told = {
                "valid_to": one.as_of.isoformat(),
                "recorded_at": f"{one.as_of - timedelta(days=rng.choice([0, 9]))} 21:00:00",
            }
            rows.append(rows[-1] | told)
    if len(family) > 1 and rng.random() < 0.15:
        link(family[-1], family[0])
    if len(family) > 2 and rng.random() < 0.15:
        link(family[0], family[-1])
    if rng.random() < 0.03:
        link(family[0], replace(family[0], customer_id=rng.choice(["C-nobody", family[0].customer_id])))


def club_delivery(seed: int, customers: int, as_of: date, silver: Decimal) -> Delivery:
    """At least so many customers in families of one to four, with up to five stories each."""
    delivery = Delivery(customers=[], transactions=[], transaction_columns=COLUMNS)
    delivery.products.extend(
        [
            {"product_id": "P-no", "lob": "venue", "is_points_eligible": "false"},
            {"product_id": "P-yes", "lob": "venue", "category": "spa", "is_points_eligible": "true"},
        ]
    )
    while len({row["customer_id"] for row in delivery.customers}) < customers:
        write_family(delivery, Random(f"{seed} {len(delivery.customers)}"), as_of, silver)
    return delivery


def write_family(delivery: Delivery, rng: Random, as_of: date, silver: Decimal) -> None:
    """Customers who may be merged, and their lives."""
    start = len(delivery.customers)
    family = []
    for number in range(rng.choice([1, 1, 1, 1, 1, 2, 2, 3, 4])):
        longest = 365 * FIRST_YEARS
        since = as_of - timedelta(days=rng.choice([rng.randint(0, longest), longest - 9, 1500, 800, 400]))
        if rng.random() < 0.1:
            since = date(2020, 2, 29)
        own = Random(rng.random())
        family.append(Member(own, as_of, delivery, f"C{start}-{number}", silver, min(since, as_of)))
    rng.shuffle(family)
    for member in family:
        write_member(member)
        for story in member.rng.choices(CARD_STORIES, k=member.rng.choice([0, 1, 2, 2, 3, 3, 4, 5])):
            story(replace(member, rng=Random(member.rng.random())))
    write_merges(delivery, family, rng)
