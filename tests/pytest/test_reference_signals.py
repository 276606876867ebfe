"""The other signals equal the plain-Python reference on invented histories, and so do the tiers that count them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from signal_energy_stories import ENERGY_STORIES
from signal_life_stories import LIFE_STORIES
from signal_stories import SIGNAL_POLICIES, SIGNAL_STORIES
from strategies import History, changed_policy, histories
from tests.reference import grade
from tests.reference.compare import MARTS, SIGNAL_KEYS, compare, compare_signals
from warehouse import Layout, Warehouse

BUILT = (*MARTS, *SIGNAL_KEYS)
LAYOUTS = [Layout(), Layout(files=3, shuffle_seed=7)]
BUILDS_PER_POLICY = 2  # each is a whole dbt run


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all histories: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference_signals"))


@pytest.mark.parametrize("policy", sorted(SIGNAL_POLICIES))
def test_the_signals_equal_the_reference(warehouse: Warehouse, policy: str, tmp_path: Path) -> None:
    folder = changed_policy(tmp_path, SIGNAL_POLICIES[policy])
    stories = [*SIGNAL_STORIES, *LIFE_STORIES, *ENERGY_STORIES]

    @settings(
        max_examples=BUILDS_PER_POLICY,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(histories(min_customers=30, headers=("full",), stories=stories), st.sampled_from(LAYOUTS))
    def every_history(history: History, layout: Layout) -> None:
        options = replace(history.options, policy_folder=folder)
        warehouse.use_policy(folder, options)
        written = warehouse.run(history.delivery, options, layout, marts=BUILT)
        result, marts = grade(written, options), warehouse.read(BUILT)
        assert compare_signals(result, marts) == []
        assert compare(result, marts) == []

    every_history()
