"""Checks what arrived and what was built against the suites in ``expectations/``.

``python -m scripts.expectations raw|marts --home DIR`` prints one line per suite and one per failed expectation.
Exit 0: passed (warnings are printed), 1: a critical expectation failed, 2: the checks could not run.

Only counts, shares and names of tables, columns and codes are printed, never a delivered value.
"""

import argparse
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

Stage = Literal["raw", "marts"]
Severity = Literal["critical", "warning"]

SUITES = Path(__file__).resolve().parent.parent / "expectations"
SQL_TYPE, QUERY = "unexpected_rows_expectation", "unexpected_rows_query"
# Landed tables of ours; every other folder below landing/ holds text as it was delivered.
TYPED_TABLES = {"landed_files", "rejected_lines"}
# Errors that speak of SQL, columns and files. The others may quote a value.
ERRORS_WITHOUT_VALUES = ("Binder Error", "Catalog Error", "IO Error", "Parser Error", "The column ")


class CannotRunError(RuntimeError):
    """The checks could not be run: nothing to read, or a suite that is not valid."""


@dataclass(frozen=True)
class FailedCheck:
    """One expectation that did not hold; ``compares`` with the last publish, or not."""

    suite: str
    severity: Severity
    why: str
    figures: str
    compares: bool


@dataclass(frozen=True)
class CheckReport:
    """What one stage's suites found; ``ok`` is false when a critical expectation failed."""

    ok: bool
    lines: list[str]
    failed: list[FailedCheck]

    @property
    def is_acceptable(self) -> bool:
        """True when only differences from the last publish stop the refresh: ``--accept-change`` lets it go on."""
        return not self.ok and all(f.compares for f in self.failed if f.severity == "critical")


def run(stage: Stage, home: Path, *, accept_change: bool = False) -> CheckReport:
    """Check every suite of a stage.

    Args:
        stage: ``raw`` reads the landed files, ``marts`` the database that was just built.
        home: the home directory; its last publish, if there is one, is what is compared with.
        accept_change: true makes a critical difference from the last publish a warning.

    Raises:
        CannotRunError: nothing landed or built yet, a suite is not valid, or a query of one failed.
    """
    suites = [_load_suite(path) for path in sorted((SUITES / stage).glob("*.json"))]
    if not suites:
        raise CannotRunError(f"no suites in {SUITES / stage}")
    setup, may_compare, notes = _session(stage, home.resolve())
    lines: list[str] = []
    failed: list[FailedCheck] = []
    with _silence(), _data_source(setup) as source:
        for suite in suites:
            if _read_relation(source, suite) == 0 and suite["meta"].get("may_be_empty"):
                lines.append(f"ok    {suite['name']}: empty")
                continue
            chosen = [e for e in suite["expectations"] if may_compare or not _compares(e)]
            found = _failures(suite, chosen, _validate(source, suite, chosen), accept_change)
            lines += _suite_lines(suite["name"], len(suite["expectations"]), len(chosen), found)
            failed += found
    return CheckReport(ok=all(f.severity != "critical" for f in failed), lines=lines + notes, failed=failed)


def _load_suite(path: Path) -> dict[str, Any]:
    """Read one suite; the SQL in it is written as a list of lines and becomes one text."""
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
        suite["meta"]["relation"] = "\n".join(suite["meta"]["relation"])
        for expectation in suite["expectations"]:
            if expectation["severity"] not in ("critical", "warning") or not expectation["meta"]["why"]:
                raise ValueError("severity is critical or warning, meta.why one sentence")
            if expectation["type"] == SQL_TYPE:
                expectation["kwargs"][QUERY] = "\n".join(expectation["kwargs"][QUERY])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotRunError(f"{path.parent.name}/{path.name} is no valid suite: {error}") from error
    return suite


def _compares(expectation: dict[str, Any]) -> bool:
    """True for an expectation that needs the last publish."""
    return bool(expectation["meta"].get("compares_with_last_publish"))


def _session(stage: Stage, home: Path) -> tuple[list[str], bool, list[str]]:
    """The statements every connection starts with, whether there is a publish to compare with, and notes."""
    landing, work, published = home / "landing", home / "work" / "tiers.duckdb", home / "published" / "tiers.duckdb"
    tables = sorted(folder for folder in landing.glob("[!.]*") if any(folder.glob("*.parquet")))
    if not tables:
        raise CannotRunError(f"nothing has landed in {landing}")
    setup = ["set TimeZone = 'UTC'", (SUITES / "macros.sql").read_text(encoding="utf-8")]
    setup += [_landing_view(folder) for folder in tables]
    if stage == "marts":
        if not work.exists():
            raise CannotRunError(f"nothing has been built: {work} does not exist")
        setup += [f"attach {_quoted(work)} as work (read_only)", "use work"]
    if not published.exists():
        return setup, False, []
    attach = f"attach {_quoted(published)} as last_publish (read_only)"
    if not _works(attach):
        return setup, False, ["warn  last publish: the file could not be opened, nothing was compared with it"]
    return [*setup, attach], True, []


def _landing_view(folder: Path) -> str:
    """A view named like the landed table; in delivered text, words for nothing are null."""
    columns = "*"
    if folder.name not in TYPED_TABLES:
        columns = "delivered(columns(lambda c: c[1] <> '_')), columns(lambda c: c[1] = '_')"
    files = _quoted(folder / "*.parquet")
    return f'create temp view "{folder.name}" as select {columns} from read_parquet({files}, union_by_name = true)'


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _works(statement: str) -> bool:
    with duckdb.connect() as connection:
        try:
            connection.execute(statement)
        except duckdb.Error:
            return False
    return True


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Great Expectations' log, which quotes whole tracebacks and queries, off the screen."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


@contextmanager
def _data_source(setup: list[str]) -> Iterator[Any]:
    """An in-memory DuckDB that sees the files; closed afterwards, so that no file stays locked."""
    import great_expectations as gx  # takes seconds: only when checks run
    from great_expectations.datasource.fluent.interfaces import TestConnectionError
    from great_expectations.exceptions import GreatExpectationsError

    from scripts.gx_duckdb import MEMORY

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    try:
        source = context.data_sources.add_sql(
            "duckdb", connection_string=MEMORY, kwargs={"connect_args": {"setup": setup}}
        )
    except (TestConnectionError, GreatExpectationsError) as error:
        raise CannotRunError(_without_values(str(error.__cause__ or error))) from None
    try:
        yield source
    finally:
        source.get_execution_engine().close()
        source.get_execution_engine().engine.dispose()
        source.get_engine().dispose()


def _read_relation(source: Any, suite: dict[str, Any]) -> int:
    """Read and parse the files once, into a table of the suite's name that only this connection sees; its rows."""
    from sqlalchemy.exc import DBAPIError

    with source.get_execution_engine().engine.connect() as connection:
        try:
            connection.exec_driver_sql(f"create temp table {suite['name']} as {suite['meta']['relation']}")
            return connection.exec_driver_sql(f"select count(*) from {suite['name']}").scalar_one()
        except (DBAPIError, duckdb.Error) as error:
            raise CannotRunError(f"{suite['name']}: {_without_values(str(error))}") from None


def _validate(source: Any, suite: dict[str, Any], expectations: list[dict[str, Any]]) -> dict[int, Any]:
    """Great Expectations' result for each expectation, by its place in the list."""
    asset = source.add_query_asset(suite["name"], query=f"select * from {suite['name']}")
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    results = {}
    # The rows an SQL expectation returns are figures and wanted; those of all others would be delivered values.
    for is_sql, wanted in ((True, "COMPLETE"), (False, {"result_format": "BASIC", "partial_unexpected_count": 0})):
        part = [
            {**e, "meta": {"place": place}} for place, e in enumerate(expectations) if (e["type"] == SQL_TYPE) == is_sql
        ]
        if part:
            checked = batch.validate(_gx_suite(suite["name"], part), result_format=wanted)
            results.update({r.expectation_config.meta["place"]: r for r in checked.results})
    unknown = [e["type"] for place, e in enumerate(expectations) if place not in results]  # these are passed over
    if unknown:
        raise CannotRunError(f"{suite['name']} is no valid suite: no expectation of type {', '.join(unknown)}")
    return results


def _gx_suite(name: str, expectations: list[dict[str, Any]]) -> Any:
    import great_expectations as gx
    from great_expectations.exceptions import GreatExpectationsError

    try:
        return gx.ExpectationSuite(name=name, expectations=expectations)
    except (GreatExpectationsError, ValueError, TypeError) as error:
        raise CannotRunError(f"{name} is no valid suite: {' '.join(str(error).split())}") from None


def _failures(
    suite: dict[str, Any], expectations: list[dict[str, Any]], results: dict[int, Any], accept_change: bool
) -> list[FailedCheck]:
    """The expectations that failed, in the order of the suite."""
    failed = []
    for place, expectation in enumerate(expectations):
        result, why, compares = results[place], expectation["meta"]["why"], _compares(expectation)
        severity: Severity = "warning" if compares and accept_change else expectation["severity"]
        if result.success:
            continue
        error = _error(result)
        if error and not compares:
            raise CannotRunError(f"{suite['name']}: {why}: {error}")
        if error:
            severity, figures = "warning", "not comparable, the last publish has other columns"
        else:
            figures = _figures(result.result)
        failed.append(FailedCheck(suite["name"], severity, why, figures, compares))
    return failed


def _error(result: Any) -> str | None:
    """Why the query of an expectation failed; None when it ran."""
    infos = result.exception_info or {}
    if "raised_exception" in infos:
        infos = {"": infos}
    messages = [info["exception_message"] for info in infos.values() if info["raised_exception"]]
    return _without_values(messages[0]) if messages else None


def _without_values(message: str) -> str:
    """The first line of an error where it cannot quote a value, else only its kind."""
    for line in message.splitlines():
        for kind in ERRORS_WITHOUT_VALUES:
            if kind in line:
                return line[line.index(kind) :]
    return "the query failed"


def _figures(result: dict[str, Any]) -> str:
    """How much was found, in counts and percent."""
    rows = result.get("details", {}).get("unexpected_rows")
    if rows is not None:
        return "; ".join(_row_figures(row) for row in rows)
    if "unexpected_count" in result:
        return _share(result["unexpected_count"], result["element_count"] - result.get("missing_count", 0))
    return f"{result['observed_value']:,}"


def _row_figures(row: dict[str, Any]) -> str:
    """The figures of one row that an SQL expectation returned: columns what, found, total and unit."""
    parts = [row["what"]] if "what" in row else []
    if "found" in row:
        parts.append(_share(row["found"], row["total"], row.get("unit", "rows")))
    return ": ".join(parts)


def _share(found: float, total: float, unit: str = "rows") -> str:
    return f"{found:,.0f} of {total:,.0f} {unit} ({100 * found / total:.1f} %)"


def _suite_lines(name: str, count: int, chosen: int, failed: list[FailedCheck]) -> list[str]:
    """The suite's own line, then one per failed expectation."""
    severities = {f.severity for f in failed}
    label = "FAIL" if "critical" in severities else "warn" if severities else "ok"
    left_out = f" ({count - chosen} not compared: no publish yet)" if count > chosen else ""
    lines = [f"{label:<5} {name}: {chosen - len(failed)} of {chosen}{left_out}"]
    return lines + [f"      {f.severity:<8} {f.why}: {f.figures}" for f in failed]


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.expectations", description=__doc__.splitlines()[0])
    parser.add_argument("stage", choices=("raw", "marts"))
    parser.add_argument("--home", type=Path, default=Path("warehouse"), help="home directory (default: warehouse)")
    parser.add_argument(
        "--accept-change", action="store_true", help="a critical difference from the last publish is only a warning"
    )
    options = parser.parse_args(arguments)
    try:
        report = run(options.stage, options.home, accept_change=options.accept_change)
    except CannotRunError as error:
        print(f"expectations: could not run: {error}", file=sys.stderr)
        return 2
    print("\n".join(report.lines))
    if report.is_acceptable:
        print("      if this change is meant: --accept-change makes it a warning")
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
