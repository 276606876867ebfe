"""Every model and data test, compiled for each engine without a server: does the engine know what it is told?"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlglot.errors import SqlglotError

from tests.portability import dialects
from tests.portability.dialects import Tables

PROJECT = Path(__file__).resolve().parents[2]
COMPILE = PROJECT / "tests" / "portability" / "compile_project.py"
OTHERS = ["postgres", "spark"]
ENGINES = ["duckdb", *OTHERS]


@dataclass(frozen=True)
class Compiled:
    """The project as one engine would get it: SQL by name, parents before children, and the tables it starts from."""

    engine: str
    sql: dict[str, str]
    places: dict[str, tuple[str, str]]
    given: dict[tuple[str, str], dict[str, str]]
    seeds: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """The manifest of every engine; all are compiled at once."""
    targets = {engine: tmp_path_factory.mktemp(engine) for engine in ENGINES}
    runs = {
        engine: subprocess.Popen(
            [sys.executable, str(COMPILE), engine, str(target)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for engine, target in targets.items()
    }
    output = {engine: run.communicate()[0] for engine, run in runs.items()}
    for engine, run in runs.items():
        assert run.returncode == 0, f"dbt compile for {engine}:\n{output[engine]}"
    return {engine: json.loads((target / "manifest.json").read_text()) for engine, target in targets.items()}


@pytest.fixture(scope="module", params=ENGINES)
def compiled(request: pytest.FixtureRequest, manifests: dict[str, dict]) -> Compiled:
    return read_manifest(request.param, manifests[request.param])


@pytest.fixture(scope="module", params=OTHERS)
def other(request: pytest.FixtureRequest, manifests: dict[str, dict]) -> Compiled:
    return read_manifest(request.param, manifests[request.param])


def read_manifest(engine: str, manifest: dict) -> Compiled:
    """The compiled models and data tests of a manifest."""
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] in ("model", "test")}
    ordered: dict[str, dict] = {}
    while len(ordered) < len(nodes):
        for key, node in nodes.items():
            if all(parent in ordered for parent in node["depends_on"]["nodes"] if parent in nodes):
                ordered[key] = node
    text = {"postgres": "text", "spark": "string", "duckdb": "varchar"}[engine]
    seeds = [node for node in manifest["nodes"].values() if node["resource_type"] == "seed"]
    given = {(seed["schema"], seed["name"]): seed["config"]["column_types"] for seed in seeds}
    for source in manifest["sources"].values():
        types = {name: column["data_type"] or text for name, column in source["columns"].items()}
        given[source["schema"], source["name"]] = types
    return Compiled(
        engine=engine,
        sql={node["name"]: node["compiled_code"] for node in ordered.values()},
        places={node["name"]: (node["schema"], node["alias"]) for node in ordered.values()},
        given=given,
        seeds={seed["name"]: seed["config"]["column_types"] for seed in seeds},
    )


def assert_none(found: dict[str, list[str]]) -> None:
    """Nothing was found in any model; what was is listed in full, a line per model."""
    broken = [f"{name}: {'; '.join(what)}" for name, what in found.items() if what]
    assert not broken, "\n" + "\n".join(broken)


def test_every_engine_compiles_the_same_models(manifests):
    names = {engine: set(manifest["nodes"]) for engine, manifest in manifests.items()}
    assert names["duckdb"]
    assert names["postgres"] == names["spark"] == names["duckdb"]


def test_the_engine_can_parse_every_model(compiled):
    found = {name: dialects.syntax_errors(sql, compiled.engine) for name, sql in compiled.sql.items()}
    assert_none(found)


def test_the_engine_has_every_function(other):
    found = {name: dialects.foreign_functions(sql, other.engine) for name, sql in other.sql.items()}
    assert_none(found)


def test_the_engine_has_every_type(other):
    found = {name: dialects.foreign_types(sql, other.engine) for name, sql in other.sql.items()}
    assert_none(found)


def test_the_engine_has_the_types_of_seeds(other):
    found = {name: dialects.foreign_column_types(columns, other.engine) for name, columns in other.seeds.items()}
    assert_none(found)


def test_nothing_in_double_quotes_is_read_as_text(other):
    found = {name: dialects.double_quoted_texts(sql, other.engine) for name, sql in other.sql.items()}
    assert_none(found)


def test_every_engine_has_the_clauses(other):
    found = {
        name: dialects.foreign_clauses(dialects.parse(sql, other.engine), other.engine)
        for name, sql in other.sql.items()
    }
    assert_none(found)


def test_columns_resolve_and_arithmetic_means_the_same(other):
    tables = Tables(other.engine)
    for (schema, name), columns in other.given.items():
        tables.add(schema, name, columns)
    found = {}
    for name, sql in other.sql.items():
        tree = dialects.parse(sql, other.engine)
        try:
            resolved = dialects.resolve(tree, tables)
        except SqlglotError as problem:
            found[name] = [str(problem).splitlines()[0]]
        else:
            found[name] = dialects.traps(resolved, other.engine)
            tables.add(*other.places[name], dialects.columns_of(resolved, other.engine))
    assert_none(found)


# Each check sees what would break it.

GOOD = """
with counted as (
    select customer_id, sum(cast(amount as decimal(18, 2))) as total, count(*) filter (where amount > 0) as sales
    from main.sales where note in ('a', 'qualify(') group by customer_id
)
select counted.customer_id, counted.total, coalesce(counted.sales, 0) as sale_count, date '2024-01-01' as day
from counted
"""


def sales(engine: str) -> Tables:
    """A table `main.sales` on an engine."""
    tables = Tables(engine)
    types = {"postgres": ("text", "double precision"), "spark": ("string", "double")}[engine]
    columns = {"customer_id": "bigint", "amount": "decimal(18, 2)", "note": types[0], "rate": types[1]}
    tables.add("main", "sales", columns | {"sold_on": "date", "is_paid": "boolean", "units": "int"})
    return tables


@pytest.mark.parametrize("engine", OTHERS)
def test_good_sql_passes_every_check(engine):
    tree = dialects.parse(GOOD, engine)
    assert dialects.foreign_functions(GOOD, engine) == []
    assert dialects.foreign_types(GOOD, engine) == []
    assert dialects.foreign_clauses(tree, engine) == []
    resolved = dialects.resolve(tree, sales(engine))
    assert dialects.traps(resolved, engine) == []
    assert list(dialects.columns_of(resolved, engine)) == ["customer_id", "total", "sale_count", "day"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_syntax_error_is_seen(engine):
    assert dialects.syntax_errors("select a from t where a", engine) == []
    assert len(dialects.syntax_errors("select a from t where", engine)) == 1
    assert len(dialects.syntax_errors("select case when a then 1 from t", engine)) == 1


@pytest.mark.parametrize(
    ("engine", "sql", "function"),
    [
        ("postgres", "select list_aggregate(a, 'sum') from t", "list_aggregate"),
        ("postgres", "select ifnull(a, 0) from t", "ifnull"),
        ("postgres", "select strlen(a) from t", "strlen"),
        ("postgres", "select date_diff('day', a, b) from t", "date_diff"),
        ("postgres", "select pg_input_is_valid(a, 'date') from t", "pg_input_is_valid"),
        ("postgres", "select try_cast(a as date) from t", "try_cast"),
        ("spark", "select to_months(3)", "to_months"),
        ("spark", "select timezone('UTC', a) from t", "timezone"),
        ("spark", "select arg_max (a, b) from t", "arg_max"),
    ],
)
def test_a_function_the_engine_lacks_is_seen(engine, sql, function):
    assert dialects.foreign_functions(sql, engine) == [function]


@pytest.mark.parametrize(
    ("engine", "sql", "data_type"),
    [
        ("postgres", "select cast(a as double) from t", "double"),
        ("postgres", "select cast(coalesce(a, (b)) as varchar) from t", "varchar"),
        ("postgres", "select cast(cast(a as date) as hugeint) from t", "hugeint"),
        ("postgres", "select a::date from t", "::"),
        ("spark", "select cast(a as double precision) from t", "double precision"),
        ("spark", "select cast(a as text) from t", "text"),
        ("spark", "select try_cast(a as float) from t", "float"),
    ],
)
def test_a_type_the_engine_lacks_is_seen(engine, sql, data_type):
    assert dialects.foreign_types(sql, engine) == [data_type]


def test_a_column_type_the_engine_lacks_is_seen():
    columns = {"lob": "varchar(200)", "weight": "decimal(9, 4)", "since": "date", "note": "varchar", "total": "hugeint"}
    assert dialects.foreign_column_types(columns, "postgres") == ["total hugeint"]
    assert dialects.foreign_column_types(columns, "spark") == ["note varchar", "total hugeint"]


def test_text_in_double_quotes_is_seen():
    sql = """select "value", `value`, 'a "b"' as c from t"""
    assert dialects.double_quoted_texts(sql, "spark") == ["value"]
    assert dialects.double_quoted_texts("""select "value", 'a "b"' as c from t""", "postgres") == []


@pytest.mark.parametrize(
    ("sql", "clause"),
    [
        ("select a from t qualify row_number() over (order by a) = 1", "qualify"),
        ("select a, count(*) from t group by all", "group by all"),
        ("select * exclude (a) from t", "select * with exceptions"),
        ("select distinct on (a) a, b from t order by a", "distinct on"),
        ("select a from t union all by name select a from u", "union by name"),
        ("select unnest(a) from t", "array or series"),
        ("select [1, 2]", "array or series"),
        ("select * from (values (1, 2))", "values without names"),
        ("select last_value(a ignore nulls) over (order by b) from t", "ignore nulls"),
        ("with x as materialized (select 1 as a) select a from x", "materialized"),
    ],
)
def test_a_clause_some_engine_lacks_is_seen(sql, clause):
    assert dialects.foreign_clauses(dialects.parse(sql, "duckdb"), "spark") == [clause]


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize(
    "sql",
    [
        "select discount from main.sales",
        "select amount * 2 as doubled, doubled + 1 as more from main.sales",
        "select a.note from main.sales as a inner join main.sales as b on a.note = b.note where customer_id = 1",
        "select amount * 2 as doubled from main.sales where doubled > 1",
    ],
)
def test_a_column_that_does_not_resolve_is_seen(engine, sql):
    with pytest.raises(SqlglotError):
        dialects.resolve(dialects.parse(sql, engine), sales(engine))


@pytest.mark.parametrize(
    ("engine", "sql", "trap"),
    [
        ("postgres", "select (units) / 2 as half from main.sales", "integer division"),
        ("postgres", "select round(rate, 2) as r from main.sales", "round of a double"),
        ("spark", "select sold_on - date '2024-01-01' as d from main.sales", "date - date"),
        ("spark", "select sum(is_paid) as n from main.sales", "sum of a boolean"),
        ("postgres", "select sum(amount > 0) as n from main.sales", "sum of a boolean"),
    ],
)
def test_a_trap_is_seen(engine, sql, trap):
    resolved = dialects.resolve(dialects.parse(sql, engine), sales(engine))
    assert [found.split(":")[0] for found in dialects.traps(resolved, engine)] == [trap]
