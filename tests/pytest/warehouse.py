"""A warehouse under a temporary folder: write a delivery to files, land it, run dbt in this process, read the marts."""

import csv
import json
import os
import shutil
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from scripts.landing import land
from tests.reference import Delivery, Options

PROJECT = Path(__file__).resolve().parents[2]
LONG_AFTER = datetime(2030, 1, 1, tzinfo=UTC)
Row = dict[str, str]


@dataclass(frozen=True)
class Layout:
    """How a delivery is spread over files: number of files per table, a seed to shuffle the rows by (None: as they
    are), and whether the first file of each table is delivered a second time under another name."""

    files: int = 1
    shuffle_seed: int | None = None
    repeats_file: bool = False


def write_delivery(delivery: Delivery, options: Options, raw: Path, layout: Layout | None = None) -> Delivery:
    """Write a delivery as CSV files under `raw`; the delivery that comes back has its rows in the order written."""
    layout = layout or Layout()
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir(parents=True)
    defaults = {"timezone": options.source_timezone, "date_order": options.date_order}
    (raw / "sources.yml").write_text(yaml.safe_dump({"defaults": defaults}), encoding="utf-8")
    tables = {field.name: getattr(delivery, field.name) for field in fields(delivery)}
    del tables["transaction_columns"]
    headers = {"transactions": list(delivery.transaction_columns), "customers": ["customer_id"]}
    ordered = {name: _ordered(rows, layout) for name, rows in tables.items()}
    for name, rows in ordered.items():
        if rows or name in headers:
            header = headers["transactions"] if name == "transactions" else _header(rows, headers.get(name, []))
            _write_table(raw / name, header, rows, layout)
    return Delivery(transaction_columns=delivery.transaction_columns, **ordered)


def _ordered(rows: list[Row], layout: Layout) -> list[Row]:
    rows = list(rows)
    if layout.shuffle_seed is not None:
        Random(layout.shuffle_seed).shuffle(rows)
    return rows


def _header(rows: list[Row], first: list[str]) -> list[str]:
    return list(dict.fromkeys([*first, *(column for row in rows for column in row)]))


def _write_table(folder: Path, header: list[str], rows: list[Row], layout: Layout) -> None:
    """One table in files of about equal length, in row order."""
    folder.mkdir()
    size = max(1, -(-len(rows) // layout.files))
    parts = [rows[start : start + size] for start in range(0, len(rows), size)] or [[]]
    for number, part in enumerate(parts):
        path = folder / f"part_{number:03d}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(part)
    if layout.repeats_file:
        shutil.copy(folder / "part_000.csv", folder / "repeated.csv")


class Warehouse:
    """One folder for raw files, landing and the database; every run replaces what the one before left there.

    dbt parses the project only once, for all warehouses of a process.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing is built yet."""
        self.raw = folder / "raw"
        self.home = folder / "home"
        self._target = folder / "target"
        self._logs = folder / "logs"
        self._is_seeded = False
        (self.home / "work").mkdir(parents=True)

    @property
    def database(self) -> Path:
        """The file dbt builds."""
        return self.home / "work" / "tiers.duckdb"

    def run(
        self,
        delivery: Delivery,
        options: Options,
        layout: Layout | None = None,
        marts: tuple[str, ...] = (),
    ) -> Delivery:
        """Write, land and build; gives the delivery in the order written, without a repeated file.

        `marts` builds these and what they need instead of everything. Raises AssertionError when dbt fails.
        """
        written = write_delivery(delivery, options, self.raw, layout)
        shutil.rmtree(self.home / "landing", ignore_errors=True)
        landed_at = datetime.combine(options.landed_on, time(12), UTC) if options.landed_on else LONG_AFTER
        land(self.raw, self.home, lambda line: None, now=landed_at)
        self.seed(options)
        selection = ["--select", *(f"+{mart}" for mart in marts)] if marts else []
        self._dbt("run", options, selection)
        return written

    def use_policy(self, folder: Path, options: Options) -> None:
        """Grade with the policy of another folder from now on."""
        self.seed(options)
        with duckdb.connect(str(self.database)) as connection:
            tables = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'policy'"
            ).fetchall()
            for (table,) in tables:
                rows = f"read_csv('{folder / table}.csv', header = true, all_varchar = true, delim = ',', quote = '\"')"
                connection.execute(f"delete from policy.{table}")
                connection.execute(f"insert into policy.{table} by name select * from {rows}")

    def rebuild(self, options: Options, models: tuple[str, ...]) -> None:
        """Build these models again from what the last run left, and nothing before or after them."""
        self._dbt("run", options, ["--select", *models])

    def build(self, options: Options, marts: tuple[str, ...]) -> None:
        """Build these marts, and what they need, from what is landed."""
        self.seed(options)
        self._dbt("run", options, ["--select", *(f"+{mart}" for mart in marts)])

    def compile(self, text: str) -> str:
        """SQL with macros of the project, rendered for DuckDB."""
        return self._dbt("compile", Options(), ["--inline", text]).result.results[0].node.compiled_code

    def seed(self, options: Options) -> None:
        """Read the policy, unless that was done."""
        if not self._is_seeded:
            self._dbt("seed", options)
            self._is_seeded = True

    def read(self, names: tuple[str, ...]) -> dict[str, list[dict[str, object]]]:
        """The rows of some marts as dicts, in no particular order."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return {name: _read(connection, name) for name in names}

    def _dbt(self, verb: str, options: Options, selection: list[str] | None = None) -> dbtRunnerResult:
        arguments = ["-q", verb, *(selection or []), "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        arguments += ["--target-path", str(self._target), "--log-path", str(self._logs), "--log-level-file", "none"]
        before = os.environ.get("TIERS_HOME")
        os.environ["TIERS_HOME"] = str(self.home)
        try:
            outcome = dbtRunner(manifest=self._manifest(options)).invoke(
                [*arguments, "--vars", json.dumps(dbt_vars(options))]
            )
        finally:
            DuckDBConnectionManager.env().close()
            DuckDBConnectionManager.close_all_connections()
            os.environ.pop("TIERS_HOME") if before is None else os.environ.update(TIERS_HOME=before)
        failed = [str(r.message) for r in getattr(outcome.result, "results", []) if r.status in ("error", "fail")]
        assert outcome.success, f"dbt {verb}: {outcome.exception or failed}"
        return outcome

    def _manifest(self, options: Options) -> Manifest:
        """The project as parsed, with its sources in this home."""
        manifest = parsed_project(options.admit_unknown_customers)
        for source in manifest.sources.values():
            for meta in (source.meta, source.source_meta, source.config.meta):
                if "external_location" in meta:
                    location = meta["external_location"].partition("/landing/")[2]
                    meta["external_location"] = f"read_parquet('{self.home}/landing/{location}"
        return manifest


@cache
def parsed_project(admit_unknown_customers: bool) -> Manifest:
    """The project as dbt reads it. No other var, and not the home, changes what rests on what; sources have a place."""
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    with TemporaryDirectory() as folder:
        places += ["--target-path", folder, "--log-path", folder, "--log-level-file", "none"]
        places += ["--vars", json.dumps({"admit_unknown_customers": admit_unknown_customers})]
        outcome = dbtRunner().invoke(["-q", "parse", *places])
    assert outcome.success, f"dbt parse: {outcome.exception}"
    return outcome.result


def dbt_vars(options: Options) -> dict[str, object]:
    """The options of the reference as vars of dbt."""
    return {
        "as_of_date": options.as_of_date.isoformat() if options.as_of_date else None,
        "review_count": options.review_count,
        "business_tz": options.business_tz,
        "reporting_currency": options.reporting_currency,
        "default_lob": options.default_lob,
        "orphan_refund_mode": options.orphan_refund_mode,
        "knowledge_cutoff": options.knowledge_cutoff,
        "admit_unknown_customers": options.admit_unknown_customers,
        "scenario_id": options.scenario_id,
    }


def _read(connection: duckdb.DuckDBPyConnection, mart: str) -> list[dict[str, object]]:
    cursor = connection.execute(f"select * from marts.{mart}")
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
