"""What compiled SQL may say on an engine. Each check returns what the engine would refuse or read otherwise.

The lists are kept by hand. A function belongs to EVERYWHERE when PostgreSQL 15, Spark 4.1 and DuckDB 2.0 have it and
mean the same by it; what only one of them knows belongs into a dispatched macro (macros/engine), and to that engine.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema
from sqlglot.tokens import Token, TokenType


def _words(text: str) -> set[str]:
    return set(text.split())


EVERYWHERE = _words(
    """
    abs avg bool_and bool_or ceil chr coalesce corr count cume_dist date_trunc dense_rank exp extract floor greatest lag
    lead least length ln lower max md5 min nullif percent_rank percentile_cont power rank replace round row_number
    sign split_part sqrt stddev_samp substring sum translate trim upper
    """
)
FUNCTIONS = {
    "postgres": EVERYWHERE
    | _words("btrim div normalize regexp_replace timezone try_date try_timestamp try_timestamptz"),
    "spark": EVERYWHERE
    | _words("add_months date_add datediff div from_utc_timestamp regexp_replace")
    | _words("to_utc_timestamp try_cast unix_seconds"),
}
_TYPES = _words("bigint boolean date decimal integer timestamp")
TYPES = {
    "postgres": _TYPES | {"double precision"} | _words("numeric text timestamptz"),
    "spark": _TYPES | _words("double int string timestamp_ntz"),
}
# Words that a bracket may follow without being a call.
WORDS = _words(
    """
    all and any as between by case cast char cross decimal distinct else except exists filter from group having in
    intersect interval is join lateral like not numeric on or order over partition select some then union using values
    varchar when where with within ilike rlike
    """
)


@dataclass
class Tables:
    """The columns of the tables that queries may read. Grows as models are read in the order they are built."""

    engine: str
    schema: MappingSchema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = MappingSchema(dialect=self.engine)

    def add(self, schema: str, name: str, columns: dict[str, str]) -> None:
        """A table and the types of its columns, as the engine spells them."""
        self.schema.add_table(exp.table_(name, db=schema), columns, dialect=self.engine)


def parse(sql: str, engine: str) -> exp.Expression:
    """The syntax tree. Raises SqlglotError where the engine's grammar, as far as sqlglot knows it, is broken."""
    return sqlglot.parse_one(sql, dialect=engine, error_level=ErrorLevel.RAISE)


def syntax_errors(sql: str, engine: str) -> list[str]:
    """What the engine's grammar does not allow."""
    try:
        parse(sql, engine)
    except SqlglotError as problem:
        return [str(problem).splitlines()[0]]
    return []


def foreign_functions(sql: str, engine: str) -> list[str]:
    """Functions called, as written, that are not on the engine's list."""
    tokens = sqlglot.tokenize(sql, read=engine)
    calls = {
        token.text.lower()
        for token, following in pairwise(tokens)
        if following.token_type is TokenType.L_PAREN
        and token.token_type is not TokenType.STRING
        and token.text.isidentifier()
    }
    return sorted(calls - FUNCTIONS[engine] - WORDS)


def foreign_types(sql: str, engine: str) -> list[str]:
    """Types cast to, as written, that the engine does not have or reads otherwise; `::` counts as one."""
    tokens = sqlglot.tokenize(sql, read=engine)
    casts = [
        _type_of_cast(tokens[place:])
        for place, token in enumerate(tokens)
        if token.text.lower() in ("cast", "try_cast")
    ]
    shorthands = {token.text for token in tokens if token.token_type is TokenType.DCOLON}
    return sorted({*casts, *shorthands} - TYPES[engine])


def _type_of_cast(tokens: list[Token]) -> str:
    """The type in `cast(... as type)`, without its size; the tokens begin at `cast`."""
    depth, words, is_type = 0, [], False
    for token in tokens[1:]:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if depth == 0 or (is_type and depth == 2):
            break
        if is_type:
            words.append(token.text.lower())
        is_type = is_type or (depth == 1 and token.token_type is TokenType.ALIAS)
    return " ".join(words)


def foreign_column_types(columns: dict[str, str], engine: str) -> list[str]:
    """Columns of a type that the engine does not have. A varchar needs a length on Spark."""
    varchar = {"postgres": r"varchar(\([0-9]+\))?", "spark": r"varchar\([0-9]+\)"}[engine]
    return [
        f"{name} {data_type}"
        for name, data_type in columns.items()
        if data_type.split("(")[0] not in TYPES[engine] and not re.fullmatch(varchar, data_type)
    ]


def double_quoted_texts(sql: str, engine: str) -> list[str]:
    """What stands in double quotes and is read as text: Spark means by it what the others write in single quotes."""
    tokens = sqlglot.tokenize(sql, read=engine)
    texts = (token for token in tokens if token.token_type is TokenType.STRING)
    return sorted({token.text for token in texts if sql[token.start] == '"'})


def foreign_clauses(tree: exp.Expression, engine: str) -> list[str]:
    """Clauses that not every engine has."""
    found = {
        "qualify": tree.find(exp.Qualify),
        "group by all": any(group.args.get("all") for group in tree.find_all(exp.Group)),
        "select * with exceptions": any(
            star.args.get("except_") or star.args.get("replace") for star in tree.find_all(exp.Star)
        ),
        "distinct on": any(distinct.args.get("on") for distinct in tree.find_all(exp.Distinct)),
        "union by name": any(union.args.get("by_name") for union in tree.find_all(exp.SetOperation)),
        "array or series": tree.find(exp.Unnest, exp.Explode, exp.Lateral, exp.Array, exp.GenerateSeries, exp.Bracket),
        "values without names": any(not values.alias_column_names for values in tree.find_all(exp.Values)),
        "ignore nulls": tree.find(exp.IgnoreNulls),
        "materialized": engine == "spark" and any(cte.args.get("materialized") for cte in tree.find_all(exp.CTE)),
    }
    return [clause for clause, hit in found.items() if hit]


def resolve(tree: exp.Expression, tables: Tables) -> exp.Expression:
    """A copy of the tree with every column resolved and typed.

    Raises SqlglotError for a column that no table, or more than one, offers. Such is also the alias of a neighbour in
    the same select list, which PostgreSQL does not know.
    """
    tree = tree.copy()
    for table in tree.find_all(exp.Table):
        table.set("catalog", None)
    resolved = qualify(tree, schema=tables.schema, dialect=tables.engine, expand_alias_refs=False, identify=False)
    return annotate_types(resolved, schema=tables.schema, dialect=tables.engine)


def columns_of(resolved: exp.Expression, engine: str) -> dict[str, str]:
    """The columns of a resolved query and their types, `unknown` where sqlglot cannot tell."""
    return {
        column.alias_or_name: column.type.sql(dialect=engine) if column.type else "unknown"
        for column in resolved.selects
    }


def traps(resolved: exp.Expression, engine: str) -> list[str]:
    """Arithmetic of a resolved query that gives another result, another type or an error on the engine."""
    whole, inexact = exp.DataType.INTEGER_TYPES, exp.DataType.FLOAT_TYPES
    day, boolean = {exp.DataType.Type.DATE}, {exp.DataType.Type.BOOLEAN}
    found = [("sum of a boolean", node) for node in resolved.find_all(exp.Sum) if _is(node.this, boolean)]
    if engine == "postgres":
        divisions, rounds = resolved.find_all(exp.Div), resolved.find_all(exp.Round)
        found += [("integer division", div) for div in divisions if _is(div.left, whole) and _is(div.right, whole)]
        found += [
            ("round of a double", node) for node in rounds if node.args.get("decimals") and _is(node.this, inexact)
        ]
    if engine == "spark":
        differences = resolved.find_all(exp.Sub)
        found += [("date - date", sub) for sub in differences if _is(sub.left, day) and _is(sub.right, day)]
    return [f"{trap}: {node.sql(dialect=engine)[:60]}" for trap, node in found]


def _is(node: exp.Expression, types: set[exp.DataType.Type]) -> bool:
    data_type = node.unnest().type
    return data_type is not None and data_type.this in types
