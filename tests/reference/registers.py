"""Section 6 and the contracts of section 4: customers and contracts as a review knows them."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.reference.clocks import local_date
from tests.reference.delivery import Delivery, Options
from tests.reference.numbers import round_half_away
from tests.reference.text import normalise, parse_boolean, parse_date, parse_money, parse_number, parse_timestamp
from tests.reference.versions import Version, read_versions

CUSTOMER_CLOCKS = ("recorded_at", "updated_at", "created_at")
CUSTOMER_TYPES = {"person", "company"}
STATUSES = {"active", "closed", "deceased", "test", "staff"}
CONTRACT_STATUSES = {"subscribed", "signed", "active", "ended", "cancelled", "terminated"}
CONTRACT_LOBS = {"property_sale", "lease", "energy", "property_service"}
EXCLUDING_STATUSES = ("test", "staff", "deceased", "closed")
CONTACT_CHANNELS = {"app", "sms", "email", "phone", "wechat", "visit"}
INCOME_BANDS = {"low", "lower_mid", "mid", "upper_mid", "high"}
PROPERTY_TYPES = {"residential", "office", "retail", "industrial", "parking"}


@dataclass(frozen=True)
class Customer:
    """A customer as known at a review."""

    customer_type: str
    exclusion_reason: str | None
    marketing_consent: bool
    preferred_channel: str | None = None
    city: str | None = None
    income_band: str | None = None


class Customers:
    """The customers delivered, with all their versions."""

    def __init__(self, delivery: Delivery, options: Options) -> None:
        """`accepted` holds whom rows may name: who has an accepted row, or who has transactions if that is enough."""
        self._versions: dict[str, list[Version]] = defaultdict(list)
        self.accepted: set[str | None] = set()
        self._options = options
        for version in read_versions(delivery.customers, replace(options, knowledge_cutoff=None)):
            if self._is_acceptable(version.cells):
                self.accepted.add(version.cells["customer_id"])
        if options.admit_unknown_customers:
            self.accepted |= {normalise(row.get("customer_id")) for row in delivery.transactions} - {None}
        for version in read_versions(delivery.customers, options, told_by=CUSTOMER_CLOCKS):
            if self._is_acceptable(version.cells):
                self._versions[version.cells["customer_id"]].append(version)

    @staticmethod
    def _is_acceptable(cells: dict[str, str | None]) -> bool:
        return (
            cells.get("customer_id") is not None
            and (cells.get("customer_type") or "person") in CUSTOMER_TYPES
            and (cells.get("status") or "active") in STATUSES
        )

    def is_accepted(self, customer_id: str | None) -> bool:
        """Whether rows may name this customer."""
        return customer_id in self.accepted

    def versions(self, customer_id: str) -> list[Version]:
        """The accepted versions of a customer, the one recorded last at the end."""
        return self._versions.get(customer_id, [])

    def population(self, d: date, first_known: dict[str, date]) -> list[str]:
        """Everybody known at d: by a record, or by the first accepted transaction."""
        by_record = {c for c, versions in self._versions.items() if any(self._is_on_record(v, d) for v in versions)}
        by_transaction = {c for c, day in first_known.items() if day <= d}
        return sorted(by_record | by_transaction)

    def _is_on_record(self, version: Version, d: date) -> bool:
        """Whether any clock of the row says that the customer was known at d."""
        options = self._options
        told = [version.cells.get(column) for column in CUSTOMER_CLOCKS]
        moments = [parse_timestamp(text, options.source_timezone, options.date_order) for text in told]
        days = [local_date(moment, options.business_tz) for moment in moments if moment is not None]
        return min(days, default=d) <= d

    def known_at(self, customer_id: str, d: date) -> Customer:
        """The customer as known at d: per column the last value that is not null.

        Where no version is known yet, the customer is of the type of the first, active, and has said nothing.
        """
        versions = self._versions.get(customer_id, [])
        cells: dict[str, str] = {}
        for version in versions:
            if version.is_known(d):
                cells |= {column: value for column, value in version.cells.items() if _is_told(column, value)}
        if not cells and versions:
            cells = {"customer_type": versions[0].cells.get("customer_type") or "person"}
        status = cells.get("status", "active")
        if status in EXCLUDING_STATUSES:
            reason = status
        elif parse_boolean(cells.get("profiling_consent")) is False:
            reason = "profiling_consent_withdrawn"
        else:
            reason = None
        return Customer(
            customer_type=cells.get("customer_type", "person"),
            exclusion_reason=reason,
            marketing_consent=parse_boolean(cells.get("marketing_consent")) is True,
            preferred_channel=cells.get("preferred_channel"),
            city=cells.get("city"),
            income_band=cells.get("income_band"),
        )


def _is_told(column: str, value: str | None) -> bool:
    """Whether a version says something in a column; a channel or income that nobody knows is none."""
    codes = {"preferred_channel": CONTACT_CHANNELS, "income_band": INCOME_BANDS}
    return value is not None and (column not in codes or value in codes[column])


@dataclass(frozen=True)
class Contract:
    """A contract as known at a review. `ends_on` is the earlier of its end (`end_date`) and its cancellation.

    `agreed_on` is the day it was subscribed, else signed, else started, else recorded.

    `area_m2` is a multiple of 0.01 square metres.
    """

    contract_id: str
    customer_id: str | None
    lob: str | None
    status: str | None
    starts_on: date | None
    ends_on: date | None
    cancelled_on: date | None
    handover_date: date | None
    total_cents: int | None
    end_date: date | None = None
    term_months: int | None = None
    area_m2: Fraction | None = None
    property_type: str | None = None
    agreed_on: date | None = None

    def is_active(self, d: date) -> bool:
        """Whether the contract runs on d, first and last day included."""
        is_begun = self.starts_on is not None and self.starts_on <= d
        return self.status != "subscribed" and is_begun and (self.ends_on is None or d <= self.ends_on)


class Contracts:
    """The contracts delivered, with all their versions."""

    def __init__(self, delivery: Delivery, options: Options, customers: Customers) -> None:
        """Rows that break a rule are left out. `accepted` holds the ids of the others, whenever they were recorded."""
        self._options = options
        self._customers = customers
        of_all_times = read_versions(delivery.contracts, replace(options, knowledge_cutoff=None))
        self.accepted = {v.cells["contract_id"] for v in of_all_times if self._is_acceptable(v.cells)}
        self._versions = [v for v in read_versions(delivery.contracts, options) if self._is_acceptable(v.cells)]

    def _is_acceptable(self, cells: dict[str, str | None]) -> bool:
        start, end = self._date(cells.get("start_date")), self._date(cells.get("end_date"))
        total = parse_money(cells.get("total_amount"))
        return (
            cells.get("contract_id") is not None
            and self._customers.is_accepted(cells.get("customer_id"))
            and cells.get("lob") in CONTRACT_LOBS
            and cells.get("status") in CONTRACT_STATUSES
            and not (start and end and end < start)
            and (cells.get("total_amount") is None or (total is not None and total >= 0))
        )

    def known_at(self, d: date) -> dict[str, Contract]:
        """Each contract in the version recorded last among those known at d."""
        return {v.cells["contract_id"]: self._read(v) for v in self._versions if v.is_known(d)}

    def versions_of(self, contract_id: str) -> list[tuple[date | None, Contract]]:
        """The versions of a contract with the days they were recorded on, the one recorded last at the end."""
        own = (version for version in self._versions if version.cells["contract_id"] == contract_id)
        return [(version.recorded_on, self._read(version)) for version in own]

    def _read(self, version: Version) -> Contract:
        cells = version.cells
        cancelled_on = self._local(cells.get("cancelled_at"))
        if cancelled_on is None and self._is_over_since_unknown(version):
            cancelled_on = version.recorded_on
        end_date, term_months = self._date(cells.get("end_date")), parse_number(cells.get("term_months"))
        area = parse_number(cells.get("area_m2"))
        start_date, signed_on = self._date(cells.get("start_date")), self._local(cells.get("signed_at"))
        property_type = cells.get("property_type")
        ends = [day for day in (end_date, cancelled_on) if day is not None]
        return Contract(
            contract_id=cells["contract_id"],
            customer_id=cells.get("customer_id"),
            lob=cells.get("lob"),
            status=cells.get("status"),
            starts_on=start_date or signed_on,
            ends_on=min(ends, default=None),
            cancelled_on=cancelled_on,
            handover_date=self._date(cells.get("handover_date")),
            total_cents=parse_money(cells.get("total_amount")),
            end_date=end_date,
            term_months=None if term_months is None else int(term_months),
            area_m2=None if area is None else Fraction(round_half_away(area * 100), 100),
            property_type=property_type if property_type in PROPERTY_TYPES else None,
            agreed_on=self._local(cells.get("subscribed_at")) or signed_on or start_date or version.recorded_on,
        )

    def _is_over_since_unknown(self, version: Version) -> bool:
        """Cancelled, or over without an end, or terminated before the planned one."""
        status, end = version.cells["status"], self._date(version.cells.get("end_date"))
        if end is None:
            return status in ("cancelled", "ended", "terminated")
        is_early = version.recorded_on is not None and version.recorded_on < end
        return status == "cancelled" or (status == "terminated" and is_early)

    def _date(self, text: str | None) -> date | None:
        return parse_date(text, self._options.date_order)

    def _local(self, text: str | None) -> date | None:
        moment = parse_timestamp(text, self._options.source_timezone, self._options.date_order)
        return local_date(moment, self._options.business_tz) if moment else None
