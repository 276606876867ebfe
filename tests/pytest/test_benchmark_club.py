"""The benchmark of points and cards: what it reports; nothing is built."""

import pytest

from scripts import benchmark_club
from scripts.benchmark import Usage
from scripts.benchmark_club import Outcome, Step

ROWS = {"transactions": 12_000, "accounts": 400, "entries": 15_000, "card periods": 500}


def test_the_report_compares_what_both_sides_took() -> None:
    club = {f"int_card_{number}": float(number) for number in range(7)}
    startup = Step(Usage(4, 4, 200), {"int_card_routes": 0.1})
    outcome = Outcome(
        1_000, ROWS, Step(Usage(20, 24, 500), {"customer_rfm": 1.0}), Step(Usage(30, 36, 750), club), startup
    )
    lines = benchmark_club.markdown(["- machine: 2 cores"], [outcome]).splitlines()
    assert "- machine: 2 cores" in lines
    assert "| 1,000 | 12,000 | 400 | 15,000 | 500 |" in lines
    assert "| 1,000 | customer_rfm | 1 | 20.0 | 24.0 | 500 |" in lines
    assert "| 1,000 | club | 7 | 30.0 | 36.0 | 750 |" in lines
    assert "| 1,000 | 1.5 | 1.5 | 1.6 | 1.6 | 1.5 |" in lines
    slowest = "int_card_6 6.0, int_card_5 5.0, int_card_4 4.0, int_card_3 3.0, int_card_2 2.0"
    assert f"- 1,000 customers: {slowest}" in lines


def test_a_size_that_says_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        benchmark_club.main(["--customers", "10"])
    assert error.value.code == 2
    assert "at least 1000" in capsys.readouterr().err
