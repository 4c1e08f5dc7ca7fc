"""What lies around a run of its user, machine and terminal changes no byte of a pack."""

import os
import shutil

import pytest

from panelpack.periods import Quarter
from panelpack.pipeline.records import PACK, steps_folder
from panelpack.project import Project
from running import QUARTER, digests, run

LONG = pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="a minute long: set PANELPACK_LONG to run it")
SAYS = "import sys\nprint('A library says something.', file=sys.stderr)\nprint('And this too.')\n"
MATPLOTLIBRC = "font.size: 33\naxes.facecolor: red\nlines.linewidth: 9\nsavefig.facecolor: blue\nno.such.key: 1\n"
KERNEL = '{"argv": ["/bin/false"], "display_name": "Another", "language": "python"}'
FORGOTTEN = ("2_prepare", "3_priority-SP01")  # the steps that run again: one draws nothing, one has charts

pytestmark = [pytest.mark.slow]


@pytest.fixture
def hostile(tmp_path):
    """The environment of a user with settings of everything that a notebook loads, in a home that none may write to."""
    home = tmp_path / "home"
    for name, text in {
        ".ipython/profile_default/startup/00.py": SAYS,
        ".ipython/profile_default/ipython_kernel_config.py": "c.InteractiveShell.colors = 'Linux'\n" + SAYS,
        ".config/matplotlib/matplotlibrc": MATPLOTLIBRC,
        ".local/share/jupyter/kernels/python3/kernel.json": KERNEL,
        ".great_expectations/great_expectations.conf": "[anonymous_usage_statistics]\nenabled=perhaps\n",
        "started.py": SAYS,
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    nowhere = "/dev/null/nowhere"  # not even root may make this folder
    return {
        "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "XDG_CACHE_HOME": nowhere,
        "MPLCONFIGDIR": nowhere, "MATPLOTLIBRC": str(home / ".config/matplotlib/matplotlibrc"),
        "IPYTHONDIR": str(home / ".ipython"), "PYTHONSTARTUP": str(home / "started.py"), "PYTHONWARNINGS": "error",
        "JUPYTER_PATH": str(home / ".local/share/jupyter"), "JUPYTER_DATA_DIR": nowhere, "JUPYTER_RUNTIME_DIR": nowhere,
        "JUPYTER_CONFIG_DIR": nowhere, "USER": "another", "LOGNAME": "another", "LANG": "C", "TERM": "xterm-256color",
        "COLUMNS": "20", "LINES": "3", "FORCE_COLOR": "1", "JOBS": "4",
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["fast", pytest.param("stock", marks=LONG)])
def test_settings_of_a_user_change_no_byte(made_run, hostile, tmp_path, engine):
    root = shutil.copytree(made_run.root, tmp_path / "project")
    for folder in (root, root / "notebooks"):
        (folder / "matplotlibrc").write_text(MATPLOTLIBRC, encoding="utf-8")
    for step in (*FORGOTTEN, PACK):
        (steps_folder(Project(root), Quarter.parse(QUARTER)) / f"{step}.json").unlink()
    umask = os.umask(0o077)
    try:
        done = run(root, "quarter", QUARTER, env=hostile | {"ENGINE": engine})
    finally:
        os.umask(umask)
    assert done.returncode == 0, done.stderr
    for step in FORGOTTEN:
        assert f"{step} " in done.stdout
    outputs = f"outputs/{QUARTER}"
    assert digests(root / outputs) == digests(made_run.root / outputs)


@LONG
def test_what_a_cell_writes_to_stderr_is_said_and_kept_nowhere(made_run, tmp_path):
    root = shutil.copytree(made_run.root, tmp_path / "project")
    seal = digests(root / "outputs" / QUARTER)["manifest.json"]
    path = root / "src" / "panelpack" / "pages" / "preparation.py"
    warns = "\n\nimport warnings\n\nwarnings.warn('A mean of nothing.', stacklevel=1)\n"
    path.write_text(path.read_text(encoding="utf-8") + warns, encoding="utf-8")
    done = run(root, "quarter", QUARTER, env={"JOBS": "1"})
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    place = lines.index("  It wrote to stderr, which no copy of it keeps:")
    assert lines[place - 1].startswith("2_prepare") and "UserWarning: A mean of nothing." in lines[place + 1]
    copies = [*(root / "outputs" / QUARTER / "review").iterdir()]
    assert copies and not [copy for copy in copies if b"A mean of nothing" in copy.read_bytes()]
    assert digests(root / "outputs" / QUARTER)["manifest.json"] != seal  # the code is another
