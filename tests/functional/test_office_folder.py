"""An office whose folder lies apart from the software: the same pack, and commands that say where its files are."""

import json
import shutil

import pytest

import running
from running import QUARTER


@pytest.fixture(scope="module")
def folders(made_run, tmp_path_factory):
    """The software and the office of the session's run, each in a folder of its own."""
    base = tmp_path_factory.mktemp("apart")
    software, office = base / "software", base / "elsewhere" / "an office"
    running.split_project(made_run.root, software, office)
    return software, office


def without_run(folder):
    return {name: digest for name, digest in running.digests(folder).items() if not name.endswith("run.json")}


@pytest.mark.slow
def test_the_pack_of_an_office_is_the_same_wherever_its_folder_lies(folders, made_run):
    software, office = folders
    before = running.digests(software)
    done = running.run(software, "quarter", QUARTER, env={"OFFICE": "../elsewhere/an office"})
    assert done.returncode == 0, done.stderr
    assert f"  {office}/outputs/{QUARTER}/pack/panel-pack.pdf" in done.stdout.splitlines()
    there, here = (without_run(root / "outputs" / QUARTER) for root in (office, made_run.root))
    assert there == here and len(here) > 40
    records = [
        json.loads((root / f"data/processed/{QUARTER}/steps/pack.json").read_text()) for root in (office, made_run.root)
    ]
    assert records[0]["reads"] == records[1]["reads"]
    assert {name: was for name, was in running.digests(software).items() if "__pycache__" not in name} == before
    # It is remembered there, by whatever name the office is called, and wherever it is moved to.
    again = running.run(software, "quarter", QUARTER, "--office", str(office))
    assert "Nothing changed since it was made." in again.stdout
    moved = shutil.copytree(office, software / "examples" / "moved")
    from_inside = running.run(software, "quarter", QUARTER, cwd=moved / "params")
    assert "Nothing changed since it was made." in from_inside.stdout and "\n  outputs/" in from_inside.stdout


MISTAKES = {
    "params/plan.yml": ("version: 1", "versions: 1"),
    f"params/{QUARTER}.yml": ("version: 1", "versions: 1"),
    f"data/raw/{QUARTER}/sources.yml": ("files:", "filed:"),
    "expectations/savings.json": ('"expectations"', '"expected"'),
}


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("place", ["from the software", "from inside"])
def test_a_mistake_is_named_by_the_path_that_leads_to_it(folders, tmp_path, name, place):
    software, office = folders[0], shutil.copytree(folders[1], tmp_path / "office")
    path = office / name
    text = path.read_text(encoding="utf-8")
    was, now = MISTAKES[name]
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    if place == "from inside":
        done, shown = running.run(software, "validate", QUARTER, cwd=office), name
    else:
        done, shown = running.run(software, "validate", QUARTER, "--office", str(office)), f"{office}/{name}"
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert any(line.removeprefix("panelpack: ").startswith(shown) for line in done.stderr.splitlines()), done.stderr


def test_a_dated_plan_is_the_one_that_messages_name(folders, tmp_path):
    software, office = folders[0], shutil.copytree(folders[1], tmp_path / "office")
    shutil.copyfile(office / "params/plan.yml", office / f"params/plan-{QUARTER}.yml")
    raw = office / "data/raw" / QUARTER / "savings.csv"
    raw.write_bytes(raw.read_text(encoding="utf-8").replace(",", ";").encode())
    done = running.run(software, "validate", QUARTER, cwd=office)
    assert done.returncode == 1
    assert f"layout in params/plan-{QUARTER}.yml" in done.stderr and "params/plan.yml" not in done.stderr
