"""The same facts, delivered or built in another way, give the same marts; changed facts change only what they must.

Every test builds one more warehouse from a small sample with planted faults and compares it with the build of the
sample as it is.
"""

import csv
import json
import shutil
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, cycle, product, starmap
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from agreement import IS_LONG, one_by_one
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from scripts.generate_sample import generate
from scripts.landing import land
from scripts.publish import mart_hashes
from scripts.sample_data.dirt import wanted
from scripts.sample_data.scenario import Scenario
from tests.reference.text import normalise, parse_money, parse_timestamp

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = Scenario(customers=150)
LANDED_AT = datetime(2026, 1, 31, tzinfo=UTC)
BUSINESS_TZ = "Asia/Shanghai"
KEYS = {
    "customers": "customer_id",
    "products": "product_id",
    "contracts": "contract_id",
    "transactions": "txn_id",
    "fx_rates": "currency",
    "surveys": "response_id",
    "complaints": "complaint_id",
    "interactions": "interaction_id",
    "complaint_events": "complaint_id",
    "referrals": "referral_id",
    "energy_readings": "meter_id",
    "weather": "city",
    "tier_overrides": "override_id",
    "expert_scores": "score_id",
    "points_events": "event_id",
    "customer_identity": "from_customer_id",
}
TABLES = (*KEYS, "campaigns")  # those that are read, and one that is only landed
FOOTERS = ("TOTAL", "合计")
# Marts about all customers together: models fitted to them, rates seen among them.
ABOUT_EVERYBODY = ("clv_parameters", "clv_backtest", "clv_backtest_deciles", "clv_calibrations", "clv_gate")
ABOUT_EVERYBODY += ("satisfaction_segments", "loyalty_cohorts")
# Marts that hold shown dates beside each other, or advise at the as-of date.
MONITORING = (
    "tier_migrations",
    "tier_projections",
    "tier_drift",
    "tier_kpis",
    "tier_economics",
    "tier_alerts",
    "threshold_advice",
)
# Marts about one customer that also look at the others: lifetime value, peers, conversions seen, medians, and the tier,
# which rests on lifetime value of earlier dates too.
BESIDE_OTHERS = ("customer_clv", "customer_energy", "customer_intent", "customer_tier_reasons", "customer_tier_aliases")
BESIDE_OTHERS += ("override_audit",)
# The same for columns of the tier marts.
TIER_COLUMNS = {"value_tier", "computed_tier", "reason", "tier_sentence_en", "tier_sentence_zh"}
TIER_COLUMNS |= {f"{kind}_{what}" for kind in ("at_risk", "upside", "attention") for what in ("flag", "reason")}
SIGNALS = ("satisfaction", "feedback", "lifecycle", "loyalty", "engagement", "intent", "preferences", "usage", "energy")
HISTORIES = ("customer_rfm_history", "customer_rfm_lines_history", "customer_clv_history", "customer_tier_history")
HISTORIES += ("customer_expert_scores_history",)
HISTORIES += tuple(f"customer_{signal}_history" for signal in SIGNALS)
# Marts that name the file and the line of a row, or count rows by file.
QUALITY = ("rejected_rows", "data_issues", "load_reconciliation")
# Where a key may be delivered again, its rows at one recording time are told apart by their order: that is the rule.
VERSION_KEYS = {
    "customers": ("customer_id", "recorded_at"),
    "products": ("product_id", "recorded_at"),
    "contracts": ("contract_id", "recorded_at"),
    "fx_rates": ("currency", "rate_date", "recorded_at"),
    "energy_readings": ("meter_id", "period_start", "recorded_at"),
    "weather": ("city", "date", "recorded_at"),
    "tier_overrides": ("override_id", "recorded_at"),
    "customer_identity": ("from_customer_id", "to_customer_id", "link_type", "valid_from", "recorded_at"),
}
# Columns that name a customer, or an account by one.
PERSONS = ("customer_id", "referrer_customer_id", "referee_customer_id", "from_customer_id", "to_customer_id")
PERSONS += ("account_id",)
AMOUNTS = {
    "transactions": ("amount", "gross_amount", "discount_amount", "tax_amount", "cost_amount"),
    "contracts": ("total_amount",),
}
# What happened in one quarter and was recorded in the next: the day and the moment.
LATE_NEWS = (("2024-09-25", "2024-10-05 12:00:00"), ("2025-06-25", "2025-07-05 12:00:00"))
Row = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """A delivered CSV file: its header, and its lines as fields, also those that do not fit the header."""

    header: list[str]
    lines: list[list[str]]

    def row(self, line: list[str]) -> dict[str, str] | None:
        """A line by column name; None when it is no row: wrong number of fields, blank or a footer."""
        if len(line) != len(self.header) or line[0] in FOOTERS:
            return None
        return dict(zip(self.header, line, strict=True))

    def rows(self) -> list[dict[str, str]]:
        """The lines that are rows."""
        return [row for row in map(self.row, self.lines) if row]


Files = dict[str, Sheet | pa.Table]  # by path in the raw directory; a table is delivered as Parquet


@dataclass(frozen=True)
class Marts:
    """The marts of one build: a hash of each, and its rows."""

    hashes: dict[str, str]
    rows: dict[str, list[Row]]

    def content(self, mart: str) -> Counter:
        """The rows of a mart, in no order; those of a quality mart without file and line, or counted by table."""
        if mart == "load_reconciliation":
            return sum((Counter(_counts_by_table(row)) for row in self.rows[mart]), Counter())
        hidden = ("file", "line") if mart in QUALITY else ()
        return Counter(
            tuple((name, value) for name, value in row.items() if name not in hidden) for row in self.rows[mart]
        )

    def without(self, columns: set[str]) -> "Marts":
        """The tier marts without some of their columns, the others as they are."""
        tiers = {
            mart: [{name: value for name, value in row.items() if name not in columns} for row in self.rows[mart]]
            for mart in ("customer_tiers", "customer_tier_history")
        }
        return Marts(self.hashes, self.rows | tiers)

    def only(self, condition: Callable[[Row], bool]) -> "Marts":
        """The rows that meet a condition."""
        return replace(self, rows={mart: list(filter(condition, rows)) for mart, rows in self.rows.items()})


def _counts_by_table(row: Row) -> dict[tuple[str, str], int]:
    return {(row["source_table"], name): count for name, count in row.items() if name.endswith("_count")}


def differing(left: Marts, right: Marts) -> list[str]:
    """The marts whose hashes differ or, where they name files and lines, whose content does."""
    return [
        mart
        for mart in left.rows
        if (left.content(mart) != right.content(mart) if mart in QUALITY else left.hashes[mart] != right.hashes[mart])
    ]


def differing_content(left: Marts, right: Marts) -> list[str]:
    """The marts whose content differs."""
    return [mart for mart in left.rows if left.content(mart) != right.content(mart)]


class Workshop:
    """A folder in which deliveries are landed and built, each into a database with the policy and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = folder / "home"
        self._policy_only = folder / "policy_only.duckdb"
        self._manifest = None
        self.database = self._home / "work" / "tiers.duckdb"
        self.database.parent.mkdir(parents=True)
        self._manifest = self._dbt("parse", {}, {})  # parsing takes as long as building: once is enough
        self._dbt("seed", {}, {})
        shutil.copy(self.database, self._policy_only)

    def build(self, files: Files, settings: Row | None = None, policy: tuple[str, ...] = (), **dbt_vars: Any) -> Marts:
        """Land and build a delivery; `settings` are DuckDB's, put into the project's profile (None takes one out).

        `policy` are statements that change the policy of this build alone.
        """
        shutil.rmtree(self._folder / "raw", ignore_errors=True)
        shutil.rmtree(self._home / "landing", ignore_errors=True)
        shutil.copy(self._policy_only, self.database)
        with duckdb.connect(str(self.database)) as connection:
            for statement in policy:
                connection.execute(statement)
        return self.build_more(files, settings, **dbt_vars)

    def build_more(self, files: Files, settings: Row | None = None, **dbt_vars: Any) -> Marts:
        """Land more files beside those that are there, and build in place."""
        for path, content in files.items():
            write(content, self._folder / "raw" / path)
        land(self._folder / "raw", self._home, lambda line: None, now=LANDED_AT)
        return self.build_again(settings, **dbt_vars)

    def build_again(self, settings: Row | None = None, **dbt_vars: Any) -> Marts:
        """Build what has landed into the database as it is."""
        self._dbt("run", settings or {}, dbt_vars)
        return read_marts(self.database)

    def _dbt(self, verb: str, settings: Row, dbt_vars: Row) -> Any:
        arguments = ["--quiet", "--no-write-json", verb, "--vars", json.dumps(dbt_vars), "--log-level-file", "none"]
        arguments += ["--project-dir", str(PROJECT), "--profiles-dir", str(self._profiles(settings))]
        arguments += ["--target-path", str(self._folder / "target"), "--log-path", str(self._folder / "logs")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TIERS_HOME", str(self._home))
            try:
                outcome = dbtRunner(manifest=self._manifest).invoke(arguments)
            finally:
                if DuckDBConnectionManager._ENV is not None:
                    DuckDBConnectionManager.env().close()
                DuckDBConnectionManager.close_all_connections()
        assert outcome.success, f"dbt {verb} failed"
        return outcome.result

    def _profiles(self, settings: Row) -> Path:
        profiles = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
        target = profiles["tiering"]["outputs"]["dev"]
        merged = target["settings"] | settings
        target["settings"] = {name: value for name, value in merged.items() if value is not None}
        (self._folder / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
        return self._folder


def write(content: Sheet | pa.Table, path: Path) -> None:
    """Write a file. Blank lines come first: at the end of a file they would be no lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, pa.Table):
        pq.write_table(content, path)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([content.header, *sorted(content.lines, key=bool)])


def read_marts(database: Path) -> Marts:
    """All marts of a built database."""
    hashes = mart_hashes(database)
    with duckdb.connect(str(database), read_only=True) as connection:
        return Marts(hashes, {mart: _rows(connection, mart) for mart in hashes})


def _rows(connection: duckdb.DuckDBPyConnection, mart: str) -> list[Row]:
    cursor = connection.execute(f"from marts.{mart}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


# The delivery that all tests change


def sample(folder: Path) -> Files:
    """The dirty sample as it was delivered, some late news, and transactions that only their keys tell apart."""
    generate(SAMPLE, folder, faults=wanted(rows=True, file_fault=None), fault_list=folder.with_name("faults.csv"))
    files: Files = {}
    for table in TABLES:
        for path in sorted((folder / table).iterdir()):
            with path.open(encoding="utf-8", newline="") as stream:
                header, *lines = csv.reader(stream)
            files[f"{table}/{path.name}"] = Sheet(header, lines)
    contracts, customers = files["contracts/part-0001.csv"], files["customers/part-0001.csv"]
    header = files["transactions/part-0001.csv"].header
    regulars = [row for row in customers.rows() if row["customer_id"][:1] == "C" and row["recorded_at"] < "2024"]
    supplied = [row for row in contracts.rows() if (row["lob"], row["status"]) == ("energy", "signed")]
    overrides = files["tier_overrides/part-0001.csv"]
    numbered = list(enumerate(_ids(regulars[:40])))
    great = list(enumerate(_ids(regulars[20:36])))
    return files | {
        "contracts/late.csv": _sheet(contracts.header, map(_terminated, supplied, cycle(LATE_NEWS))),
        "customers/late.csv": _sheet(customers.header, map(_closed, regulars[40:60], cycle(LATE_NEWS))),
        "tier_overrides/late.csv": _sheet(
            files["tier_overrides/part-0001.csv"].header, starmap(_override, enumerate(regulars[:40]))
        ),
        "expert_scores/late.csv": _sheet(
            files["expert_scores/part-0001.csv"].header, chain(*starmap(_panel, enumerate(regulars[:20])))
        ),
        "transactions/desk.csv": _sheet(header, chain(*starmap(_desk, numbered))),
        "transactions/great.csv": _sheet(header, chain(*starmap(_great, great))),
        "tier_overrides/frozen.csv": _sheet(overrides.header, starmap(_frozen, great)),
        "transactions/till.csv": _sheet(
            [column for column in header if column != "original_txn_id"], chain(*starmap(_till, numbered))
        ),
    }


def _sheet(header: list[str], rows: Iterable[dict[str, str]]) -> Sheet:
    return Sheet(header, [[row.get(column, "") for column in header] for row in rows])


def _ids(customers: list[dict[str, str]]) -> list[str]:
    return [row["customer_id"] for row in customers]


def _great(number: int, customer_id: str) -> list[dict[str, str]]:
    """A sale that makes anybody high for a year, or two homes between two reviews."""
    row = {"customer_id": customer_id, "txn_type": "purchase"}
    sales = [("venue", "2023-05-20", "2500000.00")]
    if number % 2:
        sales = [("property_sale", day, "900000.00") for day in ("2025-04-10", "2025-05-02")]
    return [
        row | {"txn_id": f"GREAT{number}{day}", "lob": lob, "amount": amount, "event_at": f"{day} 10:00:00"}
        for lob, day, amount in sales
    ]


def _frozen(number: int, customer_id: str) -> dict[str, str]:
    """The tier of June 2024 stays for nearly a year."""
    period = {"valid_from": "2024-08-10", "valid_to": "2025-07-15", "recorded_at": "2024-08-05 12:00:00"}
    people = {"requested_by": "E1", "approved_by": "E2", "approved_at": "2024-08-05 10:00:00"}
    reason = {"reason_code": "vip_strategic", "reason_text": "Decided by the board"}
    row = {"override_id": f"FROZEN{number}", "customer_id": customer_id, "axis": "value", "kind": "freeze"}
    return row | period | people | reason


def _terminated(contract: dict[str, str], news: tuple[str, str]) -> dict[str, str]:
    happened, recorded = news
    return contract | {"status": "terminated", "cancelled_at": happened, "recorded_at": recorded}


def _closed(customer: dict[str, str], news: tuple[str, str]) -> dict[str, str]:
    happened, recorded = news
    return customer | {"status": "closed", "updated_at": happened, "recorded_at": recorded}


def _override(number: int, customer: dict[str, str]) -> dict[str, str]:
    """An override of each kind; half of them are known only after the first review in their time."""
    kind, tier = (("set", "high"), ("floor", "high"), ("ceiling", "low"), ("freeze", ""))[number // 2 % 4]
    first_day, last_day = (("2024-08-15", "2025-02-01"), ("2025-05-15", "2025-11-01"))[number // 8 % 2]
    asked = {"requested_by": "E0401", "approved_by": "E0450", "approved_at": f"{first_day} 10:00:00"}
    reason = {"reason_code": "dispute", "reason_text": "Contract is in dispute"}
    recorded = (f"{first_day} 11:00:00", LATE_NEWS[number // 8 % 2][1])[number % 2]
    period = {"valid_from": first_day, "valid_to": last_day, "recorded_at": recorded}
    override = {"override_id": f"LATE{number}", "customer_id": customer["customer_id"], "kind": kind, "tier": tier}
    return override | asked | reason | period


def _panel(number: int, customer: dict[str, str]) -> list[dict[str, str]]:
    """Three experts score risk, and one of them again in the next quarter."""
    happened, recorded = LATE_NEWS[number % 2]
    score = {"customer_id": customer["customer_id"], "dimension": "risk", "scored_at": f"{happened} 10:00:00"}
    first = [
        score | {"score_id": f"LATE{number}-{expert}", "expert_id": f"E{expert}", "score": str(5 + number % 3 * expert)}
        for expert in range(3)
    ]
    return [*first, first[0] | {"score_id": f"LATE{number}-3", "score": "9", "scored_at": recorded}]


def _till(number: int, customer_id: str) -> list[dict[str, str]]:
    """Two sales of one amount at one moment, and a refund that names neither and is recorded late."""
    happened, recorded = LATE_NEWS[number % 2]
    row = {"customer_id": customer_id, "lob": "venue", "amount": f"{100 + number}.00"}
    sale = row | {"event_at": f"{happened} 10:00:00", "recorded_at": f"{happened} 10:00:00"}
    refund = {"event_at": f"{happened} 12:00:00", "recorded_at": recorded, "amount": f"-{row['amount']}"}
    return [
        sale | {"txn_id": f"TILL{number}B", "product_id": "P017", "quantity": "2"},
        sale | {"txn_id": f"TILL{number}A", "product_id": "P018", "quantity": "1"},
        row | refund | {"txn_id": f"TILL{number}R"},
    ]


def _desk(number: int, customer_id: str) -> list[dict[str, str]]:
    """A sale and two refunds at one moment that together are more than it."""
    moment = "2024-05-06 09:30:00"
    row = {"customer_id": customer_id, "lob": "venue", "event_at": moment, "recorded_at": moment}
    refund = row | {"txn_type": "refund", "original_txn_id": f"DESK{number}"}
    return [
        refund | {"txn_id": f"DESK{number}R2", "amount": "60.00"},
        refund | {"txn_id": f"DESK{number}R1", "amount": "70.00"},
        row | {"txn_id": f"DESK{number}", "txn_type": "purchase", "amount": "100.00"},
    ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return sample(tmp_path_factory.mktemp("sample") / "raw")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("workshop"))


@pytest.fixture(scope="module")
def base(workshop: Workshop, files: Files) -> Marts:
    return workshop.build(files)


# Builds


@one_by_one
def test_a_landing_gives_the_same_marts_whenever_it_is_built(workshop: Workshop, files: Files, base: Marts) -> None:
    assert workshop.build(files).hashes == base.hashes
    assert workshop.build_again().hashes == base.hashes, "built a second time in place"


@one_by_one
@pytest.mark.parametrize("threads", [1, 4])
def test_the_number_of_threads_does_not_matter(
    workshop: Workshop, files: Files, base: Marts, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERS_THREADS", str(threads))
    assert differing(base, workshop.build(files, {"threads": threads})) == []


@contextmanager
def process_zone(zone: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


@one_by_one
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_the_time_zone_of_the_machine_does_not_matter(workshop: Workshop, files: Files, base: Marts, zone: str) -> None:
    with process_zone(zone):
        with duckdb.connect() as connection:
            assert connection.execute("select current_setting('TimeZone')").fetchone() == (zone,)
        # The profile sets the zone of the session to UTC, as in the other builds; here it is left to the machine.
        assert differing(base, workshop.build(files, {"TimeZone": None})) == []


# Files


def shuffled(files: Files) -> Files:
    """All files with their rows in another order."""
    random = Random(5)
    return {path: Sheet(sheet.header, _shuffled(path, sheet, random)) for path, sheet in files.items()}


def _shuffled(path: str, sheet: Sheet, random: Random) -> list[list[str]]:
    columns = VERSION_KEYS.get(path.split("/")[0], sheet.header)
    positions = [sheet.header.index(column) for column in columns]

    def key(line: list[str]) -> tuple[str, ...]:
        return tuple(line[position] for position in positions) if sheet.row(line) else tuple(line)

    waiting = defaultdict(deque)
    for line in sheet.lines:
        waiting[key(line)].append(line)
    return [waiting[key(line)].popleft() for line in random.sample(sheet.lines, len(sheet.lines))]


def split(files: Files, count: int) -> Files:
    """Every file in several, its rows in order; what belongs together (three rows at the till) gets torn apart."""
    parts = {}
    for path, sheet in files.items():
        size = -(-len(sheet.lines) // count)
        for number, start in enumerate(range(0, len(sheet.lines), size)):
            parts[path.replace(".csv", f"-{number}.csv")] = Sheet(sheet.header, sheet.lines[start : start + size])
    return parts


def reordered(files: Files) -> Files:
    """All files with their columns in another order and one column nobody knows."""
    random = Random(11)
    return {path: _reordered(sheet, random) for path, sheet in files.items()}


def _reordered(sheet: Sheet, random: Random) -> Sheet:
    order = random.sample(range(len(sheet.header) + 1), len(sheet.header) + 1)

    def line_in_order(line: list[str]) -> list[str]:
        longer = [*line, "4711"] if line else line
        return [longer[position] for position in order] if sheet.row(line) else longer

    header = [*sheet.header, "locker_number"]
    return Sheet([header[position] for position in order], [line_in_order(line) for line in sheet.lines])


@one_by_one
@pytest.mark.parametrize("change", [shuffled, reordered])
def test_neither_the_order_of_rows_nor_that_of_columns_matters(
    workshop: Workshop, files: Files, base: Marts, change: Callable[[Files], Files]
) -> None:
    assert differing(base, workshop.build(change(files))) == []


@one_by_one
def test_it_does_not_matter_whether_a_table_is_one_file_or_many(workshop: Workshop, files: Files, base: Marts) -> None:
    assert differing(base, workshop.build(split(files, 6))) == []


@one_by_one
def test_files_delivered_twice_count_once(workshop: Workshop, files: Files, base: Marts) -> None:
    copies = {path.replace("/", "/again-"): sheet for path, sheet in files.items()}
    twice = workshop.build(files | copies)
    assert differing(base, twice) == ["load_reconciliation"]
    assert_only_duplicates_were_added(base, twice)
    delivered = [
        {key: count for key, count in marts.content("load_reconciliation").items() if key[1] == "delivered_row_count"}
        for marts in (base, twice)
    ]
    assert delivered[1] == {key: 2 * count for key, count in delivered[0].items()}


@one_by_one
def test_rows_delivered_twice_count_once(workshop: Workshop, files: Files, base: Marts) -> None:
    twice = workshop.build(files | copies(files, base))
    assert differing(base, twice) == ["load_reconciliation"]
    assert_only_duplicates_were_added(base, twice)


def test_nothing_of_this_matters_taken_together(
    workshop: Workshop, files: Files, base: Marts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and columns in another order, in many files, delivered twice; more threads, another time zone."""
    monkeypatch.setenv("TIERS_THREADS", "4")
    delivery = split(reordered(shuffled(files)), 3) | copies(files, base)
    with process_zone("America/New_York"):
        twice = workshop.build(delivery, {"TimeZone": None, "threads": 4})
    assert differing(base, twice) == ["load_reconciliation"]
    assert_only_duplicates_were_added(base, twice)


def copies(files: Files, base: Marts) -> Files:
    """What was accepted, in files of its own, with other columns, so that only the content tells what it is."""
    rejected = {(row["source_table"], row["record_key"]) for row in base.rows["rejected_rows"]}

    def is_accepted(table: str, row: dict[str, str] | None) -> bool:
        return row is not None and (table, normalise(row[KEYS[table]])) not in rejected

    found = {}
    for path, sheet in files.items():
        table = path.split("/")[0]
        if table in KEYS:
            lines = [line for line in sheet.lines if is_accepted(table, sheet.row(line))]
            found[path.replace("/", "/again-")] = Sheet(sheet.header, lines)
    return reordered(found)


def assert_only_duplicates_were_added(base: Marts, twice: Marts) -> None:
    added = twice.content("load_reconciliation") - base.content("load_reconciliation")
    assert {name for _, name in added} == {"delivered_row_count", "duplicate_row_count"}
    for table in {table for table, _ in added}:
        assert added[table, "delivered_row_count"] == added[table, "duplicate_row_count"]
    for row in twice.rows["load_reconciliation"]:
        fates = row["accepted_row_count"], row["rejected_row_count"], row["duplicate_row_count"]
        assert row["delivered_row_count"] == sum(fates)


def test_csv_and_parquet_say_the_same(workshop: Workshop, files: Files, base: Marts, tmp_path: Path) -> None:
    generate(SAMPLE, tmp_path / "raw", file_format="parquet")
    delivery = {}
    for path, sheet in files.items():
        parquet = (tmp_path / "raw" / path).with_suffix(".parquet")
        clean = pq.read_table(parquet) if parquet.exists() else None
        if clean is not None:
            delivery[path.replace(".csv", ".parquet")] = clean
        faults = sheet.lines[clean.num_rows if clean is not None else 0 :]
        delivery[path.replace("part", "rest")] = Sheet(sheet.header, faults)
    assert any("decimal" in str(t) for t in delivery["transactions/part-0001.parquet"].schema.types)
    assert differing(base, workshop.build(delivery)) == []


# Customers


def changed(files: Files, change: Callable[[str, dict[str, str]], dict[str, str] | None]) -> Files:
    """The delivery with each row as `change` (table, row) gives it back; None drops the row."""
    return {
        path: Sheet(sheet.header, list(_changed(path.split("/")[0], sheet, change))) for path, sheet in files.items()
    }


def _changed(table: str, sheet: Sheet, change: Callable) -> Iterator[list[str]]:
    for line in sheet.lines:
        row = sheet.row(line)
        if row is None:
            yield line
        elif (new := change(table, row)) is not None:
            yield list(new.values())


def test_names_of_customers_do_not_matter(workshop: Workshop, files: Files, base: Marts) -> None:
    rows = [row for sheet in files.values() for row in sheet.rows()]
    names = {normalise(row.get(column)) for row in rows for column in PERSONS} - {None}
    new_names = {name: f"N{rank:04d}-{name}" for rank, name in enumerate(sorted(names, reverse=True))}

    def rename(table: str, row: dict[str, str]) -> dict[str, str]:
        named = {column: normalise(row.get(column)) for column in PERSONS}
        return row | {column: new_names[name] for column, name in named.items() if name is not None}

    def rename_back(row: Row) -> Row:
        keys = ("record_key", "source_id") if row.get("source_table") in ("customers", "customer_identity") else ()
        back = {column: row[column].split("-", 1)[1] for column in (*PERSONS, *keys) if is_new(row.get(column))}
        return without_entry_id(row | back)

    def is_new(name: object) -> bool:
        return isinstance(name, str) and name[:1] == "N" and name[5:6] == "-"

    renamed = workshop.build(changed(files, rename))
    assert differing(base, renamed) != []
    assert len(base.rows["points_ledger"]) > 500
    renamed_back = {mart: list(map(rename_back, rows)) for mart, rows in renamed.rows.items()}
    same = {mart: list(map(without_entry_id, rows)) for mart, rows in base.rows.items()}
    assert differing_content(replace(base, rows=same), replace(renamed, rows=renamed_back)) == []


def without_entry_id(row: Row) -> Row:
    """A row without the number of an entry of points, which is made of the name of its account."""
    return {column: value for column, value in row.items() if column != "entry_id"}


def tied_to(customers: set[str], referrals: list[Row], cases: list[Row], entries: list[Row]) -> set[str]:
    """These customers, and those who share a referral, an incident or an account of points with one of them."""
    groups = [{row["referrer_customer_id"], row["referee_customer_id"]} for row in referrals]
    groups += [{row["account_id"], row["customer_id"]} for row in entries]
    incidents = defaultdict(set)
    for case in cases:
        if case["incident_id"] is not None:
            incidents[case["incident_id"]].add(case["customer_id"])
    return customers.union(*(group for group in (*groups, *incidents.values()) if group & customers)) - {None}


def scaled(table: str, row: dict[str, str], factor: int) -> dict[str, str]:
    """A row with all its amounts times a factor."""
    cents = {column: parse_money(normalise(row[column])) for column in AMOUNTS.get(table, ())}
    return row | {column: str(Decimal(factor * amount) / 100) for column, amount in cents.items() if amount is not None}


def test_one_customer_changes_nobody_else(workshop: Workshop, files: Files, base: Marts) -> None:
    """One customer pays three times as much and another one was never there.

    Lifetime value is measured by what all customers did; tiers that count it are left out, and so is who is tied to
    one of the two by a referral or an incident.
    """
    sales = Counter(row["customer_id"] for row in base.rows["transactions"])
    (payer, _), (stranger, _) = sales.most_common(2)
    tied = tied_to({payer, stranger}, base.rows["referrals"], base.rows["feedback_cases"], base.rows["points_ledger"])

    def change(table: str, row: dict[str, str]) -> dict[str, str] | None:
        if row.get("customer_id") == stranger:
            return None
        return scaled(table, row, 3) if row.get("customer_id") == payer else row

    other = workshop.build(changed(files, change))
    counted = {
        row["as_of_date"]
        for marts in (base, other)
        for row in marts.rows["clv_gate"]
        if row["lob"] == "total" and row["is_passed"]
    }

    def is_compared(row: Row) -> bool:
        has_clv = bool({"composite_score", "contribution"} & row.keys()) and row.get("as_of_date") in counted
        return not tied & {row.get(column) for column in PERSONS} and not has_clv

    neither = [marts.only(is_compared).without(TIER_COLUMNS) for marts in (base, other)]
    assert len({row["as_of_date"] for row in neither[0].rows["customer_tier_history"]}) > 2
    differing_marts = set(differing_content(*neither))
    besides = {f"{mart}{history}" for mart in BESIDE_OTHERS for history in ("", "_history")}
    assert differing_marts <= {*QUALITY, *ABOUT_EVERYBODY, *MONITORING, *besides, "voice_of_customer"}
    payers = [marts.only(lambda row: row.get("customer_id") == payer) for marts in (base, other)]
    assert {"customer_rfm_history", "customer_tiers"} <= set(differing_content(*payers))
    assert other.only(lambda row: row.get("customer_id") == stranger).rows["customers"] == []


def test_ten_times_the_money_is_ten_times_the_spend_and_no_lower_score(
    workshop: Workshop, files: Files, base: Marts
) -> None:
    rich = workshop.build(changed(files, lambda table, row: scaled(table, row, 10)))
    # A rate leaves fractions of a cent, which are rounded before and after.
    abroad = {row["customer_id"] for row in base.rows["transactions"] if row["currency"] != "CNY"}
    for mart in ("customer_rfm_history", "customer_rfm_lines_history"):
        before, after = _by_grain(base, mart), _by_grain(rich, mart)
        assert before.keys() == after.keys()
        spent = [grain for grain in before if before[grain]["spend_12m"] != 0 and grain[1] not in abroad]
        assert len(spent) > 300 and len(abroad) > 2
        assert all(after[grain]["spend_12m"] == 10 * before[grain]["spend_12m"] for grain in spent)
        assert all(after[grain]["m_score"] >= before[grain]["m_score"] for grain in before)
        assert any(after[grain]["m_score"] > before[grain]["m_score"] for grain in before)


def test_a_complaint_raises_no_score_and_praise_lowers_none(workshop: Workshop, files: Files, base: Marts) -> None:
    """One more complaint of every second customer, settled well and in time, and one more praise of the others."""
    happened = "2024-05-06 09:30:00"
    told = {"created_at": happened, "resolved_at": happened, "status": "resolved", "recorded_at": happened}
    names = sorted({row["customer_id"] for row in base.rows["customer_rfm_history"]})
    kinds = dict(zip(names, cycle(("complaint", "praise"))))
    more = [
        told | {"complaint_id": f"MORE-{name}", "customer_id": name, "feedback_type": kind, "closure_rating": "5"}
        for name, kind in kinds.items()
    ]
    header = files["complaints/part-0001.csv"].header
    other = workshop.build(files | {"complaints/more.csv": _sheet(header, more)})
    before, after = _by_grain(base, "customer_tier_history"), _by_grain(other, "customer_tier_history")
    assert before.keys() == after.keys()
    moved = Counter()
    for grain, row in before.items():
        old, new = row["composite_score"], after[grain]["composite_score"]
        if old is not None and old != new:
            moved[kinds[grain[1]], "up" if new > old else "down"] += 1
    assert moved["complaint", "down"] > 50 and moved["praise", "up"] > 50
    assert moved["complaint", "up"] == moved["praise", "down"] == 0


def _by_grain(marts: Marts, mart: str) -> dict[tuple, Row]:
    return {(row["as_of_date"], row["customer_id"], row.get("lob")): row for row in marts.rows[mart]}


# Time


def delivered_by(files: Files, last: date) -> Files:
    """The delivery as it was on a day: without what was recorded later. Products and rates have no such clock."""

    def drop(table: str, row: dict[str, str]) -> dict[str, str] | None:
        recorded = None if table in ("products", "fx_rates") else _day(row.get("recorded_at"))
        return None if recorded and recorded > last else row

    return changed(files, drop)


def _day(text: str | None) -> date | None:
    moment = parse_timestamp(normalise(text), BUSINESS_TZ)
    return moment and moment.astimezone(ZoneInfo(BUSINESS_TZ)).date()


@pytest.mark.parametrize(
    ("as_of", "review_count", "is_known_only"),
    [
        pytest.param(date(2024, 9, 30), 8, False, id="all that is known today", marks=one_by_one),
        pytest.param(date(2025, 6, 30), 0, True, id="what was known then"),
    ],
)
def test_a_review_is_the_same_on_its_day_and_years_later(
    workshop: Workshop, files: Files, base: Marts, as_of: date, review_count: int, is_known_only: bool
) -> None:
    late = [
        row
        for path, sheet in files.items()
        if path.startswith("transactions/")
        for row in sheet.rows()
        if (happened := _day(row["event_at"])) and happened <= as_of < (_day(row["recorded_at"]) or happened)
    ]
    assert len(late) > 20
    reasons = {row["reason"] for row in base.rows["customer_tier_history"] if row["as_of_date"] <= as_of}
    assert reasons >= {"INITIAL", "EARNED", "HELD_BY_MARGIN", "HELD_BY_RULE"}
    delivery = delivered_by(files, as_of) if is_known_only else files
    then = workshop.build(delivery, as_of_date=as_of.isoformat(), review_count=review_count)
    assert len(then.rows["review_dates"]) == review_count + 1
    reviews = {row["as_of_date"] for row in then.rows["review_dates"]}
    reviews &= {row["as_of_date"] for row in base.rows["review_dates"]}
    assert as_of in reviews
    different = {}
    for mart, review in product((*HISTORIES, *ABOUT_EVERYBODY), sorted(reviews)):
        now, on_its_day = _reviewed(base, review).content(mart), _reviewed(then, review).content(mart)
        assert now or mart in ABOUT_EVERYBODY
        if now != on_its_day:
            different[mart, review] = {"only then": (on_its_day - now).total(), "only now": (now - on_its_day).total()}
    assert different == {}


def _reviewed(marts: Marts, review: date) -> Marts:
    return marts.only(lambda row: row.get("as_of_date") == review)


BETWEEN = date(2025, 5, 20)
LOADED_ON = (date(2024, 12, 31), BETWEEN, date(2025, 6, 30)) if IS_LONG else (BETWEEN,)
TIERS = ("customer_tiers", "customer_tier_history")


def loads(files: Files, days: tuple[date, ...]) -> list[Files]:
    """The delivery in several: what was recorded up to each of the days, then the rest; what has no clock is first."""

    def number(path: str, sheet: Sheet, line: list[str]) -> int:
        row = sheet.row(line)
        recorded = _day(row.get("recorded_at")) if row and not path.startswith(("products/", "fx_rates/")) else None
        return sum(recorded > day for day in days) if recorded else 0

    parts: list[Files] = []
    for load in range(len(days) + 1):
        parts.append({})
        for path, sheet in files.items():
            lines = [line for line in sheet.lines if number(path, sheet, line) == load]
            if lines or not load:
                parts[-1][path.replace(".csv", f"-{load}.csv")] = Sheet(sheet.header, lines)
    return parts


def test_tiers_are_the_same_from_one_load_from_loads_that_grow_and_from_scratch(
    workshop: Workshop, files: Files, base: Marts
) -> None:
    """Also between reviews, and whether past reviews are shown beside the date or not."""
    first, *more, rest = loads(files, LOADED_ON)
    on_their_days = [workshop.build(first, as_of_date=LOADED_ON[0].isoformat(), review_count=0)]
    for load, day in zip(more, LOADED_ON[1:], strict=True):
        on_their_days.append(workshop.build_more(load, as_of_date=day.isoformat(), review_count=0))
    grown = workshop.build_more(rest)
    assert differing(base, grown) == []
    between = workshop.build(files, as_of_date=BETWEEN.isoformat(), review_count=8)
    reasons = {row["reason"] for row in between.rows["customer_tiers"]}
    assert reasons >= {"INITIAL", "EARNED", "WAITS_FOR_REVIEW", "HELD_UNTIL_REVIEW", "INTERIM_MULTI_PROPERTY"}
    alone = on_their_days[LOADED_ON.index(BETWEEN)].rows["customer_tiers"]
    assert any(row["value_tier"] != row["computed_tier"] for row in alone), "frozen before the date"
    for day, then in zip(LOADED_ON, on_their_days, strict=True):
        assert [row["as_of_date"] for row in then.rows["review_dates"]] == [day]
        now = between if day == BETWEEN else base
        for mart in HISTORIES:
            assert _reviewed(then, day).content(mart) == _reviewed(now, day).content(mart), (mart, day)
    for review in {row["as_of_date"] for row in between.rows["review_dates"]} - {BETWEEN}:
        earlier, later = _reviewed(between, review), _reviewed(base, review)
        assert not later.rows["review_dates"] or earlier.content(TIERS[1]) == later.content(TIERS[1]), review


def test_a_policy_that_starts_today_changes_no_tier_of_an_earlier_date(
    workshop: Workshop, files: Files, base: Marts
) -> None:
    """Not even where it remembers longer, so that more reviews are graded than before."""
    today = max(row["as_of_date"] for row in base.rows["review_dates"])
    changes = {
        "policy_tier_thresholds": "threshold - 15 as threshold, maintain - 15 as maintain",
        "policy_tiers": "24 as margin_hold_months, 0 as grandfather_months",
        "policy_tier_rules": "30 as hold_months",
        "policy_review_calendar": "1 as months_between_reviews",
        "policy_tier_weights": "if(component = 'rfm', 1, 0) as weight",
    }
    statements = [
        statement
        for table, change in changes.items()
        for statement in (
            f"create temp table starting as select * replace (2 as policy_version, date '{today}' as effective_from, "
            f"{change}) from policy.{table}",
            f"update policy.{table} set effective_to = date '{today}'",
            f"insert into policy.{table} from starting",
            "drop table starting",
        )
    ]
    changed_policy = workshop.build(files, policy=tuple(statements))
    earlier, later = (marts.only(lambda row: row.get("as_of_date", today) < today) for marts in (base, changed_policy))
    for mart in HISTORIES:
        assert earlier.content(mart) == later.content(mart), mart
    assert base.content("customer_tiers") != changed_policy.content("customer_tiers")
