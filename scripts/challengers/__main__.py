"""Clusters and factors beside the tiers, from what is published: proposals that grade nobody.

``python -m scripts.challengers [--home DIR]`` writes <home>/proposals/challengers.duckdb, and beside it in
<home>/proposals/challengers/ report.md, pictures/ and parquet/. Exit codes: 0 written; 1 there is nothing to propose
from, what was proposed before is still there; 2 wrong usage; 75 another run of the same home is going on.
"""

import argparse
import fcntl
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXIT_DONE, EXIT_CANNOT, EXIT_USAGE, EXIT_LEASE_HELD = 0, 1, 2, 75
RUNS = ".challengers"


class LeaseHeldError(Exception):
    """Another run of this home is going on."""


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.challengers", description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=Path("warehouse"), help="what is published (default: warehouse)")
    home = parser.parse_args(arguments).home.resolve()
    if not home.is_dir():
        return _stop(EXIT_USAGE, f"{home}: not a directory")
    try:
        from scripts.challengers.marts import CannotProposeError, published
        from scripts.challengers.run import propose
    except ModuleNotFoundError as error:
        return _stop(EXIT_CANNOT, f"{error.name} is not installed here: run `make challengers`")
    try:
        publication = published(home)
        with new_run(home) as directory:
            lines = propose(publication, directory)
    except LeaseHeldError as error:
        return _stop(EXIT_LEASE_HELD, str(error))
    except CannotProposeError as error:
        return _stop(EXIT_CANNOT, str(error))
    except Exception as error:  # the message might quote values: only the owner's log gets it
        return _stop(EXIT_CANNOT, f"the challengers stopped with {type(error).__name__}; see {_log_traceback(home)}")
    print(*lines, f"proposals: {home / 'proposals' / 'challengers.duckdb'} (schema proposals)", sep="\n")
    print(f"           {home / 'proposals' / 'challengers' / 'report.md'}")
    return EXIT_DONE


@contextmanager
def new_run(home: Path) -> Iterator[Path]:
    """A new directory; readers are switched over to it when all went well, and it is removed otherwise.

    Only the last run is kept: proposals hold customer ids, and an older one would outlive an erasure.
    """
    runs = home / "proposals" / RUNS
    with _lease(runs):
        for unfinished in runs.glob("new-*"):
            shutil.rmtree(unfinished)
        directory = Path(tempfile.mkdtemp(prefix="new-", dir=runs))
        directory.chmod(0o777 & ~_umask())
        try:
            yield directory
        except BaseException:
            shutil.rmtree(directory)
            raise
        finished = directory.rename(directory.with_name(directory.name.removeprefix("new-")))
        _point(runs.parent / "challengers", Path(RUNS) / finished.name)
        _point(runs.parent / "challengers.duckdb", Path("challengers") / "challengers.duckdb")
        for other in runs.iterdir():
            if other.is_dir() and other != finished:
                shutil.rmtree(other)


@contextmanager
def _lease(runs: Path) -> Iterator[None]:
    runs.mkdir(parents=True, exist_ok=True)
    with (runs / "lock").open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LeaseHeldError(f"another run of the challengers in {runs.parent} is going on") from None
        yield


def _point(link: Path, target: Path) -> None:
    new_link = link.with_name(f".{link.name}.new")
    new_link.unlink(missing_ok=True)
    new_link.symlink_to(target)
    os.replace(new_link, link)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _log_traceback(home: Path) -> Path:
    log = home / "proposals" / RUNS / "traceback.log"
    log.unlink(missing_ok=True)
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        traceback.print_exc(file=file)
    return log


def _stop(code: int, sentence: str) -> int:
    print(f"challengers: {sentence}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
