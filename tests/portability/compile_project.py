"""Compile every model and data test for one engine, without a server, into <target>/manifest.json.

``python compile_project.py <engine> <target>``, from the project's root. A process of its own: dbt keeps one adapter
per process. Exit code 0 when everything compiled.
"""

import sys
from pathlib import Path
from types import ModuleType

from dbt.cli.main import dbtRunner


def compile_project(engine: str, target: str) -> bool:
    """Compile for `engine`, a target of profiles.yml beside this file; True when every node compiled."""
    if engine == "spark":
        # dbt-spark wants to know that pyspark is there; compiling never calls it.
        sys.modules["pyspark"] = ModuleType("pyspark")
    nodes = ["--select", "resource_type:model", "resource_type:test"]
    offline = ["--no-populate-cache", "--no-introspect", "--no-partial-parse"]
    places = ["--profiles-dir", str(Path(__file__).parent), "--target", engine, "--target-path", target]
    logs = ["--log-path", target, "--log-level-file", "none"]
    return dbtRunner().invoke(["--quiet", "compile", *nodes, *offline, *places, *logs]).success


if __name__ == "__main__":
    sys.exit(0 if compile_project(*sys.argv[1:]) else 1)
