"""The reference of energy readings and months against examples computed by hand, at the edges of their rules."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from signal_worlds import ENERGY, D, Row, Tale, ago
from tests.reference.delivery import Options
from tests.reference.signals import energy, energy_readings
from tests.reference.signals.energy_months import days_by_month, month_of, valid_months, window_months
from tests.reference.signals.energy_readings import accepted_readings
from tests.reference.signals.world import Values


def kwh_of(tale: Tale, d: date = D, options: Options | None = None) -> dict[str, str | None]:
    """The kWh of each reading that counts, by its first day."""
    found = energy_readings.rows(tale.world(d, options=options))
    told = {f"{r.meter_id} {r.start_date}": r.kwh for r in found}
    return {name: None if kwh is None else str(Decimal(int(kwh * 1000)).scaleb(-3)) for name, kwh in told.items()}


def accepted(tale: Tale) -> int:
    """How many rows are accepted."""
    return len(accepted_readings(tale.world()))


def months(tale: Tale, d: date = D) -> dict[str, str]:
    """The kWh of the valid months of customer A."""
    own = [reading for reading in energy_readings.rows(tale.world(d)) if reading.customer_id == "A"]
    found = valid_months(own, 3, d)
    return {f"{m // 12}-{m % 12 + 1:02d}": f"{float(kwh):g}" for m, kwh in found.items()}


def year(kwh: str = "100", meter: str = "M", customer: str = "A", year: int = 2024, **cells: str) -> Tale:
    """Twelve months of a meter; several numbers are those of January and so on."""
    tale = Tale()
    add_year(tale, kwh, meter, customer, year, **cells)
    return tale


def add_year(
    tale: Tale, kwh: str = "100", meter: str = "M", customer: str = "A", year: int = 2024, **cells: str
) -> None:
    """Twelve months of a meter; x is a month without a reading."""
    told = kwh.split() if " " in kwh else [kwh] * 12
    for month, consumption in enumerate(told, 1):
        if consumption != "x":
            tale.reading(f"{year}-{month:02d}-01", consumption, meter, customer, **cells)


def row_of(tale: Tale, d: date = D, customer: str = "A", **tables: list[Row]) -> Values | None:
    """The row of a customer; None where there is none."""
    return energy.rows(tale.world(d, tables)).get((d.isoformat(), customer))


# --- Which readings are accepted


@pytest.mark.parametrize(
    ("cells", "is_accepted"),
    [
        ({}, True),
        ({"meter_id": "-"}, False),
        ({"period_start": "soon"}, False),
        ({"period_start": ""}, False),
        ({"period_end": "2024-10-31"}, False),
        ({"period_end": "2024-11-01"}, True),
        ({"period_end": "2024-11-01 00:00:00"}, True),
        ({"period_end": "2024-10-31 23:59:59"}, False),
        ({"period_start": "2024-11-01 09:00:00", "period_end": "2024-10-31"}, False),
        ({"period_start": "2024-11-01 00:00:00", "period_end": "2024-11-01 00:00:00", "granularity": "day"}, True),
        ({"period_end": "2024-11-02 00:00:00"}, True),
        ({"period_start": "2024-11-01 09:00:00", "period_end": "2024-11-01 08:59:59"}, False),
        ({"period_start": "2024-11-01 09:00:00", "period_end": "2024-11-01 09:00:00"}, True),
        ({"period_start": "2024-11-01 09:00:00", "period_end": "2024-11-01"}, True),
        ({"period_start": "2024-11-01 09:00:00", "period_end": "2024-11-01", "granularity": "h"}, True),
        ({"period_start": "2024-11-01 09:00:00", "period_end": "2024-10-31", "granularity": "h"}, False),
        ({"period_start": "2024-11-01 25:00:00"}, False),
        ({"period_end": "later"}, True),
        ({"consumption": ""}, False),
        ({"consumption": "much"}, False),
        ({"consumption": "much", "reading_value": "5"}, True),
        ({"consumption": "", "reading_value": "much"}, False),
        ({"consumption": "0"}, True),
        ({"consumption": "-0.000001"}, False),
        ({"consumption": "-0.0000004"}, True),
        ({"consumption": "1000000000"}, False),
        ({"consumption": "", "reading_value": "1000000000"}, False),
        ({"consumption": "-1", "reading_value": "5"}, False),
        ({"unit": "cal"}, False),
        ({"unit": "mwh"}, True),
        ({"granularity": "week"}, False),
        ({"granularity": "day"}, True),
        ({"granularity": "Hourly"}, True),
        ({"granularity": "月"}, True),
        ({"unit": "度"}, True),
        ({"unit": "吨标煤"}, True),
        ({"unit": "-"}, True),
        ({"customer_id": "nobody"}, False),
        ({"customer_id": ""}, False),
        ({"customer_id": "", "contract_id": "K0"}, True),
        ({"customer_id": "nobody", "contract_id": "K0"}, True),
        ({"customer_id": "", "contract_id": "K9"}, False),
    ],
)
def test_readings_that_break_a_rule(cells: dict[str, str], is_accepted: bool) -> None:
    tale = Tale()
    tale.contract("energy", "B", start_date="2024-01-01")
    tale.reading("2024-11-01", "100")
    tale.delivery.energy_readings[0] |= cells
    assert accepted(tale) == int(is_accepted)


def test_a_reading_belongs_to_the_customer_of_the_row_else_of_the_contract() -> None:
    tale = Tale()
    contract_id = tale.contract("energy", "B", start_date="2024-01-01")
    tale.reading("2024-11-01", "1", "M1", "A", contract_id=contract_id)
    tale.reading("2024-11-01", "1", "M2", "", contract_id=contract_id)
    found = {r.meter_id: r.customer_id for r in accepted_readings(tale.world())}
    assert found == {"M1": "A", "M2": "B"}


def test_the_customer_of_a_contract_is_that_of_the_version_known_at_d() -> None:
    tale = Tale()
    tale.customer("C")
    contract_id = tale.contract("energy", "B", start_date="2024-01-01", recorded_at="2024-10-10 12:00:00")
    moved = tale.delivery.contracts[0] | {"customer_id": "C", "recorded_at": "2024-12-01 12:00:00"}
    tale.delivery.contracts.append(moved)
    tale.reading("2024-08-01", reading_value="100", customer="", contract_id=contract_id)
    tale.reading("2024-09-01", reading_value="130", customer="", customer_id="nobody", contract_id=contract_id)

    def owners(d: date) -> list[tuple[str | None, Fraction | None]]:
        return [(reading.customer_id, reading.kwh) for reading in energy_readings.rows(tale.world(d))]

    assert owners(date(2024, 10, 9)) == [(None, None), (None, 30)]
    assert owners(date(2024, 10, 10)) == [("B", None), ("B", 30)]
    assert owners(date(2024, 12, 1)) == [("C", None), ("C", 30)]
    assert energy.rows(tale.world(date(2024, 10, 9))) == {}


def registers(*values: str, **cells: str) -> Tale:
    """A meter read at the end of months from September on."""
    tale = Tale()
    for month, value in enumerate(values, 9):
        tale.reading(f"2024-{month:02d}-01", reading_value=value, **cells)
    return tale


def test_a_register_below_that_of_the_period_before_is_rejected() -> None:
    assert accepted(registers("100", "100", "150")) == 3
    assert accepted(registers("100", "99.999", "150")) == 2
    assert accepted(registers("100", "50", meter_replaced="yes")) == 2
    assert kwh_of(registers("100", "99", "150")) == {"M 2024-09-01": None, "M 2024-11-01": "50.000"}


def test_a_register_below_the_one_before_gives_no_kwh_while_that_is_what_is_known() -> None:
    tale = registers("100", "90", "150")
    tale.reading("2024-09-01", reading_value="80", recorded_at="2024-12-10 12:00:00")
    assert kwh_of(tale, date(2024, 12, 9)) == {
        "M 2024-09-01": None,
        "M 2024-10-01": None,
        "M 2024-11-01": "60.000",
    }
    assert kwh_of(tale)["M 2024-10-01"] == "10.000"


def test_consumption_makes_a_lower_register_good() -> None:
    tale = registers("100", "50")
    tale.delivery.energy_readings[1] |= {"consumption": "7"}
    assert kwh_of(tale) == {"M 2024-09-01": None, "M 2024-10-01": "7.000"}


def test_the_last_version_of_each_period_says_whether_a_register_runs_backwards() -> None:
    tale = registers("100", "90")
    tale.reading("2024-09-01", reading_value="80", recorded_at="2024-12-01 12:00:00")
    assert accepted(tale) == 3
    tale.reading("2024-10-01", reading_value="70", recorded_at="2024-12-01 12:00:00")
    assert accepted(tale) == 3  # the version that is last is rejected, the one before it stays
    assert kwh_of(tale) == {"M 2024-09-01": None, "M 2024-10-01": "10.000"}


def test_a_reading_that_waits_for_its_customer_is_one_of_the_meter_when_registers_are_judged() -> None:
    tale = registers("100", "150", "120")
    assert accepted(tale) == 2
    tale.delivery.energy_readings[1] |= {"customer_id": "nobody"}
    assert accepted(tale) == 1
    assert kwh_of(tale) == {"M 2024-09-01": None}


def test_of_readings_equal_to_the_letter_the_first_counts() -> None:
    tale = Tale()
    for consumption in ("1", "2", "1"):
        tale.reading("2024-10-01", consumption)
    assert accepted(tale) == 2
    assert kwh_of(tale) == {"M 2024-10-01": "2.000"}
    tale.reading("2024-10-01", "1.0")
    assert kwh_of(tale) == {"M 2024-10-01": "1.000"}


def test_a_period_that_ends_as_it_begins_lies_on_its_day() -> None:
    tale = Tale()
    tale.reading("2024-11-01 00:00:00", "1", period_end="2024-11-01 00:00:00")
    (found,) = energy_readings.rows(tale.world())
    assert (found.start_date, found.end_date) == (date(2024, 11, 1), date(2024, 11, 1))


# --- Which version counts


def test_actual_and_customer_readings_come_before_estimated_ones() -> None:
    tale = Tale()
    tale.reading("2024-10-01", "1", read_type="estimated", recorded_at="2024-11-20 12:00:00")
    tale.reading("2024-10-01", "2", read_type="customer", recorded_at="2024-11-10 12:00:00")
    tale.reading("2024-10-01", "3", read_type="actual", recorded_at="2024-11-05 12:00:00")
    tale.reading("2024-10-01", "4", read_type="estimated")
    assert kwh_of(tale, date(2024, 10, 31)) == {"M 2024-10-01": "4.000"}
    assert kwh_of(tale, date(2024, 11, 5)) == {"M 2024-10-01": "3.000"}
    assert kwh_of(tale) == {"M 2024-10-01": "2.000"}


def test_of_readings_recorded_at_one_time_the_later_line_counts() -> None:
    tale = Tale()
    tale.reading("2024-10-01", "1", recorded_at="2024-11-05 12:00:00")
    tale.reading("2024-10-01 00:00:00", "2", recorded_at="2024-11-05 12:00:00")
    tale.reading("2024-10-01", "3")
    assert kwh_of(tale) == {"M 2024-10-01": "2.000"}


@pytest.mark.parametrize(
    ("cells", "known_from"),
    [
        ({}, "2024-10-31"),
        ({"period_end": "2024-10-20"}, "2024-10-20"),
        ({"granularity": "day"}, "2024-10-01"),
        ({"granularity": "hour"}, "2024-10-01"),
        ({"period_end": "2024-10-21 00:00:00"}, "2024-10-20"),
        ({"period_end": "2024-10-21 00:00:01"}, "2024-10-21"),
        ({"period_end": "2024-10-20T16:00:00Z"}, "2024-10-20"),
        ({"period_end": "2024-10-03", "granularity": "hour"}, "2024-10-01"),
        ({"recorded_at": "2024-10-05 12:00:00"}, "2024-10-31"),
        ({"recorded_at": "2024-11-05 12:00:00"}, "2024-11-05"),
    ],
)
def test_a_reading_is_known_at_the_end_of_its_period_and_when_it_is_recorded(
    cells: dict[str, str], known_from: str
) -> None:
    tale = Tale()
    tale.reading("2024-10-01", "1", **cells)
    first = date.fromisoformat(known_from)
    assert len(kwh_of(tale, first)) == 1
    assert len(kwh_of(tale, first - timedelta(days=1))) == 0


def test_what_the_cutoff_hides_is_not_there() -> None:
    tale = Tale()
    tale.reading("2024-10-01", "1", read_type="estimated")
    tale.reading("2024-10-01", "2", recorded_at="2024-11-05 12:00:00")
    options = Options(as_of_date=D, knowledge_cutoff="2024-11-05 03:59:59")
    assert kwh_of(tale, options=options) == {"M 2024-10-01": "1.000"}


@pytest.mark.parametrize(("cutoff", "count"), [("2024-10-30 15:59:59", 0), ("2024-10-30 16:00:00", 1)])
def test_without_a_recording_time_the_cutoff_looks_at_the_beginning_of_the_last_day(cutoff: str, count: int) -> None:
    tale = Tale()
    tale.reading("2024-10-01", "1")
    assert len(kwh_of(tale, options=Options(as_of_date=D, knowledge_cutoff=cutoff))) == count


def test_a_contract_that_the_cutoff_hides_makes_its_reading_one_of_the_meter() -> None:
    tale = registers("100", "150", "170")
    contract_id = tale.contract("energy", "B", start_date="2024-01-01", recorded_at="2024-12-10 12:00:00")
    tale.delivery.energy_readings[1] |= {"customer_id": "", "contract_id": contract_id}
    options = Options(as_of_date=D, knowledge_cutoff="2024-12-01 00:00:00")
    assert kwh_of(tale, options=options)["M 2024-11-01"] == "20.000"


# --- kWh


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"consumption": "12.345"}, "12.345"),
        ({"consumption": "0.012", "unit": "MWh"}, "12.000"),
        ({"consumption": "0.0925", "unit": "MWh"}, "92.500"),
        ({"consumption": "0.1234565", "unit": "MWh"}, "123.457"),
        ({"reading_value": "100.000400"}, "0.000"),
        ({"reading_value": "100.000500"}, "0.001"),
        ({"consumption": "999999999"}, "999999999.000"),
        ({"consumption": "1", "unit": "GJ"}, "277.778"),
        ({"consumption": "1", "unit": "吉焦"}, "277.778"),
        ({"consumption": "2", "unit": "兆瓦时"}, "2000.000"),
        ({"consumption": "2", "unit": "千瓦时"}, "2.000"),
        ({"consumption": "2", "unit": "m³"}, None),  # there is no such unit in this policy
        ({"reading_value": "100.001", "unit": "GJ"}, "0.278"),
        ({"consumption": "5", "reading_value": "900"}, "5.000"),
        ({"reading_value": "150"}, "50.000"),
        ({"reading_value": "150", "meter_replaced": "true"}, "150.000"),
        ({"reading_value": "20", "meter_replaced": "1"}, "20.000"),
        ({"reading_value": "150", "meter_replaced": "no"}, "50.000"),
    ],
)
def test_kwh_is_consumption_else_the_difference_of_registers(cells: dict[str, str], expected: str | None) -> None:
    tale = registers("100")
    tale.reading("2024-10-01", **cells)
    assert kwh_of(tale)["M 2024-10-01"] == expected


def test_the_first_reading_of_a_replaced_meter_counts_from_0() -> None:
    assert kwh_of(registers("30", "50", meter_replaced="1")) == {"M 2024-09-01": "30.000", "M 2024-10-01": "50.000"}


@pytest.mark.parametrize(("start", "expected"), [("2024-10-31", "10.000"), ("2024-11-01", "20.000")])
def test_the_factor_of_a_unit_is_that_of_the_first_day(start: str, expected: str) -> None:
    units = [
        {"unit": "kWh", "kwh_per_unit": "1", "effective_to": "2024-11-01"},
        {"unit": "kWh", "kwh_per_unit": "2", "effective_from": "2024-11-01"},
    ]
    tale = Tale()
    tale.reading(start, "10", period_end="2024-11-20")
    (found,) = energy_readings.rows(tale.world(D, {"policy_energy_units": units}))
    assert f"{float(found.kwh):.3f}" == expected


def test_dates_are_what_they_say_in_every_time_zone() -> None:
    tale = Tale()
    tale.reading("2024-10-01", "1", period_end="2024-10-31")
    tale.reading("2024-10-31 18:00:00", "2", "N", period_end="2024-11-30 16:00:00")
    options = Options(as_of_date=D, source_timezone="UTC")
    found = energy_readings.rows(tale.world(options=options))
    assert [(r.starts.isoformat()[:16], r.end_date.isoformat()) for r in found] == [
        ("2024-10-01T00:00", "2024-10-31"),
        ("2024-11-01T02:00", "2024-11-30"),
    ]


def test_registers_are_those_of_one_meter_in_order_of_their_periods() -> None:
    tale = registers("100", "130")
    tale.reading("2024-08-01", reading_value="60")
    tale.reading("2024-09-15", reading_value="500", meter="N")
    assert kwh_of(tale) == {
        "M 2024-08-01": None,
        "M 2024-09-01": "40.000",
        "M 2024-10-01": "30.000",
        "N 2024-09-15": None,
    }


def test_after_consumption_alone_a_register_starts_from_nothing_known() -> None:
    tale = registers("100")
    tale.reading("2024-10-01", "30")
    tale.reading("2024-11-01", reading_value="180")
    assert kwh_of(tale) == {"M 2024-09-01": None, "M 2024-10-01": "30.000", "M 2024-11-01": None}


def test_an_estimate_that_is_replaced_moves_the_next_difference_too() -> None:
    tale = registers("100")
    tale.reading("2024-10-01", reading_value="130", read_type="estimated")
    tale.reading("2024-10-01", reading_value="120", recorded_at="2024-12-05 12:00:00")
    tale.reading("2024-11-01", reading_value="170")
    assert kwh_of(tale, date(2024, 12, 4)) == {
        "M 2024-09-01": None,
        "M 2024-10-01": "30.000",
        "M 2024-11-01": "40.000",
    }
    assert kwh_of(tale)["M 2024-10-01"] == "20.000"
    assert kwh_of(tale)["M 2024-11-01"] == "50.000"


# --- Months


def test_days_by_month() -> None:
    found = dict(days_by_month(date(2023, 12, 31), date(2024, 3, 1)))
    assert found == {24287: 1, 24288: 31, 24289: 29, 24290: 1}
    assert month_of(date(2024, 1, 1)) == 24288


@pytest.mark.parametrize(
    ("d", "last"),
    [("2024-12-31", "2024-12"), ("2024-12-30", "2024-11"), ("2024-02-29", "2024-02"), ("2024-02-28", "2024-01")],
)
def test_the_window_ends_with_the_last_complete_month(d: str, last: str) -> None:
    window = window_months(date.fromisoformat(d))
    assert len(window) == 12
    assert f"{window[-1] // 12}-{window[-1] % 12 + 1:02d}" == last


def test_a_reading_is_spread_over_the_days_of_its_months() -> None:
    tale = Tale()
    tale.reading("2024-10-17", "100", period_end="2024-12-15")  # 60 days: 15, 30 and 15
    tale.reading("2024-10-01", "16", period_end="2024-10-16")
    tale.reading("2024-12-16", "1", period_end="2024-12-31")
    assert months(tale) == {"2024-10": "41", "2024-11": "50", "2024-12": "26"}


def test_each_part_is_rounded() -> None:
    tale = Tale()
    tale.reading("2024-10-31", "0.005", period_end="2024-11-30")  # 1/31 and 30/31: 0.000 and 0.005
    tale.reading("2024-10-01", "1", period_end="2024-10-30")
    assert months(tale) == {"2024-10": "1", "2024-11": "0.005"}


@pytest.mark.parametrize(("first", "is_valid"), [(1, True), (2, True), (4, True), (5, False)])
def test_up_to_three_days_may_be_missing(first: int, is_valid: bool) -> None:
    tale = Tale()
    tale.reading(f"2024-11-{first:02d}", "10")
    assert ("2024-11" in months(tale)) is is_valid


@pytest.mark.parametrize(("last", "is_valid"), [(3, True), (4, False)])
def test_up_to_three_days_may_be_there_twice(last: int, is_valid: bool) -> None:
    tale = Tale()
    tale.reading("2024-10-01", "10", period_end=f"2024-11-{last:02d}")
    tale.reading("2024-11-01", "30")
    assert ("2024-11" in months(tale)) is is_valid


def test_a_meter_that_is_not_complete_spoils_the_month_of_the_customer() -> None:
    tale = Tale()
    for month in ("2024-10", "2024-11"):
        tale.reading(f"{month}-01", "10")
    tale.reading("2024-11-01", "5", "N")
    assert months(tale) == {"2024-10": "10", "2024-11": "15"}
    tale.delivery.energy_readings[2] |= {"period_end": "2024-11-20"}
    assert months(tale) == {"2024-10": "10"}


def test_a_first_register_spoils_its_month() -> None:
    tale = Tale()
    for month in ("2024-10", "2024-11"):
        tale.reading(f"{month}-01", "10")
        tale.reading(f"{month}-01", "", "N", reading_value="700")
    assert months(tale) == {"2024-11": "10"}


def test_a_meter_that_changes_hands_is_complete_for_nobody() -> None:
    tale = Tale()
    tale.reading("2024-10-01", "10")
    tale.reading("2024-11-01", "10", period_end="2024-11-15")
    tale.reading("2024-11-16", "10", customer="B")
    assert months(tale) == {"2024-10": "10"}


def test_hours_and_days_make_a_month() -> None:
    tale = Tale()
    for day in range(1, 31):
        tale.reading(f"2024-11-{day:02d}", "2", granularity="day")
        for hour in range(24):
            tale.reading(f"2024-10-{day:02d} {hour:02d}:00:00", "0.5", granularity="hour")
    assert months(tale) == {"2024-10": "360", "2024-11": "60"}
    del tale.delivery.energy_readings[: 25 * 3]
    assert months(tale) == {"2024-11": "54"}


def test_months_that_are_not_over_do_not_count() -> None:
    tale = Tale()
    tale.reading("2024-11-01", "10", granularity="month")
    tale.reading("2024-12-01", "10", period_end="2024-12-29")
    assert months(tale, date(2024, 12, 30)) == {"2024-11": "10"}
    assert months(tale) == {"2024-11": "10", "2024-12": "10"}


# --- Who has a row, and what it measures


def test_customers_with_a_contract_or_readings_have_a_row() -> None:
    tale = Tale()
    tale.contract("energy", "A", start_date=ago(0).isoformat())
    tale.contract("energy", "B", start_date=ago(-1).isoformat())
    tale.contract("energy", "C", start_date=ago(9).isoformat(), status="subscribed")
    tale.contract("lease", "E", start_date=ago(9).isoformat())
    tale.contract("energy", "F", signed_at=ago(900).isoformat(), end_date=ago(800).isoformat(), status="ended")
    tale.reading("2024-11-01", "10", customer="G")
    tale.customer("S", status="staff")
    tale.reading("2024-11-01", "10", "N", customer="S")
    found = {customer_id: row["energy_status"] for (_, customer_id), row in energy.rows(tale.world()).items()}
    assert found == {"A": "no_readings", "F": "no_readings", "G": "too_few_months"}


@pytest.mark.parametrize(("count", "status"), [(5, "too_few_months"), (6, "measured")])
def test_six_valid_months_are_measured(count: int, status: str) -> None:
    row = row_of(year(" ".join(["x"] * (12 - count) + ["100"] * count)))
    assert (row["energy_status"], row["valid_months"]) == (status, count)
    assert (row["kwh_12m"], row["annual_kwh"]) == (Decimal(f"{count}00.000"), Decimal("1200.00"))
    assert row["load_factor"] == Decimal("1.0000")
    nothing = ("peer_mean_kwh", "peer_efficient_kwh", "peer_state", "est_saving_kwh", "est_saving_amount")
    assert {row[name] for name in nothing} == {None}
    is_measured = status == "measured"
    assert row["energy_pattern"] == ("high_baseload" if is_measured else None)
    assert (row["peer_level"], row["peer_count"]) == (("none", 0) if is_measured else (None, None))
    assert row["advice_id"] == ("big" if is_measured else None)


def test_without_readings_there_is_nothing() -> None:
    tale = Tale()
    tale.contract("energy", start_date="2024-01-01", area_m2="80")
    row = row_of(tale)
    filled = {name: value for name, value in row.items() if value is not None}
    assert filled == {"energy_status": "no_readings", "valid_months": 0, "vacant_months": 0}


def test_the_year_is_told_from_the_valid_months() -> None:
    row = row_of(year("100.001 100 100 100 100 100 100 x x x x x"))
    assert (row["kwh_12m"], row["annual_kwh"]) == (Decimal("700.001"), Decimal("1200.00"))
    assert row_of(year("1 1 1 1 1 1 1.005 x x x x x"))["annual_kwh"] == Decimal("12.01")  # 12.0086


def test_the_year_before_is_compared_month_by_month() -> None:
    tale = year("110 x 110 110 110 110 110 110 110 110 110 110")
    add_year(tale, "100 900 x x x x x x x x x 100", year=2023)
    assert row_of(tale)["kwh_yoy"] == Decimal("0.1000")
    assert row_of(year())["kwh_yoy"] is None
    add_year(empty := year(), "0", year=2023)
    assert row_of(empty)["kwh_yoy"] is None


@pytest.mark.parametrize(
    ("kwh", "summer", "winter"),
    [
        ("100 100 100 100 100 100 150 150 100 100 100 100", "1.5000", "1.0000"),
        ("300 100 100 100 100 100 100 100 100 100 100 100", "1.0000", "2.0000"),
        ("100 100 100 50 x 100 100 x 100 100 100 x", "2.0000", "2.0000"),
        ("100 100 100 x x 100 100 100 100 100 100 100", None, None),
        ("100 100 100 0 0 100 100 100 100 100 100 100", None, None),
        ("100 100 100 100 100 100 x x 100 100 100 100", None, "1.0000"),
        ("0 100 100 100 100 100 100 100 100 100 100 0", "1.0000", None),
        ("100 100 100 30 60 100 100 100 100 100 100 100", "2.2222", "2.2222"),
    ],
)
def test_seasons_are_compared_with_april_and_may(kwh: str, summer: str | None, winter: str | None) -> None:
    row = row_of(year(kwh))
    expected = tuple(None if value is None else Decimal(value) for value in (summer, winter))
    assert (row["summer_ratio"], row["winter_ratio"]) == expected


def test_variation_load_and_base() -> None:
    row = row_of(year("50 150 50 150 50 150 50 150 50 150 50 150"))
    assert (row["kwh_cv"], row["load_factor"]) == (Decimal("0.5000"), Decimal("0.6667"))
    assert (row["baseload_ratio"], row["vacant_months"]) == (Decimal("0.5000"), 0)
    assert row_of(year("100 200 300 x x x x x x x x x"))["kwh_cv"] == Decimal("0.4082")  # sqrt(2 / 3) / 2
    empty = row_of(year("0"))
    assert (empty["kwh_cv"], empty["load_factor"], empty["baseload_ratio"]) == (None, None, None)
    assert (empty["vacant_months"], empty["energy_pattern"]) == (12, "vacant")


def test_only_months_below_5_kwh_are_vacant() -> None:
    assert row_of(year("5 4.999 0 100 100 100 100 100 100 100 100 100"))["vacant_months"] == 2


def test_kwh_are_set_in_relation_to_the_area_of_the_contract() -> None:
    tale = year()
    assert row_of(tale)["kwh_per_m2"] is None
    tale.contract("energy", start_date="2020-01-01", area_m2="120.004")
    assert row_of(tale)["kwh_per_m2"] == Decimal("10.0000")
    tale.contract("energy", start_date="2021-01-01", area_m2="80")
    assert row_of(tale)["kwh_per_m2"] == Decimal("6.0000")
    tale.contract("energy", start_date="2022-01-01", end_date="2023-01-01", area_m2="30", status="ended")
    tale.contract("energy", start_date=ago(-1).isoformat(), area_m2="30")
    tale.contract("lease", start_date="2023-01-01", area_m2="30")
    tale.contract("energy", start_date="2023-01-01", area_m2="30", status="subscribed")
    tale.contract("energy", start_date="2023-01-01")
    assert row_of(tale)["kwh_per_m2"] == Decimal("6.0000")
    for contract in tale.delivery.contracts:
        contract["area_m2"] = "0"
    assert row_of(tale)["kwh_per_m2"] is None


def supplied(*contracts: str) -> tuple[object, object]:
    """Area and type of property of contracts told by start, end, area and type."""
    tale = Tale()
    names = ("start_date", "end_date", "area_m2", "property_type")
    for told in contracts:
        cells = dict(zip(names, told.replace("-", "").split(" "), strict=True))
        tale.contract("energy", **cells)
    found = energy.property_of(energy.supplies_of(tale.world(), "A"), D)
    return found.area, found.property_type


@pytest.mark.parametrize(
    ("contracts", "expected"),
    [
        ((), (None, None)),
        (("20200101 - 50 office",), (50, "office")),
        (("20200101 - 50 office", "20210101 - 60 retail"), (110, "retail")),
        (("20200101 - 50 office", "20210101 - 50 retail"), (100, "office")),
        (("20200101 - - office", "20210101 - 0.01 retail"), (Fraction("0.01"), "retail")),
        (("20200101 - - office", "20210101 - 0 retail"), (None, "office")),
        (("20200101 - 50 -", "20210101 - 40 retail"), (90, None)),
        (("20200101 20241231 50 office", "20210101 20241230 60 retail"), (50, "office")),
        (("20200101 20240101 50 office", "20210101 20231231 60 retail"), (50, "office")),
        (("20200101 20240101 50 office", "20210101 20240101 60 retail"), (60, "retail")),
        (("20200101 20240101 50 office", "20210101 20240101 50 retail"), (50, "office")),
        (("20200101 20240101 0 office", "20210101 20230101 60 retail"), (None, "office")),
        (("20250101 - 50 office",), (None, None)),
    ],
)
def test_area_and_type_are_those_of_the_contracts_active_at_d(
    contracts: tuple[str, ...], expected: tuple[object, object]
) -> None:
    assert supplied(*contracts) == expected


def hours(tale: Tale, month: int, night: str, day: str) -> None:
    """Every hour of a month of 2024: the hours from 23 to 7, and the others."""
    for number in range(1, calendar.monthrange(2024, month)[1] + 1):
        for hour in range(24):
            kwh = night if hour >= 23 or hour < 7 else day
            tale.reading(f"2024-{month:02d}-{number:02d} {hour:02d}:00:00", kwh, granularity="hour")


def test_peak_and_night_are_those_of_readings_with_all_parts() -> None:
    tale = year()
    for number, (peak, flat, valley) in enumerate((("50", "20", "30"), ("10", "50", "40"), ("", "70", "70"))):
        tale.delivery.energy_readings[number] |= {"peak_kwh": peak, "flat_kwh": flat, "valley_kwh": valley}
    row = row_of(tale)
    assert (row["peak_share"], row["night_share"], row["weekend_share"]) == (Decimal("0.3000"), Decimal("0.3500"), None)


def test_parts_have_three_decimals_and_up_to_twelve_digits_before_them() -> None:
    tale = year()
    tale.delivery.energy_readings[0] |= {"peak_kwh": "0.0005", "flat_kwh": "0.0004", "valley_kwh": "0.001"}
    tale.delivery.energy_readings[1] |= {"peak_kwh": "1000000000000", "flat_kwh": "1", "valley_kwh": "1"}
    assert row_of(tale)["peak_share"] == Decimal("0.5000")


def test_parts_outside_the_window_do_not_count() -> None:
    tale = year()
    tale.reading("2023-12-01", "9", peak_kwh="1", flat_kwh="1", valley_kwh="1")
    assert row_of(tale)["peak_share"] is None
    assert row_of(tale, date(2024, 12, 30))["peak_share"] == Decimal("0.3333")


def test_hours_tell_the_night_and_days_the_weekend() -> None:
    tale = year("100 100 100 100 100 100 100 100 100 100 x x")
    hours(tale, 11, "3", "1.5")  # 8 x 3 and 16 x 1.5 a day
    for day in range(1, 32):
        tale.reading(f"2024-12-{day:02d}", "48", granularity="day")
    row = row_of(tale)
    assert (row["peak_share"], row["night_share"]) == (None, Decimal("0.5000"))
    # November has 9 days of weekends, December 9, of 61 days with 48 kWh each.
    assert row["weekend_share"] == Decimal("0.2951")
    tale.delivery.energy_readings[0] |= {"peak_kwh": "10", "flat_kwh": "10", "valley_kwh": "5"}
    assert (row_of(tale)["peak_share"], row_of(tale)["night_share"]) == (Decimal("0.4000"), Decimal("0.2000"))


def test_with_hours_in_six_months_the_base_load_is_their_p10() -> None:
    tale = year("100 100 100 100 100 100 x x x x x x")
    for month in range(7, 12):
        hours(tale, month, "1", "4")  # mean 3
    assert row_of(tale)["baseload_ratio"] == Decimal("0.0947")  # months: 100 / (11616 / 11)
    hours(tale, 12, "1", "4")
    assert row_of(tale)["baseload_ratio"] == Decimal("0.3333")


def weather(tale: Tale, city: str, month: int, hdd: str, cdd: str = "", **cells: str) -> None:
    """Degree days on the first of a month of 2024."""
    row = {"city": city, "date": f"2024-{month:02d}-01", "hdd": hdd, "cdd": cdd}
    tale.delivery.weather.append(row | cells)


def test_slopes_are_kwh_per_degree_day_of_the_city() -> None:
    tale = year("110 130 150 170 190 210 100 100 100 100 100 100")
    tale.customer("A", city="Suzhou")
    for month in range(1, 7):
        weather(tale, "Suzhou", month, str(month * 10), "7")
        weather(tale, "Wuxi", month, str(month))
    row = row_of(tale)
    assert (row["heating_slope"], row["cooling_slope"]) == (Decimal("2.0000"), None)
    weather(tale, "Suzhou", 6, "0", recorded_at="2024-07-01 12:00:00")
    assert row_of(tale)["heating_slope"] != Decimal("2.0000")
    del tale.delivery.weather[-3:]
    assert row_of(tale)["heating_slope"] is None  # five months
    assert row_of(tale, policy_energy=[ENERGY | {"min_months": "5"}])["heating_slope"] == Decimal("2.0000")


def test_degree_days_of_a_month_are_summed_and_the_last_version_of_a_day_holds_at_all_reviews() -> None:
    tale = Tale()
    weather(tale, "Suzhou", 11, "1.5")
    weather(tale, "Suzhou", 11, "2.5", date="2024-11-30")
    weather(tale, "Suzhou", 11, "9", date="2024-11-30", recorded_at="2024-12-31 23:00:00")
    weather(tale, "Suzhou", 12, "x")
    for d in (ago(90), D):
        assert energy.degree_days(tale.world(d), "hdd") == {"Suzhou": {24298: Fraction("10.5")}}
