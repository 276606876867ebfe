"""The house rules hold for every model, seed, source, macro and file; and each rule sees what would break it."""

import csv
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from dbt.cli.main import dbtRunner
from pip._internal.models.index import PyPI

import house_rules as rules
from house_rules import Column, Node

PROJECT = Path(__file__).resolve().parents[2]
VARS = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> list[Node]:
    """Every model, seed and source table, parsed by dbt; no database is opened."""
    target = tmp_path_factory.mktemp("target")
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(target)]
    result = dbtRunner().invoke(["--quiet", "parse", *places, "--log-path", str(target), "--log-level-file", "none"])
    assert result.success, result.exception
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    parsed = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    names = {node["unique_id"]: node["name"] for node in parsed}
    names |= {key: f"{node['source_name']}.{node['name']}" for key, node in manifest["sources"].items()}
    return [_node(node, names) for node in [*parsed, *manifest["sources"].values()]]


def _node(node: dict, names: dict[str, str]) -> Node:
    config = node["config"]
    types = config.get("column_types") or {}
    columns = [
        Column(
            column["name"],
            column["data_type"] or types.get(column["name"], ""),
            column["description"],
            column["meta"].get("pii", ""),
        )
        for column in node["columns"].values()
    ]
    return Node(
        name=names[node["unique_id"]],
        path=node["original_file_path"],
        kind=node["resource_type"],
        sql=node.get("raw_code", ""),
        description=node["description"],
        columns=tuple(columns),
        reads=tuple(names[parent] for parent in node.get("depends_on", {}).get("nodes", [])),
        yaml_path=(node.get("patch_path") or "").split("://")[-1],
        language=node.get("language", "sql"),
        has_contract=config.get("contract", {}).get("enforced", False),
    )


@pytest.fixture(scope="module")
def models(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.kind == "model"]


@pytest.fixture(scope="module")
def marts(nodes: list[Node]) -> list[Node]:
    return rules.in_layer(nodes, "marts")


@pytest.fixture(scope="module")
def seeds(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.kind == "seed"]


def sql_below(*folders: str) -> dict[str, str]:
    """The text of every SQL file below some folders, by path."""
    files = [file for folder in folders for file in sorted((PROJECT / folder).rglob("*.sql"))]
    return {str(file.relative_to(PROJECT)): file.read_text(encoding="utf-8") for file in files}


def seed_rows(name: str) -> list[dict[str, str]]:
    """The rows of a policy seed."""
    with (PROJECT / "seeds" / "policy" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept_files() -> list[Path]:
    """Every file that git keeps, or would with the next `git add`."""
    command = ["git", "-C", str(PROJECT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [file for name in listed.stdout.split("\0") if name and (file := PROJECT / name).is_file()]


def assert_none(broken: list[str]) -> None:
    """Nothing breaks the rule; what does is listed in full."""
    assert not broken, "\n" + "\n".join(broken)


# Layers and names


def test_no_layer_reads_what_is_not_below_it(nodes):
    assert_none(rules.reads_a_layer_it_must_not(nodes))


def test_one_model_reads_each_source_table(nodes):
    assert_none(rules.source_read_twice(nodes))


def test_staging_models_are_named_after_their_table(nodes):
    assert_none(rules.staging_misnamed(nodes))


def test_intermediate_models_are_called_int(nodes):
    assert_none(rules.intermediate_misnamed(nodes))


def test_marts_are_plain_plural_nouns(nodes):
    assert_none(rules.mart_misnamed(nodes))


def test_models_lie_in_layer_and_group(nodes):
    assert_none(rules.misplaced(nodes))


def test_every_model_is_sql(models):
    assert [model.name for model in models if model.language != "sql"] == []
    assert list((PROJECT / "models").rglob("*.py")) == []


# What a model says about itself


def test_every_model_has_its_yaml_beside_it(nodes):
    assert_none(rules.without_yaml_beside(nodes))


def test_every_yaml_has_its_model_beside_it(nodes):
    paths = [str(file.relative_to(PROJECT)) for file in sorted((PROJECT / "models").rglob("*.y*ml"))]
    assert_none(rules.yaml_without_model(paths, nodes))


def test_the_first_line_of_a_model_is_its_grain(nodes):
    assert_none(rules.grain_not_first(nodes))


def test_no_model_is_too_long(nodes):
    assert_none(rules.too_long(nodes))


def test_the_typical_model_is_neither_short_nor_long(nodes):
    assert round(rules.typical_length(nodes)) in rules.TYPICAL_MODEL


def test_every_model_seed_and_source_table_is_described(nodes):
    assert_none(rules.undescribed(nodes))


def test_every_column_that_is_listed_is_described(nodes):
    assert_none(rules.column_undescribed(nodes))


def test_the_contract_of_every_mart_is_enforced(nodes):
    assert_none(rules.mart_without_contract(nodes))


def test_every_column_of_a_mart_is_typed(marts):
    assert_none(rules.column_untyped(marts))


def test_the_name_of_a_mart_column_tells_its_type(marts):
    assert_none(rules.named_against_type(marts))


# Seeds and sources


def test_every_column_of_a_seed_is_typed(seeds):
    assert_none(rules.column_untyped(seeds))


def test_the_yaml_of_a_seed_lists_the_columns_of_its_csv(seeds):
    headers = {seed.name: list(seed_rows(seed.name)[0]) for seed in seeds}
    assert_none(rules.seed_columns_differ(headers, seeds))


def test_seeds_are_small_and_only_policy(seeds):
    row_counts = {seed.name: len(seed_rows(seed.name)) for seed in seeds}
    assert_none(rules.seed_no_policy(row_counts, seeds))


def test_segments_cover_all_36_cells_once_in_every_version():
    rows = seed_rows("policy_rfm_segments")
    for version in {(row["scenario_id"], row["policy_version"]) for row in rows}:
        cells = [
            (row["r_score"], row["fm_score"]) for row in rows if (row["scenario_id"], row["policy_version"]) == version
        ]
        assert_none(rules.cells_not_covered_once(cells))


def test_every_source_column_says_what_it_tells_about_a_person(nodes):
    assert_none(rules.unclassified_source_columns(nodes))


def test_no_mart_carries_direct_personal_data(nodes):
    assert_none(rules.personal_data_in_marts(nodes))


# Promises


def test_no_membership_card_rests_on_what_customers_say(nodes):
    assert_none(rules.cards_by_what_customers_say(nodes))


def test_a_card_that_reads_satisfaction_by_a_detour_is_seen():
    surveys = Node("int_customers_satisfaction", "models/intermediate/satisfaction/int_customers_satisfaction.sql")
    tiers = Node("int_customers_tiered", "models/intermediate/tiers/int_customers_tiered.sql", reads=(surveys.name,))
    cards = Node("customer_cards", "models/marts/cards/customer_cards.sql", reads=(tiers.name,))
    assert rules.cards_by_what_customers_say([surveys, tiers, replace(cards, reads=("review_dates",))]) == []
    assert rules.cards_by_what_customers_say([surveys, tiers, cards]) == [
        "customer_cards reads int_customers_satisfaction"
    ]


# SQL


def test_no_model_or_macro_asks_the_wall_clock():
    assert_none(rules.asks_the_wall_clock(sql_below("models", "macros")))


def test_models_and_macros_say_only_what_every_engine_knows():
    assert_none(rules.says_what_not_every_engine_knows(sql_below("models", "macros")))


def test_every_row_number_is_ordered():
    assert_none(rules.row_number_without_order(sql_below("models", "macros", "tests")))


def test_no_unreadable_value_goes_unnoticed():
    folders = {"models/staging/raw/stg_raw__": {}, "models/intermediate/screening/int_": {}}
    for path, sql in sql_below("models").items():
        for start, found in folders.items():
            if path.startswith(start):
                found[path.removeprefix(start).removesuffix(".sql").removesuffix("_screened")] = sql
    staging, screening = folders.values()
    staging = {table: sql for table, sql in staging.items() if table not in ("landed_files", "rejected_lines")}
    assert_none(rules.unreadable_values_unnoticed(staging, screening))


def test_every_var_that_is_read_is_declared():
    assert_none(rules.undeclared_vars(sql_below("models", "macros", "tests"), set(VARS)))


def test_every_var_that_is_declared_is_read():
    assert_none(rules.unused_vars(sql_below("models", "macros"), set(VARS)))


def test_every_macro_says_what_it_does():
    assert_none(rules.macros_without_comment(sql_below("macros", "tests/generic")))


# Files


def test_the_readme_is_short():
    assert len((PROJECT / "README.md").read_text(encoding="utf-8").splitlines()) < rules.LONGEST_README


def test_no_file_names_a_package_host():
    texts = {str(file.relative_to(PROJECT)): file.read_text(encoding="utf-8", errors="ignore") for file in kept_files()}
    assert_none(rules.package_hosts(texts))


def test_no_file_is_large():
    assert_none(rules.too_large({str(file.relative_to(PROJECT)): file.stat().st_size for file in kept_files()}))


# Each rule sees what breaks it. GOOD breaks none.

TABLE = Node(
    "raw.bills",
    "models/staging/raw/_sources.yml",
    "source",
    description="Bills.",
    columns=(Column("phone", "text", "Phone.", "direct"),),
)
SEED = Node(
    "policy_lobs",
    "seeds/policy/policy_lobs.csv",
    "seed",
    description="Lines.",
    columns=(Column("lob", "varchar", "Line."),),
)
STAGED = Node(
    "stg_raw__bills",
    "models/staging/raw/stg_raw__bills.sql",
    sql="-- One row per bill.\nselect 1",
    description="Bills.",
    reads=("raw.bills",),
    yaml_path="models/staging/raw/stg_raw__bills.yml",
)
STEP = replace(
    STAGED,
    name="int_bills_paid",
    path="models/intermediate/bills/int_bills_paid.sql",
    reads=("stg_raw__bills", "policy_lobs"),
    yaml_path="models/intermediate/bills/int_bills_paid.yml",
)
MART = replace(
    STAGED,
    name="bills",
    path="models/marts/bills/bills.sql",
    reads=("int_bills_paid",),
    yaml_path="models/marts/bills/bills.yml",
    columns=(
        Column("is_paid", "boolean", "Paid?"),
        Column("paid_on", "date", "When."),
        Column("bill_count", "bigint", "Bills."),
    ),
    has_contract=True,
)
GOOD = [TABLE, SEED, STAGED, STEP, MART]
LONG = "-- One row per bill.\n" + "select 1\n" * rules.LONGEST_MODEL

BROKEN_NODES = [
    (rules.reads_a_layer_it_must_not, replace(MART, reads=("stg_raw__bills",))),
    (rules.reads_a_layer_it_must_not, replace(MART, reads=("raw.bills",))),
    (rules.reads_a_layer_it_must_not, replace(STEP, reads=("raw.bills",))),
    (rules.reads_a_layer_it_must_not, replace(STEP, reads=("bills",))),
    (rules.reads_a_layer_it_must_not, replace(STAGED, reads=("int_bills_paid",))),
    (rules.reads_a_layer_it_must_not, replace(STAGED, reads=("policy_lobs",))),
    (rules.source_read_twice, replace(STEP, reads=("raw.bills",))),
    (rules.staging_misnamed, replace(STAGED, name="stg_bills", path="models/staging/raw/stg_bills.sql")),
    (rules.staging_misnamed, replace(STAGED, reads=())),
    (rules.intermediate_misnamed, replace(STEP, name="bills_paid")),
    (rules.mart_misnamed, replace(MART, name="fct_bills")),
    (rules.mart_misnamed, replace(MART, name="bill")),
    (rules.misplaced, replace(MART, path="models/marts/bills.sql")),
    (rules.misplaced, replace(MART, path="models/marts/bills/new/bills.sql")),
    (rules.without_yaml_beside, replace(STEP, yaml_path="models/intermediate/_models.yml")),
    (rules.grain_not_first, replace(STEP, sql="select 1")),
    (rules.too_long, replace(STEP, sql=LONG)),
    (rules.mart_without_contract, replace(MART, has_contract=False)),
    (rules.undescribed, replace(STEP, description=" ")),
    (rules.undescribed, replace(SEED, description="")),
    (rules.column_undescribed, replace(MART, columns=(Column("lob", "varchar"),))),
    (rules.column_untyped, replace(MART, columns=(Column("lob", "", "Line."),))),
    (rules.column_untyped, replace(MART, columns=())),
    (rules.named_against_type, replace(MART, columns=(Column("paid", "boolean"),))),
    (rules.named_against_type, replace(MART, columns=(Column("is_paid", "integer"),))),
    (rules.named_against_type, replace(MART, columns=(Column("paid_on", "timestamp"),))),
    (rules.named_against_type, replace(MART, columns=(Column("bill_count", "decimal(18, 2)"),))),
    (rules.unclassified_source_columns, replace(TABLE, columns=(Column("phone", "text"),))),
    (rules.personal_data_in_marts, replace(MART, columns=(Column("phone", "text"),))),
]


@pytest.mark.parametrize(("rule", "broken"), BROKEN_NODES)
def test_a_rule_about_nodes_sees_what_breaks_it(rule, broken):
    without = {rules.column_untyped: [MART, SEED], rules.named_against_type: [MART]}
    good = without.get(rule, GOOD)
    assert rule(good) == []
    bad = [
        broken if node.path.split("/")[1] == broken.path.split("/")[1] and node.kind == broken.kind else node
        for node in good
    ]
    assert len(rule(bad)) == 1


BROKEN_SQL = [
    (rules.asks_the_wall_clock, "select current_date"),
    (rules.asks_the_wall_clock, "select NOW()"),
    (rules.asks_the_wall_clock, "select today()"),
    (rules.asks_the_wall_clock, "select '{{ run_started_at }}'"),
    (rules.asks_the_wall_clock, "{% set t = modules.datetime.datetime.utcnow() %}"),
    (rules.says_what_not_every_engine_knows, "select ntile(5) over (order by a)"),
    (rules.says_what_not_every_engine_knows, "select any_value(a) from t"),
    (rules.says_what_not_every_engine_knows, "select first(a) from t"),
    (rules.says_what_not_every_engine_knows, "select median(a) from t"),
    (rules.says_what_not_every_engine_knows, "select a from t qualify a = 1"),
    (rules.says_what_not_every_engine_knows, "select a, count(*) from t group by all"),
    (rules.says_what_not_every_engine_knows, "select a, count(*) from t group by 1"),
    (rules.says_what_not_every_engine_knows, "select * exclude (a) from t"),
    (rules.says_what_not_every_engine_knows, "select a from t union all by name select a from u"),
    (rules.says_what_not_every_engine_knows, "select random()"),
    (rules.row_number_without_order, "select row_number() over (partition by f(a)) from t order by a"),
    (rules.macros_without_comment, "{% macro one() %}1{% endmacro %}"),
    (rules.macros_without_comment, "{# One. #}\n{% macro one() %}1{% endmacro %}\n{% macro two() %}2{% endmacro %}"),
]


@pytest.mark.parametrize(("rule", "sql"), BROKEN_SQL)
def test_a_rule_about_sql_sees_what_breaks_it(rule, sql):
    assert len(rule({"a.sql": sql})) == 1


GOOD_SQL = """{# Numbers the rows; qualify and now() have no place here. #}
{% macro numbered() %}
-- Not current_date.
select
    recency_mode,
    first_purchase_date,
    last_paid_date,
    row_number() over (partition by coalesce(a, (1)) order by b) as row_number
from {{ ref('t') }}
{% endmacro %}
{% macro duckdb__numbered() %}select 1{% endmacro %}
"""


@pytest.mark.parametrize("rule", sorted({rule for rule, _ in BROKEN_SQL}, key=lambda rule: rule.__name__))
def test_a_rule_about_sql_lets_good_sql_pass(rule):
    assert rule({"a.sql": GOOD_SQL}) == []


def test_an_unreadable_value_that_goes_unnoticed_is_seen():
    staging = {"bills": "{{ parse_date('a') }} as a,\n{{ parse_money('b') }} as b,\n{{ parse_code('c') }} as c"}
    screening = {"bills": "c_text, {{ broken_rules({'no_a': 'a is null', 'unreadable': any_unreadable(['c'])}) }}"}
    assert rules.unreadable_values_unnoticed(staging, screening) == ["bills: b"]


def test_vars_that_are_undeclared_or_unused_are_seen():
    sql = {"a.sql": "{{ var('one') }} {{ checked_var(\"two\", '^x$') }} {# {{ var('three') }} #}"}
    assert rules.undeclared_vars(sql, {"one"}) == ["a.sql: two"]
    assert rules.unused_vars(sql, {"one", "two", "three"}) == ["three"]


def test_a_stray_yaml_is_seen():
    paths = ["models/marts/bills/bills.yml", "models/marts/bills/old.yml", "models/staging/raw/_sources.yml"]
    assert rules.yaml_without_model(paths, GOOD) == ["models/marts/bills/old.yml"]


def test_the_typical_length_is_measured():
    assert rules.typical_length([MART, replace(MART, sql=LONG), replace(MART, sql=LONG)]) not in rules.TYPICAL_MODEL


def test_a_seed_that_is_large_or_no_policy_is_seen():
    assert rules.seed_no_policy({"policy_lobs": 999}, [SEED]) == []
    assert rules.seed_no_policy({"policy_lobs": 1_000}, [SEED]) != []
    assert rules.seed_no_policy({"policy_lobs": 1}, [replace(SEED, path="seeds/customers.csv")]) != []
    assert rules.seed_columns_differ({"policy_lobs": ["lob"]}, [SEED]) == []
    assert rules.seed_columns_differ({"policy_lobs": ["lob", "weight"]}, [SEED]) == ["policy_lobs"]


def test_a_missing_and_a_double_cell_are_seen():
    cells = [(str(r), str(fm)) for r in range(6) for fm in range(6)]
    assert rules.cells_not_covered_once(cells) == []
    assert rules.cells_not_covered_once([*cells[1:], cells[5]]) == ["r 0, fm 0: 0 segments", "r 0, fm 5: 2 segments"]


def test_a_package_host_and_a_large_file_are_seen():
    texts = {
        "a": f"see https://{PyPI.netloc}/project",
        "another": f"from {PyPI.file_storage_domain.upper()}.cn",
        "b": "pip install -i https://mirror.example/" + "simple x",
        "c": "--" + "index-url x",
        "d": "https://example.com/simpler",
    }
    assert len(rules.package_hosts(texts)) == 4
    assert rules.too_large({"a": 1_000_001, "b": 1_000_000}) == ["a: 1000001 bytes"]
