"""Inputs are files inside the quarter's folder: what would be read from elsewhere is refused by name, with its line."""

import os
import re
import shutil

import pytest

from panelpack.config.configuration import Configuration
from panelpack.config.plan_checks import load_plan
from panelpack.config.sources import load_sources
from panelpack.errors import ConfigurationError, SourceError
from panelpack.intake.files import check_sources
from panelpack.intake.receiving import receive
from panelpack.pack_files import input_files
from running import OFFICE, QUARTER

OUTSIDE = {
    "../elsewhere.csv": "leads out of the quarter's folder",
    "../2014Q4/savings.csv": "leads out of the quarter's folder",
    "/elsewhere/savings.csv": "leads out of the quarter's folder",
    "older/savings.csv": "leads out of the quarter's folder",
    "./savings.csv": "leads out of the quarter's folder",
    "older\\savings.csv": "leads out of the quarter's folder",
    "drive:\\data\\savings.csv": "leads out of the quarter's folder",
    "..csv": "is the name of a hidden file",
    ".savings.csv": "is the name of a hidden file",
    "~$savings.csv": "is the name of a hidden file",
}
PATTERNS = {name.replace("savings", "*") for name in OUTSIDE} | {"**/*.csv"}
PLAN, SOURCES = "params/plan.yml", f"data/raw/{QUARTER}/sources.yml"


def edited(root, name, before, after):
    """Replace a line's text in a file, and return the number of the line."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1 + len(before) - len(before.lstrip("\n"))


@pytest.mark.parametrize("name", sorted({*OUTSIDE, *PATTERNS}))
@pytest.mark.parametrize("key", ["file", "files"])
def test_a_plan_names_files_of_the_quarter_s_folder_alone(name, key, project_copy, quarter):
    line = edited(project_copy.root, PLAN, "\n    file: savings.csv", f"\n    {key}: '{name}'")
    told = OUTSIDE.get(name.replace("*", "savings"), "leads out of the quarter's folder")
    with pytest.raises(ConfigurationError, match=re.escape(f"params/plan.yml, line {line}: {name!r} {told}")):
        load_plan(project_copy.plan(quarter), *project_copy.layouts)


@pytest.mark.parametrize("name", OUTSIDE)
def test_sources_yml_names_files_of_its_folder_alone(name, project_copy, quarter):
    folder = project_copy.raw(quarter)
    line = edited(project_copy.root, SOURCES, "\n  savings.csv:", f"\n  '{name}':")
    expected = re.escape(f"{SOURCES}, line {line}: {name!r} {OUTSIDE[name]}")
    for read in (load_sources, receive):
        with pytest.raises(ConfigurationError, match=expected):
            read(folder)


def test_a_checksum_of_a_file_elsewhere_is_refused(project_copy, quarter):
    sources = project_copy.raw(quarter) / "sources.yml"
    text = sources.read_text(encoding="utf-8")
    block = text[text.index("\n  savings.csv:") :]
    digest = re.search(r"sha256: ([0-9a-f]{64})", block)[1]
    sources.write_text(text.replace(f"sha256: {digest}", f"sha256: {{../elsewhere.csv: {digest}}}"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"sources\.yml, line \d+: '\.\./elsewhere\.csv' leads out of"):
        load_sources(sources.parent)


@pytest.mark.parametrize("name", ["../../secret", "/elsewhere/x", "..", "layouts/a"])
def test_a_preset_is_one_of_the_layouts_by_its_name(name, project_copy, quarter):
    edited(project_copy.root, PLAN, "\n    file: savings.csv", f"\n    file: savings.csv\n    preset: '{name}'")
    with pytest.raises(ConfigurationError, match=re.escape(f"params/layouts has no {name!r}, expected one of ")):
        load_plan(project_copy.plan(quarter), *project_copy.layouts)


@pytest.mark.parametrize("target", ["elsewhere.csv", "of the folder"])
@pytest.mark.parametrize("drop", [0, -1])
def test_a_link_is_refused_by_its_name_wherever_it_leads(target, drop, project_copy, quarter, tmp_path):
    folder = project_copy.raw(quarter.shift(drop))
    path = folder / "savings.csv"
    to = tmp_path / target if target == "elsewhere.csv" else folder / "another.csv"
    path.rename(to)
    path.symlink_to(os.path.relpath(to, folder) if target == "of the folder" else to)
    problems = [words for words in check_sources(Configuration.read(project_copy, quarter)) if "link" in words]
    assert len(problems) == 1 and problems[0].startswith(
        f"data/raw/{folder.name}/savings.csv: this is a link, expected"
    )
    with pytest.raises(SourceError, match="this is a link, expected the file itself"):
        receive(folder)


def test_a_folder_or_a_link_to_one_is_not_passed_over(project_copy, quarter, tmp_path):
    folder = project_copy.raw(quarter)
    (folder / "older").mkdir()
    shutil.copyfile(folder / "savings.csv", folder / "older" / "savings.csv")
    (folder / "linked").symlink_to(OFFICE, target_is_directory=True)
    problems = check_sources(Configuration.read(project_copy, quarter))
    assert [words.partition(",")[0] for words in problems] == [
        f"data/raw/{QUARTER}/linked: this is a link",
        f"data/raw/{QUARTER}/older: this is a folder",
    ]


def test_every_input_lies_where_its_name_says(project, quarter):
    for path in input_files(project, quarter):
        assert path.resolve() == path and ".." not in path.parts
