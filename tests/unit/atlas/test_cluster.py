"""The cluster of an atlas: on this machine it listens to nobody else, and elsewhere it must be there."""

import os
import subprocess
import sys

import pytest

import running
from panelpack.atlas import cluster
from panelpack.errors import UsageError

pytest.importorskip("distributed", reason="distributed is not installed: make test installs it")
# In a process of its own, for pytest's own main module would be imported by the workers.
LISTENING = """
import psutil
from panelpack.atlas.cluster import client_of, workers_of

if __name__ == "__main__":
    with client_of("", 2) as client:
        every = [psutil.Process(), *psutil.Process().children(recursive=True)]
        found = {c.laddr.ip for p in every for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN}
        print(workers_of(client), len(every) > 2, *sorted(found))
"""


@pytest.mark.slow
def test_a_cluster_of_this_machine_listens_on_the_loopback_alone(tmp_path):
    (tmp_path / "listening.py").write_text(LISTENING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(running.ROOT / "src")}
    command = [sys.executable, str(tmp_path / "listening.py")]
    told = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (told.stdout, told.stderr) == ("2 True 127.0.0.1\n", "")


def test_a_scheduler_that_does_not_answer_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.2)
    nobody = f"tcp://{cluster.LOOPBACK}:9"
    with pytest.raises(UsageError, match=f"SCHEDULER='{nobody}': nothing answers there") as error:
        cluster.client_of(nobody, 1).__enter__()
    assert "\n" not in str(error.value)


def test_without_the_packages_it_says_how_to_get_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="the atlas needs the package distributed") as error:
        cluster.client_of("", 1).__enter__()
    assert "\n" not in str(error.value)


def test_no_worker_hears_of_the_users_own_office():
    assert {"OFFICE", "EDITION", "ENGINE"} <= {*cluster.OF_THE_USER}
    assert cluster._is_loss({"action": "remove-worker", "processing-tasks": ["a"], "expected": False})
    assert not cluster._is_loss({"action": "remove-worker", "processing-tasks": ["a"], "expected": True})
    assert not cluster._is_loss({"action": "remove-worker", "processing-tasks": [], "expected": False})
    assert not cluster._is_loss({"action": "add-worker"}) and not cluster._is_loss("a word")
