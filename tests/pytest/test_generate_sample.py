"""The sample generator: repeatable, complete, consistent and lifelike, with its planted faults where it says."""

import csv
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from scripts import generate_sample
from scripts.contract import PROJECT_DIR, read_contract
from scripts.landing import LandingError, land
from scripts.sample_data import back_office, dirt, schema, writers
from scripts.sample_data import blocks as sample_blocks
from scripts.sample_data.scenario import BLOCK_SIZE, Scenario

SMALL = Scenario(2_000)
FOREIGN_KEYS = [
    ("transactions", "customer_id", "customers", "customer_id"),
    ("transactions", "contract_id", "contracts", "contract_id"),
    ("transactions", "product_id", "products", "product_id"),
    ("transactions", "campaign_id", "campaigns", "campaign_id"),
    ("transactions", "original_txn_id", "transactions", "txn_id"),
    ("contracts", "customer_id", "customers", "customer_id"),
    ("contracts", "product_id", "products", "product_id"),
    ("contracts", "renewal_of_contract_id", "contracts", "contract_id"),
    ("contract_parties", "customer_id", "customers", "customer_id"),
    ("contract_parties", "contract_id", "contracts", "contract_id"),
    ("customer_identity", "from_customer_id", "customers", "customer_id"),
    ("customer_identity", "to_customer_id", "customers", "customer_id"),
    ("energy_readings", "customer_id", "customers", "customer_id"),
    ("energy_readings", "contract_id", "contracts", "contract_id"),
    ("surveys", "customer_id", "customers", "customer_id"),
    ("surveys", "txn_id", "transactions", "txn_id"),
    ("complaints", "customer_id", "customers", "customer_id"),
    ("complaint_events", "complaint_id", "complaints", "complaint_id"),
    ("interactions", "customer_id", "customers", "customer_id"),
    ("interactions", "campaign_id", "campaigns", "campaign_id"),
    ("referrals", "referrer_customer_id", "customers", "customer_id"),
    ("referrals", "referee_customer_id", "customers", "customer_id"),
    ("points_events", "customer_id", "customers", "customer_id"),
    ("points_events", "original_event_id", "points_events", "event_id"),
    ("tier_overrides", "customer_id", "customers", "customer_id"),
    ("expert_scores", "customer_id", "customers", "customer_id"),
    ("campaign_contacts", "customer_id", "customers", "customer_id"),
    ("campaign_contacts", "campaign_id", "campaigns", "campaign_id"),
    ("pilot_assignments", "customer_id", "customers", "customer_id"),
    ("privacy_requests", "customer_id", "customers", "customer_id"),
    ("crm_zoho_accounts", "customer_id", "customers", "customer_id"),
    ("crm_fxiaoke_accounts", "customer_id", "customers", "customer_id"),
]
KEYS = [
    ("transactions", "txn_id"),
    ("surveys", "response_id"),
    ("complaints", "complaint_id"),
    ("interactions", "interaction_id"),
    ("points_events", "event_id"),
    ("contract_parties", "contract_id, customer_id"),
    ("contracts", "contract_id, status"),
    ("fx_rates", "currency, rate_date"),
    ("weather", "city, date"),
    ("pilot_assignments", "pilot_id, unit_id"),
    ("campaign_contacts", "campaign_id, customer_id"),
    ("customer_identity", "from_customer_id"),
    ("energy_readings", "meter_id, period_start, recorded_at"),
    ("tier_overrides", "override_id, recorded_at"),
    ("expert_scores", "score_id"),
]


def run(out: Path, *arguments: str) -> int:
    """The command line, with its list of faults kept beside the sample."""
    return generate_sample.main(["--out", str(out), "--dirt-list", str(out.with_suffix(".faults.csv")), *arguments])


def contents(directory: Path) -> dict[str, bytes]:
    """All files below a directory."""
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in sorted(directory.rglob("*.*"))}


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """The result of a query."""
    return connection.execute(query).fetchall()


def scalar(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    """The only value of a query."""
    return rows(connection, query)[0][0]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sample as CSV files."""
    out = tmp_path_factory.mktemp("clean") / "raw"
    generate_sample.generate(SMALL, out)
    return out


@pytest.fixture(scope="module")
def small(clean: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The small sample as tables of text."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Asia/Shanghai'")
        for name in schema.TABLES:
            connection.execute(
                f"create table {name} as from read_csv('{clean}/{name}/*.csv', all_varchar = true, header = true)"
            )
        yield connection


@pytest.fixture(scope="module")
def lively() -> Iterator[duckdb.DuckDBPyConnection]:
    """A whole block of customers with its types, for what only shows in large numbers."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Asia/Shanghai'")
        for name, table in next(sample_blocks.blocks(Scenario(BLOCK_SIZE))).items():
            connection.register(f"{name}_arrow", table)
            connection.execute(f"create table {name} as select * from {name}_arrow")
        connection.execute(
            """
            create view visits as
            select *, cast(event_at as date) as day from transactions where lob = 'venue' and txn_type = 'purchase';
            create view first_complaints as
            select
                customer_id,
                min(created_at) as complained_at,
                arg_min(severity in ('major', 'critical', '重要', '重大'), created_at) as is_serious
            from complaints
            where feedback_type = 'complaint'
            group by customer_id
            """
        )
        yield connection


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("once", "again"):
        assert run(tmp_path / name, "--customers", "150", "--dirt") == 0
    assert contents(tmp_path / "once") == contents(tmp_path / "again")
    assert (tmp_path / "once.faults.csv").read_bytes() == (tmp_path / "again.faults.csv").read_bytes()


def test_another_seed_gives_other_customers(tmp_path: Path) -> None:
    run(tmp_path / "seven", "--customers", "50")
    run(tmp_path / "eight", "--customers", "50", "--seed", "8")
    seven, eight = contents(tmp_path / "seven"), contents(tmp_path / "eight")
    assert seven.keys() == eight.keys()
    assert seven["customers/part-0001.csv"] != eight["customers/part-0001.csv"]


def test_every_table_of_the_contract_is_delivered_with_columns_of_the_contract() -> None:
    contract = read_contract()
    assert schema.TABLES.keys() == contract.keys()
    for name, columns in schema.TABLES.items():
        assert set(columns) <= set(contract[name].columns), name
        assert set(contract[name].required_columns) <= set(columns), name
    for name, columns in schema.REQUIRED_ONLY.items():
        assert set(columns) == set(contract[name].required_columns), name
    assert {name for name, table in contract.items() if table.is_required} == set(schema.REQUIRED_ONLY)


def test_files_have_the_declared_header_and_every_table_has_rows(clean: Path, small: duckdb.DuckDBPyConnection) -> None:
    for name, columns in schema.TABLES.items():
        header = (clean / name / "part-0001.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert header == ",".join(columns), name
        assert scalar(small, f"select count(*) from {name}") > 0, name


def test_a_clean_sample_lands_without_a_single_rejected_line(clean: Path, tmp_path: Path) -> None:
    report = land(clean, tmp_path, lambda message: None, datetime(2026, 1, 1, tzinfo=UTC))
    assert [table.table for table in report.tables if table.rejected or not table.landed] == []
    assert report.warnings == []


@pytest.mark.parametrize(("table", "column", "parent", "key"), FOREIGN_KEYS)
def test_references_resolve(small: duckdb.DuckDBPyConnection, table: str, column: str, parent: str, key: str) -> None:
    assert scalar(small, f"select count({column}) from {table}") > 0
    orphans = f"""
        select count(*) from {table} as child
        where {column} is not null and not exists (select 1 from {parent} as parent where parent.{key} = child.{column})
    """
    assert scalar(small, orphans) == 0


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_keys_are_unique(small: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    assert scalar(small, f"select count(*) from (select {key} from {table} group by all having count(*) > 1)") == 0


def test_reversals_take_back_a_sale_of_the_same_customer_and_never_more_than_it(
    lively: duckdb.DuckDBPyConnection,
) -> None:
    reversals = """
        select
            count(*) as reversal_count,
            count(*) filter (sale.txn_type not in ('purchase', 'bill') or sale.payment_status = 'void') as of_no_sale,
            count(*) filter (sale.customer_id <> reversal.customer_id) as of_others,
            count(*) filter (reversal.event_at <= sale.event_at) as too_early
        from transactions as reversal
        inner join transactions as sale on reversal.original_txn_id = sale.txn_id
    """
    ((count, of_no_sale, of_others, too_early),) = rows(lively, reversals)
    assert count == scalar(
        lively, "select count(*) from transactions where txn_type in ('refund', 'bill_credit', 'cancellation')"
    )
    assert (of_no_sale, of_others, too_early) == (0, 0, 0)
    exceeded = """
        select count(*) from (
            select sale.txn_id
            from transactions as reversal
            inner join transactions as sale
                on reversal.original_txn_id = sale.txn_id and reversal.currency = sale.currency
            group by sale.txn_id, sale.amount
            having sum(reversal.amount) > sale.amount
        )
    """
    assert scalar(lively, exceeded) == 0


def test_amounts_add_up_and_are_never_negative(lively: duckdb.DuckDBPyConnection) -> None:
    assert scalar(lively, "select min(amount) from transactions") == 0
    assert scalar(lively, "select count(*) from transactions where gross_amount - discount_amount <> amount") == 0
    assert scalar(lively, "select count(*) from transactions where period_end < period_start") == 0
    assert scalar(lively, "select count(*) from transactions where txn_type = 'adjustment' and direction is null") == 0


def test_bills_of_a_contract_do_not_overlap(lively: duckdb.DuckDBPyConnection) -> None:
    overlapping = """
        select count(*)
        from (
            select
                period_end,
                lead(period_start) over (partition by contract_id order by period_start) as next_start
            from transactions
            where txn_type = 'bill'
        )
        where next_start <= period_end
    """
    assert scalar(lively, overlapping) == 0


def test_payments_of_a_kept_property_add_up_to_its_price_at_most(lively: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) filter (paid > total_amount) as overpaid, count(*) filter (paid = total_amount) as fully_paid
        from (
            select contract_id, any_value(contracts.total_amount) as total_amount, any_value(payments.paid) as paid
            from contracts
            inner join (
                select contract_id, sum(amount) as paid
                from transactions
                where lob = 'property_sale' and txn_type = 'purchase'
                group by contract_id
            ) as payments using (contract_id)
            group by contract_id
        )
    """
    ((overpaid, fully_paid),) = rows(lively, query)
    assert overpaid == 0
    assert fully_paid > 50


def test_nothing_is_known_before_it_happens_or_after_the_end(small: duckdb.DuckDBPyConnection) -> None:
    assert scalar(small, "select max(cast(recorded_at as timestamptz)::date) from transactions") == SMALL.end
    for name in schema.TABLES:
        latest = scalar(small, f"select max(cast(recorded_at as timestamptz)::date) from {name}")
        assert latest <= SMALL.end, name
    early = "select count(*) from transactions where cast(recorded_at as timestamptz) <= cast(event_at as timestamptz)"
    assert scalar(small, early) == 0


def test_some_rows_are_recorded_weeks_late_and_after_the_quarter(lively: duckdb.DuckDBPyConnection) -> None:
    late = "avg(cast(recorded_at - event_at > interval '7 days' as integer))"
    assert 0.005 < scalar(lively, f"select {late} from transactions") < 0.015
    crossing = "date_trunc('quarter', event_at) <> date_trunc('quarter', recorded_at)"
    assert scalar(lively, f"select count(*) from transactions where {crossing}") > 100


def test_the_mix_of_customers_and_transactions_is_lifelike(lively: duckdb.DuckDBPyConnection) -> None:
    assert 0.08 < scalar(lively, "select avg(cast(customer_type = 'company' as integer)) from customers") < 0.16
    buyers = scalar(lively, "select count(distinct customer_id) from transactions")
    assert 0.78 < buyers / BLOCK_SIZE < 0.88
    assert (
        0.03
        < scalar(
            lively,
            "select count(*) filter (txn_type in ('refund', 'bill_credit', 'cancellation'))"
            " / count(*) filter (txn_type in ('purchase', 'bill')) from transactions",
        )
        < 0.05
    )
    for condition in (
        "currency <> 'CNY'",
        "payment_status = 'void'",
        "txn_type = 'bill' and payment_status = 'unpaid'",
        "txn_type = 'deposit_return'",
        "txn_type = 'adjustment'",
        "amount = 0",
    ):
        assert 0 < scalar(lively, f"select count(*) from transactions where {condition}") < 5_000, condition
    ((few, many),) = rows(
        lively, "select quantile_disc(n, 0.5), max(n) from (select count(*) as n from visits group by customer_id)"
    )
    assert few <= 8
    assert many >= 10 * few


def test_a_serious_complaint_halves_the_visits_that_follow(lively: duckdb.DuckDBPyConnection) -> None:
    visits = """
        select
            is_serious,
            count(*) filter (event_at < complained_at) as before,
            count(*) filter (event_at > complained_at) as after
        from visits
        inner join first_complaints using (customer_id)
        where
            abs(date_diff('day', event_at, complained_at)) <= 180
            and complained_at between '2021-07-01' and '2025-06-30'
        group by is_serious
        order by is_serious
    """
    (_, minor_before, minor_after), (_, serious_before, serious_after) = rows(lively, visits)
    assert serious_after < 0.5 * serious_before
    assert minor_after / minor_before > 1.5 * serious_after / serious_before


def test_satisfaction_falls_after_a_complaint(lively: duckdb.DuckDBPyConnection) -> None:
    score = """
        select avg(score)
        from surveys
        left join first_complaints using (customer_id)
        where scale = 'csat_5'
    """
    never = scalar(lively, f"{score} and complained_at is null")
    later = scalar(lively, f"{score} and is_serious and invited_at > complained_at")
    assert later < never - 0.7


def test_the_satisfied_bring_others(lively: duckdb.DuckDBPyConnection) -> None:
    score = "select avg(score) from surveys where scale = 'csat_5' and customer_id"
    referrers = "(select referrer_customer_id from referrals)"
    assert scalar(lively, f"{score} in {referrers}") > scalar(lively, f"{score} not in {referrers}") + 0.3


def test_referrers_were_there_before_those_they_brought(lively: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*)
        from referrals
        inner join customers as referrer on referrer_customer_id = referrer.customer_id
        inner join customers as referee on referee_customer_id = referee.customer_id
        where referrer.created_at >= referee.created_at or referred_at > referee.created_at
    """
    assert scalar(lively, query) == 0


def test_visits_follow_the_season(lively: duckdb.DuckDBPyConnection) -> None:
    daily = dict(rows(lively, "select month(day), count(*) / count(distinct day) from visits group by all"))
    assert min(daily[7], daily[8]) > 1.5 * max(daily[9], daily[11])
    festival = "day between '2024-02-10' and '2024-02-16'"
    week_before = "day between '2024-01-27' and '2024-02-02'"
    assert scalar(lively, f"select count(*) from visits where {festival}") > 1.5 * scalar(
        lively, f"select count(*) from visits where {week_before}"
    )


def test_energy_is_used_for_heating_and_cooling(lively: duckdb.DuckDBPyConnection) -> None:
    median = "select month(period_start), cast(median(consumption) as double) from energy_readings group by all"
    used = dict(rows(lively, median))
    assert min(used[1], used[7]) > 1.2 * max(used[4], used[10])


def test_meters_run_forwards_unless_replaced(lively: duckdb.DuckDBPyConnection) -> None:
    backwards = """
        select count(*)
        from (
            select
                meter_replaced,
                reading_value - lag(reading_value) over (partition by meter_id order by period_start) as difference
            from energy_readings
            where read_type <> 'estimated'
        )
        where difference < 0 and not meter_replaced
    """
    assert scalar(lively, backwards) == 0
    parts = "peak_kwh + flat_kwh + valley_kwh"
    assert scalar(lively, f"select count(*) from energy_readings where {parts} <> consumption") == 0


def test_business_grows_and_customers_leave(lively: duckdb.DuckDBPyConnection) -> None:
    yearly = [row[0] for row in rows(lively, "select count(*) from visits group by year(day) order by year(day)")]
    assert yearly == sorted(yearly)
    gone = "select count(*) from (select customer_id from visits group by all having max(day) < '2024-12-31')"
    assert scalar(lively, gone) > 0.2 * scalar(lively, "select count(distinct customer_id) from visits")


def test_foreign_money_has_a_rate_of_the_last_days(small: duckdb.DuckDBPyConnection) -> None:
    missing = """
        select count(*)
        from (select currency, cast(cast(event_at as timestamptz) as date) as day from transactions) as paid
        where currency <> 'CNY' and not exists (
            select 1 from fx_rates
            where fx_rates.currency = paid.currency and cast(rate_date as date) between day - 4 and day
        )
    """
    assert scalar(small, "select count(distinct currency) from transactions") == 4
    assert scalar(small, missing) == 0


def test_redelivered_customers_are_repeats_or_later_versions(small: duckdb.DuckDBPyConnection) -> None:
    versions = """
        with counted as (
            select customer_id, count(*) as deliveries, count(distinct cast(customers as varchar)) as contents
            from customers group by customer_id
        )
        select count(*) filter (contents > 1), count(*) filter (deliveries > contents) from counted
    """
    ((changed, repeated),) = rows(small, versions)
    assert changed > 20
    assert 0 < repeated < 20
    assert scalar(small, "select count(*) from customers where status in ('closed', 'deceased')") > 10
    assert scalar(small, "select count(*) from customers where status in ('test', 'staff')") > 10


def test_nobody_in_the_sample_is_real(small: duckdb.DuckDBPyConnection) -> None:
    assert scalar(small, "select count(*) from customers where email <> '' and email not like '%@example.com'") == 0
    assert scalar(small, "select count(*) from customers where phone not similar to '(\\+86)?154[0-9]{8}'") == 0
    assert scalar(small, "select count(*) from customers where id_number_hash not similar to '[0-9a-f]{64}'") == 0


def test_overrides_of_every_kind_are_good_faulty_and_taken_back(lively: duckdb.DuckDBPyConnection) -> None:
    cases = "select count(distinct (axis, kind, coalesce(tier, ''), reason_code)) from tier_overrides"
    assert scalar(lively, cases) == len(back_office.OVERRIDE_CASES)
    assert scalar(lively, "select count(*) from tier_overrides where kind = 'freeze' and tier is not null") == 0
    for fault in (
        "approved_by is null and approved_at is null",
        "valid_to - valid_from > 365",
        "requested_by = approved_by",
        "length(reason_text) < 10",
        "valid_to <= date '2025-12-31'",
    ):
        share = f"select avg(cast({fault} as integer)) from (from tier_overrides where revoked_at is null)"
        assert 0.02 < scalar(lively, share) < 0.6, fault
    taken_back = """
        select
            count(*),
            count(*) filter (earlier.recorded_at < later.recorded_at and later.revoked_at <= later.recorded_at)
        from tier_overrides as later
        left join tier_overrides as earlier on later.override_id = earlier.override_id and earlier.revoked_at is null
        where later.revoked_at is not null
    """
    ((revoked, after_a_first_version),) = rows(lively, taken_back)
    assert revoked == after_a_first_version > 3


def test_experts_agree_on_some_and_more_in_a_second_round(lively: duckdb.DuckDBPyConnection) -> None:
    panels = """
        select
            round_no,
            count(*) as panels,
            count(*) filter (experts < 3) as too_few,
            count(*) filter (experts >= 3 and spread > 2) as disagree,
            avg(spread) as mean_spread
        from (
            select
                customer_id,
                dimension,
                round_no,
                count(*) as experts,
                quantile_cont(score, 0.75) - quantile_cont(score, 0.25) as spread
            from expert_scores group by all
        )
        group by round_no order by round_no
    """
    first, second = rows(lively, panels)
    assert second[1] < 0.4 * first[1]
    assert 0 < first[2] < 0.2 * first[1]
    assert 0.05 * first[1] < first[3] < 0.6 * first[1]
    assert second[4] < 0.6 * first[4]
    assert scalar(lively, "select min(score) from expert_scores") >= 1
    assert scalar(lively, "select max(score) from expert_scores") <= 10


def test_a_block_is_the_same_whatever_the_number_of_blocks() -> None:
    two, three = (list(itertools.islice(sample_blocks.blocks(Scenario(count * BLOCK_SIZE)), 2)) for count in (2, 3))
    assert len(two) == len(three) == 2
    for block, other in zip(two, three, strict=True):
        assert block.keys() == other.keys()
        for name in block:
            assert block[name].equals(other[name]), name
    assert not two[0]["customers"].equals(two[1]["customers"])


def test_numbers_of_two_blocks_differ() -> None:
    first, second = sample_blocks.blocks(Scenario(BLOCK_SIZE + 500))
    for name, key in (("customers", "customer_id"), ("transactions", "txn_id"), ("contracts", "contract_id")):
        ids = [set(block[name].column(key).to_pylist()) for block in (first, second)]
        assert not ids[0] & ids[1]
    assert len(set(second["customers"].column("customer_id").to_pylist())) == 500


def test_blocks_are_drawn_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def frames(scenario: Scenario, block: int) -> dict[str, dict[str, np.ndarray]]:
        drawn.append(block)
        return {}

    monkeypatch.setattr(sample_blocks, "block_frames", frames)
    stream = sample_blocks.blocks(Scenario(10_000_000))
    assert drawn == []
    next(stream)
    assert drawn == [0]
    next(stream)
    assert drawn == [0, 1]
    assert sum(1 for _ in stream) == 10_000_000 // BLOCK_SIZE - 2
    assert max(Scenario(10_000_000).block_size(block) for block in range(1_000)) == BLOCK_SIZE


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    for file_format in ("csv", "parquet"):
        assert run(tmp_path / file_format, "--customers", "200", "--format", file_format) == 0
    as_text = pyarrow.csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
    for name, columns in schema.TABLES.items():
        as_text.column_types = dict.fromkeys(columns, pa.string())
        delivered = pyarrow.csv.read_csv(tmp_path / "csv" / name / "part-0001.csv", convert_options=as_text)
        typed = pyarrow.parquet.read_table(tmp_path / "parquet" / name / "part-0001.parquet")
        shown = writers.as_text(name, typed)
        shown = shown.cast(pa.schema([(column, pa.string()) for column in shown.column_names]))
        assert shown.equals(delivered), name


def test_parquet_columns_have_types(tmp_path: Path) -> None:
    run(tmp_path / "raw", "--customers", "20", "--format", "parquet")
    types = pyarrow.parquet.read_schema(tmp_path / "raw" / "transactions" / "part-0001.parquet")
    assert types.field("amount").type == pa.decimal128(18, 2)
    assert types.field("event_at").type == pa.timestamp("us", "UTC")
    assert types.field("due_date").type == pa.date32()
    assert types.field("lob").type == pa.string()


def test_many_blocks_make_several_part_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "BLOCKS_PER_PART", 2)
    table = pa.table({"customer_id": ["C1", "C2"]})
    for file_format in ("csv", "parquet"):
        writer = writers.SampleWriter(tmp_path / file_format, file_format)
        for _ in range(3):
            writer.write({"customers": table})
        assert not (tmp_path / file_format).exists()
        writer.close()
        parts = sorted((tmp_path / file_format / "customers").iterdir())
        assert [part.name for part in parts] == [f"part-000{number}.{file_format}" for number in (1, 2)]
        assert writer.rows == {"customers": 6}
    assert (tmp_path / "csv" / "customers" / "part-0001.csv").read_text() == "customer_id\nC1\nC2\nC1\nC2\n"


def test_an_interrupted_run_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> Iterator[dict[str, pa.Table]]:
        yield {"customers": pa.table({"customer_id": ["C1"]})}
        raise KeyboardInterrupt

    monkeypatch.setattr(generate_sample, "blocks", broken)
    with pytest.raises(KeyboardInterrupt):
        generate_sample.generate(SMALL, tmp_path / "raw")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_with_files_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "mine.csv").write_text("mine")
    assert run(tmp_path / "raw", "--customers", "10") == 2
    assert "not empty" in capsys.readouterr().err
    assert run(tmp_path / "raw", "--customers", "10", "--if-empty") == 0
    assert contents(tmp_path / "raw") == {"mine.csv": b"mine"}


def test_an_empty_directory_is_filled_and_the_closing_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    assert run(tmp_path / "raw", "--customers", "10", "--if-empty") == 0
    last_line = capsys.readouterr().out.splitlines()[-1]
    assert "25 tables" in last_line
    assert str(tmp_path / "raw") in last_line


@pytest.mark.parametrize(
    "arguments",
    [
        ["--customers", "0"],
        ["--customers", "10000001"],
        ["--customers", "10", "--size", "small"],
        ["--end", "2025-02-30"],
        ["--dirt", "--format", "parquet"],
        ["--dirt", "--only-required"],
        ["--dirt-files", "no_such_fault"],
    ],
)
def test_wrong_usage_exits_with_2(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        run(tmp_path / "raw", *arguments)
    assert exit_info.value.code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("end", "first_day"), [("2025-12-31", "2021-01-01"), ("2024-02-28", "2019-02-28")])
def test_the_history_has_five_years(end: str, first_day: str) -> None:
    scenario = Scenario(10, end=datetime.fromisoformat(end).date())
    assert np.datetime64(scenario.first_day, "D") == np.datetime64(first_day)
    assert np.datetime64(scenario.last_day, "D") == np.datetime64(end)


@pytest.mark.parametrize("customers", ["1", "2", "7"])
def test_the_smallest_samples_have_every_table(tmp_path: Path, customers: str) -> None:
    assert run(tmp_path / "raw", "--customers", customers, "--end", "2024-02-29") == 0
    assert {path.name for path in (tmp_path / "raw").iterdir()} == set(schema.TABLES)


def test_only_required_columns(tmp_path: Path) -> None:
    assert run(tmp_path / "raw", "--customers", "300", "--only-required") == 0
    assert contents(tmp_path / "raw").keys() == {"customers/part-0001.csv", "transactions/part-0001.csv"}
    with duckdb.connect() as connection:
        for name, header in (("customers", "customer_id"), ("transactions", "txn_id,customer_id,event_at,amount")):
            path = tmp_path / "raw" / name / "part-0001.csv"
            assert path.read_text().partition("\n")[0] == header
            connection.execute(f"create table {name} as from read_csv('{path}', all_varchar = true, header = true)")
        assert scalar(connection, "select count(*) - count(distinct customer_id) from customers") == 0
        assert scalar(connection, "select count(*) from transactions anti join customers using (customer_id)") == 0
        taken_back = """
            select count(*) filter (not exists (
                select 1 from transactions as sale
                where
                    sale.customer_id = refund.customer_id
                    and cast(sale.amount as decimal(18, 2)) = -cast(refund.amount as decimal(18, 2))
                    and sale.event_at < refund.event_at
            )), count(*)
            from transactions as refund
            where amount like '-%'
        """
        ((without_sale, refunds),) = rows(connection, taken_back)
        assert refunds > 20
        assert without_sale == 0


# Planted faults


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small sample with all faults in single rows."""
    out = tmp_path_factory.mktemp("dirty") / "raw"
    assert generate_sample.main(["--out", str(out), "--dirt"]) == 0
    return out


def faults_beside(raw: Path) -> list[dict[str, str]]:
    """The list of faults in its usual place."""
    with (raw.parent / "faults.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def rules_of_policy() -> set[tuple[str, str]]:
    """Table and rule id of every rule; `any` where a rule holds for all tables."""
    with (PROJECT_DIR / "seeds" / "policy" / "policy_data_rules.csv").open(encoding="utf-8", newline="") as stream:
        return {(row["source_table"], row["rule_id"]) for row in csv.DictReader(stream)}


def test_bad_rows_are_appended_to_files_that_are_otherwise_the_same(clean: Path, dirty: Path) -> None:
    before, after = contents(clean), contents(dirty)
    assert before.keys() == after.keys()
    changed = {file.split("/")[0] for file in before if before[file] != after[file]}
    assert changed == {fault["source_table"] for fault in faults_beside(dirty)}
    for file, text in before.items():
        assert after[file].startswith(text), file


def test_bad_rows_concern_customers_of_their_own(clean: Path, dirty: Path) -> None:
    before, after = contents(clean), contents(dirty)
    for file in before:
        assert b"C0000" not in after[file][len(before[file]) :], file


def test_the_list_names_the_physical_lines(dirty: Path) -> None:
    planted: dict[tuple[str, str], list[str]] = {}
    for row in dirt.bad_rows(SMALL):
        if row.fate:
            planted.setdefault((row.table, row.fault), []).append(row.text)
    listed = faults_beside(dirty)
    assert len(listed) == sum(map(len, planted.values())) == len(planted)
    for fault in listed:
        lines = (dirty / fault["file"]).read_text(encoding="utf-8").split("\n")
        text = planted[fault["source_table"], fault["fault"]][0]
        start = int(fault["line"]) - 1
        assert "\n".join(lines[start : start + text.count("\n") + 1]) == text, fault["fault"]


def test_landing_sets_aside_exactly_the_lines_without_shape(dirty: Path, tmp_path: Path) -> None:
    land(dirty, tmp_path, lambda message: None, datetime(2026, 1, 1, tzinfo=UTC))
    with duckdb.connect() as connection:
        rejected = rows(
            connection,
            f"select source_table, _file, cast(_line as varchar), rule_id"
            f" from read_parquet('{tmp_path}/landing/rejected_lines/*.parquet')",
        )
    listed = [
        (fault["source_table"], fault["file"], fault["line"], fault["rule_id"])
        for fault in faults_beside(dirty)
        if fault["fate"] == "landing_rejected"
    ]
    assert len(listed) >= 5
    assert sorted(rejected) == sorted(listed)


def test_every_rule_for_rows_has_a_planted_fault(dirty: Path) -> None:
    listed = {(fault["source_table"], fault["rule_id"]) for fault in faults_beside(dirty) if fault["rule_id"]}
    landing_rules = {rule for table, rule in rules_of_policy() if table == "any"}
    covered = {("any" if rule in landing_rules else table, rule) for table, rule in listed}
    assert covered <= rules_of_policy()
    # Only a file that has no column original_txn_id can break this one.
    assert rules_of_policy() - covered == {("transactions", "refund_without_original")}


def test_fates_are_the_agreed_ones(dirty: Path) -> None:
    fates = {fault["fate"] for fault in faults_beside(dirty)}
    assert fates == {"rejected", "issue", "duplicate", "accepted", "landing_rejected"}


@pytest.mark.parametrize("fault", dirt.FILE_FAULTS)
def test_a_bad_file_stops_landing_under_its_rule_and_line(tmp_path: Path, fault: str) -> None:
    raw = tmp_path / "raw"
    assert generate_sample.main(["--out", str(raw), "--customers", "20", "--dirt-files", fault]) == 0
    (listed,) = faults_beside(raw)
    with pytest.raises(LandingError) as error:
        land(raw, tmp_path / "home", lambda message: None, datetime(2026, 1, 1, tzinfo=UTC))
    (finding,) = error.value.findings
    assert (finding.file, finding.rule_id) == (listed["file"], listed["rule_id"])
    assert str(finding.line or "") == listed["line"]
    assert listed["fate"] == "file_rejected"
