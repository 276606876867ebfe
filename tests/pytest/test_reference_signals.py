"""The other signals equal the plain-Python reference on invented histories, and so do the tiers that count them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from agreement import assert_marts_agree, in_time

from signal_energy_stories import ENERGY_STORIES
from signal_life_stories import LIFE_STORIES
from signal_stories import SIGNAL_POLICIES, SIGNAL_STORIES
from strategies import changed_policy, histories
from tests.reference.compare import MARTS, SIGNAL_KEYS, compare, compare_signals
from warehouse import Warehouse

STORIES = [*SIGNAL_STORIES, *LIFE_STORIES, *ENERGY_STORIES]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all histories: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference_signals"))


@pytest.mark.parametrize("policy", in_time(SIGNAL_POLICIES, {"dated", "few"}))
def test_the_signals_equal_the_reference(warehouse: Warehouse, policy: str, tmp_path: Path) -> None:
    assert_marts_agree(
        warehouse,
        changed_policy(tmp_path, SIGNAL_POLICIES[policy]),
        histories(min_customers=30, headers=("full",), stories=STORIES),
        (*MARTS, *SIGNAL_KEYS),
        lambda result, marts: compare_signals(result, marts) + compare(result, marts),
    )
