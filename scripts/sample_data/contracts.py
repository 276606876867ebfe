"""Contracts: homes and offices sold, and the leases, energy supplies and services that are billed monthly.

Contracts are numbered within the block in one sequence: first the sales, then the monthly ones.
"""

from dataclasses import dataclass

import numpy as np

from scripts.sample_data import calendars, catalogue, schema
from scripts.sample_data.catalogue import ENERGY, LEASE, PROPERTY_SALE, PROPERTY_SERVICE
from scripts.sample_data.columns import DAY, NULL, Frame, choose, concat, constant, expand, take
from scripts.sample_data.lines import CRITICAL, Lines
from scripts.sample_data.people import People
from scripts.sample_data.scenario import Scenario

SUBSCRIBED, SIGNED, ACTIVE, ENDED, CANCELLED, TERMINATED = range(6)
RESIDENTIAL, OFFICE, RETAIL, INDUSTRIAL, _ = range(5)
NOT_SIGNED_SHARE = 0.12
SIGNED_THEN_CANCELLED_SHARE = 0.06
JOINT_SHARE = 0.20
OWNER_TAKES_SHARE = 0.45  # of the buyers, after hand-over: property service, and energy
MEAN_MONTHS = {LEASE: (28, 44), ENERGY: (40, 48), PROPERTY_SERVICE: (34, 40)}  # (persons, companies)
DAYS_TO_FIRST_CONTRACT = 550  # on average, from the creation of the customer
DAYS_TO_SUBSCRIPTION = 700
EARLY_END_SHARE = 0.15
LEAVES_AFTER_CRITICAL_SHARE = 0.6
NEVER = 1 << 40  # a day that does not come


@dataclass(frozen=True)
class Sales:
    """Property sales, one element each; days are NULL where the step was not (or not yet) taken;
    `handover` is the planned day."""

    customer: np.ndarray
    product: np.ndarray
    property_type: np.ndarray
    total: np.ndarray  # hundredths
    area: np.ndarray  # hundredths of a square metre
    project: np.ndarray
    subscribed: np.ndarray
    signed: np.ndarray
    handover: np.ndarray
    cancelled: np.ndarray

    def __len__(self) -> int:
        return len(self.customer)


@dataclass(frozen=True)
class Monthly:
    """Contracts billed monthly, one element per term; `stop` is the last day of performance, NULL while it runs on."""

    customer: np.ndarray
    lob: np.ndarray
    product: np.ndarray
    start: np.ndarray
    term: np.ndarray  # months, NULL when open-ended
    stop: np.ndarray
    is_early: np.ndarray
    chain: np.ndarray  # position of the first term of the same chain
    is_renewal: np.ndarray
    rent: np.ndarray  # hundredths a month before the season
    area: np.ndarray

    def __len__(self) -> int:
        return len(self.customer)


def make_sales(scenario: Scenario, block: int, people: People, lines: Lines) -> Sales:
    """Draw the property sales of a block: subscription, signature, hand-over, and who withdraws when."""
    rng = scenario.rng(block, "sales")
    buyers = np.flatnonzero(lines.holds[:, PROPERTY_SALE])
    customer = buyers[expand(1 + (rng.random(len(buyers)) < 0.08))[0]]
    subscribed = np.maximum(people.created[customer], scenario.first_day)
    subscribed += rng.exponential(DAYS_TO_SUBSCRIPTION, len(customer)).astype(np.int64)
    kept = subscribed + 10 < people.horizon[customer]
    customer, subscribed = customer[kept], subscribed[kept]
    count = len(customer)
    is_company = people.is_company[customer]
    product = np.where(is_company, choose(rng, [35, 65], count) + 3, choose(rng, [12, 48, 40], count))
    price_of_home = np.exp(rng.normal(np.log(2_100_000), 0.45, count)) * np.array([1.9, 1.0, 0.75, 1, 1])[product]
    price_of_office = np.exp(rng.normal(np.log(13_000_000), 0.6, count))
    price = np.where(
        is_company, np.clip(price_of_office, 5_000_000, 60_000_000), np.clip(price_of_home, 1_000_000, 6_000_000)
    )
    signed = subscribed + rng.integers(7, 46, count)
    withdraws = rng.random(count)
    cancelled = np.where(
        withdraws < NOT_SIGNED_SHARE,
        subscribed + rng.integers(5, 30, count),
        np.where(
            withdraws < NOT_SIGNED_SHARE + SIGNED_THEN_CANCELLED_SHARE, signed + rng.integers(20, 240, count), NEVER
        ),
    )
    is_signed = (withdraws >= NOT_SIGNED_SHARE) & (signed <= people.horizon[customer])
    cancelled = np.where(cancelled <= people.horizon[customer], cancelled, NULL)
    # Homes that are not finished are handed over so late that every cancellation comes before.
    is_finished_home = (rng.random(count) < 0.4) & (cancelled == NULL)
    wait = np.where(is_finished_home, rng.integers(20, 90, count), rng.integers(250, 720, count))
    return Sales(
        customer=customer,
        product=product,
        property_type=np.where(is_company, OFFICE, RESIDENTIAL),
        total=np.round(price / 1000).astype(np.int64) * 100_000,
        area=np.round(price / np.where(is_company, 22_000, 25_000) * rng.uniform(0.8, 1.25, count)).astype(np.int64)
        * 100,
        project=rng.integers(0, len(catalogue.PROJECTS), count),
        subscribed=subscribed,
        signed=np.where(is_signed, signed, NULL),
        handover=np.where(is_signed, signed + wait, NULL),
        cancelled=cancelled,
    )


def make_monthly(scenario: Scenario, block: int, people: People, lines: Lines, sales: Sales) -> Monthly:
    """Draw the monthly contracts of a block: each holder of a line has a chain of terms until they leave."""
    rng = scenario.rng(block, "monthly")
    customer, lob, start = _holders(rng, scenario, people, lines, sales)
    count = len(customer)
    is_company = people.is_company[customer]
    mean = np.array([MEAN_MONTHS.get(i, (1, 1)) for i in range(5)])[lob, is_company.astype(int)]
    months = 2 + rng.exponential(mean * np.exp(0.3 * people.mood[customer])).astype(np.int64)
    months = _leave_after_complaint(rng, lines, customer, start, months)
    term = np.select(
        [lob == ENERGY, lob == LEASE], [NULL, np.where(is_company, 24, 12)], np.where(rng.random(count) < 0.5, 12, 24)
    )
    ends_early = (term != NULL) & (rng.random(count) < EARLY_END_SHARE)
    full_terms = np.where(term == NULL, months, -(-months // np.maximum(term, 1)) * np.maximum(term, 1))
    months = np.where(ends_early, months, full_terms)
    holder, ordinal = expand(np.where(term == NULL, 1, -(-months // np.maximum(term, 1))))
    first = np.arange(len(holder)) - ordinal

    term, months = term[holder], months[holder]
    term_start = calendars.add_months(start[holder], np.where(term == NULL, 0, ordinal * term))
    length = np.where(term == NULL, months, np.minimum(term, months - ordinal * term))
    is_early = length < term
    stop = calendars.add_months(term_start, length) - 1
    rent, area = _rents(rng, people, customer, lob)
    monthly = Monthly(
        customer=customer[holder],
        lob=lob[holder],
        product=_products_of(rng, is_company, lob)[holder],
        start=term_start,
        term=term,
        stop=stop,
        is_early=is_early,
        chain=first,
        is_renewal=ordinal > 0,
        rent=np.round(rent[holder] * 1.04**ordinal).astype(np.int64) * 100,
        area=area[holder],
    )
    return _known(scenario, people, monthly)


def _known(scenario: Scenario, people: People, monthly: Monthly) -> Monthly:
    """Only the terms that have started. Closing an account ends its contracts; ends in the future are not known yet."""
    horizon = people.horizon[monthly.customer]
    kept = monthly.start <= horizon
    position = np.cumsum(kept) - 1
    fields = {name: values[kept] for name, values in vars(monthly).items()}
    fields["chain"] = position[fields["chain"]]
    horizon = horizon[kept]
    leaves = (horizon < scenario.last_day) & (fields["stop"] > horizon)
    fields["is_early"] |= leaves
    fields["stop"] = np.where(leaves, horizon, np.where(fields["stop"] > scenario.last_day, NULL, fields["stop"]))
    fields["is_early"] &= fields["stop"] != NULL
    return Monthly(**fields)


def _holders(
    rng: np.random.Generator, scenario: Scenario, people: People, lines: Lines, sales: Sales
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customer, line and first day of each chain: those who hold the line, and owners after the hand-over."""
    parts = []
    for lob in (LEASE, ENERGY, PROPERTY_SERVICE):
        customer = np.flatnonzero(lines.holds[:, lob])
        start = np.maximum(people.created[customer], scenario.first_day - 600)
        start += rng.exponential(DAYS_TO_FIRST_CONTRACT, len(customer)).astype(np.int64)
        parts.append((customer, constant(lob, len(customer)), start))
    for lob in (ENERGY, PROPERTY_SERVICE):
        is_owner = (sales.handover != NULL) & (sales.cancelled == NULL)
        is_owner &= sales.handover < people.horizon[sales.customer]
        owners, first = np.unique(sales.customer[is_owner], return_index=True)
        takes = ~lines.holds[owners, lob] & (rng.random(len(owners)) < OWNER_TAKES_SHARE)
        parts.append((owners[takes], constant(lob, takes.sum()), sales.handover[is_owner][first][takes]))
    customer, lob, start = (np.concatenate(column) for column in zip(*parts, strict=True))
    has_begun = start < people.horizon[customer]
    customer, lob, start = customer[has_begun], lob[has_begun], start[has_begun]
    month = calendars.first_of_month(calendars.month_number(start))
    start = np.maximum(month + np.minimum(start - month, 27), people.created[customer])
    return customer, lob, start


def _leave_after_complaint(
    rng: np.random.Generator, lines: Lines, customer: np.ndarray, start: np.ndarray, months: np.ndarray
) -> np.ndarray:
    """A critical complaint makes most leave within half a year."""
    complained, severity = lines.complaint_day[customer], lines.complaint_severity[customer]
    until_then = (complained - start) // 30 + rng.integers(1, 7, len(customer))
    leaves = (complained > start) & (severity == CRITICAL) & (rng.random(len(customer)) < LEAVES_AFTER_CRITICAL_SHARE)
    return np.where(leaves, np.minimum(months, np.maximum(until_then, 1)), months)


def _products_of(rng: np.random.Generator, is_company: np.ndarray, lob: np.ndarray) -> np.ndarray:
    drawn = rng.random(len(lob))
    lease = np.where(is_company, 7 + (drawn > 0.55) + (drawn > 0.85), 5 + (drawn > 0.8))
    service = np.where(is_company, np.where(drawn < 0.7, 14, 13), np.where(drawn < 0.8, 12, 13))
    return np.select([lob == LEASE, lob == ENERGY], [lease, 10 + is_company], service)


def _rents(
    rng: np.random.Generator, people: People, customer: np.ndarray, lob: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Monthly price before the season, in units of the currency of the customer, and area in hundredths of a m2."""
    is_company = people.is_company[customer]
    median = np.select(
        [lob == LEASE, lob == ENERGY], [np.where(is_company, 38_000, 5_200), np.where(is_company, 7_000, 240)], 0
    ) + np.where(lob == PROPERTY_SERVICE, np.where(is_company, 4_500, 420), 0)
    low = median / np.where(is_company, 2.2, 1.9)
    spread = np.where(lob == LEASE, np.where(is_company, 1.1, 0.6), np.where(is_company, 0.7, 0.35))
    price = np.clip(np.exp(rng.normal(np.log(median), spread)), low, median * 5.5)
    per_m2 = np.select([lob == LEASE, lob == ENERGY], [85.0, 3.0], 4.5)
    return price / catalogue.USUAL_RATE[_currency(people, customer, lob)], np.round(price / per_m2).astype(
        np.int64
    ) * 100


def _currency(people: People, customer: np.ndarray, lob: np.ndarray) -> np.ndarray:
    """Foreign tenants pay their lease in their currency; energy and services are always in CNY."""
    return np.where(lob == LEASE, people.currency[customer], 0)


def bill_currency(people: People, monthly: Monthly) -> np.ndarray:
    """Currency of the bills of each monthly contract."""
    return _currency(people, monthly.customer, monthly.lob)


def contracts_frame(
    scenario: Scenario, block: int, people: People, sales: Sales, monthly: Monthly, serial: np.ndarray
) -> Frame:
    """All versions of all contracts: a new one is delivered each time a step is taken that changes the status."""
    rng = scenario.rng(block, "contract_rows")
    columns = [name for name in schema.TABLES["contracts"] if name not in ("source_system", "batch_id")]
    parts = _sale_versions(rng, people, sales, serial[: len(sales)])
    parts += _monthly_versions(rng, people, monthly, serial[len(sales) :])
    frame = concat(parts, columns)
    known = frame["recorded_at"] < (scenario.last_day + 1) * DAY
    return take(frame, known)


def _time(rng: np.random.Generator, days: np.ndarray) -> np.ndarray:
    """A moment in office hours of a day, NULL where the day is."""
    return np.where(days == NULL, NULL, days * DAY + rng.integers(9 * 3600, 17 * 3600, len(days)))


def _sale_versions(rng: np.random.Generator, people: People, sales: Sales, serial: np.ndarray) -> list[Frame]:
    count = len(sales)
    subscribed_at, signed_at, cancelled_at = (
        _time(rng, days) for days in (sales.subscribed, sales.signed, sales.cancelled)
    )
    subscribed = {
        "contract_id": serial,
        "customer_id": people.number[sales.customer],
        "lob": constant(PROPERTY_SALE, count),
        "product_id": sales.product,
        "status": constant(SUBSCRIBED, count),
        "subscribed_at": subscribed_at,
        "total_amount": sales.total,
        "currency": constant(0, count),
        "area_m2": sales.area,
        "project_id": sales.project,
        "unit_id": serial,
        "property_type": sales.property_type,
        "sales_person_id": 100 + rng.integers(0, 60, count),
        "recorded_at": subscribed_at + rng.integers(300, 6 * 3600, count),
    }
    signed = subscribed | {
        "status": constant(SIGNED, count),
        "signed_at": signed_at,
        "handover_date": sales.handover,
        "recorded_at": signed_at + rng.integers(300, 6 * 3600, count),
    }
    cancelled = signed | {
        "status": constant(CANCELLED, count),
        "handover_date": constant(NULL, count),
        "cancelled_at": cancelled_at,
        "recorded_at": cancelled_at + rng.integers(300, 6 * 3600, count),
    }
    return [subscribed, take(signed, sales.signed != NULL), take(cancelled, sales.cancelled != NULL)]


def _monthly_versions(rng: np.random.Generator, people: People, monthly: Monthly, serial: np.ndarray) -> list[Frame]:
    count = len(monthly)
    signed = np.maximum(monthly.start - rng.integers(3, 40, count), people.created[monthly.customer])
    signed_at = signed * DAY + rng.integers(9 * 3600, 17 * 3600, count)
    is_open_ended = monthly.term == NULL
    planned_end = calendars.add_months(monthly.start, np.where(is_open_ended, 0, monthly.term)) - 1
    project = rng.integers(0, len(catalogue.PROJECTS), count)[monthly.chain]
    lease_types = np.where(monthly.product == 8, RETAIL, np.where(monthly.product == 9, INDUSTRIAL, OFFICE))
    is_home = ~people.is_company[monthly.customer]
    started = {
        "contract_id": serial,
        "customer_id": people.number[monthly.customer],
        "lob": monthly.lob,
        "product_id": monthly.product,
        "status": np.where(monthly.start > signed, SIGNED, ACTIVE),
        "signed_at": signed_at,
        "start_date": monthly.start,
        "end_date": np.where(is_open_ended, NULL, planned_end),
        "term_months": monthly.term,
        "total_amount": np.where(is_open_ended, NULL, monthly.rent * monthly.term),
        "currency": bill_currency(people, monthly),
        "area_m2": monthly.area,
        "project_id": project,
        "unit_id": serial[monthly.chain],
        "property_type": np.where(is_home, RESIDENTIAL, np.where(monthly.lob == LEASE, lease_types, OFFICE)),
        "renewal_of_contract_id": np.where(monthly.is_renewal, serial - 1, NULL),
        "sales_person_id": np.where(monthly.lob == LEASE, 100 + rng.integers(0, 60, count), NULL),
        "recorded_at": signed_at + rng.integers(300, 6 * 3600, count),
    }
    is_terminated = monthly.is_early | (is_open_ended & (monthly.stop != NULL))
    stopped_at = np.where(monthly.stop == NULL, NULL, monthly.stop * DAY + rng.integers(18 * 3600, DAY, count))
    stopped = started | {
        "status": np.where(is_terminated, TERMINATED, ENDED),
        "cancelled_at": np.where(is_terminated, stopped_at, NULL),
        "recorded_at": stopped_at + rng.integers(60, 3600, count),
    }
    return [started, take(stopped, monthly.stop != NULL)]


def parties_frame(scenario: Scenario, block: int, people: People, sales: Sales, serial: np.ndarray) -> Frame:
    """Homes bought by two persons: equal or unequal shares that add up to 1."""
    rng = scenario.rng(block, "parties")
    is_joint = (sales.signed != NULL) & ~people.is_company[sales.customer] & (rng.random(len(sales)) < JOINT_SHARE)
    position = np.flatnonzero(is_joint)
    first = sales.customer[position]
    partner = rng.integers(0, len(people), len(position))
    is_person = ~people.is_company[partner] & (partner != first) & (people.created[partner] <= sales.signed[position])
    position, first, partner = position[is_person], first[is_person], partner[is_person]
    share = choose(rng, [70, 15, 15], len(position))
    share = np.array([50, 60, 70])[share]
    recorded_at = sales.signed[position] * DAY + 20 * 3600
    return {
        "contract_id": np.concatenate([serial[position], serial[position]]),
        "customer_id": people.number[np.concatenate([first, partner])],
        "share": np.concatenate([share, 100 - share]),
        "recorded_at": np.concatenate([recorded_at, recorded_at]),
    }
