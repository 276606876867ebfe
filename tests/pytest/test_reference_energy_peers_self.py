"""The reference of energy patterns, peers and advice against examples computed by hand, at the edges of their rules."""

from decimal import Decimal
from fractions import Fraction

import pytest

from signal_worlds import ENERGY, SIGNAL_TABLES, D, Tale
from tests.reference.signals import energy
from tests.reference.signals.energy import area_band, pattern_of
from tests.reference.signals.energy_peers import Household, advice_for, peers_of, price, saving
from tests.reference.signals.figures import kth_smallest, rounded_root
from tests.reference.signals.world import Values

CALM = {
    "valid_months": 10,
    "vacant_months": 4,
    "kwh_cv": Decimal("0.7999"),
    "peak_share": Decimal("0.4999"),
    "night_share": Decimal("0.4999"),
    "summer_ratio": Decimal("1.4999"),
    "winter_ratio": Decimal("1.4999"),
    "baseload_ratio": Decimal("0.5999"),
}
EDGES = {
    "vacant": {"vacant_months": 5},
    "irregular": {"kwh_cv": Decimal("0.8")},
    "peak_heavy": {"peak_share": Decimal("0.5")},
    "night_heavy": {"night_share": Decimal("0.5")},
    "summer_cooling": {"summer_ratio": Decimal("1.5")},
    "winter_heating": {"winter_ratio": Decimal("1.5")},
    "high_baseload": {"baseload_ratio": Decimal("0.6")},
}
EFFICIENT = Fraction(2, 10)


@pytest.mark.parametrize("pattern", EDGES)
def test_a_pattern_begins_on_its_bound(pattern: str) -> None:
    assert pattern_of(CALM | EDGES[pattern], ENERGY) == pattern


@pytest.mark.parametrize("number", range(len(EDGES)))
def test_the_first_pattern_that_matches_is_taken(number: int) -> None:
    row: Values = dict(CALM)
    for edge in list(EDGES.values())[number:]:
        row |= edge
    assert pattern_of(row, ENERGY) == list(EDGES)[number]


def test_just_below_all_bounds_or_without_figures_use_is_stable() -> None:
    assert pattern_of(CALM, ENERGY) == "stable"
    nothing: Values = dict.fromkeys(CALM) | {"valid_months": 6, "vacant_months": 2}
    assert pattern_of(nothing, ENERGY) == "stable"


@pytest.mark.parametrize(
    ("values", "at", "expected"),
    [([5], "0.2", 5), ([5, 4, 3, 2, 1], "0.2", 1), ([6, 5, 4, 3, 2, 1], "0.2", 2), (range(1, 31), "0.1", 3)],
)
def test_the_kth_smallest(values: list[int], at: str, expected: int) -> None:
    assert kth_smallest(values, Fraction(at)) == expected


@pytest.mark.parametrize(
    ("square", "root"), [("2", "1.4142"), ("0", "0.0000"), ("0.25", "0.5000"), ("0.0000000025", "0.0001")]
)
def test_roots_are_rounded(square: str, root: str) -> None:
    assert rounded_root(Fraction(square), 4) == Decimal(root)


@pytest.mark.parametrize(
    ("area", "band"), [(None, None), ("0", "small"), ("89.99", "small"), ("90", "large"), ("5000", "large")]
)
def test_area_bands(area: str | None, band: str | None) -> None:
    found = area_band(None if area is None else Fraction(area), SIGNAL_TABLES["policy_energy_area_bands"])
    assert found == band


def household(kwh: str, *traits: str | None) -> Household:
    """A measured customer; persons in small homes in Suzhou unless something else is told."""
    usual = ("person", "residential", "small", "Suzhou")
    return Household((*traits, *usual[len(traits) :]), Decimal(kwh))


def test_peers_share_all_traits_where_there_are_enough() -> None:
    me = household("100")
    others = [household("200"), household("330"), household("9", "company"), household("9", "person", "office")]
    assert peers_of(me, [me, *others], 3, EFFICIENT) == {
        "peer_level": "city",
        "peer_count": 3,
        "peer_mean_kwh": Decimal("210.00"),
        "peer_efficient_kwh": Decimal("100"),
        "peer_state": "great",
    }


@pytest.mark.parametrize(
    ("min_peers", "level", "count"), [(2, "city", 2), (3, "area", 3), (4, "type", 4), (5, "none", 0)]
)
def test_with_few_peers_city_and_area_are_left_out(min_peers: int, level: str, count: int) -> None:
    me = household("100")
    elsewhere = household("200", "person", "residential", "small", "Wuxi")
    larger = household("300", "person", "residential", "large", "Wuxi")
    everybody = [me, household("150"), elsewhere, larger, household("1", "company")]
    found = peers_of(me, everybody, min_peers, EFFICIENT)
    assert (found["peer_level"], found["peer_count"]) == (level, count)
    assert (found["peer_state"] is None) is (level == "none")


def test_what_is_not_known_is_shared_with_nobody() -> None:
    nowhere = household("100", "person", "residential", "small", None)
    assert peers_of(nowhere, [nowhere] * 3, 3, EFFICIENT)["peer_level"] == "area"
    no_area = household("100", "person", "residential", None)
    assert peers_of(no_area, [no_area] * 3, 3, EFFICIENT)["peer_level"] == "type"
    unknown = household("100", "person", None, None, None)
    assert peers_of(unknown, [unknown] * 9, 3, EFFICIENT)["peer_level"] == "none"


@pytest.mark.parametrize(("kwh", "state"), [("100", "great"), ("100.01", "good"), ("200", "good"), ("200.01", "above")])
def test_states_end_on_their_bound(kwh: str, state: str) -> None:
    others = [household(value) for value in ("100", "150", "200", "350")]
    me = household(kwh)
    found = peers_of(me, others, 3, EFFICIENT)
    assert (found["peer_mean_kwh"], found["peer_efficient_kwh"]) == (Decimal("200.00"), Decimal("100"))
    assert found["peer_state"] == state


ADVICE = SIGNAL_TABLES["policy_energy_advice"]


@pytest.mark.parametrize(
    ("pattern", "state", "kwh", "expected"),
    [
        ("summer_cooling", "above", "999", "cool"),
        ("summer_cooling", "good", "999.99", "any"),
        ("summer_cooling", None, "1000", "big"),
        ("stable", "above", "1000", "big"),
        ("stable", None, "1", "any"),
    ],
)
def test_the_first_advice_that_fits_is_given(pattern: str, state: str | None, kwh: str, expected: str) -> None:
    assert advice_for(pattern, state, Decimal(kwh), ADVICE)["advice_id"] == expected
    assert advice_for(pattern, state, Decimal(kwh), ADVICE[::-1])["advice_id"] == expected
    assert advice_for("stable", None, Decimal(5), ADVICE[:2]) is None


@pytest.mark.parametrize(
    ("annual", "efficient", "expected"),
    [
        ("1000", "500", "100.00"),
        ("1000", "950", "50.00"),
        ("1000", "1000", "0.00"),
        ("900", "1000", "0.00"),
        ("1000.05", "0", "100.01"),
    ],
)
def test_what_is_saved_is_not_more_than_the_way_to_efficient_peers(annual: str, efficient: str, expected: str) -> None:
    assert saving(ADVICE[0], Decimal(annual), Decimal(efficient)) == Decimal(expected)
    assert saving(ADVICE[0], Decimal(annual), None) is None
    assert saving(None, Decimal(annual), Decimal(efficient)) is None


def test_a_tariff_nobody_knows_is_the_default_one() -> None:
    tariffs = SIGNAL_TABLES["policy_energy_tariffs"]
    assert [price(code, tariffs) for code in ("T2", "T3", None)] == [Fraction("0.85"), Fraction("0.6"), Fraction("0.6")]


def street() -> Tale:
    """Four measured customers: three alike in Suzhou, one in a larger home; and one with few months."""
    tale = Tale()
    for number, (kwh, area, city) in enumerate(
        [("100", "80", "Suzhou"), ("150", "60", "Suzhou"), ("200", "89.99", "Suzhou"), ("120", "90", "Suzhou")]
    ):
        name = f"P{number}"
        tale.customer(name, city=city)
        tale.contract("energy", name, start_date="2020-01-01", area_m2=area, property_type="residential")
        for month in range(1, 13):
            tale.reading(f"2024-{month:02d}-01", kwh, f"M{number}", name, tariff_code="T2" if month == 12 else "")
    tale.reading("2024-12-01", "1", "M9", "P9")
    return tale


def test_a_street() -> None:
    rows = {customer: row for (_, customer), row in energy.rows(street().world()).items()}
    columns = ("peer_level", "peer_count", "peer_mean_kwh", "peer_efficient_kwh", "peer_state", "advice_id")
    columns += ("est_saving_kwh", "est_saving_amount")
    assert {name: tuple(row[column] for column in columns) for name, row in rows.items()} == {
        "P0": ("city", 3, Decimal("1800.00"), Decimal("1200.00"), "great", "big", Decimal("0.00"), Decimal("0.00")),
        "P1": ("city", 3, Decimal("1800.00"), Decimal("1200.00"), "good", "big", Decimal("180.00"), Decimal("153.00")),
        "P2": ("city", 3, Decimal("1800.00"), Decimal("1200.00"), "above", "big", Decimal("240.00"), Decimal("204.00")),
        "P3": ("type", 4, Decimal("1710.00"), Decimal("1200.00"), "good", "big", Decimal("144.00"), Decimal("122.40")),
        "P9": (None,) * 8,
    }
    assert rows["P0"]["energy_pattern"] == "high_baseload"
    assert rows["P9"]["energy_status"] == "too_few_months"


def test_the_tariff_is_that_of_the_latest_reading() -> None:
    tale = street()
    tale.delivery.energy_readings[11] |= {"tariff_code": ""}
    tale.delivery.energy_readings[23] |= {"tariff_code": "T9"}
    rows = energy.rows(tale.world())
    assert rows[D.isoformat(), "P1"]["est_saving_amount"] == Decimal("108.00")  # 0.60
    assert rows[D.isoformat(), "P2"]["est_saving_amount"] == Decimal("204.00")


def test_of_meters_read_last_on_one_day_the_smaller_number_tells_the_tariff() -> None:
    tale = street()
    tale.reading("2024-12-01", "0", "M20", "P2", tariff_code="")
    tale.reading("2024-12-01", "0", "M19", "P2", tariff_code="")
    assert energy.rows(tale.world())[D.isoformat(), "P2"]["est_saving_amount"] == Decimal("144.00")
    tale.delivery.energy_readings[-1] |= {"meter_id": "M3"}
    assert energy.rows(tale.world())[D.isoformat(), "P2"]["est_saving_amount"] == Decimal("204.00")
