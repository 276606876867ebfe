"""The rules of the house about models, seeds, sources, macros and files. Each rule returns what breaks it."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from hashlib import md5
from statistics import median

LONGEST_MODEL = 120
TYPICAL_MODEL = range(15, 61)
LONGEST_SEED = 1_000  # the labels, in two languages
LONGEST_README = 120
LARGEST_FILE = 1_000_000
PERSONAL = {"none", "quasi", "direct"}

WALL_CLOCK = (
    r"\b(current_date|current_time|current_timestamp|localtime|localtimestamp|now|today|getdate|get_current_timestamp"
    r"|sysdate|unix_timestamp|run_started_at)\b(?!\s*=)|\bmodules\.(datetime|pytz)\b"
)
NOT_ON_EVERY_ENGINE = {
    "ntile, which splits ties": r"\bntile\s*\(",
    "a function of few engines": (
        r"\b(any_value|first|last|first_value|last_value|mode|median|arg_max|arg_min|max_by|min_by)\s*\("
    ),
    "qualify": r"\bqualify\b",
    "group by all": r"\bgroup\s+by\s+all\b",
    "a column number": r"\b(group|order)\s+by\s+[0-9]",
    "select * with exceptions": r"\*\s+(exclude|except|replace)\s*\(",
    "union by name": r"\bunion\s+(all\s+)?by\s+name\b",
    "a random number": r"\b(random|rand|uuid|gen_random_uuid)\s*\(",
}
# The md5 of each host, so that this file does not name them.
PACKAGE_HOSTS = {
    "02847722262088019302ffe921b84fc4",
    "0e9b891e52ecdd4430353f7db8f78f9c",
    "15152bef8ef0877488e635a2626ff1f0",
    "44503f3f08ffa9ee551ed6e2e3cf0bca",
    "4b6ac131656122c0af7332aca93c7552",
    "56aedb7314510e1b2d897c7cfdd1f08b",
    "6db8f351aede2479faaa9c431237d334",
    "77ef2eaf8c2a9596bf70daf2be42abe2",
    "7bbe698f8266a955104fdf2ec216948c",
    "c94ffa7a4a61bc9d9f15ad43694aa919",
    "eaf9bc82162957ff1b3baf7ea4e2e3b9",
}
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
INDEX_ADDRESS = re.compile(
    r"https?://[^\s\"']*/(simple|pypi|artifactory|nexus)\b|^\s*--(extra-)?index-url", re.MULTILINE
)


@dataclass(frozen=True)
class Column:
    """A column of a model, seed or source as its YAML describes it."""

    name: str
    data_type: str = ""
    description: str = ""
    pii: str = ""


@dataclass(frozen=True)
class Node:
    """A model, seed or source table; `reads` holds the names of its parents, a source as `source.table`."""

    name: str
    path: str
    kind: str = "model"
    sql: str = ""
    description: str = ""
    columns: tuple[Column, ...] = ()
    reads: tuple[str, ...] = ()
    yaml_path: str = ""
    language: str = "sql"
    has_contract: bool = False

    @property
    def layer(self) -> str:
        """The folder below models/: staging, intermediate or marts."""
        return self.path.split("/")[1]


def in_layer(nodes: list[Node], layer: str) -> list[Node]:
    """The models of one layer."""
    return [node for node in nodes if node.kind == "model" and node.layer == layer]


def without_comments(sql: str) -> str:
    """SQL and Jinja, without the comments of both."""
    return re.sub(r"--[^\n]*|/\*.*?\*/", "", re.sub(r"\{#.*?#\}", "", sql, flags=re.DOTALL), flags=re.DOTALL)


def reads_a_layer_it_must_not(nodes: list[Node]) -> list[str]:
    """Staging reads sources; intermediate reads staging, itself and seeds; marts read intermediate, marts and seeds."""
    allowed = {
        "staging": {"source"},
        "intermediate": {"staging", "intermediate", "seed"},
        "marts": {"intermediate", "marts", "seed"},
    }
    kinds = {node.name: node.layer if node.kind == "model" else node.kind for node in nodes}
    return [
        f"{node.name} ({node.layer}) reads {parent} ({kinds[parent]})"
        for node in nodes
        if node.kind == "model"
        for parent in node.reads
        if kinds[parent] not in allowed.get(node.layer, set())
    ]


def source_read_twice(nodes: list[Node]) -> list[str]:
    """Exactly one model reads each source table that is read."""
    sources = {node.name for node in nodes if node.kind == "source"}
    readers = Counter(parent for node in nodes for parent in node.reads if parent in sources)
    return [f"{source} is read by {count} models" for source, count in sorted(readers.items()) if count > 1]


def staging_misnamed(nodes: list[Node]) -> list[str]:
    """A staging model is staging/<source>/stg_<source>__<table>.sql, after the one table it reads."""
    expected = {
        node.name: [f"models/staging/{source}/stg_{source}__{table}.sql" for source, table in [parent.split(".")]]
        for node in in_layer(nodes, "staging")
        for parent in node.reads[:1]
    }
    return [
        f"{node.path} reads {', '.join(node.reads)}"
        for node in in_layer(nodes, "staging")
        if len(node.reads) != 1 or [node.path] != expected[node.name]
    ]


def intermediate_misnamed(nodes: list[Node]) -> list[str]:
    """An intermediate model is int_<words>."""
    return [node.path for node in in_layer(nodes, "intermediate") if not re.fullmatch(r"int(_[a-z0-9]+)+", node.name)]


def mart_misnamed(nodes: list[Node]) -> list[str]:
    """A mart is a plain plural noun, or ends by a word said in the singular; no prefix says what it is made of."""
    no_plural = ("history", "rfm", "reconciliation", "clv", "churn", "migration", "backtest", "gate")
    no_plural += ("satisfaction", "feedback", "lifecycle", "loyalty", "engagement", "intent", "usage", "energy")
    no_plural += ("voice_of_customer", "audit", "dictionary", "advice", "drift", "ledger", "judged")
    return [
        node.path
        for node in in_layer(nodes, "marts")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", node.name)
        or re.match(r"(stg|int|fct|fact|dim|mart|rpt|tmp|policy)_", node.name)
        or not node.name.endswith(("s", *no_plural))
    ]


def misplaced(nodes: list[Node]) -> list[str]:
    """A model is models/<layer>/<group>/<its name>.sql, never deeper."""
    return [
        node.path
        for node in nodes
        if node.kind == "model"
        and not re.fullmatch(rf"models/(staging|intermediate|marts)/[a-z0-9_]+/{re.escape(node.name)}\.sql", node.path)
    ]


def without_yaml_beside(nodes: list[Node]) -> list[str]:
    """Beside model.sql lies model.yml, and that is the file that describes it."""
    return [
        node.path
        for node in nodes
        if node.kind == "model" and node.yaml_path != node.path.removesuffix(".sql") + ".yml"
    ]


def yaml_without_model(paths: list[str], nodes: list[Node]) -> list[str]:
    """Every YAML below models/ lies beside its model; _sources.yml and docs are the exceptions."""
    described = {node.yaml_path for node in nodes}
    return [path for path in paths if path not in described and not path.rsplit("/", 1)[1].startswith("_")]


def grain_not_first(nodes: list[Node]) -> list[str]:
    """The first line of a model says what one row is."""
    return [node.path for node in nodes if node.kind == "model" and not node.sql.startswith("-- One row")]


def too_long(nodes: list[Node]) -> list[str]:
    """A model has at most 120 lines."""
    lengths = {node.path: len(node.sql.splitlines()) for node in nodes if node.kind == "model"}
    return [f"{path}: {length} lines" for path, length in lengths.items() if length > LONGEST_MODEL]


def typical_length(nodes: list[Node]) -> float:
    """The median number of lines of a model."""
    return median(len(node.sql.splitlines()) for node in nodes if node.kind == "model")


def mart_without_contract(nodes: list[Node]) -> list[str]:
    """A mart's contract is enforced."""
    return [node.name for node in in_layer(nodes, "marts") if not node.has_contract]


def undescribed(nodes: list[Node]) -> list[str]:
    """Every model, seed and source table has a description."""
    return [f"{node.kind} {node.name}" for node in nodes if not node.description.strip()]


def column_undescribed(nodes: list[Node]) -> list[str]:
    """Every listed column has a description."""
    return [f"{node.name}.{column.name}" for node in nodes for column in node.columns if not column.description.strip()]


def column_untyped(nodes: list[Node]) -> list[str]:
    """Every column has a type, and there are columns."""
    empty = [f"{node.name} lists no columns" for node in nodes if not node.columns]
    return empty + [f"{node.name}.{column.name}" for node in nodes for column in node.columns if not column.data_type]


def named_against_type(nodes: list[Node]) -> list[str]:
    """is_, has_ and _flag are booleans, _date and _on are dates, _at is a timestamp, _count is a whole number."""
    types = {
        "boolean": r"(is|has)_\w+|\w+_flag",
        "date": r"\w+_(date|on|since|until)",
        "timestamp": r"\w+_at",
        "bigint|integer": r"\w+_count",
    }
    return [
        f"{node.name}.{column.name} is {column.data_type}"
        for node in nodes
        for column in node.columns
        for data_type, name in types.items()
        if (re.fullmatch(name, column.name) and not re.fullmatch(data_type, column.data_type, re.IGNORECASE))
        or (data_type == "boolean" == column.data_type.lower() and not re.fullmatch(name, column.name))
    ]


def seed_columns_differ(headers: dict[str, list[str]], nodes: list[Node]) -> list[str]:
    """The YAML of a seed lists the columns of its CSV, in their order."""
    seeds = [node for node in nodes if node.kind == "seed"]
    return [node.name for node in seeds if headers[node.name] != [column.name for column in node.columns]]


def seed_no_policy(row_counts: dict[str, int], nodes: list[Node]) -> list[str]:
    """Seeds are policy, and small: rules and lookups, never data."""
    return [
        f"{node.path}: {row_counts[node.name]} rows"
        for node in nodes
        if node.kind == "seed"
        and (row_counts[node.name] >= LONGEST_SEED or not re.fullmatch(r"seeds/policy/policy_\w+\.csv", node.path))
    ]


def cards_by_what_customers_say(nodes: list[Node]) -> list[str]:
    """No membership card or point rests on what customers say: an honest complaint must not cost a promised card."""
    by_name = {node.name: node for node in nodes}

    @cache
    def ancestors(name: str) -> frozenset[str]:
        parents = frozenset(by_name[name].reads) & set(by_name)
        return parents.union(*map(ancestors, parents))

    return [
        f"{node.name} reads {parent}"
        for node in nodes
        if node.kind == "model" and re.search(r"/(cards|points)/", node.path)
        for parent in sorted(ancestors(node.name))
        if re.search("satisf|feedback|survey|complain", parent)
    ]


def unclassified_source_columns(nodes: list[Node]) -> list[str]:
    """Every source column says by meta.pii whether it names a person (direct), helps to find one (quasi) or not."""
    sources = [node for node in nodes if node.kind == "source"]
    return [f"{node.name}.{column.name}" for node in sources for column in node.columns if column.pii not in PERSONAL]


def personal_data_in_marts(nodes: list[Node]) -> list[str]:
    """No mart has a column that carries the name of a source column with direct personal data."""
    personal = {
        column.name for node in nodes if node.kind == "source" for column in node.columns if column.pii == "direct"
    }
    marts = in_layer(nodes, "marts")
    return [f"{node.name}.{column.name}" for node in marts for column in node.columns if column.name in personal]


def asks_the_wall_clock(sql: dict[str, str]) -> list[str]:
    """as_of_date() is the only clock: no model or macro asks for today."""
    return _matches(sql, WALL_CLOCK)


def says_what_not_every_engine_knows(sql: dict[str, str]) -> list[str]:
    """Constructs that another engine lacks or reads otherwise."""
    return [f"{hit}: {what}" for what, pattern in NOT_ON_EVERY_ENGINE.items() for hit in _matches(sql, pattern)]


def row_number_without_order(sql: dict[str, str]) -> list[str]:
    """row_number() has an order by, or two runs number the rows differently."""
    return [
        f"{name}: row_number() over ({window.strip()[:40]}"
        for name, text in sql.items()
        for window in _windows(without_comments(text), "row_number")
        if not re.search(r"\border\s+by\b", window, re.IGNORECASE)
    ]


def unreadable_values_unnoticed(staging: dict[str, str], screening: dict[str, str]) -> list[str]:
    """Columns that a staging model parses while no data rule of its table (both by table name) looks at what it could
    not read."""
    broken = []
    for table, sql in staging.items():
        rules = " ".join(re.findall(r"broken_rules?\(\{(.*?)\}\)", screening[table], re.DOTALL))
        for column in re.findall(r"parse_(?!text)\w+\([^\n]*\) \}\} as (\w+)", sql):
            if not re.search(rf"{column}(_text| is null)\b|'{column}'", rules):
                broken.append(f"{table}: {column}")
    return broken


def undeclared_vars(sql: dict[str, str], declared: set[str]) -> list[str]:
    """Every var that is read stands in dbt_project.yml, with its default."""
    return [f"{name}: {var}" for name, text in sql.items() for var in sorted(_vars(text) - declared)]


def unused_vars(sql: dict[str, str], declared: set[str]) -> list[str]:
    """Every var of dbt_project.yml is read somewhere."""
    return sorted(declared - {var for text in sql.values() for var in _vars(text)})


def macros_without_comment(sql: dict[str, str]) -> list[str]:
    """Directly above a macro or generic test stands what it does; engine variants share the comment of their macro."""
    head = re.compile(r"(#\}\s*)?\{%-?\s*(?:macro|test)\s+(\w+)")
    return [
        f"{name}: {macro}"
        for name, text in sql.items()
        for comment, macro in head.findall(text)
        if not comment and not re.match(r"(default|duckdb|postgres|spark)__", macro)
    ]


def cells_not_covered_once(cells: list[tuple[str, str]]) -> list[str]:
    """Recency score 0-5 by mean score 0-5: every cell has one segment."""
    counts = Counter(cells)
    wanted = [(str(r), str(fm)) for r in range(6) for fm in range(6)]
    return [f"r {r}, fm {fm}: {counts[r, fm]} segments" for r, fm in sorted({*wanted, *counts}) if (counts[r, fm] != 1)]


def _domains(host: str) -> list[str]:
    """Neighbouring labels of a host: of a.b.c the names a.b, a.b.c and b.c."""
    labels = host.split(".")
    return [".".join(labels[first:last]) for last in range(2, len(labels) + 1) for first in range(last - 1)]


def package_hosts(texts: dict[str, str]) -> list[str]:
    """No file says where packages come from: every company has its own mirror."""
    found = {
        (name, host)
        for name, text in texts.items()
        for host in set(HOST.findall(text.lower()))
        if any(md5(part.encode()).hexdigest() in PACKAGE_HOSTS for part in _domains(host))
    }
    return [f"{name}: {host}" for name, host in sorted(found)] + [
        f"{name}: {hit.group(0).strip()}" for name, text in texts.items() for hit in INDEX_ADDRESS.finditer(text)
    ]


def too_large(sizes: dict[str, int]) -> list[str]:
    """No file over 1 MB."""
    return [f"{name}: {size} bytes" for name, size in sizes.items() if size > LARGEST_FILE]


def _matches(sql: dict[str, str], pattern: str) -> list[str]:
    return [
        f"{name}: {hit.group(0).strip()}"
        for name, text in sql.items()
        for hit in re.finditer(pattern, without_comments(text), re.IGNORECASE)
    ]


def _windows(sql: str, function: str) -> list[str]:
    """What stands in the brackets after `function() over (`."""
    windows = []
    for start in re.finditer(rf"\b{function}\s*\(\s*\)\s*over\s*\(", sql, re.IGNORECASE):
        depth, end = 1, start.end()
        while depth and end < len(sql):
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        windows.append(sql[start.end() : end - 1])
    return windows


def _vars(sql: str) -> set[str]:
    return set(re.findall(r"\b(?:checked_)?var\(\s*[\"'](\w+)", without_comments(sql)))
