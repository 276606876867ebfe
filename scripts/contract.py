"""What may be delivered (models/staging/raw/_sources.yml) and how it is written (sources.yml beside the files)."""

from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

PROJECT_DIR = Path(__file__).resolve().parent.parent
CONTRACT_FILE = PROJECT_DIR / "models" / "staging" / "raw" / "_sources.yml"
DECLARATIONS_FILE = "sources.yml"
LANDING_TABLES = ("landed_files", "rejected_lines")
LANDING_COLUMNS = ("_file", "_line", "_landed_at", "_timezone", "_date_order")
ENCODINGS = ("utf-8", "gbk", "gb18030", "utf-16")
DATE_ORDERS = ("ymd", "dmy", "mdy")


class ConfigurationError(Exception):
    """A setting that cannot be used; the message names the file and the key."""


@dataclass(frozen=True)
class Table:
    """A raw table of the contract: its columns in order, and which table and columns are required."""

    name: str
    columns: tuple[str, ...]
    required_columns: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True)
class Declaration:
    """How a delivered file is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    date_order: str = "ymd"
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class Declarations:
    """The declaration for each file: the first matching (table, file name pattern, declaration), else the defaults."""

    defaults: Declaration
    sources: tuple[tuple[str, str, Declaration], ...]

    def position(self, table: str, file_name: str) -> int | None:
        """Index of the entry of `sources` that speaks for this file; None when the defaults do."""
        for index, (source_table, pattern, _) in enumerate(self.sources):
            if source_table == table and fnmatchcase(file_name, pattern):
                return index
        return None

    def of(self, table: str, file_name: str) -> Declaration:
        """The declaration that holds for a file of a table."""
        index = self.position(table, file_name)
        return self.defaults if index is None else self.sources[index][2]


@cache
def read_contract(path: Path = CONTRACT_FILE) -> dict[str, Table]:
    """The tables a company may deliver, by name, in the order of the contract. Not to be changed: it is read once.

    `path`: the dbt sources file. The tables landing itself writes and the columns it adds are left out.
    """
    source = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"][0]
    return {entry["name"]: _table(entry) for entry in source["tables"] if entry["name"] not in LANDING_TABLES}


def _table(entry: dict[str, Any]) -> Table:
    columns = [column for column in entry["columns"] if column["name"] not in LANDING_COLUMNS]
    return Table(
        name=entry["name"],
        columns=tuple(column["name"] for column in columns),
        required_columns=tuple(column["name"] for column in columns if _is_required(column)),
        is_required=_is_required(entry),
    )


def _is_required(entry: dict[str, Any]) -> bool:
    return bool(entry.get("config", {}).get("meta", {}).get("required", False))


def read_declarations(raw: Path, tables: dict[str, Table]) -> Declarations:
    """How the files under `raw` are written: its optional sources.yml, checked.

    Raises ConfigurationError naming file and key for anything that is not understood.
    """
    path = raw / DECLARATIONS_FILE
    if not path.exists():
        return Declarations(Declaration(), ())
    content = _mapping(_load(path), str(path), ("defaults", "sources"))
    defaults = _declaration(content.get("defaults"), Declaration(), f"{path}: defaults")
    sources = content.get("sources") or []
    if not isinstance(sources, list):
        raise ConfigurationError(f"{path}: sources: expected a list")
    return Declarations(
        defaults,
        tuple(_source(entry, defaults, tables, f"{path}: sources[{index}]") for index, entry in enumerate(sources)),
    )


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: not UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(f"{path}: line {line}: not YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise ConfigurationError(f"{path}: not YAML") from None


def _mapping(value: Any, where: str, known: tuple[str, ...]) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ConfigurationError(f"{where}: expected keys and values")
    for key in value:
        if key not in known:
            raise ConfigurationError(f"{where}: '{key}' is not a known key (known: {', '.join(known)})")
    return value


def _source(entry: Any, defaults: Declaration, tables: dict[str, Table], where: str) -> tuple[str, str, Declaration]:
    settings = _mapping(entry, where, ("table", "files", *(field.name for field in fields(Declaration))))
    table = settings.get("table")
    if table not in tables:
        raise ConfigurationError(f"{where}.table: '{table}' is not a table of the contract")
    files = settings.get("files", "*")
    if not isinstance(files, str) or not files:
        raise ConfigurationError(f'{where}.files: expected a file name pattern such as "pos_*.csv"')
    written = {key: value for key, value in settings.items() if key not in ("table", "files")}
    return table, files, _declaration(written, defaults, where)


def _declaration(settings: Any, defaults: Declaration, where: str) -> Declaration:
    settings = _mapping(settings, where, tuple(field.name for field in fields(Declaration)))
    for key, value in settings.items():
        if not isinstance(value, str):
            raise ConfigurationError(f"{where}.{key}: expected text")
    declaration = replace(defaults, **settings)
    _check_one_of(declaration.encoding, ENCODINGS, f"{where}.encoding")
    _check_one_of(declaration.date_order, DATE_ORDERS, f"{where}.date_order")
    if len(declaration.delimiter) != 1 or declaration.delimiter in '"\r\n':
        raise ConfigurationError(f"{where}.delimiter: expected one character, not a quote or a line break")
    if "timezone" in settings and not _is_timezone(declaration.timezone):
        raise ConfigurationError(f"{where}.timezone: '{declaration.timezone}' is not a time zone such as Asia/Shanghai")
    return declaration


def _check_one_of(value: str, allowed: tuple[str, ...], where: str) -> None:
    if value not in allowed:
        raise ConfigurationError(f"{where}: '{value}' is not one of {', '.join(allowed)}")


def _is_timezone(name: str) -> bool:
    with duckdb.connect() as connection:
        return connection.execute("select count(*) from pg_timezone_names() where name = ?", [name]).fetchone() != (0,)
