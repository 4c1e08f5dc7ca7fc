"""Where things lie in a project's folder, and which files a pack is made from."""

import hashlib
import os

import pytest

import running
from panelpack.errors import ConfigurationError, UsageError
from panelpack.pack_files import code_files, input_files, layout_files, notebook_files
from panelpack.periods import Quarter
from panelpack.project import LAYOUTS, Project, counting_plan, digest, hashed


def below(project, paths):
    return [path.relative_to(project.root).as_posix() for path in paths]


def test_the_project_is_found_from_any_folder_inside(project, monkeypatch):
    """Also of the software: here it is that of this checkout, in which the made-up office lies."""
    for folder in (project.office, project.office / "params", project.raw(Quarter.parse("2015Q1"))):
        monkeypatch.chdir(folder)
        assert Project.here() == Project(running.ROOT, project.office)


def test_quarters_are_those_with_a_raw_folder(project_copy):
    (project_copy.root / "data" / "raw" / "notes").mkdir()
    (project_copy.root / "data" / "raw" / "2015Q2").write_text("")
    assert project_copy.quarters() == ["2014Q4", "2015Q1"]


def test_a_label_without_a_raw_folder_is_refused_with_those_that_there_are(project):
    assert project.quarter("2015Q1") == Quarter(2015, 1)
    with pytest.raises(UsageError, match=r"Q='2015Q2': there is no folder data/raw/2015Q2\. .*: 2014Q4, 2015Q1\."):
        project.quarter("2015Q2")


def test_inputs_are_both_drops_what_the_office_declares_and_what_projections_learn_from(project, quarter):
    found = below(project, input_files(project, quarter))
    assert found == sorted(found, key=lambda name: name.split("/")) and len(set(found)) == len(found)
    assert {"params/plan.yml", "params/2015Q1.yml", "params/2015Q1.md", "params/corrections.yml",
            "data/raw/2015Q1/sources.yml", "data/raw/2014Q4/recorded_crime.csv", "expectations/savings.json",
            "data/comparators/counts.csv", "data/spc/false_alarms.csv"} <= set(found)  # fmt: skip
    before = {name for name in found if "2014Q4" in name and not name.startswith("data/raw/")}
    assert before == {"params/2014Q4.md", "params/2014Q4.yml"}, "of paragraphs carried over and of next steps"


def test_code_is_notebooks_package_templates_and_the_lock():
    here = Project(running.ROOT)
    found = set(below(here, code_files(here)))
    assert {"requirements.lock", "src/panelpack/__init__.py",
            "src/panelpack/statistics/spc.py", "src/panelpack/rendering/templates/style.css"} <= found  # fmt: skip
    apart = ("tests/", "tools/", "research/", "notebooks/")
    assert not [name for name in found if name.startswith(apart) or name.endswith(".pyc")]
    assert "notebooks/1_validate.ipynb" in below(here, notebook_files(here))


def test_the_quarter_of_a_notebook_is_the_given_one_the_one_asked_for_or_the_latest(tmp_path, monkeypatch):
    monkeypatch.delenv("Q", raising=False)
    for label in ("2014Q4", "2015Q1"):
        (tmp_path / "data" / "raw" / label).mkdir(parents=True)
    at = Project(tmp_path)
    assert [str(at.reported(label)) for label in ("2014Q3", "")] == ["2014Q3", "2015Q1"]
    monkeypatch.setenv("Q", "2014Q4")
    assert [str(at.reported(label)) for label in ("2014Q3", "")] == ["2014Q3", "2014Q4"]


def test_files_are_listed_with_checksum_and_size(tmp_path):
    for name in ("b", "a"):
        (tmp_path / name).write_text(name)
    one = hashlib.sha256(b"a").hexdigest()
    found = hashed(tmp_path, tmp_path.iterdir())
    assert list(found) == ["a", "b"] and found["a"] == {"sha256": one, "bytes": 1}
    assert [digest(tmp_path / "a"), digest(tmp_path / "none"), digest(tmp_path)] == [one, "", ""]


# ------------------------------------------------------------------------------------- an office and its software
@pytest.fixture(params=["inside", "outside", "around"])
def apart(request, tmp_path):
    """An office whose folder lies in that of the software, elsewhere, or around it."""
    folders = {"inside": ("s", "s/examples/a b"), "outside": ("s", "o/far"), "around": ("o/s", "o")}
    root, office = (tmp_path / name for name in folders[request.param])
    for name in ("src/panelpack", "notebooks", "data/projection", "params/layouts"):
        (root / name).mkdir(parents=True)
    for name in ("params/layouts", "data/raw/2020Q1"):
        (office / name).mkdir(parents=True, exist_ok=True)
    (office / "params" / "plan.yml").touch()
    return Project(root, office)


@pytest.mark.parametrize(
    "name",
    [
        "params/plan.yml",
        "data/raw/2020Q1/a.csv",
        "outputs/2020Q1/manifest.json",
        "anything.txt",
        "data/projections.csv",
    ],
)
def test_an_office_s_file_has_one_name_wherever_its_folder_lies(apart, name):
    assert apart.path(name) == apart.office / name and apart.name(apart.office / name) == name


@pytest.mark.parametrize(
    "name", ["src/panelpack/a.py", "notebooks/1.ipynb", "requirements.lock", "data/projection/a.csv", "data/spc/b.csv"]
)
def test_a_file_of_the_software_has_one_name_too(apart, name):
    assert apart.path(name) == apart.root / name and apart.name(apart.root / name) == name


@pytest.mark.parametrize("name", ["params/plan.yml", "data/raw/2020Q1/a.csv", "data/projection/a.csv", "README.md"])
def test_no_two_files_have_one_name(apart, name):
    two = [folder / name for folder in (apart.root, apart.office)]
    names = [apart.name(path) for path in two]
    assert len(set(names)) == 2 and [apart.path(name) for name in names] == two


def test_a_file_of_neither_has_no_name(apart, tmp_path):
    with pytest.raises(ValueError, match="lies neither in"):
        apart.name(tmp_path / "elsewhere.csv")


def test_layouts_are_the_office_s_own_and_those_that_come_with_the_software(apart):
    written = [(apart.root, "a"), (apart.root, "b"), (apart.office, "b"), (apart.office, "c")]
    for folder, name in written:
        (folder / LAYOUTS / f"{name}.yml").touch()
    found = list(layout_files(apart.layouts))
    assert found == [folder / LAYOUTS / f"{name}.yml" for folder, name in (written[0], *written[2:])]
    assert [apart.name(path) for path in found] == [f"params/layouts/{name}.yml" for name in "abc"]
    assert [apart.path(apart.name(path)) for path in found] == found


def test_an_office_that_is_the_software_s_folder_has_plain_names(tmp_path):
    project = Project(tmp_path)
    assert project.office == tmp_path and project == Project(tmp_path, tmp_path)
    assert [project.name(tmp_path / name) for name in ("src/a.py", "b.txt")] == ["src/a.py", "b.txt"]


@pytest.mark.parametrize("how", ["named from the software", "named in full from elsewhere", "from inside", "by both"])
def test_an_office_and_its_software_are_found(apart, how, monkeypatch, tmp_path):
    inside = apart.office / "data" / "raw"
    relative = os.path.relpath(apart.office, apart.root)
    folder, named = {
        "named from the software": (apart.root, relative),
        "named in full from elsewhere": (tmp_path, str(apart.office)),
        "from inside": (inside, ""),
        "by both": (inside, ".."),  # what is named goes before what is around, and there is no office
    }[how]
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OFFICE", named)
    if how == "by both":
        with pytest.raises(UsageError, match=r"OFFICE='\.\.': there is no params/plan\.yml in it"):
            Project.here()
        return
    found = Project.here()
    assert found.office == apart.office
    # Around neither folder lies a software: then it is the one that runs.
    is_around = folder == apart.root or apart.office.is_relative_to(apart.root)
    assert found.root == (apart.root if is_around else running.ROOT)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("none", "there is no such folder in "),
        ("file.txt", "this is a file, expected the folder of an office. "),
        ("empty", "there is no params/plan.yml in it, so it is no office's folder. "),
        ("half", "there is no params/plan.yml in it, so it is no office's folder. "),
    ],
)
def test_a_folder_that_is_no_office_s_is_told(project_copy, named, words, monkeypatch):
    (project_copy.root / "file.txt").touch()
    (project_copy.root / "empty").mkdir()
    (project_copy.root / "half" / "data" / "raw").mkdir(parents=True)
    (project_copy.root / "half" / "params").mkdir()
    monkeypatch.chdir(project_copy.root)
    monkeypatch.setenv("OFFICE", named)
    with pytest.raises(UsageError) as told:
        Project.here()
    assert str(told.value).startswith(f"OFFICE={named!r}: {words}") and "\n" not in str(told.value)


# ------------------------------------------------------------------------------------------- plans in succession
def params(folder, *names):
    (folder / "params").mkdir()
    for name in names:
        (folder / "params" / name).touch()
    return folder


@pytest.mark.parametrize(
    ("plans", "of_quarter"),
    [
        (["plan.yml"], {"2001Q1": "plan.yml", "2031Q4": "plan.yml"}),
        (
            ["plan.yml", "plan-2021Q3.yml", "plan-2025Q1.yml"],
            {"2021Q2": "plan.yml", "2021Q3": "plan-2021Q3.yml", "2024Q4": "plan-2021Q3.yml",
             "2025Q1": "plan-2025Q1.yml", "2031Q4": "plan-2025Q1.yml"},
        ),
        (["plan-2021Q3.yml"], {"2021Q3": "plan-2021Q3.yml", "2022Q1": "plan-2021Q3.yml"}),
        ([], {"2021Q3": "plan.yml"}),  # which is then told to be missing
    ],
)  # fmt: skip
def test_the_latest_plan_that_is_not_after_the_quarter_counts(tmp_path, plans, of_quarter):
    folder = params(tmp_path, *plans, "plan.schema.json", "2021Q3.yml", "plan.yml~", ".plan-2021Q1.yml.swp")
    found = {label: Project(folder).plan(Quarter.parse(label)).name for label in of_quarter}
    assert found == of_quarter


def test_a_quarter_before_every_plan_is_told(tmp_path):
    folder = params(tmp_path, "plan-2021Q3.yml", "plan-2025Q1.yml")
    with pytest.raises(ConfigurationError) as told:
        Project(folder).plan(Quarter.parse("2021Q2"))
    assert str(told.value) == (
        "params/plan.yml: there is no such file, and the first plan, params/plan-2021Q3.yml, begins after 2021Q2. "
        "Write the plan that counted before 2021Q3 as params/plan.yml, or choose a later quarter."
    )


@pytest.mark.parametrize(
    "name",
    ["plan-2023Q5.yml", "plan-2023.yml", "plan-2023q1.yml", "plan_2023Q1.yml", "plan-2023Q1.yaml", "plan.yaml",
     "Plan-2023Q1.yml", "plan-2023Q1 (copy).yml", "plan-2023-Q1.yml", "plan2023Q1.yml"],
)  # fmt: skip
def test_a_plan_whose_name_says_no_quarter_is_told_and_never_passed_over(tmp_path, name):
    folder = params(tmp_path, "plan.yml", name, "plan-2023Q0.yml")
    with pytest.raises(ConfigurationError) as told:
        Project(folder).plan(Quarter.parse("2021Q2"))
    lines = str(told.value).splitlines()
    assert len(lines) == 2 and any(
        line.startswith(f"params/{name}: the name of a plan, found {name!r}, ") for line in lines
    )
    with pytest.raises(ConfigurationError):
        Project(folder).plans()


def test_the_inputs_of_a_quarter_have_its_plan_and_that_of_the_quarter_before(project_copy, quarter):
    def plans_in(label):
        return {
            name for name in below(project_copy, input_files(project_copy, Quarter.parse(label))) if "/plan" in name
        }

    assert plans_in("2015Q1") == plans_in("2014Q4") == {"params/plan.yml"}
    first = project_copy.root / "params" / "plan.yml"
    for label in ("2015Q1", "2015Q2"):
        (project_copy.root / "params" / f"plan-{label}.yml").write_bytes(first.read_bytes())
    assert plans_in("2015Q1") == {"params/plan.yml", "params/plan-2015Q1.yml"}
    assert plans_in("2014Q4") == {"params/plan.yml"}
    first.unlink()
    assert plans_in("2015Q1") == {"params/plan-2015Q1.yml"}  # nothing can be compared with what was before
    assert counting_plan(project_copy.root, quarter).name == "plan-2015Q1.yml"


def test_suites_and_layouts_of_another_plan_are_no_inputs(project_copy, quarter):
    was = below(project_copy, input_files(project_copy, quarter))
    (project_copy.root / LAYOUTS).mkdir()
    for name in ("expectations/patrol_hours.json", "params/layouts/of_nobody.yml", "params/plan-2015Q2.yml"):
        (project_copy.root / name).write_text("tables: {patrol_hours: {preset: of_nobody}}")
    assert below(project_copy, input_files(project_copy, quarter)) == was
    later = set(below(project_copy, input_files(project_copy, quarter.shift(1))))
    assert {"expectations/patrol_hours.json", "params/layouts/of_nobody.yml", "params/plan-2015Q2.yml"} <= later
    assert "expectations/savings.json" not in later
