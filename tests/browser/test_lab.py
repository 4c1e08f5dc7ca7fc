"""A notebook that a reader runs and saves in JupyterLab: nothing that a pack is known by changes."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

import running
from running import QUARTER, run

CHROMIUM = shutil.which("chromium")
NOTEBOOK = "2_prepare.ipynb"  # it reads the raw data alone
EARLIER = "2014Q4"
WAIT_SECONDS = 60
ARGUMENTS = "--no-browser --expose-app-in-browser --IdentityProvider.token=reader --port={port}"
# Whether the open notebook's kernel waits for a cell: JupyterLab asks which kernel is meant of one who comes earlier.
IS_READY = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.context;
    const kernel = context?.isReady && context.sessionContext.session?.kernel;
    return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
# Run every cell of the open notebook and save it, by the commands of the menus.
RUN_ALL_AND_SAVE = """() => {
    const run = async () => {
        await window.jupyterapp.commands.execute('notebook:run-all-cells');
        await window.jupyterapp.commands.execute('docmanager:save');
        window.shown = JSON.stringify(window.jupyterapp.shell.currentWidget.context.model.toJSON());
    };
    run();
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]


def git(root, *arguments):
    names = ["-c", "user.name=reader", "-c", "user.email=reader@localhost"]
    return subprocess.run(["git", *names, *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def cloned(made_run, tmp_path):
    """The project with its pack, and all that git keeps of it committed."""
    root = shutil.copytree(made_run.root, tmp_path / "project")
    shutil.copyfile(running.ROOT / ".gitignore", root / ".gitignore")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=The pack.")
    return root


@pytest.fixture
def lab(cloned, tmp_path):
    """JupyterLab as `make lab Q=...` opens it; its address."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    arguments = ["lab", EARLIER, f"--args={ARGUMENTS.format(port=port)}"]
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "panelpack", *arguments], cwd=cloned, stdout=log, stderr=log,
            env={**os.environ, "PYTHONPATH": str(cloned / "src")},
        )  # fmt: skip
    started = time.monotonic()
    while "is running at" not in (tmp_path / "lab.log").read_text(encoding="utf-8"):
        assert server.poll() is None and time.monotonic() - started < WAIT_SECONDS, (tmp_path / "lab.log").read_text()
        time.sleep(0.1)
    yield f"http://localhost:{port}"
    server.send_signal(signal.SIGTERM)
    server.wait(WAIT_SECONDS)


def seal_of(root):
    return json.loads((root / "outputs" / QUARTER / "manifest.json").read_text(encoding="utf-8"))["seal"]


def test_to_run_and_save_a_notebook_changes_nothing(browser, cloned, lab):
    path = cloned / "notebooks" / NOTEBOOK
    before, seal = path.read_bytes(), seal_of(cloned)
    saved_before = path.stat().st_mtime_ns
    asked = []
    page = browser.new_page()
    page.set_default_timeout(WAIT_SECONDS * 1000)
    page.on("request", lambda asking: asked.append(asking.url))
    page.goto(f"{lab}/lab/tree/{NOTEBOOK}?token=reader")
    page.wait_for_function(IS_READY)
    page.evaluate(RUN_ALL_AND_SAVE)
    page.wait_for_function("window.shown")
    cells = json.loads(page.evaluate("window.shown"))["cells"]
    page.close()
    # It ran, for the quarter that was asked for, and was saved.
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]
    assert any((cloned / "data" / "processed" / EARLIER / "series").iterdir())
    assert path.stat().st_mtime_ns > saved_before
    assert path.read_bytes() == before
    assert git(cloned, "status", "--porcelain") == ""
    assert not [url for url in asked if not re.match(rf"{lab}/|data:|blob:", url)], "nothing is fetched from elsewhere"
    assert run(cloned, "quarter", QUARTER).stdout.splitlines()[1] == "Nothing changed since it was made."
    assert seal_of(cloned) == seal
