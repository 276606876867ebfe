"""One run: read, group, factor, write."""

import shutil
from pathlib import Path

from threadpoolctl import threadpool_limits

from scripts.challengers import factors, marts, pictures, report, tables


def propose(publication: Path, directory: Path, most_cells: int = marts.MOST_CELLS) -> list[str]:
    """Write all proposals for the publish in the directory `publication` into `directory`; gives lines for people.

    Raises CannotProposeError when there is nothing to propose from. Numbers are added up in one thread: in several, the
    last digits would depend on who comes first.
    """
    with threadpool_limits(1), marts.open_publish(publication, directory) as connection:
        publish = marts.read_publish(connection, publication)
        scales = marts.measure_customers(connection)
        grouped = tables.propose_clusters(connection, publish, scales, marts.read_cells(connection, most_cells))
        common = tables.propose_factors(connection, publish, factors.analyse(marts.read_components(connection)))
        tables.write(connection, publish, grouped, common)
        tables.copy_to_parquet(connection, directory / "parquet")
        connection.execute("detach target")
    drawn = pictures.draw(directory / "pictures", grouped, common.found)
    text = report.markdown(publish, grouped, common, drawn)
    (directory / "report.md").write_text(text, encoding="utf-8")
    _drop_scratch(directory)
    return report.spoken(publish, grouped, common)


def _drop_scratch(directory: Path) -> None:
    for scratch in directory.glob("scratch.duckdb*"):
        scratch.unlink()
    shutil.rmtree(directory / ".spill", ignore_errors=True)
