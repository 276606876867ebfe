"""Landing: what is delivered arrives exactly, once, with its place, or is refused with its place."""

import csv
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts import delivered_files, landing
from scripts.contract import ConfigurationError, Declaration, Table, read_contract
from scripts.delivered_files import BadFileError, open_delivered
from scripts.landing import Finding, LandingError, LandingReport

FIRST = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 3, 4, 5, tzinfo=UTC)
HEADER = "txn_id,customer_id,event_at,amount\n"


class Warehouse:
    """A raw directory with the two required tables, and a home."""

    def __init__(self, root: Path) -> None:
        self.raw, self.home = root / "raw", root / "home"
        self.deliver("customers/customers.csv", "customer_id\nC1\n")
        self.deliver("transactions/base.csv", HEADER + "T0,C1,2025-01-01,1\n")

    def deliver(self, file: str, content: str | bytes) -> Path:
        """Write a delivered file byte by byte."""
        path = self.raw / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def declare(self, *sources: str) -> None:
        """Write sources.yml with these entries."""
        self.deliver("sources.yml", "sources:\n" + "".join(f"  - {{{source}}}\n" for source in sources))

    def land(self, now: datetime = FIRST) -> LandingReport:
        """Land what is delivered."""
        return landing.land(self.raw, self.home, lambda _: None, now)

    def findings(self) -> list[Finding]:
        """What landing refuses."""
        with pytest.raises(LandingError) as error:
            self.land()
        return error.value.findings

    def rows(self, table: str, columns: str = "*", where: str = "true") -> list[tuple[Any, ...]]:
        """Landed rows as dbt's source reads them."""
        files = f"{self.home}/landing/{table}/*.parquet"
        with duckdb.connect() as connection:
            return connection.execute(
                f"select {columns} from read_parquet('{files}', union_by_name=true) where {where} order by all"
            ).fetchall()


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path)


@pytest.fixture
def no_parsing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it to make every further parsing of a delivered file an error."""

    def refuse(*_: object) -> None:
        raise AssertionError("a delivered file was read again")

    return lambda: monkeypatch.setattr(landing, "parse", refuse)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


# Exactly what was delivered


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("utf-8", "customer_id,display_name\nC9,王伟🎉\n".encode()),
        ("utf-8", "customer_id,display_name\nC9,王伟🎉\n".encode("utf-8-sig")),
        ("utf-8", '"customer_id",display_name\nC9,王伟🎉\n'.encode("utf-8-sig")),
        ("gb18030", "customer_id,display_name\nC9,王伟🎉\n".encode("gb18030")),
        ("gb18030", "\ufeffcustomer_id,display_name\nC9,王伟🎉\n".encode("gb18030")),
        ("utf-16", "customer_id,display_name\nC9,王伟🎉\n".encode("utf-16")),
        ("utf-16", b"\xfe\xff" + "customer_id,display_name\nC9,王伟🎉\n".encode("utf-16-be")),
    ],
)
def test_every_declared_encoding_gives_the_same_text(warehouse: Warehouse, declared: str, content: bytes) -> None:
    warehouse.deliver("customers/crm.csv", content)
    warehouse.declare(f"table: customers, files: crm.csv, encoding: {declared}")
    warehouse.land()
    assert warehouse.rows("customers", "display_name", "customer_id = 'C9'") == [("王伟🎉",)]


def test_gbk_is_read_where_it_is_declared(warehouse: Warehouse) -> None:
    warehouse.deliver("customers/crm.csv", "customer_id;display_name\nC9;王伟\n".encode("gbk"))
    warehouse.declare('table: customers, files: "c*.csv", encoding: gbk, delimiter: ";"')
    warehouse.deliver("customers/customers.csv", "customer_id;display_name\nC1;\n")
    warehouse.land()
    assert warehouse.rows("customers", "display_name, customer_id") == [("", "C1"), ("王伟", "C9")]


def test_odd_characters_survive(warehouse: Warehouse) -> None:
    name = "🎉 \"'); drop table x; {{ y }}\0\u200b=cmd,|\r\nline\ttwo "
    quoted = name.replace('"', '""')
    warehouse.deliver("customers/crm.csv", f'customer_id,display_name\nC9,"{quoted}"\nC8,a"b""c\n')
    warehouse.land()
    assert warehouse.rows("customers", "display_name", "customer_id = 'C9'") == [(name,)]
    assert warehouse.rows("customers", "display_name", "customer_id = 'C8'") == [('a"b""c',)]


def test_the_line_is_where_the_record_starts_whatever_the_line_ends(warehouse: Warehouse) -> None:
    text = 'customer_id,display_name\r\nA,"one\r\ntwo\nthree"\nB,x\r\nC,"\n"\rD,y'
    warehouse.deliver("customers/crm.csv", text)
    warehouse.land()
    rows = warehouse.rows("customers", "customer_id, _line, display_name", "_file = 'customers/crm.csv'")
    assert rows == [("A", 2, "one\r\ntwo\nthree"), ("B", 5, "x"), ("C", 6, "\n"), ("D", 8, "y")]


def test_lines_are_counted_across_chunks(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivered_files, "CHUNK_ROWS", 3)
    monkeypatch.setattr(delivered_files, "BLOCK_CHARACTERS", 20)
    records = [f'C{i},"{"x" * (i % 7)}{chr(10) * (i % 3)}"\n' for i in range(100)]
    warehouse.deliver("customers/crm.csv", "customer_id,display_name\n" + "".join(records) + "\nlast,1,2\n")
    warehouse.land()
    starts = [2 + sum(record.count("\n") for record in records[:i]) for i in range(len(records) + 1)]
    rows = warehouse.rows("customers", "_line, customer_id", "_file = 'customers/crm.csv'")
    assert rows == [(start, f"C{i}") for i, start in enumerate(starts[:-1])]
    rejected = warehouse.rows("rejected_lines", "_line, rule_id")
    assert rejected == [(starts[-1], "blank_line"), (starts[-1] + 1, "wrong_field_count")]


FIELD = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(FIELD, FIELD), max_size=8),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    chunk_rows=st.integers(1, 4),
)
def test_whatever_a_csv_writer_writes_is_read_back(
    scratch: Path,
    rows: list[tuple[str, str]],
    line_end: str,
    encoding: str,
    chunk_rows: int,
) -> None:
    text = io.StringIO(newline="")
    # with one of the two characters as line end, the writer does not see that the other has to be quoted
    writer = csv.writer(
        text, lineterminator=line_end, quoting=csv.QUOTE_MINIMAL if line_end == "\r\n" else csv.QUOTE_ALL
    )
    writer.writerow(["customer_id", "display_name", "city"])
    starts = []
    for number, row in enumerate(rows):
        starts.append(1 + len(re.findall("\r\n|\r|\n", text.getvalue())))
        writer.writerow([f"C{number}", *row])
    path = scratch / "customers.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    lines, values = [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivered_files, "CHUNK_ROWS", chunk_rows)
        with open_delivered(path, Declaration(encoding=encoding), read_contract()["customers"]) as delivered:
            for part in delivered.parts():
                assert not part.rejected
                lines += part.lines
                values += zip(*(column.to_pylist() for column in part.values), strict=True)
    assert values == [(f"C{number}", *row) for number, row in enumerate(rows)]
    assert lines == starts


# Lines set aside


@pytest.mark.parametrize("line", ["T1,C1", "T1,C1,2025-01-01,1,extra", "T1"])
def test_a_line_of_another_width_is_set_aside(warehouse: Warehouse, line: str) -> None:
    warehouse.deliver("transactions/pos.csv", f"{HEADER}{line}\r\nT2,C1,2025-01-01,2\n")
    report = warehouse.land()
    row_hash = hashlib.sha256(line.encode()).hexdigest()
    assert warehouse.rows("rejected_lines") == [
        ("transactions", "transactions/pos.csv", 2, "wrong_field_count", row_hash)
    ]
    assert warehouse.rows("transactions", "txn_id, _line", "_file like '%pos.csv'") == [("T2", 3)]
    table = next(table for table in report.tables if table.table == "transactions")
    assert (table.files, table.delivered, table.landed, table.rejected) == (2, 3, 2, 1)


def test_blank_lines_count_only_before_data(warehouse: Warehouse) -> None:
    warehouse.deliver("transactions/pos.csv", HEADER + "\n \t\r\nT1,C1,2025-01-01,1\n\r\n\n")
    warehouse.land()
    assert warehouse.rows("rejected_lines", "_line, rule_id") == [(2, "blank_line"), (3, "blank_line")]
    counts = "delivered_row_count, landed_row_count, rejected_line_count"
    assert warehouse.rows("landed_files", counts, "file like '%pos.csv'") == [(3, 1, 2)]


@pytest.mark.parametrize("word", ["TOTAL", "Grand Total", "sum", " 合计 ", "总计", "小计"])
@pytest.mark.parametrize("rest", [",,,12.00", ",12.00"])
def test_a_footer_is_set_aside(warehouse: Warehouse, word: str, rest: str) -> None:
    warehouse.deliver("transactions/pos.csv", f"{HEADER}Total1,C1,2025-01-01,1\n{word}{rest}\n")
    warehouse.land()
    assert warehouse.rows("rejected_lines", "_line, rule_id") == [(3, "footer_line")]
    assert warehouse.rows("transactions", "txn_id", "_file like '%pos.csv'") == [("Total1",)]


# Files refused


@pytest.mark.parametrize(
    ("content", "line", "rule_id"),
    [
        ("", 1, "empty_file"),
        ("\n\n", 1, "empty_file"),
        (" , ,\nT1,C1\n", 1, "empty_file"),
        ("txn_id,customer_id,event_at,amount,Txn_ID \nT1,C1,2025-01-01,1,T1\n", 1, "duplicate_column"),
        ("txn_id,customer_id,event_at,amount,_file\nT1,C1,2025-01-01,1,x\n", 1, "duplicate_column"),
        ("txn_id,customer,event_at,amount\nT1,C1,2025-01-01,1\n", 1, "required_column_missing"),
        ("txn_id;customer_id;event_at;amount\nT1;C1;2025-01-01;1\n", 1, "required_column_missing"),
        (HEADER + 'T1,C1,2025-01-01,"1\nT2,C1,2025-01-01,2\n', 2, "broken_quotes"),
        (HEADER + 'T1,C1,"x"y,1\n', 2, "broken_quotes"),
        (HEADER + 'T1,"C\n1",2025-01-01,1\nT2,"C1,2025-01-01,1\nT3,C1",2025-01-01,1,9\n', 4, "broken_quotes"),
        (HEADER + 'T1,C1,"2025-01-01\n",1\nT2,"C1\n",2025-01-01\n', 4, "broken_quotes"),
        ('txn_id,"customer_id\n', 1, "broken_quotes"),
        (HEADER.encode() + b"T1,C1,2025-01-01,\xff\n", 2, "undecodable_bytes"),
        (HEADER.encode("utf-16-le"), 1, "undecodable_bytes"),
        (HEADER.encode("utf-16"), 1, "undecodable_bytes"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_rule(
    warehouse: Warehouse, content: str | bytes, line: int, rule_id: str
) -> None:
    warehouse.deliver("transactions/pos.csv", content)
    findings = warehouse.findings()
    assert [(finding.file, finding.line, finding.rule_id) for finding in findings] == [
        ("transactions/pos.csv", line, rule_id)
    ]


def test_broken_quotes_far_down_are_found(warehouse: Warehouse) -> None:
    rows = "".join(f'T{i},C1,2025-01-01,"{i}\n"\n' for i in range(2 * delivered_files.CHUNK_ROWS))
    warehouse.deliver("transactions/pos.csv", HEADER + rows + 'x,"y')
    assert warehouse.findings()[0].line == 4 * delivered_files.CHUNK_ROWS + 2


def test_undecodable_bytes_far_down_are_found_and_explained(warehouse: Warehouse) -> None:
    rows = "".join(f"C{i},name\r\n" for i in range(20_000))
    warehouse.deliver("customers/crm.csv", (f"customer_id,display_name\r\n{rows}C,王伟\n").encode("gbk"))
    (finding,) = warehouse.findings()
    assert (finding.line, finding.rule_id) == (20_002, "undecodable_bytes")
    assert "gbk" in finding.detail


@pytest.mark.parametrize(
    ("declared", "content", "line"),
    [
        ("gbk", "customer_id,display_name\nC9,x\nC8,王\n".encode(), 3),
        ("gbk", "customer_id\nC9\n".encode("utf-8-sig"), 1),
        ("utf-16", "customer_id\nC9\nC8".encode("utf-16")[:-1], 3),
    ],
)
def test_bytes_that_break_the_declared_encoding_are_refused(
    warehouse: Warehouse, declared: str, content: bytes, line: int
) -> None:
    warehouse.deliver("customers/crm.csv", content)
    warehouse.declare(f"table: customers, files: crm.csv, encoding: {declared}")
    (finding,) = warehouse.findings()
    assert (finding.line, finding.rule_id) == (line, "undecodable_bytes")


def test_all_findings_of_all_files_are_told_without_any_data(warehouse: Warehouse) -> None:
    warehouse.deliver("transactions/a.csv", "王伟,13800000000\nT1,C1\n")
    warehouse.deliver("transactions/b.csv", HEADER + '"Secret" Name,C1\n')
    warehouse.deliver("customers/customers.csv", "customer_id,Customer_ID,city,city\n")
    warehouse.deliver("weather/w.parquet", b"Secret")
    findings = warehouse.findings()
    assert [(finding.file, finding.rule_id) for finding in findings] == [
        ("customers/customers.csv", "duplicate_column"),
        ("customers/customers.csv", "duplicate_column"),
        ("transactions/a.csv", "required_column_missing"),
        ("transactions/b.csv", "broken_quotes"),
        ("weather/w.parquet", "unreadable_parquet"),
    ]
    told = "\n".join(map(str, findings))
    assert not re.search("王伟|13800000000|Secret|Name", told)
    assert "transactions/b.csv line 2: broken_quotes" in told


def test_a_required_table_must_be_delivered_with_rows(warehouse: Warehouse) -> None:
    (warehouse.raw / "customers" / "customers.csv").unlink()
    warehouse.deliver("transactions/base.csv", HEADER + "\n\n")
    assert [(finding.file, finding.rule_id) for finding in warehouse.findings()] == [
        ("customers", "required_table_missing"),
        ("transactions", "required_table_empty"),
    ]


def test_an_empty_required_table_names_its_files(warehouse: Warehouse) -> None:
    warehouse.deliver("customers/customers.csv", "customer_id\n")
    (finding,) = warehouse.findings()
    told = "customers: required_table_empty: the table is required; without a row that can be read: "
    assert str(finding) == told + "customers/customers.csv"
    for number in range(1, 7):
        warehouse.deliver(f"customers/{number}.csv", "customer_id\n")
    (finding,) = warehouse.findings()
    assert str(finding) == told + ", ".join(f"customers/{number}.csv" for number in range(1, 6)) + " and 2 more"


def test_a_refused_delivery_tells_what_is_not_read_as_well(warehouse: Warehouse) -> None:
    (warehouse.raw / "customers").rename(warehouse.raw / "customer")
    warehouse.declare("table: customers, encoding: gbk")
    with pytest.raises(LandingError) as error:
        warehouse.land()
    assert error.value.warnings == [
        "customer: not a table of the contract, ignored",
        "sources.yml: sources[0] speaks for no file (customers/*)",
    ]


def test_a_header_alone_is_fine_where_rows_are_not_required(warehouse: Warehouse) -> None:
    warehouse.deliver("surveys/s.csv", "response_id,score")
    warehouse.land()
    assert warehouse.rows("surveys") == []
    assert warehouse.rows("landed_files", "delivered_row_count", "source_table = 'surveys'") == [(0,)]


def test_a_file_that_changes_while_it_is_read_is_refused(warehouse: Warehouse) -> None:
    table, path = read_contract()["customers"], warehouse.raw / "customers" / "customers.csv"
    delivery = landing._delivery(warehouse.raw, table, path, Declaration())
    target = warehouse.home / "customers" / "x.parquet"
    _, problems, _ = landing.parse(replace(delivery, modified_ns=delivery.modified_ns - 1), target, FIRST)
    assert [problem.rule_id for problem in problems] == ["file_changed"]
    assert not target.exists()


def test_a_refused_delivery_leaves_what_has_landed(warehouse: Warehouse, no_parsing: Callable[[], None]) -> None:
    warehouse.land()
    before = warehouse.rows("landed_files"), warehouse.rows("transactions")
    warehouse.deliver("transactions/base.csv", HEADER + "T9,C1,2025-01-01,9\n")
    bad = warehouse.deliver("transactions/bad.csv", HEADER + '"')
    warehouse.findings()
    assert (warehouse.rows("landed_files"), warehouse.rows("transactions")) == before
    bad.unlink()
    no_parsing()
    warehouse.land(LATER)
    assert warehouse.rows("transactions", "txn_id") == [("T9",)]


# Names


def test_column_names_are_normalised(warehouse: Warehouse) -> None:
    warehouse.deliver("transactions/pos.csv", "ＴＸＮ＿ＩＤ, Customer_ID ,Event_At,AMOUNT,\nT1,C1,2025-01-01,1,z\n")
    report = warehouse.land()
    assert warehouse.rows("transactions", "txn_id, customer_id, unnamed_5", "_line = 2 and txn_id = 'T1'") == [
        ("T1", "C1", "z")
    ]
    assert report.warnings == ["transactions: columns beyond the contract, landed and not read: unnamed_5"]
    names = warehouse.rows("landed_files", "column_names", "file like '%pos.csv'")
    assert names == [("txn_id,customer_id,event_at,amount,unnamed_5",)]


def test_what_is_not_read_is_told(warehouse: Warehouse) -> None:
    warehouse.deliver("customer/c.csv", "customer_id\nC2\n")
    warehouse.deliver("customers/c.xlsx", "x")
    warehouse.deliver("customers/.hidden", "x")
    warehouse.deliver("notes.txt", "x")
    warehouse.declare('table: customers, files: "old_*"')
    assert warehouse.land().warnings == [
        "customer: not a table of the contract, ignored",
        "customers/c.xlsx: not a CSV or Parquet file, ignored",
        "notes.txt: not a table of the contract, ignored",
        "sources.yml: sources[0] speaks for no file (customers/old_*)",
    ]


def test_every_table_can_be_read_even_when_it_is_not_delivered(warehouse: Warehouse) -> None:
    warehouse.land()
    for table in read_contract().values():
        rows = warehouse.rows(table.name, ", ".join(f'"{column}"' for column in table.columns))
        assert bool(rows) == table.is_required
    with duckdb.connect() as connection:
        types = connection.execute(
            f"describe from read_parquet('{warehouse.home}/landing/weather/*.parquet')"
        ).fetchall()
    named = {name: data_type for name, data_type, *_ in types}
    assert named["city"] == named["_file"] == named["_timezone"] == named["_date_order"] == "VARCHAR"
    assert (named["_line"], named["_landed_at"]) == ("BIGINT", "TIMESTAMP")


# Once


def test_an_unchanged_file_is_not_read_again(warehouse: Warehouse, no_parsing: Callable[[], None]) -> None:
    first = warehouse.land()
    no_parsing()
    again = warehouse.land(LATER)
    assert [(table.parsed, table.cached) for table in first.tables[:1]] == [(1, 0)]
    assert [(table.parsed, table.cached) for table in again.tables[:1]] == [(0, 1)]
    assert again.vanished == []
    assert warehouse.rows("customers", "customer_id, _landed_at") == [("C1", FIRST.replace(tzinfo=None))]


def test_a_renamed_file_is_only_stamped_anew(warehouse: Warehouse, no_parsing: Callable[[], None]) -> None:
    path = warehouse.deliver("transactions/pos.csv", HEADER + "T1,C1,2025-01-01,1\nT2\n")
    warehouse.land()
    path.rename(path.with_name("till.csv"))
    no_parsing()
    report = warehouse.land(LATER)
    stamp = (2, FIRST.replace(tzinfo=None), "transactions/till.csv", "Asia/Shanghai")
    assert warehouse.rows("transactions", "_line, _landed_at, _file, _timezone", "txn_id = 'T1'") == [stamp]
    assert warehouse.rows("rejected_lines", "_file, _line") == [("transactions/till.csv", 3)]
    assert report.vanished == []


def test_the_same_content_under_two_names_lands_once(warehouse: Warehouse, no_parsing: Callable[[], None]) -> None:
    for name in ("b.csv", "a.csv"):
        warehouse.deliver(f"transactions/{name}", HEADER + "T1,C1,2025-01-01,1\nT2\n")
    report = warehouse.land()
    table = next(table for table in report.tables if table.table == "transactions")
    assert (table.files, table.parsed, table.repeated, table.delivered, table.landed) == (3, 2, 1, 5, 2)
    assert warehouse.rows("transactions", "_file", "txn_id = 'T1'") == [("transactions/a.csv",)]
    columns = "file, is_repeat, delivered_row_count, landed_row_count, rejected_line_count"
    assert warehouse.rows("landed_files", columns, "file not like '%base%' and source_table = 'transactions'") == [
        ("transactions/a.csv", False, 2, 1, 1),
        ("transactions/b.csv", True, 2, 0, 0),
    ]
    (warehouse.raw / "transactions" / "a.csv").unlink()
    no_parsing()
    assert warehouse.land(LATER).vanished == []
    assert warehouse.rows("transactions", "_file", "txn_id = 'T1'") == [("transactions/b.csv",)]


def test_the_same_content_for_two_tables_is_two_deliveries(warehouse: Warehouse) -> None:
    for table in ("customers", "privacy_requests"):
        warehouse.deliver(f"{table}/x.csv", "request_id,customer_id,type\nR1,C7,access\n")
    warehouse.land()
    assert warehouse.rows("customers", "customer_id", "_file like '%x.csv'") == [("C7",)]
    assert warehouse.rows("privacy_requests", "customer_id") == [("C7",)]


def test_a_vanished_file_is_gone_and_named(warehouse: Warehouse) -> None:
    path = warehouse.deliver("transactions/pos.csv", HEADER + "T1,C1,2025-01-01,1\nT2\n")
    warehouse.land()
    path.unlink()
    assert warehouse.land().vanished == ["transactions/pos.csv"]
    assert warehouse.rows("transactions", "txn_id") == [("T0",)]
    assert warehouse.rows("rejected_lines") == []
    assert len(warehouse.rows("landed_files")) == 2
    assert warehouse.land().vanished == []


def test_a_corrected_file_replaces_the_old_content(warehouse: Warehouse) -> None:
    warehouse.land()
    warehouse.deliver("transactions/base.csv", HEADER + "T0,C1,2025-01-01,2\n")
    warehouse.land(LATER)
    assert warehouse.rows("transactions", "amount, _landed_at") == [("2", LATER.replace(tzinfo=None))]


def test_a_changed_declaration_lands_again(warehouse: Warehouse) -> None:
    warehouse.land()
    warehouse.declare("table: transactions, date_order: dmy, timezone: Europe/London")
    report = warehouse.land(LATER)
    assert [table.parsed for table in report.tables if table.files] == [0, 1]
    assert warehouse.rows("transactions", "_date_order, _timezone, _landed_at") == [
        ("dmy", "Europe/London", FIRST.replace(tzinfo=None))
    ]


def test_another_version_of_the_parser_lands_again(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse.land()
    monkeypatch.setattr(landing, "PARSER_VERSION", landing.PARSER_VERSION + 1)
    assert sum(table.parsed for table in warehouse.land().tables) == 2


def test_a_column_required_today_is_missed_in_what_landed_earlier(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.land()
    stricter = {
        name: replace(table, required_columns=("customer_id", "city")) if name == "customers" else table
        for name, table in read_contract().items()
    }
    monkeypatch.setattr(landing, "read_contract", lambda: stricter)
    assert [(finding.file, finding.rule_id) for finding in warehouse.findings()] == [
        ("customers/customers.csv", "required_column_missing")
    ]


@pytest.mark.parametrize("cut", [0, 100])
def test_a_damaged_landed_file_is_made_again(warehouse: Warehouse, cut: int) -> None:
    warehouse.land()
    (landed,) = (path for path in (warehouse.home / "landing" / "customers").glob("[0-9a-f]*.parquet"))
    landed.write_bytes(landed.read_bytes()[:cut])
    warehouse.land()
    assert warehouse.rows("customers", "customer_id") == [("C1",)]


def test_worker_processes_land_the_same(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse.deliver("transactions/pos.csv", HEADER + "T1,C1,2025-01-01,1\nT2\n")
    warehouse.land()
    one_process = [warehouse.rows(table) for table in ("transactions", "rejected_lines", "landed_files")]
    monkeypatch.setattr(landing, "WORKERS_FROM_BYTES", 0)
    warehouse.home = warehouse.home.with_name("other_home")
    warehouse.land()
    assert [warehouse.rows(table) for table in ("transactions", "rejected_lines", "landed_files")] == one_process


def test_nothing_half_written_is_left(warehouse: Warehouse) -> None:
    warehouse.deliver("transactions/pos.csv", HEADER + "T1,C1,2025-01-01,1\nT2\n")
    warehouse.land()
    assert not (warehouse.home / "landing" / ".pending").exists()
    assert not list(warehouse.home.rglob("*.tmp"))
    assert (warehouse.home / "landing").stat().st_mode & 0o777 == 0o700


# Parquet


def test_parquet_values_become_text(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    moment = datetime(2025, 1, 2, 3, 4, 5, 600000)
    table = pa.table(
        {
            "TXN_ID ": pa.array([1, 2]),
            "customer_id": pa.array(["C1", None]).dictionary_encode(),
            "event_at": pa.array([moment.replace(tzinfo=UTC), None], pa.timestamp("us", tz="Asia/Shanghai")),
            "amount": pa.array([Decimal("12.50"), Decimal("-0.05")], pa.decimal128(18, 2)),
            "paid_at": pa.array([moment, None], pa.timestamp("us")),
            "due_date": pa.array([date(2025, 1, 2), None]),
            "quantity": pa.array([0.1, 1e22]),
            "flag": pa.array([True, False]),
            "nested": pa.array([{"a": [1, 2]}, None]),
            "channel": pa.array(["王".encode(), b"app"]),
        }
    )
    (warehouse.raw / "transactions" / "base.csv").unlink()
    pq.write_table(table, warehouse.raw / "transactions" / "a[1]*.parquet")
    warehouse.land()
    columns = "txn_id, customer_id, event_at, amount, paid_at, due_date, quantity, flag, nested, channel, _line, _file"
    place = "transactions/a[1]*.parquet"
    assert warehouse.rows("transactions", columns) == [
        (
            "1",
            "C1",
            "2025-01-02 03:04:05.6+00",
            "12.50",
            "2025-01-02 03:04:05.6",
            "2025-01-02",
            "0.1",
            "true",
            "{'a': [1, 2]}",
            "王",
            1,
            place,
        ),
        ("2", None, None, "-0.05", None, None, "1e+22", "false", None, "app", 2, place),
    ]


def test_parquet_rows_keep_their_order(warehouse: Warehouse) -> None:
    count = 300_000
    pq.write_table(
        pa.table({"customer_id": [f"C{i}" for i in range(count)]}),
        warehouse.raw / "customers" / "many.parquet",
        row_group_size=10_000,
    )
    warehouse.land()
    wrong = "_file like '%parquet' and customer_id <> 'C' || (_line - 1)"
    assert warehouse.rows("customers", "count(*), max(_line)", "_file like '%parquet'") == [(count, count)]
    assert warehouse.rows("customers", "count(*)", wrong) == [(0,)]


@pytest.mark.parametrize(
    ("columns", "rule_id"),
    [
        (["customer_id", "CUSTOMER_ID"], "duplicate_column"),
        (["customer_id", "customer_id"], "duplicate_column"),
        (["name"], "required_column_missing"),
    ],
)
def test_parquet_headers_are_checked_too(warehouse: Warehouse, columns: list[str], rule_id: str) -> None:
    table = pa.Table.from_arrays([pa.array(["x"]) for _ in columns], names=columns)
    pq.write_table(table, warehouse.raw / "customers" / "c.parquet")
    assert [(finding.line, finding.rule_id) for finding in warehouse.findings()] == [(None, rule_id)]


def test_a_parquet_file_cut_off_is_refused(warehouse: Warehouse) -> None:
    path = warehouse.raw / "customers" / "c.parquet"
    pq.write_table(pa.table({"customer_id": [f"C{i}" for i in range(1000)]}), path)
    content = path.read_bytes()
    path.write_bytes(content[:100])
    assert [finding.rule_id for finding in warehouse.findings()] == ["unreadable_parquet"]
    path.write_bytes(content[:4] + b"\xff" * 2000 + content[2004:])
    assert [finding.rule_id for finding in warehouse.findings()] == ["unreadable_parquet"]


# sources.yml


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("a: [", "line 1"),
        ("- x", "expected keys"),
        ("source: []", "'source' is not a known key"),
        ("sources: {a: b}", "sources"),
        ("defaults: {encodng: gbk}", "defaults: 'encodng' is not a known key"),
        ("defaults: {encoding: latin-1}", "defaults.encoding"),
        ("defaults: {delimiter: ''}", "defaults.delimiter"),
        ("defaults: {delimiter: 1}", "defaults.delimiter"),
        ("defaults: {date_order: ydm}", "defaults.date_order"),
        ("defaults: {timezone: Asia/Peking}", "defaults.timezone"),
        ("sources: [{table: customers}, {table: customer}]", "sources[1].table"),
        ("sources: [{files: x.csv}]", "sources[0].table"),
        ("sources: [{table: customers, files: 3}]", "sources[0].files"),
        ("sources: [{table: customers, delimiter: '||'}]", "sources[0].delimiter"),
        (b"defaults: {encoding: \xff}", "not UTF-8"),
    ],
)
def test_a_wrong_declaration_names_file_and_key(warehouse: Warehouse, content: str | bytes, key: str) -> None:
    path = warehouse.deliver("sources.yml", content)
    with pytest.raises(ConfigurationError, match=re.escape(f"{path}: ")) as error:
        warehouse.land()
    assert key in str(error.value)


def test_the_first_matching_declaration_wins_and_inherits_the_defaults(warehouse: Warehouse) -> None:
    (warehouse.raw / "transactions" / "base.csv").unlink()
    for name in ("pos_1.csv", "pos_2.csv", "web.csv"):
        warehouse.deliver(f"transactions/{name}", (HEADER + f"{name},C1,2025-01-01,1\n").replace(",", ";"))
    warehouse.deliver("customers/customers.csv", "customer_id;x\nC1;\n")
    warehouse.deliver(
        "sources.yml",
        "defaults: {delimiter: ';', date_order: mdy}\n"
        "sources:\n"
        "  - {table: transactions, files: 'pos_1*', date_order: dmy}\n"
        "  - {table: transactions, files: 'pos_*', timezone: Europe/London}\n",
    )
    warehouse.land()
    assert warehouse.rows("transactions", "_file, _date_order, _timezone") == [
        ("transactions/pos_1.csv", "dmy", "Asia/Shanghai"),
        ("transactions/pos_2.csv", "mdy", "Europe/London"),
        ("transactions/web.csv", "mdy", "Asia/Shanghai"),
    ]


def test_without_a_raw_directory_the_reader_is_told_where_files_belong(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such directory"):
        landing.land(tmp_path / "nowhere", tmp_path / "home", print)


def test_a_bad_header_is_refused_before_any_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a,b\n"broken')
    table = Table("x", ("a", "c"), ("c",), False)
    with pytest.raises(BadFileError) as error, open_delivered(path, Declaration(), table):
        pass
    assert [problem.rule_id for problem in error.value.problems] == ["required_column_missing"]
