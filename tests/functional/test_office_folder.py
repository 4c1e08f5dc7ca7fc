"""An office whose folder lies apart from the software: the same pack, and commands that say where its files are."""

import json
import os
import shutil

import pytest

import running
from panelpack.config.configuration import Configuration
from panelpack.errors import ConfigurationError
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.pages import backtest_summary, projections, sources
from panelpack.project import Project
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
@pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="an atlas holds it too; PANELPACK_LONG=1 runs this")
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


# ----------------------------------------------------------------------------- what an office takes from the software
LONG = pytest.mark.skipif(not os.environ.get("PANELPACK_LONG"), reason="as the others; PANELPACK_LONG=1 runs it too")


@pytest.mark.parametrize(
    "name",
    [
        "projection/made_from.yml",
        "comparators/counts.csv",
        *(pytest.param(name, marks=LONG) for name in ("projection/split.yml", "projection/offences.yml")),
    ],
)
def test_tables_of_another_back_test_are_refused(folders, tmp_path, name):
    """Nothing is learned from counts that one run of the back-test did not write, and nothing said of them."""
    software = shutil.copytree(folders[0], tmp_path / "software")
    path = software / "data" / name
    text = path.read_text(encoding="utf-8")
    # An edit that its reader cannot see: a remark, a number, a checksum.
    if name == "comparators/counts.csv":
        edited = text.replace(",1", ",2", 1)
    elif name == "projection/made_from.yml":
        edited = text.translate(str.maketrans("0123456789", "1234567890"))
    else:
        edited = f"{text}# as it is, but for this\n"
    assert edited != text
    path.write_text(edited, encoding="utf-8")
    done = running.run(software, "validate", QUARTER, "--office", str(folders[1]))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    named = "data/" if name == "projection/made_from.yml" else f"data/{name}"
    assert named in done.stderr and "this is not the file that data/projection/made_from.yml names" in done.stderr


def own_force(office, force, official):
    path = office / "params" / "plan.yml"
    text = path.read_text(encoding="utf-8")
    was = ("  force: Westmoor Police\n", "  official_force: none")
    assert all(line in text for line in was)
    text = text.replace(was[0], f"  force: {force}\n").replace(was[1], f"  official_force: {official}")
    path.write_text(text, encoding="utf-8")
    return Project(running.ROOT, office)


def forces_of(report):
    return set(report.data.other_forces.columns.get_level_values("force"))


def test_an_office_of_the_official_table_is_not_among_the_other_forces(folders, made_run, tmp_path):
    """Avon and Somerset is one of the forces that the shipped back-test was made on."""
    office = shutil.copytree(folders[1], tmp_path / "office")
    shutil.copytree(made_run.root / "data" / "processed", office / "data" / "processed", dirs_exist_ok=True)
    of_none = own_force(office, "Westmoor Police", "none")
    every = forces_of(QuarterReport(QUARTER, project=of_none))
    assert len(every) == 12 and "Avon and Somerset" in every
    (office / "params" / "plan.yml").write_bytes((folders[1] / "params" / "plan.yml").read_bytes())
    own = own_force(office, "Avon and Somerset Police", "Avon and Somerset")
    report = QuarterReport(QUARTER, project=own)
    assert forces_of(report) == every - {"Avon and Somerset"}
    assert "[counts of 11 other forces](#source-other-forces)" in backtest_summary.learned_from(report)
    _, entry = sources.SourcesPage(report).other_forces()
    assert dict(entry.items)["Rows"].startswith("Cumbria, ") and "Avon and Somerset" not in entry.plain()
    box = next(spec for spec in backtest_summary.judged(report))
    noted = report.data.projection(box.series, box.projection_year).learned_from
    assert "missed by in 11 other forces" in projections.learned_words([noted])
    chosen = list(backtest_summary.backtest(report))[-1].plain()
    assert "On these forces, the office's own among them, with every year" in chosen


@pytest.mark.parametrize("official", ["none", "Kent"])
def test_an_office_s_own_counts_are_never_taken_for_another_force_s(folders, tmp_path, official):
    office = shutil.copytree(folders[1], tmp_path / "office")
    project = own_force(office, "Avon and Somerset Police", official)
    with pytest.raises(ConfigurationError) as told:
        _ = Configuration.read(project, QUARTER).official_force
    assert str(told.value) == (
        f"params/plan.yml, office, official_force: found {official!r}, but the office's force is "
        "'Avon and Somerset Police', so that its own counts would be taken for another force's. "
        "Write Avon and Somerset."
    )
