"""Try a policy: the same delivered files graded under the live policy and under a candidate, and who would move.

``python -m scripts.simulate --scenario NAME --raw DIR --home DIR --as-of YYYY-MM-DD``

Writes <home>/simulations/<scenario>/: simulation.duckdb, and its tables as Parquet and CSV. Nothing is published.
Exit codes: as scripts.refresh.
"""

import argparse
import csv
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from scripts.contract import PROJECT_DIR, ConfigurationError
from scripts.publish import sql_text
from scripts.refresh import Settings, build, exit_code, land_files, owner_only, read_date, say, timed

SEEDS = PROJECT_DIR / "seeds" / "policy"
LIVE = "live"
RANKS = {"excluded": 0, "unqualified": 1, "potential": 2, "low": 3, "medium": 4, "high": 5}
# What tiers, moves and money are made of, and the checks of the policy; those of the data are the refresh's.
SELECTION = ["--select", "path:seeds", "path:tests/policy", "+int_customers_monitored"]
SELECTION += ["--exclude", "path:models,resource_type:test", "path:tests/intermediate", "path:tests/marts"]

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Scenario:
    """A candidate of policy_scenarios."""

    name: str
    description: str


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    settings = Settings(options.raw.resolve(), options.home.resolve(), options.as_of)
    return exit_code("simulate", settings.home, lambda: simulate(find_scenario(options.scenario), settings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.simulate", description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", required=True, metavar="NAME", help="the candidate: a row of policy_scenarios")
    parser.add_argument("--raw", type=Path, default=Path("data/raw"), help="delivered files (default: data/raw)")
    parser.add_argument("--home", type=Path, default=Path("warehouse"), help="what is built (default: warehouse)")
    parser.add_argument(
        "--as-of", type=read_date, metavar="YYYY-MM-DD", help="review date (default: the last date with data)"
    )
    return parser


def find_scenario(name: str, seeds: Path = SEEDS) -> Scenario:
    """The candidate of this name; raises ConfigurationError unless some seed has its rows."""
    listed = {row["scenario_id"]: row["description"] for row in _rows(seeds / "policy_scenarios.csv")}
    candidates = [scenario for scenario in listed if scenario != LIVE]
    known = f"known scenarios: {', '.join(candidates) or 'none'} (seeds/policy/policy_scenarios.csv)"
    if name == LIVE:
        raise ConfigurationError(f"'{LIVE}' is what candidates are compared with; {known}")
    if name not in listed:
        raise ConfigurationError(f"no policy seed has rows of scenario '{name}'; {known}")
    others = (file for file in sorted(seeds.glob("policy_*.csv")) if file.name != "policy_scenarios.csv")
    if not any(row.get("scenario_id") == name for file in others for row in _rows(file)):
        raise ConfigurationError(
            f"no policy seed has rows of scenario '{name}': copy the live rows of a table it changes, "
            f"name them '{name}' and change them"
        )
    return Scenario(name, listed[name])


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def simulate(scenario: Scenario, settings: Settings) -> None:
    """Land, grade under both policies, compare; raises what exit_code() turns into exit codes."""
    directory = settings.home / "simulations" / scenario.name
    with owner_only():
        timed("land", lambda: land_files(settings))
        # The candidate first: where its policy contradicts itself, nothing else needs to be built.
        files = {name: _grade(name, directory / "work" / name, settings) for name in (scenario.name, LIVE)}
        compare(files[LIVE], files[scenario.name], scenario.name, directory)
        shutil.rmtree(directory / "work")
    say(*summary(scenario, directory))


def _grade(name: str, home: Path, settings: Settings) -> Path:
    """Grade what has landed under a policy, in a work file of its own."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / "landing").symlink_to(settings.home / "landing")
    variables = {"scenario_id": name} | ({"as_of_date": settings.as_of.isoformat()} if settings.as_of else {})
    timed("build", lambda: f"{name}: {build(home, variables, SELECTION)}")
    return home / "work" / "tiers.duckdb"


def compare(live: Path, candidate: Path, name: str, directory: Path) -> None:
    """Write into `directory` how the work file of the candidate `name` differs from that of the live policy."""
    fresh = directory / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with duckdb.connect(str(fresh / "simulation.duckdb")) as connection:
        for alias, file in (("live", live), ("candidate", candidate)):
            connection.execute(f"attach {sql_text(str(file))} as {alias} (read_only)")
        connection.execute(f"set variable live_scenario = '{LIVE}'; set variable candidate_scenario = '{name}'")
        connection.execute("create temp table ranks (tier varchar, rank integer)")
        connection.executemany("insert into ranks values (?, ?)", list(RANKS.items()))
        for table, query in TABLES.items():
            connection.execute(f"create table {table} as {query}")
            connection.execute(f"copy {table} to {sql_text(f'{fresh / table}.parquet')} (format parquet)")
            connection.execute(f"copy {table} to {sql_text(f'{fresh / table}.csv')} (header)")
    for file in fresh.iterdir():
        os.replace(file, directory / file.name)
    fresh.rmdir()


def _graded(alias: str) -> str:
    """The customers of one work file at each shown date, with what they are worth."""
    return f"""
        select tiers.*, monitored.tier_state, monitored.spend_12m, monitored.contribution_12m, dates.is_current
        from {alias}.intermediate.int_customers_tiered as tiers
        join {alias}.intermediate.int_customers_monitored as monitored using (as_of_date, customer_key)
        join {alias}.intermediate.int_monitoring_dates as dates using (as_of_date)
    """


def _covered(alias: str) -> str:
    """What each tier of one work file covers at the as-of date, and what treating it costs."""
    return f"""
        select graded.tier_state as tier, count(*) as customer_count, sum(spend_12m) as spend_12m,
            sum(contribution_12m) as contribution_12m, count(*) * coalesce(max(costs.yearly_cost), 0) as yearly_cost
        from ({_graded(alias)}) as graded
        left join {alias}.policy.policy_tier_costs as costs
            on graded.tier_state = costs.value_tier and costs.scenario_id = getvariable('{alias}_scenario')
            and costs.effective_from <= graded.as_of_date
            and (costs.effective_to is null or graded.as_of_date < costs.effective_to)
        where graded.is_current
        group by graded.tier_state
    """


TABLES = {
    # One row per customer: the tier, and why, under both policies at the as-of date.
    "tier_simulation": f"""
        select live.as_of_date, live.customer_id, live.customer_type,
            live.tier_state as live_tier, candidate.tier_state as simulated_tier,
            case when after.rank > before.rank then 'up' when after.rank < before.rank then 'down' else 'same' end
                as direction,
            live.rule_path as live_rule_path, candidate.rule_path as simulated_rule_path,
            live.reason as live_reason, candidate.reason as simulated_reason,
            live.composite_score as live_score, candidate.composite_score as simulated_score,
            live.spend_12m, live.contribution_12m
        from ({_graded("live")}) as live
        join ({_graded("candidate")}) as candidate using (as_of_date, customer_id)
        join ranks as before on before.tier = live.tier_state
        join ranks as after on after.tier = candidate.tier_state
        where live.is_current
        order by live.customer_id
    """,
    # One row per tier now and tier under the candidate: who goes there, and what they bring.
    "tier_simulation_moves": """
        select live_tier, simulated_tier, direction, count(*) as customer_count, sum(spend_12m) as spend_12m,
            sum(contribution_12m) as contribution_12m
        from tier_simulation
        group by live_tier, simulated_tier, direction
        order by live_tier, simulated_tier
    """,
    # One row per tier: what it covers and costs now, under the candidate, and the change.
    "tier_simulation_summary": f"""
        select tier,
            coalesce(live.customer_count, 0) as live_customer_count,
            coalesce(candidate.customer_count, 0) as simulated_customer_count,
            simulated_customer_count - live_customer_count as customer_change,
            coalesce(live.spend_12m, 0) as live_spend_12m,
            coalesce(candidate.spend_12m, 0) as simulated_spend_12m,
            coalesce(live.contribution_12m, 0) as live_contribution_12m,
            coalesce(candidate.contribution_12m, 0) as simulated_contribution_12m,
            coalesce(live.yearly_cost, 0) as live_yearly_cost,
            coalesce(candidate.yearly_cost, 0) as simulated_yearly_cost,
            simulated_yearly_cost - live_yearly_cost as cost_change
        from ranks
        left join ({_covered("live")}) as live using (tier)
        left join ({_covered("candidate")}) as candidate using (tier)
        order by rank desc
    """,
    # One row per date shown under both policies: how many would have had another tier.
    "tier_simulation_dates": f"""
        select live.as_of_date, count(*) as customer_count,
            count(*) filter (after.rank > before.rank) as up_count,
            count(*) filter (after.rank < before.rank) as down_count
        from ({_graded("live")}) as live
        join ({_graded("candidate")}) as candidate using (as_of_date, customer_id)
        join ranks as before on before.tier = live.tier_state
        join ranks as after on after.tier = candidate.tier_state
        group by live.as_of_date
        order by live.as_of_date
    """,
}


def summary(scenario: Scenario, directory: Path) -> list[str]:
    """What the candidate would change, for people."""
    with duckdb.connect(str(directory / "simulation.duckdb"), read_only=True) as connection:
        return [
            "",
            *_head_lines(connection, scenario),
            "",
            *_tier_lines(connection),
            "",
            *_move_lines(connection),
            *_date_lines(connection),
            "",
            f"every customer: {directory / 'simulation.duckdb'} (tier_simulation, tier_simulation_moves, "
            "tier_simulation_summary, tier_simulation_dates; also as .parquet and .csv beside it)",
        ]


def _head_lines(connection: Connection, scenario: Scenario) -> list[str]:
    as_of_date, total = connection.execute("select max(as_of_date), count(*) from tier_simulation").fetchone()
    up, down = connection.execute(
        "select count(*) filter (direction = 'up'), count(*) filter (direction = 'down') from tier_simulation"
    ).fetchone()
    same = total - up - down
    return [
        f"{scenario.name}: {scenario.description}",
        f"as of {as_of_date}, of {total:,} customers {up:,} would be higher, {down:,} lower, {same:,} where they are",
    ]


def _tier_lines(connection: Connection) -> list[str]:
    header = f"{'tier':<12}{'customers':>10}{'then':>10}{'change':>9}{'spend 12m':>18}{'then':>18}"
    header += f"{'cost a year':>14}{'then':>14}{'change':>13}"
    rows = connection.execute(
        "select tier, live_customer_count, simulated_customer_count, customer_change, live_spend_12m, "
        "simulated_spend_12m, live_yearly_cost, simulated_yearly_cost, cost_change from tier_simulation_summary"
    ).fetchall()
    sums = connection.execute(
        "select 'all', sum(live_customer_count), sum(simulated_customer_count), sum(customer_change), "
        "sum(live_spend_12m), sum(simulated_spend_12m), sum(live_yearly_cost), sum(simulated_yearly_cost), "
        "sum(cost_change) from tier_simulation_summary"
    ).fetchone()
    return [header, *(_tier_line(*row) for row in (*rows, sums))]


def _tier_line(tier: str, now: int, then: int, change: int, *money: float) -> str:
    spend, spend_then, cost, cost_then, cost_change = money
    line = f"{tier:<12}{now:>10,}{then:>10,}{_signed(change):>9}{spend:>18,.0f}{spend_then:>18,.0f}"
    return line + f"{cost:>14,.0f}{cost_then:>14,.0f}{_signed(cost_change):>13}"


def _signed(change: float) -> str:
    return f"{change:+,.0f}" if change else "0"


def _move_lines(connection: Connection) -> list[str]:
    rows = connection.execute(
        "select live_tier, simulated_tier, customer_count, spend_12m from tier_simulation_moves "
        "where direction <> 'same' order by customer_count desc, live_tier, simulated_tier"
    ).fetchall()
    if not rows:
        return ["nobody moves"]
    return [f"{before} -> {after}: {count:,} customers, spend 12m {spend:,.0f}" for before, after, count, spend in rows]


def _date_lines(connection: Connection) -> list[str]:
    rows = connection.execute("from tier_simulation_dates").fetchall()
    lines = [f"  {day}: {up:,} higher, {down:,} lower of {total:,}" for day, total, up, down in rows]
    return ["at each date:", *lines]


if __name__ == "__main__":
    sys.exit(main())
