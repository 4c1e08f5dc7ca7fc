"""Back-test the methods of projection on the official counts: `python -m research.backtest`."""

import argparse
import sys

from panelpack.errors import PanelPackError
from panelpack.intake.moved_offences import listed_first
from panelpack.project import Project
from research.backtest.backtest import Results, measure, save
from research.backtest.page import html


def backtest(project: Project) -> None:
    """Back-test the official counts, write outputs/backtest and print the files written, one a line.

    Raises ConfigurationError for a wrong offences.yml or split.yml, SourceError for counts that are not those which
    these describe.
    """
    results = measure(project)
    outputs = project.root / "outputs" / "backtest"
    tables = save(results, project, outputs)
    page = outputs / "index.html"
    page.write_text(html(results), encoding="utf-8")
    print(read_words(results))
    for path in (page, *tables):
        print(path.relative_to(project.root))


def read_words(results: Results) -> str:
    """Say which quarters and forces a back-test is of, and whom it leaves out."""
    quarters, forces = results.counts.index, results.counts.columns.get_level_values("force").nunique()
    left_out = f" Left out, with a gap or a name that offences.yml does not have: {listed_first(results.left_out)}."
    return f"Read: {quarters[0]} to {quarters[-1]} of {forces} forces.{left_out if results.left_out else ''}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 a failure to mend, 2 a command typed wrongly."""
    argparse.ArgumentParser(prog="research.backtest", description=__doc__).parse_args(arguments)
    try:
        backtest(Project.here())
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
