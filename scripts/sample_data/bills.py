"""Bills of the monthly contracts, and the energy readings they rest on."""

from dataclasses import dataclass

import numpy as np

from scripts.sample_data import calendars, catalogue, contracts, schema
from scripts.sample_data.catalogue import ENERGY, LEASE
from scripts.sample_data.columns import DAY, NULL, Frame, choose, concat, constant, expand, take
from scripts.sample_data.contracts import Monthly
from scripts.sample_data.people import People
from scripts.sample_data.scenario import Scenario

HOME_TARIFF, BUSINESS_TARIFF = 0.58, 0.92  # CNY per kWh
TAX_PERCENT = np.array([9, 9, 13, 6, 6])  # by line of business, contained in the amount
POOR_PAYER_SHARE = 0.12
ARREARS_SHARE = 0.03  # contracts that stop paying for good
ESTIMATED_SHARE = 0.06
METER_REPLACED_SHARE = 0.003


@dataclass(frozen=True)
class Bills:
    """Bills as a frame of sale columns, and for each the position of its contract and its month (from 0)."""

    frame: Frame
    contract: np.ndarray
    month: np.ndarray
    kwh: np.ndarray  # thousandths, 0 outside energy


def make_bills(scenario: Scenario, block: int, people: People, monthly: Monthly, serial: np.ndarray) -> Bills:
    """One bill per contract and month of performance whose event lies in the history."""
    rng = scenario.rng(block, "bills")
    stop = np.where(monthly.stop == NULL, scenario.last_day, monthly.stop)
    months = calendars.month_number(stop) - calendars.month_number(monthly.start) + 1
    contract, month = expand(months)
    start = monthly.start[contract]
    period_start = calendars.add_months(start, month)
    period_end = calendars.add_months(start, month + 1) - 1
    is_energy = monthly.lob[contract] == ENERGY
    event_day = np.where(is_energy, period_end + rng.integers(1, 4, len(contract)), period_start)
    kept = (period_start <= stop[contract]) & (event_day >= scenario.first_day) & (event_day <= scenario.last_day)
    contract, month, period_start, period_end = (a[kept] for a in (contract, month, period_start, period_end))
    event = event_day[kept] * DAY + rng.integers(6 * 3600, 9 * 3600, kept.sum())
    period_end = np.minimum(period_end, np.maximum(stop[contract], period_start))
    amount, kwh = _amounts(rng, people, monthly, contract, period_start)
    customer, lob = monthly.customer[contract], monthly.lob[contract]
    frame = {
        "customer": customer,
        "contract_id": serial[contract],
        "lob": lob,
        "product_id": monthly.product[contract],
        "txn_type": constant(schema.BILL, len(contract)),
        "event_at": event,
        "period_start": period_start,
        "period_end": period_end,
        "quantity": np.where(lob == ENERGY, kwh, 1000),
        "gross_amount": amount,
        "discount_amount": constant(0, len(contract)),
        "tax_amount": amount * TAX_PERCENT[lob] // (100 + TAX_PERCENT[lob]),
        "amount": amount,
        "currency": contracts.bill_currency(people, monthly)[contract],
        "channel": np.where(rng.random(len(contract)) < 0.6, 5, 6),
    } | _payments(rng, scenario, people, monthly, contract, event, lob)
    return Bills(frame, contract, month, kwh)


def _amounts(
    rng: np.random.Generator, people: People, monthly: Monthly, contract: np.ndarray, period_start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Amount in hundredths, and energy used in thousandths of a kWh: rent is constant, energy follows the weather."""
    count = len(contract)
    rent = monthly.rent[contract]
    customer = monthly.customer[contract]
    city = people.city[customer]
    season = calendars.energy_season(period_start + 15, catalogue.CITY_TEMPERATURE[city], catalogue.CITY_SWING[city])
    used = rent / 100 * season * rng.lognormal(0, 0.09, count)
    tariff = np.where(people.is_company[customer], BUSINESS_TARIFF, HOME_TARIFF)
    is_energy = monthly.lob[contract] == ENERGY
    kwh = np.where(is_energy, np.round(used / tariff * 10), 0).astype(np.int64) * 100
    return np.where(is_energy, np.round(kwh * tariff / 10).astype(np.int64), rent), kwh


def _payments(
    rng: np.random.Generator,
    scenario: Scenario,
    people: People,
    monthly: Monthly,
    contract: np.ndarray,
    event: np.ndarray,
    lob: np.ndarray,
) -> Frame:
    """Due date, payment and status: most pay in time, some late, a few stop paying for good."""
    count = len(contract)
    days_to_pay = np.select([lob == LEASE, lob == ENERGY], [10, 20], 15)
    is_poor_payer = (rng.random(len(people)) < POOR_PAYER_SHARE)[monthly.customer[contract]]
    stops_paying = rng.random(len(monthly)) < ARREARS_SHARE
    span = np.where(monthly.stop == NULL, scenario.last_day, monthly.stop) - monthly.start
    last_paid = monthly.start + np.where(stops_paying, (span * rng.random(len(monthly))).astype(np.int64), 1 << 20)
    delay_days = np.where(
        rng.random(count) < np.where(is_poor_payer, 0.45, 0.06),
        days_to_pay + rng.exponential(18, count),
        days_to_pay * rng.random(count),
    )
    paid_at = event + (delay_days * DAY).astype(np.int64) + 600
    is_due_by_now = paid_at < (scenario.last_day + 1) * DAY
    is_paid = is_due_by_now & (event // DAY <= last_paid[contract]) & (rng.random(count) > 0.004)
    is_partial = is_paid & (rng.random(count) < 0.006)
    status = np.where(is_partial, schema.PARTIAL, np.where(is_paid, schema.PAID, schema.UNPAID))
    return {
        "due_date": event // DAY + days_to_pay,
        "paid_at": np.where(status == schema.PAID, paid_at, NULL),
        "payment_status": status,
    }


def readings_frame(
    scenario: Scenario, block: int, people: People, monthly: Monthly, bills: Bills, serial: np.ndarray
) -> Frame:
    """Meter readings behind the energy bills; an estimated one is followed by the actual one that replaces it."""
    rng = scenario.rng(block, "readings")
    billed = np.flatnonzero(monthly.lob[bills.contract] == ENERGY)
    contract = bills.contract[billed]
    count = len(billed)
    used = bills.kwh[billed]
    is_first = np.concatenate([[True], contract[1:] != contract[:-1]])[:count]
    is_replaced = ~is_first & (rng.random(count) < METER_REPLACED_SHARE)
    opening = rng.integers(0, 9_000_000, len(monthly))[contract]
    reading = _registers(used, is_first | is_replaced) + opening
    is_company = people.is_company[monthly.customer[contract]]
    has_time_of_use = is_company | (monthly.customer[contract] % 3 == 0)
    peak = (used * rng.uniform(0.25, 0.45, count)).astype(np.int64)
    valley = (used * rng.uniform(0.15, 0.35, count)).astype(np.int64)
    actual = {
        "meter_id": serial[contract],
        "period_start": bills.frame["period_start"][billed],
        "period_end": bills.frame["period_end"][billed],
        "customer_id": people.number[monthly.customer[contract]],
        "contract_id": serial[contract],
        "granularity": constant(0, count),
        "reading_value": reading,
        "consumption": used,
        "unit": constant(0, count),
        "read_type": choose(rng, [92, 0, 8], count),
        "meter_replaced": is_replaced.astype(np.int64),
        "peak_kwh": np.where(has_time_of_use, peak, NULL),
        "flat_kwh": np.where(has_time_of_use, used - peak - valley, NULL),
        "valley_kwh": np.where(has_time_of_use, valley, NULL),
        "tariff_code": np.where(is_company, 2, has_time_of_use.astype(np.int64)),
        "recorded_at": bills.frame["event_at"][billed] - 1800,
    }
    chosen = rng.random(count) < ESTIMATED_SHARE
    estimated = take(actual, chosen)
    shortfall = estimated["consumption"] // 20
    estimated |= {
        "reading_value": estimated["reading_value"] - shortfall,
        "consumption": estimated["consumption"] - shortfall,
        "read_type": constant(1, len(shortfall)),
        "recorded_at": estimated["recorded_at"] - rng.integers(3600, DAY, len(shortfall)),
        **{name: constant(NULL, len(shortfall)) for name in ("peak_kwh", "flat_kwh", "valley_kwh")},
    }
    return concat([actual, estimated], actual)


def _registers(used: np.ndarray, restarts: np.ndarray) -> np.ndarray:
    """Running total of the energy used since the meter was installed."""
    total = np.cumsum(used)
    before = np.where(restarts, total - used, 0)
    return total - np.maximum.accumulate(before)
