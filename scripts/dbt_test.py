"""Every dbt unit and data test, on samples of their own: a dirty one, and one with only the required columns.

``python -m scripts.dbt_test``. Exit code 0 when all passed, 1 otherwise. Only a temporary directory is written to.
"""

import os
import sys
import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner

from scripts.generate_sample import main as generate_sample
from scripts.landing import land

SAMPLES = {
    # name: (arguments of the generator, arguments of dbt)
    "dirty sample": (["--customers", "400", "--dirt"], []),
    "required columns only": (["--customers", "200", "--only-required"], ["--exclude-resource-type", "unit_test"]),
}


def build(name: str, sample: list[str], selection: list[str], directory: Path) -> bool:
    """Generate and land a sample below `directory`, run `dbt build` on it; True when every model and test passed."""
    raw, home = directory / "raw", directory / "home"
    print(f"dbt build: {name}", flush=True)
    if generate_sample([*sample, "--out", str(raw)]) != 0:
        return False
    land(raw, home, lambda line: None)
    (home / "work").mkdir()
    os.environ["TIERS_HOME"] = str(home)
    result = dbtRunner().invoke(
        ["--quiet", "build", *selection, "--target-path", str(home / "target"), "--log-path", str(home / "logs")]
    )
    nodes = list(result.result or [])
    failed = [node for node in nodes if node.status in ("error", "fail", "runtime error")]
    print(f"dbt build: {name}: {len(nodes)} models and tests, {len(failed)} failed", flush=True)
    return result.success and bool(nodes)


def main() -> int:
    """Build every sample; returns the exit code."""
    with tempfile.TemporaryDirectory() as directory:
        passed = [
            build(name, sample, selection, Path(directory) / str(number))
            for number, (name, (sample, selection)) in enumerate(SAMPLES.items())
        ]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
