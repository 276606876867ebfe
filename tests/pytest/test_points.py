"""The points ledger is only ever added to: what was posted by a day is the same in every later build."""

import shutil
from datetime import UTC, date, datetime

import pytest

from scripts.generate_sample import generate
from scripts.landing import land
from scripts.sample_data.scenario import Scenario
from tests.reference import Options
from warehouse import Warehouse

SAMPLE = Scenario(customers=400)
LAST = date(2025, 12, 31)
# A quarter end, the day before one and a day in the middle of nothing; lots expire from 2023 on.
EARLIER = (date(2023, 3, 31), date(2024, 9, 29), date(2025, 5, 14))
Entry = dict[str, object]


def ledger(warehouse: Warehouse, as_of: date) -> dict[str, Entry]:
    """The entries of a build at a day, by their id."""
    warehouse.build(Options(as_of_date=as_of, review_count=0), ("points_balances", "points_events_judged"))
    rows = warehouse.read(("points_ledger",))["points_ledger"]
    entries = {str(row["entry_id"]): row for row in rows}
    assert len(entries) == len(rows)
    return entries


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[date, dict[str, Entry]]:
    """The ledger of a small history on its last day and on some days before. Merges rewrite the past: none of them."""
    warehouse = Warehouse(tmp_path_factory.mktemp("points"))
    generate(SAMPLE, warehouse.raw)
    shutil.rmtree(warehouse.raw / "customer_identity")
    land(warehouse.raw, warehouse.home, lambda line: None, now=datetime(2026, 1, 31, tzinfo=UTC))
    return {day: ledger(warehouse, day) for day in (*EARLIER, LAST)}


def seen_on(day: date, entry: Entry) -> Entry:
    """An entry as a build at the day shows it: before it has its place in the order, it has no balance."""
    return entry if entry["entry_on"] <= day else entry | {"balance_after": None}


def test_the_history_has_every_kind_of_entry(builds: dict[date, dict[str, Entry]]) -> None:
    kinds = {entry["entry_type"] for entry in builds[LAST].values()}
    assert kinds >= {"earn", "bonus", "reversal", "redeem", "redeem_cancel", "expire", "adjust", "forfeit"}
    assert {entry["entry_type"] for entry in builds[EARLIER[0]].values()} >= {"earn", "reversal", "redeem", "expire"}


@pytest.mark.parametrize("day", EARLIER)
def test_entries_posted_by_a_day_are_those_of_a_build_at_that_day(
    builds: dict[date, dict[str, Entry]], day: date
) -> None:
    later = {key: seen_on(day, entry) for key, entry in builds[LAST].items() if entry["posted_on"] <= day}
    assert builds[day].keys() - later.keys() == set()
    assert later.keys() - builds[day].keys() == set()
    assert {key for key, entry in later.items() if builds[day][key] != entry} == set()
