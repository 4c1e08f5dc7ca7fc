"""What notebooks find around them: configuration folders of their own, and nothing of the user's.

Kernels, charts and checks read settings from the home folder and from the environment, write caches there, and
complain on stderr where they may not. A pack must not depend on that, so a run gives them a new, empty folder; only
what matplotlib remembers of a machine's fonts, which no chart uses, is kept from run to run.
"""

import json
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "PANELPACK_FOLDER"  # the environment variable that names the folder, for the processes of a run
# Each variable names a folder inside it. Jupyter looks for kernels in JUPYTER_PATH before it looks anywhere else.
CONFIGURATION = {
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter",
    "JUPYTER_DATA_DIR": "jupyter",
    "JUPYTER_PATH": "jupyter",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
}
HOMES = {
    "HOME": "",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
}
SETTINGS = {"JUPYTER_NO_CONFIG": "1", "PYTHONNOUSERSITE": "1"}
# Settings of libraries, files that Python or a kernel runs when it starts, which warnings are said.
DROPPED = (
    *("MATPLOTLIBRC", "JUPYTER_CONFIG_PATH", "JUPYTER_PREFER_ENV_PATH", "JUPYTER_PLATFORM_DIRS"),
    *("PYTHONSTARTUP", "PYTHONWARNINGS"),
)
# What a terminal is like: how wide, and whether it has colours.
OF_A_TERMINAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PYTHON_COLORS", "CLICOLOR", "CLICOLOR_FORCE")
IGNORED = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)  # by Python, unless told
KERNEL = {
    "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3",
    "language": "python",
}


@contextmanager
def own_surroundings(kept: Path) -> Iterator[None]:
    """Give this process and those that it starts configuration folders of their own meanwhile, and take them away.

    kept: the folder of what takes long to find out, and says nothing that a pack depends on.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="panelpack-", ignore_cleanup_errors=True) as folder:
        kernel = Path(folder, CONFIGURATION["JUPYTER_PATH"], "kernels", "python3", "kernel.json")
        kernel.parent.mkdir(parents=True)
        kernel.write_text(json.dumps(KERNEL), encoding="utf-8")
        if os.environ.get("PYTHONWARNINGS"):  # which has been read already
            _warn_as_usual()
        for name in DROPPED:
            os.environ.pop(name, None)
        os.environ |= {FOLDER: folder, "MPLCONFIGDIR": str(kept / "matplotlib"), **SETTINGS}
        os.environ |= {name: os.path.join(folder, part) for name, part in CONFIGURATION.items()}
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def leave_home() -> None:
    """Have this process, which runs a notebook, and its kernel take the run's folder for their home."""
    for name in OF_A_TERMINAL:
        os.environ.pop(name, None)
    os.environ["TERM"] = "dumb"
    if folder := os.environ.get(FOLDER):
        os.environ |= {name: os.path.join(folder, "home", part) for name, part in HOMES.items()}


def _warn_as_usual() -> None:
    """Say the warnings that Python says unless it is told otherwise."""
    warnings.resetwarnings()
    for category in IGNORED:
        warnings.simplefilter("ignore", category)
    sys.warnoptions.clear()
