"""Start a run: import once what every notebook needs, before the forks."""

from collections.abc import Sequence
from importlib import import_module

from panelpack import lean

with lean.loading():
    import nbformat
    from ipykernel.inprocess import ipkernel  # noqa: F401

    from panelpack import execution, pack, runner
    from panelpack.fingerprints import Contents
    from panelpack.press import Press
    from panelpack.project import Project
    from panelpack.quarters import Quarter
    from panelpack.runner import Step

# What kernel, charts and tables would import at their first use, in every child anew.
LATE = (
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.oinspect",
    "matplotlib.backends.backend_svg",
    "pandas.io.formats.csvs",
    "psutil",
    "tornado.platform.asyncio",
)


def _say(line: str) -> None:
    print(line, flush=True)


def preload() -> None:
    """Import what notebooks need, and do once what each would do first."""
    with lean.loading():
        from scipy import stats  # noqa: F401
        from statsmodels.stats import proportion  # noqa: F401

        from panelpack import (  # noqa: F401
            dashboard_page,
            methods_projection,
            priority_charts,
            priority_projections,
            reconciliation_page,
            report_page,
        )
        from panelpack.engine import kernel

        for name in LATE:
            import_module(name)
        nbformat.validate(nbformat.v4.new_notebook())  # compiles its schema
        kernel()


def rehearse(contents: Contents, press: Press) -> None:
    """Have the press lay out the pack as it is, so that a change of it is soon laid out."""
    press.send("rehearsal", "publishing.rehearse", contents.project, contents.quarter)


def make(contents: Contents, press: Press, *, rehearsed: bool = False) -> str:
    """Make the pack of a quarter, say what happens, and return the headline. `rehearsed`: the press has done so."""
    engine = execution.STOCK if runner.stock() else execution.FAST
    project, quarter = contents.project, contents.quarter

    def while_waiting(waiting: Sequence[Step]) -> None:
        if len(waiting) > runner.cores():  # for fewer it costs more than it saves,
            preload()
        elif not rehearsed:  # and the press has the time
            rehearse(contents, press)

    return pack.make(
        project, quarter, say=_say, while_waiting=while_waiting, engine=engine, contents=contents, press=press
    )


def verify(project: Project, quarter: Quarter, press: Press):
    """Verify a quarter, say what happens, and return how it ended (verify.Verified)."""
    from panelpack import verify as verification

    engine = execution.STOCK
    if runner.stock() is False:
        engine = execution.FAST
        preload()
    return verification.verify(project, quarter, say=_say, engine=engine, press=press)
