"""Expectations: good data pass, each expectation is able to fail, and nothing that was delivered is ever printed."""

import csv
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import expectations
from scripts.contract import read_contract
from scripts.expectations import CannotRunError, CheckReport, FailedCheck
from scripts.landing import land

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROJECT = expectations.SUITES.parent
REFERENCE_DATA = Path(os.environ.get("REFERENCE_DATA", PROJECT.parent / "shared" / "data"))
LATIN_READ_AS_CHINESE = "王伟".encode("gbk").decode("latin-1")
Row = dict[str, Any]


# Deliveries


def deliver(home: Path, tables: dict[str, list[Row]]) -> None:
    """Write one CSV file per table, with the columns of its rows, and land it in `home`."""
    raw = home.parent / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    contract = read_contract()
    for table, rows in tables.items():
        columns = list(rows[0]) if rows else list(contract[table].required_columns)
        (raw / table).mkdir(parents=True)
        with (raw / table / "delivery.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    land(raw, home, lambda line: None, now=NOW)


def days(first: date, count: int) -> Iterator[str]:
    return ((first + timedelta(days=n)).isoformat() for n in range(count))


def good_tables() -> dict[str, list[Row]]:
    """A delivery of all tables that staging reads, 1,200 transactions long, with nothing odd in it."""
    return {
        "customers": [
            {
                "customer_id": f"C{n}",
                "display_name": f"客户{n}",
                "city": "上海",
                "birth_date": born,
                "status": "active",
                "member_since": "2024-05-01",
                "profiling_consent": "yes",
                "recorded_at": "2024-05-01T08:00:00+08:00",
            }
            for n, born in enumerate(days(date(1980, 1, 1), 300))
        ],
        "transactions": [
            {
                "txn_id": f"T{n}",
                "customer_id": f"C{n % 300}",
                "event_at": f"{day} 10:00",
                "amount": f"¥{n + 1},000.50",
                "quantity": "2",
                "txn_type": "refund" if n % 20 == 0 else "purchase",
                "category": "餐饮",
                "recorded_at": day,
            }
            for n, day in enumerate(days(date(2022, 1, 1), 1200))
        ],
        "products": [{"product_id": f"P{n}", "name": "门票", "default_margin_rate": "0.35"} for n in range(5)],
        "contracts": [
            {
                "contract_id": f"K{n}",
                "customer_id": f"C{n}",
                "status": "active",
                "signed_at": "2023-03-01",
                "start_date": "2023-04-01",
                "end_date": "2033-03-31",
                "total_amount": "120000",
            }
            for n in range(120)
        ],
        "fx_rates": [
            {"currency": "USD", "rate_date": day, "rate_to_reporting": "7.1"} for day in days(date(2023, 1, 1), 120)
        ],
        "surveys": [
            {
                "response_id": f"S{n}",
                "customer_id": f"C{n}",
                "score": str(n % 5),
                "responded_at": day,
                "comment_text": "好",
            }
            for n, day in enumerate(days(date(2024, 1, 1), 120))
        ],
        "complaints": [
            {
                "complaint_id": f"F{n}",
                "customer_id": f"C{n}",
                "severity": "minor",
                "category": "服务",
                "created_at": day,
                "resolved_at": day,
            }
            for n, day in enumerate(days(date(2024, 1, 1), 120))
        ],
        "interactions": [
            {"interaction_id": f"I{n}", "customer_id": f"C{n % 300}", "event_type": "click", "event_at": "2024-01-01"}
            for n in range(1200)
        ],
        "complaint_events": [
            {"complaint_id": f"F{n}", "event_at": day, "to_status": "resolved"}
            for n, day in enumerate(days(date(2024, 1, 1), 120))
        ],
        "referrals": [
            {"referral_id": f"R{n}", "referrer_customer_id": "C1", "referee_customer_id": f"C{n}", "referred_at": day}
            for n, day in enumerate(days(date(2024, 1, 1), 120))
        ],
        "energy_readings": [
            {"meter_id": "M1", "customer_id": "C1", "period_start": day, "consumption": "12.5", "read_type": "actual"}
            for day in days(date(2024, 1, 1), 120)
        ],
        "tier_overrides": [
            {
                "override_id": f"O{n}",
                "customer_id": f"C{n}",
                "reason_text": "战略合作客户，董事会决定",
                "requested_by": "E1",
                "approved_by": f"E{n % 3 + 2}",
                "approved_at": day,
                "valid_from": day,
                "valid_to": "2024-12-31",
            }
            for n, day in enumerate(days(date(2024, 1, 1), 120))
        ],
        "expert_scores": [
            {"score_id": f"E{n}", "expert_id": "E1", "customer_id": f"C{n}", "score": f"{n % 10 + 1}", "scored_at": day}
            for n, day in enumerate(days(date(2024, 1, 1), 120))
        ],
        "points_events": [
            {"event_id": f"PE{n}", "customer_id": f"C{n}", "event_type": "redeem", "points": "50", "event_at": day}
            for n, day in enumerate(days(date(2024, 1, 1), 120))
        ],
        "customer_identity": [
            {
                "from_customer_id": f"C{2 * n}",
                "to_customer_id": f"C{2 * n + 1}",
                "link_type": "merge",
                "valid_from": day,
            }
            for n, day in enumerate(days(date(2024, 1, 1), 120))
        ],
    }


def changed(table: str, count: int, **values: Any) -> list[Row]:
    """The good rows of a table with some columns overwritten in the first `count`."""
    rows = good_tables()[table]
    return [{**row, **values} if n < count else row for n, row in enumerate(rows)]


def old_delivery() -> dict[str, list[Row]]:
    """All sales are from before the time that can be graded."""
    return {**good_tables(), "transactions": changed("transactions", 1200, event_at="1901-01-01")}


def unreadable_delivery() -> dict[str, list[Row]]:
    """Three quarters of the rows lack their keys or hold text where dates and numbers should be."""
    return {
        "customers": changed(
            "customers", 225, customer_id="N/A", birth_date="spring", member_since="soon", recorded_at="yesterday"
        ),
        "transactions": changed(
            "transactions", 900, txn_id="", customer_id="-", amount="a lot", event_at="Monday", quantity="two"
        ),
        "products": changed("products", 4, product_id="", default_margin_rate="35"),
        "contracts": changed(
            "contracts",
            90,
            contract_id="",
            customer_id="",
            total_amount="-1",
            signed_at="?",
            start_date="?",
            end_date="?",
        ),
        "fx_rates": changed("fx_rates", 90, currency="", rate_to_reporting="0", rate_date="?"),
        "surveys": changed("surveys", 90, response_id="", customer_id="", score="good", responded_at="?"),
        "complaints": changed("complaints", 90, complaint_id="", customer_id="", created_at="?", resolved_at="?"),
        "interactions": changed("interactions", 900, interaction_id="", customer_id="", event_type="", event_at="?"),
        "complaint_events": changed("complaint_events", 90, complaint_id="", to_status="", event_at="?"),
        "referrals": changed(
            "referrals", 90, referral_id="", referrer_customer_id="", referee_customer_id="", referred_at="?"
        ),
        "energy_readings": changed(
            "energy_readings", 90, meter_id="", customer_id="", period_start="?", consumption="much"
        ),
        "tier_overrides": changed(
            "tier_overrides", 90, override_id="", customer_id="", requested_by="", approved_at="?", valid_from="?"
        ),
        "expert_scores": changed(
            "expert_scores", 90, score_id="", expert_id="", customer_id="", score="11", scored_at="?"
        ),
        "points_events": changed(
            "points_events", 90, event_id="", customer_id="", event_type="", points="many", event_at="?"
        ),
        "customer_identity": changed(
            "customer_identity", 90, from_customer_id="", to_customer_id="", link_type="", valid_from="?"
        ),
    }


def placeholder_delivery() -> dict[str, list[Row]]:
    """Every row has the same values, dates lie in the future, and texts were decoded with the wrong encoding."""
    text, future = LATIN_READ_AS_CHINESE, "2099-01-01"
    return {
        "customers": changed(
            "customers",
            300,
            customer_id="C1",
            display_name=text,
            birth_date="1900-01-01",
            status="test",
            profiling_consent="否",
            member_since=future,
            recorded_at=future,
        ),
        "transactions": changed(
            "transactions",
            1200,
            txn_id="T1",
            customer_id="C1",
            event_at=future,
            amount="0",
            txn_type="refund",
            category=text,
            recorded_at=future,
        ),
        "products": changed("products", 5, name=text),
        "contracts": changed("contracts", 120, status="cancelled", signed_at=future),
        "fx_rates": changed("fx_rates", 10, rate_to_reporting="710") + changed("fx_rates", 60, rate_date=future),
        "surveys": changed("surveys", 120, score="5", responded_at=future, comment_text=text),
        "complaints": changed("complaints", 120, severity="重大", created_at=future, category=text),
        "interactions": changed("interactions", 1200, customer_id="C1", event_at=future),
        "complaint_events": changed("complaint_events", 120, event_at=future),
        "referrals": changed("referrals", 120, referred_at=future),
        "energy_readings": changed("energy_readings", 120, period_start=future, read_type="Estimated"),
        "tier_overrides": changed("tier_overrides", 120, approved_by="E2", approved_at=future, reason_text=text),
        "expert_scores": changed("expert_scores", 120, score="7", scored_at=future),
        "points_events": changed("points_events", 120, event_at=future, event_type="adjust"),
        "customer_identity": changed("customer_identity", 120, valid_from=future),
    }


def overwrite_landed_files(home: Path, select: str) -> None:
    """Replace the list of landed files by the result of a select over the one that is there."""
    path = home / "landing" / "landed_files" / "landed_files.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table files as from read_parquet('{path}')")
        connection.execute(f"copy ({select}) to '{path}'")


# Built and published marts


GOOD_MARTS = {
    "customers": "select 'C' || n as customer_id from range({customers}) as t(n)",
    "transactions": "select 'T' || n as txn_id from range({transactions}) as t(n)",
    "customer_rfm": """
        select date '{as_of}' as as_of_date, 'C' || n as customer_id, n % 5 + 1 as r_score, n % 5 + 1 as f_score,
            n % 5 + 1 as m_score, 9 as rfm_total, false as is_m_negative, 100.00::decimal(18, 2) as spend_12m
        from range({customers}) as t(n)""",
    "customer_tiers": """
        select date '{as_of}' as as_of_date, 'C' || n as customer_id,
            case when n % 10 = 0 then 'high' when n % 10 < 4 then 'medium' when n % 10 < 9 then 'low' end as value_tier,
            false as is_provisional
        from range({customers}) as t(n)""",
    "customer_clv": """
        select date '{as_of}' as as_of_date, 'C' || n as customer_id, 'total' as lob, 'fitted' as clv_status,
            100.00::decimal(18, 2) as predicted_clv_12m
        from range({customers}) as t(n)""",
    "clv_gate": """
        select date '{as_of}' as as_of_date, 'total' as lob, true as is_passed, null::varchar as gate_reason,
            1.02::double as predicted_to_actual_ratio""",
    "customer_lifecycle": """
        select date '{as_of}' as as_of_date, 'C' || n as customer_id,
            case when n % 5 = 0 then 'new' else 'mature' end as lifecycle_stage
        from range({customers}) as t(n)""",
    "customer_loyalty": """
        select date '{as_of}' as as_of_date, 'C' || n as customer_id,
            case when n % 5 = 0 then 'high' else 'low' end as loyalty_level
        from range({customers}) as t(n)""",
    "customer_engagement": """
        select date '{as_of}' as as_of_date, 'C' || n as customer_id, (n % 50)::decimal(9, 4) as engagement_score
        from range({customers}) as t(n)""",
    "customer_satisfaction": """
        select date '{as_of}' as as_of_date, 'C' || n as customer_id,
            case when n % 4 = 0 then 'satisfied' end as sat_class,
            case when n % 4 = 0 then 'answered' else 'not_surveyed' end as response_status
        from range({customers}) as t(n)""",
    "customer_feedback": """
        select date '{as_of}' as as_of_date, 'C' || n as customer_id, case when n % 4 = 0 then 'neutral' end as fb_grade
        from range({customers}) as t(n)""",
    "load_reconciliation": """
        select 'transactions' as source_table, 'transactions/delivery.csv' as file, 1200::bigint as delivered_row_count,
            {rejected}::bigint as rejected_row_count""",
    "rejected_rows": """
        select 'transactions' as source_table, 'transactions/delivery.csv' as file, n + 2 as line, '{rule}' as rule_id
        from range({rejected}) as t(n)""",
}


def write_marts(path: Path, **settings: Any) -> None:
    """Write the marts that the suites read; settings: counts of customers, transactions and rejected, as_of, rule."""
    values = {"customers": 300, "transactions": 1200, "as_of": "2025-12-31", "rejected": 0, "rule": "lob_unknown"}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for mart, select in GOOD_MARTS.items():
            connection.execute(f"create table marts.{mart} as {select.format(**{**values, **settings})}")


def build(home: Path, *changes: str, **settings: Any) -> None:
    """Write the database that was just built, then apply SQL statements to it."""
    work = home / "work" / "tiers.duckdb"
    write_marts(work, **settings)
    with duckdb.connect(str(work)) as connection:
        for change in changes:
            connection.execute(change)


def publish(home: Path, *changes: str, **settings: Any) -> None:
    """Write a publish and point `published` at it."""
    file = home / "publishes" / "1" / "tiers.duckdb"
    write_marts(file, **settings)
    with duckdb.connect(str(file)) as connection:
        for change in changes:
            connection.execute(change)
    if not (home / "published").exists():
        (home / "published").symlink_to("publishes/1")


# Fixtures and helpers


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the good delivery landed."""
    folder = tmp_path / "home"
    deliver(folder, good_tables())
    return folder


def suites_of(stage: str) -> list[dict[str, Any]]:
    return [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((expectations.SUITES / stage).glob("*.json"))
    ]


def all_checks(stage: str) -> set[tuple[str, str, str]]:
    return {(s["name"], e["severity"], e["meta"]["why"]) for s in suites_of(stage) for e in s["expectations"]}


def checks(failed: list[FailedCheck]) -> set[tuple[str, str, str]]:
    return {(f.suite, f.severity, f.why) for f in failed}


def whys(report: CheckReport) -> set[str]:
    return {f.why for f in report.failed}


# What arrived


def test_good_deliveries_pass(home: Path) -> None:
    report = expectations.run("raw", home)
    assert report.failed == []
    assert report.ok
    assert {line.split()[0] for line in report.lines} == {"ok"}
    assert f"ok    raw_transactions: {len(suites_of('raw')[-1]['expectations'])} of " in "\n".join(report.lines)


def test_the_required_columns_are_enough(tmp_path: Path) -> None:
    required = {name: table.required_columns for name, table in read_contract().items() if table.is_required}
    assert set(required) == {"customers", "transactions"}
    rows = {name: [{c: row[c] for c in required[name]} for row in good_tables()[name]] for name in required}
    deliver(tmp_path / "home", rows)
    report = expectations.run("raw", tmp_path / "home")
    assert report.failed == []
    assert "ok    raw_surveys: empty" in report.lines


def test_every_raw_expectation_can_fail(tmp_path: Path) -> None:
    empty, unreadable, placeholders, old = (tmp_path / name / "home" for name in ("empty", "unreadable", "same", "old"))
    deliver(empty, good_tables())
    for file in empty.glob("landing/*/*.parquet"):
        if file.name != "_contract.parquet" and file.parent.name != "landed_files":
            file.unlink()
    overwrite_landed_files(empty, "select * from files where false")
    deliver(unreadable, unreadable_delivery())
    every_line = "select * replace (true as is_repeat, delivered_row_count as rejected_line_count) from files"
    overwrite_landed_files(unreadable, every_line)
    deliver(placeholders, placeholder_delivery())
    publish(placeholders, "update marts.load_reconciliation set delivered_row_count = 50000")
    deliver(old, old_delivery())

    reports = [expectations.run("raw", home) for home in (empty, unreadable, placeholders, old)]
    assert set.union(*(checks(report.failed) for report in reports)) == all_checks("raw")
    assert [report.ok for report in reports] == [False, False, False, True]


def test_a_failed_check_says_how_much_and_names_no_value(tmp_path: Path) -> None:
    tables = good_tables()
    tables["transactions"] = changed("transactions", 300, customer_id="")
    tables["customers"] = changed("customers", 200, display_name="欧阳震华", birth_date="1911-11-11")
    deliver(tmp_path / "home", tables)
    report = expectations.run("raw", tmp_path / "home")
    assert report.ok
    text = "\n".join(report.lines)
    assert "      warning  customer_id is delivered for nearly every row: 300 of 1,200 rows (25.0 %)" in report.lines
    assert "no single display_name stands for all the unknown ones: 200 of 300 rows (66.7 %)" in text
    assert "欧阳震华" not in text and "1911" not in text


def test_a_handful_of_rows_never_stops_a_refresh(tmp_path: Path) -> None:
    bad = {table: rows[:3] for table, rows in unreadable_delivery().items()}
    deliver(tmp_path / "home", bad)
    report = expectations.run("raw", tmp_path / "home")
    assert report.ok
    assert "amount is a number in nearly every row" in whys(report)


def test_a_shrunken_delivery_stops_unless_it_is_accepted(home: Path) -> None:
    publish(home, "update marts.load_reconciliation set delivered_row_count = 10000")
    report = expectations.run("raw", home)
    line = "      critical every table has at least half of the rows it had at the last publish: "
    assert line + "transactions: 1,200 of 10,000 rows (12.0 %)" in report.lines
    assert not report.ok
    assert expectations.run("raw", home, accept_change=True).ok


@pytest.mark.skipif(not REFERENCE_DATA.exists(), reason="no reference data")
def test_a_real_year_with_a_quarter_of_its_customers_missing_passes(tmp_path: Path) -> None:
    source = REFERENCE_DATA / "online_retail" / "year_2010_2011.parquet"
    raw = tmp_path / "raw"
    for folder in ("customers", "transactions"):
        (raw / folder).mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            'create view invoices as select *, ("Customer ID"::bigint)::varchar as customer_id '
            f"from read_parquet('{source}')"
        )
        connection.execute(
            "copy (select Invoice || '-' || row_number() over () as txn_id, customer_id, "
            "InvoiceDate::varchar as event_at, (Quantity * Price)::decimal(18, 2)::varchar as amount from invoices) "
            f"to '{raw}/transactions/year.parquet'"
        )
        connection.execute(
            "copy (select distinct customer_id from invoices where customer_id is not null) "
            f"to '{raw}/customers/all.parquet'"
        )
    land(raw, tmp_path / "home", lambda line: None, now=NOW)
    report = expectations.run("raw", tmp_path / "home")
    assert report.ok
    assert [(f.suite, f.figures) for f in report.failed] == [("raw_transactions", "135,080 of 541,909 rows (24.9 %)")]


# What was built


def test_the_first_build_passes_and_says_what_was_not_compared(home: Path) -> None:
    build(home)
    report = expectations.run("marts", home)
    assert report.failed == []
    assert "ok    mart_customers: 1 of 1 (1 not compared: no publish yet)" in report.lines


def test_an_unchanged_build_does_not_drift(home: Path) -> None:
    build(home)
    publish(home)
    report = expectations.run("marts", home)
    assert report.failed == []
    assert "ok    mart_customers: 2 of 2" in report.lines


MOVED = (
    "update marts.customer_rfm set r_score = 1, f_score = 1, m_score = 1, is_m_negative = true, spend_12m = 1000",
    "update marts.customer_tiers set value_tier = 'high', is_provisional = true",
    "update marts.customer_clv set predicted_clv_12m = 126, clv_status = 'not_identifiable'",
    "update marts.clv_gate set is_passed = false, gate_reason = 'ratio', predicted_to_actual_ratio = 1.3",
    "update marts.customer_lifecycle set lifecycle_stage = 'churned'",
    "update marts.customer_satisfaction set sat_class = 'dissatisfied', response_status = 'wrong_number'",
    "update marts.customer_feedback set fb_grade = 'negative'",
    "update marts.customer_loyalty set loyalty_level = 'high'",
    "update marts.customer_engagement set engagement_score = 80",
)


def test_every_mart_expectation_can_fail(home: Path) -> None:
    publish(home, customers=1000, transactions=5000, as_of="2026-01-01")
    build(home, *MOVED, rejected=900)
    found = checks(expectations.run("marts", home).failed)
    publish(home)
    build(home, *MOVED)
    found |= checks(expectations.run("marts", home).failed)
    build(home, "update marts.customer_tiers set value_tier = null")
    found |= checks(expectations.run("marts", home).failed)
    build(home, customers=0, transactions=0)
    found |= checks(expectations.run("marts", home).failed)
    assert found == all_checks("marts")


def test_drift_says_what_moved_and_can_be_accepted(home: Path) -> None:
    publish(home, as_of="2025-12-10")
    build(home, MOVED[1])
    report = expectations.run("marts", home)
    moved = "high 10.0 % -> 100.0 %, low 50.0 % -> 0.0 %, medium 30.0 % -> 0.0 %, none 10.0 % -> 0.0 %"
    expected = "the mix of tiers has not moved far within a month: as of 2025-12-10 -> 2025-12-31: " + moved
    assert f"      critical {expected}" in report.lines
    assert not report.ok and report.is_acceptable
    accepted = expectations.run("marts", home, accept_change=True)
    assert f"      warning  {expected}" in accepted.lines
    assert accepted.ok and not accepted.is_acceptable


def test_a_closed_gate_of_lifetime_value_is_said_and_no_reason_to_stop(home: Path) -> None:
    build(home, MOVED[3])
    report = expectations.run("marts", home)
    (line,) = (line for line in report.lines if "counts in the tiers" in line)
    assert line.endswith("as of 2025-12-31: ratio, predicted to actual 1.3")
    assert report.ok


def test_only_a_difference_from_the_last_publish_can_be_accepted(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(home)
    build(home, MOVED[1])
    assert expectations.main(["marts", "--home", str(home)]) == 1
    assert "--accept-change" in capsys.readouterr().out
    build(home, *MOVED, transactions=0)
    report = expectations.run("marts", home)
    assert not report.ok and not report.is_acceptable
    assert "--accept-change" not in "\n".join(report.lines)


@pytest.mark.parametrize("as_of", ["2025-06-30", "2026-01-31"])
def test_after_a_long_time_or_back_in_time_drift_is_a_warning(home: Path, as_of: str) -> None:
    publish(home, as_of=as_of)
    build(home, *MOVED)
    report = expectations.run("marts", home)
    assert report.ok
    assert "the mix of tiers is that of the last publish" in whys(report)
    assert ("the as-of date has not gone back since the last publish" in whys(report)) == (as_of > "2025-12-31")


def test_drift_of_few_customers_is_not_judged(home: Path) -> None:
    publish(home, customers=150)
    build(home, *MOVED, customers=150)
    assert not any("last publish" in why or "moved" in why for why in whys(expectations.run("marts", home)))


@pytest.mark.parametrize(("rule", "is_ok"), [("lob_unknown", False), ("event_at_future", True)])
def test_rows_that_wait_for_their_day_are_outside_the_budget_of_rejected_rows(
    home: Path, rule: str, is_ok: bool
) -> None:
    build(home, rejected=900, rule=rule)
    report = expectations.run("marts", home)
    assert report.ok is is_ok
    why = "at most half of the rows of a table are rejected, rows dated in the future (event_at_future) not counted"
    assert (why in whys(report)) is not is_ok


@pytest.mark.parametrize(
    ("largest", "rule", "is_noted"),
    [("1000", "lob_unknown", False), ("900000000", "lob_unknown", True), ("900000000", "amount_out_of_range", False)],
)
def test_a_mistyped_amount_counts_at_most_as_much_as_the_largest_accepted_one(
    tmp_path: Path, largest: str, rule: str, is_noted: bool
) -> None:
    rows = changed("transactions", 2, amount="999999999999999")
    rows[1]["amount"], rows[2]["amount"] = "no amount", largest
    deliver(tmp_path / "home", {**good_tables(), "transactions": rows})
    build(tmp_path / "home", rejected=2, rule=rule)
    figures = [f.figures for f in expectations.run("marts", tmp_path / "home").failed]
    assert figures == (["900,000,000 of 2,520,594,598 units of money (35.7 %)"] if is_noted else [])


def test_a_publish_of_another_shape_is_no_reason_to_stop(home: Path) -> None:
    build(home)
    publish(home, "alter table marts.customer_tiers rename value_tier to tier")
    report = expectations.run("marts", home)
    assert report.ok
    figures = {f.figures for f in report.failed if f.suite == "mart_customer_tiers"}
    assert figures == {"not comparable, the last publish has other columns"}


def test_a_publish_that_cannot_be_opened_is_said_and_no_reason_to_stop(home: Path) -> None:
    build(home)
    publish(home)
    (home / "published" / "tiers.duckdb").write_bytes(b"not a database")
    report = expectations.run("marts", home)
    assert report.ok
    assert report.lines[-1] == "warn  last publish: the file could not be opened, nothing was compared with it"


# Around the checks


def test_what_cannot_run_is_told_apart_from_what_failed(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert expectations.main(["raw", "--home", str(tmp_path / "nowhere")]) == 2
    assert "nothing has landed" in capsys.readouterr().err
    assert expectations.main(["marts", "--home", str(home)]) == 2
    assert "nothing has been built" in capsys.readouterr().err
    build(home, "drop table marts.customer_rfm")
    assert expectations.main(["marts", "--home", str(home)]) == 2
    assert "mart_customer_rfm: Catalog Error: Table with name customer_rfm does not exist" in capsys.readouterr().err
    build(home)
    assert expectations.main(["marts", "--home", str(home)]) == 0
    build(home, "delete from marts.transactions")
    assert expectations.main(["marts", "--home", str(home)]) == 1
    assert "FAIL  mart_transactions: 0 of 1" in capsys.readouterr().out


def test_no_suites_is_no_pass(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expectations, "SUITES", home)
    with pytest.raises(CannotRunError, match="no suites in"):
        expectations.run("raw", home)


def break_severity(suite: dict[str, Any]) -> None:
    suite["expectations"][0]["severity"] = "urgent"


def break_why(suite: dict[str, Any]) -> None:
    suite["expectations"][0]["meta"].pop("why")


def break_query(suite: dict[str, Any]) -> None:
    suite["expectations"][1] = {
        "type": "unexpected_rows_expectation",
        "kwargs": {"unexpected_rows_query": ["select nothing_of_that_name from {batch}"]},
        "severity": "warning",
        "meta": {"why": "a query of a column that does not exist"},
    }


def break_column(suite: dict[str, Any]) -> None:
    suite["expectations"][1]["kwargs"]["column"] = "nothing_of_that_name"


def break_type(suite: dict[str, Any]) -> None:
    suite["expectations"][1]["type"] = "expect_the_unexpected"


def break_kwargs(suite: dict[str, Any]) -> None:
    suite["expectations"][1]["kwargs"] = {"column": "customer_id", "mostly": "nearly"}


def break_relation(suite: dict[str, Any]) -> None:
    suite["meta"]["relation"] = ["select nothing_of_that_name from customers"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (break_severity, "raw/customers.json is no valid suite: severity is critical or warning"),
        (break_why, "raw/customers.json is no valid suite: 'why'"),
        (break_query, "a query of a column that does not exist: Binder Error: .*nothing_of_that_name"),
        (break_column, 'customer_id is delivered for nearly every row: The column "nothing_of_that_name"'),
        (break_type, "raw_customers is no valid suite: no expectation of type expect_the_unexpected"),
        (break_kwargs, "raw_customers is no valid suite: .*mostly"),
        (break_relation, "raw_customers: Binder Error: .*nothing_of_that_name"),
    ],
)
def test_a_broken_suite_cannot_run(
    home: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[dict[str, Any]], None], message: str
) -> None:
    copy = home.parent / "expectations"
    shutil.copytree(expectations.SUITES, copy)
    path = copy / "raw" / "customers.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    damage(suite)
    path.write_text(json.dumps(suite), encoding="utf-8")
    monkeypatch.setattr(expectations, "SUITES", copy)
    with pytest.raises(CannotRunError, match=message):
        expectations.run("raw", home)


def test_an_error_that_may_quote_a_value_is_not_repeated() -> None:
    message = "(duckdb) Conversion Error: Could not convert string '13912345678' to INT32\nLINE 1: select"
    assert expectations._without_values(message) == "the query failed"


def test_afterwards_files_are_free_and_logging_is_as_before(home: Path) -> None:
    build(home)
    publish(home)
    expectations.run("marts", home)
    assert logging.root.manager.disable == logging.NOTSET
    for file in (home / "work" / "tiers.duckdb", home / "published" / "tiers.duckdb"):
        with duckdb.connect(str(file)) as connection:
            connection.execute("create table marts.proof_of_writing (n integer)")


def test_the_command_line_prints_lines_and_no_noise(home: Path) -> None:
    command = [sys.executable, "-m", "scripts.expectations", "raw", "--home", str(home)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"ok"}


@pytest.mark.parametrize("stage", ["raw", "marts"])
def test_suites_have_an_owner_and_say_each_reason_once(stage: str) -> None:
    for suite in suites_of(stage):
        assert suite["meta"]["owner"] and suite["meta"]["about"]
        reasons = [e["meta"]["why"] for e in suite["expectations"]]
        assert len(set(reasons)) == len(reasons)
    names = [suite["name"] for suite in suites_of(stage)]
    assert len(set(names)) == len(names)


# The SQL the suites share


@pytest.fixture(scope="module")
def macros() -> Iterator[Callable[..., Any]]:
    """Evaluate an SQL expression with the shared macros."""
    with duckdb.connect() as connection:
        connection.execute((expectations.SUITES / "macros.sql").read_text(encoding="utf-8"))
        yield lambda expression, *values: connection.execute(f"select {expression}", values).fetchone()[0]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.50", 1234.5), ("¥12", 12), ("(12.00)", 12), ("１２元", 12), (".5", 0.5), ("-7", -7), ("+3 CNY", 3)]
    + [(text, None) for text in ("1e5", "nan", "inf", "abc", "1.2.3", "", "--", None)],
)
def test_numbers_are_read_as_people_write_them(
    macros: Callable[..., Any], text: str | None, number: float | None
) -> None:
    assert macros("as_number(?::varchar)", text) == number


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2025-01-02", "ymd", date(2025, 1, 2)),
        ("2025-1-2", "ymd", date(2025, 1, 2)),
        ("2025-01-02T23:59:59+08:00", "dmy", date(2025, 1, 2)),
        ("2025/1/2 10:00", "ymd", date(2025, 1, 2)),
        ("20250102T1000Z", "ymd", date(2025, 1, 2)),
        ("２０２５．０１．０２", "ymd", date(2025, 1, 2)),
        ("02.01.2025", "dmy", date(2025, 1, 2)),
        ("1/2/2025 3:00", "mdy", date(2025, 1, 2)),
        ("02-01-2025", "ymd", None),
        ("2025-02-30", "ymd", None),
        ("infinity", "ymd", None),
        ("2025", "ymd", None),
        ("", "ymd", None),
        (None, "ymd", None),
    ],
)
def test_days_are_read_in_the_declared_order(
    macros: Callable[..., Any], text: str | None, order: str, day: date | None
) -> None:
    assert macros("as_day(?::varchar, ?)", text, order) == day


COMMON_CHINESE = st.builds(
    lambda lead, trail: bytes([lead, trail]).decode("gb2312"),
    st.integers(0xB0, 0xD6),
    st.integers(0xA1, 0xFE),
)


@given(
    text=st.text(COMMON_CHINESE, min_size=2, max_size=6).filter(
        lambda text: not re.search("烫烫烫|屯屯屯|锟斤拷", text)
    )
)
def test_chinese_read_as_latin_is_garbled_and_as_itself_is_not(macros: Callable[..., Any], text: str) -> None:
    assert macros("is_garbled(?)", text) is False
    assert macros("is_garbled(?)", text.encode("gbk").decode("latin-1")) is True
    assert macros("is_garbled(?)", text.encode("utf-8").decode("latin-1")) is True
    assert macros("is_garbled(?)", text.encode("utf-8").decode("cp1252", "replace")) is True


@pytest.mark.parametrize(
    ("text", "is_garbled"), [("鍖椾含甯?", True), ("涓婃捣", True), ("锟斤拷", True), ("张\ufffd", True)]
)
def test_chinese_read_twice_is_garbled(macros: Callable[..., Any], text: str, is_garbled: bool) -> None:
    assert macros("is_garbled(?)", text) is is_garbled


@pytest.mark.parametrize("text", ["Müller", "Þórðís Ægisdóttir", "café – né", "Łukasz Ñandú", "浦东新区", "", None])
def test_names_of_the_world_are_not_garbled(macros: Callable[..., Any], text: str | None) -> None:
    assert not macros("is_garbled(?::varchar)", text)


MIX = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 1000), min_size=1)


@given(before=MIX, after=MIX, factor=st.integers(2, 9))
def test_the_stability_index_is_a_distance_of_shares(
    macros: Callable[..., Any], before: dict[str, int], after: dict[str, int], factor: int
) -> None:
    def index(one: dict[str, int], other: dict[str, int]) -> float:
        maps = [f"map {{{', '.join(f'{key!r}: {value}' for key, value in mix.items())}}}" for mix in (one, other)]
        return macros(f"stability_index({maps[0]}, {maps[1]})")

    assert index(before, after) >= 0
    assert index(before, after) == pytest.approx(index(after, before))
    assert index(before, {key: factor * value for key, value in before.items()}) == pytest.approx(0)


def test_the_stability_index_of_a_known_shift(macros: Callable[..., Any]) -> None:
    index = macros("stability_index(map {'high': 10, 'low': 90}, map {'high': 20, 'low': 80})")
    assert index == pytest.approx(0.1 * 0.6931472 + -0.1 * -0.1177830, abs=1e-6)
