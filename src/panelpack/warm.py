"""Start a run: settle what could make two runs differ, and import once what every notebook needs."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

# Modules that load leave no garbage, and to look for some takes a seventh of the time.
gc.disable()
# Set before numpy is imported: threads inside the children would only compete with each other.
os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"})
os.environ["GX_ANALYTICS_ENABLED"] = "false"
# The debugger of a kernel in this process warns on stderr about a Python with frozen modules.
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
# None says that a package is not installed, to those that would load it where it is: jsonschema would build grammars
# for over a second and load calendars, to check formats that no notebook has; the kernel would load a debugger.
sys.modules |= {name: None for name in ("rfc3987_syntax", "isoduration", "debugpy") if name not in sys.modules}

import nbformat  # noqa: E402  the lines above must run first
from ipykernel.inprocess import ipkernel  # noqa: E402, F401

from panelpack import execution, pack, render, runner  # noqa: E402
from panelpack.fingerprints import Contents  # noqa: E402
from panelpack.paper import Paper  # noqa: E402
from panelpack.printer import Printer  # noqa: E402
from panelpack.project import Project  # noqa: E402
from panelpack.quarters import Quarter  # noqa: E402
from panelpack.runner import Step  # noqa: E402

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

gc.freeze()  # what is loaded stays: no process, and no child of it, looks there for garbage again
gc.enable()


def _say(line: str) -> None:
    print(line, flush=True)


def preload(waiting: Sequence[Step]) -> None:
    """Import what the pack needs, and where many notebooks wait, what they need, while the first ones run."""
    from panelpack import publishing, runs  # noqa: F401

    if len(waiting) > runner.cores():
        preload_notebooks()


def preload_notebooks() -> None:
    """Import what notebooks need, and do once what each would do first."""
    gc.disable()
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
    # Compiles nbformat's schema and the templates.
    blank = nbformat.v4.new_notebook()
    nbformat.validate(blank)
    render.review_html(blank, Paper(""))
    render.review_document(blank, Paper(""))
    kernel()
    gc.freeze()
    gc.enable()


def make(contents: Contents, printer: Printer) -> str:
    """Make the pack of a quarter, say what happens, and return the headline."""
    engine = execution.STOCK if runner.stock() else execution.FAST
    project, quarter = contents.project, contents.quarter
    return pack.make(
        project, quarter, say=_say, while_waiting=preload, engine=engine, contents=contents, printer=printer
    )


def verify(project: Project, quarter: Quarter, printer: Printer):
    """Verify a quarter, say what happens, and return how it ended (verify.Verified)."""
    from panelpack import verify as verification

    engine = execution.FAST if runner.stock() is False else execution.STOCK
    return verification.verify(project, quarter, say=_say, engine=engine, printer=printer)
