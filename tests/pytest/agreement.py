"""Marts beside the plain-Python reference, on invented histories."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from strategies import History
from tests.reference import grade
from tests.reference.compare import MartRows
from tests.reference.oracle import Result
from warehouse import Layout, Warehouse

LAYOUTS = [Layout(), Layout(files=3, shuffle_seed=7)]
BUILDS_PER_POLICY = 2  # each is a whole dbt run


IS_LONG = bool(os.environ.get("TEST_LONG"))
one_by_one = pytest.mark.skipif(not IS_LONG, reason="looked at together with others, alone by make test-long")


def in_time(policies: Iterable[str], always: set[str]) -> list[str]:
    """The policies to build by: those that see most, or all of them where the variable TEST_LONG is set."""
    return sorted(policies if IS_LONG else always & set(policies))


def assert_marts_agree(
    warehouse: Warehouse,
    policy_folder: Path,
    told: st.SearchStrategy[History],
    marts: tuple[str, ...],
    differences: Callable[[Result, MartRows], list[str]],
) -> None:
    """Build the marts of some of the histories `told`, by a policy; none of them may differ from the reference."""

    @settings(
        max_examples=BUILDS_PER_POLICY,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(told, st.sampled_from(LAYOUTS))
    def every_history(history: History, layout: Layout) -> None:
        options = replace(history.options, policy_folder=policy_folder)
        warehouse.use_policy(policy_folder, options)
        written = warehouse.run(history.delivery, options, layout, marts=marts)
        found = differences(grade(written, options), warehouse.read(marts))
        assert found == [], "\n".join(found[:20])

    every_history()
