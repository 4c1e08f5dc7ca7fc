"""Back-test the methods of projection on the official table: `python -m research.backtest DATA`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from panelpack.errors import PanelPackError, UsageError
from panelpack.project import Project

if TYPE_CHECKING:
    from research.backtest.backtest import Results

TABLE = "the Home Office's police force area table, csv, csv.gz, xlsx or ods"


def backtest(project: Project, data: str) -> None:
    """Back-test the table at the path `data`, write outputs/backtest and print the files written, one a line.

    Raises UsageError where the path is missing or of no file, ConfigurationError for a wrong offences.yml or
    split.yml, SourceError for a table that is not the one these describe.
    """
    if not data:
        raise UsageError(f"DATA is missing: expected {TABLE}. Type make backtest DATA=FILE.")
    if not Path(data).is_file():
        raise UsageError(f"DATA={data!r}: there is no such file, expected {TABLE}. Correct the path.")
    # The statistics take a second to import, which a mistyped path need not wait for.
    from research.backtest.backtest import measure, save
    from research.backtest.page import html

    results = measure(project, Path(data))
    outputs = project.root / "outputs" / "backtest"
    tables = save(results, Path(data), project.projection, outputs)
    page = outputs / "index.html"
    page.write_text(html(results), encoding="utf-8")
    print(read_words(results))
    for path in (page, *tables):
        print(path.relative_to(project.root))


def read_words(results: "Results") -> str:
    """Say which quarters and forces a back-test is of, and whom it leaves out."""
    quarters, forces = results.counts.index, results.counts.columns.get_level_values("force").nunique()
    left_out = f" Left out, with a gap or a name that offences.yml does not have: {', '.join(results.left_out)}."
    return f"Read: {quarters[0]} to {quarters[-1]} of {forces} forces.{left_out if results.left_out else ''}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 a failure to mend, 2 a command typed wrongly."""
    parser = argparse.ArgumentParser(prog="research.backtest", description=__doc__)
    parser.add_argument("data", nargs="?", default="", metavar="DATA", help=TABLE)
    try:
        backtest(Project.here(), parser.parse_args(arguments).data)
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
