"""Small worlds for examples of the signals: a few rows, a policy in memory, and what a review at d may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.reference.books import Books
from tests.reference.delivery import POLICY_FOLDER, Delivery, Options
from tests.reference.oracle import first_known_dates
from tests.reference.policy import Policy
from tests.reference.registers import Contracts, Customers
from tests.reference.signals.world import World

D = date(2024, 12, 31)
Row = dict[str, str]
Tables = Mapping[str, list[Row]]
ALWAYS = {"policy_version": "1", "scenario_id": "live", "effective_from": "1990-01-01", "effective_to": ""}


def ago(days: int) -> date:
    """A day before D."""
    return D - timedelta(days=days)


class MadePolicy(Policy):
    """The policy of the seeds, with some tables replaced by rows that are always in force."""

    def __init__(self, tables: Tables) -> None:
        """`tables` are rows that are always in force, but for what they say of it themselves."""
        super().__init__(POLICY_FOLDER)
        self._tables |= {name: [ALWAYS | row for row in rows] for name, rows in tables.items()}


@dataclass
class Tale:
    """Writes rows; customers are delivered as soon as they are named."""

    delivery: Delivery = field(
        default_factory=lambda: Delivery(customers=[], transactions=[], transaction_columns=COLUMNS)
    )

    def customer(self, customer_id: str = "A", **cells: str) -> None:
        """Deliver a version of a customer."""
        self.delivery.customers.append({"customer_id": customer_id} | cells)

    def _known(self, customer_id: str) -> None:
        if all(row["customer_id"] != customer_id for row in self.delivery.customers):
            self.customer(customer_id)

    def sale(self, day: date, amount: str = "100", lob: str = "venue", customer: str = "A", **cells: str) -> str:
        """Deliver a purchase (unless the type says something else) and give its id."""
        self._known(customer)
        txn_id = f"T{len(self.delivery.transactions)}"
        row = {"txn_id": txn_id, "customer_id": customer, "event_at": day.isoformat(), "amount": amount, "lob": lob}
        self.delivery.transactions.append(row | {"txn_type": "purchase"} | cells)
        return txn_id

    def refund(self, txn_id: str, day: date, amount: str = "100", **cells: str) -> None:
        """Take a sale back."""
        sale = next(row for row in self.delivery.transactions if row["txn_id"] == txn_id)
        named = {"txn_type": "refund", "original_txn_id": txn_id}
        self.sale(day, amount, sale["lob"], sale["customer_id"], **(named | cells))

    def contract(self, lob: str = "lease", customer: str = "A", **cells: str) -> str:
        """Deliver a contract and give its id."""
        self._known(customer)
        contract_id = f"K{len(self.delivery.contracts)}"
        row = {"contract_id": contract_id, "customer_id": customer, "lob": lob, "status": "active"}
        self.delivery.contracts.append(row | cells)
        return contract_id

    def interaction(self, day: date, event_type: str = "page_view", customer: str = "A", **cells: str) -> None:
        """Deliver an interaction."""
        self._known(customer)
        row = {"interaction_id": f"I{len(self.delivery.interactions)}", "customer_id": customer}
        told = {"event_type": event_type, "event_at": f"{day} 10:00:00"}
        self.delivery.interactions.append(row | told | cells)

    def referral(self, referrer: str, referee: str, day: date | None, **cells: str) -> str:
        """Deliver a referral and give its id; an empty referee is none."""
        self._known(referrer)
        referral_id = f"R{len(self.delivery.referrals)}"
        row = {"referral_id": referral_id, "referrer_customer_id": referrer, "referee_customer_id": referee}
        told = {"referred_at": day.isoformat()} if day else {}
        self.delivery.referrals.append(row | told | cells)
        return referral_id

    def reading(self, start: str, consumption: str = "", meter: str = "M", customer: str = "A", **cells: str) -> None:
        """Deliver a reading of a meter."""
        if customer:
            self._known(customer)
        row = {"meter_id": meter, "customer_id": customer, "period_start": start, "consumption": consumption}
        self.delivery.energy_readings.append(row | cells)

    def world(self, d: date = D, tables: Tables | None = None, options: Options | None = None) -> World:
        """What a review at d may look at."""
        return world_of(self.delivery, options or Options(as_of_date=max(d, D)), d, tables)


def world_of(delivery: Delivery, options: Options, d: date, tables: Tables | None = None) -> World:
    """What a review at d may look at; `options` have an as_of_date."""
    policy = MadePolicy(SIGNAL_TABLES | dict(tables or {}))
    customers = Customers(delivery, options)
    contracts = Contracts(delivery, options, customers)
    books = Books(delivery, options, policy, customers, options.as_of_date)
    everybody = {c: customers.known_at(c, d) for c in customers.population(d, first_known_dates(books))}
    graded = {c: customer for c, customer in everybody.items() if customer.exclusion_reason is None}
    return World.at(d, delivery, options, books, policy, customers, contracts, graded, [d])


COLUMNS = (
    *("txn_id", "customer_id", "event_at", "amount", "lob", "txn_type", "direction", "original_txn_id"),
    *("contract_id", "order_id", "category", "quantity", "cost_amount", "currency", "channel", "gross_amount"),
    *("discount_amount", "payment_status", "paid_at", "due_date", "recorded_at"),
)
LIFECYCLE = {
    "owner_gap_days": "365",
    "min_occasions": "5",
    "rhythm_share": "0.8",
    "min_gap_factor": "0.5",
    "max_gap_factor": "2",
    "returned_days": "180",
    "return_gap_factor": "2",
    "churned_above": "3",
    "churn_min_days": "90",
    "dormant_above": "2",
    "decline_until": "0.7",
    "growth_from": "1.2",
    "exclude_run_off": "true",
}
LOYALTY = {
    "repeat_weight": "0.35",
    "tenure_weight": "0.25",
    "referral_weight": "0.20",
    "attitude_weight": "0.20",
    "tenure_full_days": "1826",
    "full_referrals": "2",
    "satisfied_attitude": "0.6",
    "neutral_attitude": "0.3",
    "high_from": "70",
    "medium_from": "40",
    "lead_days": "90",
    "conversion_days": "365",
}
ENERGY = {
    "gap_days": "3",
    "min_months": "6",
    "vacant_kwh": "5",
    "vacant_share": "0.5",
    "irregular_from": "0.8",
    "peak_from": "0.5",
    "night_from": "0.5",
    "summer_from": "1.5",
    "winter_from": "1.5",
    "baseload_from": "0.6",
    "base_hour_share": "0.1",
    "efficient_share": "0.2",
    "min_peers": "3",
}


def advice(code: str, priority: int, pattern: str = "any", state: str = "any", **cells: str) -> Row:
    """A row of policy_energy_advice."""
    row = {"advice_id": code, "priority": str(priority), "energy_pattern": pattern, "peer_state": state}
    return row | {"min_kwh": "0", "saving_pct": "0.1"} | cells


SIGNAL_TABLES: dict[str, list[Row]] = {
    "policy_lifecycle": [LIFECYCLE],
    "policy_loyalty": [LOYALTY],
    "policy_engagement": [{"bot_events_per_day": "3"}],
    "policy_energy": [ENERGY],
    "policy_energy_units": [
        {"unit": "kWh", "kwh_per_unit": "1"},
        {"unit": "MWh", "kwh_per_unit": "1000"},
        {"unit": "GJ", "kwh_per_unit": "277.777778"},
    ],
    "policy_energy_tariffs": [
        {"tariff_code": "DEFAULT", "price_per_kwh": "0.60"},
        {"tariff_code": "T2", "price_per_kwh": "0.85"},
    ],
    "policy_energy_area_bands": [
        {"area_band": "small", "from_m2": "0"},
        {"area_band": "large", "from_m2": "90"},
    ],
    "policy_energy_advice": [
        advice("cool", 1, "summer_cooling", "above"),
        advice("big", 2, min_kwh="1000"),
        advice("any", 3),
    ],
}
