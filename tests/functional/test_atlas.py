"""An atlas from end to end: two forces and two quarters on a local cluster, a worker of which is killed meanwhile."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import official_rows
import running
from panelpack.atlas.store import MAKING, RECORD, Store, find_damage
from panelpack.new_office.measure_list import COLUMNS
from panelpack.periods import Quarter
from panelpack.project import Project

pytest.importorskip("distributed", reason="distributed is not installed: make test installs it")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("atlas")]

FORCES, QUARTERS = ("Westmoor", "Fen & Marsh"), ("2014Q4", "2015Q1")
MEASURE = "theft,Theft,Theft,count,Offence Group=Theft offences,,lower,,,,"
WAIT_SECONDS = 120


def arguments(folder, **changes):
    given = {
        "--data": str(folder / "table.csv"),
        "--q": "..".join(QUARTERS),
        "--measures": str(folder / "measures.csv"),
        "--to": str(folder / "atlas"),
        "--release": "Of the tests",
        "--jobs": "2",
    }
    return [part for pair in ({**given, **changes}).items() for part in pair]


def environment():
    return {**os.environ, "PYTHONPATH": str(running.ROOT / "src"), "OFFICE": str(running.OFFICE)}


def atlas(verb, *given):
    command = [sys.executable, "-m", "panelpack", verb, *given]
    return subprocess.run(command, cwd=running.ROOT, env=environment(), capture_output=True, text=True)


def parent_of(pid):
    """Return the number of the process that started another; 0 where that one has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except FileNotFoundError:
        return 0


def makers(store, running_below):
    """Return the processes that make a pack now, by the names of the folders in which they do it."""
    names = [path.name for path in (store / MAKING).glob("*") if not path.name.endswith("-old")]
    pids = [int(name.rpartition("-")[2]) for name in names]
    return [pid for pid in pids if parent_of(pid) not in (0, 1, running_below)]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An atlas whose run lost a worker after the first pack was there. killed: the process that it had started."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("this system has no /proc, by which the worker of a process is found")
    folder = tmp_path_factory.mktemp("atlas")
    official_rows.write(folder / "table.csv", official_rows.rows(FORCES))
    (folder / "measures.csv").write_text("\n".join([",".join(COLUMNS), MEASURE]) + "\n", encoding="utf-8")
    store = folder / "atlas" / "of-the-tests"
    command = [sys.executable, "-m", "panelpack", "atlas", *arguments(folder)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(command, cwd=running.ROOT, env=environment(), **pipes)
    deadline, killed = time.monotonic() + WAIT_SECONDS, 0
    while process.poll() is None and not killed and time.monotonic() < deadline:
        if list(store.glob(f"*/*/{RECORD}")) and (busy := makers(store, process.pid)):
            killed = busy[0]
            os.kill(parent_of(killed), signal.SIGKILL)
        time.sleep(0.02)
    said, _ = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 0, said
    return SimpleNamespace(folder=folder, store=store, said=said, killed=killed)


def packs(made):
    for record in Store(made.store).records():
        office = Store(made.store).office(record.force, Quarter.parse(record.quarter))
        yield record, Project(running.ROOT, office)


def test_a_worker_that_dies_costs_no_pack(made):
    assert made.killed and "a worker was lost" in made.said
    assert [(record.force, record.quarter) for record, _ in packs(made)] == [
        (force, quarter) for force in sorted(FORCES) for quarter in QUARTERS
    ]


def test_what_the_dead_worker_had_started_has_ended(made):
    assert parent_of(made.killed) == 0


def test_nothing_is_half_written(made):
    assert not (made.store / MAKING).exists()
    for record, project in packs(made):
        assert find_damage(project, Quarter.parse(record.quarter), record.seal) == ""


def test_a_second_run_makes_nothing_again(made):
    before = {path: path.stat().st_mtime_ns for path in made.store.rglob("outputs/**/*") if path.is_file()}
    done = atlas("atlas", *arguments(made.folder))
    assert done.returncode == 0, done.stderr
    assert "4 of 4 packs there as they would be made, 0 to be made" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in made.store.rglob("outputs/**/*") if path.is_file()} == before


def test_a_pack_has_the_bytes_of_a_single_run(made, tmp_path):
    record, project = next(iter(packs(made)))
    for name in ("params", "data"):
        shutil.copytree(project.office / name, tmp_path / name)
    done = running.run(running.ROOT, "quarter", record.quarter, env={"OFFICE": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    outputs = Path("outputs") / record.quarter
    manifest = json.loads((tmp_path / outputs / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seal"] == record.seal
    assert running.digests(tmp_path / outputs) == running.digests(project.office / outputs)


def test_the_index_has_a_row_an_indicator(made):
    from panelpack.atlas.index import read_index

    index = read_index(made.store)
    assert len(index) == 4 and set(index["exit"]) == {0} and (index["title"] == "Theft").all()
    assert set(index["seal"]) == {record.seal for record, _ in packs(made)}
    assert (made.store / "index.html").is_file()


def test_verifying_makes_a_pack_again_with_the_same_seal(made):
    done = atlas("atlas-verify", "--n", "1", "--to", str(made.folder / "atlas"), "--jobs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("1 of 1 pack reproduced, with the same seal\n")
