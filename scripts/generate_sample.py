"""Write a made-up delivery of all raw tables: `python -m scripts.generate_sample`.

The same arguments give the same bytes. Exit codes: 0 written (or nothing to do with --if-empty), 2 wrong usage.
"""

import argparse
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from scripts.sample_data import dirt
from scripts.sample_data.blocks import blocks, company_tables
from scripts.sample_data.scenario import BLOCK_SIZE, Scenario
from scripts.sample_data.writers import SampleWriter

SIZES = {"small": 2_000, "large": 100_000}
DEFAULT_SIZE = "small"
MAX_CUSTOMERS = 10_000_000
PROGRESS_SECONDS = 2.0


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parse(arguments)
    out: Path = options.out
    if out.exists() and any(out.iterdir()):
        if options.if_empty:
            print(f"generate_sample: {out} is not empty, nothing written")
            return 0
        print(f"generate_sample: {out} is not empty; remove it or name another --out", file=sys.stderr)
        return 2
    scenario = Scenario(options.customers or SIZES[options.size or DEFAULT_SIZE], options.seed, options.end)
    rows = generate(
        scenario,
        out,
        file_format=options.format,
        only_required=options.only_required,
        faults=dirt.wanted(options.dirt, options.dirt_files),
        fault_list=options.dirt_list or out.parent / "faults.csv",
    )
    print(
        f"generate_sample: {len(rows)} tables, {sum(rows.values()):,} rows,"
        f" {rows['transactions']:,} of them transactions, in {out} ({options.format})"
    )
    return 0


def generate(
    scenario: Scenario,
    out: Path,
    *,
    file_format: str = "csv",
    only_required: bool = False,
    faults: tuple[str, ...] = (),
    fault_list: Path | None = None,
) -> dict[str, int]:
    """Write a sample below `out`, which must be absent or an empty directory.

    `faults` are groups of planted faults (see `dirt.wanted`); `fault_list` is the CSV file that lists them.
    Returns the number of good rows by table. An interrupted run leaves nothing at `out`.
    """
    writer = SampleWriter(out, file_format)
    try:
        _write(scenario, writer, only_required)
        if faults:
            dirt.plant(scenario, writer.working, faults, fault_list)
        writer.close()
    except BaseException:
        shutil.rmtree(writer.working, ignore_errors=True)
        raise
    return writer.rows


def _write(scenario: Scenario, writer: SampleWriter, only_required: bool) -> None:
    """Draw a block while the one before is being written: two blocks are in memory at most."""
    if not only_required:
        writer.write(company_tables(scenario))
        writer.finish_parts()
    reported = time.monotonic()
    with ThreadPoolExecutor(max_workers=1) as background:
        written = None
        for number, tables in enumerate(blocks(scenario, only_required)):
            if written is not None:
                written.result()
            if time.monotonic() - reported > PROGRESS_SECONDS:
                reported = time.monotonic()
                _report(number * BLOCK_SIZE, scenario, writer)
            written = background.submit(writer.write, tables)
        written.result()
    writer.finish_parts()


def _report(customers: int, scenario: Scenario, writer: SampleWriter) -> None:
    rows = writer.rows.get("transactions", 0)
    print(f"generate_sample: {customers:,} of {scenario.customers:,} customers, {rows:,} transactions", flush=True)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.generate_sample", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("data/raw"), help="directory to write to (default data/raw)")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--customers", type=_customers, help=f"number of customers, up to {MAX_CUSTOMERS:,}")
    size.add_argument("--size", choices=SIZES, help="small (default): 2,000 customers, large: 100,000")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--end", type=date.fromisoformat, default=Scenario.end, help="last day, YYYY-MM-DD")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--only-required", action="store_true", help="only the required tables and columns")
    parser.add_argument("--if-empty", action="store_true", help="do nothing if the directory is not empty")
    parser.add_argument("--dirt", action="store_true", help="plant the listed faults in single rows")
    parser.add_argument("--dirt-files", choices=dirt.FILE_FAULTS, help="plant one fault that spoils a whole file")
    parser.add_argument("--dirt-list", type=Path, help="where to list the faults (default faults.csv beside --out)")
    options = parser.parse_args(arguments)
    if (options.dirt or options.dirt_files) and (options.format != "csv" or options.only_required):
        parser.error("--dirt and --dirt-files need CSV files with all columns")
    return options


def _customers(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MAX_CUSTOMERS:
        raise argparse.ArgumentTypeError(f"expected 1 to {MAX_CUSTOMERS}, got {text}")
    return number


if __name__ == "__main__":
    sys.exit(main())
