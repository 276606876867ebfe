"""The marts equal the plain-Python reference on invented histories, to the cent, row by row."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from strategies import POLICIES, History, changed_policy, histories
from tests.reference import grade
from tests.reference.compare import MARTS, compare
from warehouse import Layout, Warehouse

LAYOUTS = [Layout(), Layout(files=3, shuffle_seed=7)]
BUILDS_PER_POLICY = 2  # each is a whole dbt run


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """One warehouse for all histories: dbt parses the project once."""
    return Warehouse(tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_the_marts_equal_the_reference(warehouse: Warehouse, policy: str, tmp_path: Path) -> None:
    folder = changed_policy(tmp_path, POLICIES[policy])

    @settings(
        max_examples=BUILDS_PER_POLICY,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(histories(min_customers=25), st.sampled_from(LAYOUTS))
    def every_history(history: History, layout: Layout) -> None:
        options = replace(history.options, policy_folder=folder)
        warehouse.use_policy(folder, options)
        written = warehouse.run(history.delivery, options, layout, marts=MARTS)
        assert compare(grade(written, options), warehouse.read(MARTS)) == []

    every_history()
