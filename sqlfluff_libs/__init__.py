"""Stand-ins for the project's vars and macros: sqlfluff lints what a model says, not what its macros expand to.

Expanded, the macros would be most of the SQL and make linting slow, and sqlfluff does not report what comes out of a
macro anyway. A macro stands for a short text, `'its_name'`, unless STAND_INS says otherwise: a macro that renders
something else than an expression needs a line there.
"""

import re
from pathlib import Path

import yaml

VARS = yaml.safe_load(Path("dbt_project.yml").read_text(encoding="utf-8"))["vars"]


def _cte(name, *relations):
    """A common table expression that reads the relations."""
    return f"{name} as (\n\n    select 1 as one\n\n    from {' cross join '.join(map(str, relations))}\n\n)"


STAND_INS = {
    "activity_window_days": 1,
    "as_of_date": None,
    "card_metrics": lambda: ["qualifying_points"],
    "card_states": lambda steps, refunds, keeps: f"select 1 as one from {steps}, {refunds}, {keeps}",
    "card_tiers": lambda: ["regular", "silver"],
    "codes": lambda field: {"code": []},
    "default_lob": "venue",
    "expectation_nodes": "select 1 as one",
    "expectation_shares": lambda rows, nodes, keys: f"select 1 as one from {rows} cross join {nodes}",
    "five_squarings": lambda matrix: _cte("squared_5", matrix),
    "in_force": lambda policy, on_date: f"{policy}.effective_from <= {on_date}",
    "moved_on": lambda mix, matrix: f"select 1 as one from {mix} cross join {matrix}",
    "newton_passes": lambda sums, cells, keys, passes, begin, end: _cte(end, begin, cells),
    "newton_result": lambda sums, cells, keys, end: _cte("fitted", end, cells),
    "newton_start": "1 as step1",
    "newton_warm_start": lambda start, coarse, keys: f"select 1 as one from {start} cross join {coarse}",
    "overrides_checked": lambda dates, condition=None: f"{_cte('known', dates)}\n\nselect one\n\nfrom known",
    "parse_texts": "'parse_texts' as parse_texts",
    "policy_change_days": lambda seeds: "select 1 as change_day",
    "policy_codes": lambda: {"policy_lobs": {"lob": ["lease"]}},
    "policy_row": lambda seed, row, keys: "'policy_row'",
    "read_tables": "('read_tables')",
    "recognised_lengths": lambda days, windows, where=None: f"select 1 as one from {days} cross join {windows}",
    "repeated_rows": "select 1",
    "scale_bounds": lambda: {"scale": [0, 1]},
    "scenario": "live",
    "tier_components": lambda: ["rfm", "variety"],
    "tier_kpis": lambda: ["tier_share"],
    "tier_measures": lambda: ["composite_score"],
    "tier_rule_measures": lambda: {"LOW": ["measure"]},
    "tier_states": lambda: ["high", "low"],
    "type_double": "double",
    "type_text": "text",
    "union_of_components": lambda without=(): "select 1 as one",
    "with_passes": "with",
}


def var(name, default=None):
    """The value a var has in dbt_project.yml."""
    return VARS.get(name, default)


def checked_var(name, pattern):
    """The same; sqlfluff has no use for the check."""
    return VARS[name]


def _stand_in(macro):
    stand_in = STAND_INS.get(macro, f"'{macro}'")
    return stand_in if callable(stand_in) else lambda *arguments, **named: stand_in


for _file in sorted(Path("macros").rglob("*.sql")):
    for _macro in re.findall(r"{%-? *macro +(\w+)", _file.read_text(encoding="utf-8")):
        globals().setdefault(_macro, _stand_in(_macro))
