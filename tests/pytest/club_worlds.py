"""Small worlds for examples of points and cards: members, merges, events, and a policy in memory."""

from dataclasses import dataclass, replace
from datetime import date

from signal_worlds import COLUMNS, D, MadePolicy, Row, Tale
from tests.reference.club import Club, Values, club_at
from tests.reference.delivery import Delivery, Options

Tables = dict[str, list[Row]]


def rate(lob: str, category: str = "*", **cells: str) -> Row:
    """A row of policy_points_rates: a point and a qualifying point for each unit of money, at once."""
    row = {"lob": lob, "category": category, "points_per_unit": "1", "qualifying_per_unit": "1", "basis": "event"}
    row |= dict.fromkeys(("sale_cap", "day_cap", "qualifying_sale_cap", "bonus_points"), "")
    return row | {"pending_days": "0"} | cells


TIERS = ("regular", "silver", "gold", "platinum", "diamond")
ENTRIES = {"silver": (500, 20_000), "gold": (2_000, 80_000), "platinum": (5_000, 200_000), "diamond": (10_000, 500_000)}


def card_rules() -> list[Row]:
    """The default rules: points or spend; from gold on two occasions or lines, from platinum on nothing overdue."""
    rows = []
    for purpose, share in (("entry", 100), ("maintain", 80)):
        for tier, (points, spend) in ENTRIES.items():
            bases = {"points": ("qualifying_points", points), "spend": ("net_spend", spend)}
            for name, (metric, threshold) in bases.items():
                for variety in ("",) if tier == "silver" else ("_occasions", "_lobs"):
                    conditions = {metric: str(threshold * share // 100)}
                    if variety:
                        conditions[variety[1:]] = "2"
                    if tier in ("platinum", "diamond"):
                        conditions["no_overdue"] = "1"
                    route = {"card_tier": tier, "purpose": purpose, "route_id": name + variety}
                    rows += [route | {"metric": key, "threshold": value} for key, value in conditions.items()]
    return rows


PROGRAM = {
    "period_type": "rolling",
    "period_months": "12",
    "valid_months": "12",
    "grace_days": "90",
    "downgrade_mode": "one_level",
    "allow_multi_level_up": "true",
    "grandfathered": "false",
    "risk_days": "60",
}
POINTS_PROGRAM = {
    "backfill_days": "30",
    "validity_months": "24",
    "adjust_limit": "500",
    "value_per_point": "0.01",
    "breakage": "0.25",
}
CLUB_TABLES: Tables = {
    "policy_points_program": [POINTS_PROGRAM],
    "policy_points_rates": [
        rate("venue"),
        rate("venue", "spa", points_per_unit="2"),
        rate("lease", basis="paid", points_per_unit="0.5"),
        rate(
            "property_sale", basis="firm", points_per_unit="0", qualifying_per_unit="0.001", qualifying_sale_cap="2000"
        ),
    ],
    "policy_points_partners": [{"partner_id": "HOTEL", "points_multiplier": "1.5"}],
    "policy_card_program": [PROGRAM],
    "policy_card_tiers": [
        {"card_tier": tier, "card_rank": str(rank), "points_multiplier": multiplier}
        for rank, (tier, multiplier) in enumerate(zip(TIERS, ("1", "1.1", "1.25", "1.5", "2"), strict=True))
    ],
    "policy_card_rules": card_rules(),
    "policy_card_floors": [{"card_tier": "platinum", "floor_years": "5", "floor_tier": "gold"}],
    "policy_benefits": [
        {"benefit": "parking", "from_rank": "1", "value": "2", "partner_id": ""},
        {"benefit": "lounge", "from_rank": "3", "value": "", "partner_id": "HOTEL"},
    ],
    "policy_overrides": [{"min_text_length": "10"}],
    "policy_override_reasons": [{"reason_code": "key_account", "max_days": "365"}],
    "policy_approvers": [{"approver": "*", "axis": "card", "tier": "*"}],
}
PARTNER_COLUMNS = (*COLUMNS, "source_system", "product_id", "partner_id")


def always(table: str, **cells: str) -> list[Row]:
    """The one row of a table, changed."""
    return [CLUB_TABLES[table][0] | cells]


@dataclass
class Membership(Tale):
    """Writes members and what happens to them."""

    def __post_init__(self) -> None:
        self.delivery = replace(self.delivery, transaction_columns=PARTNER_COLUMNS)

    def member(self, since: date | str, customer_id: str = "A", **cells: str) -> None:
        """Deliver a member."""
        self.customer(customer_id, member_since=str(since), **cells)

    def merge(self, from_id: str, to_id: str, day: date | str, **cells: str) -> None:
        """Deliver a merge."""
        row = {"from_customer_id": from_id, "to_customer_id": to_id, "link_type": "merge", "valid_from": str(day)}
        self.delivery.customer_identity.append(row | cells)

    def event(self, event_type: str, points: int | str, day: date | str, customer: str = "A", **cells: str) -> str:
        """Deliver an event of points and give its id."""
        event_id = f"E{len(self.delivery.points_events)}"
        row = {"event_id": event_id, "customer_id": customer, "event_type": event_type, "points": str(points)}
        self.delivery.points_events.append(row | {"event_at": f"{day} 12:00:00"} | cells)
        return event_id

    def override(self, kind: str, tier: str, first: date | str, last: date | str, **cells: str) -> str:
        """Deliver an approved override of the card and give its id."""
        override_id = f"O{len(self.delivery.tier_overrides)}"
        row = {"override_id": override_id, "customer_id": "A", "axis": "card", "kind": kind, "tier": tier}
        row |= {"reason_code": "key_account", "reason_text": "an important guest", "requested_by": "ann"}
        row |= {"approved_by": "bob", "approved_at": str(first), "valid_from": str(first), "valid_to": str(last)}
        self.delivery.tier_overrides.append(row | cells)
        return override_id

    def club(self, d: date | str = D, **tables: list[Row]) -> Club:
        """Points and cards at a day."""
        return club_of(self.delivery, Options(as_of_date=date.fromisoformat(str(d))), tables)


def club_of(delivery: Delivery, options: Options, tables: Tables | None = None) -> Club:
    """Points and cards of a delivery by the policy in memory."""
    return club_at(delivery, options, MadePolicy(CLUB_TABLES | (tables or {})))


def entries(club: Club, currency: str = "redeemable", account_id: str = "A") -> list[tuple[str, int, str]]:
    """Type, points and day of the entries, in their order."""
    rows = [row for row in club.ledger if row["account_id"] == account_id and row["currency"] == currency]
    return [(row["entry_type"], row["points"], row["entry_on"]) for row in rows]


def column(rows: dict[tuple[str, ...], Values], name: str, account_id: str = "A") -> list[tuple[str, object]]:
    """A column of the history of an account, by the first day of each period."""
    return [(key[1], row[name]) for key, row in rows.items() if key[0] == account_id]
