"""Start a run: settle what could make two runs differ, and import once what every notebook needs."""

import os
import sys

# Set before numpy is imported: threads inside the children would only compete with each other.
os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"})
os.environ["GX_ANALYTICS_ENABLED"] = "false"
# The debugger of a kernel in this process warns on stderr about a Python with frozen modules.
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
# jupyterlab brings this package, and jsonschema then builds grammars with it at import for over a second, to check
# formats of internationalised addresses that no notebook has. None tells jsonschema that it is not installed.
sys.modules.setdefault("rfc3987_syntax", None)

from panelpack import execution, pack, runner  # noqa: E402  the lines above must run first
from panelpack import verify as verification  # noqa: E402
from panelpack.project import Project  # noqa: E402
from panelpack.quarters import Quarter  # noqa: E402


def _say(line: str) -> None:
    print(line, flush=True)


def preload() -> None:
    """Import what the notebooks after validation need, so that each forked child has it already."""
    from ipykernel import debugger  # noqa: F401  the kernel's shell loads it late, a third of a second
    from ipykernel.inprocess import ipkernel  # noqa: F401

    from panelpack import dashboard_page, methods_page, methods_projection, reconciliation_page, report_page  # noqa: F401


def make(project: Project, quarter: Quarter) -> str:
    """Make the pack of a quarter, say what happens, and return the headline."""
    engine = execution.STOCK if runner.stock() else execution.FAST
    return pack.make(project, quarter, say=_say, before_rest=preload, engine=engine)


def verify(project: Project, quarter: Quarter) -> verification.Verified:
    """Verify a quarter, and say what happens."""
    engine = execution.FAST if runner.stock() is False else execution.STOCK
    return verification.verify(project, quarter, say=_say, engine=engine)
